/* polynomials.h: the constants of vec_kernel.c, printed by minimax.py, which says how. Each row: lowest power first.
 *
 * EXPM1       (exp(r) − 1 − r)/r² on |r| ≤ ln2/2
 * LOG1P       (log1p(e) − w)/w³ in w², where w = e/(1 + e/2), so that log1p(e) = 2 atanh(w/2); 0 ≤ e ≤ 1
 * SILU_SLOPE  silu'(root + t)/t on |t| ≤ 1/4; root = SILU_ROOT + SILU_ROOT_LOW
 * GELU_SLOPE  gelu'(root + t)/t on |t| ≤ 0.752, which is from −1.5 to 0
 * MILLS       Φ(−x)·exp(x²/2)·(x + k) in t = (x − k)/(x + k), 0 ≤ x ≤ 15 (float64: 39); k = MILLS_AT
 * ERF         erf(x)/x − 1 in x² on |x| ≤ 0.76
 * SIN, COS    (sin r − r)/r³ and (cos r − 1 + r²/2)/r⁴ in r² on |r| ≤ 1.01 π/4; π/2 = HALF_PI + HALF_PI_LOW + HALF_PI_LOWEST
 */
#ifndef FATHOM_POLYNOMIALS_H
#define FATHOM_POLYNOMIALS_H

#include "math/real.h"

#define MILLS_AT 4

#if REAL_BITS == 32

/* errors in units of 2^-24: .05, .01, .3, .2, .6, .02, .08, .01 */
static const real EXPM1[] = {0x1p-1f, 0x1.555556p-3f, 0x1.55549ep-5f, 0x1.11101ep-7f, 0x1.6d834cp-10f, 0x1.a2a356p-13f};
static const real LOG1P[] = {0x1.555558p-4f, 0x1.9996b0p-7f, 0x1.2508b0p-9f, 0x1.b6e6d2p-12f, 0x1.f1732ep-14f};
static const real SILU_SLOPE[] = {0x1.be1410p-3f,  0x1.2c5634p-3f,  0x1.353ea8p-6f, -0x1.f2d616p-7f,
				  -0x1.b0edcap-8f, 0x1.3380fcp-13f, 0x1.9d9ed4p-11f};
static const real GELU_SLOPE[] = {0x1.b9d990p-2f,   0x1.8d9a94p-2f,  -0x1.2a2ef8p-6f, -0x1.d2fa0ep-4f,
				  -0x1.e407dep-7f,  0x1.3e2ac4p-6f,  0x1.296856p-8f,  -0x1.245022p-9f,
				  -0x1.83a304p-11f, 0x1.639966p-13f, 0x1.3c7522p-14f};
static const real MILLS[] = {0x1.82b4bcp-1f,  -0x1.373e38p-1f, 0x1.8c6d9ep-2f,  -0x1.7e001ep-3f, 0x1.eed34cp-5f,
			     -0x1.ed17d6p-8f, -0x1.cc171cp-9f, 0x1.9b2616p-10f, 0x1.6e48eep-13f, -0x1.196e5ep-13f};
static const real ERF[] = {0x1.06eba8p-3f, -0x1.812746p-2f,  0x1.ce2ef8p-4f, -0x1.b82642p-6f,
			   0x1.55d80ep-8f, -0x1.b58ecap-11f, 0x1.8a4748p-14f};
static const real SIN[] = {-0x1.555544p-3f, 0x1.1106d4p-7f, -0x1.9920c2p-13f};
static const real COS[] = {0x1.55554ap-5f, -0x1.6c0bc4p-10f, 0x1.99cb88p-16f};
#define SILU_ROOT -0x1.474974p+0f
#define SILU_ROOT_LOW 0x1.bdf6fap-27f
#define GELU_ROOT -0x1.80ead2p-1f
#define GELU_ROOT_LOW 0x1.a03fd4p-27f
#define HALF_PI 0x1.921fb6p+0f
#define HALF_PI_LOW -0x1.777a5cp-25f
#define HALF_PI_LOWEST -0x1.ee59dap-50f
#define LN2 0x1.62e430p-1f
#define LN2_LOW -0x1.05c610p-29f

#else

/* errors in units of 2^-53: .1, .02, .2, .6, .4, .1, .08, .01 */
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
static const real GELU_SLOPE[] = {0x1.b9d98fa5a3215p-2,   0x1.8d9a941de3ac5p-2,   -0x1.2a2ef9bb865b0p-6,
				  -0x1.d2fa4c17c7e88p-4,  -0x1.e4088244f8f1bp-7,  0x1.3e346def42304p-6,
				  0x1.297b9d6ff7b0ap-8,   -0x1.258a6d857b922p-9,  -0x1.8680f74d49bb1p-11,
				  0x1.86c863c57d592p-13,  0x1.696108e4ed0d5p-14,  -0x1.784ad073bcac4p-17,
				  -0x1.03febdd74bc04p-17, 0x1.d0c6294c43906p-22,  0x1.3228ab54cf101p-21,
				  -0x1.bf2d11c1c5dccp-30, -0x1.306d26f683ce5p-25, -0x1.77136e0e2aec7p-30,
				  0x1.028d9abfd2827p-29,  0x1.0467fca7c6bebp-33,  -0x1.4ddee41bf0285p-34};
static const real MILLS[] = {
	0x1.82b4bb8c94dcep-1,  -0x1.373e3a893c28ap-1,  0x1.8c6dbf2cfc308p-2,   -0x1.7dff2bff6848ep-3,
	0x1.eec4cc3e44356p-5,  -0x1.ee27610439510p-8,  -0x1.c81719c956aefp-9,  0x1.ab825fb0b1d40p-10,
	0x1.17a4a5f7c1bbdp-13, -0x1.e4a421b839ed9p-13, -0x1.001104cbf6cabp-19, 0x1.26d0638014317p-15,
	0x1.7fd9797509078p-21, -0x1.8d4904bd52effp-18, -0x1.4faab6f081da2p-21, 0x1.124d7c9fe6756p-20,
	0x1.1ba22d295c4e2p-22, -0x1.50475cb70773fp-23, -0x1.4b9d7d29a2655p-24, 0x1.1411000d93ed6p-26,
	0x1.f64d28f0bcd02p-27, -0x1.74c2a1e5ed0d4p-32, -0x1.48e4e01865acdp-30};
static const real ERF[] = {0x1.06eba8214db69p-3,  -0x1.812746b0379e7p-2,  0x1.ce2f21a042be1p-4,  -0x1.b82ce31288b00p-6,
			   0x1.565bcd0e68c5ap-8,  -0x1.c02db3ffaeba3p-11, 0x1.f9a326d753ec5p-14, -0x1.f4d256ce156ccp-17,
			   0x1.b9e632f398480p-20, -0x1.5f68eb2553cf0p-23, 0x1.fba167fe52646p-27, -0x1.48353bf530c1fp-30,
			   0x1.3d6bb96540718p-34};
static const real SIN[] = {-0x1.5555555555547p-3, 0x1.111111110f529p-7,   -0x1.a01a019ba67b4p-13,
			   0x1.71de351a0bf77p-19, -0x1.ae5e1c5079830p-26, 0x1.5d7d6afcdf75ap-33};
static const real COS[] = {0x1.5555555555549p-5,   -0x1.6c16c16c14c8ap-10, 0x1.a01a019c3747cp-16,
			   -0x1.27e4f7b23b3a2p-22, 0x1.1ee9b0b818fd2p-29,  -0x1.8f9025f6f9520p-37};
#define SILU_ROOT -0x1.474973c84120bp+0
#define SILU_ROOT_LOW -0x1.f8d74bc9ac154p-54
#define GELU_ROOT -0x1.80ead197f00b4p-1
#define GELU_ROOT_LOW 0x1.13e74c58cada8p-56
#define HALF_PI 0x1.921fb54442d18p+0
#define HALF_PI_LOW 0x1.1a62633145c07p-54
#define HALF_PI_LOWEST -0x1.f1976b7ed8fbcp-110
#define LN2 0x1.62e42fefa39efp-1
#define LN2_LOW 0x1.abc9e3b39803fp-56

#endif
#endif
