/* sum_real.c: sums in double, in one fixed order; and the transpose.
 *
 * Element i is added to lane i % 16, so 16 chains run side by side in vector registers; the lanes are added as a tree at the
 * end. The order depends on n alone, never on the vector length the compiler chose. No compensation (Kahan): the worst error
 * of n terms of one sign is n/16 roundings, 7e-12 for a million, where a float32 element itself is known to 6e-8.
 */
#include "math/sum_real.h"

#include <string.h>

enum { SUM_LANES = 16 };

static double tree(double lane[SUM_LANES])
{
	for (int half = SUM_LANES / 2; half > 0; half /= 2)
		for (int j = 0; j < half; j++)
			lane[j] += lane[j + half];
	return lane[0];
}

/* term: an expression in i */
#define SUM_OF(n, term)                                                                                                \
	double lane[SUM_LANES] = {0};                                                                                  \
	size_t i = 0;                                                                                                  \
	for (; i + SUM_LANES <= (n); i += SUM_LANES)                                                                   \
		for (int j = 0; j < SUM_LANES; j++)                                                                    \
			lane[j] += term(i + (size_t)j);                                                                \
	for (int j = 0; i + (size_t)j < (n); j++)                                                                      \
		lane[j] += term(i + (size_t)j);                                                                        \
	return tree(lane)

double FN(sum)(size_t n, const real *x)
{
#define TERM(i) (double)x[i]
	SUM_OF(n, TERM);
#undef TERM
}

double FN(sum_abs)(size_t n, const real *x)
{
#define TERM(i) __builtin_fabs((double)x[i])
	SUM_OF(n, TERM);
#undef TERM
}

double FN(sum_squares)(size_t n, const real *x)
{
#define TERM(i) (double)x[i] * (double)x[i]
	SUM_OF(n, TERM);
#undef TERM
}

double FN(dot)(size_t n, const real *x, const real *y)
{
#define TERM(i) (double)x[i] * (double)y[i]
	SUM_OF(n, TERM);
#undef TERM
}

double FN(sum_squared_difference)(size_t n, const real *x, const real *y)
{
#define TERM(i) ((double)x[i] - (double)y[i]) * ((double)x[i] - (double)y[i])
	SUM_OF(n, TERM);
#undef TERM
}

typedef real real4 __attribute__((vector_size(4 * sizeof(real))));

/* 4×4 in registers: pairs of rows are interleaved, then pairs of pairs. */
static inline void transpose_4(const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	real4 row[4], pair[4];
	for (int i = 0; i < 4; i++)
		memcpy(&row[i], src + i * ld_src, sizeof row[i]);
	pair[0] = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
	pair[1] = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
	pair[2] = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
	pair[3] = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
	for (int i = 0; i < 2; i++) {
		row[2 * i] = __builtin_shufflevector(pair[2 * i], pair[2 * i + 1], 0, 1, 4, 5);
		row[2 * i + 1] = __builtin_shufflevector(pair[2 * i], pair[2 * i + 1], 2, 3, 6, 7);
	}
	for (int i = 0; i < 4; i++)
		memcpy(dst + i * ld_dst, &row[i], sizeof row[i]);
}

static void transpose_plain(int i0, int i1, int j0, int j1, const real *src, ptrdiff_t ld_src, real *dst,
			    ptrdiff_t ld_dst)
{
	for (int j = j0; j < j1; j++)
		for (int i = i0; i < i1; i++)
			dst[j * ld_dst + i] = src[i * ld_src + j];
}

/* Strips of 16 rows of the source: lines of both sides are used up while they are in the cache. */
void FN(transpose)(int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	enum { STRIP = 16 };
	const int whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
	for (int i0 = 0; i0 < whole_rows; i0 += STRIP) {
		const int i1 = i0 + STRIP < whole_rows ? i0 + STRIP : whole_rows;
		for (int j = 0; j < whole_columns; j += 4)
			for (int i = i0; i < i1; i += 4)
				transpose_4(src + i * ld_src + j, ld_src, dst + j * ld_dst + i, ld_dst);
	}
	transpose_plain(whole_rows, rows, 0, whole_columns, src, ld_src, dst, ld_dst);
	transpose_plain(0, rows, whole_columns, columns, src, ld_src, dst, ld_dst);
}
