# legend.gp: once, in the order of the curves, each sample drawn as its curve is. LEGENDY: its first line, mm from below; MARKED: with
# markers. Lines and places (LL, LX) come from the table's writer, who has measured the names.
set label 3 HEAD at screen sx(1), sy(LEGENDY) left textcolor rgb INK
do for [c = 1:NCURVES] {
  yl = LEGENDY - (LL[c] - 1)*4.4
  set arrow (100 + c) from screen sx(LX[c]), sy(yl) to screen sx(LX[c] + 6), sy(yl) nohead lw 1.3 lc rgb CC[c]
  if (MARKED) { set label (100 + c) "" at screen sx(LX[c] + 3), sy(yl) point pt CM[c] ps 0.5 lw 1 lc rgb CC[c] }
  set label (200 + c) CN[c] at screen sx(LX[c] + 7), sy(yl) left textcolor rgb INK
}
if (PREDICTED) {
  yl = LEGENDY - (LPL - 1)*4.4
  set arrow 99 from screen sx(LPX), sy(yl) to screen sx(LPX + 6), sy(yl) nohead @THEORY
  set label 99 PREDICTEDWORD at screen sx(LPX + 7), sy(yl) left textcolor rgb INK
}
