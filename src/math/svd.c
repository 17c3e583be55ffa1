/* svd.c: see svd.h. A rotation of two rows leaves the matrix's singular values as they are; when all rows are orthogonal, their
 * lengths are these. Each pass over all pairs brings the rows closer to that, quadratically in the end. */
#include "math/svd.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "base/err.h"

#include "math/kernels.h"

enum { PASSES = 40 }; /* 64 rows take about 10 */

size_t svd_scratch(int m, int n)
{
	return (size_t)m * (size_t)n + (size_t)(m < n ? m : n);
}

/* The rows a and b by an angle that makes them orthogonal; false if they are already. */
static bool rotate(const struct kernels_f64 *kernels, int n, double *restrict a, double *restrict b, double tolerance)
{
	const double aa = kernels->sum[SUM_SQUARES](1, n, a, n, NULL, 0),
		     bb = kernels->sum[SUM_SQUARES](1, n, b, n, NULL, 0);
	const double ab = kernels->sum[SUM_PRODUCTS](1, n, a, n, b, n);
	if (fabs(ab) <= tolerance * sqrt(aa) * sqrt(bb))
		return false;
	const double zeta = (bb - aa) / (2 * ab), t = copysign(1 / (fabs(zeta) + sqrt(1 + zeta * zeta)), zeta);
	const double c = 1 / sqrt(1 + t * t), s = c * t;
	for (int i = 0; i < n; i++) {
		const double x = a[i], y = b[i];
		a[i] = c * x - s * y;
		b[i] = s * x + c * y;
	}
	return true;
}

/* A power of two that brings the largest element near 1, so that no square is lost: exact. 0 if all are 0. */
static int exponent_of(size_t numbers, const double *A, bool *finite)
{
	double largest = 0;
	int exponent = 0;
	*finite = true;
	for (size_t i = 0; i < numbers; i++) {
		*finite = *finite && isfinite(A[i]);
		largest = fmax(largest, fabs(A[i]));
	}
	if (*finite)
		frexp(largest, &exponent);
	return exponent;
}

void svd_values(int m, int n, double *A, double *sigma)
{
	if (m < 1 || m > n)
		BUG("singular values of %d rows of %d numbers: hand over the transpose", m, n);
	const struct kernels_f64 *kernels = kernels_f64();
	const size_t numbers = (size_t)m * (size_t)n;
	const double tolerance = DBL_EPSILON * sqrt(n);
	bool finite, rotated = true;
	const int exponent = exponent_of(numbers, A, &finite);
	for (int i = 0; i < m; i++)
		sigma[i] = NAN;
	if (!finite)
		return;
	for (size_t i = 0; i < numbers; i++)
		A[i] = ldexp(A[i], -exponent);
	for (int pass = 0; pass < PASSES && rotated; pass++) {
		rotated = false;
		for (int i = 0; i < m; i++)
			for (int j = i + 1; j < m; j++)
				rotated |= rotate(kernels, n, A + (size_t)i * (size_t)n, A + (size_t)j * (size_t)n,
						  tolerance);
	}
	for (int i = 0; i < m; i++) {
		const double length =
			ldexp(sqrt(kernels->sum[SUM_SQUARES](1, n, A + (size_t)i * (size_t)n, n, NULL, 0)), exponent);
		int j = i;
		for (; j > 0 && sigma[j - 1] < length; j--)
			sigma[j] = sigma[j - 1];
		sigma[j] = length;
	}
}
