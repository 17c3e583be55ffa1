# axis-steps.gp: the axis of steps: linear from 0, or logarithmic from STEP1, the first step after 0; then step 0 stands left of a break,
# at FIRST. XW: the panel's width in mm; XLABELS: whether there are numbers.
if (XLOG) {
  FIRST = STEP1*0.4
  XD = max(1, int(ceil(log10(LAST/STEP1)/(XW/9.))))
  set logscale x
  set xrange [FIRST:LAST]
  set xtics ("" LAST*10)
  do for [d = int(floor(log10(STEP1))):int(floor(log10(LAST)*1.0001))] { do for [k = 1:9] { v = k*10.**d
    if (v >= STEP1 && v <= LAST*1.001) {
      if (k == 1) { set xtics add ((XLABELS && d % XD == 0 ? pow10(d) : "") v) }
      if (k > 1 && log10(LAST/STEP1) < 6) { set xtics add ("" v 1) }
    }
  } }
  set xtics add ((XLABELS ? "0" : "") FIRST)
} else {
  unset logscale x
  set xrange [0:LAST]
  set format x (XLABELS ? "%g" : "")
  set xtics 0, nice(LAST/max(1., floor(XW/11.))), LAST
}
