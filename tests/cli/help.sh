. "$TESTS/lib.sh"
code fathom --help
echo "--- without a command, help and exit code 2"
fathom >no-command 2>&1
echo "exit code $?"
fathom help | cmp - no-command && echo "the same text"
echo "--- an unknown command"
code fathom trian study.yaml
code fathom help rnu
echo "--- one command"
code fathom help diff
code fathom run --help
echo "--- wrong usage"
code fathom run
code fathom run --threads 0 study.yaml
code fathom run --shard 3 study.yaml
code fathom run --shard 3/2 study.yaml
code fathom run --fresh --shard 1/2 study.yaml
code fathom diff only-one
code fathom plot --format svg,jpg x.h5
code fathom run a.yaml b.yaml
