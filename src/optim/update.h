/* update.h: the inner loops behind the optimiser table, once per precision and instruction set; private to this room. */
#ifndef FATHOM_UPDATE_H
#define FATHOM_UPDATE_H

#include "math/kernels.h"
#include "optim/optim.h"

enum update {
	UPDATE_SGD,
	UPDATE_MOMENTUM,
	UPDATE_NESTEROV,
	UPDATE_ADAGRAD,
	UPDATE_RMSPROP,
	UPDATE_ADAM,
	UPDATE_SIGN_SGD,
	UPDATE_N
};

#define UPDATE_DECLARE(real, suffix, isa)                                                                              \
	extern void (*const updates##suffix##isa[UPDATE_N])(size_t n, real * w, const real *g,                         \
							    real *const state[OPTIM_STATES],                           \
							    const struct optim_coefs##suffix *coefs);

UPDATE_DECLARE(float, _f32, _generic)
UPDATE_DECLARE(double, _f64, _generic)
UPDATE_DECLARE(float, _f32, _avx2) /* this and the next only on x86 */
UPDATE_DECLARE(double, _f64, _avx2)
UPDATE_DECLARE(float, _f32, _avx512)
UPDATE_DECLARE(double, _f64, _avx512)
#undef UPDATE_DECLARE

#endif
