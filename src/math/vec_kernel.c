/* vec_kernel.c: activation functions with their slopes, and exp.
 *
 * A function is one inline formula on a vector: value returned, derivative through a pointer; where only the value is wanted
 * the compiler drops the rest. Both are accurate to 4 ulp over the whole range, so nothing is computed from a rounded output,
 * and results that may be denormal are scaled by 2^n last, once. Every formula is element by element and exact in its order:
 * the bits do not depend on the vector length, and a tail is computed in a padded vector like any other.
 *
 * exp is our own (Cody-Waite reduction, minimax polynomial), as it is faster than a library call and tanh, sigmoid and their
 * family need its parts.
 *
 * To add a function: its formula here, its line in FUNCTIONS, its name in kernels.h and in net/act.c.
 */
#if defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#pragma GCC optimize("schedule-insns", "sched-pressure") /* x86 gcc leaves it out; see SIDE */
#endif
#include <math.h>
#include <sleef.h>

#include "math/exponential.h"
#include "math/kernels_table.h"
#include "math/polynomials.h"
#include "math/simd.h"

INLINE vreal sigmoid(vreal z, vreal *slope)
{
	const struct logistic l = logistic(v_at_most(v_abs(z), FARTHEST), 1, NO_LOW);
	*slope = share_of_decay(l.d2, l.e, 1);
	return v_select(z < 0, share_of_decay(l.d, l.e, 1), l.d);
}

/* height·tanh(z·rate/2): with e = exp(−size·rate − low), size = |z|, tanh = (1 − e)/(1 + e) and sech² = 4e/(1 + e)². What rounding
 * has added to steepness, excess relative to it, goes off again. */
INLINE vreal hyperbolic(vreal z, vreal size, real rate, vreal low, real height, real steepness, real excess,
			vreal *slope)
{
	const struct logistic l = logistic(size, rate, low);
	*slope = share_of_decay(steepness / l.square, (struct decay){l.e.p - excess, l.e.lifted}, 4);
	return v_copy_sign(v_fma(l.s, l.e.p, l.s - 1) * l.d * height, z);
}

INLINE vreal tanh_(vreal z, vreal *slope)
{
	return hyperbolic(z, v_at_most(v_abs(z), FARTHEST / 2), 2, NO_LOW, 1, 1, 0, slope);
}

/* LeCun et al., Efficient BackProp (1998). 4/3 in two parts, as an error of the argument is one of the exponential. */
INLINE vreal lecun_tanh(vreal z, vreal *slope)
{
	const real rate = (real)(4. / 3), excess = (real)(REAL_BITS == 32 ? -0x1.16cp-25 : -0x1.5dfp-54),
		   rate_low = (real)(REAL_BITS == 32 ? 4. / 3 - (float)(4. / 3) : 0x1.5555555555555p-54);
	const vreal size = v_at_most(v_abs(z), FARTHEST * (real)0.75);
	const vreal low = v_fma(v_splat(rate_low), size, v_fma(v_splat(rate), size, -(size * rate)));
	return hyperbolic(z, size, rate, low, (real)1.7159, (real)(1.7159 * 2 / 3), excess, slope);
}

INLINE vreal softsign(vreal z, vreal *slope)
{
	const vreal d = 1 / (1 + v_abs(z));
	*slope = d * d;
	return v_select(v_abs(z) > (real)0x1p60, v_copy_sign(v_splat(1), z), z * d);
}

INLINE vreal keep_nan(vreal z, vreal x)
{
	return v_select(z != z, z, x);
}

INLINE vreal hardtanh(vreal z, vreal *slope)
{
	*slope = keep_nan(z, v_select((z > -1) & (z < 1), v_splat(1), v_splat(0)));
	return v_at_least(v_at_most(z, 1), -1);
}

INLINE vreal identity(vreal z, vreal *slope)
{
	*slope = keep_nan(z, v_splat(1));
	return z;
}

INLINE vreal relu(vreal z, vreal *slope)
{
	*slope = keep_nan(z, v_select(z > 0, v_splat(1), v_splat(0)));
	return v_select(z <= 0, v_splat(0), z);
}

INLINE vreal leaky_relu(vreal z, vreal *slope)
{
	*slope = keep_nan(z, v_select(z > 0, v_splat(1), v_splat((real)0.01)));
	return v_select(z < 0, z * (real)0.01, z);
}

INLINE vreal absolute(vreal z, vreal *slope)
{
	*slope = keep_nan(z, v_select(z == 0, v_splat(0), v_copy_sign(v_splat(1), z)));
	return v_abs(z);
}

/* right·z for z > 0, else left·(exp z − 1) */
INLINE vreal exponential_linear(vreal z, real right, real left, vreal *slope)
{
	const struct decay e = decay(v_at_most(v_abs(z), FARTHEST), 1, NO_LOW);
	const vreal s = lowered(v_splat(1), e), expm1 = v_fma(s, e.p, s - 1);
	*slope = v_select(z > 0, v_splat(right), share_of_decay(v_splat(1), e, left));
	return v_select(z > 0, z * right, v_copy_sign(expm1 * left, z));
}

INLINE vreal elu(vreal z, vreal *slope)
{
	return exponential_linear(z, 1, 1, slope);
}

INLINE vreal selu(vreal z, vreal *slope)
{
	const double lambda = 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717;
	return exponential_linear(z, (real)lambda, (real)(lambda * alpha), slope);
}

/* silu = zσ(z); silu' = σ(z)(1 + zσ(−z)), which is e(1 + e + z)/(1 + e)² for z < 0. Near its root, −1.278, the sum would
 * cancel: there (z − root)·polynomial. */
INLINE vreal silu(vreal z, vreal *slope)
{
	const vreal in = v_at_least(v_at_most(z, FARTHEST), -FARTHEST);
	const struct logistic l = logistic(v_abs(in), 1, NO_LOW);
	const vreal e = v_fma(l.s, l.e.p, l.s), t = z - (real)SILU_ROOT - (real)SILU_ROOT_LOW;
	const vreal left = times_decay(l.d2 * (1 + in + e), l.e), right = v_fma(in * e * l.d, l.d, l.d);
	*slope = v_select(v_abs(t) < (real)0.25, t * POLYNOMIAL(SILU_SLOPE, t), v_select(z < 0, left, right));
	return v_select(z < 0, times_decay(in * l.d, l.e), z * l.d);
}

/* log(1 + exp z) = max(z, 0) + log1p(e), e = exp(−|z|) */
INLINE vreal softplus(vreal z, vreal *slope)
{
	const struct logistic l = logistic(v_at_most(v_abs(z), FARTHEST), 1, NO_LOW);
	const vreal e = times_decay(v_splat(1), l.e), w = e / (1 + e * (real)0.5);
	*slope = v_select(z < 0, share_of_decay(l.d, l.e, 1), l.d);
	return v_select(z > 0, z, v_splat(0)) + v_fma(w * w * w, POLYNOMIAL(LOG1P, w * w), w);
}

/* exp(−rate·x²), rate 1 or 1/2; what rounding takes from the square goes back in as low. */
INLINE struct decay bell(vreal x, real rate)
{
	const vreal square = x * x;
	return decay(square, rate, rate * v_fma(x, x, -square));
}

/* Φ(−x)·exp(x²/2) for x ≥ 0: Mills' ratio over √2π (Shepherd and Laframboise 1981 have the variable) */
INLINE vreal mills(vreal x)
{
	const vreal d = 1 / (x + MILLS_AT);
	return POLYNOMIAL(MILLS, v_fma(x + x, d, v_splat(-1))) * d;
}

/* 1 − factor·e */
INLINE vreal one_less(vreal factor, struct decay e)
{
	const vreal s = e.lifted * UNLIFT;
	return v_fma(-factor, v_fma(s, e.p, s), v_splat(1));
}

/* erf(x) = 1 − 2Φ(−√2·x) far from 0 */
INLINE vreal erf_(vreal z, vreal *slope)
{
	const vreal x = v_at_most(v_abs(z), BELL_END * (real)M_SQRT1_2);
	const struct decay e = bell(x, 1);
	const vreal near = v_fma(z, POLYNOMIAL(ERF, z * z), z), far = one_less(2 * mills(x * (real)M_SQRT2), e);
	*slope = share_of_decay(v_splat(1), e, (real)M_2_SQRTPI);
	return v_select(x < (real)0.75, near, v_copy_sign(far, z));
}

/* gelu = zΦ(z), gelu' = Φ(z) + zφ(z). Far from 0 both are, for z < 0, exp(−z²/2) times something, and for z > 0 one, or z, less
 * that of −z. Near 0 Φ is ½ and half an erf. Around the slope's root, −0.752, where its sum cancels: (z − root)·polynomial. */
INLINE vreal gelu(vreal z, vreal *slope)
{
	const vreal density = v_splat((real)(M_2_SQRTPI * M_SQRT1_2 / 2)); /* φ(0) */
	const vreal x = v_at_most(v_abs(z), BELL_END), first = z * (real)(M_SQRT1_2 / 2);
	const struct decay e = bell(x, (real)0.5);
	const vreal tail = mills(x), rise = v_fma(-x, density, tail), t = z - GELU_ROOT - GELU_ROOT_LOW;
	const vreal near = z * (v_fma(first, POLYNOMIAL(ERF, z * z * (real)0.5), first) + (real)0.5);
	*slope = v_select(v_abs(t) < (real)-GELU_ROOT, t * POLYNOMIAL(GELU_SLOPE, t),
			  v_select(z < 0, times_decay(rise, e), one_less(rise, e)));
	return v_select(x < (real)0.75, near, v_select(z < 0, times_decay(-x * tail, e), z * one_less(tail, e)));
}

/* z = n·π/2 + r for |z| ≤ SINE_END; the first step is exact, as z and n·HALF_PI are so close. */
INLINE vreal sin_(vreal z, vreal *slope)
{
	const vreal shifted = v_fma(z, v_splat((real)M_2_PI), v_splat(HALF_ULPS)), n = shifted - HALF_ULPS;
	const vreal r = v_fma(n, v_splat(-HALF_PI_LOWEST),
			      v_fma(n, v_splat(-HALF_PI_LOW), v_fma(n, v_splat(-HALF_PI), z))),
		    square = r * r;
	const vreal sine = v_fma(square * r, POLYNOMIAL(SIN, square), r);
	const vreal cosine =
		v_fma(square * square, POLYNOMIAL(COS, square), v_fma(square, v_splat((real)-0.5), v_splat(1)));
	const vint quarter = (vint)shifted, odd = -(quarter & 1), sign = (quarter & 2) << (REAL_BITS - 2);
	*slope = (vreal)((vint)v_select(odd, sine, cosine) ^ (((quarter + 1) & 2) << (REAL_BITS - 2)));
	return (vreal)((vint)v_select(odd, cosine, sine) ^ sign);
}

typedef vreal formula(vreal z, vreal *slope);

/* A formula is one long chain; SIDE of them side by side keep the units busy (and the pragma on top lets gcc interleave
 * them), fewer where slopes take registers, too. */
enum { SIDE = 4, SIDE_SLOPES = 3 };

INLINE void map_value(formula *f, size_t n, const real *z, real *a)
{
	vreal slope, value[SIDE];
	size_t i = 0;
	for (; i + SIDE * LANES <= n; i += SIDE * LANES) {
#pragma GCC unroll 4
		for (size_t j = 0; j < SIDE; j++)
			value[j] = f(v_load(z + i + j * LANES), &slope);
#pragma GCC unroll 4
		for (size_t j = 0; j < SIDE; j++)
			v_store(a + i + j * LANES, value[j]);
	}
	for (; i + LANES <= n; i += LANES)
		v_store(a + i, f(v_load(z + i), &slope));
	if (i < n)
		v_store_part(a + i, f(v_load_part(z + i, (int)(n - i)), &slope), (int)(n - i));
}

INLINE void map_value_slope(formula *f, size_t n, real *z, real *a)
{
	vreal slope[SIDE_SLOPES], value[SIDE_SLOPES];
	size_t i = 0;
	for (; i + SIDE_SLOPES * LANES <= n; i += SIDE_SLOPES * LANES) {
#pragma GCC unroll 4
		for (size_t j = 0; j < SIDE_SLOPES; j++)
			value[j] = f(v_load(z + i + j * LANES), &slope[j]);
#pragma GCC unroll 4
		for (size_t j = 0; j < SIDE_SLOPES; j++) {
			v_store(a + i + j * LANES, value[j]);
			v_store(z + i + j * LANES, slope[j]);
		}
	}
	for (; i + LANES <= n; i += LANES) {
		v_store(a + i, f(v_load(z + i), slope));
		v_store(z + i, slope[0]);
	}
	if (i < n) {
		v_store_part(a + i, f(v_load_part(z + i, (int)(n - i)), slope), (int)(n - i));
		v_store_part(z + i, slope[0], (int)(n - i));
	}
}

/* Farther out sin and cos are SLEEF's, element by element: few networks get there. */
INLINE void put_far(size_t n, const real *z, real *sine, real *cosine)
{
	int far = 0;
	for (size_t i = 0; i < n; i++)
		far |= (z[i] > SINE_END) | (z[i] < -SINE_END);
	for (size_t i = 0; far && i < n; i++) {
		if (!(z[i] > SINE_END || z[i] < -SINE_END))
			continue;
		sine[i] = (real)Sleef_finz_sind1_u10purecfma((double)z[i]);
		if (cosine)
			cosine[i] = (real)Sleef_finz_cosd1_u10purecfma((double)z[i]);
	}
}

enum { PIECE = 256 };

INLINE void map_sine(size_t n, real *slope, const real *z, real *a)
{
	real piece[PIECE];
	for (size_t at = 0; at < n; at += PIECE) {
		const size_t m = n - at < PIECE ? n - at : PIECE;
		memcpy(piece, z + at, m * sizeof *piece);
		if (slope)
			map_value_slope(sin_, m, slope + at, a + at);
		else
			map_value(sin_, m, z + at, a + at);
		put_far(m, piece, a + at, slope ? slope + at : NULL);
	}
}

#define OWN_VALUE(f, n, z, a) map_value(f, n, z, a)
#define OWN_VALUE_SLOPE(f, n, z, a) map_value_slope(f, n, z, a)
#define SINE_VALUE(f, n, z, a) map_sine(n, NULL, z, a)
#define SINE_VALUE_SLOPE(f, n, z, a) map_sine(n, z, z, a)

#define FUNCTIONS(X)                                                                                                   \
	X(OWN, identity, VEC_IDENTITY)                                                                                 \
	X(OWN, sigmoid, VEC_SIGMOID)                                                                                   \
	X(OWN, tanh_, VEC_TANH)                                                                                        \
	X(OWN, lecun_tanh, VEC_LECUN_TANH)                                                                             \
	X(OWN, softsign, VEC_SOFTSIGN)                                                                                 \
	X(OWN, hardtanh, VEC_HARDTANH)                                                                                 \
	X(OWN, erf_, VEC_ERF)                                                                                          \
	X(OWN, relu, VEC_RELU)                                                                                         \
	X(OWN, leaky_relu, VEC_LEAKY_RELU)                                                                             \
	X(OWN, elu, VEC_ELU)                                                                                           \
	X(OWN, selu, VEC_SELU)                                                                                         \
	X(OWN, gelu, VEC_GELU)                                                                                         \
	X(OWN, silu, VEC_SILU)                                                                                         \
	X(OWN, softplus, VEC_SOFTPLUS)                                                                                 \
	X(OWN, absolute, VEC_ABS)                                                                                      \
	X(SINE, sin_, VEC_SIN)

#define DEFINE(kind, f, row)                                                                                           \
	static void f##_value(size_t n, const real *z, real *a)                                                        \
	{                                                                                                              \
		kind##_VALUE(f, n, z, a);                                                                              \
	}                                                                                                              \
	static void f##_value_slope(size_t n, real *z, real *a)                                                        \
	{                                                                                                              \
		kind##_VALUE_SLOPE(f, n, z, a);                                                                        \
	}
FUNCTIONS(DEFINE)

INLINE vreal exp_(vreal z, vreal *slope)
{
	*slope = exponential(z);
	return *slope;
}

static void exp_value(size_t n, const real *x, real *y)
{
	map_value(exp_, n, x, y);
}

#define ROW(kind, f, row) [row] = {f##_value, f##_value_slope},
const struct FN(kernels) ISA_FN(kernels) = {
	.isa = ISA_NAME,
	.lanes = LANES,
	.gemm = ISA_FN(gemm),
	.linear = ISA_FN(linear),
	.times_and_means = ISA_FN(times_and_means),
	.sum = {ISA_FN(sum), ISA_FN(sum_abs), ISA_FN(sum_squares), ISA_FN(sum_products),
		ISA_FN(sum_squared_differences)},
	.vec = {FUNCTIONS(ROW)},
	.exp = exp_value,
	.lane_product = ISA_FN(lane_product),
	.lane_sum = {ISA_FN(lane_sum), ISA_FN(lane_sum_abs), ISA_FN(lane_sum_squares), ISA_FN(lane_sum_products),
		     ISA_FN(lane_sum_squared_differences)},
	.logistic_losses = REAL_PASTE(logistic_losses_f64, ISA_SUFFIX),
	.log1p = REAL_PASTE(log1ps_f64, ISA_SUFFIX),
	.roots = REAL_PASTE(roots_f64, ISA_SUFFIX),
	.normals = REAL_PASTE(normals_f64, ISA_SUFFIX),
};
