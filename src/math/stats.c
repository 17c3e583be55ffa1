/* stats.c: what a set of numbers says, with its uncertainty. Textbook formulas, exact where a finite sum is (Student's t, the
 * binomial); nothing here is in the way of a training step, so clarity goes before speed. */
#include "math/stats.h"

#include <math.h>
#include <stdlib.h>

#define NORMAL_975 1.959963984540054 /* 97.5 % quantile of the normal distribution */

/* P(|T| < t), t = √n tan θ, as the finite series of Abramowitz and Stegun 26.7.3 (n odd) and 26.7.4 (n even). */
static double t_probability(size_t n, double theta)
{
	const double c2 = cos(theta) * cos(theta);
	double term = n % 2 ? cos(theta) : 1, sum = 0;
	for (size_t j = n % 2 ? 1 : 0; j + 2 <= n; j += 2) {
		sum += term;
		term *= c2 * (double)(j + 1) / (double)(j + 2);
	}
	return n % 2 ? 2 / M_PI * (theta + sin(theta) * sum) : sin(theta) * sum;
}

double stats_t(size_t n)
{
	if (n == 0)
		return NAN;
	if (n > 200) { /* Cornish–Fisher, Abramowitz and Stegun 26.7.5: error < 1e-11 */
		const double z = NORMAL_975, z2 = z * z, d = (double)n;
		const double g1 = z * (z2 + 1) / 4, g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
		const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
		const double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
		return z + (g1 + (g2 + (g3 + g4 / d) / d) / d) / d;
	}
	double low = 0, high = M_PI_2;
	for (int i = 0; i < 60; i++) {
		const double middle = (low + high) / 2;
		if (t_probability(n, middle) < 0.95)
			low = middle;
		else
			high = middle;
	}
	return sqrt((double)n) * tan(low);
}

static double mean_of(size_t n, const double *x)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return sum / (double)n;
}

struct estimate stats_mean(size_t n, const double *x)
{
	struct estimate e = {n, n ? mean_of(n, x) : NAN, NAN, NAN};
	if (n < 2 || !isfinite(e.value))
		return e;
	double squares = 0;
	for (size_t i = 0; i < n; i++)
		squares += (x[i] - e.value) * (x[i] - e.value);
	const double half = stats_t(n - 1) * sqrt(squares / (double)(n - 1) / (double)n);
	e.low = e.value - half;
	e.high = e.value + half;
	return e;
}

struct estimate stats_geomean(size_t n, const double *x)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < n; i++)
		sum += log(x[i]); /* −inf at 0, NaN below */
	const double mean = sum / (double)n;
	struct estimate e = {n, n ? exp(mean) : NAN, NAN, NAN};
	if (n < 2 || !isfinite(mean))
		return e;
	for (size_t i = 0; i < n; i++)
		squares += (log(x[i]) - mean) * (log(x[i]) - mean);
	const double half = stats_t(n - 1) * sqrt(squares / (double)(n - 1) / (double)n);
	e.low = exp(mean - half);
	e.high = exp(mean + half);
	return e;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

void stats_sort(size_t n, double *x)
{
	if (n > 1)
		qsort(x, n, sizeof *x, compare);
}

double stats_quantile(size_t n, const double *sorted, double q)
{
	const double at = q * (double)(n - 1);
	const size_t i = (size_t)at;
	const double part = at - (double)i;
	if (part == 0 || sorted[i] == sorted[i + 1]) /* also between two infinities */
		return sorted[i];
	return isfinite(sorted[i]) ? sorted[i] + part * (sorted[i + 1] - sorted[i]) : sorted[i];
}

/* The interval from the r-th smallest to the r-th largest holds the median unless fewer than r of n fair coins show heads, or
 * fewer than r tails: the largest r for which each has at most 2.5 %. Conover, Practical Nonparametric Statistics, 3.2. */
static size_t median_rank(size_t n)
{
	double log_term = -(double)n * M_LN2, sum = exp(log_term);
	size_t r = 0;
	while (sum <= 0.025) {
		r++;
		log_term += log((double)(n - r + 1) / (double)r);
		sum += exp(log_term);
	}
	return r;
}

struct estimate stats_median(size_t n, double *x)
{
	struct estimate e = {n, NAN, NAN, NAN};
	if (n == 0)
		return e;
	stats_sort(n, x);
	e.value = stats_quantile(n, x, 0.5);
	const size_t r = median_rank(n);
	if (r > 0) {
		e.low = x[r - 1];
		e.high = x[n - r];
	}
	return e;
}

/* Wilson 1927: the shares that a test at 5 % would not reject. */
struct estimate stats_share(size_t k, size_t n)
{
	if (n == 0)
		return (struct estimate){0, NAN, NAN, NAN};
	const double d = (double)n, p = (double)k / d, z2 = NORMAL_975 * NORMAL_975;
	const double centre = (p + z2 / (2 * d)) / (1 + z2 / d);
	const double half = NORMAL_975 / (1 + z2 / d) * sqrt(p * (1 - p) / d + z2 / (4 * d * d));
	return (struct estimate){n, p, k == 0 ? 0 : centre - half, k == n ? 1 : centre + half};
}

double stats_slope(size_t n, const double *x, const double *y, double *error)
{
	*error = NAN;
	if (n < 2)
		return NAN;
	const double mean_x = mean_of(n, x), mean_y = mean_of(n, y);
	double xx = 0, xy = 0, rest = 0;
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mean_x) * (x[i] - mean_x);
		xy += (x[i] - mean_x) * (y[i] - mean_y);
	}
	if (!(xx > 0))
		return NAN;
	const double slope = xy / xx;
	for (size_t i = 0; i < n; i++) {
		const double r = y[i] - mean_y - slope * (x[i] - mean_x);
		rest += r * r;
	}
	if (n > 2)
		*error = sqrt(rest / (double)(n - 2) / xx);
	return slope;
}
