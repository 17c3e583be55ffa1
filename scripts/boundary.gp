# boundary.gp: the map of a search for a boundary, and the whole grid beside it (below it where there is no room).
# columns: panel curve KEYS last grid row from to points seeds trained stable mistaken; $LINES: panel grid x y x y; calls and variables: common.gp
# A place for each value of both keys. Outcomes are told apart without colour: stable is light, unstable dark, and each lighter where no run
# was trained; the boundary is a line.
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("boundary.gp")]
load VARS
NCURVES = 0; TOP = 11.
ACROSS = WIDE ? HALVES : 1; DOWN = HALVES/ACROSS; COLUMNS = NC*ACROSS; ROWS = NR*DOWN
NB_ = SEEDS == 1 ? 2 : SEEDS > 10 ? 11 : SEEDS + 1; KW = SEEDS == 1 ? 9. : 22.     # a box for each number of stable seeds
KEYROWS = 1 + (PART && 15 + KW + STABLEMM + 7 + 75 + 24 > W) + (PART && !WIDE)
LEFT = 10.; RIGHT = 2.; GAPX = 6.; GAPY = 9.5; BOT = 10.5 + 5.6*KEYROWS; PH = 10 + 3.2*N1; PH = PH < 26 ? 26. : PH > 60 ? 60. : 1.*PH
PW = XW = 1.*(W - LEFT - RIGHT - (COLUMNS - 1)*GAPX)/COLUMNS
TWO = TITLED && TITLEMM + 50 > PW; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + ROWS*PH + (ROWS - 1)*GAPY + BOT
load HERE.'common.gp'
# viridis' purple-blue and yellow-green: 0 unstable … 1 stable
mix(a, b, v) = int(a + (b - a)*v + 0.5)
between(r0, g0, b0, r1, g1, b1, v) = mix(r0, r1, v)*65536 + mix(g0, g1, v)*256 + mix(b0, b1, v)
full(v) = between(0x3b, 0x4e, 0x8a, 0xb8, 0xde, 0x29, v)
pale(v) = between(0xb9, 0xc1, 0xd6, 0xf3, 0xf9, 0xdb, v)
colour(v, t) = t > 0 ? full(v) : pale(v >= 0.5)
UP = 0.51
LINE = "#000000"; FINE = max(0.5, min(1.2, PW/N2*72/25.4/1.6))     # on the colours, which are no lighter on a dark page; thinner than a place

set multiplot
unset grid
@header

# ---- key ----
set style fill solid 1 noborder
kx = 1; ky = BOT - 13.4
set label 4 "unstable" at screen sx(kx), sy(ky) left textcolor rgb INK
kx = kx + 14
do for [i = 0:NB_ - 1] {
  set object (400 + i) rectangle from screen sx(kx + i*KW/NB_), sy(ky - 1.5) to screen sx(kx + (i + 1)*KW/NB_ + 0.05), sy(ky + 1.5) fc rgb full(1.*i/(NB_ - 1)) fs solid noborder
}
set label 5 STABLE at screen sx(kx + KW + 2), sy(ky) left textcolor rgb INK
kx = kx + KW + STABLEMM + 7
if (PART) {
  if (KEYROWS > 1) { kx = 1; ky = ky - 5.6 }
  do for [i = 0:1] { set object (420 + i) rectangle from screen sx(kx + i*4.5), sy(ky - 1.5) to screen sx(kx + (i + 1)*4.5), sy(ky + 1.5) fc rgb pale(i) fs solid noborder }
  set label 6 "not trained: taken to be as what surrounds it" at screen sx(kx + 11), sy(ky) left textcolor rgb INK
  kx = kx + 75
  if (KEYROWS > 2) { kx = 1; ky = ky - 5.6 }
}
do for [i = 0:1] { set object (430 + i) rectangle from screen sx(kx + i*3), sy(ky - 1.5) to screen sx(kx + (i + 1)*3), sy(ky + 1.5) fc rgb full(i) fs solid noborder }
set arrow 1 from screen sx(kx + 3), sy(ky - 1.5) to screen sx(kx + 3), sy(ky + 1.5) nohead front lw 1 lc rgb LINE
set label 7 "boundary" at screen sx(kx + 7.5), sy(ky) left textcolor rgb INK

number(v) = v >= 10000 || v < 0 ? sprintf("%d %03d", int(v)/1000, int(v)%1000) : sprintf("%d", v)
ticked(v, decades) = decades ? (v >= 0.01 && v <= 1000 ? sprintf("%g", v) : pow10(int(floor(log10(v) + 0.5)))) : plain(v)
do for [p = 1:NP] { do for [h = 0:HALVES - 1] {
  column_ = (PC[p] - 1)*ACROSS + (ACROSS > 1 ? h : 0); row_ = (PR[p] - 1)*DOWN + (DOWN > 1 ? h : 0)
  x0 = LEFT + column_*(PW + GAPX); x1 = x0 + PW; y1 = H - TOP - row_*(PH + GAPY); y0 = y1 - PH
  set lmargin at screen sx(x0); set rmargin at screen sx(x1); set bmargin at screen sy(y0); set tmargin at screen sy(y1)
  set xrange [-0.5:N2 - 0.5]; set yrange [-0.5:N1 - 0.5]
  set xtics ("" -9); set ytics ("" -9)
  LOWEST = PB[p] && (ACROSS > 1 || h == HALVES - 1); LEFTMOST = PL[p] && (DOWN > 1 || h == 0)
  do for [i = 1:XTICKS] { if (XRANK[i] == 0) { set xtics add ((LOWEST ? ticked(XVALUE[i], XDECADES) : "") XAT[i]) } else { if (XDECADES) { set xtics add ("" XAT[i] 1) } } }
  do for [i = 1:YTICKS] { if (YRANK[i] == 0) { set ytics add ((LEFTMOST ? ticked(YVALUE[i], YDECADES) : "") YAT[i]) } else { if (YDECADES) { set ytics add ("" YAT[i] 1) } } }
  if (LOWEST) { @xtitle }
  name_ = (TITLED ? strong(PNAME[p]).(PREST[p] eq "" ? "" : ", ".PREST[p]).(TWO ? "" : (TEX ? "\\quad " : "\302\240\302\240")) : "")
  count_ = (HALVES > 1 ? strong(h == 0 ? "search" : "whole grid").(TEX ? "\\quad " : "\302\240\302\240") : "").(h == 0 && PART ? sprintf("%s of %s runs", number(TRAINED[p]), number(ALL[p])) : sprintf("%s runs", number(ALL[p])))
  set label 60 (TWO ? name_ : name_.count_) at screen sx(x0), sy(y1 + 2.2 + 3.4*TWO) left textcolor rgb INK
  if (TWO) { set label 63 count_ at screen sx(x0), sy(y1 + 2.2) left textcolor rgb INK }
  is(nothing) = column("panel") == p && column("grid") == h
  plot DATA using (is(0) ? (column("from") + column("to"))/2. : -9):(is(0) ? column("row") : -9):(is(0) ? column("from") - UP : -9):(is(0) ? column("to") + UP : -9):(is(0) ? column("row") - UP : -9):(is(0) ? column("row") + UP : -9):(colour(column("stable"), column("trained"))) \
         with boxxyerror fc rgb variable notitle, \
       $LINES using ($1 == p && $2 == h ? $3 : -9):($1 == p && $2 == h ? $4 : -9):($5 - $3):($6 - $4) with vectors nohead lw FINE lc rgb LINE notitle
  do for [t = 1:10] { unset label t }
  unset label 60; unset label 63; unset label 90; unset object; unset arrow
} }
unset multiplot
