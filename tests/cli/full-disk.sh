. "$TESTS/lib.sh"
# Files may not grow beyond a few blocks: what a write then says stands for a full disk.
small >small.yaml
fathom run -q -o whole small.yaml >/dev/null
echo "--- no room for a segment"
(trap '' XFSZ; ulimit -S -f 4; code fathom run -q small.yaml) 2>&1 | sed 's/\.[^ ]*tmp/.TEMPORARY/'
find results -type f
echo "--- room again"
code fathom run -q small.yaml
code fathom diff whole/small.h5 results/small.h5
echo "--- nowhere to print to"
fathom list >/dev/full
echo "exit code $?"
