/* norm_real.h: Euclidean norms that neither underflow nor overflow: a gradient that vanished to 1e-200 is small, not zero, and
 * the difference is what this program is about. Matrices are rows × columns, rows ld apart; padding is never read. */
#ifndef FATHOM_NORM_REAL_H
#define FATHOM_NORM_REAL_H

#include "math/kernels.h"
#include "math/real.h"
#include "math/svd.h"

/* √Σ x². Exactly 0 iff all elements are 0; NaN if one is NaN. */
double FN(norm)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, int ld);

/* √Σ (x − y)², exactly 0 iff x equals y; ldy = 0 compares every row of x with the one row y. */
double FN(distance)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, int ldx, const real *y,
		    int ldy);

/* The same of the matrix in each lane (net/lanes_real.h), to the bit: norms[lane]. Nothing is padded; ldy is columns or 0. */
void FN(lane_norms)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, double *norms);
void FN(lane_distances)(const struct FN(kernels) *kernels, int rows, int columns, const real *x, const real *y, int ldy,
			double *norms);
void FN(lane_sums)(const struct FN(kernels) *kernels, enum sum kind, int rows, int columns, const real *x,
		   double *sums);

/* ‖x‖₂, the largest singular value. scratch: svd_scratch(rows, columns) numbers. */
double FN(spectral_norm)(int rows, int columns, const real *x, int ld, double *scratch);

/* √(a² + b²) for a, b ≥ 0, by correctly rounded operations only: the same bits on every machine, as hypot need not be. */
double FN(norm_join)(double a, double b);

#endif
