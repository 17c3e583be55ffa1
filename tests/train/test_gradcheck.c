/* test_gradcheck.c: the gradient of every activation × loss × precision × depth against differences of the loss. */
#include "cm.h"

#include <stdio.h>

#include "spec/settings.h"
#include "toy.h"
#include "train/train_from.h"

static const double width = 5;
enum { KINDS = 4 };

/* What each loss can learn: bce 2 classes, cross-entropy 3, mse 2 targets, 3 classes. */
static const struct {
	const char *loss;
	int classes, targets;
} kinds[KINDS] = {{"bce", 2, 0}, {"cross-entropy", 3, 0}, {"mse", 0, 2}, {"mse", 3, 0}};

static void every_gradient(void **state)
{
	static const int64_t depths[] = {0, 1, 3};
	/* float32: a gradient of some 100 roundings of 6e-8, relative to √ε of the largest */
	static const double bound[] = {[FLOAT32] = 1e-2, [FLOAT64] = 1e-7};
	double worst[2] = {0};
	size_t checked = 0, undecided = 0;
	struct arena arena = ARENA_INIT;
	for (int k = 0; k < KINDS; k++) {
		struct toy toy = toy_make(7, 1, 4, kinds[k].classes, kinds[k].targets);
		for (size_t c = 0; c < act_table.n * 3 * precision_table.n; c++) {
			struct settings s = toy_settings(&width);
			struct gradcheck result;
			struct err err = {0};
			s.loss = toy_row(&loss_table, kinds[k].loss);
			s.activation = (int)(c / 6);
			s.depth = depths[c / 2 % 3];
			s.precision = (int)(c % 2);
			s.init.bias_std = 0.3;
			s.seed = (int64_t)c;
			if (train_gradcheck(&s, &toy.data, &arena, &result, &err) != 0)
				fail_msg("%s", err.text);
			if (!(result.worst <= bound[s.precision]))
				fail_msg("%s, %s, depth %d, %s: %g off in layer %d, number %zu",
					 acts[s.activation].name, kinds[k].loss, (int)s.depth,
					 table_name(&precision_table, (size_t)s.precision), result.worst, result.layer,
					 result.index);
			worst[s.precision] = fmax(worst[s.precision], result.worst);
			checked += result.checked;
			undecided += result.undecided;
		}
		toy_free(&toy);
	}
	arena_release(&arena);
	print_message("%zu derivatives, %zu undecided; worst %g (float32), %g (float64)\n", checked, undecided,
		      worst[FLOAT32], worst[FLOAT64]);
	assert_true(undecided * 500 <= checked);
}

/* The check itself: a gradient that is wrong in one number is found, and where. */
static void finds_a_wrong_number(void **state)
{
	struct toy toy = toy_make(7, 1, 4, 2, 0);
	struct settings s = toy_settings(&width);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	enum { N = 5 * 5 + 5 * 6 + 6 };
	double weights[N], gradient[N];
	const struct train_input input = {.settings = &s, .data = &toy.data};
	struct gradcheck result;
	assert_int_equal(gradcheck_gradient_f64(&input, &arena, weights, gradient, &err), 0);
	assert_int_equal(gradcheck_compare_f64(&input, &arena, weights, gradient, 1.5e-8, &result, &err), 0);
	assert_int_equal(result.checked, N);
	assert_true(result.worst < 1e-7);
	gradient[5 * 5 + 13] *= 1.001;
	assert_int_equal(gradcheck_compare_f64(&input, &arena, weights, gradient, 1.5e-8, &result, &err), 0);
	assert_near(result.worst, 5e-4, 1e-2, 0);
	assert_int_equal(result.layer, 2);
	assert_int_equal(result.index, 13);
	gradient[0] = NAN;
	assert_int_equal(gradcheck_compare_f64(&input, &arena, weights, gradient, 1.5e-8, &result, &err), 0);
	assert_false(result.worst < 1e-7);
	arena_release(&arena);
	toy_free(&toy);
}

/* Layers of more than 2,000 numbers are sampled; the batch is the first one, in its order. */
static void samples_large_layers(void **state)
{
	static const double wide = 50;
	struct toy toy = toy_make(20, 1, 45, 2, 0);
	struct settings s = toy_settings(&wide);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct gradcheck result;
	s.batch = 4;
	s.depth = 1;
	s.init.init_scale = 0.1;
	assert_int_equal(train_gradcheck(&s, &toy.data, &arena, &result, &err), 0);
	assert_int_equal(result.checked, 2000 + 51);
	print_message("worst %g, %zu undecided\n", result.worst, result.undecided);
	assert_true(result.worst < 1e-7);
	arena_release(&arena);
	toy_free(&toy);
}

static void refuses_a_loss_that_does_not_fit(void **state)
{
	struct toy toy = toy_make(7, 1, 4, 3, 0);
	struct settings s = toy_settings(&width);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct gradcheck result;
	assert_int_equal(train_gradcheck(&s, &toy.data, &arena, &result, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	toy_free(&toy);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_gradient),
		cmocka_unit_test(finds_a_wrong_number),
		cmocka_unit_test(samples_large_layers),
		cmocka_unit_test(refuses_a_loss_that_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
