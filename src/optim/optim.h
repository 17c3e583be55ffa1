/* optim.h: the optimiser and schedule tables. Formulas and defaults are PyTorch's (torch.optim 1.13) where it has them.
 * g is the gradient of the mean loss, w the weight, t = 1, 2, … the number of this update. */
#ifndef FATHOM_OPTIM_H
#define FATHOM_OPTIM_H

#include <stddef.h>
#include <stdint.h>

#include "base/numbers.h"
#include "base/table.h"

enum { OPTIM_STATES = 2 };

struct optim_spec {
	int optimizer; /* row of optim_table */
	double lr;
	struct numbers layer_lr; /* factor on lr for layers 1 … depth + 1; n = 0: all 1 */
	double momentum;         /* momentum, nesterov */
	double beta1, beta2;     /* adam, adamw */
	double rho;              /* rmsprop: PyTorch's alpha */
	double epsilon;
	double weight_decay; /* λ: added as λw to g; adamw: decoupled */
	double clip;         /* largest total gradient norm; 0: no clipping */
	int schedule;        /* row of schedule_table */
	int64_t warmup;      /* updates over which lr rises linearly from lr/warmup to lr, ahead of the schedule */
	int64_t decay_every; /* step: updates between decays */
	double decay_rate;   /* step, exponential: factor on lr (exponential: over the whole budget) */
	double lr_min;       /* cosine: the last learning rate, as a share of lr */
};

/* One update of n elements: w and state[0 … states−1] are changed in place. Elementwise, so blocks may be cut
 * anywhere. */
struct optim_step {
	double lr; /* of this update, schedule and layer factor included */
	int64_t t;
	const struct optim_spec *spec;
};

struct optim {
	const char *name, *about;
	int states; /* arrays of the size of w that it keeps, zero at the start */
	void (*update_f32)(size_t n, float *w, const float *g, float *const state[OPTIM_STATES],
			   struct optim_step step);
	void (*update_f64)(size_t n, double *w, const double *g, double *const state[OPTIM_STATES],
			   struct optim_step step);
};

extern const struct optim optims[];
extern const struct table optim_table;    /* sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, sign-sgd */
extern const struct table schedule_table; /* constant, step, exponential, cosine; warmup is a key of its own */

/* The learning rate of update t = 1 … steps. */
double schedule_lr(const struct optim_spec *spec, int64_t t, int64_t steps);

#endif
