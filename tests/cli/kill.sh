. "$TESTS/lib.sh"
longer >longer.yaml
fathom run -q -o whole longer.yaml >/dev/null
echo "--- kill -9, again and again, while runs are committed as they come"
for i in 1 2 3; do
	timeout --preserve-status -s KILL 0.3 fathom run -q --commit-every 0 -j 2 longer.yaml
	echo "exit code $?"
	fathom status longer.yaml >status.$i
done 2>/dev/null
# what was committed stays committed
awk 'FNR == 2 { if ($3 < last) print "a committed run was lost"; last = $3; n = n " " $3 } END { if (last == 0) print "nothing was committed:" n }' status.1 status.2 status.3
code fathom run -q longer.yaml
code fathom diff whole/longer.h5 results/longer.h5
ls results
