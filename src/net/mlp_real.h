/* mlp_real.h: a fully connected network: layout, forward with cache, backward.
 *
 * The lecture's notation: A[0] = X, Z[l] = W[l] A[l−1] + b[l], A[l] = g(Z[l]), l = 1 … L, L the output layer, whose Z
 * goes straight into the loss. depth = L − 1 hidden layers. In memory an example is a row: A[l] is B × n[l], rows lda
 * apart.
 *
 * The cache of a forward pass is A[l] and the slope g'(Z[l]), which takes the place of Z[l] in D[l]: taken from z
 * itself it is exact in saturation, and backward turns it in place into δ[l] = dZ[l] = dA[l] ∘ g'(Z[l]).
 */
#ifndef FATHOM_MLP_REAL_H
#define FATHOM_MLP_REAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/team.h"
#include "math/kernels.h"
#include "math/real.h"
#include "net/act.h"
#include "net/init.h"
#include "net/loss.h"

struct FN(layer) {
	int in, out;   /* n[l−1], n[l] */
	int ldw, lda;  /* real_pad(in): rows of W; real_pad(out): rows of A and D */
	real *W;       /* out × in, rows ldw apart; padding is 0 */
	real *b;       /* out, or NULL without bias */
	real *A;       /* B × out; NULL for the output layer */
	real *D;       /* B × out: Z, then g'(Z), then dZ; the output layer: Z, then dZ */
	real *dW, *db; /* shaped as W and b: gradient of the MEAN loss; layers share one block unless keep_grads */
};

struct mlp_shape {
	int L;          /* layers with weights: depth + 1 */
	const int *n;   /* n[0] … n[L] */
	int batch;      /* largest B of a cached forward pass */
	int activation; /* row of act_table */
	enum loss_kind loss;
	bool bias;
	bool keep_grads; /* dW of every layer stays until the next backward (clipping by the total norm) */
};

struct FN(mlp) {
	struct mlp_shape shape;
	const struct act *act;
	const struct FN(kernels) *kernels;
	struct FN(layer) *layer; /* layer[1] … layer[L]; layer[0] is empty but for out = n[0], lda */
	real *work;              /* batch × widest layer, for dA */
	real *predict[2];        /* for mlp_predict: chunks of PREDICT_ROWS */
	struct team *team;       /* who helps with large products; NULL: nobody */
	size_t parameters;       /* Σ out·(in + bias), padding not counted */
};

/* How many examples mlp_predict takes at most at a time. */
enum { PREDICT_ROWS = 128 };

/* Takes all its memory from the arena; called on a measuring arena first, then again (base/arena.h). */
void FN(mlp_layout)(struct FN(mlp) *mlp, const struct mlp_shape *shape, struct arena *arena);

/* Initial weights, drawn in double and rounded. scratch: mlp_init_scratch(shape) doubles. */
void FN(mlp_init)(struct FN(mlp) *mlp, const struct init_spec *spec, uint32_t seed, double *scratch);
size_t FN(mlp_init_scratch)(const struct mlp_shape *shape);

/* The data-dependent half of lsuv (init_needs_data): layer by layer, W[l] is divided by the standard deviation of
 * Z[l] over these B ≤ batch examples and all units until its variance is within 0.1 of 1, at most 10 times (Mishkin &
 * Matas 2015). A layer whose Z is constant, or not finite, stays as it is. Uses the cache; X as in mlp_forward. */
void FN(mlp_lsuv)(struct FN(mlp) *mlp, const real *X, int B);

/* Fills the cache for B ≤ batch examples: A[l], D[l] = g'(Z[l]) of the hidden layers, D[L] = Z[L].
 * X: B × n[0], rows real_pad(n[0]) apart, 64-byte aligned. */
void FN(mlp_forward)(struct FN(mlp) *mlp, const real *X, int B);

/* What backward calls as soon as the gradient of layer l is there, l = L … 1: dZ[l] in D[l], dW[l], db[l]. It may
 * change W[l] and b[l]: dA[l−1] has been taken from the old W[l] already (lecture, claim 6). */
struct FN(gradient_sink) {
	void (*take)(void *self, struct FN(mlp) *mlp, int l);
	void *self;
};

/* After mlp_forward of the same X and B: loss and correct answers of the batch, then right to left every gradient. With
 * sink.take NULL only the gradients are computed (keep_grads to see them all). */
struct loss_sum FN(mlp_backward)(struct FN(mlp) *mlp, const real *X, int B, struct answers answers,
				 struct FN(gradient_sink) sink);

/* Z[L] of B ≤ PREDICT_ROWS examples without touching the cache; returns rows real_pad(n[L]) apart, valid until the
 * next call. */
const real *FN(mlp_predict)(struct FN(mlp) *mlp, const real *X, int B);

#endif
