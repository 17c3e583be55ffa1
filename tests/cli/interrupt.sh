. "$TESTS/lib.sh"
longer >longer.yaml
fathom run -q -o whole longer.yaml >/dev/null
# numbers of runs depend on the machine
count() { sed 's/; [0-9]* of [0-9]* runs/; N of N runs/'; }
echo "--- SIGINT"
{ timeout --preserve-status -s INT 0.25 fathom run -q -j 2 longer.yaml; echo "exit code $?"; } 2>&1 | count
echo "--- SIGTERM"
{ timeout --preserve-status -s TERM 0.25 fathom run -q -j 2 longer.yaml; echo "exit code $?"; } 2>&1 | count
ls results
echo "--- continued"
code fathom run -q longer.yaml
code fathom diff whole/longer.h5 results/longer.h5
ls results
