/* loop_real.h: one run, step by step: what is done between its updates, whoever makes them. Private to the train room.
 *
 *     while (loop_arrive(&loop) && loop_step(&loop))
 *             ;
 *     loop_last(&loop);
 *
 * is the life of a run. Where runs are trained side by side (group_real.c) most updates are made elsewhere.
 */
#ifndef FATHOM_LOOP_REAL_H
#define FATHOM_LOOP_REAL_H

#include "train/run_real.h"

/* A set as measured at this step. */
struct FN(score) {
	bool known;
	double loss, accuracy; /* means; NaN where there is none */
};

struct FN(loop) {
	struct FN(run) run;
	int next;                     /* the next logged step to come */
	bool forwarded;               /* whether the batch of update t + 1 is in the cache */
	struct FN(score) batch;       /* of the batch at this step, with full batches */
	struct FN(score) train, test; /* at this step */
	double best_accuracy;         /* of the test set so far; NaN: not measured yet */
	double lowest;                /* watched loss so far, and when */
	int64_t lowest_at;
	bool ended;
	enum status status;
};

/* Makes the run (run_make) and its empty trace, loop->run.trace, which the caller frees or gives away. */
int FN(loop_open)(struct FN(loop) *loop, const struct train_input *input, struct arena *arena, struct err *err);

/* At t = run.t, before the update: logs and judges. False: the run has ended, and is finished. It is, one after the other:
 * loop_come (which row of the trace it is; what was known is no longer true), loop_judge (measures what is not known yet;
 * false: ended), and loop_finish. */
bool FN(loop_arrive)(struct FN(loop) *loop);
void FN(loop_come)(struct FN(loop) *loop);
bool FN(loop_judge)(struct FN(loop) *loop);

/* After loop_come: whether loop_judge has nothing to do, and need not be asked. */
bool FN(loop_idle)(const struct FN(loop) *loop);

/* Whether loop_judge and loop_finish need loop->train, loop->test at this step, and need an evaluation for it. */
bool FN(loop_needs_train)(const struct FN(loop) *loop);
bool FN(loop_needs_test)(const struct FN(loop) *loop);
struct FN(score) FN(loop_score)(const struct examples *set, struct loss_sum sum, int64_t n);

/* Forward, backward and update t + 1; measured if t is logged. False: it has diverged, and is finished. */
bool FN(loop_step)(struct FN(loop) *loop);

/* After the end: the last logged row measures the batch that would come next, if it has_last. */
void FN(loop_last)(struct FN(loop) *loop);
bool FN(loop_has_last)(const struct FN(loop) *loop);

bool FN(loop_diverges)(const struct FN(loop) *loop, double loss);
void FN(loop_end)(struct FN(loop) *loop, enum status status);

/* With the weights of now as the last ones: what is known of the run as a whole. */
void FN(loop_finish)(struct FN(loop) *loop);

#endif
