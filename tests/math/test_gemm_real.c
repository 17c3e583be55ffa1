/* The product against three loops with the same chain of fused multiply-adds: equal to the last bit, for every shape, stride and
 * build. */
#include "cm.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/rng.h"
#include "math/kernels_table.h"
#include "math/real.h"

#define CANARY ((real)77.25)

/* C = scale·A·B, k ascending from zero */
static void naive(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B, ptrdiff_t ldb,
		  real *C, ptrdiff_t ldc, real scale)
{
	for (int m = 0; m < M; m++) {
		for (int n = 0; n < N; n++) {
			real sum = 0;
			for (int k = 0; k < K; k++) {
				const real x = a[m * a_row + k * a_col], y = B[k * ldb + n];
				sum = REAL_BITS == 32 ? (real)fmaf((float)x, (float)y, (float)sum)
						      : (real)fma((double)x, (double)y, (double)sum);
			}
			C[m * ldc + n] = sum * scale;
		}
	}
}

static real *numbers(size_t n, unsigned seed)
{
	const struct rng rng = rng_stream(seed, RNG_CHECK, 0, 0);
	real *x = aligned_alloc(64, (n * sizeof *x + 64) / 64 * 64);
	assert_non_null(x);
	for (size_t i = 0; i < n; i++)
		x[i] = (real)(2 * rng_uniform(&rng, i) - 1);
	return x;
}

static const struct FN(kernels) *builds[3];
static int n_builds;

static int find_builds(void **state)
{
	builds[n_builds++] = &REAL_PASTE(FN(kernels), _generic);
#if defined __x86_64__
	builds[n_builds++] = &REAL_PASTE(FN(kernels), _avx2);
#endif
	builds[n_builds++] = FN(kernels)(); /* the best that runs here */
	return 0;
}

/* Padding of B is NaN: it may be read, but must not be seen. Columns from N on, and the row behind the last, stay. */
static void check(int M, int N, int K, bool transposed, real scale)
{
	const ptrdiff_t ldb = real_pad(N), ldc = real_pad(N) + REAL_PAD, lda = transposed ? real_round(M) + 3 : K + 5;
	const ptrdiff_t a_row = transposed ? 1 : lda, a_col = transposed ? lda : 1;
	real *a = numbers((size_t)lda * (size_t)(transposed ? K + 1 : M), 1),
	     *B = numbers((size_t)ldb * (size_t)(K + 1), 2);
	const size_t c_size = (size_t)(M + 1) * (size_t)ldc;
	real *C = numbers(c_size, 3), *expected = numbers(c_size, 3);
	for (int k = 0; k < K; k++)
		for (ptrdiff_t n = N; n < ldb; n++)
			B[k * ldb + n] = NAN;
	for (size_t i = 0; i < c_size; i++)
		expected[i] = CANARY;
	naive(M, N, K, a, a_row, a_col, B, ldb, expected, ldc, scale);
	for (int b = 0; b < n_builds; b++) {
		for (size_t i = 0; i < c_size; i++)
			C[i] = CANARY;
		builds[b]->gemm(M, N, K, a, a_row, a_col, B, ldb, C, ldc, scale);
		for (size_t i = 0; i < c_size; i++)
			if (memcmp(&C[i], &expected[i], sizeof *C) != 0)
				fail_msg("%s, M %d, N %d, K %d, transposed %d: element %zu, %zu is %.17g, not %.17g",
					 builds[b]->isa, M, N, K, transposed, i / (size_t)ldc, i % (size_t)ldc,
					 (double)C[i], (double)expected[i]);
	}
	free(a), free(B), free(C), free(expected);
}

/* A Wᵀ + row, or no row: as the product with W transposed, by elements; columns up to real_round(N) are those of rows of 0. */
static void check_linear(int M, int N, int K)
{
	const ptrdiff_t lda = K + 5, ldw = real_pad(K), ld = real_pad(N);
	const int columns = real_round(N);
	const size_t size = (size_t)ld * (size_t)M;
	real *a = numbers((size_t)lda * (size_t)M, 1), *W = numbers((size_t)ldw * (size_t)(N + 1), 2);
	real *Wt = numbers((size_t)ld * (size_t)(K + 1), 2);
	real *row = numbers((size_t)ld, 3), *C = numbers(size, 4), *expected = numbers(size, 4);
	for (int k = 0; k < K; k++)
		for (int n = 0; n < columns; n++)
			Wt[k * ld + n] = n < N ? W[n * ldw + k] : 0;
	for (int b = 0; b < 2 * n_builds; b++) {
		for (size_t i = 0; i < size; i++)
			C[i] = expected[i] = CANARY;
		naive(M, columns, K, a, lda, 1, Wt, ld, expected, ld, 1);
		for (int m = 0; m < M && b % 2; m++)
			for (int n = 0; n < columns; n++)
				expected[m * ld + n] += row[n];
		builds[b / 2]->linear(M, N, K, a, lda, W, ldw, C, ld, b % 2 ? row : NULL);
		if (memcmp(C, expected, size * sizeof *C) != 0)
			fail_msg("%s, M %d, N %d, K %d, row %d", builds[b / 2]->isa, M, N, K, b % 2);
	}
	free(a), free(W), free(Wt), free(C), free(expected), free(row);
}

static void test_linear(void **state)
{
	static const int sizes[][3] = {{1, 1, 1}, {7, 16, 5}, {37, 33, 40}, {15, 100, 300}, {300, 65, 520}, {4, 3, 0}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		check_linear(sizes[i][0], sizes[i][1], sizes[i][2]);
	for (int n = 1; n <= 70; n++)
		check_linear(1 + n % 9, n, 71 - n);
	/* a few columns behind whole vectors */
	for (int n = 17; n <= 70; n++)
		check_linear(16 + 2 * n, n, 16 + n * n % 300);
}

/* Column means of a product by elements: in double, rows ascending, rounded once; nothing behind the columns is written. */
static void check_means(const struct FN(kernels) *kernels, int rows, int columns, bool multiply, bool means)
{
	const ptrdiff_t ld = real_pad(columns);
	const size_t size = (size_t)(rows + 1) * (size_t)ld;
	real *factor = numbers(size, 1), *x = numbers(size, 2), *expected = numbers(size, 2);
	real *mean = numbers((size_t)ld, 3), *expected_mean = numbers((size_t)ld, 3);
	for (int j = 0; j < columns; j++) {
		double sum = 0;
		for (int i = 0; i < rows; i++) {
			if (multiply)
				expected[i * ld + j] *= factor[i * ld + j];
			sum += (double)expected[i * ld + j];
		}
		expected_mean[j] = means ? (real)(sum / rows) : expected_mean[j];
	}
	kernels->times_and_means(rows, columns, multiply ? factor : NULL, x, ld, means ? mean : NULL);
	if (memcmp(x, expected, size * sizeof *x) != 0 || memcmp(mean, expected_mean, (size_t)ld * sizeof *mean) != 0)
		fail_msg("%s, %d rows, %d columns, multiply %d, means %d", kernels->isa, rows, columns, multiply,
			 means);
	free(factor), free(x), free(expected), free(mean), free(expected_mean);
}

static void test_times_and_means(void **state)
{
	for (int b = 0; b < n_builds; b++)
		for (int columns = 1; columns < 140; columns += columns < 40 ? 1 : 7)
			for (int kind = 0; kind < 4; kind++)
				check_means(builds[b], 1 + columns * 5 % 23, columns, kind % 2, kind / 2);
}

static void test_small_shapes(void **state)
{
	for (int M = 1; M <= 40; M++)
		for (int N = 1; N <= 40; N++)
			check(M, N, 1 + (7 * M + 3 * N) % 19, (M + N) % 2, 1);
}

static void test_odd_sizes(void **state)
{
	static const int sizes[][3] = {{13, 100, 784}, {128, 10, 100},  {1, 1, 1000},  {257, 65, 33},
				       {519, 47, 300}, {31, 145, 1025}, {600, 129, 3}, {3, 257, 513},
				       {16, 16, 16},   {2, 784, 2},     {97, 33, 256}, {5, 79, 257}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (int transposed = 0; transposed < 2; transposed++)
			check(sizes[i][0], sizes[i][1], sizes[i][2], transposed, i % 2 ? (real)1 / 3 : (real)-2.5);
}

/* Any strides: every second row, columns backwards. */
static void test_strides(void **state)
{
	enum { M = 9, N = 21, K = 700, LD = 32 };
	real *a = numbers(M * 2 * K * 3, 4), *B = numbers(K * LD, 5), *C = numbers(M * LD, 6),
	     *expected = numbers(M * LD, 6);
	naive(M, N, K, a + (K - 1) * 3, 2 * K * 3, -3, B, LD, expected, LD, (real)0.7);
	for (int b = 0; b < n_builds; b++) {
		builds[b]->gemm(M, N, K, a + (K - 1) * 3, 2 * K * 3, -3, B, LD, C, LD, (real)0.7);
		assert_memory_equal(C, expected, M * LD * sizeof *C);
	}
	free(a), free(B), free(C), free(expected);
}

/* An empty sum is zero, whatever C held; NaN and infinity come through; −0 from a product of zeros is what IEEE says. */
static void test_special_values(void **state)
{
	real *a = numbers(64, 7), *B = numbers(64, 8), *C = numbers(64, 9);
	for (int b = 0; b < n_builds; b++) {
		C[0] = NAN, C[16] = INFINITY;
		builds[b]->gemm(2, 3, 0, a, 1, 1, B, 16, C, 16, 5);
		for (int i = 0; i < 6; i++)
			assert_true(C[i / 3 * 16 + i % 3] == 0);
		a[0] = INFINITY, a[1] = 1, B[0] = 1, B[16] = 2, B[1] = -1, B[17] = 0, B[2] = 0, B[18] = 1;
		builds[b]->gemm(1, 3, 2, a, 0, 1, B, 16, C, 16, 1);
		assert_true(isinf(C[0]) && C[0] > 0 && isinf(C[1]) && C[1] < 0 && isnan(C[2]));
	}
	free(a), free(B), free(C);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_shapes), cmocka_unit_test(test_odd_sizes),
		cmocka_unit_test(test_linear),       cmocka_unit_test(test_times_and_means),
		cmocka_unit_test(test_strides),      cmocka_unit_test(test_special_values),
	};
	return cmocka_run_group_tests(tests, find_builds, NULL);
}
