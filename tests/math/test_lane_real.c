/* test_lane_real.c: a product in a lane is the chain of fused multiply-adds that it is alone; log-losses against SLEEF's scalars. */
#include "cm.h"

#include <math.h>
#include <sleef.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/rng.h"
#include "math/kernels.h"
#include "math/real.h"

static real chain(int K, const real *a, ptrdiff_t a_k, const real *b, ptrdiff_t b_k)
{
	real sum = 0;
	for (int k = 0; k < K; k++)
		sum = REAL_BITS == 32 ? (real)fmaf((float)a[k * a_k], (float)b[k * b_k], (float)sum)
				      : (real)fma((double)a[k * a_k], (double)b[k * b_k], (double)sum);
	return sum;
}

static real *numbers(size_t n, uint32_t which)
{
	const struct rng rng = rng_stream(3, RNG_CHECK, which, 0);
	double *x = calloc(n, sizeof *x);
	real *y = aligned_alloc(64, (n * sizeof *y + 63) / 64 * 64);
	rng_fill_normal(&rng, n, x);
	for (size_t i = 0; i < n; i++)
		y[i] = (real)x[i];
	free(x);
	return y;
}

/* A and B straight, or read as the transposes of what they are. */
static void compare(int M, int N, int K, bool a_turned, bool b_turned, bool with_row)
{
	const struct FN(kernels) *kernels = FN(kernels)();
	const ptrdiff_t V = kernels->lanes, a_m = a_turned ? 1 : K, a_k = a_turned ? M : 1, b_k = b_turned ? 1 : N,
			b_n = b_turned ? K : 1;
	real *a = numbers((size_t)(M * K * V), 1), *b = numbers((size_t)(K * N * V), 2),
	     *row = numbers((size_t)(N * V), 3), *c = numbers((size_t)(M * (N + 1) * V), 4);
	const real scale = (real)(1. / 3), guard = c[N * V];
	kernels->lane_product(M, N, K, a, a_m, a_k, b, b_k, b_n, c, N + 1, with_row ? row : NULL, scale);
	for (int m = 0; m < M; m++)
		for (int n = 0; n < N; n++)
			for (int v = 0; v < V; v++) {
				const real sum = chain(K, a + m * a_m * V + v, a_k * V, b + n * b_n * V + v, b_k * V);
				assert_true(c[(m * (N + 1) + n) * V + v] ==
					    (with_row ? sum + row[n * V + v] : sum * scale));
			}
	assert_true(c[N * V] == guard);
	free(a);
	free(b);
	free(row);
	free(c);
}

static void products_are_chains_in_every_lane(void **state)
{
	static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 13, 16, 25};
	for (size_t m = 0; m < sizeof sizes / sizeof *sizes; m++)
		for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++)
			for (int how = 0; how < 8; how++)
				compare(sizes[m], sizes[n], 1 + (int)(5 * m + n) % 19, how & 1, how & 2, how & 4);
}

/* Of every lane the sum that its matrix has alone; shapes around the 16 chains of a row. */
static void sums_are_those_of_each_matrix(void **state)
{
	const struct FN(kernels) *kernels = FN(kernels)();
	const int V = kernels->lanes;
	enum { ROWS = 3, MOST = 70 };
	real *x = numbers((size_t)(ROWS * MOST * V), 1), *y = numbers((size_t)(ROWS * MOST * V), 2);
	real *one[2] = {calloc(ROWS * MOST, sizeof *x), calloc(ROWS * MOST, sizeof *x)};
	for (int columns = 1; columns <= MOST; columns++)
		for (int how = 0; how < SUMS * 2; how++) {
			double sums[KERNELS_LANES];
			const int kind = how / 2, ldy = how % 2 ? columns : 0;
			kernels->lane_sum[kind](ROWS, columns, x, y, ldy, sums);
			for (int v = 0; v < V; v++) {
				for (int i = 0; i < ROWS * columns; i++) {
					one[0][i] = x[i * V + v];
					one[1][i] = y[i * V + v];
				}
				const double alone = kernels->sum[kind](ROWS, columns, one[0], columns, one[1], ldy);
				assert_memory_equal(&sums[v], &alone, sizeof alone);
			}
		}
	free(x), free(y), free(one[0]), free(one[1]);
}

static void log_losses_have_the_bits_of_scalars(void **state)
{
	enum { N = 403 };
	const struct FN(kernels) *kernels = FN(kernels)();
	double t[N], loss[N], slope[N], x[N], y[N];
	for (int i = 0; i < N; i++) {
		t[i] = (i - 200) * 0.37 * (i % 7 ? 1 : 40);
		x[i] = exp(t[i] / 50) - 0.4;
	}
	t[0] = INFINITY;
	t[1] = -INFINITY;
	t[2] = NAN;
	t[3] = -0.0;
	kernels->logistic_losses(N, t, loss, slope);
	kernels->log1p(N, x, y);
	for (int i = 0; i < N; i++) {
		const double e = Sleef_finz_expd1_u10purecfma(-fabs(t[i]));
		assert_true(y[i] == Sleef_finz_log1pd1_u10purecfma(x[i]));
		if (!isfinite(t[i])) {
			assert_true(isnan(loss[i]));
			continue;
		}
		assert_true(loss[i] == fmax(t[i], 0) + Sleef_finz_log1pd1_u10purecfma(e));
		assert_true(slope[i] == (t[i] >= 0 ? 1 : e) / (1 + e));
	}
	assert_true(slope[0] == 1 && slope[1] == 0 && isnan(slope[2]));
}

static void normals_are_those_of_the_stream(void **state)
{
	enum { PAIRS = 403 };
	const struct rng rng = rng_stream(5, RNG_CHECK, 0, 0);
	double u[PAIRS], v[PAIRS], x[PAIRS], y[PAIRS];
	for (int n = 1; n <= PAIRS; n += n < 20 ? 1 : 383) {
		for (int i = 0; i < n; i++) {
			u[i] = rng_uniform(&rng, (uint64_t)(2 * i));
			v[i] = rng_uniform(&rng, (uint64_t)(2 * i + 1));
		}
		FN(kernels)()->normals((size_t)n, u, v, x, y);
		for (int i = 0; i < n; i++)
			assert_true(x[i] == rng_normal(&rng, (uint64_t)(2 * i)) &&
				    y[i] == rng_normal(&rng, (uint64_t)(2 * i + 1)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products_are_chains_in_every_lane),
		cmocka_unit_test(sums_are_those_of_each_matrix),
		cmocka_unit_test(normals_are_those_of_the_stream),
		cmocka_unit_test(log_losses_have_the_bits_of_scalars),
	};
	return cmocka_run_group_tests_name("math/lane", tests, NULL, NULL);
}
