/* quad.h: what the vector functions should be, in quadruple precision and by formulas of their own (series, not the program's
 * way), so that the reference has no rounding error to speak of. Slow, plain, and independent of any library but for the
 * compiler's own quadruple arithmetic. */
#ifndef FATHOM_TEST_QUAD_H
#define FATHOM_TEST_QUAD_H

#include "math/kernels.h"

#if defined __x86_64__
typedef __float128 quad;
#define QUAD(x) x##Q
#else
typedef long double quad;
#define QUAD(x) x##L
#endif

#define QUAD_LN2 QUAD(0.693147180559945309417232121458176568075500134)
#define QUAD_PI QUAD(3.14159265358979323846264338327950288419716939938)
#define QUAD_2_SQRT_PI QUAD(1.12837916709551257389615890312154517168810125866) /* 2/√π */
#define QUAD_SQRT_2 QUAD(1.41421356237309504880168872420969807856967187538)

static quad quad_abs(quad x)
{
	return x < 0 ? -x : x;
}

/* Σ term, term ← term·factor(k), until it no longer counts */
#define QUAD_SERIES(sum, term, factor)                                                                                 \
	for (int k = 1; k < 400 && quad_abs(term) > quad_abs(sum) * QUAD(1e-36); k++) {                                \
		term *= (factor);                                                                                      \
		sum += term;                                                                                           \
	}

static quad quad_expm1(quad x)
{
	if (x < -90)
		return -1;
	if (quad_abs(x) < QUAD(0.4)) {
		quad sum = x, term = x;
		QUAD_SERIES(sum, term, x / (k + 1))
		return sum;
	}
	const int n = (int)(x / QUAD_LN2 + (x < 0 ? -QUAD(0.5) : QUAD(0.5)));
	quad e = quad_expm1(x - n * QUAD_LN2) + 1;
	for (int i = 0; i < n; i++)
		e *= 2;
	for (int i = 0; i > n; i--)
		e /= 2;
	return e - 1;
}

/* far beyond what a double holds: 0 and the largest */
static quad quad_exp(quad x)
{
	if (x < -2000 || x > 2000)
		return x < 0 ? 0 : QUAD(1e800);
	if (x > 0)
		return quad_expm1(x) + 1;
	return 1 / (quad_expm1(-x) + 1);
}

/* log(1 + x), 0 ≤ x ≤ 1 */
static quad quad_log1p(quad x)
{
	const quad s = x / (2 + x);
	quad sum = s, power = s;
	for (int k = 3; k < 120; k += 2) {
		power *= s * s;
		sum += power / k;
	}
	return 2 * sum;
}

static quad quad_tanh(quad x)
{
	const quad u = quad_expm1(-2 * quad_abs(x)), t = -u / (2 + u);
	return x < 0 ? -t : t;
}

/* Abramowitz and Stegun 7.1.6: all terms positive */
static quad quad_erf(quad x)
{
	if (quad_abs(x) > 9)
		return x < 0 ? -1 : 1;
	quad sum = x, term = x;
	QUAD_SERIES(sum, term, 2 * x * x / (2 * k + 1))
	return QUAD_2_SQRT_PI * quad_exp(-x * x) * sum;
}

/* 1 − erf; from 2 on the continued fraction, Abramowitz and Stegun 7.1.14 */
static quad quad_erfc(quad x)
{
	if (x < 2)
		return 1 - quad_erf(x);
	quad f = x;
	for (int k = 700; k > 0; k--)
		f = x + k / (2 * f);
	return quad_exp(-x * x) * QUAD_2_SQRT_PI / 2 / f;
}

static quad quad_sin(quad x)
{
	const long long n = (long long)(x / QUAD_PI + (x < 0 ? -QUAD(0.5) : QUAD(0.5)));
	const quad r = x - n * QUAD_PI;
	quad sum = r, term = r;
	QUAD_SERIES(sum, term, -r * r / (2 * k) / (2 * k + 1))
	return n % 2 ? -sum : sum;
}

static quad quad_cos(quad x)
{
	return quad_sin(x + QUAD_PI / 2);
}

static quad quad_sigmoid(quad z)
{
	return z > 0 ? 1 / (1 + quad_exp(-z)) : quad_exp(z) / (1 + quad_exp(z));
}

/* g(z) and g'(z), z finite */
static quad quad_function(enum vec_function function, quad z, quad *slope)
{
	const quad size = quad_abs(z), e = quad_exp(-size), sigma = quad_sigmoid(z),
		   root_2_pi = QUAD_2_SQRT_PI / QUAD_SQRT_2 / 2;
	const quad lambda = QUAD(1.0507009873554804934193349852946), alpha = QUAD(1.6732632423543772848170429916717);
	quad phi;
	switch (function) {
	case VEC_IDENTITY:
		*slope = 1;
		return z;
	case VEC_SIGMOID:
		*slope = e / (1 + e) / (1 + e);
		return sigma;
	case VEC_TANH:
		*slope = 4 * e * e / (1 + e * e) / (1 + e * e);
		return quad_tanh(z);
	case VEC_LECUN_TANH:
		phi = quad_exp(-4 * size / 3);
		*slope = QUAD(1.7159) * 2 / 3 * 4 * phi / (1 + phi) / (1 + phi);
		return QUAD(1.7159) * quad_tanh(2 * z / 3);
	case VEC_SOFTSIGN:
		*slope = 1 / (1 + size) / (1 + size);
		return z / (1 + size);
	case VEC_HARDTANH:
		*slope = size < 1;
		return size < 1 ? z : z < 0 ? -1 : 1;
	case VEC_ERF:
		*slope = QUAD_2_SQRT_PI * quad_exp(-z * z);
		return quad_erf(z);
	case VEC_RELU:
		*slope = z > 0;
		return z > 0 ? z : 0;
	case VEC_LEAKY_RELU:
		*slope = z > 0 ? 1 : QUAD(0.01);
		return z > 0 ? z : z * QUAD(0.01);
	case VEC_ELU:
		*slope = z > 0 ? 1 : e;
		return z > 0 ? z : quad_expm1(z);
	case VEC_SELU:
		*slope = z > 0 ? lambda : lambda * alpha * e;
		return z > 0 ? lambda * z : lambda * alpha * quad_expm1(z);
	case VEC_GELU:
		phi = quad_erfc(-z / QUAD_SQRT_2) / 2;
		*slope = phi + z * root_2_pi * quad_exp(-z * z / 2);
		return z * phi;
	case VEC_SILU:
		*slope = sigma * (1 + z * quad_sigmoid(-z));
		return z * sigma;
	case VEC_SOFTPLUS:
		*slope = sigma;
		return (z > 0 ? z : 0) + quad_log1p(e);
	case VEC_ABS:
		*slope = z > 0 ? 1 : z < 0 ? -1 : 0;
		return size;
	case VEC_SIN:
		*slope = quad_cos(z);
		return quad_sin(z);
	case VEC_FUNCTIONS:
		break;
	}
	*slope = 0;
	return 0;
}

#endif
