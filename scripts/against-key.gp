# against-key.gp: a metric at one place, or updates until the target loss is met, against a key of numbers; a curve for each init (or
# another key). columns: panel curve KEYS(… XKEY) reached|finite n n_zero median low high [predicted]; calls and variables: common.gp
# An infinite median (at least half of the seeds never met the target, or diverged) stands on the strip above the axis, a zero on that below.
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("against-key.gp")]
load VARS
PH = NP == 1 ? (WIDE ? 62. : 50.) : 40.; GAPX = 5.; GAPY = TITLED ? 10.5 : 8.; LEFT = 12.5; RIGHT = 2.5; BOT = 9.5
TOP = 6.5 + (NOTELINE ? 4 : 0) + LINES*4.4 + (TITLED ? 6 : 2.5)
PW = XW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
MARKED = 1; LEGENDY = H - HEADMM - 2
here(c) = column("panel") == p && column("curve") == c
at(v, c) = XLOG ? v*SPREAD**(c - (NCURVES + 1)/2.) : v + SPREAD*(c - (NCURVES + 1)/2.)   # side by side, so that all are seen
FIRST = XV[1]; LAST = XV[NX]; SPAN = XLOG ? log10(LAST/FIRST) : LAST > FIRST ? LAST - FIRST : 1.
# the axis: a twelfth of its length, at least 0.05 decades, free on either side
ROOM = XLOG ? max(0.05, SPAN/14.) : max(SPAN/14., NX > 1 ? 0 : 0.5)
if (XLOG) { SPREAD = 10**(SPAN*0.007); X0 = FIRST/10**ROOM; X1 = LAST*10**ROOM } \
else { SPREAD = SPAN*0.007; X0 = FIRST - ROOM; X1 = LAST + ROOM }
pos(v) = (XLOG ? log10(v/X0)/log10(X1/X0) : (v - X0)/(X1 - X0))*XW
name(v) = XLOG ? plain(v) : sprintf("%.4g", v)

set multiplot
@header
load HERE.'legend.gp'
do for [p = 1:NP] {
  @panel
  load HERE.'axis-y.gp'
  OVER = NEVER ? (D1 - D0)*0.16 : 0; NY = YLOG ? 10**(D1 + OVER/2) : D1 + OVER/2
  BOTY = YLOG ? 10**(D0 - PAD) : D0; set yrange [BOTY:(YLOG ? 10**(D1 + OVER) : D1 + OVER)]
  if (NEVER) {
    set ytics add ((PL[p] ? NEVERWORD : "") NY)
    set object 2 rectangle from graph 0, first TOPY to graph 1, graph 1 behind fc rgb STRIP fs solid noborder
  }
  up(y) = !(YLOG && y <= 0) ? y : ZERO ? ZY : BOTY
  fin(y) = y < 1e300 ? up(y) : NY
  if (XLOG) { set logscale x }
  set xrange [X0:X1]
  # values that there are; a label has 1.4 mm a letter, and one beside it
  set xtics ("" X0/(XLOG ? 10. : 1) - (XLOG ? 0 : 1)); unset mxtics; WAS = -99
  do for [i = 1:NX] { MM = 0.7*strlen(name(XV[i])) + 0.6
    if (pos(XV[i]) - MM >= WAS) { set xtics add (name(XV[i]) XV[i]); WAS = pos(XV[i]) + max(MM, 1.7) } else { set xtics add ("" XV[i]) } }
  if (PB[p]) { @xtitle }
  @ptitle
  OFF = XLOG ? X0/1e9 : X0 - 1e6; SHOWN = BANDS ? LIVE[p] : ""; ZEROED = ZERO ? ZEROS[p] : ""; DASHED = PREDICTED ? FORETOLD[p] : ""
  x(c) = xin(c, at(column(XKEY), c)); drawn(y) = y < 1e300 && (!YLOG || y > 0)
  met(c) = xin(c, drawn(column("median")) ? at(column(XKEY), c) : OFF)
  # thin and dashed towards a point on a strip, solid between points that are met
  plot for [i = 1:count(SHOWN)]   DATA using (met(of(SHOWN, i))):(fin(column("low"))):(0):(fin(column("high")) - fin(column("low"))) with vectors nohead lw 0.9 lc rgb CC[max(1, of(SHOWN, i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(fin(column("median"))) with lines lw 0.7 dt (6, 5) lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(!of(LIVE[p], i) ? 1 : drawn(column("median")) ? column("median") : 1/0) with lines lw 1.3 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (met(of(LIVE[p], i))):(fin(column("median"))) with points pt CM[max(1, of(LIVE[p], i))] ps 0.55 lw 1 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LOST[p])] DATA using (column("median") < 1e300 && of(LOST[p], i) ? OFF : x(of(LOST[p], i))):(NY) with points pt CM[max(1, of(LOST[p], i))] ps 0.55 lw 1 lc rgb CC[max(1, of(LOST[p], i))] notitle, \
       for [i = 1:count(ZEROED)]   DATA using (column("n_zero") > 0 || !of(ZEROED, i) ? x(of(ZEROED, i)) : OFF):(ZY) with points pt CM[max(1, of(ZEROED, i))] ps 0.55 lw 1 lc rgb CC[max(1, of(ZEROED, i))] notitle, \
       for [i = 1:count(DASHED)]   DATA using (x(of(DASHED, i))):(!of(DASHED, i) ? 1 : drawn(column("predicted")) ? column("predicted") : NaN) with lines @THEORY notitle
  @once
  unset label 60; unset label 63; unset label 90; unset object 1; unset object 2
}

unset multiplot
