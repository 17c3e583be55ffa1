/* run_real.h: a run in the making: network, batch, optimiser's memory, all in one arena. Private to the train room.
 *
 * Letters: N training examples, B examples of a batch, L layers, n[l] units, t updates done.
 */
#ifndef FATHOM_RUN_REAL_H
#define FATHOM_RUN_REAL_H

#include "optim/optim.h"
#include "probe/probe_real.h"
#include "train/train_from.h"

/* What the optimiser remembers of one layer. */
struct FN(memory) {
	real *W[OPTIM_STATES], *b[OPTIM_STATES];
};

struct FN(run) {
	const struct settings *settings;
	const struct dataset *data;
	const atomic_int *stop;
	enum loss_kind loss;
	int64_t N, steps, epoch_steps; /* updates of the budget, of an epoch */
	int64_t eval;                  /* log: eval; examples at most that a set is measured on */
	bool full;                     /* a batch is all N examples, in their order */

	struct FN(mlp) mlp;
	struct FN(probe) probe;
	struct FN(memory) *memory; /* [L + 1] */
	FN(optim_update) *updater;

	/* the batch */
	int B, ldx;
	real *X;                /* batch × n[0] */
	struct answers answers; /* of the batch: its labels or targets below, or with full those of the data set */
	int32_t *labels;
	double *targets;
	uint32_t *order; /* the examples of this epoch; NULL with full */
	int64_t epoch;   /* whose order it is; −1: none yet */

	real *chunk;     /* PREDICT_ROWS × n[0], for evaluation */
	double *scratch; /* for drawing initial weights */

	/* of the update in progress */
	struct trace *trace;
	int s;        /* the logged step; −1: not logged */
	int64_t t;    /* updates done before it */
	bool update;  /* false: the gradient is only looked at */
	double total; /* norm of the gradients so far; if logged or clipping */
};

/* Lays the run out in the arena (grown as needed), draws its weights or takes the given ones, and gathers the batch if that
 * never changes. n: n[0] … n[L]. keep_grads: for clipping and checks. ERR_SYSTEM when memory is short. */
int FN(run_make)(struct FN(run) *run, const struct train_input *input, const int *n, bool keep_grads,
		 struct arena *arena, struct err *err);

/* batch_real.c: the batch of update t + 1 into X, answers and B; does nothing with full. */
void FN(run_gather)(struct FN(run) *run, int64_t t);
/* The batch that another run of the same seed and examples has just gathered. The answers are the other's: until it gathers again. */
void FN(run_copy_batch)(struct FN(run) *run, const struct FN(run) *other);

/* The first run->eval examples of a set; sets *n to how many there were. Gives up when *stop is set. */
struct loss_sum FN(run_evaluate)(struct FN(run) *run, const struct examples *set, int64_t *n);

/* Number and learning rate of the update of layer l that comes next. */
struct optim_step FN(run_update)(const struct FN(run) *run, int l);

/* update_layers_real.c: backward over the batch with probes and updates of run->t, layer by layer. */
struct loss_sum FN(run_backward)(struct FN(run) *run);

/* Weights out and in, without padding, in the layout of trace.h. */
void FN(weights_save)(const struct FN(mlp) *mlp, real *values);
void FN(weights_load)(struct FN(mlp) *mlp, const real *values);

#endif
