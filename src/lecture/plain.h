/* plain.h: the lecture's own program: its mathematics read plainly, in double, one loop a sum, the cache explicit. It shares
 * no code with the network that trains studies (net/mlp_real.h), so that each can be held against the other; and it makes a
 * slip on request, to see what would catch it.
 *
 *   forward    A[0] = X;  Z[l] = W[l] A[l-1] + b[l];  A[l] = g(Z[l]), l = 1 … L; at the output g is the sigmoid
 *   loss       J = mean of −(y log a + (1 − y) log(1 − a)), a = A[L], taken from Z[L] so that it is finite
 *   backward   dZ[L] = A[L] − Y;  dW[l] = dZ[l] A[l-1]ᵀ / m;  db[l] = row mean of dZ[l];
 *              dA[l-1] = W[l]ᵀ dZ[l];  dZ[l] = dA[l] ∘ g'(Z[l]), l = L … 1
 *   update     W[l] ← W[l] − η dW[l];  b[l] ← b[l] − η db[l]
 *
 * Letters: m examples, L layers, n[l] units. An example is a row: Z[l][k·n[l] + j] is unit j of example k; W[l][j·n[l-1] + i].
 */
#ifndef FATHOM_PLAIN_H
#define FATHOM_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "lecture/slips.h"
#include "net/act.h"

enum { PLAIN_LAYERS = 16 };

struct plain {
	int L, m, n[PLAIN_LAYERS + 1]; /* n[L] = 1: binary log-loss */
	int activation;                /* row of act_table: identity, sigmoid, tanh or relu */
	enum slip slip;
	int steps; /* done */
	double *W[PLAIN_LAYERS + 1], *b[PLAIN_LAYERS + 1];
	double *Z[PLAIN_LAYERS + 1], *A[PLAIN_LAYERS + 1]; /* the cache; A[0] = X */
	double *dA[PLAIN_LAYERS + 1], *dZ[PLAIN_LAYERS + 1];
	double *dW[PLAIN_LAYERS + 1], *db[PLAIN_LAYERS + 1];
	int32_t *y;  /* m labels 0 or 1 */
	double loss; /* of the last forward pass, mean over examples */
	struct pool pool;
};

/* Weights N(0, scale²/n[l-1]), biases N(0, .3²), inputs N(0, 1), and labels that can be learnt: whether x₁ + x₂² is above
 * its middle. A function of seed alone. */
struct plain_shape {
	int L, m;
	const int *n; /* n[0] … n[L] */
	const char *activation;
	double scale;
	uint32_t seed;
};
void plain_init(struct plain *net, const struct plain_shape *shape);
/* Another network of the same shape, weights, examples and activation; without its slip, steps or cache. */
void plain_copy(struct plain *net, const struct plain *from);
/* Weights W[1] row by row, b[1], W[2] … */
void plain_load(struct plain *net, const double *weights);
void plain_release(struct plain *net);

/* g(z) and its derivative. */
double plain_g(int activation, double z);
double plain_slope(int activation, double z);

/* Fills the cache and the loss. */
void plain_forward(struct plain *net);
/* Right to left over the cache: dZ, dW, db, dA. Each layer is updated as soon as its gradient is there: lr 0 changes nothing. */
void plain_backward(struct plain *net, double lr);
/* Forward, backward and update, slips of order included. */
void plain_step(struct plain *net, double lr);

/* dW and db by central differences of the loss, h = 1e-5; uses the cache. */
void plain_differences(struct plain *net);
/* How far the gradients of one network are from those of another: the largest ‖a − b‖ / max(‖a‖, ‖b‖) of a layer's dW or db;
 * infinite where one is not finite. The same of the weights. */
double plain_error(const struct plain *net, const struct plain *right);
double plain_distance(const struct plain *net, const struct plain *other);

/* A step, and the error of the gradients that it used against central differences at the weights that it started from. */
double plain_checked_step(struct plain *net, double lr);

/* |a − b| / max(|a|, |b|) of two numbers: 0 where they are equal, infinite where one is not finite. */
double plain_apart(double a, double b);

/* How many weights layer l has. */
size_t plain_weights(const struct plain *net, int l);

#endif
