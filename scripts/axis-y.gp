# axis-y.gp: the axis of numbers of panel p. Limits and step of its row come from the table's writer, in decades on a log axis.
# Leaves D0, D1 (limits), TOPY; with ZERO a strip of PAD decades below them for exact zeros, which stand at ZY.
D0 = RLO[PR[p]]; D1 = RHI[PR[p]]; STEP = RSTEP[PR[p]]; PAD = ZERO && YLOG ? (D1 - D0)*0.14 : 0
TOPY = YLOG ? 10**D1 : D1
unset mytics
if (YLOG) {
  ZY = 10**(D0 - PAD/2)
  set logscale y
  set yrange [10**(D0 - PAD):10**D1]
  set ytics ("" 10**(D1 + 50))                  # none of gnuplot's own; far above any strip
  do for [d = int(floor(D0)):int(ceil(D1))] { do for [k = 1:9] { v = k*10.**d
    if (v >= 10**D0*0.999 && v <= 10**D1*1.001) {
      if (STEP == 0 && (k == 1 || k == 2 || k == 5)) { set ytics add ((PL[p] ? plain(v) : "") v) }
      if (STEP >= 1 && k == 1 && d % int(max(1, STEP)) == 0) { set ytics add ((PL[p] ? pow10(d) : "") v) }
      if (STEP >= 1 && k == 1 && d % int(max(1, STEP)) != 0 && d % max(1, int(STEP)/5) == 0) { set ytics add ("" v 1) }
      if (STEP <= 1 && k > 1 && D1 - D0 < 6) { set ytics add ("" v 1) }
    }
  } }
} else {
  ZY = 0
  unset logscale y
  set yrange [D0:D1]
  set format y (PL[p] ? "%g" : "")
  set ytics D0, STEP, D1
}
if (PAD > 0) {
  set ytics add ((PL[p] ? "0" : "") ZY)
  set object 1 rectangle from graph 0, first 10**(D0 - PAD) to graph 1, first 10.**D0 behind fc rgb STRIP fs solid noborder
}
