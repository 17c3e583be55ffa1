# convergence.gp: a metric against the step, median and band over seeds, a curve for each init (or another key).
# columns: panel curve KEYS step diverged newly_diverged marked n n_zero median low high; calls and variables: common.gp
# One panel: curves are named at their ends (ENDS); else a legend above.
DATA = ARG1; VARS = ARG2; OUT = ARG3; TERM = ARG4; W = real(ARG5); WIDE = W > 120
HERE = ARG0[1:strlen(ARG0) - strlen("convergence.gp")]
load VARS
PH = NP == 1 ? (WIDE ? 62. : 50.) : 40.; GAPX = 6.5; GAPY = TITLED ? 10.5 : 8.; LEFT = 11.5; RIGHT = ENDS ? 5 + ENDMM : 4.; BOT = 9.5
TOP = 6.5 + (NOTELINE ? 4 : 0) + (ENDS ? 0 : LINES*4.4) + (TITLED ? 6 : 2.5)
PW = XW = 1.*(W - LEFT - RIGHT - (NC - 1)*GAPX)/NC
TWO = TITLED && TITLEMM + (GONEMM > 0 && !ENDS ? GONEMM + 3 : 0) > PW + GAPX - 1; TOP = TOP + 3.4*TWO; GAPY = GAPY + 3.4*TWO
H = TOP + NR*PH + (NR - 1)*GAPY + BOT
load HERE.'common.gp'
MARKED = 1; LEGENDY = H - HEADMM - 2
here(c) = column("panel") == p && column("curve") == c

# Where each curve ends. Before the axes are set: stats obeys ranges, and rejects what a log axis cannot show.
array EY[NCURVES]; array K[NCURVES]; array P[NCURVES]; array T[NCURVES]
if (ENDS) { do for [c = 1:NCURVES] {
  EY[c] = NaN; END = NaN; p = 1
  stats DATA using (here(c) ? END = column("median") : 0) nooutput
  EY[c] = END
} }

set multiplot
@header
if (!ENDS) { load HERE.'legend.gp' }
do for [p = 1:NP] {
  @panel
  load HERE.'axis-y.gp'
  XLABELS = 1
  load HERE.'axis-steps.gp'
  if (XLOG) { set object 2 rectangle from BREAK0, graph -0.7/PH to BREAK1, graph 0.7/PH noclip front fc rgb PAPER fs solid noborder }
  if (PB[p]) { @xtitle }
  @ptitle
  EDGE = YLOG ? 10**D1 : (MODE_SHARE ? 0 : D1)   # where what diverged leaves: above, or at accuracy 0
  TOPY = YLOG ? 10**D1 : D1
  low0(y) = y <= 0 && YLOG ? (ZERO ? ZY : 10**D0) : y
  fin(y) = y < TOPY ? low0(y) : TOPY             # a band that reaches infinity runs into the edge
  if (!ENDS) { set label 61 PD[p] at screen sx(x1), sy(y1 + 2.2) right font ",".SMALL textcolor rgb MUTED }
  if (TARGET > 0 && (YLOG ? log10(TARGET) : TARGET) > D0 && (YLOG ? log10(TARGET) : TARGET) < D1) {
    set label 62 TARGETED at graph (XLOG ? ZMM/XW + 0.02 : 0.03), first TARGET offset 0, -0.55 left font ",".SMALL textcolor rgb MUTED
    set arrow 62 from graph 0, first TARGET to graph 1, first TARGET nohead lw 0.6 dt (8, 5) lc rgb MUTED
  }
  if (ENDS) {
    # end labels in the order of the curves, pushed apart; the second line of one says what diverged
    MM = (D1 - D0 + PAD)/PH; POS(y) = YLOG ? log10(fin(y)) : fin(y)
    do for [c = 1:NCURVES] { K[c] = c }
    do for [j = 1:NCURVES] { do for [i = 1:NCURVES-1] { if (POS(EY[K[i]]) > POS(EY[K[i+1]])) { k = K[i]; K[i] = K[i+1]; K[i+1] = k } } }
    do for [i = 1:NCURVES] { P[i] = POS(EY[K[i]]); T[i] = (strlen(CD[K[i]]) ? 7.4 : 4.1)*MM }
    do for [j = 1:300] { do for [i = 1:NCURVES-1] {
      if (P[i+1] - P[i] < (T[i] + T[i+1])/2) { m = ((T[i] + T[i+1])/2 - P[i+1] + P[i])/2; P[i] = P[i] - m; P[i+1] = P[i+1] + m } }
      do for [i = 1:NCURVES] { P[i] = min(max(P[i], D0 - PAD - 2*MM + T[i]/2), D1 + 3*MM - T[i]/2) } }
    do for [i = 1:NCURVES] {
      c = K[i]; y = P[i] + (strlen(CD[c]) ? 1.6*MM : 0)
      set label (300 + c) CE[c] at graph 1 + 3./PW, graph (y - D0 + PAD)/(D1 - D0 + PAD) left textcolor rgb CS[c]
      if (strlen(CD[c])) { set label (320 + c) CD[c] at graph 1 + 3./PW, graph (y - 3.3*MM - D0 + PAD)/(D1 - D0 + PAD) left font ",".SMALL textcolor rgb MUTED }
      set arrow (300 + c) from graph 1 + 0.6/PW, graph (POS(EY[c]) - D0 + PAD)/(D1 - D0 + PAD) to graph 1 + 2.4/PW, graph (y - D0 + PAD)/(D1 - D0 + PAD) nohead lw 0.6 lc rgb CC[c]
    }
  }
  # a median that is lost to infinity is drawn up to the edge, once
  WAS = 0; once_(y) = (was = WAS, WAS = y, y < TOPY ? low0(y) : (was < TOPY ? TOPY : NaN))
  OFF = XLOG ? FIRST/1e9 : -LAST; SHOWN = BANDS ? LIVE[p] : ""
  x(c) = xin(c, steps_at(column("step")))
  plot for [i = 1:count(SHOWN)]   DATA using (x(of(SHOWN, i))):(fin(column("low"))):(fin(column("high"))) with filledcurves fc rgb tint(CC[max(1, of(SHOWN, i))]) notitle, \
       for [i = 1:count(LIVE[p])] DATA using (x(of(LIVE[p], i))):(here(of(LIVE[p], i)) ? once_(column("median")) : 1) with lines lw 1.4 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LIVE[p])] DATA using (column("marked") > 0 || !of(LIVE[p], i) ? x(of(LIVE[p], i)) : OFF):(fin(column("median"))) with points pt CM[max(1, of(LIVE[p], i))] ps 0.5 lw 1 lc rgb CC[max(1, of(LIVE[p], i))] notitle, \
       for [i = 1:count(LOST[p])] DATA using (column("newly_diverged") > 0 || !of(LOST[p], i) ? x(of(LOST[p], i)) : NaN):(EDGE) with points pt 2 ps 0.6 lw 1.2 lc rgb CC[max(1, of(LOST[p], i))] notitle
  @once
  do for [t = 60:63] { unset label t }; unset label 90; unset arrow 62
}
unset multiplot
