/* simd.h: one vector of reals, for *_kernel.c only.
 *
 * Compiler vector extensions carry everything but the fused multiply-add, which has to be one instruction (or libm's exact
 * fma where there is none): it is spelled out per instruction set. The generic build is four (two) lanes wide and serves
 * every processor that the compiler knows.
 */
#ifndef FATHOM_SIMD_H
#define FATHOM_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "math/real.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

#if defined ISA_AVX512
#define ISA_SUFFIX _avx512
#define ISA_NAME "avx512"
enum { VECTOR_BYTES = 64 };
#elif defined ISA_AVX2
#define ISA_SUFFIX _avx2
#define ISA_NAME "avx2"
enum { VECTOR_BYTES = 32 };
#else
#define ISA_SUFFIX _generic
#define ISA_NAME "generic"
enum { VECTOR_BYTES = 16 };
#endif

/* NATIVE(fmadd) is this build's intrinsic; undefined where there is none. */
#if defined ISA_AVX512 && defined __AVX512F__
#define NATIVE_(op, type) _mm512_##op##_##type
#elif defined ISA_AVX2 && defined __AVX2__ && defined __FMA__
#define NATIVE_(op, type) _mm256_##op##_##type
#endif
#if defined NATIVE_ && REAL_BITS == 32
#define NATIVE(op) NATIVE_(op, ps)
#elif defined NATIVE_
#define NATIVE(op) NATIVE_(op, pd)
#endif

/* gemm_f32_avx2 and the like */
#define ISA_FN(name) REAL_PASTE(FN(name), ISA_SUFFIX)
#define INLINE static inline __attribute__((always_inline))

#if REAL_BITS == 32
typedef int32_t real_int;
#else
typedef int64_t real_int;
#endif
typedef real vreal __attribute__((vector_size(VECTOR_BYTES)));
typedef real_int vint __attribute__((vector_size(VECTOR_BYTES)));

enum { LANES = VECTOR_BYTES / sizeof(real) };

/* A vector in memory, at any address. Through memcpy gcc 12 takes one of 32 bytes for an integer of two words, and then keeps
 * sums in memory that registers are free for: products at two fifths of their speed. */
typedef real vreal_at __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

/* A vector of doubles, and as many reals: one of the HALVES of a vector (of float64: the whole). */
enum { HALVES = sizeof(double) / sizeof(real), HALF_LANES = LANES / HALVES };
typedef double vdouble __attribute__((vector_size(VECTOR_BYTES)));
typedef real vhalf __attribute__((vector_size(VECTOR_BYTES / HALVES)));

INLINE vreal v_load(const real *p)
{
	return *(const vreal_at *)p;
}

INLINE void v_store(real *p, vreal v)
{
	*(vreal_at *)p = v;
}

/* The first n lanes, and 0 in the others; any n ≤ 0 is 0, any n ≥ LANES all. Nothing behind them is touched. */
INLINE vreal v_load_part(const real *p, int n)
{
#if defined NATIVE && defined ISA_AVX512
	const unsigned mask = n <= 0 ? 0 : n >= LANES ? (1U << LANES) - 1 : (1U << n) - 1;
	return NATIVE(maskz_loadu)(mask, p);
#else
	real lane[LANES] = {0};
	for (int i = 0; i < LANES && i < n; i++)
		lane[i] = p[i];
	return v_load(lane);
#endif
}

/* The first n lanes, n < LANES; nothing behind them is touched. */
INLINE void v_store_part(real *p, vreal v, int n)
{
	real lane[LANES];
	int at = 0;
	v_store(lane, v);
	for (int piece = LANES / 2; piece > 0; piece /= 2) {
		if (n & piece) {
			memcpy(p + at, lane + at, sizeof(real) * (size_t)piece);
			at += piece;
		}
	}
}

/* Subtracting zero keeps −0, adding it would not. */
INLINE vreal v_splat(real x)
{
	return x - (vreal){0};
}

/* x and y become the lower and the upper half of x₀ y₀ x₁ y₁ … */
#define ZIP_2(i) i, LANES + (i)
#define ZIP_4(i) ZIP_2(i), ZIP_2((i) + 1)
#define ZIP_8(i) ZIP_4(i), ZIP_4((i) + 2)
#define ZIP_16(i) ZIP_8(i), ZIP_8((i) + 4)
INLINE void v_zip(vreal *x, vreal *y)
{
#if defined ISA_AVX512 && REAL_BITS == 32
#define ZIP ZIP_16
#elif defined ISA_AVX512 || defined ISA_AVX2 && REAL_BITS == 32
#define ZIP ZIP_8
#elif defined ISA_AVX2 || REAL_BITS == 32
#define ZIP ZIP_4
#else
#define ZIP ZIP_2
#endif
	const vreal low = __builtin_shufflevector(*x, *y, ZIP(0));
	*y = __builtin_shufflevector(*x, *y, ZIP(LANES / 2));
	*x = low;
}

/* A square of LANES rows transposed: a perfect shuffle of its rows, as often as there are bits in LANES. */
INLINE void v_turn(vreal row[LANES])
{
#pragma GCC unroll 4
	for (int bit = 1; bit < LANES; bit *= 2) {
		vreal from[LANES];
#pragma GCC unroll 16
		for (int i = 0; i < LANES; i++)
			from[i] = row[i];
#pragma GCC unroll 8
		for (int i = 0; i < LANES / 2; i++) {
			v_zip(&from[i], &from[i + LANES / 2]);
			row[2 * i] = from[i];
			row[2 * i + 1] = from[i + LANES / 2];
		}
	}
}

/* a·b + c, rounded once */
INLINE vreal v_fma(vreal a, vreal b, vreal c)
{
#if defined NATIVE
	return NATIVE(fmadd)(a, b, c);
#else
	for (int i = 0; i < LANES; i++)
		c[i] = REAL_BITS == 32 ? (real)__builtin_fmaf((float)a[i], (float)b[i], (float)c[i])
				       : (real)__builtin_fma((double)a[i], (double)b[i], (double)c[i]);
	return c;
#endif
}

/* Exact. gcc 12 makes two narrow conversions of a wide one, and shuffles. */
INLINE vdouble v_widen(vhalf x)
{
#if defined NATIVE && defined ISA_AVX512 && REAL_BITS == 32
	return _mm512_cvtps_pd((__m256)x);
#elif defined NATIVE && REAL_BITS == 32
	return _mm256_cvtps_pd((__m128)x);
#else
	return __builtin_convertvector(x, vdouble);
#endif
}

INLINE vdouble v_load_wide(const real *p)
{
	vhalf x;
	memcpy(&x, p, sizeof x);
	return v_widen(x);
}

/* Half h of x. */
INLINE vdouble v_half(vreal x, const int h)
{
#if defined NATIVE && defined ISA_AVX512 && REAL_BITS == 32
	/* the half is part of the instruction: a constant also where nothing is folded (make coverage) */
	return v_widen((vhalf)(h ? _mm512_extractf64x4_pd((__m512d)x, 1) : _mm512_extractf64x4_pd((__m512d)x, 0)));
#else
	vhalf half[HALVES];
	memcpy(half, &x, sizeof x);
	return v_widen(half[h]);
#endif
}

/* sum + a·b; of floats, whose product is exact in double, in one instruction that rounds the same */
INLINE vdouble v_add_product(vdouble sum, vdouble a, vdouble b)
{
#if defined NATIVE && REAL_BITS == 32
	return NATIVE_(fmadd, pd)(a, b, sum);
#else
	return sum + a * b;
#endif
}

INLINE vreal v_root(vreal x)
{
#if defined NATIVE
	return NATIVE(sqrt)(x);
#else
	for (int i = 0; i < LANES; i++)
		x[i] = REAL_BITS == 32 ? (real)__builtin_sqrtf((float)x[i]) : (real)__builtin_sqrt((double)x[i]);
	return x;
#endif
}

/* Lane by lane: mask ? a : b, mask the result of a comparison (all ones or all zeros). */
INLINE vreal v_select(vint mask, vreal a, vreal b)
{
	return (vreal)((mask & (vint)a) | (~mask & (vint)b));
}

/* NaN stays NaN: x86 takes the second operand then. */
INLINE vreal v_at_most(vreal x, real most)
{
#if defined NATIVE
	return NATIVE(min)(v_splat(most), x);
#else
	return v_select(most < x, v_splat(most), x);
#endif
}

INLINE vreal v_at_least(vreal x, real least)
{
#if defined NATIVE
	return NATIVE(max)(v_splat(least), x);
#else
	return v_select(least > x, v_splat(least), x);
#endif
}

#endif
