/* Sums: their order is a promise, so they are compared to the bit with the definition, lane by lane. */
#include "cm.h"

#include <stdlib.h>

#include "base/rng.h"
#include "math/kernels_table.h"
#include "math/transpose_real.h"

enum { MOST = 1000 };
static real x[MOST], y[MOST];

static const struct FN(kernels) *builds[3];
static int n_builds;

static int fill(void **state)
{
	builds[n_builds++] = &REAL_PASTE(FN(kernels), _generic);
#if defined __x86_64__
	builds[n_builds++] = &REAL_PASTE(FN(kernels), _avx2);
#endif
	builds[n_builds++] = FN(kernels)(); /* the best that runs here */
	const struct rng rng = rng_stream(3, RNG_CHECK, 0, 0);
	for (size_t i = 0; i < MOST; i++) {
		x[i] = (real)(rng_normal(&rng, 2 * i) * exp(4 * rng_normal(&rng, i + 5000)));
		y[i] = (real)rng_normal(&rng, 2 * i + 1);
	}
	return 0;
}

static double term(int kind, size_t i, size_t j)
{
	const double a = (double)x[i], b = (double)y[j];
	return kind == 0 ? a : kind == 1 ? fabs(a) : kind == 2 ? a * a : kind == 3 ? a * b : (a - b) * (a - b);
}

/* kernels.h in words: element i of a row to lane i % 16, then 16 → 8 → 4 → 2 → 1; rows ascending. */
static double defined(int kind, int rows, int columns, int ldx, int ldy)
{
	double sum = 0;
	for (int r = 0; r < rows; r++) {
		double lane[16] = {0};
		for (int i = 0; i < columns; i++)
			lane[i % 16] += term(kind, (size_t)(r * ldx + i), (size_t)(r * ldy + i));
		for (int half = 8; half > 0; half /= 2)
			for (int j = 0; j < half; j++)
				lane[j] = lane[j] + lane[j + half];
		sum += lane[0];
	}
	return sum;
}

static void check(int rows, int columns, int ldx, int ldy)
{
	for (int kind = 0; kind < SUMS; kind++) {
		const double expected = defined(kind, rows, columns, ldx, ldy);
		for (int b = 0; b < n_builds; b++) {
			const double got = builds[b]->sum[kind](rows, columns, x, ldx, y, ldy);
			if (memcmp(&got, &expected, sizeof expected) != 0)
				fail_msg("%s, kind %d, %d × %d: %.17g, not %.17g", builds[b]->isa, kind, rows, columns,
					 got, expected);
		}
	}
}

static void test_order(void **state)
{
	for (int n = 0; n <= MOST; n += n < 70 ? 1 : 31)
		check(1, n, n, n);
}

/* Rows with gaps, rows against one row, no rows at all; the numbers in the gaps are not seen. */
static void test_rows(void **state)
{
	for (int columns = 1; columns <= 70; columns++) {
		const int most = MOST / (columns + 5);
		check(most, columns, columns + 5, columns);
		check(most < 7 ? most : 7, columns, columns, 0);
		check(0, columns, columns, columns);
	}
}

static double one_row(enum sum kind, int n, const real *row)
{
	return FN(kernels)()->sum[kind](1, n, row, n, NULL, 0);
}

/* In double whatever the elements are: a million times 0.1 within n/16 roundings, and squares that a float could not hold. */
static void test_accumulates_in_double(void **state)
{
	enum { MANY = 1000000 };
	real *many = malloc(MANY * sizeof *many);
	assert_non_null(many);
	for (int i = 0; i < MANY; i++)
		many[i] = (real)0.1;
	assert_near(one_row(SUM, MANY, many), MANY * (double)(real)0.1, 7e-12, 0);
	assert_near(one_row(SUM_SQUARES, MANY, many), MANY * (double)(real)0.1 * (double)(real)0.1, 7e-12, 0);
	free(many);
	const real large[2] = {(real)1e30, (real)-1e30};
	assert_near(one_row(SUM_SQUARES, 2, large), 2e60, 1e-6, 0);
	assert_true(one_row(SUM, 2, large) == 0);
}

static void test_divergence_shows(void **state)
{
	real bad[40] = {0};
	bad[37] = NAN;
	assert_true(isnan(one_row(SUM, 40, bad)) && isnan(one_row(SUM_ABS, 40, bad)) &&
		    isnan(one_row(SUM_SQUARES, 40, bad)));
	bad[37] = -INFINITY;
	assert_true(isinf(one_row(SUM, 40, bad)) && one_row(SUM_ABS, 40, bad) == INFINITY &&
		    one_row(SUM_SQUARES, 40, bad) == INFINITY);
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
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_accumulates_in_double),
		cmocka_unit_test(test_divergence_shows),
		cmocka_unit_test(test_transpose),
	};
	return cmocka_run_group_tests(tests, fill, NULL);
}
