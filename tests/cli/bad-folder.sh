. "$TESTS/lib.sh"
small >small.yaml
: >file
echo "--- below a regular file"
code fathom run -q -o file/results small.yaml
code fathom plan -o file/results small.yaml >plan.out 2>&1
tail -1 plan.out
echo "--- no result file"
code fathom show nothing.h5
code fathom check small.yaml
printf 'not HDF5 at all' >text.h5
code fathom show text.h5
code fathom diff text.h5 text.h5
echo "--- broken by one byte"
fathom run -q small.yaml >/dev/null
size=$(wc -c <results/small.h5)
head -c $((size / 2)) results/small.h5 >half.h5
fathom show half.h5 >/dev/null 2>half.out
echo "exit code $?"
wc -l <half.out
