/* act.c: the activation table, see act.h. Formulas are the vector kernels'; here is what a user and the probes know
 * of them.
 *
 * Saturation: where the output is within 1 % of a bound of its range: |a| > 0.99 of the bound (the exponential branch
 * of elu and selu has the lower bound alone), for the sigmoid a < 0.01 or a > 0.99. The relu family does not
 * saturate: it dies. Gains are those of PyTorch 1.13's nn.init.calculate_gain; it has none for the others, which get
 * 1 ("gains that keep q = 1" are another idea: set init_scale).
 */
#include "net/act.h"

#include <math.h>

#define LECUN_LIMIT 1.7159
#define SELU_LIMIT 1.7580993408473768    /* λα */
#define GELU_STEEPEST 1.128904145185155  /* Φ(√2) + √2 φ(√2), at z = √2 */
#define SILU_STEEPEST 1.0998393201288634 /* at z = 2.39936, a root of 2 = z tanh(z/2) */
#define NEVER NAN, NAN

const struct act acts[] = {
	{"identity", "z: a linear network", VEC_IDENTITY, 1, 1, NEVER, false},
	{"sigmoid", "1 / (1 + exp(-z))", VEC_SIGMOID, 1, 0.25, 0.01, 0.99, false},
	{"tanh", "tanh(z)", VEC_TANH, 5.0 / 3, 1, -0.99, 0.99, false},
	{"lecun-tanh", "1.7159 tanh(2z/3) (LeCun 1998)", VEC_LECUN_TANH, 1, LECUN_LIMIT * 2 / 3, -0.99 * LECUN_LIMIT,
	 0.99 * LECUN_LIMIT, false},
	{"softsign", "z / (1 + |z|)", VEC_SOFTSIGN, 1, 1, -0.99, 0.99, false},
	{"hardtanh", "z cut at -1 and 1", VEC_HARDTANH, 1, 1, -0.99, 0.99, false},
	{"erf", "error function", VEC_ERF, 1, M_2_SQRTPI, -0.99, 0.99, false},
	{"relu", "max(z, 0)", VEC_RELU, M_SQRT2, 1, NEVER, true},
	{"leaky-relu", "z above 0, 0.01 z below", VEC_LEAKY_RELU, 1.4141428569978354 /* √(2 / (1 + 0.01²)) */, 1, NEVER,
	 false},
	{"elu", "z above 0, exp(z) - 1 below", VEC_ELU, 1, 1, -0.99, INFINITY, false},
	{"selu", "1.0507 z above 0, 1.7581 (exp(z) - 1) below (Klambauer et al. 2017)", VEC_SELU, 0.75, SELU_LIMIT,
	 -0.99 * SELU_LIMIT, INFINITY, false},
	{"gelu", "z Phi(z), exact", VEC_GELU, 1, GELU_STEEPEST, NEVER, false},
	{"silu", "z sigmoid(z), also called swish", VEC_SILU, 1, SILU_STEEPEST, NEVER, false},
	{"softplus", "log(1 + exp(z))", VEC_SOFTPLUS, 1, 1, NEVER, false},
	{"abs", "|z|", VEC_ABS, 1, 1, NEVER, false},
	{"sin", "sin(z)", VEC_SIN, 1, 1, NEVER, false},
};

const struct table act_table = TABLE("activation", acts);
