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

# Starts `fathom run` with these arguments beside the test: process $pid, output in run.out. (A shell without job control lets such
# processes ignore SIGINT, hence env.)
start_run()
{
	segments=$(ls results/*.parts/*.h5 2>/dev/null | wc -l)
	env --default-signal=INT fathom run "$@" >run.out 2>&1 &
	pid=$!
}

# Until it has committed one more segment.
wait_for_commit()
{
	while [ "$(ls results/*.parts/*.h5 2>/dev/null | wc -l)" -le "$segments" ] && kill -0 $pid 2>/dev/null; do
		sleep 0.02
	done
}
