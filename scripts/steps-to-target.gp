# steps-to-target.gp: updates until the target loss is met, against depth; a curve for each init (or another key).
# columns: panel curve KEYS(… depth) reached n n_zero median low high; calls and variables: common.gp
# A median that is infinite (at least half of the seeds never met it) stands on the strip above the axis.
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("steps-to-target.gp")]
load VARS
PH = NP == 1 ? (WIDE ? 62. : 50.) : 40.; GAPX = 5.; GAPY = TITLED ? 10.5 : 8.; LEFT = 12.5; RIGHT = 2.5; BOT = 9.5
TOP = 6.5 + (NOTELINE ? 4 : 0) + LINES*4.4 + (TITLED ? 6 : 2.5)
PW = XW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
MARKED = 1; LEGENDY = H - HEADMM - 2
here(c) = column("panel") == p && column("curve") == c
at(d, c) = XLOG ? d*SPREAD**(c - (NCURVES + 1)/2.) : d + SPREAD*(c - (NCURVES + 1)/2.)   # side by side, so that all are seen

set multiplot
@header
load HERE.'legend.gp'
do for [p = 1:NP] {
  @panel
  load HERE.'axis-y.gp'
  TOPY = 10**D1; OVER = NEVER ? (D1 - D0)*0.16 : 0; NY = 10**(D1 + OVER/2)
  set yrange [10**D0:10**(D1 + OVER)]
  if (NEVER) {
    set ytics add ((PL[p] ? NEVERWORD : "") NY)
    set object 1 rectangle from graph 0, first TOPY to graph 1, first 10**(D1 + OVER) behind fc rgb STRIP fs solid noborder
  }
  fin(y) = y < TOPY ? y : NY
  if (XLOG) { set logscale x; SPREAD = (DEPTHS[ND]/DEPTHS[1])**(0.007); set xrange [DEPTHS[1]/1.25:DEPTHS[ND]*1.25] } \
  else { SPREAD = (ND > 1 ? (DEPTHS[ND] - DEPTHS[1]) : 1)*0.007; set xrange [DEPTHS[1] - 0.5 - 9*SPREAD:DEPTHS[ND] + 0.5 + 9*SPREAD] }
  # depths that there are; a label needs 4.5 mm
  pos(d) = XLOG ? log10(d/DEPTHS[1])/max(1e-9, log10(DEPTHS[ND]*1.6/DEPTHS[1]))*XW : (d - DEPTHS[1])/max(1., DEPTHS[ND] - DEPTHS[1] + 1)*XW
  set xtics ("" DEPTHS[1]/1e3 - 1e3*(1 - XLOG)); unset mxtics; WAS = -99
  do for [i = 1:ND] { if (pos(DEPTHS[i]) - WAS >= 4.5) { set xtics add (sprintf("%g", DEPTHS[i]) DEPTHS[i]); WAS = pos(DEPTHS[i]) } else { set xtics add ("" DEPTHS[i]) } }
  if (PB[p]) { @xtitle }
  @ptitle
  OFF = XLOG ? DEPTHS[1]/1e9 : DEPTHS[1] - 1e6; SHOWN = BANDS ? LIVE[p] : ""
  x(c) = xin(c, at(column("depth"), c)); met(c) = xin(c, column("median") < 1e300 ? at(column("depth"), c) : OFF)
  # thin and dashed towards a point on the strip, solid between points that are met
  plot for [i = 1:count(SHOWN)]   DATA using (met(of(SHOWN, i))):(fin(column("low"))):(0):(fin(column("high")) - fin(column("low"))) with vectors nohead lw 0.9 lc rgb CC[max(1, of(SHOWN, i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(fin(column("median"))) with lines lw 0.7 dt (6, 5) lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(!of(LIVE[p], i) ? 1 : column("median") < 1e300 ? column("median") : 1/0) with lines lw 1.3 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (met(of(LIVE[p], i))):(fin(column("median"))) with points pt CM[max(1, of(LIVE[p], i))] ps 0.55 lw 1 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LOST[p])] DATA using (column("median") < 1e300 && of(LOST[p], i) ? OFF : x(of(LOST[p], i))):(NY) with points pt CM[max(1, of(LOST[p], i))] ps 0.55 lw 1 lc rgb CC[max(1, of(LOST[p], i))] notitle
  @once
  unset label 60; unset label 63; unset label 90; unset object 1
}

unset multiplot
