/* optim.h: the optimiser and schedule tables. Formulas and defaults are PyTorch's (torch.optim 1.13) where it has them.
 * g is the gradient of the mean loss, w the weight, t = 1, 2, … the number of this update. */
#ifndef FATHOM_OPTIM_H
#define FATHOM_OPTIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/numbers.h"
#include "base/table.h"
#include "math/kernels.h"

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

/* The number of an update, and its learning rate: schedule and layer factor included. */
struct optim_step {
	double lr;
	int64_t t;
	const struct optim_spec *spec;
};

/* What the elements of an update are multiplied with and divided by. */
enum coef {
	COEF_LR,    /* adam, adamw: over 1 − β₁ᵗ */
	COEF_DECAY, /* 0 with adamw */
	COEF_KEEP,  /* factor on w: 1; adamw: 1 − ηλ */
	COEF_FIRST, /* momentum; β₁ */
	COEF_FIRST_REST,
	COEF_SECOND, /* ρ; β₂ */
	COEF_SECOND_REST,
	COEF_EPSILON,
	COEF_CORRECTION, /* √(1 − β₂ᵗ) */
	COEFS
};

/* A vector of each, so that several runs may be updated side by side: element i of the arrays belongs to lane i % lanes,
 * lanes being that of math/kernels.h. */
struct optim_coefs_f32 {
	_Alignas(64) float of[COEFS][KERNELS_LANES];
};
struct optim_coefs_f64 {
	_Alignas(64) double of[COEFS][KERNELS_LANES];
};

/* Sets the coefficients of the lanes first, first + stride, …: (0, 1) is all of them, (lane, lanes) those of one run. */
void optim_coefs_f32(struct optim_coefs_f32 *coefs, const struct optim_step *step, int first, int stride);
void optim_coefs_f64(struct optim_coefs_f64 *coefs, const struct optim_step *step, int first, int stride);

/* Whether they are the same for every update. */
bool optim_steady(const struct optim_spec *spec);

/* One update of n elements: w and state[0 … states−1] are changed in place. Elementwise, so blocks may be cut anywhere
 * (with equal lanes), at multiples of lanes otherwise. */
typedef void optim_update_f32(size_t n, float *w, const float *g, float *const state[OPTIM_STATES],
			      const struct optim_coefs_f32 *coefs);
typedef void optim_update_f64(size_t n, double *w, const double *g, double *const state[OPTIM_STATES],
			      const struct optim_coefs_f64 *coefs);

struct optim {
	const char *name, *about;
	int states; /* arrays of the size of w that it keeps, zero at the start */
	int update; /* its inner loop: update.h */
	void (*special)(const struct optim_step *step,
			double coef[COEFS]); /* what its coefficients are beside the usual; or NULL */
};

/* The inner loop of an optimiser for this processor (FATHOM_ISA included). */
optim_update_f32 *optim_updater_f32(int optimizer);
optim_update_f64 *optim_updater_f64(int optimizer);

extern const struct optim optims[];
extern const struct table optim_table;    /* sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, sign-sgd */
extern const struct table schedule_table; /* constant, step, exponential, cosine; warmup is a key of its own */

/* The learning rate of update t = 1 … steps. */
double schedule_lr(const struct optim_spec *spec, int64_t t, int64_t steps);

#endif
