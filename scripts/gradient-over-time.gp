# gradient-over-time.gp: a metric of every layer and step as a map, with contours at whole decades; the training loss above it.
# columns: panel curve KEYS layer step next_step n median colour loss, a blank line between layers; calls and variables: common.gp
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("gradient-over-time.gp")]
load VARS
LINES = 0; NCURVES = 0; ONE = NP == 1; CELL = 1
MAPH = ONE ? (WIDE ? 46. : 43.) : 30.; LOSSH = ANYLOSS ? (ONE ? 13. : 9.) : 0.; GAP = ANYLOSS ? (ONE ? 8. : 3.) : 0.
PH = LOSSH + GAP + MAPH; GAPX = 4.; GAPY = TITLED ? 11. : 8.; LEFT = 10.5; RIGHT = 15.; BOT = ANYZERO ? 15.5 : 9.5
TOP = (TITLED ? 12. : 8.) + (ONE ? (ANYLOSS ? -1.5 : 1) : 4.5)
PW = XW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
load HERE.'viridis.pal'
FIRST = XLOG ? STEP1*10**(-11*log10(XEND/STEP1)/(XW - 11.)) : 0   # as axis-steps.gp has it
from(s) = XLOG && s == 0 ? FIRST : s
grid(s, t) = XLOG ? log10(s == 0 ? sqrt(FIRST*STEP1) : sqrt(s*t)) : (s + t)/2.

# Contour lines into blocks, on log10(step), because the contour finder is linear between grid points; before any axis is set.
# Only levels that the panel's numbers cross: a contour without points would be a warning.
array HASISO[NP]
array ISO[NP]
DRAWN = ''                                      # the levels that some panel has
set contour base; unset surface
do for [p = 1:NP] {
  HASISO[p] = 0; ISO[p] = ''
  if (CONTOURS[p]) { do for [v in LEVELS] {
    stats DATA every :::BLOCK[p]::(BLOCK[p] + PX[p] - 1) using "colour" nooutput
    if (STATS_min < real(v) && STATS_max > real(v)) { ISO[p] = (HASISO[p] ? ISO[p].',' : '').v; HASISO[p] = 1; DRAWN = strstrt(' '.DRAWN, ' '.v.' ') ? DRAWN : DRAWN.v.' ' }
  } }
  if (HASISO[p]) {
    eval 'set cntrparam levels discrete '.ISO[p]
    eval sprintf('set table $iso%d', p)
    splot DATA every :::BLOCK[p]::(BLOCK[p] + PX[p] - 1) using (grid(column("step"), column("next_step"))):"layer":"colour" notitle
    unset table
  }
}
unset contour; set surface

set multiplot
if (ONE && ANYLOSS) {                           # one map: the loss has its own name above it, the map the figure's title
  set label 1 LOSSTITLE at screen sx(1), sy(H - 3) left textcolor rgb INK
  set label 2 NOTE at screen sx(W - 1), sy(H - 3) right font ",".SMALL textcolor rgb MUTED
} else {
  @header
  set label 3 SUBTITLE at screen sx(1), sy(H - 7.2) left font ",".SMALL textcolor rgb MUTED
}
do for [p = 1:NP] {
  here_(l) = column("panel") == p && column("layer") == l
  x0 = LEFT + (PC[p] - 1)*(PW + GAPX); x1 = x0 + PW; YT = H - TOP - (PR[p] - 1)*(PH + GAPY)
  set lmargin at screen sx(x0); set rmargin at screen sx(x1)
  y1 = YT
  @ptitle
  # ---- above: the loss ----
  if (ANYLOSS) {
    y0 = y1 - LOSSH; set bmargin at screen sy(y0); set tmargin at screen sy(y1)
    XLABELS = 0
    load HERE.'axis-steps.gp'
    set grid ytics; set yrange [0:TOPLOSS*1.08]; set ytics 0, nice(TOPLOSS/2.1), TOPLOSS; set format y (PL[p] ? "%g" : "")
    if (HASLOSS[p]) {
      plot DATA using (here_(1) ? from(column("step")) : NaN):"loss" with lines lw 1.3 lc rgb INK notitle
    } else { plot DATA using (here_(1) ? from(column("step")) : NaN):(TOPLOSS*9) with dots notitle }
  }
  do for [t = 1:4] { unset label t }; unset label 60; unset label 63
  # ---- below: the map; contours in a white of their own, which a dark page leaves alone (it lies on data, not on paper) ----
  y1 = YT - LOSSH - GAP; y0 = y1 - MAPH; set bmargin at screen sy(y0); set tmargin at screen sy(y1)
  XLABELS = PB[p]
  load HERE.'axis-steps.gp'
  if (PB[p]) { @xtitle }
  L = int(PX[p]); YS = max(1, int(nice(L/(MAPH/4.5))))
  set yrange [0.5:L + 0.5]; set format y "%g"; set ytics ("" 0); unset mytics; unset grid
  do for [l = 1:L] { MINOR = (l - 1) % YS != 0; set ytics add ((PL[p] && !MINOR ? sprintf("%d", l) : "") l MINOR) }
  set cbrange [CBLO:CBHI]
  if (p == 1) {
    set cbtics CBSTEP*ceil(CBLO/CBSTEP), CBSTEP scale 0.5 offset -0.8, 0 textcolor rgb MUTED font ",".SMALL
    set format cb (CBLOG ? (TEX ? "$10^{%g}$" : "10^{%g}") : "%.3g")
    if (CBCUT) { set cbtics add ((TEX ? "$\\le" : "≤").(TEX ? pow10(int(CBLO))[2:] : pow10(int(CBLO))) CBLO) }
    set colorbox user origin screen sx(W - RIGHT + 2), screen sy(y0) size screen sx(2.6), screen sy(MAPH) noborder
    # the levels of the contours, drawn across the bar as they are across the maps
    do for [i = 1:words(DRAWN)] {
      yl = y0 + MAPH*(real(word(DRAWN, i)) - CBLO)/(CBHI - CBLO)
      set arrow (700 + 2*i) from screen sx(W - RIGHT + 2), sy(yl) to screen sx(W - RIGHT + 4.6), sy(yl) nohead front lw 1.9 lc rgb "#90000000"
      set arrow (701 + 2*i) from screen sx(W - RIGHT + 2), sy(yl) to screen sx(W - RIGHT + 4.6), sy(yl) nohead front lw 0.9 lc rgb "#fffffe"
    }
  } else { unset colorbox }
  if (ONE && ANYLOSS) {
    set label 5 YTITLE at screen sx(1), sy(y1 + 3.2) left textcolor rgb INK
    set label 6 TITLE at screen sx(W - 1), sy(y1 + 3.2) right textcolor rgb INK
  }
  if (ANYZERO && p == NP) {
    set object 30 rectangle from screen sx(LEFT), sy(1.6) to screen sx(LEFT + 3.2), sy(4.8) fc rgb "#e9ebee" fs solid noborder
    set label 30 "0" at screen sx(LEFT + 1.6), sy(3.2) center font ",".SMALL textcolor rgb MUTED front
    set label 31 ZEROWORDS at screen sx(LEFT + 4.4), sy(3.2) left textcolor rgb INK
  }
  # a cell holds from one logged step to the next, and ends with the figure
  right(t) = min(t*(XLOG ? 1.02 : 1) + (XLOG ? 0 : XEND*0.002), XEND)
  OFF = XLOG ? FIRST/1e9 : -LAST*9; here(zero) = column("panel") == p && (zero ? column("median") == 0 : column("colour") == column("colour"))
  HOLDS = ANYZERO && HOLDS0[p] > 0
  x(zero, any, at) = here(zero) ? at : (any ? NaN : OFF)
  now(s) = from(column("step")); then(s) = right(column("next_step"))
  wide(s) = (XLOG ? log10(then(0)/now(0))/log10(XEND/FIRST) : (then(0) - now(0))/XEND)*XW > 3   # a cell with room for its sign
  middle(s) = XLOG ? sqrt(now(0)*then(0)) : (now(0) + then(0))/2.
  plot DATA using (x(0, CELLS[p] > 0, now(0))):"layer":(x(0, CELLS[p] > 0, now(0))):(x(0, CELLS[p] > 0, then(0))):(column("layer") - 0.52):(column("layer") + 0.52):(here(0) ? column("colour") : CBLO) \
         with boxxyerror fs solid noborder fc palette notitle, \
       DATA using (x(1, HOLDS, now(0))):"layer":(x(1, HOLDS, now(0))):(x(1, HOLDS, then(0))):(column("layer") - 0.52):(column("layer") + 0.52) with boxxyerror fs solid noborder fc rgb "#e9ebee" notitle, \
       DATA using (x(1, HOLDS, wide(0) ? middle(0) : OFF)):"layer":("0") with labels font ",".SMALL textcolor rgb MUTED notitle
  unset label 5; unset label 6; unset label 90
  do for [i = 1:words(DRAWN)] { unset arrow (700 + 2*i); unset arrow (701 + 2*i) }
  if (HASISO[p]) {                              # over the map, with the same axes; contour tables come with blanks
    set datafile separator whitespace
    set border 0; unset xtics; unset ytics; unset colorbox
    eval sprintf('plot $iso%d using (XLOG ? 10**$1 : $1):2 with lines lw 1.9 lc rgb "#90000000" notitle, $iso%d using (XLOG ? 10**$1 : $1):2 with lines lw 0.9 lc rgb "#fffffe" notitle', p, p)
    set datafile separator "\t"
    set border 3 lw 0.5 lc rgb MUTED
    set xtics nomirror out scale 0.5, 0.25 offset 0, 0.3 textcolor rgb MUTED font ",".SMALL
    set ytics nomirror out scale 0.5, 0.25 offset 0.4, 0 textcolor rgb MUTED font ",".SMALL
  }
}
unset multiplot
