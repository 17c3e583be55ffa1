/* log_kernel.c: log-losses of many examples: log(1 + exp t) with its derivative, and log(1 + x). In double for both precisions. */
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

void ISA_FN(log1ps)(size_t n, const double *x, double *y)
{
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		v_store(y + i, SLEEF(log1p, u10, v_load(x + i)));
	if (i < n)
		v_store_part(y + i, SLEEF(log1p, u10, v_load_part(x + i, (int)(n - i))), (int)(n - i));
}
#endif
