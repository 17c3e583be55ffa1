. "$TESTS/lib.sh"
small >small.yaml
fathom run -q -o whole small.yaml >/dev/null
echo "--- three shards, the last one finds all there"
code fathom run -q small.yaml --shard 1/3
code fathom run -q small.yaml --shard 3/3
echo "--- a shard twice"
code fathom run -q small.yaml --shard 3/3
code fathom compact small.yaml
code fathom compact --partial small.yaml
code fathom run -q small.yaml --shard 2/3
code fathom diff whole/small.h5 results/small.h5
echo "--- two processes at once"
fathom run -q -o both small.yaml --shard 1/2 >out1 2>&1 &
fathom run -q -o both small.yaml --shard 2/2 >out2 2>&1
wait $!
code fathom run -q -o both small.yaml | tail -2
code fathom diff whole/small.h5 both/small.h5
