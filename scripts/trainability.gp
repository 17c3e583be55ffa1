# trainability.gp: depth x learning rate, a panel for each init: share of the seeds that reach the target, or the median of a metric.
# columns: panel curve KEYS row lr_from lr_to n reached diverged value sign; calls and variables: common.gp
# Outcomes are told apart without colour: sign 0 a value, 1 diverged (× on grey), 2 the target is not reached (dot on the darkest).
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("trainability.gp")]
load VARS
LINES = 0; NCURVES = 0; TOP = TITLED ? 12. : 8.5
ANYGONE = 0; ANYNONE = 0
do for [p = 1:NP] { ANYGONE = ANYGONE || GONE[p] > 0; ANYNONE = ANYNONE || NONE[p] > 0 }
KEYROWS = 1 + (ANYGONE || ANYNONE ? (1 + 36 + KEYMM + (ANYGONE ? GONEMM + 9 : 0) + (ANYNONE ? NONEMM + 9 : 0) > W ? 1 : 0) : 0)
LEFT = 10.; RIGHT = 2.; GAPX = 3.5; GAPY = 9.5; BOT = 14. + 6.6*KEYROWS; PH = 10 + 3.2*ND; PH = PH < 26 ? 26. : PH > 60 ? 60. : 1.*PH
PW = XW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
load HERE.'viridis.pal'
if (FLIP) set palette negative
UP = 0.515; SEAM = (LRHI/LRLO)**(0.0012)       # cells overlap a hair: no white seams between them
SIGN = min(0.42, 0.42*(PW/RATES)/2.2)          # signs no larger than their cells
shade(v) = !(v < 1e300) ? (FLIP ? CBHI : CBLO) : CBLOG ? log10(v) : v   # never reached: the worst there is

set multiplot
set cbrange [CBLO:CBHI]; unset colorbox
unset grid
@header

# ---- key: colour bar drawn as boxes (a gradient that every viewer draws alike), then the signs ----
kx = LEFT; ky = 6.6*KEYROWS - 1.6; KW = min(30., W - LEFT - 3 - KEYMM); NB_ = SHARE && NMAX <= 20 ? int(NMAX) + 1 : 24
do for [i = 0:NB_ - 1] {
  set object (400 + i) rectangle from screen sx(kx + i*KW/NB_), sy(ky - 1.3) to screen sx(kx + (i + 1)*KW/NB_ + 0.05), sy(ky + 1.3) fc palette frac real(i)/(NB_ - 1) fs solid noborder
}
cb(v) = CBLOG ? (v >= 2 || v <= -3 ? pow10(int(floor(v + 0.5))) : plain(10**v)) : sprintf("%.3g", v)
cbtext(v) = CBLOG && abs(v - floor(v + 0.5)) > 0.02 ? (10**v >= 10 && 10**v < 1e5 ? sprintf("%.0f", 10**v) : sprintf("%.2g", 10**v)) : cb(v)
set label 4 cbtext(CBLO) at screen sx(kx), sy(ky - 3.1) left font ",".SMALL textcolor rgb MUTED
set label 5 cbtext(CBHI) at screen sx(kx + KW), sy(ky - 3.1) right font ",".SMALL textcolor rgb MUTED
set label 6 KEYWORDS at screen sx(kx + KW + 2), sy(ky) left textcolor rgb INK
kx = kx + KW + KEYMM + 7
if (KEYROWS > 1) { kx = 1; ky = ky - 7.4 }
if (ANYGONE) {
  set object 500 rectangle from screen sx(kx), sy(ky - 1.6) to screen sx(kx + 3.2), sy(ky + 1.6) fc rgb "#e9ebee" fs solid noborder
  set label 7 "" at screen sx(kx + 1.6), sy(ky) point pt 2 ps 0.42 lw 0.9 lc rgb INK front
  set label 8 GONEWORDS at screen sx(kx + 4.4), sy(ky) left textcolor rgb INK
  kx = kx + GONEMM + 9
}
if (ANYNONE) {
  set object 501 rectangle from screen sx(kx), sy(ky - 1.6) to screen sx(kx + 3.2), sy(ky + 1.6) fc palette frac (FLIP ? 1 : 0) fs solid noborder
  set label 9 "" at screen sx(kx + 1.6), sy(ky) point pt 7 ps 0.16 lc rgb "#c9b6dc" front
  set label 10 NONEWORDS at screen sx(kx + 4.4), sy(ky) left textcolor rgb INK
}

here(s) = column("panel") == p && column("sign") == s
mid(a, b) = sqrt(a*b)
do for [p = 1:NP] {
  @panel
  set logscale x; set xrange [LRLO:LRHI]; set yrange [0.5:ND + 0.5]
  set xtics ("" LRHI*10); XD = max(1, ceil(log10(LRHI/LRLO)/(XW/9.)))
  do for [d = int(floor(log10(LRLO))):int(ceil(log10(LRHI)))] { do for [k = 1:9] { if (k*10.**d >= LRLO && k*10.**d <= LRHI) {
    if (k == 1) { set xtics add ((PB[p] && d % XD == 0 ? pow10(d) : "") 10.**d) } else { if (log10(LRHI/LRLO) < 6) { set xtics add ("" k*10.**d 1) } }
  } } }
  set ytics ("" 0)
  do for [i = 1:ND] { set ytics add ((PL[p] && (i - 1) % int(1 + (ND - 1)/int(PH/3.)) == 0 ? sprintf("%g", DEPTHS[i]) : "") i) }
  if (PB[p]) { @xtitle }
  @ptitle
  # what a panel does not have is drawn off the frame: an element without points would be a warning
  OFF = LRLO/1e9; middle(yes, any) = yes ? mid(column("lr_from"), column("lr_to")) : (any ? NaN : OFF)
  plot DATA using (middle(here(0) || here(2), CELLS[p])):"row":(here(0) || here(2) ? column("lr_from")/SEAM : OFF):(here(0) || here(2) ? column("lr_to")*SEAM : OFF):(column("row") - UP):(column("row") + UP):(here(0) || here(2) ? shade(column("value")) : CBLO) \
         with boxxyerror fs solid noborder fc palette notitle, \
       DATA using (middle(here(1), GONE[p])):"row":(here(1) ? column("lr_from")/SEAM : OFF):(here(1) ? column("lr_to")*SEAM : OFF):(column("row") - UP):(column("row") + UP) \
         with boxxyerror fs solid noborder fc rgb "#e9ebee" notitle, \
       DATA using (middle(here(1), GONE[p])):"row" with points pt 2 ps SIGN lw 0.9 lc rgb INK notitle, \
       DATA using (middle(here(2), NONE[p])):"row" with points pt 7 ps 0.16 lc rgb "#c9b6dc" notitle
  do for [t = 1:10] { unset label t }
  unset label 60; unset label 63; unset label 90; unset object
}
unset multiplot
