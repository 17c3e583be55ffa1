/* Sums: their order is a promise, so they are compared to the bit with the definition, lane by lane. */
#include "cm.h"

#include <stdlib.h>

#include "base/rng.h"
#include "math/sum_real.h"

enum { MOST = 1000 };
static real x[MOST], y[MOST];

static int fill(void **state)
{
	const struct rng rng = rng_stream(3, RNG_CHECK, 0, 0);
	for (size_t i = 0; i < MOST; i++) {
		x[i] = (real)(rng_normal(&rng, 2 * i) * exp(4 * rng_normal(&rng, i + 5000)));
		y[i] = (real)rng_normal(&rng, 2 * i + 1);
	}
	return 0;
}

static double term(int kind, size_t i)
{
	const double a = (double)x[i], b = (double)y[i];
	return kind == 0 ? a : kind == 1 ? fabs(a) : kind == 2 ? a * a : kind == 3 ? a * b : (a - b) * (a - b);
}

/* sum_real.h in words: element i to lane i % 16, then 16 → 8 → 4 → 2 → 1. */
static double defined(int kind, size_t n)
{
	double lane[16] = {0};
	for (size_t i = 0; i < n; i++)
		lane[i % 16] += term(kind, i);
	for (int half = 8; half > 0; half /= 2)
		for (int j = 0; j < half; j++)
			lane[j] = lane[j] + lane[j + half];
	return lane[0];
}

static void test_order(void **state)
{
	for (size_t n = 0; n <= MOST; n += n < 70 ? 1 : 31) {
		const double got[] = {FN(sum)(n, x), FN(sum_abs)(n, x), FN(sum_squares)(n, x), FN(dot)(n, x, y),
				      FN(sum_squared_difference)(n, x, y)};
		for (int kind = 0; kind < 5; kind++) {
			const double expected = defined(kind, n);
			if (memcmp(&got[kind], &expected, sizeof expected) != 0)
				fail_msg("kind %d, n %zu: %.17g, not %.17g", kind, n, got[kind], expected);
		}
	}
}

/* In double whatever the elements are: a million times 0.1 within n/16 roundings, and squares that a float could not hold. */
static void test_accumulates_in_double(void **state)
{
	enum { MANY = 1000000 };
	real *many = malloc(MANY * sizeof *many);
	assert_non_null(many);
	for (int i = 0; i < MANY; i++)
		many[i] = (real)0.1;
	assert_near(FN(sum)(MANY, many), MANY * (double)(real)0.1, 7e-12, 0);
	assert_near(FN(sum_squares)(MANY, many), MANY * (double)(real)0.1 * (double)(real)0.1, 7e-12, 0);
	free(many);
	const real large[2] = {(real)1e30, (real)-1e30};
	assert_near(FN(sum_squares)(2, large), 2e60, 1e-6, 0);
	assert_true(FN(sum)(2, large) == 0);
}

static void test_divergence_shows(void **state)
{
	real bad[40] = {0};
	bad[37] = NAN;
	assert_true(isnan(FN(sum)(40, bad)) && isnan(FN(sum_abs)(40, bad)) && isnan(FN(sum_squares)(40, bad)));
	bad[37] = -INFINITY;
	assert_true(isinf(FN(sum)(40, bad)) && FN(sum_abs)(40, bad) == INFINITY &&
		    FN(sum_squares)(40, bad) == INFINITY);
}

static void test_transpose(void **state)
{
	static const int shapes[][2] = {{1, 1}, {1, 40}, {40, 1}, {16, 16}, {17, 33}, {100, 47}, {7, 130}};
	for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
		const int rows = shapes[s][0], columns = shapes[s][1], from = columns + 3, to = rows + 2;
		real *a = malloc(sizeof *a * (size_t)(rows * from)), *b = malloc(sizeof *b * (size_t)(columns * to));
		assert_true(a && b);
		for (int i = 0; i < rows * from; i++)
			a[i] = (real)i;
		for (int i = 0; i < columns * to; i++)
			b[i] = -1;
		FN(transpose)(rows, columns, a, from, b, to);
		for (int j = 0; j < columns; j++)
			for (int i = 0; i < to; i++)
				assert_true(b[j * to + i] == (i < rows ? a[i * from + j] : -1));
		free(a), free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_accumulates_in_double),
		cmocka_unit_test(test_divergence_shows),
		cmocka_unit_test(test_transpose),
	};
	return cmocka_run_group_tests(tests, fill, NULL);
}
