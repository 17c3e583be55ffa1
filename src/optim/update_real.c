/* update_real.c: one update of every optimiser, elementwise; formulas and order of operations are those of
 * torch.optim 1.13.
 *
 * Scalars (bias corrections, 1 − β) are made in double and rounded once; elements are in the run's precision. Where
 * g, w and the state are 0 (the padding of a matrix) they stay 0 as long as epsilon > 0.
 *
 * Letters: η learning rate, λ weight decay, μ momentum, t number of the update.
 */
#include <math.h>
#include <sleef.h>

#include "math/real.h"
#include "optim/update.h"

#define UPDATE(name)                                                                                                   \
	void FN(name)(size_t n, real *restrict w, const real *restrict g, real *const state[OPTIM_STATES],             \
		      struct optim_step step)

static real root(real x)
{
#if REAL_BITS == 32
	return sqrtf(x);
#else
	return sqrt(x);
#endif
}

/* g ← g + λw; w ← w − ηg */
UPDATE(update_sgd)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay;
	for (size_t i = 0; i < n; i++)
		w[i] -= lr * (g[i] + decay * w[i]);
}

/* v ← μv + g; w ← w − ηv. The first step is v = g, as in PyTorch, since v starts at 0. */
UPDATE(update_momentum)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay, mu = (real)step.spec->momentum;
	real *restrict v = state[0];
	for (size_t i = 0; i < n; i++) {
		v[i] = mu * v[i] + (g[i] + decay * w[i]);
		w[i] -= lr * v[i];
	}
}

/* v ← μv + g; w ← w − η(g + μv) */
UPDATE(update_nesterov)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay, mu = (real)step.spec->momentum;
	real *restrict v = state[0];
	for (size_t i = 0; i < n; i++) {
		const real d = g[i] + decay * w[i];
		v[i] = mu * v[i] + d;
		w[i] -= lr * (d + mu * v[i]);
	}
}

/* s ← s + g²; w ← w − ηg / (√s + ε)   (Duchi, Hazan & Singer 2011) */
UPDATE(update_adagrad)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay, epsilon = (real)step.spec->epsilon;
	real *restrict s = state[0];
	for (size_t i = 0; i < n; i++) {
		const real d = g[i] + decay * w[i];
		s[i] += d * d;
		w[i] -= lr * (d / (root(s[i]) + epsilon));
	}
}

/* s ← ρs + (1 − ρ)g²; w ← w − ηg / (√s + ε)   (Tieleman & Hinton 2012; PyTorch's default, without momentum) */
UPDATE(update_rmsprop)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay, epsilon = (real)step.spec->epsilon;
	const real rho = (real)step.spec->rho, rest = (real)(1 - step.spec->rho);
	real *restrict s = state[0];
	for (size_t i = 0; i < n; i++) {
		const real d = g[i] + decay * w[i];
		s[i] = rho * s[i] + rest * (d * d);
		w[i] -= lr * (d / (root(s[i]) + epsilon));
	}
}

/* m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← keep·w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)   (Kingma & Ba 2015)
 * coupled decay: λw is added to g, keep = 1; decoupled: keep = 1 − ηλ (Loshchilov & Hutter 2019). */
static void adam(size_t n, real *restrict w, const real *restrict g, real *const state[OPTIM_STATES],
		 struct optim_step step, real decay, real keep)
{
	const struct optim_spec *spec = step.spec;
	const double start1 = 1 - Sleef_finz_powd1_u10purecfma(spec->beta1, (double)step.t);
	const double start2 = 1 - Sleef_finz_powd1_u10purecfma(spec->beta2, (double)step.t);
	const real size = (real)(step.lr / start1), root2 = (real)sqrt(start2), epsilon = (real)spec->epsilon;
	const real beta1 = (real)spec->beta1, rest1 = (real)(1 - spec->beta1);
	const real beta2 = (real)spec->beta2, rest2 = (real)(1 - spec->beta2);
	real *restrict m = state[0], *restrict v = state[1];
	for (size_t i = 0; i < n; i++) {
		const real d = g[i] + decay * w[i];
		m[i] = beta1 * m[i] + rest1 * d;
		v[i] = beta2 * v[i] + rest2 * (d * d);
		w[i] = keep * w[i] - size * (m[i] / (root(v[i]) / root2 + epsilon));
	}
}

UPDATE(update_adam)
{
	adam(n, w, g, state, step, (real)step.spec->weight_decay, 1);
}

UPDATE(update_adamw)
{
	adam(n, w, g, state, step, 0, (real)(1 - step.lr * step.spec->weight_decay));
}

/* w ← w − η sign(g), sign(0) = 0   (Bernstein et al. 2018) */
UPDATE(update_sign_sgd)
{
	const real lr = (real)step.lr, decay = (real)step.spec->weight_decay;
	for (size_t i = 0; i < n; i++) {
		const real d = g[i] + decay * w[i];
		w[i] -= d > 0 ? lr : d < 0 ? -lr : 0;
	}
}
