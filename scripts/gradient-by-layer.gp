# gradient-by-layer.gp: a metric of every layer against the layer; a curve for each init (or another key), small multiples.
# columns: panel curve KEYS layer twins twins_before n n_zero median low high [predicted]; calls and variables: common.gp
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("gradient-by-layer.gp")]
load VARS
PH = NC == 1 && !WIDE ? 44. : 40.; GAPX = 4.; GAPY = TITLED ? 10.5 : 8.; LEFT = 11.5; RIGHT = 2.; BOT = 9.5
TOP = 6.5 + (NOTELINE ? 4 : 0) + LINES*4.4 + (TITLED ? 6 : 2.5)
PW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
MARKED = 1; LEGENDY = H - HEADMM - 2

# markers at every few layers, out of step from curve to curve; where there are too few layers for that, curves that coincide (twins) take
# turns, so that each can be seen. At the last layer all have theirs.
every_(L) = PW < 30 ? ceil(L/5.) : ceil(L/9.)
turn(l, L, k, i) = int(l + 1 + (k - 1 - i)*max(1, int(every_(L)/k))) % int(max(k, every_(L))) == 0
shown(l, L, c) = l == L || (every_(L) < min(NCURVES, 4) && column("twins") > 1 ? turn(l, L, column("twins"), column("twins_before")) \
                                                                       : int(l + c*max(1, int(every_(L)/3.))) % int(every_(L)) == 0)
here(c) = column("panel") == p && column("curve") == c
fin(y) = YLOG ? (y <= 0 ? 10**D0 : min(y, 10**D1)) : y   # a band that reaches zero runs into the floor
set border 3 back; set tics back                # markers at 0 on a linear axis lie on it, in front

set multiplot
@header
load HERE.'legend.gp'
do for [p = 1:NP] {
  @panel
  load HERE.'axis-y.gp'
  L = int(PX[p]); set xrange [1 - L/32. : L + L/32.]; set xtics (1)
  XD = max(1, int(nice(L/max(1., min(8., PW/6.)))))
  XD = L <= 6 && PW > 25 ? 1 : L <= 12 ? 2 : (L > 8 && L <= 20 ? 4 : L > 20 && L <= 40 ? 8 : XD)
  set xtics add ("1" 1); if (XD == 1) { set xtics add ("2" 2) }
  do for [l = XD:L:XD] { if (l > 1 + 0.4*XD) { set xtics add (sprintf("%d", l) l) } }
  set xtics add ("" L 1)                        # the last layer is the output's
  if (PB[p]) { @xtitle }
  @ptitle
  OFF = -9; SHOWN = BANDS ? LIVE[p] : ""; ZEROED = ZERO ? ZEROS[p] : ""; DASHED = PREDICTED ? FORETOLD[p] : ""
  x(c) = xin(c, column("layer")); some(c) = xin(c, shown(column("layer"), L, c) ? column("layer") : OFF)
  any(high) = !YLOG || high > 0                 # nothing but zeros has no band, and no line: blank lines in the table end them there
  up(y) = !YLOG || y > 0 ? y : column("high") > 0 ? 10**D0 : NaN   # a median of 0 lies on the floor
  plot for [i = 1:count(SHOWN)]   DATA using (x(of(SHOWN, i))):(any(column("high")) || !of(SHOWN, i) ? fin(column("low")) : NaN):(fin(column("high"))) with filledcurves fc rgb tint(CC[max(1, of(SHOWN, i))]) notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(of(LIVE[p], i) ? up(column("median")) : 1) with lines lw 1.3 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (some(of(LIVE[p], i))):(!of(LIVE[p], i) ? 1 : !YLOG || column("median") > 0 ? column("median") : NaN) with points pt CM[max(1, of(LIVE[p], i))] ps 0.5 lw 1 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(ZEROED)]   DATA using (column("n_zero") > 0 || !of(ZEROED, i) ? (column("median") > 0 ? x(of(ZEROED, i)) : some(of(ZEROED, i))) : NaN):(ZY) with points pt CM[max(1, of(ZEROED, i))] ps 0.5 lw 1 lc rgb CC[max(1, of(ZEROED, i))] notitle, \
       for [i = 1:count(DASHED)]   DATA using (x(of(DASHED, i))):(!of(DASHED, i) ? 1 : !YLOG || column("predicted") > 0 ? column("predicted") : NaN) with lines @THEORY notitle
  @once
  unset label 60; unset label 63; unset label 90
}
unset multiplot
