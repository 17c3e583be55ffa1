/* test_init.c: moments, fans, gains, orthogonality, and that equal seeds share their draws. */
#include "cm.h"
#include "base/rng.h"
#include "net/act.h"
#include "net/init.h"

#include <stdlib.h>

enum { IN = 200, OUT = 120 };

static struct init_spec spec_of(const char *name)
{
	return (struct init_spec){.scheme = table_find(&init_table, name),
				  .init_scale = 1,
				  .init_value = 0.5,
				  .init_std = 0.02,
				  .sparsity = 0.9};
}

struct drawn {
	int in, out;
	double *W, *b;
};

static struct drawn draw_spec(const struct init_spec *spec, const char *activation, uint32_t seed, int layer, int in,
			      int out)
{
	struct drawn d = {in, out, calloc((size_t)in * (size_t)out, sizeof(double)),
			  calloc((size_t)out, sizeof(double))};
	double *scratch = malloc(sizeof *scratch * init_scratch(in, out));
	assert_true(spec->scheme >= 0);
	init_layer(spec, table_find(&act_table, activation), seed, layer, in, out, d.W, d.b, scratch);
	free(scratch);
	return d;
}

static struct drawn draw(const char *name, uint32_t seed, int layer, int in, int out)
{
	const struct init_spec spec = spec_of(name);
	return draw_spec(&spec, "tanh", seed, layer, in, out);
}

static void release(struct drawn *d)
{
	free(d->W);
	free(d->b);
}

/* ---- moments ---- */

struct moments {
	double mean, std, least, most;
	size_t zeros;
};

static struct moments moments(size_t n, const double *x)
{
	struct moments m = {.least = INFINITY, .most = -INFINITY};
	for (size_t i = 0; i < n; i++) {
		m.mean += x[i] / (double)n;
		m.least = fmin(m.least, x[i]);
		m.most = fmax(m.most, x[i]);
		m.zeros += x[i] == 0;
	}
	for (size_t i = 0; i < n; i++)
		m.std += (x[i] - m.mean) * (x[i] - m.mean) / (double)n;
	m.std = sqrt(m.std);
	return m;
}

static void scales_are_those_of_the_fans(void **state)
{
	static const double xavier = 2.0 / (IN + OUT), he = 2.0 / IN, lecun = 1.0 / IN;
	const struct {
		const char *name;
		double mean, variance;
		double bound; /* of |W|; 0: none */
	} expected[] = {
		{"uniform", 0, 4e-4, 0.02 * sqrt(3)},
		{"normal", 0, 4e-4, 0},
		{"truncated-normal", 0, 4e-4, 2 * 0.02 / 0.87962566103423978},
		{"uniform-0.1-symmetric", 0, 0.01 / 3, 0.1},
		{"uniform-0.1-positive", 0.05, 0.01 / 12, 0.1},
		{"xavier-uniform", 0, xavier, sqrt(3 * xavier)},
		{"xavier-normal", 0, xavier, 0},
		{"he-uniform", 0, he, sqrt(3 * he)},
		{"he-normal", 0, he, 0},
		{"lecun-uniform", 0, lecun, sqrt(3 * lecun)},
		{"lecun-normal", 0, lecun, 0},
		{"pytorch-default", 0, lecun / 3, sqrt(lecun)},
		{"orthogonal", 0, 1.0 / IN, 0},
		{"lsuv", 0, 1.0 / IN, 0},
	};
	const double n = IN * OUT;
	for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
		struct drawn d = draw(expected[k].name, 1, 1, IN, OUT);
		const struct moments m = moments(IN * OUT, d.W);
		const double std = sqrt(expected[k].variance), bound = expected[k].bound;
		assert_true(fabs(m.mean - expected[k].mean) < 4 * std / sqrt(n));
		assert_near(m.std, std, 4 / sqrt(2 * n), 0);
		if (bound > 0) { /* and it is reached: within what the largest of n leaves */
			assert_true(m.most <= bound * (1 + 1e-15) && m.least >= -bound * (1 + 1e-15));
			assert_true(m.most > 0.98 * bound);
			assert_true(expected[k].mean > 0 ? m.least >= 0 && m.least < 0.02 * bound
							 : m.least < -0.98 * bound);
		}
		release(&d);
	}
}

static void zeros_and_constant_are_exact(void **state)
{
	struct drawn zeros = draw("zeros", 1, 1, IN, OUT), half = draw("constant", 1, 1, IN, OUT);
	for (int k = 0; k < IN * OUT; k++)
		assert_true(zeros.W[k] == 0 && half.W[k] == 0.5);
	for (int o = 0; o < OUT; o++)
		assert_true(zeros.b[o] == 0 && half.b[o] == 0);
	release(&zeros);
	release(&half);
}

/* PyTorch's sparse_: ⌈0.9 · rows⌉ zeros in every column, elsewhere N(0, std²). */
static void sparse_has_its_share_of_zeros_in_each_column(void **state)
{
	struct drawn d = draw("sparse", 1, 1, IN, 25), normal = draw("normal", 1, 1, IN, 25);
	int row_used[25] = {0};
	for (int i = 0; i < IN; i++) {
		int zeros = 0;
		for (int o = 0; o < 25; o++) {
			const double w = d.W[o * IN + i];
			zeros += w == 0;
			row_used[o] += w != 0;
			assert_true(w == 0 || w == normal.W[o * IN + i]);
		}
		assert_int_equal(zeros, 23);
	}
	for (int o = 0; o < 25; o++)
		assert_true(row_used[o] > 0 && row_used[o] < 50); /* 16 expected */
	release(&d);
	release(&normal);
}

static void biases(void **state)
{
	struct init_spec spec = spec_of("xavier-normal");
	spec.bias_std = 0.3;
	struct drawn with = draw_spec(&spec, "tanh", 1, 1, 4, 4000), other = draw("pytorch-default", 1, 1, 16, 4000);
	const struct moments normal = moments(4000, with.b), uniform = moments(4000, other.b);
	assert_near(normal.std, 0.3, 0.05, 0);
	assert_true(fabs(normal.mean) < 0.02);
	assert_true(normal.most > 0.6);
	assert_near(uniform.std, 0.25 / sqrt(3), 0.05, 0);
	assert_true(uniform.most <= 0.25 && uniform.most > 0.245 && uniform.least < -0.245);
	release(&with);
	release(&other);
	spec = spec_of("pytorch-default");
	spec.bias_std = 0.3; /* what is asked for wins */
	with = draw_spec(&spec, "tanh", 1, 1, 4, 4000);
	assert_near(moments(4000, with.b).std, 0.3, 0.05, 0);
	release(&with);
}

/* ---- gains and scale ---- */

static void factors_multiply(void **state)
{
	for (size_t k = 0; k < init_table.n; k++) {
		struct init_spec spec = spec_of(table_name(&init_table, k));
		struct drawn plain = draw_spec(&spec, "relu", 3, 2, 7, 9);
		spec.init_scale = 3;
		struct drawn scaled = draw_spec(&spec, "relu", 3, 2, 7, 9);
		spec.init_scale = 1;
		spec.gain = GAIN_ACTIVATION;
		struct drawn relu = draw_spec(&spec, "relu", 3, 2, 7, 9), tanh_ = draw_spec(&spec, "tanh", 3, 2, 7, 9);
		const double own = strncmp(table_name(&init_table, k), "he-", 3) == 0 ? sqrt(2) : 1;
		for (int i = 0; i < 63; i++) {
			assert_near(scaled.W[i], 3 * plain.W[i], 1e-15, 0);
			assert_near(relu.W[i], sqrt(2) / own * plain.W[i], 1e-15, 0);
			assert_near(tanh_.W[i], 5.0 / 3 / own * plain.W[i], 1e-15, 0);
		}
		release(&plain);
		release(&scaled);
		release(&relu);
		release(&tanh_);
	}
}

/* ---- pairing ---- */

/* The ratio of two schemes is one number over all weights: same seed, same layer, same draws. */
static void check_paired(const char *a, const char *b)
{
	struct drawn x = draw(a, 5, 3, IN, OUT), y = draw(b, 5, 3, IN, OUT);
	for (int k = 1; k < IN * OUT; k++)
		assert_near(x.W[k] * y.W[0], y.W[k] * x.W[0], 1e-13, 1e-12);
	release(&x);
	release(&y);
}

static void schemes_share_their_draws(void **state)
{
	check_paired("normal", "xavier-normal");
	check_paired("normal", "he-normal");
	check_paired("normal", "lecun-normal");
	check_paired("uniform", "xavier-uniform");
	check_paired("uniform", "he-uniform");
	check_paired("uniform", "lecun-uniform");
	check_paired("uniform", "pytorch-default");
	check_paired("uniform", "uniform-0.1-symmetric");
	struct drawn both = draw("uniform-0.1-symmetric", 5, 3, IN, OUT),
		     positive = draw("uniform-0.1-positive", 5, 3, IN, OUT);
	struct drawn cut = draw("truncated-normal", 5, 3, IN, OUT), normal = draw("normal", 5, 3, IN, OUT);
	int kept = 0;
	for (int k = 0; k < IN * OUT; k++) {
		assert_true(fabs(both.W[k] - (2 * positive.W[k] - 0.1)) < 1e-15);
		const bool inside = fabs(normal.W[k]) <= 2 * 0.02;
		kept += inside;
		if (inside)
			assert_near(cut.W[k], normal.W[k] / 0.87962566103423978, 1e-15, 0);
	}
	assert_near(kept, 0.9545 * IN * OUT, 0.005, 0);
	release(&both);
	release(&positive);
	release(&cut);
	release(&normal);
}

static void seeds_and_layers_differ(void **state)
{
	struct drawn a = draw("normal", 1, 1, IN, OUT);
	for (int k = 0; k < 2; k++) {
		struct drawn b = draw("normal", k == 0 ? 2 : 1, k == 0 ? 1 : 2, IN, OUT);
		double dot = 0;
		for (int i = 0; i < IN * OUT; i++)
			dot += a.W[i] * b.W[i] / (0.02 * 0.02 * IN * OUT);
		assert_true(fabs(dot) < 4 / sqrt(IN * OUT));
		release(&b);
	}
	release(&a);
}

/* ---- orthogonal ---- */

/* W Wᵀ = 1 (wide) or WᵀW = 1 (tall) to 1e-12. */
static void check_orthonormal(int in, int out)
{
	struct drawn d = draw("orthogonal", 2, 1, in, out);
	const int m = in < out ? in : out, n = in < out ? out : in;
	const int vector = in < out ? 1 : in, element = in < out ? in : 1; /* strides */
	for (int a = 0; a < m; a++)
		for (int b = 0; b <= a; b++) {
			double dot = 0;
			for (int k = 0; k < n; k++)
				dot += d.W[a * vector + k * element] * d.W[b * vector + k * element];
			assert_true(fabs(dot - (a == b)) < 1e-12);
		}
	release(&d);
}

static void orthogonal_is_orthonormal(void **state)
{
	static const int sizes[][2] = {{1, 1},   {1, 5},   {5, 1},   {2, 2},     {3, 3},
				       {16, 16}, {17, 40}, {40, 17}, {130, 130}, {200, 64}};
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
		check_orthonormal(sizes[k][0], sizes[k][1]);
}

/* Gram–Schmidt, the definition of QR with a positive diagonal, on the same normals: wide by rows, tall by columns. */
static void orthogonal_is_q_of_the_gaussian(void **state)
{
	for (int tall = 0; tall < 2; tall++) {
		const int in = tall ? 6 : 9, out = tall ? 9 : 6, vector = tall ? 1 : in, element = tall ? in : 1;
		struct drawn q = draw("orthogonal", 4, 2, in, out), g = draw("normal", 4, 2, in, out);
		for (int a = 0; a < 6; a++) {
			double norm = 0;
			for (int b = 0; b < a; b++) {
				double dot = 0;
				for (int k = 0; k < 9; k++)
					dot += g.W[a * vector + k * element] * g.W[b * vector + k * element];
				for (int k = 0; k < 9; k++)
					g.W[a * vector + k * element] -= dot * g.W[b * vector + k * element];
			}
			for (int k = 0; k < 9; k++)
				norm += pow(g.W[a * vector + k * element], 2);
			for (int k = 0; k < 9; k++) {
				g.W[a * vector + k * element] /= sqrt(norm);
				assert_near(g.W[a * vector + k * element], q.W[a * vector + k * element], 1e-10, 1e-2);
			}
		}
		release(&q);
		release(&g);
	}
}

static void only_lsuv_needs_data(void **state)
{
	for (size_t k = 0; k < init_table.n; k++)
		assert_int_equal(init_needs_data((int)k) != 0, strcmp(table_name(&init_table, k), "lsuv") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scales_are_those_of_the_fans),
		cmocka_unit_test(zeros_and_constant_are_exact),
		cmocka_unit_test(sparse_has_its_share_of_zeros_in_each_column),
		cmocka_unit_test(biases),
		cmocka_unit_test(factors_multiply),
		cmocka_unit_test(schemes_share_their_draws),
		cmocka_unit_test(seeds_and_layers_differ),
		cmocka_unit_test(orthogonal_is_orthonormal),
		cmocka_unit_test(orthogonal_is_q_of_the_gaussian),
		cmocka_unit_test(only_lsuv_needs_data),
	};
	return cmocka_run_group_tests_name("net/init", tests, NULL, NULL);
}
