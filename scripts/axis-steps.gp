# axis-steps.gp: the axis of steps: linear from 0, or logarithmic from STEP1, the first step after 0; then step 0 stands left of a break,
# at FIRST. XW: the panel's width in mm; XLABELS: whether there are numbers; XEND: the end of the axis, if not LAST; CELL: step 0 is a cell, not
# a point, so that its label stands in the middle.
if (XLOG) {
  ZMM = CELL ? 11. : 7.
  DMM = log10(XEND/STEP1)/(XW - ZMM)           # decades per mm
  FIRST = STEP1*10**(-ZMM*DMM); BREAK0 = STEP1*10**(-4.1*DMM); BREAK1 = STEP1*10**(-2.5*DMM)
  XD = max(1, int(ceil(log10(XEND/STEP1)/(XW/9.))))
  set logscale x
  set xrange [FIRST:XEND]
  set xtics ("" XEND*10)
  do for [d = int(floor(log10(STEP1))):int(floor(log10(XEND)*1.0001))] { do for [k = 1:9] { v = k*10.**d
    if (v >= STEP1 && v <= XEND*1.001) {
      if (k == 1) { set xtics add ((XLABELS && d % XD == 0 ? pow10(d) : "") v) }
      if (k > 1 && log10(XEND/STEP1) < 6) { set xtics add ("" v 1) }
    }
  } }
  set xtics add ((XLABELS ? "0" : "") (CELL ? sqrt(FIRST*STEP1) : FIRST))
} else {
  unset logscale x
  set xrange [0:XEND]
  set format x (XLABELS ? "%g" : "")
  set xtics 0, max(1, nice(1.*LAST/max(1., floor(XW/11.)))), LAST   # updates are whole; 1.*: two integers divide as such
}
