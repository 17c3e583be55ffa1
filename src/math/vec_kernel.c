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
#include <sleef.h>

#include "math/kernels_table.h"
#include "math/polynomials.h"
#include "math/simd.h"

#if REAL_BITS == 32
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define LOWEST_EXP -105.f /* exp is 0 from here down … */
#define HIGHEST_EXP 89.f  /* … and infinite from here up */
#else
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define LOWEST_EXP -746.
#define HIGHEST_EXP 710.
#endif
#define POLYNOMIAL(c, x) polynomial(c, sizeof(c) / sizeof *(c), x)

INLINE vreal polynomial(const real *c, size_t n, vreal x)
{
	vreal sum = v_splat(c[n - 1]);
#pragma GCC unroll 16
	for (size_t i = n - 1; i-- > 0;)
		sum = v_fma(sum, x, v_splat(c[i]));
	return sum;
}

INLINE vreal v_abs(vreal x)
{
	return (vreal)((vint)x & ~(vint)v_splat((real)-0.));
}

INLINE vreal v_copy_sign(vreal x, vreal sign)
{
	return (vreal)((vint)v_abs(x) | ((vint)sign & (vint)v_splat((real)-0.)));
}

/* NaN stays NaN. */
INLINE vreal v_at_most(vreal x, real most)
{
	return v_select(x > most, v_splat(most), x);
}

INLINE vreal v_at_least(vreal x, real least)
{
	return v_select(x < least, v_splat(least), x);
}

/* exp(x + low) = (1 + p)·2^n, |p| < 0.42, p accurate also when it is small; |low| much smaller than an ulp of x is enough. */
struct power {
	vreal p;
	vint n;
};

/* x = n ln2 + r: adding 1.5·2^23 (2^52) rounds to an integer, which then stands in the low bits. NaN gives p NaN. */
INLINE struct power power(vreal x, vreal low)
{
	const real log2e = (real)0x1.71547652b82fep+0, shift = REAL_BITS == 32 ? (real)0x1.8p23 : (real)0x1.8p52;
	const vreal shifted = v_fma(x, v_splat(log2e), v_splat(shift)), n = shifted - shift;
	const vreal r = v_fma(-n, v_splat((real)LN2_LOW), v_fma(-n, v_splat((real)LN2), x)) + low;
	return (struct power){v_fma(r * r, POLYNOMIAL(EXPM1, r), r), (vint)shifted - (vint)v_splat(shift)};
}

/* 2^n, n a normal exponent */
INLINE vreal power_of_2(vint n)
{
	return (vreal)((n + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* 2^n for a sum with 1: below 2^-64 all are as good as none. */
INLINE vreal small_power_of_2(vint n)
{
	const vint low = (vint){0} - 64;
	return power_of_2((vint)v_select(n < low, (vreal)low, (vreal)n));
}

/* x·2^n in two halves, so that only the last product can overflow or be denormal; |n| < 2·bias. */
INLINE vreal scaled(vreal x, vint n)
{
	const vint half = ((n + 2 * EXPONENT_BIAS) >> 1) - EXPONENT_BIAS;
	return x * power_of_2(half) * power_of_2(n - half);
}

INLINE vreal exponential(vreal z)
{
	const struct power e = power(v_at_least(v_at_most(z, HIGHEST_EXP), LOWEST_EXP), v_splat(0));
	return scaled(1 + e.p, e.n);
}

/* With e = exp(−|z|): σ(|z|) = 1/(1 + e), σ(−|z|) = e/(1 + e), σ' = e/(1 + e)². */
struct logistic {
	struct power e;
	vreal m; /* e = m·2^e.n */
	vreal d; /* 1/(1 + e) */
};

INLINE struct logistic logistic(vreal x, vreal low)
{
	const struct power e = power(x, low);
	const vreal s = small_power_of_2(e.n);
	return (struct logistic){e, 1 + e.p, 1 / v_fma(s, e.p, 1 + s)};
}

INLINE vreal sigmoid(vreal z, vreal *slope)
{
	const struct logistic l = logistic(v_at_least(-v_abs(z), LOWEST_EXP), v_splat(0));
	*slope = scaled(l.m * l.d * l.d, l.e.n);
	return v_select(z < 0, scaled(l.m * l.d, l.e.n), l.d);
}

/* height·tanh(z·rate/2), from x + low = −|z|·rate: with e = exp x, tanh = (1 − e)/(1 + e), sech² = 4e/(1 + e)². */
INLINE vreal hyperbolic(vreal z, vreal x, vreal low, real height, real steepness, vreal *slope)
{
	const struct logistic l = logistic(x, low);
	const vreal s = small_power_of_2(l.e.n);
	*slope = scaled(l.m * (l.d * l.d) * (4 * steepness), l.e.n);
	return v_copy_sign(v_fma(s, l.e.p, s - 1) * l.d * height, z);
}

INLINE vreal tanh_(vreal z, vreal *slope)
{
	return hyperbolic(z, v_at_least(-2 * v_abs(z), LOWEST_EXP - 2), v_splat(0), 1, 1, slope);
}

/* LeCun et al., Efficient BackProp (1998). 4/3 in two parts, as an error of the argument is one of the exponential. */
INLINE vreal lecun_tanh(vreal z, vreal *slope)
{
	const real rate = (real)(4. / 3),
		   rate_low = (real)(REAL_BITS == 32 ? 4. / 3 - (float)(4. / 3) : 0x1.5555555555555p-54);
	const vreal size = v_at_most(v_abs(z), -LOWEST_EXP);
	const vreal x = -rate * size, low = -v_fma(v_splat(rate_low), size, v_fma(v_splat(rate), size, x));
	return hyperbolic(z, x, low, (real)1.7159, (real)(1.7159 * 2 / 3), slope);
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
	const struct power e = power(v_at_least(-v_abs(z), LOWEST_EXP), v_splat(0));
	const vreal s = small_power_of_2(e.n), expm1 = v_fma(s, e.p, s - 1);
	*slope = v_select(z > 0, v_splat(right), scaled((1 + e.p) * left, e.n));
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
	const vreal in = v_at_least(v_at_most(z, -LOWEST_EXP), LOWEST_EXP);
	const struct logistic l = logistic(-v_abs(in), v_splat(0));
	const vreal e = l.m * small_power_of_2(l.e.n), t = z - (real)SILU_ROOT - (real)SILU_ROOT_LOW;
	const vreal left = scaled(l.m * l.d * l.d * (1 + in + e), l.e.n), right = v_fma(in * e * l.d, l.d, l.d);
	*slope = v_select(v_abs(t) < (real)0.25, t * POLYNOMIAL(SILU_SLOPE, t), v_select(z < 0, left, right));
	return v_select(z < 0, scaled(in * l.m * l.d, l.e.n), z * l.d);
}

/* log(1 + exp z) = max(z, 0) + log1p(e), e = exp(−|z|) */
INLINE vreal softplus(vreal z, vreal *slope)
{
	const vreal probability = sigmoid(z, slope);
	const vreal e = exponential(-v_abs(z)), w = e / (1 + e * (real)0.5);
	*slope = probability;
	return v_select(z > 0, z, v_splat(0)) + v_fma(w * w * w, POLYNOMIAL(LOG1P, w * w), w);
}

#if REAL_BITS == 64
/* SLEEF's functions named finz give the same bits in every instruction set. */
#if defined ISA_AVX512 && defined __AVX512F__
#define SLEEF(name, ulp, x) Sleef_finz_##name##d8_##ulp##avx512f(x)
#elif defined ISA_AVX2 && defined __AVX2__
#define SLEEF(name, ulp, x) Sleef_finz_##name##d4_##ulp##avx2(x)
#else
#define SLEEF(name, ulp, x) each_lane(Sleef_finz_##name##d1_##ulp##purecfma, x)
INLINE vreal each_lane(double (*f)(double), vreal x)
{
	for (int i = 0; i < LANES; i++)
		x[i] = f(x[i]);
	return x;
}
#endif

/* factor·exp(−z²·rate), rate 1 or 1/2. The rounding error of z² goes into the exponential too. */
INLINE vreal bell(vreal z, vreal factor, real rate)
{
	const vreal in = v_at_most(v_abs(z), rate == 1 ? 28 : 40), square = in * in; /* exp(−784) is 0 */
	const struct power e = power(-rate * square, -rate * v_fma(in, in, -square));
	return scaled((1 + e.p) * factor, e.n);
}

INLINE vreal erf_(vreal z, vreal *slope)
{
	*slope = bell(z, v_splat(1.1283791670955126), 1); /* 2/√π */
	return SLEEF(erf, u10, z);
}

/* gelu = zΦ(z), Φ(z) = erfc(−z/√2)/2; gelu' = Φ(z) + zφ(z), φ(z) = exp(−z²/2)/√2π. What rounding −z/√2 loses comes back as
 * erfc(y + low) = erfc(y) − low·erfc's slope. Where erfc is denormal: zΦ(z) = −φ(z)(1 − 1/z² + 3/z⁴ − …), Abramowitz and Stegun
 * 26.2.12. Near the slope's root, −0.752, (z − root)·polynomial. */
INLINE vreal gelu(vreal z, vreal *slope)
{
	static const real far[] = {1, -1, 3, -15, 105, -945, 10395, -135135};
	const real rate = 0x1.6a09e667f3bcdp-1, rate_low = -0x1.bdd3413b26456p-55; /* √½ */
	const real height = 0.3989422804014327;                                    /* 1/√2π */
	const vreal in = v_at_least(v_at_most(z, 40), -40), square = 1 / (in * in);
	const vreal y = -rate * in, low = -v_fma(v_splat(rate_low), in, v_fma(v_splat(rate), in, y));
	const vreal phi = 0.5 * v_fma(-low, bell(y, v_splat(1.1283791670955126), 1), SLEEF(erfc, u15, y));
	const vreal t = z - GELU_ROOT - GELU_ROOT_LOW;
	*slope = v_select(v_abs(t) < 0.25, t * POLYNOMIAL(GELU_SLOPE, t), phi + bell(in, in * height, 0.5));
	return v_select(z < -37, bell(in, -height * POLYNOMIAL(far, square), 0.5), z * phi);
}

INLINE vreal sin_(vreal z, vreal *slope)
{
	*slope = SLEEF(cos, u10, z);
	return SLEEF(sin, u10, z);
}
#endif

typedef vreal formula(vreal z, vreal *slope);

INLINE void map_value(formula *f, size_t n, const real *z, real *a)
{
	vreal slope;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		v_store(a + i, f(v_load(z + i), &slope));
	if (i < n) {
		real padded[LANES] = {0};
		memcpy(padded, z + i, (n - i) * sizeof *z);
		v_store_part(a + i, f(v_load(padded), &slope), (int)(n - i));
	}
}

INLINE void map_value_slope(formula *f, size_t n, real *z, real *a)
{
	vreal slope;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		v_store(a + i, f(v_load(z + i), &slope));
		v_store(z + i, slope);
	}
	if (i < n) {
		real padded[LANES] = {0};
		memcpy(padded, z + i, (n - i) * sizeof *z);
		v_store_part(a + i, f(v_load(padded), &slope), (int)(n - i));
		v_store_part(z + i, slope, (int)(n - i));
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
	.gemm = ISA_FN(gemm),
	.vec = {FUNCTIONS(ROW)},
	.exp = exp_value,
};
