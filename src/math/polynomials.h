/* polynomials.h: the constants of vec_kernel.c, printed by minimax.py, which says how. Each row: lowest power first.
 *
 * EXPM1       (exp(r) − 1 − r)/r² on |r| ≤ ln2/2
 * LOG1P       (log1p(e) − w)/w³ in w², where w = e/(1 + e/2), so that log1p(e) = 2 atanh(w/2); 0 ≤ e ≤ 1
 * SILU_SLOPE  silu'(root + t)/t on |t| ≤ 1/4; root = SILU_ROOT + SILU_ROOT_LOW
 * GELU_SLOPE  gelu'(root + t)/t on |t| ≤ 1/2, float64 only
 */
#ifndef FATHOM_POLYNOMIALS_H
#define FATHOM_POLYNOMIALS_H

#include "math/real.h"

#if REAL_BITS == 32

/* errors in units of 2^-24: .05, .01, .3 */
static const real EXPM1[] = {0x1p-1f, 0x1.555556p-3f, 0x1.55549ep-5f, 0x1.11101ep-7f, 0x1.6d834cp-10f, 0x1.a2a356p-13f};
static const real LOG1P[] = {0x1.555558p-4f, 0x1.9996b0p-7f, 0x1.2508b0p-9f, 0x1.b6e6d2p-12f, 0x1.f1732ep-14f};
static const real SILU_SLOPE[] = {0x1.be1410p-3f,  0x1.2c5634p-3f,  0x1.353ea8p-6f, -0x1.f2d616p-7f,
				  -0x1.b0edcap-8f, 0x1.3380fcp-13f, 0x1.9d9ed4p-11f};
#define SILU_ROOT -0x1.474974p+0f
#define SILU_ROOT_LOW 0x1.bdf6fap-27f
#define LN2 0x1.62e430p-1f
#define LN2_LOW -0x1.05c610p-29f

#else

/* errors in units of 2^-53: .1, .02, .2, .6 */
static const real EXPM1[] = {0x1.0000000000001p-1,  0x1.5555555555557p-3,  0x1.5555555554d3dp-5,  0x1.11111111100e6p-7,
			     0x1.6c16c16f0a196p-10, 0x1.a01a01abe33c4p-13, 0x1.a019f3975060dp-16, 0x1.71de023ee58fep-19,
			     0x1.2802246861acbp-22, 0x1.af4dd0c3b4561p-26, 0x1.e631d0f94df42p-30};
static const real LOG1P[] = {0x1.5555555555555p-4,  0x1.99999999999c2p-7,  0x1.2492492490355p-9,
			     0x1.c71c71c8d6459p-12, 0x1.745d16da6e842p-14, 0x1.3b13c1d004b91p-16,
			     0x1.110f5d5036fbcp-18, 0x1.e21ea5709f0d3p-21, 0x1.ac46b418aa2fdp-23,
			     0x1.9d647ef3a092ep-25, 0x1.db67a733744c9p-28, 0x1.48a6a00401ba7p-28};
static const real SILU_SLOPE[] = {0x1.be1410460527fp-3,   0x1.2c563458cc0adp-3,   0x1.353eb573ca470p-6,
				  -0x1.f2d0e32bc2ff7p-7,  -0x1.b0f82c49958a4p-8,  0x1.098e92c5c2a0dp-13,
				  0x1.a2a7cb013ec2dp-11,  0x1.8574ce77d933dp-13,  -0x1.5723ba736b8b5p-15,
				  -0x1.f2d651407fc6ep-16, -0x1.8ab4eaa89d290p-19, 0x1.39fc807136c58p-19,
				  0x1.c28fbcbc1f8dcp-21};
static const real GELU_SLOPE[] = {0x1.b9d98fa5a3215p-2,   0x1.8d9a941de3ac5p-2,  -0x1.2a2ef9bb865c8p-6,
				  -0x1.d2fa4c17c7ebbp-4,  -0x1.e4088244f7cf3p-7, 0x1.3e346def452dep-6,
				  0x1.297b9d6fa41f4p-8,   -0x1.258a6d87fc3a2p-9, -0x1.8680f71d427b2p-11,
				  0x1.86c865f6b3b56p-13,  0x1.6960f9682fbadp-14, -0x1.784be52287970p-17,
				  -0x1.03fbced302b77p-17, 0x1.d1610acd7421bp-22, 0x1.3182a429d41d7p-21,
				  -0x1.98640c61fda41p-29, -0x1.1c8d3e697b5c3p-25};
#define SILU_ROOT -0x1.474973c84120bp+0
#define SILU_ROOT_LOW -0x1.f8d74bc9ac154p-54
#define GELU_ROOT -0x1.80ead197f00b4p-1
#define GELU_ROOT_LOW 0x1.13e74c58cada8p-56
#define LN2 0x1.62e42fefa39efp-1
#define LN2_LOW 0x1.abc9e3b39803fp-56

#endif
#endif
