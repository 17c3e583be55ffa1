. "$TESTS/lib.sh"
fathom explain
echo "exit code $?"
echo "--- a network of one's own"
fathom explain depth=4 width=1 activation=tanh -m 1 | grep -A 14 '^The factors'
fathom explain init=zeros activation=relu | grep -A 15 '^Derivatives'
echo "--- a run of a study"
small >small.yaml
fathom explain small.yaml --run 1 width=2 | head -9
fathom explain -o exercise.tex && head -2 exercise.tex
fathom explain --format html -o page && head -1 page
echo "--- what cannot be"
code fathom explain small.yaml --run 100000
code fathom explain width=50 depth=3
code fathom explain features=500
code fathom explain dpeth=3
code fathom explain --run 1
code fathom explain -m 2
code fathom explain --format pdf
