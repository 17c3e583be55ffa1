/* rng.c: see rng.h.
 *
 * One Philox block (128 bits) makes two uniforms of 53 bits, or the two normals of Box and Muller. Number `index` of a stream
 * is half index % 2 of block index / 2. Logarithm and cosine come from SLEEF's deterministic functions: the same bits on
 * every processor (glibc's differ between machines with and without FMA).
 */
#include "base/rng.h"

#include <Random123/philox.h>
#include <math.h>
#include <sleef.h>
#include <string.h>

void rng_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	const philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
	const philox4x32_ctr_t r = philox4x32(c, ((philox4x32_key_t){{key[0], key[1]}}));
	memcpy(out, r.v, sizeof r.v);
}

struct rng rng_stream(uint32_t seed, enum rng_purpose purpose, uint32_t layer, uint32_t step)
{
	return (struct rng){{seed, (uint32_t)purpose}, layer, step};
}

static void block(const struct rng *rng, uint64_t number, uint64_t half[2])
{
	const uint32_t counter[4] = {(uint32_t)number, (uint32_t)(number >> 32), rng->layer, rng->step};
	uint32_t out[4];
	rng_philox(counter, rng->key, out);
	half[0] = (uint64_t)out[1] << 32 | out[0];
	half[1] = (uint64_t)out[3] << 32 | out[2];
}

/* The middle of one of 2^53 equal parts of (0, 1): never 0, never 1. */
static double uniform(uint64_t bits)
{
	return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

static void normals(const uint64_t half[2], double out[2])
{
	const double radius = sqrt(-2.0 * Sleef_finz_logd1_u10purecfma(uniform(half[0])));
	const double turn = 2.0 * uniform(half[1]);
	out[0] = radius * Sleef_finz_cospid1_u05purecfma(turn);
	out[1] = radius * Sleef_finz_sinpid1_u05purecfma(turn);
}

uint64_t rng_bits(const struct rng *rng, uint64_t index)
{
	uint64_t half[2];
	block(rng, index / 2, half);
	return half[index % 2];
}

double rng_uniform(const struct rng *rng, uint64_t index)
{
	return uniform(rng_bits(rng, index));
}

double rng_normal(const struct rng *rng, uint64_t index)
{
	uint64_t half[2];
	double pair[2];
	block(rng, index / 2, half);
	normals(half, pair);
	return pair[index % 2];
}

void rng_fill_uniform(const struct rng *rng, size_t n, double *out)
{
	rng_fill_uniform_from(rng, 0, n, out);
}

void rng_fill_uniform_from(const struct rng *rng, uint64_t first, size_t n, double *out)
{
	for (size_t i = 0; i < n; i += 2) {
		uint64_t half[2];
		block(rng, (first + i) / 2, half);
		out[i] = uniform(half[0]);
		if (i + 1 < n)
			out[i + 1] = uniform(half[1]);
	}
}

void rng_fill_normal(const struct rng *rng, size_t n, double *out)
{
	for (size_t i = 0; i < n; i += 2) {
		uint64_t half[2];
		double pair[2];
		block(rng, i / 2, half);
		normals(half, pair);
		out[i] = pair[0];
		if (i + 1 < n)
			out[i + 1] = pair[1];
	}
}

/* A whole number in 0 … n−1 from 64 random bits (Lemire's multiplication; the bias is below 2^-32 of a count). */
static uint32_t below(uint64_t bits, uint32_t n)
{
	return (uint32_t)((__extension__(unsigned __int128) bits * n) >> 64);
}

void rng_permutation(const struct rng *rng, uint32_t n, uint32_t *out)
{
	uint64_t half[2] = {0, 0};
	for (uint32_t i = 0; i < n; i++) {
		if (i % 2 == 0)
			block(rng, i / 2, half);
		const uint32_t j = below(half[i % 2], i + 1);
		out[i] = out[j];
		out[j] = i;
	}
}
