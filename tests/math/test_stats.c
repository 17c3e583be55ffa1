/* Statistics against printed tables, exact small cases, infinities, and the coverage that an interval promises. */
#include "cm.h"

#include "base/rng.h"
#include "math/stats.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* scipy.stats.t.ppf(0.975, n) */
static void test_t(void **state)
{
	static const struct {
		size_t degrees;
		double t;
	} table[] = {{1, 12.706204736174707},  {2, 4.302652729749462},   {3, 3.182446305283710},
		     {4, 2.776445105197793},   {5, 2.570581835636315},   {9, 2.262157162798205},
		     {10, 2.228138851986274},  {29, 2.045229642132703},  {30, 2.042272456301238},
		     {100, 1.983971518523552}, {1000, 1.962339080826393}};
	for (size_t i = 0; i < LENGTH(table); i++)
		assert_near(stats_t(table[i].degrees), table[i].t, 1e-9, 0);
	assert_true(isnan(stats_t(0)));
	assert_near(stats_t(200), stats_t(201), 4e-5, 0); /* the two formulas meet */
	for (size_t n = 1; n < 400; n++)
		assert_true(stats_t(n + 1) < stats_t(n));
	assert_near(stats_t(100000000), 1.959963984540054, 1e-7, 0);
}

static void test_mean(void **state)
{
	const double x[] = {2, 4, 4, 4, 5, 5, 7, 9}, with_inf[] = {1, INFINITY, 2};
	const struct estimate e = stats_mean(LENGTH(x), x), one = stats_mean(1, x), none = stats_mean(0, x);
	const double half = 2.364624251592784 * sqrt(32. / 7 / 8);
	assert_true(e.n == 8 && e.value == 5);
	assert_near(e.low, 5 - half, 1e-12, 0);
	assert_near(e.high, 5 + half, 1e-12, 0);
	assert_true(one.value == 2 && isnan(one.low) && isnan(one.high));
	assert_true(none.n == 0 && isnan(none.value));
	assert_true(stats_mean(3, with_inf).value == INFINITY && isnan(stats_mean(3, with_inf).low));
}

static void test_geomean(void **state)
{
	const double x[] = {1e-6, 1e-4, 1e-2}, zero[] = {1, 0, 4}, negative[] = {1, -1, 4}, inf[] = {1, INFINITY};
	const struct estimate e = stats_geomean(3, x);
	const double half = 4.302652729749462 * log(100) / sqrt(3);
	assert_near(e.value, 1e-4, 1e-12, 0);
	assert_near(e.low, exp(log(1e-4) - half), 1e-9, 0);
	assert_near(e.high, exp(log(1e-4) + half), 1e-9, 0);
	assert_true(stats_geomean(3, zero).value == 0 && isnan(stats_geomean(3, zero).low));
	assert_true(isnan(stats_geomean(3, negative).value));
	assert_true(stats_geomean(2, inf).value == INFINITY);
	assert_true(isnan(stats_geomean(0, x).value));
}

/* Ranks of the 95 % interval of the median: Conover's table; R: qbinom(.025, n, .5). */
static void test_median(void **state)
{
	static const struct {
		size_t n, rank;
	} table[] = {{5, 0}, {6, 1}, {8, 1}, {9, 2}, {10, 2}, {15, 4}, {20, 6}, {25, 8}, {30, 10}, {50, 18}, {100, 40}};
	double x[100];
	for (size_t i = 0; i < LENGTH(table); i++) {
		const size_t n = table[i].n;
		for (size_t j = 0; j < n; j++)
			x[j] = (double)(n - j); /* n … 1: has to be sorted */
		const struct estimate e = stats_median(n, x);
		assert_true(e.n == n && e.value == ((double)n + 1) / 2);
		if (table[i].rank == 0)
			assert_true(isnan(e.low) && isnan(e.high));
		else
			assert_true(e.low == (double)table[i].rank && e.high == (double)(n + 1 - table[i].rank));
	}
	double some[] = {INFINITY, 3, 1, 2, INFINITY, 5, 4}, most[] = {INFINITY, INFINITY, 1, INFINITY};
	const struct estimate e = stats_median(7, some), m = stats_median(4, most), none = stats_median(0, some);
	assert_true(e.value == 4 && e.low == 1 && e.high == INFINITY);
	assert_true(m.value == INFINITY && isnan(m.low));
	assert_true(isnan(none.value));
}

/* Wilson's interval, e.g. Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29. */
static void test_share(void **state)
{
	static const struct {
		size_t k, n;
		double low, high;
	} table[] = {{81, 263, .2553, .3662},
		     {15, 148, .0624, .1605},
		     {0, 20, 0, .1611},
		     {1, 29, .0061, .1718},
		     {20, 20, .8389, 1}};
	for (size_t i = 0; i < LENGTH(table); i++) {
		const struct estimate e = stats_share(table[i].k, table[i].n);
		assert_true(e.value == (double)table[i].k / (double)table[i].n);
		assert_true(fabs(e.low - table[i].low) < 5.1e-5 && fabs(e.high - table[i].high) < 5.1e-5);
	}
	assert_true(isnan(stats_share(0, 0).value));
}

static void test_quantile(void **state)
{
	const double x[] = {1, 2, 4, 8}, inf[] = {1, 2, INFINITY, INFINITY}, low[] = {-INFINITY, 0};
	assert_true(stats_quantile(4, x, 0) == 1 && stats_quantile(4, x, 1) == 8 && stats_quantile(4, x, 0.5) == 3);
	assert_near(stats_quantile(4, x, 0.9), 6.8, 1e-14, 0); /* numpy.quantile */
	assert_true(stats_quantile(1, x, 0.3) == 1);
	assert_true(stats_quantile(4, inf, 0.5) == INFINITY && stats_quantile(4, inf, 0.9) == INFINITY);
	assert_true(stats_quantile(4, inf, 1. / 3) == 2 && stats_quantile(2, low, 0.5) == -INFINITY);
}

static void test_slope(void **state)
{
	const double x[] = {1, 2, 3, 4}, line[] = {3, 5, 7, 9}, y[] = {1, 3, 2, 5}, same[] = {2, 2, 2, 2};
	double error;
	assert_near(stats_slope(4, x, line, &error), 2, 1e-15, 0);
	assert_true(error < 1e-15);
	assert_near(stats_slope(4, x, y, &error), 1.1, 1e-14, 0);
	assert_near(error, sqrt(2.7 / 2 / 5), 1e-13, 0); /* residuals −.1, .8, −1.3, .6: squares 2.7 */
	assert_near(stats_slope(2, x, y, &error), 2, 1e-15, 0);
	assert_true(isnan(error));
	assert_true(isnan(stats_slope(1, x, y, &error)) && isnan(stats_slope(4, same, y, &error)));
}

static void test_sort(void **state)
{
	double x[] = {3, -INFINITY, 2, INFINITY, 2, -1};
	stats_sort(6, x);
	for (int i = 0; i < 5; i++)
		assert_true(x[i] <= x[i + 1]);
	stats_sort(0, x);
}

/* Of 4000 samples of 12 normal numbers the intervals of mean and median hold the truth in 95 % (median: at least). */
static void test_coverage(void **state)
{
	enum { SAMPLES = 4000, N = 12 };
	const struct rng rng = rng_stream(11, RNG_CHECK, 0, 0);
	int mean_holds = 0, median_holds = 0;
	for (size_t s = 0; s < SAMPLES; s++) {
		double x[N];
		for (size_t i = 0; i < N; i++)
			x[i] = 3 + rng_normal(&rng, s * N + i);
		const struct estimate mean = stats_mean(N, x), median = stats_median(N, x);
		mean_holds += mean.low <= 3 && 3 <= mean.high;
		median_holds += median.low <= 3 && 3 <= median.high;
	}
	assert_near(mean_holds, 0.95 * SAMPLES, 0.012, 0); /* ± 3.3 standard errors */
	/* ranks 3 and 10 of 12: 1 − 2·P(Bin(12, ½) ≤ 2) = .9614 */
	assert_near(median_holds, 0.9614 * SAMPLES, 0.011, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_t),      cmocka_unit_test(test_mean),  cmocka_unit_test(test_geomean),
		cmocka_unit_test(test_median), cmocka_unit_test(test_share), cmocka_unit_test(test_quantile),
		cmocka_unit_test(test_slope),  cmocka_unit_test(test_sort),  cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
