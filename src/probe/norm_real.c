/* norm_real.c: see norm_real.h
 *
 * The fast path sums squares in double. Where that sum is so small or so large that squares may have been lost, the elements
 * are divided by the largest first: slower, rare (float64 only: no square of a float leaves the range of double). */
#include "probe/norm_real.h"

#include <math.h>
#include <stdbool.h>

/* Between these a sum of squares has lost nothing that counts. */
#define SAFE_LOW 1e-280
#define SAFE_HIGH 1e300

/* y NULL: of x alone. */
static double norm_scaled(int rows, int columns, const real *x, int ldx, const real *y, int ldy)
{
	double largest = 0, sum = 0;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++)
			largest =
				fmax(largest, fabs((double)x[(size_t)r * ldx + i] - (y ? y[(size_t)r * ldy + i] : 0)));
	if (largest == 0 || isinf(largest))
		return largest;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++) {
			const double d = ((double)x[(size_t)r * ldx + i] - (y ? y[(size_t)r * ldy + i] : 0)) / largest;
			sum += d * d;
		}
	return largest * sqrt(sum);
}

/* Rows without gaps are one long row. */
static bool gapless(int rows, int columns, int ld)
{
	return ld == columns || rows == 1;
}

double FN(norm)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, int ld)
{
	const int as = gapless(rows, columns, ld) ? 1 : rows;
	const double squares = kernels->sum[SUM_SQUARES](as, (ptrdiff_t)(rows / as) * columns, x, ld, NULL, 0);
	if (squares < SAFE_LOW || squares > SAFE_HIGH)
		return norm_scaled(rows, columns, x, ld, NULL, 0);
	return sqrt(squares);
}

double FN(distance)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, int ldx, const real *y,
		    int ldy)
{
	const int as = gapless(rows, columns, ldx) && gapless(rows, columns, ldy) ? 1 : rows;
	const double squares =
		kernels->sum[SUM_SQUARED_DIFFERENCES](as, (ptrdiff_t)(rows / as) * columns, x, ldx, y, ldy);
	if (squares < SAFE_LOW || squares > SAFE_HIGH)
		return norm_scaled(rows, columns, x, ldx, y, ldy);
	return sqrt(squares);
}

double FN(spectral_norm)(int rows, int columns, const real *x, int ld, double *scratch)
{
	const bool tall = rows > columns;
	const int m = tall ? columns : rows, n = tall ? rows : columns;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++)
			scratch[tall ? (size_t)i * n + r : (size_t)r * n + i] = x[(size_t)r * ld + i];
	double *sigma = scratch + (size_t)m * n;
	svd_values(m, n, scratch, sigma);
	return sigma[0];
}

double FN(norm_join)(double a, double b)
{
	const double large = a > b ? a : b, small = a > b ? b : a;
	if (!(large > 0) || isinf(large))
		return a + b;
	const double ratio = small / large;
	return large * sqrt(1 + ratio * ratio);
}
