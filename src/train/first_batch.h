/* first_batch.h: what the first update of a run sees: its initial weights and its first examples, to be looked at. */
#ifndef FATHOM_FIRST_BATCH_H
#define FATHOM_FIRST_BATCH_H

#include "net/loss.h"
#include "train/train.h"

/* Numbers of the run's precision, as doubles. In the pool. */
struct first_batch {
	int L, m;
	int *n;          /* n[0] … n[L] */
	double *weights; /* W[1] row by row, b[1], W[2] … */
	double *X;       /* m × n[0] */
	struct answers answers;
};

/* The first m examples of the batch, or all of them if it has fewer. */
int train_first_batch(const struct settings *settings, const struct dataset *data, int m, struct pool *pool,
		      struct first_batch *first, struct err *err);

#endif
