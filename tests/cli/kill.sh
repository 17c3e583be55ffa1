. "$TESTS/lib.sh"
longer >longer.yaml
fathom run -q -o whole longer.yaml >/dev/null
echo "--- kill -9, again and again, while runs are committed as they come"
for i in 1 2 3; do
	start_run -q --commit-every $([ $i = 2 ] && echo 0.05 || echo 0) -j 2 longer.yaml
	wait_for_commit
	kill -9 $pid
	wait $pid
	echo "exit code $?"
	fathom status longer.yaml >status.$i
done 2>/dev/null
# What was committed stays committed: the third column of the second line never falls.
awk 'FNR == 2 { print ($3 > last ? "more is committed" : "a committed run was lost"); last = $3 }' status.1 status.2 status.3
code fathom run -q longer.yaml
code fathom diff whole/longer.h5 results/longer.h5
ls results
