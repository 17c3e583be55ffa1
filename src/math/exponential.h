/* exponential.h: exp of a vector, whole and in the parts that the formulas of vec_kernel.c are made of.
 *
 * Cody-Waite reduction and a minimax polynomial for expm1; what may become denormal is scaled by 2^n last, once. The order of
 * operations is fixed and element by element, and no library is called: the bits are the same in every build.
 */
#ifndef FATHOM_EXPONENTIAL_H
#define FATHOM_EXPONENTIAL_H

#include "math/polynomials.h"
#include "math/simd.h"

#if REAL_BITS == 32
enum { MANTISSA_BITS = 23, BIAS = 127, LIFT = 100 };
#define HALF_ULPS (real)0x1.8p23 /* adding it rounds to an integer, which then stands in the low bits */
#define FARTHEST 110.f           /* exp(−FARTHEST) is 0, and so is ten times that */
#define HIGHEST 89.f             /* exp(HIGHEST) is infinite */
#define UNLIFT 0x1p-100f
#define BELL_END 14.8f   /* exp(−BELL_END²/2) is 0, and so is ten times that */
#define SINE_END 0x1p15f /* so far π/2 in three parts has the digits for sin */
#else
enum { MANTISSA_BITS = 52, BIAS = 1023, LIFT = 300 };
#define HALF_ULPS (real)0x1.8p52
#define FARTHEST 760.
#define HIGHEST 710.
#define UNLIFT 0x1p-300
#define BELL_END 38.98
#define SINE_END 0x1p20
#endif

/* Pairs c[i] + c[i+1]x first, then Horner in x²: as many operations as Horner in x, half as long a chain. */
INLINE vreal polynomial(const real *c, size_t n, vreal x)
{
	const vreal square = x * x;
	vreal sum = {0};
#pragma GCC unroll 20
	for (size_t i = (n - 1) / 2 * 2, first = 1; i < n; i -= 2, first = 0) {
		const vreal pair = i + 1 < n ? v_fma(v_splat(c[i + 1]), x, v_splat(c[i])) : v_splat(c[i]);
		sum = first ? pair : v_fma(sum, square, pair);
	}
	return sum;
}
#define POLYNOMIAL(c, x) polynomial(c, sizeof(c) / sizeof *(c), x)

INLINE vreal v_abs(vreal x)
{
	return (vreal)((vint)x & ~(vint)v_splat((real)-0.));
}

INLINE vreal v_copy_sign(vreal x, vreal sign)
{
	return (vreal)((vint)v_abs(x) | ((vint)sign & (vint)v_splat((real)-0.)));
}

/* n and r of x = n ln2 + r, |r| < 0.35, the way in of every exponential, from x = size·rate and a `low` that rounding took from
 * x. Returns expm1(r), and n in the low bits of *bits, on top of an offset that makes it an exponent. size is a factor of its own
 * as that shortens the chain. NaN gives NaN, whatever the bits. */
INLINE vreal reduce(vreal size, real rate, vreal low, int offset, vint *bits)
{
	const real log2e = (real)(rate * 0x1.71547652b82fep+0), shift = HALF_ULPS + (real)offset;
	const vreal shifted = v_fma(size, v_splat(log2e), v_splat(shift)), n = shifted - shift;
	const vreal r = v_fma(n, v_splat((real)-LN2_LOW), v_fma(n, v_splat((real)-LN2), size * rate)) + low;
	*bits = (vint)shifted;
	return v_fma(r * r, POLYNOMIAL(EXPM1, r), r);
}
#define NO_LOW v_splat(0)

/* exp(−size·rate − low) for size ≥ 0, in parts: (1 + p)·2^n. 2^n may be too small for a number, lifted = 2^(n + LIFT) never is. */
struct decay {
	vreal p, lifted;
};

INLINE struct decay decay(vreal size, real rate, vreal low)
{
	vint bits;
	const vreal p = reduce(size, -rate, -low, BIAS + LIFT, &bits);
	return (struct decay){p, (vreal)(bits << MANTISSA_BITS)};
}

/* factor·2^n, where only the last product can be denormal */
INLINE vreal lowered(vreal factor, struct decay e)
{
	return factor * e.lifted * v_splat(UNLIFT);
}

/* exp over both signs: 2^n in two halves. */
INLINE vreal exponential(vreal z)
{
	vint bits;
	const vreal p = reduce(v_at_least(v_at_most(z, HIGHEST), -FARTHEST), 1, -NO_LOW, 4 * BIAS, &bits);
	const vint n = bits & ((1 << 13) - 1), half = (n - 2 * BIAS) >> 1; /* n + 4 bias and n/2 + bias */
	return (1 + p) * (vreal)(half << MANTISSA_BITS) * (vreal)((n - 2 * BIAS - half) << MANTISSA_BITS);
}

/* With e = exp(−|z|): σ(|z|) = 1/(1 + e), σ(−|z|) = e/(1 + e), σ' = e/(1 + e)². The square comes out of the division, 1/(1 + e) of
 * the square: the other way round the slope would take over the rounding errors of 1/(1 + e) twice, and be beyond 4 ulp here and
 * there. */
struct logistic {
	struct decay e;
	vreal s;             /* 2^n as far as it matters beside 1 */
	vreal square, d, d2; /* (1 + e)², 1/(1 + e), 1/(1 + e)² */
};

INLINE struct logistic logistic(vreal size, real rate, vreal low)
{
	const struct decay e = decay(size, rate, low);
	const vreal s = e.lifted * UNLIFT, q = v_fma(s, e.p, 1 + s), square = q * q, d2 = 1 / square;
	return (struct logistic){e, s, square, q * d2, d2};
}

/* factor·height·e: two roundings where it is denormal, so the factor should be about 1 at most */
INLINE vreal share_of_decay(vreal factor, struct decay e, real height)
{
	return v_fma(e.p, factor, factor) * (e.lifted * (height * UNLIFT));
}

/* factor·e, one rounding before the scaling */
INLINE vreal times_decay(vreal factor, struct decay e)
{
	return lowered(v_fma(e.p, factor, factor), e);
}

#endif
