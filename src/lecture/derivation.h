/* derivation.h: one backward pass of a small network, worked out: every number of forward, loss, backward and update, as the
 * network that trains studies (net/mlp_real.h, float64) computes them, each derivative beside differences of the loss; and the
 * same as a document to follow with pen and paper.
 *
 * The lecture's notation: A[0] = X, Z[l] = W[l] A[l−1] + b[l], A[l] = g(Z[l]); columns are examples. So the matrices here are
 * the transposes of the network's, where an example is a row.
 */
#ifndef FATHOM_DERIVATION_H
#define FATHOM_DERIVATION_H

#include "doc/doc.h"
#include "lecture/exercise.h"

/* What differences of the loss say of the derivatives of a layer. */
enum judgement {
	AGREES,
	TOO_SMALL, /* to be seen in a loss of 16 digits */
	AT_KINK,   /* they differ, but some Z lies where g has no derivative */
	DIFFERS,
};

/* Matrices row by row. */
struct derived {
	int in, out;           /* n[l−1], n[l] */
	double *W, *b;         /* out × in, out; b NULL without bias */
	double *Z, *A, *slope; /* out × m; slope = g'(Z); the output layer: A = ŷ, and no slope */
	double *dA, *dZ; /* out × m; of the loss of each example, not yet divided by m; the output layer: no dA */
	double *dW, *db; /* as W and b: of the mean loss */
	double *dW_check, *db_check; /* the same by differences */
	double *W_new, *b_new;       /* after the update */
	double error;                /* the largest difference, as a share of the layer's largest derivative */
	enum judgement judgement;
};

struct derivation {
	const struct problem *problem;
	int L, m;
	size_t parameters;
	struct derived *layer; /* [L + 1]; layer[0] has out and A = X only */
	double *Y;             /* n[L] × m: what is wanted; one-hot for classes */
	double *losses;        /* of each example */
	double loss, loss_new; /* their mean; the same after the update (NaN: there is none) */
	struct pool pool;
};

/* The problem must outlive it. ERR_SYSTEM when memory is short. */
int derivation_make(struct derivation *derivation, const struct problem *problem, struct err *err);
void derivation_release(struct derivation *derivation);

/* error and judgement of a layer, from its derivatives and their checks; derivation_make has done so. */
void derivation_judge(const struct derivation *derivation, int l);

/* Adds all of it to a document. */
void derivation_write(const struct derivation *derivation, struct doc *doc);

#endif
