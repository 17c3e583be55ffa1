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

THEORY = 'lw 0.8 dt (4, 3) lc rgb INK'          # what is predicted: thin, dark, dashed, on top of what was measured

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

ZERO = exists("ZERO") ? ZERO : 0
if (exists("LAST") && !exists("XEND")) XEND = LAST
CELL = exists("CELL") ? CELL : 0

# steps on the axis of axis-steps.gp; the least of 1, 2, 5 × 10ⁿ that is no less than x
steps_at(s) = XLOG && s == 0 ? FIRST : s
digit(x) = x/10**floor(log10(x))
nice(x) = 10**floor(log10(x))*(digit(x) <= 1 ? 1 : digit(x) <= 2 ? 2 : digit(x) <= 5 ? 5 : 10)

# A plot element without points is a warning, and `for` over an empty list runs once: an element for curve 0 has all points off the frame.
count(list) = max(1, words(list))
of(list, i) = i <= words(list) ? int(word(list, i)) : 0
xin(c, x)   = c == 0 ? OFF : here(c) ? x : NaN

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
# the panel's name above it, in bold its first key; TWO: in two lines, where one has no room
ptitle = 'if (TITLED) { set label 60 strong(PNAME[p]).(TWO ? "" : (TEX ? "\\quad " : "\302\240\302\240").PREST[p]) at screen sx(x0), sy(y1 + 2.2 + 3.4*TWO) left textcolor rgb INK; \
  if (TWO) { set label 63 PREST[p] at screen sx(x0), sy(y1 + 2.2) left textcolor rgb INK } }'

# Labels at `screen` would be drawn again with every panel of a multiplot.
once = 'unset label 1; unset label 2; unset label 3; unset label 99; unset arrow 1; unset arrow 99; do for [c = 1:NCURVES] { unset arrow (100 + c); unset label (100 + c); unset label (200 + c) }'
