/* sleef_lanes.h: SLEEF(name, ulp, x), a function of SLEEF's on a vector of doubles, for *_kernel.c only. Those named finz give the same
 * bits in every instruction set. */
#ifndef FATHOM_SLEEF_LANES_H
#define FATHOM_SLEEF_LANES_H

#include <sleef.h>

#include "math/simd.h"

#if REAL_BITS == 64
#if defined ISA_AVX512 && defined __AVX512F__
#define SLEEF(name, ulp, x) Sleef_finz_##name##d8_##ulp##avx512f(x)
#elif defined ISA_AVX2 && defined __AVX2__
#define SLEEF(name, ulp, x) Sleef_finz_##name##d4_##ulp##avx2(x)
#else
#define SLEEF(name, ulp, x) name##_lanes(x)
#define LANE_BY_LANE(name, ulp)                                                                                        \
	INLINE vreal name##_lanes(vreal x)                                                                             \
	{                                                                                                              \
		for (int i = 0; i < LANES; i++)                                                                        \
			x[i] = Sleef_finz_##name##d1_##ulp##purecfma(x[i]);                                            \
		return x;                                                                                              \
	}
LANE_BY_LANE(exp, u10)
LANE_BY_LANE(log1p, u10)
LANE_BY_LANE(log, u10)
LANE_BY_LANE(cospi, u05)
LANE_BY_LANE(sinpi, u05)
#endif
#endif

#endif
