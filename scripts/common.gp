# common.gp: terminal, type, ink, layout and the parts that figures share. A figure script (NAME.gp) is called as
#   gnuplot -d -c scripts/KIND.gp NAME.tsv NAME.gp OUT svg|png|pdf|tex WIDTH_mm
# NAME.tsv is the table, the second file the names, ranges and places that `fathom plot` wrote beside it: nothing that depends on the
# data is a constant here. A script sets W and H (mm), OUT and TERM, then loads this file.
# One unit everywhere: lengths in mm, type and line widths in pt, whatever the terminal.

set encoding utf8
set minussign                                   # a true minus in 10^{-3}, not a hyphen
set decimalsign '.'
set datafile separator "\t"
set datafile missing NaN                        # a NaN is stepped over, it does not break a line or a band
if (!exists("FONT")) FONT = "Inter"             # where it is absent, svg has a list of others and cairo takes the system's sans
if (!exists("DPI"))  DPI  = 254.0               # png only: 10 px per mm
PT = 8.0                                        # base size; small print is 7 pt, never less at the printed size
TEX = TERM eq "tex"

# ---- terminals: factors measured so that 8 pt is 8 pt and lw 1 is 1 pt in each of them ------------------------
if (TERM eq "svg") {
  set terminal svg size W*96/25.4, H*96/25.4 enhanced font sprintf("%s,%.3f", FONT, PT*96/72) \
      linewidth 96.0/72 dashlength 0.75 butt
}
if (TERM eq "png") {
  set terminal pngcairo size W*DPI/25.4, H*DPI/25.4 enhanced font sprintf("%s,%g", FONT, PT) \
      fontscale DPI/96 linewidth DPI/72 pointscale DPI/78 dashlength 1.5 butt background rgb "white"
}
if (TERM eq "pdf") {
  set terminal pdfcairo size W/10. cm, H/10. cm enhanced font sprintf("%s,%g", FONT, PT) \
      fontscale 0.75 linewidth 2 pointscale 0.92 dashlength 1.5 butt
}
if (TEX) {                                      # the labels are TeX, at \scriptsize where the figure is included at 8 pt
  set terminal cairolatex pdf input size W/10. cm, H/10. cm colortext font sprintf(",%g", PT) linewidth 2 pointscale 0.92 dashlength 0.75 butt
}
set output OUT

# ---- ink: four greys carry everything that is not data ----------------------------------------------------------
INK   = "#1b1f24"                               # text, critical lines
MUTED = "#5c636b"                               # secondary text, axes, ticks
RULE  = "#dfe2e6"                               # grid, separators
PAPER = "#ffffff"
STRIP = "#f3f4f6"                               # the strip of the exact zeros, of what never happened
SMALL = sprintf("%.2f", TERM eq "svg" ? 7.0*96/72 : 7.0)      # for font ','.SMALL
tint(c) = (0xC8 << 24) + c                      # a colour at 22 % opacity (alpha byte: 00 opaque, FF invisible)
strong(s) = TEX ? '\textbf{'.s.'}' : '{/:Bold '.s.'}'
max(a, b) = a > b ? a : b
min(a, b) = a < b ? a : b

# ---- axes ---------------------------------------------------------------------------------------------------------
set border 3 lw 0.5 lc rgb MUTED
set tics nomirror out scale 0.5, 0.25 textcolor rgb MUTED font ",".SMALL
set xtics offset 0, 0.3
set ytics offset 0.4, 0
unset key
set grid ytics lt 1 lw 0.4 lc rgb RULE
set style fill solid 1 noborder
pow10(d) = sprintf(TEX ? "$10^{%d}$" : (d < 0 ? "10^{−%d}" : "10^{%d}"), TEX ? d : abs(d))
plain(v) = v >= 1e-3 && v < 1e5 ? sprintf("%g", v) : sprintf(TEX ? "$%g\\times10^{%d}$" : (v < 1 ? "%g×10^{−%d}" : "%g×10^{%d}"), \
           v/10**floor(log10(v)*(1 + 1e-12)), TEX ? floor(log10(v)) : abs(floor(log10(v))))

# The axis of numbers of panel p: limits and steps of its row from the table's writer, in decades on a log axis. PAD: the strip under it
# for exact zeros (ZERO), at ZY.
PAD = 0; ZY = 0; ZERO = exists("ZERO") ? ZERO : 0
yaxis = 'D0 = RLO[PR[p]]; D1 = RHI[PR[p]]; STEP = RSTEP[PR[p]]; PAD = ZERO ? (D1 - D0)*0.14 : 0; \
  if (YLOG) { set logscale y; set yrange [10**(D0 - PAD):10**D1]; set ytics ("" 10**D1*10); unset mytics; ZY = 10**(D0 - PAD/2); \
    do for [d = int(floor(D0)):int(ceil(D1))] { do for [k = 1:9] { \
      if (k*10.**d >= 10**D0*0.999 && k*10.**d <= 10**D1*1.001) { \
        if (STEP == 0 && (k == 1 || k == 2 || k == 5)) { set ytics add ((PL[p] ? plain(k*10.**d) : "") k*10.**d) } \
        if (STEP >= 1 && k == 1 && d % STEP == 0)      { set ytics add ((PL[p] ? pow10(d) : "") 10.**d) } \
        if (STEP >= 1 && k == 1 && d % STEP != 0 && d % max(1, int(STEP)/5) == 0) { set ytics add ("" 10.**d 1) } \
        if (STEP <= 1 && k > 1 && D1 - D0 < 6)         { set ytics add ("" k*10.**d 1) } \
    } } } \
    if (ZERO) { set ytics add ((PL[p] ? "0" : "") ZY); \
      set object 1 rectangle from graph 0, first 10**(D0 - PAD) to graph 1, first 10.**D0 behind fc rgb STRIP fs solid noborder } \
  } else { unset logscale y; set yrange [D0:D1]; set ytics D0, STEP, D1; unset mytics; set format y (PL[p] ? "%g" : ""); ZY = 0 }'

# The axis of steps: logarithmic, with step 0 left of a break at FIRST, or linear from 0. XW: the panel's width in mm.
steps_at(s) = XLOG ? (s == 0 ? FIRST : s) : s
nice(x) = x/10**floor(log10(x)) <= 1 ? 10**floor(log10(x)) : x/10**floor(log10(x)) <= 2 ? 2*10**floor(log10(x)) : x/10**floor(log10(x)) <= 5 ? 5*10**floor(log10(x)) : 10*10**floor(log10(x))
xsteps = 'if (XLOG) { set logscale x; FIRST = STEP1*0.4; set xrange [FIRST:LAST]; set xtics ("" LAST*10); XD = ceil((log10(LAST) - log10(STEP1))/(XW/9.)); XD = max(1, XD); \
    do for [d = int(floor(log10(STEP1))):int(floor(log10(LAST)))] { do for [k = 1:9] { if (k*10.**d >= STEP1 && k*10.**d <= LAST*1.001) { \
      if (k > 1) { if (log10(LAST/STEP1) < 6) { set xtics add ("" k*10.**d 1) } } else { set xtics add ((XLABELS && d % XD == 0 ? pow10(d) : "") 10.**d) } } } } \
    set xtics add ((XLABELS ? "0" : "") FIRST); \
  } else { unset logscale x; set xrange [0:LAST]; set xtics 0, nice(LAST/max(1., floor(XW/11.))), LAST; set format x (XLABELS ? "%g" : "") }'
xbreak = 'if (XLOG) { set object 2 rectangle from STEP1*0.57, graph -0.012 to STEP1*0.72, graph 0.012 noclip front fc rgb PAPER fs solid noborder }'

# ---- layout in mm from the lower left corner ------------------------------------------------------------------------
# Positions are given in mm, not in characters: a character's size differs between terminals, so `set xlabel` and
# character offsets drift. The 1.0* matters: gnuplot divides two integers as integers.
sx(mm) = 1.0*mm/W
sy(mm) = 1.0*mm/H
# HEADMM: the height of the title, the note (beside or below it) and the legend (LINES of them, where there is one)
HEADMM = 6.5 + (NOTELINE ? 4 : 0)
header = 'set label 1 TITLE at screen sx(1), sy(H - 3) left textcolor rgb INK; \
  set label 2 NOTE at screen (NOTELINE ? sx(1) : sx(W - 1)), sy(H - (NOTELINE ? 7 : 3)) @SIDE font ",".SMALL textcolor rgb MUTED'
SIDE = NOTELINE ? "left" : "right"
panel  = 'x0 = LEFT + (PC[p] - 1)*(PW + GAPX); x1 = x0 + PW; y1 = H - TOP - (PR[p] - 1)*(PH + GAPY); y0 = y1 - PH; \
  set lmargin at screen sx(x0); set rmargin at screen sx(x1); set bmargin at screen sy(y0); set tmargin at screen sy(y1)'
xtitle = 'set label 90 XTITLE at screen sx((x0 + x1)/2), sy(y0 - 7.3) center textcolor rgb INK'
# the panel's name above it, in bold its first key; what else is to be said of it at the right end
ptitle = 'if (TITLED) { set label 60 strong(PT[p]).(TEX ? "\\quad " : "\302\240\302\240").PT2[p] at screen sx(x0), sy(y1 + 2.2) left textcolor rgb INK }'

# The legend: once, in the order of the curves, each sample drawn as its curve is. LEGENDY: its first line, mm from below.
legend = 'set label 3 HEAD at screen sx(1), sy(LEGENDY) left textcolor rgb INK; \
  do for [c = 1:NCURVES] { yl = LEGENDY - (LL[c] - 1)*4.4; \
    set arrow (100 + c) from screen sx(LX[c]), sy(yl) to screen sx(LX[c] + 6), sy(yl) nohead lw 1.3 lc rgb CC[c]; \
    if (MARKED) { set label (100 + c) "" at screen sx(LX[c] + 3), sy(yl) point pt CM[c] ps 0.5 lw 1 lc rgb CC[c] } \
    set label (200 + c) CN[c] at screen sx(LX[c] + 7), sy(yl) left textcolor rgb INK }'
# Labels at `screen` would be drawn again with every panel of a multiplot.
once = 'unset label 1; unset label 2; unset label 3; unset arrow 1; do for [c = 1:NCURVES] { unset arrow (100 + c); unset label (100 + c); unset label (200 + c) }'
