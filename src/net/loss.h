/* loss.h: the loss table: binary log-loss from the logit, softmax cross-entropy, mean squared error. */
#ifndef FATHOM_LOSS_H
#define FATHOM_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"

enum loss_kind { LOSS_BCE, LOSS_SOFTMAX, LOSS_MSE };

struct loss {
	const char *name, *about;
	enum loss_kind kind;
};

extern const struct loss losses[];
extern const struct table loss_table; /* bce, cross-entropy, mse */

/* The width of the output layer for data of that many classes (0: regression with that many targets), or −1 where the
 * combination is impossible (bce with 10 classes, cross-entropy on a regression). mse on classes learns one-hot rows
 * (one output 0/1 for two classes). */
int loss_outputs(enum loss_kind kind, int classes, int targets);

/* What the examples of a batch should give: labels, or targets B × O; exactly one is not NULL. */
struct answers {
	const int32_t *labels;
	const double *targets;
};

struct loss_sum {
	double loss; /* Σ over examples of loss_i; mse: loss_i = mean over outputs of (f − y)² (PyTorch) */
	int64_t correct; /* examples whose largest output (or sign of the logit; 0.5 for mse) is the label; 0 for regression */
};

/* Z: B × O, rows ldz apart. Adds up in double, examples ascending. If dZ is not NULL it gets ∂loss_i/∂z_ij of each
 * example alone (not divided by B), rows ldz apart; dZ may be Z. Stable for any finite logit. */
struct loss_sum loss_eval_f32(enum loss_kind kind, int B, int O, const float *Z, int ldz, struct answers answers,
			      float *dZ);
struct loss_sum loss_eval_f64(enum loss_kind kind, int B, int O, const double *Z, int ldz, struct answers answers,
			      double *dZ);

#endif
