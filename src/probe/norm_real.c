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

/* Columns are `step` apart. y NULL: of x alone. */
static double norm_scaled(int rows, int columns, ptrdiff_t step, const real *x, ptrdiff_t ldx, const real *y,
			  ptrdiff_t ldy)
{
	double largest = 0, sum = 0;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++) {
			const double d = fabs((double)x[r * ldx + i * step] - (y ? y[r * ldy + i * step] : 0));
			largest = d > largest ? d : largest;
		}
	if (largest == 0 || isinf(largest))
		return largest;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++) {
			const double d = ((double)x[r * ldx + i * step] - (y ? y[r * ldy + i * step] : 0)) / largest;
			sum += d * d;
		}
	return largest * sqrt(sum);
}

static bool lost(double squares)
{
	return REAL_BITS == 64 && (squares < SAFE_LOW || squares > SAFE_HIGH);
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
	return lost(squares) ? norm_scaled(rows, columns, 1, x, ld, NULL, 0) : sqrt(squares);
}

double FN(distance)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, int ldx, const real *y,
		    int ldy)
{
	const int as = gapless(rows, columns, ldx) && gapless(rows, columns, ldy) ? 1 : rows;
	const double squares =
		kernels->sum[SUM_SQUARED_DIFFERENCES](as, (ptrdiff_t)(rows / as) * columns, x, ldx, y, ldy);
	return lost(squares) ? norm_scaled(rows, columns, 1, x, ldx, y, ldy) : sqrt(squares);
}

/* Rows are as long a chain as they are where they are padded. */
void FN(lane_sums)(const struct FN(kernels) *kernels, enum sum kind, int rows, int columns, const real *x, double *sums)
{
	const int as = gapless(rows, columns, real_pad(columns)) ? 1 : rows;
	kernels->lane_sum[kind](as, (ptrdiff_t)(rows / as) * columns, x, NULL, 0, sums);
}

void FN(lane_norms)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, double *norms)
{
	const ptrdiff_t V = kernels->lanes;
	double squares[KERNELS_LANES];
	FN(lane_sums)(kernels, SUM_SQUARES, rows, columns, x, squares);
	kernels->roots((size_t)V, squares, norms);
	for (int v = 0; v < V; v++)
		if (lost(squares[v]))
			norms[v] = norm_scaled(rows, columns, V, x + v, columns * V, NULL, 0);
}

void FN(lane_distances)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, const real *y, int ldy,
			double *norms)
{
	const ptrdiff_t V = kernels->lanes;
	const int as = gapless(rows, columns, real_pad(columns)) && gapless(rows, columns, ldy) ? 1 : rows;
	double squares[KERNELS_LANES];
	kernels->lane_sum[SUM_SQUARED_DIFFERENCES](as, (ptrdiff_t)(rows / as) * columns, x, y, ldy, squares);
	kernels->roots((size_t)V, squares, norms);
	for (int v = 0; v < V; v++)
		if (lost(squares[v]))
			norms[v] = norm_scaled(rows, columns, V, x + v, columns * V, y + v, ldy * V);
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
