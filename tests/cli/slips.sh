. "$TESTS/lib.sh"
# Slips at the command line: each message says what to do, and one bad file does not stop the others.
small | sed 's/steps: 20/steps: 20, target: 1e-9/' >small.yaml
cat >>small.yaml <<END
claims:
  - say: no run diverges
    measure: diverged
    reduce: count
    expect: "== 0"
  - say: what never happened cannot be measured
    measure: steps_to_target
    where: { init: zeros }
    reduce: median
    expect: "> 0"
END
fathom run -q small.yaml >/dev/null
cp results/small.h5 second.h5
echo "--- check: one result of three is missing"
code fathom check results/small.h5 nope.h5 second.h5 >out 2>err
cat err
sed 's/  */ /g' out
echo "--- plot: so it does"
code fathom plot nope.h5 results/small.h5
echo "--- a study where a result is wanted"
code fathom check small.yaml
code fathom show nope.h5
echo "--- verdicts that cannot be stored"
fathom run -q -o fresh small.yaml >/dev/null
(trap '' XFSZ; ulimit -S -f 1; fathom check fresh/small.h5 2>&1; echo "exit code $?") | sed 's/  */ /g; s/\.[^ ]*tmp/.TEMPORARY/'
echo "--- what is not there"
code fathom show results/small.h5 --metric grad_norm --layer 99
code fathom run small.yaml --shard=0/2
code fathom run small.yaml lr=log:0:1:3
code fathom compact -o empty small.yaml
fathom run -q -o part --shard=1/2 small.yaml
code fathom compact -o part small.yaml
echo "--- every kind of run once"
fathom gradcheck small.yaml | cut -c 1-48
fathom gradcheck --seconds=0 small.yaml | tail -1
