/* test_generated.c: generated sets lie where their formulas say, in exact shares, train apart from test. */
#include "fixture.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/rng.h"

static uint64_t digest_of(const struct dataset *data, const struct examples *part)
{
	const size_t n = (size_t)part->n;
	uint64_t digest = XXH3_64bits(part->values, n * (size_t)data->I * sizeof(double));
	if (part->labels)
		return XXH3_64bits_withSeed(part->labels, n * sizeof(int32_t), digest);
	return XXH3_64bits_withSeed(part->targets, n * sizeof(double), digest);
}

static void shares(const struct examples *part, int classes, const int64_t *want)
{
	int64_t count[16] = {0};
	for (int64_t k = 0; k < part->n; k++) {
		assert_in_range(part->labels[k], 0, classes - 1);
		count[part->labels[k]]++;
	}
	for (int c = 0; c < classes; c++)
		assert_int_equal(count[c], want[c]);
}

/* Every generated classifier set: exact shares, equal without class_ratio; deterministic; train is not test; another
 * seed is another set; labels come mixed. */
static void every_set(void **state)
{
	static const char *const sets[] = {"circles", "moons", "spirals", "gaussians", "xor", "parity"};
	for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
		struct data_spec spec = spec_of(sets[s], 1000, 501);
		int changes = 0;
		if (strcmp(sets[s], "parity") == 0)
			spec.features = 12;
		else
			spec.noise = 0.1;
		struct dataset a = must_load(&spec), b = must_load(&spec);
		const size_t size = (size_t)(a.train.n * a.I) * sizeof(double), test_size = size * 501 / 1000;
		assert_int_equal(a.classes, 2);
		assert_int_equal(a.targets, 0);
		assert_null(a.train.bytes);
		assert_null(a.train.targets);
		shares(&a.train, 2, (int64_t[]){500, 500});
		shares(&a.test, 2, (int64_t[]){251, 250});
		assert_memory_equal(a.train.values, b.train.values, size);
		assert_memory_equal(a.test.values, b.test.values, test_size);
		assert_memory_equal(a.train.labels, b.train.labels, 1000 * sizeof(int32_t));
		assert_memory_not_equal(a.train.values, a.test.values, test_size);
		for (int k = 1; k < 1000; k++)
			changes += a.train.labels[k] != a.train.labels[k - 1];
		assert_in_range(changes, 420, 580); /* 500 ± 5 · √250 */
		dataset_release(&b);
		spec.data_seed = 1;
		b = must_load(&spec);
		assert_memory_not_equal(a.train.values, b.train.values, size);
		dataset_release(&b);
		spec.class_ratio = NUMBERS(.4, .6);
		b = must_load(&spec);
		shares(&b.train, 2, (int64_t[]){400, 600});
		shares(&b.test, 2, (int64_t[]){200, 301}); /* of 200.4 and 300.6 */
		dataset_release(&a);
		dataset_release(&b);
	}
}

static void circles(void **state)
{
	const struct data_spec spec = spec_of("circles", 2000, 10);
	struct dataset data = must_load(&spec);
	double x = 0, y = 0;
	for (int k = 0; k < 2000; k++) {
		const double *at = data.train.values + 2 * k;
		assert_near(hypot(at[0], at[1]), data.train.labels[k] == 0 ? 1 : .5, 1e-15, 1);
		x += at[0] / 2000;
		y += at[1] / 2000;
	}
	/* five standard errors of a mean square of (1/2 + 1/8) / 2 */
	assert_true(fabs(x) < 5 * sqrt(.3125 / 2000) && fabs(y) < 5 * sqrt(.3125 / 2000));
	dataset_release(&data);
}

/* Noise adds normal numbers of that deviation to the same points. */
static void noise_on_inputs(void **state)
{
	static const char *const sets[] = {"circles", "moons", "spirals", "xor"};
	for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
		struct data_spec spec = spec_of(sets[s], 5000, 10);
		struct dataset still = must_load(&spec);
		spec.noise = 0.3;
		struct dataset noisy = must_load(&spec);
		double mean = 0, square = 0;
		for (int k = 0; k < 10000; k++) {
			const double d = noisy.train.values[k] - still.train.values[k];
			mean += d / 1e4;
			square += d * d / 1e4;
		}
		assert_true(fabs(mean) < 5 * .3 / 100);
		assert_near(square, .09, 5 * sqrt(2. / 1e4), 0);
		dataset_release(&still);
		dataset_release(&noisy);
	}
}

static void moons(void **state)
{
	const struct data_spec spec = spec_of("moons", 500, 10);
	struct dataset data = must_load(&spec);
	for (int k = 0; k < 500; k++) {
		const double *at = data.train.values + 2 * k;
		const bool upper = data.train.labels[k] == 0;
		/* half circles about (0, 0), y ≥ 0, and (1, 0.5), y ≤ 0.5 */
		assert_near(upper ? hypot(at[0], at[1]) : hypot(at[0] - 1, at[1] - .5), 1, 1e-15, 1);
		assert_true(upper ? at[1] >= 0 : at[1] <= .5);
	}
	dataset_release(&data);
}

static void spirals(void **state)
{
	const struct data_spec spec = spec_of("spirals", 500, 10);
	struct dataset data = must_load(&spec);
	for (int k = 0; k < 500; k++) {
		const double *at = data.train.values + 2 * k, r = hypot(at[0], at[1]);
		const double phi = 2 * M_PI * 1.75 * r + M_PI * data.train.labels[k];
		assert_true(r > 0 && r < 1);
		assert_true(hypot(at[0] - r * cos(phi), at[1] - r * sin(phi)) < 1e-14);
	}
	dataset_release(&data);
}

/* Class means are 1 from the origin and 2 or √2 apart; the deviation about them is the noise. */
static void gaussians(void **state)
{
	enum { I = 5, C = 4, N = 20000 };
	struct data_spec spec = spec_of("gaussians", N, 10);
	double mean[C][I] = {{0}}, square = 0;
	spec.features = I;
	spec.noise = 0.5;
	spec.classes = NUMBERS(0, 1, 9, 4);
	struct dataset data = must_load(&spec);
	assert_int_equal(data.I, I);
	assert_int_equal(data.classes, C);
	shares(&data.train, C, (int64_t[]){N / C, N / C, N / C, N / C});
	for (int k = 0; k < N; k++)
		for (int i = 0; i < I; i++)
			mean[data.train.labels[k]][i] += data.train.values[k * I + i] / (N / C);
	for (int k = 0; k < N; k++)
		for (int i = 0; i < I; i++) {
			const double d = data.train.values[k * I + i] - mean[data.train.labels[k]][i];
			square += d * d / (N * I);
		}
	assert_near(square, .25, 5 * sqrt(2. / (N * I)), 0);
	for (int c = 0; c < C; c++)
		for (int d = 0; d < C; d++) {
			double dot = 0;
			for (int i = 0; i < I; i++)
				dot += mean[c][i] * mean[d][i];
			const double want = c == d ? 1 : c + d == 1 ? -1 : 0;
			assert_true(fabs(dot - want) < 6 * .5 * sqrt(2. * C / N));
		}
	dataset_release(&data);
	spec.classes = NUMBERS(0, 10);
	must_fail(&spec, "has no label 10: its labels are 0 … 9");
}

static void xor_of_four(void **state)
{
	const struct data_spec spec = spec_of("xor", 4, 8);
	struct dataset data = must_load(&spec);
	int seen[4] = {0};
	for (int k = 0; k < 4; k++) {
		const double *at = data.train.values + 2 * k;
		assert_true(fabs(at[0]) == 1 && fabs(at[1]) == 1);
		assert_int_equal(data.train.labels[k], at[0] != at[1]);
		seen[(at[0] > 0) + 2 * (at[1] > 0)]++;
	}
	for (int c = 0; c < 4; c++)
		assert_int_equal(seen[c], 1);
	dataset_release(&data);
}

static void parity(void **state)
{
	enum { I = 7, N = 4000 };
	struct data_spec spec = spec_of("parity", N, 10);
	spec.features = I;
	struct dataset data = must_load(&spec);
	int up[I] = {0}, flipped = 0;
	for (int k = 0; k < N; k++) {
		int ones = 0;
		for (int i = 0; i < I; i++) {
			const double x = data.train.values[k * I + i];
			assert_true(fabs(x) == 1);
			ones += x > 0;
			up[i] += x > 0;
		}
		assert_int_equal(data.train.labels[k], ones % 2);
	}
	for (int i = 0; i < I; i++)
		assert_true(fabs(up[i] - N / 2.) < 5 * sqrt(N / 4.));
	spec.noise = 0.2;
	struct dataset noisy = must_load(&spec);
	assert_memory_equal(noisy.train.values, data.train.values, N * I * sizeof(double));
	for (int k = 0; k < N; k++)
		flipped += noisy.train.labels[k] != data.train.labels[k];
	assert_true(fabs(flipped - .2 * N) < 5 * sqrt(.2 * .8 * N));
	dataset_release(&data);
	dataset_release(&noisy);
	spec.noise = 1.5;
	must_fail(&spec, "the share of flipped labels");
}

/* The teacher, computed once more from its streams with the C library's tanh. */
static void teacher(void **state)
{
	enum { I = 3, N = 2000 };
	struct data_spec spec = spec_of("teacher", N, 50);
	spec.features = I;
	spec.data_seed = 5;
	struct dataset data = must_load(&spec);
	const struct rng inner = rng_stream(5, RNG_TEACHER, 1, 0), outer = rng_stream(5, RNG_TEACHER, 2, 0);
	double square = 0, mean = 0;
	assert_int_equal(data.classes, 0);
	assert_int_equal(data.targets, 1);
	assert_null(data.train.labels);
	for (int p = 0; p < 2; p++) {
		const struct examples *part = p == 0 ? &data.train : &data.test;
		for (int k = 0; k < part->n; k++) {
			double y = 0;
			for (int h = 0; h < 16; h++) {
				double z = 0;
				for (int i = 0; i < I; i++)
					z += rng_normal(&inner, (uint64_t)(h * I + i)) * part->values[k * I + i];
				y += rng_normal(&outer, (uint64_t)h) * tanh(z / sqrt(I)) / 4;
			}
			assert_near(part->targets[k], y, 1e-13, 1);
		}
	}
	assert_memory_not_equal(data.train.values, data.test.values, 50 * I * sizeof(double));
	for (int k = 0; k < N * I; k++) {
		mean += data.train.values[k] / (N * I);
		square += data.train.values[k] * data.train.values[k] / (N * I);
	}
	assert_true(fabs(mean) < 5 / sqrt(N * I));
	assert_near(square, 1, 5 * sqrt(2. / (N * I)), 0);
	spec.noise = 0.1;
	struct dataset noisy = must_load(&spec);
	assert_memory_equal(noisy.train.values, data.train.values, N * I * sizeof(double));
	square = 0;
	for (int k = 0; k < N; k++)
		square += pow(noisy.train.targets[k] - data.train.targets[k], 2) / N;
	assert_near(square, .01, 5 * sqrt(2. / N), 0);
	dataset_release(&data);
	dataset_release(&noisy);
}

/* Every row of the table: bounded, on [−1, 1], and the few with a known value have it. */
static void functions(void **state)
{
	for (size_t f = 0; f < function_table.n; f++) {
		struct data_spec spec = spec_of("function", 1000, 10);
		spec.function = (int)f;
		struct dataset data = must_load(&spec);
		const char *name = table_name(&function_table, f);
		double low = 0, high = 0;
		assert_int_equal(data.I, 1);
		assert_int_equal(data.targets, 1);
		for (int k = 0; k < 1000; k++) {
			const double x = data.train.values[k], y = data.train.targets[k];
			assert_true(x > -1 && x < 1);
			assert_true(y >= -1 && y <= 1);
			low = fmin(low, x);
			high = fmax(high, x);
			if (strcmp(name, "sine") == 0)
				assert_near(y, sin(M_PI * x), 1e-14, 1);
			if (strcmp(name, "step") == 0)
				assert_true(y == (x < 0 ? -1 : 1));
			if (strcmp(name, "abs") == 0)
				assert_true(y == fabs(x));
			if (strcmp(name, "sinc") == 0)
				assert_near(y, sin(4 * M_PI * x) / (4 * M_PI * x), 1e-13, 1);
			if (strcmp(name, "chirp") == 0)
				assert_near(y, sin(2 * M_PI * (x + 1) * (x + 1)), 1e-13, 1);
			if (strcmp(name, "polynomial") == 0)
				assert_near(y, cos(5 * acos(x)), 1e-13, 1);
			if (strcmp(name, "cubic") == 0)
				assert_near(y, cos(3 * acos(x)), 1e-13, 1);
			if (strcmp(name, "bump") == 0)
				assert_near(y, exp(-10 * x * x), 1e-14, 0);
		}
		assert_true(low < -.98 && high > .98);
		dataset_release(&data);
	}
}

/* The bits of every generated set, on every machine. Who changes a formula raises the row's version, then writes the
 * new digest here. */
static void known_bits(void **state)
{
	static const struct {
		const char *set;
		uint64_t train, test;
	} known[] = {
		{"circles", 0x345b6b95b09d9175, 0xb2e57c2f9471a876},
		{"moons", 0x29d705224a9fb0f3, 0x904100dfa63dadf5},
		{"spirals", 0xc5a377b88581dd5a, 0xaaec3c202dd5ea53},
		{"gaussians", 0x3e99f6bdbf15148d, 0x979abd2642853996},
		{"xor", 0xc1df432eed6c45d9, 0x0031b276463f8f77},
		{"parity", 0x0512ef43a3612689, 0xc70751374ea20376},
		{"teacher", 0x0f361b6e5aa0a3fd, 0x0b3df66e34f48790},
		{"function", 0x72b273cce745d0b3, 0x53003750ed582aea},
	};
	for (size_t s = 0; s < sizeof known / sizeof *known; s++) {
		struct data_spec spec = spec_of(known[s].set, 64, 32);
		spec.noise = 0.125;
		struct dataset data = must_load(&spec);
		const uint64_t train = digest_of(&data, &data.train), test = digest_of(&data, &data.test);
		if (train != known[s].train || test != known[s].test)
			fail_msg("the bits have changed: {\"%s\", 0x%016llx, 0x%016llx},", known[s].set,
				 (unsigned long long)train, (unsigned long long)test);
		dataset_release(&data);
	}
}

/* Without classes a smaller set begins a larger one. */
static void smaller_begins_larger(void **state)
{
	struct data_spec spec = spec_of("function", 100, 10);
	spec.noise = 0.1;
	struct dataset small = must_load(&spec);
	spec.train = 300;
	struct dataset large = must_load(&spec);
	assert_memory_equal(small.train.values, large.train.values, 100 * sizeof(double));
	assert_memory_equal(small.train.targets, large.train.targets, 100 * sizeof(double));
	assert_memory_equal(small.test.targets, large.test.targets, 10 * sizeof(double));
	dataset_release(&small);
	dataset_release(&large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_set),   cmocka_unit_test(circles),    cmocka_unit_test(noise_on_inputs),
		cmocka_unit_test(moons),       cmocka_unit_test(spirals),    cmocka_unit_test(gaussians),
		cmocka_unit_test(xor_of_four), cmocka_unit_test(parity),     cmocka_unit_test(teacher),
		cmocka_unit_test(functions),   cmocka_unit_test(known_bits), cmocka_unit_test(smaller_begins_larger),
	};
	return cmocka_run_group_tests_name("generated", tests, NULL, NULL);
}
