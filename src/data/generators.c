/* generators.c: generated classification sets. The labels are dealt before (generated.c); here each example gets its
 * inputs.
 *
 * u is uniform in (0, 1) from RNG_DATA, ε normal from RNG_NOISE, both by the position of the example; σ is
 * spec->noise. Sine and cosine of π t are SLEEF's deterministic ones: the same bits on every processor. Whoever
 * changes a formula raises the version of its row in dataset.c. */
#include <math.h>
#include <sleef.h>

#include "data/sets.h"

static double sin_pi(double t)
{
	return Sleef_finz_sinpid1_u05purecfma(t);
}

static double cos_pi(double t)
{
	return Sleef_finz_cospid1_u05purecfma(t);
}

/* x[i] += σ ε for all inputs of all examples. */
static int add_noise(const struct canvas *c)
{
	const size_t all = (size_t)c->n * (size_t)c->I;
	if (c->spec->noise > 0)
		for (size_t k = 0; k < all; k++)
			c->x[k] += c->spec->noise * rng_normal(&c->noise, k);
	return 0;
}

/* make_circles of scikit-learn with factor 0.5 (its angles are evenly spaced, ours random: test is no copy of train):
 * x = r (cos 2πu, sin 2πu) + σ ε, r = 1 for label 0, 0.5 for label 1. */
int paint_circles(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		const double turn = 2 * rng_uniform(&c->data, (uint64_t)i), r = c->labels[i] == 0 ? 1 : 0.5;
		c->x[2 * i] = r * cos_pi(turn);
		c->x[2 * i + 1] = r * sin_pi(turn);
	}
	return add_noise(c);
}

/* make_moons of scikit-learn, with random angles: label 0 is (cos πu, sin πu), label 1 (1 − cos πu, 0.5 − sin πu); + σ
 * ε. */
int paint_moons(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		const double u = rng_uniform(&c->data, (uint64_t)i);
		const bool upper = c->labels[i] == 0;
		c->x[2 * i] = upper ? cos_pi(u) : 1 - cos_pi(u);
		c->x[2 * i + 1] = upper ? sin_pi(u) : 0.5 - sin_pi(u);
	}
	return add_noise(c);
}

/* Two arms of 1.75 turns, half a turn apart: x = u (cos φ, sin φ) + σ ε, φ = 2π · 1.75 u + π label. */
int paint_spirals(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		const double u = rng_uniform(&c->data, (uint64_t)i), phi = 3.5 * u + c->labels[i];
		c->x[2 * i] = u * cos_pi(phi);
		c->x[2 * i + 1] = u * sin_pi(phi);
	}
	return add_noise(c);
}

/* x = ±v_k + σ ε with k = ⌊label / 2⌋, + for even labels, − for odd ones. The v_k are the orthonormal cosine basis of
 * I inputs (DCT-II): v_0[j] = √(1/I), v_k[j] = √(2/I) cos(π k (j + ½) / I). So every input carries signal, any two
 * centres are 2 or √2 apart, and the best possible error of labels 0 against 1 is Φ(−1/σ). */
int paint_gaussians(const struct canvas *c, struct err *err)
{
	const double I = c->I;
	const double *names = c->spec->classes.v;
	for (int64_t i = 0; i < c->n; i++) {
		const int64_t label = c->spec->classes.n > 0 ? (int64_t)names[c->labels[i]] : c->labels[i];
		const int64_t k = label / 2;
		const double sign = label % 2 == 0 ? 1 : -1;
		const double size = sign * sqrt((k > 0 ? 2 : 1) / I);
		for (int j = 0; j < c->I; j++)
			c->x[i * c->I + j] = size * (k > 0 ? cos_pi((double)k * (j + 0.5) / I) : 1);
	}
	return add_noise(c);
}

/* A corner (a, b) of the square, a, b = ±1, + σ ε; label 1 when the signs differ. The corners of a class take turns,
 * so that four examples are the four corners. */
int paint_xor(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		c->x[2 * i] = c->nth[i] % 2 == 0 ? 1 : -1;
		c->x[2 * i + 1] = c->labels[i] == 0 ? c->x[2 * i] : -c->x[2 * i];
	}
	return add_noise(c);
}

/* x ∈ {−1, 1}^I, label 1 when the number of +1 is odd: all inputs but the last are fair coins, the last makes the
 * label right. Then each label is flipped where u' < noise, u' uniform from RNG_NOISE: class counts are those before
 * the flips. */
int paint_parity(const struct canvas *c, struct err *err)
{
	for (int64_t i = 0; i < c->n; i++) {
		double *x = c->x + i * c->I;
		int ones = 0;
		for (int j = 0; j < c->I - 1; j++) {
			const bool one = rng_uniform(&c->data, (uint64_t)(i * c->I + j)) < 0.5;
			x[j] = one ? 1 : -1;
			ones += one;
		}
		x[c->I - 1] = ones % 2 != c->labels[i] ? 1 : -1;
		if (rng_uniform(&c->noise, (uint64_t)i) < c->spec->noise)
			c->labels[i] = 1 - c->labels[i];
	}
	return 0;
}
