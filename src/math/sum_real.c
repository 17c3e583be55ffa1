/* sum_real.c: sums in double, in one fixed order.
 *
 * Element i is added to lane i % 16, so 16 chains run side by side in vector registers; the lanes are added as a tree at the
 * end. The order depends on n alone, never on the vector length the compiler chose. No compensation (Kahan): the worst error
 * of n terms of one sign is n/16 roundings, 7e-12 for a million, where a float32 element itself is known to 6e-8.
 */
#include "math/sum_real.h"

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

/* Squares of 16×16: a column of the source then stays in 16 lines of the cache until all of it is used. */
void FN(transpose)(int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	enum { SQUARE = 16 };
	for (int i0 = 0; i0 < rows; i0 += SQUARE) {
		const int i1 = i0 + SQUARE < rows ? i0 + SQUARE : rows;
		for (int j0 = 0; j0 < columns; j0 += SQUARE) {
			const int j1 = j0 + SQUARE < columns ? j0 + SQUARE : columns;
			for (int j = j0; j < j1; j++)
				for (int i = i0; i < i1; i++)
					dst[j * ld_dst + i] = src[i * ld_src + j];
		}
	}
}
