/* train_real.c: the loop. At every t = 0 … steps, t updates done: measure if t is logged, judge, then forward, backward and
 * update t + 1 on the next batch. The numbers of a row of the trace are all of the same weights, those of step t.
 *
 * How a run ends:
 *   completed  all updates of the budget are done.
 *   target     stop_at_target, and the watched loss is at most the target.
 *   plateau    the watched loss has not fallen for `patience` updates.
 *   diverged   a batch loss, or the training loss at the end, is not finite or above diverge_loss, or a weight is not
 *              finite at the end (saturated units can hide one). final_train_loss is then +inf, final_test_accuracy NaN.
 * The watched loss is that of every update's batch where the batch is the whole training set, train_loss at logged steps
 * elsewhere. However it ended, final_* are of the weights after the last update, logged step or not. The batch that shows the
 * divergence is noticed after its gradients were used: kept final weights of a diverged run are not those of steps_done.
 *
 * The last logged row measures the batch that would come next: its update (for update_ratio) happens after everything else,
 * and nobody sees it. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "spec/key.h"
#include "train/run_real.h"

#define TRAIN_METRICS (METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY))
#define TEST_METRICS (METRIC_BIT(METRIC_TEST_LOSS) | METRIC_BIT(METRIC_TEST_ACCURACY))

/* A set as measured at this step. */
struct FN(score) {
	bool known;
	double loss, accuracy; /* means; NaN where there is none */
};

struct FN(loop) {
	struct FN(run) run;
	int next;                     /* the next logged step to come */
	bool forwarded;               /* whether the batch of update t + 1 is in the cache */
	struct FN(score) train, test; /* at this step */
	double best_accuracy;         /* of the test set so far; NaN: not measured yet */
	double lowest;                /* watched loss so far, and when */
	int64_t lowest_at;
	bool ended;
	enum status status;
};

static bool stopped(const struct FN(run) *run)
{
	return run->stop && *run->stop;
}

static void forward(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	if (loop->forwarded)
		return;
	FN(run_gather)(run, run->t);
	FN(mlp_forward)(&run->mlp, run->X, run->B);
	loop->forwarded = true;
}

static struct FN(score) score(const struct examples *set, struct loss_sum sum, int64_t n)
{
	struct FN(score) score = {.known = true, .loss = NAN, .accuracy = NAN};
	if (n > 0)
		score.loss = sum.loss / (double)n;
	if (n > 0 && set->labels)
		score.accuracy = (double)sum.correct / (double)n;
	return score;
}

/* The training set with the weights of now. Where the batch is that set, its forward pass is needed anyway and serves. */
static struct FN(score) train_score(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	if (loop->train.known)
		return loop->train;
	int64_t n = run->N;
	struct loss_sum sum;
	if (run->full && run->eval >= run->N) {
		const struct FN(layer) *last = &run->mlp.layer[run->mlp.shape.L];
		forward(loop);
		sum = FN(loss_eval)(run->loss, run->B, last->out, last->D, last->lda, run->answers, NULL);
	} else {
		sum = FN(run_evaluate)(run, &run->data->train, &n);
	}
	return loop->train = score(&run->data->train, sum, n);
}

static struct FN(score) test_score(struct FN(loop) *loop)
{
	if (!loop->test.known) {
		int64_t n;
		const struct loss_sum sum = FN(run_evaluate)(&loop->run, &loop->run.data->test, &n);
		loop->test = score(&loop->run.data->test, sum, n);
		loop->best_accuracy = fmax(loop->best_accuracy, loop->test.accuracy);
	}
	return loop->test;
}

static void log_scores(struct FN(loop) *loop)
{
	const struct FN(run) *run = &loop->run;
	if (run->settings->metrics & TRAIN_METRICS) {
		const struct FN(score) train = train_score(loop);
		trace_put(run->trace, METRIC_TRAIN_LOSS, run->s, 0, train.loss);
		trace_put(run->trace, METRIC_TRAIN_ACCURACY, run->s, 0, train.accuracy);
	}
	if (run->settings->metrics & TEST_METRICS) {
		const struct FN(score) test = test_score(loop);
		trace_put(run->trace, METRIC_TEST_LOSS, run->s, 0, test.loss);
		trace_put(run->trace, METRIC_TEST_ACCURACY, run->s, 0, test.accuracy);
	}
}

static void end(struct FN(loop) *loop, enum status status)
{
	loop->ended = true;
	loop->status = status;
}

static bool left(const struct settings *settings, double loss)
{
	return !isfinite(loss) || (settings->diverge_loss > 0 && loss > settings->diverge_loss);
}

/* Target and plateau. With a full batch the loss is needed ahead of its backward pass, so that the update is not made. */
static void watch(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	const struct settings *settings = run->settings;
	if ((settings->target == 0 && settings->patience == 0) || (!run->full && run->s < 0))
		return;
	double loss;
	if (run->full) {
		const struct FN(layer) *last = &run->mlp.layer[run->mlp.shape.L];
		forward(loop);
		loss = FN(loss_eval)(run->loss, run->B, last->out, last->D, last->lda, run->answers, NULL).loss /
		       run->B;
	} else {
		loss = train_score(loop).loss;
	}
	if (loss < loop->lowest) {
		loop->lowest = loss;
		loop->lowest_at = run->t;
	} else if (settings->patience > 0 && run->t - loop->lowest_at >= settings->patience) {
		end(loop, STATUS_PLATEAU);
	}
	double *reached = trace_at(run->trace, METRIC_STEPS_TO_TARGET, 0, 0);
	if (settings->target > 0 && loss <= settings->target) {
		if (isnan(*reached))
			*reached = (double)run->t;
		if (settings->stop_at_target)
			end(loop, STATUS_TARGET);
	}
}

/* With the weights of now as the last ones: what is known of the run as a whole. */
static void finish(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	struct trace *trace = run->trace;
	if (loop->status != STATUS_DIVERGED &&
	    (left(run->settings, train_score(loop).loss) || !FN(probe_finite)(&run->mlp)))
		end(loop, STATUS_DIVERGED);
	const bool diverged = loop->status == STATUS_DIVERGED;
	trace->status = loop->status;
	trace_put(trace, METRIC_STEPS_DONE, 0, 0, (double)run->t);
	trace_put(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0, diverged ? INFINITY : loop->train.loss);
	if (diverged)
		trace_put(trace, METRIC_DIVERGED_AT, 0, 0, (double)run->t);
	else
		trace_put(trace, METRIC_FINAL_TEST_ACCURACY, 0, 0, test_score(loop).accuracy);
	trace_put(trace, METRIC_BEST_TEST_ACCURACY, 0, 0, loop->best_accuracy);
	if (trace->weights[WEIGHTS_FINAL].values)
		FN(weights_save)(&run->mlp, trace->weights[WEIGHTS_FINAL].values);
}

/* Whether something is asked for that only a batch's forward and backward pass can tell. */
static bool wants_batch(const struct settings *settings)
{
	return settings->metrics & ~(TRAIN_METRICS | TEST_METRICS);
}

/* Forward, backward and, if run->update, the next weights; returns the mean loss of the batch. */
static double step(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	forward(loop);
	if (run->s >= 0)
		FN(probe_forward)(&run->probe, &run->mlp, run->B, run->trace, run->s);
	const double loss = FN(run_backward)(run).loss / run->B;
	if (run->s >= 0) {
		trace_put(run->trace, METRIC_BATCH_LOSS, run->s, 0, loss);
		trace_put(run->trace, METRIC_GRAD_NORM_TOTAL, run->s, 0, run->total);
	}
	return loss;
}

/* Returns 1 when *stop was set: nothing of the run is to be used then. */
static int loop_run(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	struct trace *trace = run->trace;
	for (run->t = 0;; run->t++) {
		if (stopped(run))
			return 1;
		const bool logged = loop->next < trace->S && trace->step[loop->next] == run->t;
		run->s = logged ? loop->next++ : -1;
		loop->train.known = loop->test.known = loop->forwarded = false;
		if (run->t == run->steps)
			end(loop, STATUS_COMPLETED);
		if (logged)
			log_scores(loop);
		watch(loop);
		if (loop->ended) {
			finish(loop);
			break;
		}
		run->update = true;
		if (left(run->settings, step(loop))) {
			end(loop, STATUS_DIVERGED);
			finish(loop);
			break;
		}
	}
	if (run->s >= 0 && loop->status != STATUS_DIVERGED && wants_batch(run->settings)) {
		run->update = run->settings->metrics & METRIC_BIT(METRIC_UPDATE_RATIO);
		step(loop);
	}
	return stopped(run);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The empty trace of a run. */
static struct trace *trace_make(const struct train_input *input, const int *n, struct err *err)
{
	const struct settings *settings = input->settings;
	int S = 0;
	int64_t *logged = settings_logged(settings, input->data->train.n, &S);
	struct trace *trace = trace_new(S, logged, settings_layers(settings), n, settings->bias, REAL_BITS,
					settings->metrics, settings->weights, err);
	free(logged);
	return trace;
}

int FN(train_loop)(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err)
{
	const double start = seconds();
	const struct settings *settings = input->settings;
	const struct dataset *data = input->data;
	struct FN(loop) loop = {.best_accuracy = NAN, .lowest = INFINITY};
	int result = -1;
	*trace = NULL;
	int *n = malloc(sizeof *n * (size_t)(settings_layers(settings) + 1));
	if (!n)
		return err_errno(err, "cannot train a network of %d layers", settings_layers(settings));
	settings_shape(settings, data->I, loss_outputs(losses[settings->loss].kind, data->classes, data->targets), n);
	struct trace *made = trace_make(input, n, err);
	if (!made || FN(run_make)(&loop.run, input, n, settings->optim.clip > 0, arena, err) != 0)
		goto out;
	loop.run.trace = made;
	if (made->weights[WEIGHTS_INITIAL].values)
		FN(weights_save)(&loop.run.mlp, made->weights[WEIGHTS_INITIAL].values);
	result = loop_run(&loop);
	trace_put(made, METRIC_WALL_TIME, 0, 0, seconds() - start);
	if (result == 0) {
		*trace = made;
		made = NULL;
	}
out:
	trace_free(made);
	free(n);
	return result;
}
