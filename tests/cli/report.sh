. "$TESTS/lib.sh"
small >small.yaml
cat >>small.yaml <<END
claims:
  - { say: "<script>alert(1)</script>", source: lecture 15, measure: diverged, reduce: count, expect: "== 0" }
figures:
  - { kind: convergence, caption: 'A "caption" <b>', panel: [depth] }
END
fathom run -q small.yaml >/dev/null
echo "--- a page beside the result, figures drawn"
code fathom report results/small.h5
ls results results/small
grep -c '<script' results/report.html
grep -o '&lt;script&gt;alert(1)&lt;/script&gt;' results/report.html
grep -o '<figcaption>.*</figcaption>' results/report.html
echo "--- a second time nothing is drawn, and the page is the same"
touch before
cp results/report.html first.html
code fathom report results/small.h5
find results -newer before
cmp results/report.html first.html
echo "--- for a paper; figures are where the document finds them"
mkdir paper
code fathom report results/small.h5 -o paper/appendix.tex --title 'Appendix_A'
grep -E 'section|includegraphics' paper/appendix.tex | head -3
ls results/small/*.pdf
code fathom report results/small.h5 -o small.md >/dev/null
grep '^!\[' small.md | sed 's/.*](/](/'
head -1 small.md
code fathom report results/small.h5 -o - --format text | head -1
echo "--- a bad one does not keep the others"
echo no >results/bad.h5
code fathom report results/bad.h5 results/small.h5 results/none.h5 -o two.html
grep -c '<h1>' two.html
code fathom report results/bad.h5 -o none.html
ls none.html
echo "--- nothing is written where it should not be"
code fathom report results/small.h5 -o results/small.h5 --format html
code fathom report results/small.h5 -o page.pdf
code fathom report results/small.h5 -o nowhere/page.html
code fathom report
echo "--- without gnuplot a figure is missing, and the page says so"
rm -r results/small
PATH=$(dirname "$(command -v fathom)") fathom report results/small.h5 -o plain.html
echo "exit code $?"
grep -o "<p>The figure.*</p>" plain.html
