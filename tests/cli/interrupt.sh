. "$TESTS/lib.sh"
longer >longer.yaml
fathom run -q -o whole longer.yaml >/dev/null
for signal in INT TERM; do
	echo "--- SIG$signal, once something is committed"
	start_run -q --commit-every 0 -j 2 longer.yaml
	wait_for_commit
	kill -$signal $pid
	wait $pid
	echo "exit code $?"
	# numbers of runs depend on the machine
	sed 's/; [0-9]* of [0-9]* runs/; N of N runs/' run.out
done
ls results
echo "--- continued"
code fathom run -q longer.yaml
code fathom diff whole/longer.h5 results/longer.h5
ls results
