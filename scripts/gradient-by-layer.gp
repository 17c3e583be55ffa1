# gradient-by-layer.gp: a metric of every layer against the layer; a curve for each init (or another key), small multiples.
# columns: panel curve KEYS layer n n_zero median low high; calls and variables: common.gp
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("gradient-by-layer.gp")]
load VARS
PH = NC == 1 && !WIDE ? 44. : 40.; GAPX = 4.; GAPY = TITLED ? 10.5 : 8.; LEFT = 11.5; RIGHT = 2.; BOT = 9.5
TOP = 6.5 + (NOTELINE ? 4 : 0) + LINES*4.4 + (TITLED ? 6 : 2.5)
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
PW = (W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
MARKED = 1; LEGENDY = H - HEADMM - 2

# markers at every few layers, out of step from curve to curve, so that curves which coincide can both be seen
every_(L) = PW < 30 ? ceil(L/5.) : ceil(L/9.)
shown(l, L, c) = int(l + c*max(1, int(every_(L)/3.))) % int(every_(L)) == 0
here(c) = column("panel") == p && column("curve") == c
fin(y) = YLOG && y <= 0 ? 10**D0 : y            # a band that reaches zero ends at the strip

set multiplot
@header
@legend
do for [p = 1:NP] {
  @panel
  @yaxis
  L = int(PX[p]); set xrange [1 - L/32. : L + L/32.]; set xtics (1)
  XD = max(1, int(nice(L/max(1., min(8., PW/6.)))))
  XD = L <= 6 && PW > 25 ? 1 : (L > 8 && L <= 20 ? 4 : L > 20 && L <= 40 ? 8 : XD)
  set xtics add ("1" 1); if (XD == 1) { set xtics add ("2" 2) }
  do for [l = XD:L:XD] { if (l > 1 + 0.4*XD) { set xtics add (sprintf("%d", l) l) } }
  if (PB[p]) { @xtitle }
  @ptitle
  # an element without points would be a warning: only the curves that are there, and one point off the frame so that there is a plot
  plot for [c in BANDS ? LIVE[p] : ""] DATA using (here(int(c)) && column("median") != 0 ? column("layer") : NaN):(fin(column("low"))):(fin(column("high"))) with filledcurves fc rgb tint(CC[int(c)]) notitle, \
       for [c in LIVE[p]] DATA using (here(int(c)) && (!YLOG || column("median") > 0) ? column("layer") : NaN):"median" with lines lw 1.3 lc rgb CC[int(c)] notitle, \
       for [c in LIVE[p]] DATA using (here(int(c)) && shown(column("layer"), L, int(c)) && (!YLOG || column("median") > 0) ? column("layer") : (here(int(c)) ? -9 : NaN)):"median" with points pt CM[int(c)] ps 0.5 lw 1 lc rgb CC[int(c)] notitle, \
       for [c in ZERO ? ZEROS[p] : ""] DATA using (here(int(c)) && column("n_zero") > 0 && (column("median") == 0 ? shown(column("layer"), L, int(c)) : 1) ? column("layer") : (here(int(c)) ? -9 : NaN)):(ZY) with points pt CM[int(c)] ps 0.5 lw 1 lc rgb CC[int(c)] notitle, \
       "+" using (-9):(10**(D1 + 9)) every 1000 with dots notitle
  @once
  unset label 60; unset label 90
}
unset multiplot
