/* vec_kernel.c: activation functions with their slopes, and exp.
 *
 * A function is one inline formula on a vector: value returned, derivative through a pointer; where only the value is wanted
 * the compiler drops the rest. Both are accurate to 4 ulp over the whole range, so nothing is computed from a rounded output,
 * and results that may be denormal are scaled by 2^n last, once. Every formula is element by element and exact in its order:
 * the bits do not depend on the vector length, and a tail is computed in a padded vector like any other.
 *
 * exp is our own (Cody-Waite reduction, minimax polynomial), as it is faster than a library call and tanh, sigmoid and their
 * family need its parts. Rare functions (erf, gelu, sin) are SLEEF's deterministic ones in double; float32 goes through double.
 *
 * To add a function: its formula here, its line in FUNCTIONS, its name in kernels.h and in net/act.c.
 */
#if defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#pragma GCC optimize("schedule-insns", "sched-pressure") /* x86 gcc leaves it out; see SIDE */
#endif
#include "math/exponential.h"
#include "math/kernels_table.h"
#include "math/polynomials.h"
#include "math/simd.h"
#include "math/sleef_lanes.h"

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

#if REAL_BITS == 64
/* factor·exp(−rate·z² − origin − origin_low), rate 1 or 1/2: a bell curve's height belongs in the exponent, where it costs no
 * rounding. What rounding takes from the square and from the sum (Knuth's two-sum) goes back in as low. */
INLINE vreal bell(vreal z, vreal factor, real rate, real origin, real origin_low)
{
	const vreal in = v_at_most(v_abs(z), rate == 1 ? 28 : 40); /* exp(−784) is 0 */
	const vreal square = rate * (in * in), size = square + origin, added = size - square;
	const vreal low = (square - (size - added)) + (origin - added) + rate * v_fma(in, in, -(in * in)) + origin_low;
	return times_decay(factor, decay(size, 1, low));
}
#define ERF_SLOPE 1, -0x1.eeb95b094c191p-4, -0x1.346863f58b075p-58 /* 2/√π exp(−z²): origin −ln(2/√π) */
#define DENSITY 0.5, 0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55  /* exp(−z²/2)/√2π: origin ln √2π */

INLINE vreal erf_(vreal z, vreal *slope)
{
	*slope = bell(z, v_splat(1), ERF_SLOPE);
	return SLEEF(erf, u10, z);
}

/* gelu = zΦ(z), Φ(z) = erfc(−z/√2)/2; gelu' = Φ(z) + zφ(z). What rounding −z/√2 loses comes back as erfc(y + low) =
 * erfc(y) − low·erf'(y). Where erfc is denormal: zΦ(z) = −φ(z)(1 − 1/z² + 3/z⁴ − …), Abramowitz and Stegun 26.2.12. Near the
 * slope's root, −0.752, (z − root)·polynomial. */
INLINE vreal gelu(vreal z, vreal *slope)
{
	static const real far[] = {-1, 1, -3, 15, -105, 945, -10395, 135135};
	const real rate = 0x1.6a09e667f3bcdp-1, rate_low = -0x1.bdd3413b26456p-55; /* √½ */
	const vreal in = v_at_least(v_at_most(z, 40), -40), square = 1 / (in * in);
	const vreal y = -rate * in, low = -v_fma(v_splat(rate_low), in, v_fma(v_splat(rate), in, y));
	const vreal phi = 0.5 * v_fma(-low, bell(y, v_splat(1), ERF_SLOPE), SLEEF(erfc, u15, y));
	const vreal t = z - GELU_ROOT - GELU_ROOT_LOW;
	*slope = v_select(v_abs(t) < 0.5, t * POLYNOMIAL(GELU_SLOPE, t), phi + bell(in, in, DENSITY));
	return v_select(z < -37, bell(in, POLYNOMIAL(far, square), DENSITY), z * phi);
}

INLINE vreal sin_(vreal z, vreal *slope)
{
	*slope = SLEEF(cos, u10, z);
	return SLEEF(sin, u10, z);
}
#endif

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

/* float32 by way of float64, a piece at a time */
#if REAL_BITS == 32
enum { PIECE = 256 };

INLINE void through_double(enum vec_function function, size_t n, real *slope, const real *z, real *a)
{
	const struct kernels_f64 *kernels = &REAL_PASTE(kernels_f64, ISA_SUFFIX);
	double wide[PIECE], value[PIECE];
	for (size_t at = 0; at < n; at += PIECE) {
		const size_t m = n - at < PIECE ? n - at : PIECE;
		for (size_t i = 0; i < m; i++)
			wide[i] = (double)z[at + i];
		if (slope)
			kernels->vec[function].value_slope(m, wide, value);
		else
			kernels->vec[function].value(m, wide, value);
		for (size_t i = 0; i < m; i++)
			a[at + i] = (real)value[i];
		for (size_t i = 0; slope && i < m; i++)
			slope[at + i] = (real)wide[i];
	}
}
#define RARE_VALUE(f, row, n, z, a) through_double(row, n, NULL, z, a)
#define RARE_VALUE_SLOPE(f, row, n, z, a) through_double(row, n, z, z, a)
#else
#define RARE_VALUE(f, row, n, z, a) map_value(f, n, z, a)
#define RARE_VALUE_SLOPE(f, row, n, z, a) map_value_slope(f, n, z, a)
#endif
#define OWN_VALUE(f, row, n, z, a) map_value(f, n, z, a)
#define OWN_VALUE_SLOPE(f, row, n, z, a) map_value_slope(f, n, z, a)

#define FUNCTIONS(X)                                                                                                   \
	X(OWN, identity, VEC_IDENTITY)                                                                                 \
	X(OWN, sigmoid, VEC_SIGMOID)                                                                                   \
	X(OWN, tanh_, VEC_TANH)                                                                                        \
	X(OWN, lecun_tanh, VEC_LECUN_TANH)                                                                             \
	X(OWN, softsign, VEC_SOFTSIGN)                                                                                 \
	X(OWN, hardtanh, VEC_HARDTANH)                                                                                 \
	X(RARE, erf_, VEC_ERF)                                                                                         \
	X(OWN, relu, VEC_RELU)                                                                                         \
	X(OWN, leaky_relu, VEC_LEAKY_RELU)                                                                             \
	X(OWN, elu, VEC_ELU)                                                                                           \
	X(OWN, selu, VEC_SELU)                                                                                         \
	X(RARE, gelu, VEC_GELU)                                                                                        \
	X(OWN, silu, VEC_SILU)                                                                                         \
	X(OWN, softplus, VEC_SOFTPLUS)                                                                                 \
	X(OWN, absolute, VEC_ABS)                                                                                      \
	X(RARE, sin_, VEC_SIN)

#define DEFINE(kind, f, row)                                                                                           \
	static void f##_value(size_t n, const real *z, real *a)                                                        \
	{                                                                                                              \
		kind##_VALUE(f, row, n, z, a);                                                                         \
	}                                                                                                              \
	static void f##_value_slope(size_t n, real *z, real *a)                                                        \
	{                                                                                                              \
		kind##_VALUE_SLOPE(f, row, n, z, a);                                                                   \
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
