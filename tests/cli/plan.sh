. "$TESTS/lib.sh"
small >small.yaml
echo "--- a new study"
code fathom plan small.yaml -j 2
echo "--- nothing was written"
ls
echo "--- one shard done"
fathom run -q small.yaml --shard 1/2
code fathom plan small.yaml --list
echo "--- all done, then edited: what it no longer names is kept"
fathom run -q small.yaml >/dev/null
code fathom plan small.yaml depth=2,3
echo "--- as written on the command line"
code fathom plan small.yaml lr=log:1e-3:1:4 seed=0
code fathom plan small.yaml depth=range:3 init=zeros seed=range:20
echo "--- what the time goes to: shares of the whole"
fathom plan small.yaml lr=0.2 --cost | awk '/^work/ { on = 1; next } on { print $1; sum += $3 } END { print (sum > 99 && sum < 101 ? "100 %" : sum) }'
