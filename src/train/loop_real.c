/* loop_real.c: one run at its steps. At every t = 0 … steps, t updates done: measure if t is logged, judge, then forward, backward and
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

#include "spec/key.h"
#include "train/loop_real.h"

#define TRAIN_METRICS (METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY))
#define TEST_METRICS (METRIC_BIT(METRIC_TEST_LOSS) | METRIC_BIT(METRIC_TEST_ACCURACY))

static void forward(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	if (loop->forwarded)
		return;
	FN(run_gather)(run, run->t);
	FN(mlp_forward)(&run->mlp, run->X, run->B);
	loop->forwarded = true;
}

struct FN(score) FN(loop_score)(const struct examples *set, struct loss_sum sum, int64_t n)
{
	struct FN(score) score = {.known = true, .loss = NAN, .accuracy = NAN};
	if (n > 0)
		score.loss = sum.loss / (double)n;
	if (n > 0 && set->labels)
		score.accuracy = (double)sum.correct / (double)n;
	return score;
}

/* A full batch: its forward pass is needed anyway. */
static struct FN(score) batch_score(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	const struct FN(layer) *last = &run->mlp.layer[run->mlp.shape.L];
	if (!loop->batch.known) {
		forward(loop);
		loop->batch = FN(loop_score)(
			&run->data->train,
			FN(loss_eval)(run->loss, run->B, last->out, last->D, last->lda, run->answers, NULL), run->B);
	}
	return loop->batch;
}

/* Whether the batch is all that train_* are measured on. */
static bool batch_is_train(const struct FN(run) *run)
{
	return run->full && run->eval >= run->N;
}

/* The training set with the weights of now. */
static struct FN(score) train_score(struct FN(loop) *loop)
{
	const struct examples *train = &loop->run.data->train;
	int64_t n;
	if (!loop->train.known && batch_is_train(&loop->run)) {
		loop->train = batch_score(loop);
	} else if (!loop->train.known) {
		const struct loss_sum sum = FN(run_evaluate)(&loop->run, train, &n);
		loop->train = FN(loop_score)(train, sum, n);
	}
	return loop->train;
}

static struct FN(score) test_score(struct FN(loop) *loop)
{
	const struct examples *test = &loop->run.data->test;
	int64_t n;
	if (!loop->test.known) {
		const struct loss_sum sum = FN(run_evaluate)(&loop->run, test, &n);
		loop->test = FN(loop_score)(test, sum, n);
	}
	loop->best_accuracy = fmax(loop->best_accuracy, loop->test.accuracy);
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

void FN(loop_end)(struct FN(loop) *loop, enum status status)
{
	loop->ended = true;
	loop->status = status;
}

bool FN(loop_diverges)(const struct FN(loop) *loop, double loss)
{
	const double most = loop->run.settings->diverge_loss;
	return !isfinite(loss) || (most > 0 && loss > most);
}

static bool watches(const struct FN(loop) *loop)
{
	const struct settings *settings = loop->run.settings;
	return settings->target != 0 || settings->patience != 0;
}

static void watch_loss(struct FN(loop) *loop, double loss)
{
	const struct FN(run) *run = &loop->run;
	const struct settings *settings = run->settings;
	if (loss < loop->lowest) {
		loop->lowest = loss;
		loop->lowest_at = run->t;
	} else if (settings->patience > 0 && run->t - loop->lowest_at >= settings->patience) {
		FN(loop_end)(loop, STATUS_PLATEAU);
	}
	double *reached = trace_at(run->trace, METRIC_STEPS_TO_TARGET, 0, 0);
	if (settings->target > 0 && loss <= settings->target) {
		if (isnan(*reached))
			*reached = (double)run->t;
		if (settings->stop_at_target)
			FN(loop_end)(loop, STATUS_TARGET);
	}
}

/* With a full batch the loss is needed ahead of its backward pass, so that the update is not made. */
static void watch(struct FN(loop) *loop)
{
	if (watches(loop) && (loop->run.full || loop->run.s >= 0))
		watch_loss(loop, loop->run.full ? batch_score(loop).loss : train_score(loop).loss);
}

static bool at_the_end(const struct FN(loop) *loop)
{
	return loop->run.t == loop->run.steps;
}

bool FN(loop_idle)(const struct FN(loop) *loop)
{
	const struct FN(run) *run = &loop->run;
	const bool logs = run->s >= 0 && run->settings->metrics & (TRAIN_METRICS | TEST_METRICS);
	return !logs && !at_the_end(loop) && !(watches(loop) && (run->full || run->s >= 0));
}

bool FN(loop_needs_train)(const struct FN(loop) *loop)
{
	const struct FN(run) *run = &loop->run;
	const bool asked = run->s >= 0 && (run->settings->metrics & TRAIN_METRICS || (!run->full && watches(loop)));
	return (asked || at_the_end(loop)) && !batch_is_train(run);
}

bool FN(loop_needs_test)(const struct FN(loop) *loop)
{
	return (loop->run.s >= 0 && loop->run.settings->metrics & TEST_METRICS) || at_the_end(loop);
}

void FN(loop_finish)(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	struct trace *trace = run->trace;
	if (loop->status != STATUS_DIVERGED &&
	    (FN(loop_diverges)(loop, train_score(loop).loss) || !FN(probe_finite)(&run->mlp)))
		FN(loop_end)(loop, STATUS_DIVERGED);
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

void FN(loop_come)(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	const struct trace *trace = run->trace;
	const bool logged = loop->next < trace->S && trace->step[loop->next] == run->t;
	run->s = logged ? loop->next++ : -1;
	loop->batch.known = loop->train.known = loop->test.known = loop->forwarded = false;
}

bool FN(loop_judge)(struct FN(loop) *loop)
{
	if (at_the_end(loop))
		FN(loop_end)(loop, STATUS_COMPLETED);
	if (loop->run.s >= 0)
		log_scores(loop);
	watch(loop);
	return !loop->ended;
}

bool FN(loop_arrive)(struct FN(loop) *loop)
{
	FN(loop_come)(loop);
	if (!FN(loop_judge)(loop))
		FN(loop_finish)(loop);
	return !loop->ended;
}

bool FN(loop_step)(struct FN(loop) *loop)
{
	loop->run.update = true;
	if (FN(loop_diverges)(loop, step(loop))) {
		FN(loop_end)(loop, STATUS_DIVERGED);
		FN(loop_finish)(loop);
	} else {
		loop->run.t++;
	}
	return !loop->ended;
}

bool FN(loop_has_last)(const struct FN(loop) *loop)
{
	return loop->run.s >= 0 && loop->status != STATUS_DIVERGED && wants_batch(loop->run.settings);
}

void FN(loop_last)(struct FN(loop) *loop)
{
	struct FN(run) *run = &loop->run;
	if (!FN(loop_has_last)(loop))
		return;
	run->update = run->settings->metrics & METRIC_BIT(METRIC_UPDATE_RATIO);
	step(loop);
}
