/* update_kernel.c: one update of every optimiser, elementwise; formulas and order of operations are those of
 * torch.optim 1.13.
 *
 * Coefficients are made in double and rounded once (optim.c); elements are in the run's precision. A coefficient is a vector,
 * so that the elements of a vector may belong to different runs. Where g, w and the state are 0 (the padding of a matrix) they
 * stay 0 as long as epsilon > 0.
 *
 * Letters: η learning rate, λ weight decay, μ momentum, t number of the update.
 */
#include "math/simd.h"
#include "optim/update.h"

struct element {
	vreal w, g, state[OPTIM_STATES];
};

struct v_coefs {
	vreal of[COEFS];
};

typedef void formula(struct element *e, const struct v_coefs *c);

INLINE vreal decayed(const struct element *e, const struct v_coefs *c)
{
	return e->g + c->of[COEF_DECAY] * e->w;
}

/* g ← g + λw; w ← w − ηg */
INLINE void sgd(struct element *e, const struct v_coefs *c)
{
	e->w -= c->of[COEF_LR] * decayed(e, c);
}

/* v ← μv + g; w ← w − ηv. The first step is v = g, as in PyTorch, since v starts at 0. */
INLINE void momentum(struct element *e, const struct v_coefs *c)
{
	e->state[0] = c->of[COEF_FIRST] * e->state[0] + decayed(e, c);
	e->w -= c->of[COEF_LR] * e->state[0];
}

/* v ← μv + g; w ← w − η(g + μv) */
INLINE void nesterov(struct element *e, const struct v_coefs *c)
{
	const vreal d = decayed(e, c), mu = c->of[COEF_FIRST];
	e->state[0] = mu * e->state[0] + d;
	e->w -= c->of[COEF_LR] * (d + mu * e->state[0]);
}

/* s ← s + g²; w ← w − ηg / (√s + ε)   (Duchi, Hazan & Singer 2011) */
INLINE void adagrad(struct element *e, const struct v_coefs *c)
{
	const vreal d = decayed(e, c);
	e->state[0] += d * d;
	e->w -= c->of[COEF_LR] * (d / (v_root(e->state[0]) + c->of[COEF_EPSILON]));
}

/* s ← ρs + (1 − ρ)g²; w ← w − ηg / (√s + ε)   (Tieleman & Hinton 2012; PyTorch's default, without momentum) */
INLINE void rmsprop(struct element *e, const struct v_coefs *c)
{
	const vreal d = decayed(e, c);
	e->state[0] = c->of[COEF_SECOND] * e->state[0] + c->of[COEF_SECOND_REST] * (d * d);
	e->w -= c->of[COEF_LR] * (d / (v_root(e->state[0]) + c->of[COEF_EPSILON]));
}

/* m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← keep·w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)   (Kingma & Ba 2015)
 * coupled decay: λw is added to g, keep = 1; decoupled: keep = 1 − ηλ (Loshchilov & Hutter 2019). */
INLINE void adam(struct element *e, const struct v_coefs *c)
{
	const vreal d = decayed(e, c);
	e->state[0] = c->of[COEF_FIRST] * e->state[0] + c->of[COEF_FIRST_REST] * d;
	e->state[1] = c->of[COEF_SECOND] * e->state[1] + c->of[COEF_SECOND_REST] * (d * d);
	e->w = c->of[COEF_KEEP] * e->w -
	       c->of[COEF_LR] * (e->state[0] / (v_root(e->state[1]) / c->of[COEF_CORRECTION] + c->of[COEF_EPSILON]));
}

/* w ← w − η sign(g), sign(0) = 0   (Bernstein et al. 2018) */
INLINE void sign_sgd(struct element *e, const struct v_coefs *c)
{
	const vreal d = decayed(e, c), lr = c->of[COEF_LR];
	e->w -= v_select(d > 0, lr, v_select(d < 0, -lr, (vreal){0}));
}

/* n ≤ LANES elements through full vectors */
INLINE void part(formula *f, int states, size_t n, real *w, const real *g, real *const state[OPTIM_STATES],
		 const struct v_coefs *c)
{
	real lane[2 + OPTIM_STATES][LANES] = {0};
	struct element e;
	memcpy(lane[0], w, n * sizeof *w);
	memcpy(lane[1], g, n * sizeof *g);
	for (int s = 0; s < states; s++)
		memcpy(lane[2 + s], state[s], n * sizeof *w);
	memcpy(&e, lane, sizeof e);
	f(&e, c);
	v_store_part(w, e.w, (int)n);
	for (int s = 0; s < states; s++)
		v_store_part(state[s], e.state[s], (int)n);
}

INLINE void all(formula *f, const int states, size_t n, real *w, const real *g, real *const state[OPTIM_STATES],
		const struct FN(optim_coefs) *coefs)
{
	struct v_coefs c;
	real *own[OPTIM_STATES] = {0};
	size_t i = 0;
	for (int k = 0; k < COEFS; k++)
		c.of[k] = v_load(coefs->of[k]);
	for (int s = 0; s < states; s++)
		own[s] = state[s];
	for (; i + LANES <= n; i += LANES) {
		struct element e = {.w = v_load(w + i), .g = v_load(g + i)};
#pragma GCC unroll 2
		for (int s = 0; s < states; s++)
			e.state[s] = v_load(own[s] + i);
		f(&e, &c);
		v_store(w + i, e.w);
#pragma GCC unroll 2
		for (int s = 0; s < states; s++)
			v_store(own[s] + i, e.state[s]);
	}
	for (int s = 0; s < states; s++)
		own[s] += i;
	if (i < n)
		part(f, states, n - i, w + i, g + i, own, &c);
}

#define UPDATES(X)                                                                                                     \
	X(UPDATE_SGD, sgd, 0)                                                                                          \
	X(UPDATE_MOMENTUM, momentum, 1)                                                                                \
	X(UPDATE_NESTEROV, nesterov, 1)                                                                                \
	X(UPDATE_ADAGRAD, adagrad, 1)                                                                                  \
	X(UPDATE_RMSPROP, rmsprop, 1)                                                                                  \
	X(UPDATE_ADAM, adam, 2)                                                                                        \
	X(UPDATE_SIGN_SGD, sign_sgd, 0)

#define DEFINE(row, f, states)                                                                                         \
	static void update_##f(size_t n, real *w, const real *g, real *const state[OPTIM_STATES],                      \
			       const struct FN(optim_coefs) *coefs)                                                    \
	{                                                                                                              \
		all(f, states, n, w, g, state, coefs);                                                                 \
	}
UPDATES(DEFINE)

#define ROW(row, f, states) [row] = update_##f,
void (*const ISA_FN(updates)[UPDATE_N])(size_t n, real *w, const real *g, real *const state[OPTIM_STATES],
					const struct FN(optim_coefs) *coefs) = {UPDATES(ROW)};
