/* orthogonal.c: QR by Householder reflections, see orthogonal.h.
 *
 * The vectors lie in rows, so that the two inner loops run over contiguous numbers. They are written with vectors of
 * the compiler, as a sum of floating-point numbers is not vectorised without changing its order: this order is fixed
 * by n alone. Cost: 8/3 m³ operations for m = n, about 10 ms for 256. Not blocked: it is a small part of any run that
 * trains.
 */
#include "net/orthogonal.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { LANES = 4 };
typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

static double dot(int n, const double *x, const double *y)
{
	lanes a = {0}, b = {0};
	int i = 0;
	for (; i + 2 * LANES <= n; i += 2 * LANES) {
		a += *(const lanes *)(x + i) * *(const lanes *)(y + i);
		b += *(const lanes *)(x + i + LANES) * *(const lanes *)(y + i + LANES);
	}
	a += b;
	double sum = (a[0] + a[1]) + (a[2] + a[3]);
	for (; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

/* y ← y − s x */
static void subtract(int n, double s, const double *x, double *y)
{
	int i = 0;
	for (; i + LANES <= n; i += LANES)
		*(lanes *)(y + i) -= s * *(const lanes *)(x + i);
	for (; i < n; i++)
		y[i] -= s * x[i];
}

/* Vector k becomes (…, v), v the k-th reflector H = 1 − βvvᵀ of the numbers from k on; β with the sign of R's
 * diagonal goes to signed_beta[k]. */
static void reduce(int m, int n, double *A, double *signed_beta)
{
	for (int k = 0; k < m; k++) {
		double *v = A + (ptrdiff_t)k * n + k;
		const double norm = sqrt(dot(n - k, v, v));
		const double diagonal = v[0] > 0 ? -norm : norm; /* away from v[0]: no cancellation */
		v[0] -= diagonal;
		const double beta = norm > 0 ? -1 / (diagonal * v[0]) : 0; /* 2 / ‖v‖² */
		for (int j = k + 1; j < m; j++) {
			double *x = A + (ptrdiff_t)j * n + k;
			subtract(n - k, beta * dot(n - k, v, x), v, x);
		}
		signed_beta[k] = copysign(beta, diagonal);
	}
}

void orthonormalise(int m, int n, double *A, double *scratch)
{
	reduce(m, n, A, scratch);
	/* Column k of Q is H₀ … H_k e_k (later reflectors leave e_k alone): from the last to the first, in place of
	 * v. */
	for (int k = m - 1; k >= 0; k--) {
		double *v = A + (ptrdiff_t)k * n + k;
		const double beta = fabs(scratch[k]), sign = copysign(1, scratch[k]), first = v[0];
		for (int j = k + 1; j < m; j++) {
			double *q = A + (ptrdiff_t)j * n + k;
			subtract(n - k, beta * dot(n - k, v, q), v, q);
		}
		for (int i = 0; i < n - k; i++)
			v[i] *= -sign * beta * first;
		v[0] += sign;
		memset(A + (ptrdiff_t)k * n, 0, sizeof *A * (size_t)k);
	}
}
