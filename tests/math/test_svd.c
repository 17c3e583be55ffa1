/* test_svd.c: singular values that are known in closed form, of matrices built from known ones, and at every scale. */
#include "cm.h"

#include <stdbool.h>

#include "base/rng.h"
#include "math/svd.h"

enum { MOST = 64 };

static double A[MOST * MOST], sigma[MOST];

static void fill(int m, int n, uint32_t which)
{
	const struct rng rng = rng_stream(7, RNG_CHECK, which, 0);
	for (int i = 0; i < m * n; i++)
		A[i] = rng_normal(&rng, (uint64_t)i);
}

static void one_row_has_its_length(void **state)
{
	const double row[] = {3, 0, -4};
	memcpy(A, row, sizeof row);
	svd_values(1, 3, A, sigma);
	assert_near(sigma[0], 5, 1e-15, 0);
	A[0] = -2;
	svd_values(1, 1, A, sigma);
	assert_true(sigma[0] == 2);
}

/* σ² are the roots of λ² − ‖A‖²λ + det². */
static void two_by_two(void **state)
{
	const double a[][4] = {{1, 2, 3, 4}, {1, 0, 0, 1},       {0, 2, -3, 0},
			       {1, 1, 1, 1}, {1e-3, 1, 0, 1e-3}, {5, -5, 5, 5}};
	for (size_t k = 0; k < sizeof a / sizeof *a; k++) {
		const double *x = a[k], norm = x[0] * x[0] + x[1] * x[1] + x[2] * x[2] + x[3] * x[3];
		const double det = fabs(x[0] * x[3] - x[1] * x[2]);
		const double high = sqrt((norm + sqrt(fmax(norm * norm - 4 * det * det, 0))) / 2);
		memcpy(A, x, sizeof a[k]);
		svd_values(2, 2, A, sigma);
		assert_near(sigma[0], high, 1e-15, 0);
		assert_near(sigma[1], det / high, 1e-15, sigma[0]);
	}
}

/* Ones on and below the diagonal: σ_k = 1 / (2 sin((2k − 1)π / (4n + 2))), k = n … 1 being the smallest first. */
static void lower_triangle_of_ones(void **state)
{
	for (int n = 2; n <= MOST; n += 31) {
		for (int i = 0; i < n * n; i++)
			A[i] = i % n <= i / n;
		svd_values(n, n, A, sigma);
		for (int k = 1; k <= n; k++)
			assert_near(sigma[k - 1], 1 / (2 * sin((2 * k - 1) * M_PI / (4 * n + 2))), 1e-14, sigma[0]);
	}
}

/* Reflections from both sides, I − 2vvᵀ/‖v‖², leave the values of a wide diagonal: 1, 1/2, 1/3 … */
static void diagonal_turned(void **state)
{
	enum { M = 20, N = 33 };
	static double u[M], v[N];
	const struct rng rng = rng_stream(7, RNG_CHECK, 3, 0);
	double uu = 0, vv = 0;
	for (int i = 0; i < M; i++)
		u[i] = rng_normal(&rng, (uint64_t)i), uu += u[i] * u[i];
	for (int j = 0; j < N; j++)
		v[j] = rng_normal(&rng, (uint64_t)(100 + j)), vv += v[j] * v[j];
	for (int i = 0; i < M; i++)
		for (int j = 0; j < N; j++) {
			A[i * N + j] = 0;
			for (int k = 0; k < M; k++)
				A[i * N + j] +=
					((i == k) - 2 * u[i] * u[k] / uu) / (k + 1) * ((k == j) - 2 * v[k] * v[j] / vv);
		}
	svd_values(M, N, A, sigma);
	for (int k = 0; k < M; k++)
		assert_near(sigma[k], 1.0 / (k + 1), 1e-14, 1);
}

/* Σσ² = ‖A‖_F², and the order; then what was rotated is orthogonal. */
static void random_ones(void **state)
{
	for (int m = 1; m <= MOST; m += 21) {
		double norm = 0, squares = 0;
		fill(m, MOST, (uint32_t)m);
		for (int i = 0; i < m * MOST; i++)
			norm += A[i] * A[i];
		svd_values(m, MOST, A, sigma);
		for (int k = 0; k < m; k++) {
			squares += sigma[k] * sigma[k];
			assert_true(k == 0 || sigma[k] <= sigma[k - 1]);
		}
		assert_near(squares, norm, 1e-13, 0);
	}
}

static void equal_rows_are_one(void **state)
{
	for (int i = 0; i < MOST * MOST; i++)
		A[i] = 0.5;
	svd_values(MOST, MOST, A, sigma);
	assert_near(sigma[0], 0.5 * MOST, 1e-14, 0);
	for (int k = 1; k < MOST; k++)
		assert_true(sigma[k] < 1e-14 * MOST);
	memset(A, 0, sizeof A);
	svd_values(MOST, MOST, A, sigma);
	for (int k = 0; k < MOST; k++)
		assert_true(sigma[k] == 0);
}

/* A power of two goes through untouched, far beyond the range of squares. */
static void scale_is_exact(void **state)
{
	static double first[8];
	fill(8, 12, 9);
	svd_values(8, 12, A, first);
	for (int exponent = -900; exponent <= 900; exponent += 600) {
		fill(8, 12, 9);
		for (int i = 0; i < 8 * 12; i++)
			A[i] = ldexp(A[i], exponent);
		svd_values(8, 12, A, sigma);
		for (int k = 0; k < 8; k++)
			assert_true(sigma[k] == ldexp(first[k], exponent));
	}
}

static void not_finite(void **state)
{
	for (int k = 0; k < 2; k++) {
		fill(3, 3, 1);
		A[4] = k ? NAN : -INFINITY;
		svd_values(3, 3, A, sigma);
		assert_true(isnan(sigma[0]) && isnan(sigma[2]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_row_has_its_length),
		cmocka_unit_test(two_by_two),
		cmocka_unit_test(lower_triangle_of_ones),
		cmocka_unit_test(diagonal_turned),
		cmocka_unit_test(random_ones),
		cmocka_unit_test(equal_rows_are_one),
		cmocka_unit_test(scale_is_exact),
		cmocka_unit_test(not_finite),
	};
	return cmocka_run_group_tests_name("math/svd", tests, NULL, NULL);
}
