/* update.h: the update functions behind the optimiser table, once per precision; private to this room. */
#ifndef FATHOM_UPDATE_H
#define FATHOM_UPDATE_H

#include "optim/optim.h"

#define UPDATE_DECLARE(name)                                                                                           \
	void name##_f32(size_t n, float *w, const float *g, float *const state[OPTIM_STATES], struct optim_step step); \
	void name##_f64(size_t n, double *w, const double *g, double *const state[OPTIM_STATES],                       \
			struct optim_step step);

UPDATE_DECLARE(update_sgd)
UPDATE_DECLARE(update_momentum)
UPDATE_DECLARE(update_nesterov)
UPDATE_DECLARE(update_adagrad)
UPDATE_DECLARE(update_rmsprop)
UPDATE_DECLARE(update_adam)
UPDATE_DECLARE(update_adamw)
UPDATE_DECLARE(update_sign_sgd)
#undef UPDATE_DECLARE

#endif
