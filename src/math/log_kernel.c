/* log_kernel.c: log-losses of many examples: log(1 + exp t) with its derivative, and log(1 + x); pairs of normal random numbers. In
 * double for both precisions. */
#if REAL_BITS == 64
#include "math/kernels_table.h"
#include "math/sleef_lanes.h"

INLINE vreal logistic_loss(vreal t, vreal *slope)
{
	const vreal size = (vreal)((vint)t & ~(vint)v_splat(-0.0)), e = SLEEF(exp, u10, -size), whole = 1 + e;
	*slope = v_select(t >= 0, v_splat(1), e) / whole;
	const vreal loss = v_select(t > 0, t, v_splat(0)) + SLEEF(log1p, u10, e);
	return v_select(t - t == 0, loss, v_splat(__builtin_nan("")));
}

void ISA_FN(logistic_losses)(size_t n, const double *t, double *loss, double *slope)
{
	vreal s;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		v_store(loss + i, logistic_loss(v_load(t + i), &s));
		v_store(slope + i, s);
	}
	if (i < n) {
		v_store_part(loss + i, logistic_loss(v_load_part(t + i, (int)(n - i)), &s), (int)(n - i));
		v_store_part(slope + i, s, (int)(n - i));
	}
}

INLINE vreal root(vreal x)
{
#if defined NATIVE
	return NATIVE(sqrt)(x);
#else
	for (int i = 0; i < LANES; i++)
		x[i] = __builtin_sqrt(x[i]);
	return x;
#endif
}

/* the first n lanes of x and y; past them is nothing to write to */
INLINE void normal_pairs(vreal u, vreal v, real *x, real *y, int n)
{
	const vreal radius = root(-2.0 * SLEEF(log, u10, u)), turn = 2.0 * v;
	const vreal a = radius * SLEEF(cospi, u05, turn), b = radius * SLEEF(sinpi, u05, turn);
	if (n == LANES) {
		v_store(x, a);
		v_store(y, b);
	} else {
		v_store_part(x, a, n);
		v_store_part(y, b, n);
	}
}

void ISA_FN(normals)(size_t n, const double *u, const double *v, double *x, double *y)
{
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		normal_pairs(v_load(u + i), v_load(v + i), x + i, y + i, LANES);
	if (i < n)
		normal_pairs(v_load_part(u + i, (int)(n - i)), v_load_part(v + i, (int)(n - i)), x + i, y + i,
			     (int)(n - i));
}

void ISA_FN(log1ps)(size_t n, const double *x, double *y)
{
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		v_store(y + i, SLEEF(log1p, u10, v_load(x + i)));
	if (i < n)
		v_store_part(y + i, SLEEF(log1p, u10, v_load_part(x + i, (int)(n - i))), (int)(n - i));
}
#endif
