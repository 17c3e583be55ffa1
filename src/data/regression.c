/* regression.c: generated regression sets: a random tanh network, and functions of one number. Noise is added to the
 * targets, of train and test alike: the least possible mean squared error on test is its variance. Notation as in
 * generators.c. */
#include <math.h>
#include <sleef.h>
#include <stdlib.h>

#include "data/sets.h"

static void add_noise(const struct canvas *c)
{
	if (c->spec->noise > 0)
		for (int64_t i = 0; i < c->n; i++)
			c->y[i] += c->spec->noise * rng_normal(&c->noise, (uint64_t)i);
}

/* y = Σ_h v_h tanh(Σ_j w_hj x_j / √I) / √H + σ ε with H = 16, x, v, w standard normal; w from layer 1 of RNG_TEACHER,
 * v from layer 2, so train and test have one teacher. */
int paint_teacher(const struct canvas *c, struct err *err)
{
	enum { H = 16 };
	const uint32_t seed = (uint32_t)c->spec->data_seed;
	const struct rng inner = rng_stream(seed, RNG_TEACHER, 1, 0), outer = rng_stream(seed, RNG_TEACHER, 2, 0);
	const size_t I = (size_t)c->I;
	double *w = malloc(H * I * sizeof *w), v[H];
	if (!w)
		return err_set(err, ERR_SYSTEM, "out of memory for a teacher of %zu inputs", I);
	rng_fill_normal(&inner, H * I, w);
	rng_fill_normal(&outer, H, v);
	rng_fill_normal(&c->data, (size_t)c->n * I, c->x);
	for (int64_t i = 0; i < c->n; i++) {
		const double *x = c->x + (size_t)i * I;
		double y = 0;
		for (size_t h = 0; h < H; h++) {
			double z = 0;
			for (size_t j = 0; j < I; j++)
				z += w[h * I + j] * x[j];
			y += v[h] * Sleef_finz_tanhd1_u10purecfma(z / sqrt((double)I));
		}
		c->y[i] = y / sqrt(H);
	}
	free(w);
	add_noise(c);
	return 0;
}

static double linear(double x)
{
	return x;
}

static double sine(double x)
{
	return Sleef_finz_sinpid1_u05purecfma(x);
}

static double step(double x)
{
	return x < 0 ? -1 : 1;
}

static double absolute(double x)
{
	return fabs(x);
}

static double sinc(double x)
{
	const double z = 4 * x;
	return z == 0 ? 1 : Sleef_finz_sinpid1_u05purecfma(z) / (3.14159265358979323846 * z);
}

static double chirp(double x)
{
	return Sleef_finz_sinpid1_u05purecfma(2 * (x + 1) * (x + 1));
}

static double cubic(double x)
{
	return 4 * x * x * x - 3 * x;
}

static double polynomial(double x)
{
	const double square = x * x;
	return ((16 * square - 20) * square + 5) * x;
}

static double runge(double x)
{
	return 1 / (1 + 25 * x * x);
}

static double bump(double x)
{
	return Sleef_finz_expd1_u10purecfma(-10 * x * x);
}

/* To add one: a row at the end. All stay within [−1, 1] on [−1, 1]. */
static const struct function_row {
	const char *name, *about;
	double (*at)(double x);
} functions[] = {
	{"sine", "sin πx: one period", sine},
	{"step", "−1 below 0, 1 from 0 on: a jump", step},
	{"abs", "|x|: a kink", absolute},
	{"sinc", "sin 4πx / 4πx", sinc},
	{"chirp", "sin 2π(x + 1)²: four periods, ever faster", chirp},
	{"polynomial", "16x⁵ − 20x³ + 5x, Chebyshev's T5", polynomial},
	{"cubic", "4x³ − 3x, Chebyshev's T3", cubic},
	{"runge", "1 / (1 + 25x²)", runge},
	{"bump", "exp(−10x²)", bump},
	{"linear", "x: what a network without hidden layers can do", linear},
};
const struct table function_table = TABLE("function", functions);

/* x = 2u − 1, y = f(x) + σ ε. */
int paint_function(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		c->x[i] = 2 * rng_uniform(&c->data, (uint64_t)i) - 1;
		c->y[i] = functions[c->spec->function].at(c->x[i]);
	}
	add_noise(c);
	return 0;
}
