. "$TESTS/lib.sh"
# What `fathom explain` works out for other networks than the exercise's: each choice changes formulas, not only numbers.
echo "--- no bias, squared errors, one example"
fathom explain depth=1 width=2 loss=mse bias=false activation=relu -m 1
echo "--- no hidden layer, three examples"
fathom explain depth=0 -m 3 | head -60
echo "--- targets, not classes"
fathom explain set=teacher loss=mse depth=1 width=2 | sed -n '/^The loss/,/^Backward/p' | head -40
echo "--- an activation without a formula of the lecture"
fathom explain activation=gelu depth=1 -m 4 | grep -i 'gelu'
fathom explain activation=abs init=constant init_value=0.5 | sed -n '/^Derivatives/,/^One update/p'
echo "--- zeros, and why"
fathom explain init=zeros loss=mse set=teacher bias=false | sed -n '/^Derivatives/,/^One update/p'
fathom explain depth=3 width=1 activation=relu bias=false seed=4 | sed -n '/^Derivatives/,/^One update/p'
fathom explain depth=2 width=3 init=constant init_value=0 activation=tanh | sed -n '/^Derivatives/,/^One update/p'
echo "--- in the other formats"
for format in html md tex; do
	fathom explain set=function loss=mse depth=1 width=3 activation=sin -m 2 --format $format | grep -c .
done
echo "--- what cannot be"
code fathom explain classes=3 loss=cross-entropy
code fathom explain set=nothing
code fathom explain -m 17
code fathom explain -o missing/folder.html
