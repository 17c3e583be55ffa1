/* rng.h: random numbers by counter (Philox4x32-10, Salmon et al. 2011, through Random123).
 *
 * A number depends only on where it is used, never on what was drawn before: key (seed, purpose), counter (index, layer,
 * step). So results do not depend on threads or order, and runs of equal seed share their draws whatever the init scheme,
 * width or learning rate: comparisons are paired.
 */
#ifndef FATHOM_RNG_H
#define FATHOM_RNG_H

#include <stddef.h>
#include <stdint.h>

/* What the numbers are for. A purpose is part of the key: values are never reused or reordered. */
enum rng_purpose {
	RNG_WEIGHT = 1,  /* initial weights; layer = l */
	RNG_BIAS = 2,    /* initial biases; layer = l */
	RNG_SHUFFLE = 3, /* order of the training examples; step = epoch */
	RNG_SPARSE = 4,  /* which weights a sparse init keeps; layer = l */
	RNG_DATA = 5,    /* generated inputs; layer = 0 train, 1 test */
	RNG_NOISE = 6,   /* noise on generated inputs or targets; layer = 0 train, 1 test */
	RNG_SUBSET = 7,  /* which examples of a file are used; layer = 0 train, 1 test */
	RNG_TEACHER = 8, /* weights of the teacher network; layer = l */
	RNG_CHECK = 9,   /* inputs of gradient checks and tests */
	RNG_BOOTSTRAP = 10,
};

struct rng {
	uint32_t key[2];
	uint32_t layer, step;
};

struct rng rng_stream(uint32_t seed, enum rng_purpose purpose, uint32_t layer, uint32_t step);

/* The index-th number of a stream. Uniform: in the open interval (0, 1), 53 bits. Normal: mean 0, variance 1. */
double rng_uniform(const struct rng *rng, uint64_t index);
double rng_normal(const struct rng *rng, uint64_t index);
uint64_t rng_bits(const struct rng *rng, uint64_t index);

/* Numbers 0 … n−1 of a stream; equal to the calls one by one, faster. */
void rng_fill_uniform(const struct rng *rng, size_t n, double *out);
void rng_fill_uniform_from(const struct rng *rng, uint64_t first, size_t n, double *out); /* from an even one on */
void rng_fill_normal(const struct rng *rng, size_t n, double *out);

/* A permutation of 0 … n−1 (Fisher–Yates over the stream, without modulo bias). */
void rng_permutation(const struct rng *rng, uint32_t n, uint32_t *out);

/* One raw Philox4x32-10 block, for the known-answer test. */
void rng_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
