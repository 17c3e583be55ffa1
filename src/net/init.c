/* init.c: initial weights, see init.h.
 *
 * W = gain · init_scale · scale · draw: a row of the table names the draw, numbers of unit variance where it is
 * random, and the scale, the standard deviation that its authors give as a function of the fans. fan_in = in, fan_out
 * = out. `gain: activation` takes the activation's gain in place of the row's, for all layers alike, the last
 * included.
 *
 * To add a scheme: its row here; a new scale or draw above if it needs one.
 */
#include "net/init.h"

#include <math.h>

#include "base/err.h"
#include "base/rng.h"
#include "math/kernels.h"
#include "net/act.h"
#include "net/orthogonal.h"

struct layer_shape {
	const struct init_spec *spec;
	uint32_t seed;
	int layer, in, out;
};

/* ---- draws: W[o·in + i] from number o·in + i of the layer's stream, so that schemes with equal draws are paired
 * ---- */

static struct rng weight_stream(const struct layer_shape *shape, uint32_t attempt)
{
	return rng_stream(shape->seed, RNG_WEIGHT, (uint32_t)shape->layer, attempt);
}

static size_t weights(const struct layer_shape *shape)
{
	return (size_t)shape->in * (size_t)shape->out;
}

static void draw_ones(const struct layer_shape *shape, double *W, double *scratch)
{
	for (size_t k = 0; k < weights(shape); k++)
		W[k] = 1;
}

/* rng_fill_normal, a vector at a time */
static void draw_normal(const struct layer_shape *shape, double *W, double *scratch)
{
	enum { PAIRS = 64 };
	const struct kernels_f64 *kernels = kernels_f64();
	const struct rng rng = weight_stream(shape, 0);
	const size_t n = weights(shape);
	for (size_t from = 0; from < n; from += 2 * PAIRS) {
		double both[2 * PAIRS], u[PAIRS], v[PAIRS], x[PAIRS], y[PAIRS];
		const size_t here = n - from < 2 * PAIRS ? n - from : 2 * PAIRS, pairs = (here + 1) / 2;
		rng_fill_uniform_from(&rng, from, 2 * pairs, both);
		for (size_t i = 0; i < pairs; i++) {
			u[i] = both[2 * i];
			v[i] = both[2 * i + 1];
		}
		kernels->normals(pairs, u, v, x, y);
		for (size_t i = 0; i < here; i++)
			W[from + i] = i % 2 ? y[i / 2] : x[i / 2];
	}
}

/* U(0, 1): the one draw that has neither mean 0 nor variance 1. */
static void draw_positive(const struct layer_shape *shape, double *W, double *scratch)
{
	const struct rng rng = weight_stream(shape, 0);
	rng_fill_uniform(&rng, weights(shape), W);
}

/* U(−√3, √3) */
static void draw_uniform(const struct layer_shape *shape, double *W, double *scratch)
{
	draw_positive(shape, W, scratch);
	for (size_t k = 0; k < weights(shape); k++)
		W[k] = sqrt(3) * (2 * W[k] - 1);
}

/* Normals cut at ±2σ, with σ such that what is left has variance 1. A number outside is drawn again at the same place
 * of the stream's next step, so that the 95 % inside are those of the other normal schemes (by inverse CDF none would
 * be). */
static void draw_truncated(const struct layer_shape *shape, double *W, double *scratch)
{
	draw_normal(shape, W, scratch);
	for (size_t k = 0; k < weights(shape); k++) {
		for (uint32_t attempt = 1; fabs(W[k]) > 2; attempt++) {
			const struct rng rng = weight_stream(shape, attempt);
			W[k] = rng_normal(&rng, k);
		}
		W[k] /= 0.87962566103423978;
	}
}

/* Of each column (the weights that leave one input) ⌈sparsity · out⌉ are 0, chosen at random: Martens 2010 by
 * PyTorch's sparse_. */
static void draw_sparse(const struct layer_shape *shape, double *W, double *scratch)
{
	const int zeros = (int)ceil(shape->spec->sparsity * shape->out);
	uint32_t *order = (void *)scratch;
	draw_normal(shape, W, scratch);
	for (int i = 0; i < shape->in; i++) {
		const struct rng rng = rng_stream(shape->seed, RNG_SPARSE, (uint32_t)shape->layer, (uint32_t)i);
		rng_permutation(&rng, (uint32_t)shape->out, order);
		for (int k = 0; k < zeros && k < shape->out; k++)
			W[(size_t)order[k] * (size_t)shape->in + (size_t)i] = 0;
	}
}

/* Saxe et al. 2013, as PyTorch's orthogonal_: the shorter of rows and columns are orthonormal. */
static void draw_orthogonal(const struct layer_shape *shape, double *W, double *scratch)
{
	const int in = shape->in, out = shape->out;
	draw_normal(shape, W, scratch);
	if (out <= in) {
		orthonormalise(out, in, W, scratch);
		return;
	}
	double *columns = scratch;
	for (int o = 0; o < out; o++)
		for (int i = 0; i < in; i++)
			columns[(size_t)i * (size_t)out + (size_t)o] = W[(size_t)o * (size_t)in + (size_t)i];
	orthonormalise(in, out, columns, scratch + weights(shape));
	for (int o = 0; o < out; o++)
		for (int i = 0; i < in; i++)
			W[(size_t)o * (size_t)in + (size_t)i] = columns[(size_t)i * (size_t)out + (size_t)o];
}

/* ---- scales ---- */

static double scale_zero(const struct layer_shape *shape)
{
	return 0;
}

static double scale_one(const struct layer_shape *shape)
{
	return 1;
}

static double scale_value(const struct layer_shape *shape)
{
	return shape->spec->init_value;
}

static double scale_std(const struct layer_shape *shape)
{
	return shape->spec->init_std;
}

static double scale_tenth(const struct layer_shape *shape)
{
	return 0.1;
}

/* Of U(−0.1, 0.1) */
static double scale_tenth_std(const struct layer_shape *shape)
{
	return 0.1 / sqrt(3);
}

/* Glorot & Bengio 2010 */
static double scale_xavier(const struct layer_shape *shape)
{
	return sqrt(2.0 / ((double)shape->in + shape->out));
}

/* LeCun et al. 1998; He et al. 2015 with gain √2 */
static double scale_fan_in(const struct layer_shape *shape)
{
	return sqrt(1.0 / shape->in);
}

/* nn.Linear of PyTorch: U(±1/√in) */
static double scale_pytorch(const struct layer_shape *shape)
{
	return sqrt(1.0 / 3 / shape->in);
}

struct init {
	const char *name, *about;
	void (*draw)(const struct layer_shape *shape, double *W, double *scratch);
	double (*scale)(const struct layer_shape *shape);
	double gain;
	enum { NOTHING, OWN_BIAS, NEEDS_DATA } special; /* biases of its own where bias_std is 0; see init_needs_data */
};

static const struct init inits[] = {
	{"zeros", "0", draw_ones, scale_zero, 1, NOTHING},
	{"constant", "init_value", draw_ones, scale_value, 1, NOTHING},
	{"uniform", "U(-b, b), b = sqrt(3) init_std", draw_uniform, scale_std, 1, NOTHING},
	{"normal", "N(0, init_std^2)", draw_normal, scale_std, 1, NOTHING},
	{"truncated-normal", "normal cut at two sigma, of standard deviation init_std after the cut", draw_truncated,
	 scale_std, 1, NOTHING},
	{"uniform-0.1-symmetric", "U(-0.1, 0.1): 'uniform x 0.1', read as symmetric", draw_uniform, scale_tenth_std, 1,
	 NOTHING},
	{"uniform-0.1-positive", "U(0, 0.1): 'uniform x 0.1', read as rand() * 0.1", draw_positive, scale_tenth, 1,
	 NOTHING},
	{"xavier-uniform", "U, variance 2/(in + out) (Glorot & Bengio 2010)", draw_uniform, scale_xavier, 1, NOTHING},
	{"xavier-normal", "N(0, 2/(in + out)) (Glorot & Bengio 2010)", draw_normal, scale_xavier, 1, NOTHING},
	{"he-uniform", "U, variance 2/in (He et al. 2015)", draw_uniform, scale_fan_in, M_SQRT2, NOTHING},
	{"he-normal", "N(0, 2/in) (He et al. 2015)", draw_normal, scale_fan_in, M_SQRT2, NOTHING},
	{"lecun-uniform", "U, variance 1/in (LeCun et al. 1998)", draw_uniform, scale_fan_in, 1, NOTHING},
	{"lecun-normal", "N(0, 1/in) (LeCun et al. 1998)", draw_normal, scale_fan_in, 1, NOTHING},
	{"pytorch-default", "U(+-1/sqrt(in)), biases too: PyTorch's nn.Linear", draw_uniform, scale_pytorch, 1,
	 OWN_BIAS},
	{"orthogonal", "random orthonormal rows or columns (Saxe et al. 2013)", draw_orthogonal, scale_one, 1, NOTHING},
	{"sparse", "N(0, init_std^2), a share `sparsity` of each column 0 (Martens 2010)", draw_sparse, scale_std, 1,
	 NOTHING},
	{"lsuv", "orthogonal, then scaled to unit pre-activations on the first batch (Mishkin & Matas 2015)",
	 draw_orthogonal, scale_one, 1, NEEDS_DATA},
};

const struct table init_table = TABLE("init", inits);

static const struct {
	const char *name, *about;
} gains[] = {
	[GAIN_SCHEME] = {"scheme", "the factor that belongs to the init scheme: sqrt(2) for He, 1 for others"},
	[GAIN_ACTIVATION] = {"activation",
			     "PyTorch's calculate_gain of the activation instead: tanh 5/3, relu sqrt(2) ..."},
};

const struct table gain_table = TABLE("gain", gains);

size_t init_scratch(int in, int out)
{
	return (size_t)in * (size_t)out + (size_t)(in > out ? in : out);
}

/* Biases: N(0, bias_std²), or 0; the scheme's own where nothing else is asked for. */
static void draw_bias(const struct layer_shape *shape, const struct init *init, double *b)
{
	const struct rng rng = rng_stream(shape->seed, RNG_BIAS, (uint32_t)shape->layer, 0);
	const double std = shape->spec->bias_std, bound = 1 / sqrt(shape->in);
	const bool own = init->special == OWN_BIAS && std == 0;
	for (int o = 0; o < shape->out; o++)
		b[o] = own        ? bound * (2 * rng_uniform(&rng, (uint64_t)o) - 1)
		       : std == 0 ? 0
				  : std * rng_normal(&rng, (uint64_t)o);
}

void init_layer(const struct init_spec *spec, int activation, uint32_t seed, int layer, int in, int out, double *W,
		double *b, double *scratch)
{
	const struct layer_shape shape = {spec, seed, layer, in, out};
	const struct init *init = &inits[spec->scheme];
	const double gain = spec->gain == GAIN_ACTIVATION ? acts[activation].gain : init->gain;
	const double factor = gain * spec->init_scale * init->scale(&shape);
	init->draw(&shape, W, scratch);
	for (size_t k = 0; k < weights(&shape); k++)
		W[k] *= factor;
	draw_bias(&shape, init, b);
}

int init_needs_data(int scheme)
{
	return inits[scheme].special == NEEDS_DATA;
}

enum init_work init_work(int scheme)
{
	if (inits[scheme].draw == draw_ones)
		return INIT_FILLS;
	return inits[scheme].draw == draw_orthogonal ? INIT_ORTHOGONAL : INIT_DRAWS;
}
