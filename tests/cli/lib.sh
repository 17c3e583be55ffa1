# lib.sh: read by the tests of this folder. Each test runs in a new, empty folder; `fathom` is the program under test.

# Runs a command and tells its exit code.
code()
{
	"$@"
	echo "exit code $?"
}

# A study of 8 short runs.
small()
{
	cat <<END
title: A small study
question: Does it run?
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 2], width: 8, init: [xavier-normal, zeros] }
train: { loss: bce, lr: 0.1, batch: 10, steps: 20 }
seed:  { range: 2 }
log:   { every: 10, metrics: [train_loss, test_accuracy, grad_norm, delta_rms] }
END
}

# A study of 12 runs that take about two seconds of one thread together.
longer()
{
	cat <<END
title: A longer study
data:  { set: spirals, train: 64, test: 20, noise: 0.1 }
model: { depth: [4, 8], width: 32 }
train: { loss: bce, lr: 0.05, batch: 16, steps: ${1-8000} }
seed:  { range: 6 }
log:   { points: 5, metrics: [train_loss, grad_norm] }
END
}
