/* naive.h: the network as the lecture writes it: plain loops in double, libm, no caches shared, nothing in place. The
 * reference for the fast one. One example a row; W[l]: n[l] × n[l−1]. Backward can be asked for a slip, to see that
 * tests catch it. */
#ifndef FATHOM_TEST_NAIVE_H
#define FATHOM_TEST_NAIVE_H

#include <math.h>
#include <stdlib.h>

#include "net/act.h"
#include "net/loss.h"

enum { NAIVE_LAYERS = 20 };

enum slip {
	SLIP_NONE,
	SLIP_OWN_OUTPUT, /* A[l] for A[l−1] in dW */
	SLIP_SLOPE,      /* g' of the layer after */
	SLIP_TRANSPOSE,  /* Wᵀ for W in dA */
};

struct naive {
	int L, B;
	const int *n;
	enum vec_function function;
	double *W[NAIVE_LAYERS], *b[NAIVE_LAYERS];
	double *Z[NAIVE_LAYERS], *A[NAIVE_LAYERS], *slope[NAIVE_LAYERS], *dZ[NAIVE_LAYERS];
	double *dW[NAIVE_LAYERS], *db[NAIVE_LAYERS];
	double loss; /* mean over examples */
};

static inline double naive_act(enum vec_function function, double z, double *slope)
{
	const double s = 1 / (1 + exp(-z)), density = exp(-z * z / 2) / sqrt(2 * M_PI), lambda = 1.0507009873554805,
		     alpha = 1.6732632423543773;
	switch (function) {
	case VEC_IDENTITY:
		return *slope = 1, z;
	case VEC_SIGMOID:
		return *slope = s * (1 - s), s;
	case VEC_TANH:
		return *slope = 1 / (cosh(z) * cosh(z)), tanh(z);
	case VEC_LECUN_TANH:
		return *slope = 1.7159 * 2 / 3 / pow(cosh(2 * z / 3), 2), 1.7159 * tanh(2 * z / 3);
	case VEC_SOFTSIGN:
		return *slope = 1 / pow(1 + fabs(z), 2), z / (1 + fabs(z));
	case VEC_HARDTANH:
		return *slope = fabs(z) < 1, fmin(fmax(z, -1), 1);
	case VEC_ERF:
		return *slope = 2 / sqrt(M_PI) * exp(-z * z), erf(z);
	case VEC_RELU:
		return *slope = z > 0, fmax(z, 0);
	case VEC_LEAKY_RELU:
		return *slope = z > 0 ? 1 : 0.01, z > 0 ? z : 0.01 * z;
	case VEC_ELU:
		return *slope = z > 0 ? 1 : exp(z), z > 0 ? z : expm1(z);
	case VEC_SELU:
		return *slope = lambda * (z > 0 ? 1 : alpha * exp(z)), lambda * (z > 0 ? z : alpha * expm1(z));
	case VEC_GELU:
		return *slope = 0.5 * erfc(-z / M_SQRT2) + z * density, z * 0.5 * erfc(-z / M_SQRT2);
	case VEC_SILU:
		return *slope = s * (1 + z * (1 - s)), z * s;
	case VEC_SOFTPLUS:
		return *slope = s, log1p(exp(z));
	case VEC_ABS:
		return *slope = (z > 0) - (z < 0), fabs(z);
	case VEC_SIN:
		return *slope = cos(z), sin(z);
	case VEC_FUNCTIONS:
		break;
	}
	abort();
}

static inline struct naive naive_new(int L, const int *n, int B, enum vec_function function)
{
	if (L >= NAIVE_LAYERS)
		abort();
	struct naive net = {.L = L, .B = B, .n = n, .function = function};
	for (int l = 0; l <= L; l++) {
		const size_t units = (size_t)B * (size_t)n[l], weights = (size_t)n[l] * (size_t)n[l > 0 ? l - 1 : 0];
		double **const arrays[] = {&net.Z[l], &net.A[l],  &net.slope[l], &net.dZ[l],
					   &net.W[l], &net.dW[l], &net.b[l],     &net.db[l]};
		for (int k = 0; k < 8; k++)
			*arrays[k] = calloc(k < 4 ? units : k < 6 ? weights : (size_t)n[l], sizeof(double));
	}
	return net;
}

static inline void naive_free(struct naive *net)
{
	for (int l = 0; l <= net->L; l++) {
		double *const arrays[] = {net->Z[l], net->A[l],  net->slope[l], net->dZ[l],
					  net->W[l], net->dW[l], net->b[l],     net->db[l]};
		for (int k = 0; k < 8; k++)
			free(arrays[k]);
	}
}

/* The loss of one example and ∂loss/∂z, straight from the definitions. */
static inline double naive_loss(enum loss_kind kind, int O, const double *z, int label, const double *target,
				double *dz)
{
	double loss = 0, sum = 0;
	switch (kind) {
	case LOSS_BCE:
		dz[0] = 1 / (1 + exp(-z[0])) - label;
		return -(label * log(1 / (1 + exp(-z[0]))) + (1 - label) * log(1 - 1 / (1 + exp(-z[0]))));
	case LOSS_SOFTMAX:
		for (int j = 0; j < O; j++)
			sum += exp(z[j]);
		for (int j = 0; j < O; j++)
			dz[j] = exp(z[j]) / sum - (j == label);
		return -log(exp(z[label]) / sum);
	case LOSS_MSE:
		for (int j = 0; j < O; j++) {
			const double y = target ? target[j] : O == 1 ? label : j == label;
			loss += (z[j] - y) * (z[j] - y) / O;
			dz[j] = 2 * (z[j] - y) / O;
		}
		return loss;
	}
	abort();
}

/* A[0] = X is in net->A[0]. Fills Z, A, slope, dZ[L], loss. */
static inline void naive_forward(struct naive *net, enum loss_kind loss, struct answers answers)
{
	for (int l = 1; l <= net->L; l++)
		for (int i = 0; i < net->B; i++)
			for (int o = 0; o < net->n[l]; o++) {
				double z = net->b[l][o];
				for (int k = 0; k < net->n[l - 1]; k++)
					z += net->W[l][o * net->n[l - 1] + k] * net->A[l - 1][i * net->n[l - 1] + k];
				net->Z[l][i * net->n[l] + o] = z;
				net->A[l][i * net->n[l] + o] =
					naive_act(net->function, z, &net->slope[l][i * net->n[l] + o]);
			}
	net->loss = 0;
	const int O = net->n[net->L];
	for (int i = 0; i < net->B; i++)
		net->loss += naive_loss(loss, O, net->Z[net->L] + i * O, answers.labels ? answers.labels[i] : 0,
					answers.targets ? answers.targets + i * O : NULL, net->dZ[net->L] + i * O) /
			     net->B;
}

/* After naive_forward. Slips need layers of equal width. */
static inline void naive_backward(struct naive *net, enum slip slip)
{
	for (int l = net->L; l >= 1; l--) {
		const int in = net->n[l - 1], out = net->n[l];
		const double *A = slip == SLIP_OWN_OUTPUT && l < net->L && l > 1 ? net->A[l] : net->A[l - 1];
		const double *slope = slip == SLIP_SLOPE && l < net->L ? net->slope[l] : net->slope[l - 1];
		const int transpose = slip == SLIP_TRANSPOSE && l < net->L;
		for (int o = 0; o < out; o++) {
			net->db[l][o] = 0;
			for (int i = 0; i < net->B; i++)
				net->db[l][o] += net->dZ[l][i * out + o] / net->B;
			for (int k = 0; k < in; k++) {
				net->dW[l][o * in + k] = 0;
				for (int i = 0; i < net->B; i++)
					net->dW[l][o * in + k] += net->dZ[l][i * out + o] * A[i * in + k] / net->B;
			}
		}
		for (int i = 0; l > 1 && i < net->B; i++)
			for (int k = 0; k < in; k++) {
				double dA = 0;
				for (int o = 0; o < out; o++)
					dA += net->W[l][transpose ? k * in + o : o * in + k] * net->dZ[l][i * out + o];
				net->dZ[l - 1][i * in + k] = dA * slope[i * in + k];
			}
	}
}

#endif
