/* test_rng.c: Philox against Random123's known answers; streams are what rng.h says. */
#include "cm.h"

#include "base/rng.h"

/* From Random123's examples/kat_vectors, philox4x32, 10 rounds. */
static void philox_known_answers(void **state)
{
	static const struct {
		uint32_t counter[4], key[2], answer[4];
	} known[] = {
		{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
		 {0xffffffff, 0xffffffff},
		 {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
		 {0xa4093822, 0x299f31d0},
		 {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
		{{1, 0, 0, 0}, {1, 0}, {0xac08141b, 0xdfc5ccbe, 0x79c07a47, 0xa7f66093}},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		uint32_t out[4];
		rng_philox(known[i].counter, known[i].key, out);
		assert_memory_equal(out, known[i].answer, sizeof out);
	}
}

static void fills_equal_single_draws(void **state)
{
	const struct rng rng = rng_stream(7, RNG_WEIGHT, 3, 11);
	double many[101];
	rng_fill_normal(&rng, 101, many);
	for (size_t i = 0; i < 101; i++)
		assert_true(many[i] == rng_normal(&rng, i));
	rng_fill_uniform(&rng, 101, many);
	for (size_t i = 0; i < 101; i++)
		assert_true(many[i] == rng_uniform(&rng, i));
}

static void every_part_of_the_key_counts(void **state)
{
	const struct rng rng[] = {rng_stream(1, RNG_WEIGHT, 1, 0), rng_stream(2, RNG_WEIGHT, 1, 0),
				  rng_stream(1, RNG_BIAS, 1, 0), rng_stream(1, RNG_WEIGHT, 2, 0),
				  rng_stream(1, RNG_WEIGHT, 1, 1)};
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < i; j++)
			assert_true(rng_bits(&rng[i], 0) != rng_bits(&rng[j], 0));
}

static void moments(void **state)
{
	enum { N = 200000 };
	static double x[N];
	const struct rng rng = rng_stream(0, RNG_CHECK, 0, 0);
	double mean = 0, square = 0, fourth = 0;
	rng_fill_normal(&rng, N, x);
	for (int i = 0; i < N; i++) {
		mean += x[i] / N;
		square += x[i] * x[i] / N;
		fourth += pow(x[i], 4) / N;
	}
	/* five standard errors: 1/√N, √(2/N), √(96/N) */
	assert_true(fabs(mean) < 5 / sqrt(N));
	assert_true(fabs(square - 1) < 5 * sqrt(2. / N));
	assert_true(fabs(fourth - 3) < 5 * sqrt(96. / N));
	rng_fill_uniform(&rng, N, x);
	mean = square = 0;
	for (int i = 0; i < N; i++) {
		assert_true(x[i] > 0 && x[i] < 1);
		mean += x[i] / N;
		square += (x[i] - .5) * (x[i] - .5) / N;
	}
	assert_true(fabs(mean - .5) < 5 * sqrt(1. / 12 / N));
	assert_true(fabs(square - 1. / 12) < 5 * sqrt(1. / 180 / N));
}

static void permutations(void **state)
{
	uint32_t order[1000], seen[1000] = {0};
	unsigned first[4] = {0};
	const struct rng rng = rng_stream(5, RNG_SHUFFLE, 0, 0);
	rng_permutation(&rng, 1000, order);
	for (int i = 0; i < 1000; i++)
		seen[order[i]]++;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(seen[i], 1);
	for (uint32_t step = 0; step < 4000; step++) {
		const struct rng each = rng_stream(5, RNG_SHUFFLE, 0, step);
		rng_permutation(&each, 4, order);
		first[order[0]]++;
	}
	for (int i = 0; i < 4; i++) /* 1000 ± 5 · √750 */
		assert_in_range(first[i], 860, 1140);
	rng_permutation(&rng, 0, order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(philox_known_answers),
		cmocka_unit_test(fills_equal_single_draws),
		cmocka_unit_test(every_part_of_the_key_counts),
		cmocka_unit_test(moments),
		cmocka_unit_test(permutations),
	};
	return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
