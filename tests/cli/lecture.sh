. "$TESTS/lib.sh"
# Without the column of what was measured: roundings.
bare()
{
	sed 's/^\( *[0-9]*  \(holds  \|FAILS  \|not run\)\).\{11\}/\1/'
}
echo "--- without results: the demonstrations"
fathom lecture >list
echo "exit code $?"
bare <list
echo "--- all lines fit"
awk 'length > 121 { print "too long: " $0 }' list
echo "--- one claim, at length"
fathom lecture --claim 9 | sed 's/ *\([0-9.]*\) *\([0-9.]*\|inf\)  \(completed\|target\|plateau\|diverged\)$/  N  X  \3/'
echo "--- one that a study decides"
code fathom lecture --claim 15
echo "--- with results"
{
	small
	cat <<END
claims:
  - { say: zeros stay zeros, source: lecture 15, measure: grad_norm, at: {layer: first, step: 0}, where: {init: zeros}, reduce: max, expect: "== 0" }
  - { say: nothing is learnt, source: lecture 17, measure: final_train_loss, where: {init: zeros, depth: 2}, reduce: median, expect: "0.6931471805599453 +- 0.1" }
  - { say: something is learnt, source: "lecture 17, turned round", measure: final_train_loss, where: {init: zeros, depth: 2}, reduce: median, expect: "< 0.1" }
  - { say: long numbers are cut, source: lecture 16, measure: final_train_loss, where: {init: zeros, depth: 2}, reduce: median, expect: "in [-0.1234567890123, 0.6999999999999]" }
  - { say: this cites nothing, measure: final_train_loss, reduce: median, expect: "> 0" }
END
} >cites.yaml
fathom run cites.yaml >/dev/null 2>&1
fathom lecture results/cites.h5 >list
echo "exit code $?"
sed -n '16,18p;31,$p' list | bare
code fathom lecture --claim 15 results/cites.h5
code fathom lecture --claim 17 results/cites.h5 | sed "s/0\.[0-9]* /X /"
echo "--- what is not there"
code fathom lecture none.h5 --claim 15 | tail -1
code fathom lecture --claim 30
code fathom lecture --claim x
echo "--- as a document"
fathom lecture --claim 11 --format md | head -1
fathom lecture --claim 11 -F html | grep -c '<h1'
code fathom lecture --format md
code fathom lecture --claim 11 --format docx
