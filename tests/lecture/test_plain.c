/* test_plain.c: the lecture's own program: against differences of its loss, against the network, and that it learns. */
#include "cm.h"

#include "lecture/engine.h"
#include "lecture/trial.h"

static const int wide[] = {4, 6, 3, 5, 1}, single[] = {3, 1};
static const struct plain_shape shapes[] = {{4, 9, wide, "tanh", 1, 7},
					    {4, 9, wide, "sigmoid", 2, 8},
					    {4, 9, wide, "identity", 1, 9},
					    {4, 9, wide, "relu", 1, 10},
					    {1, 1, single, "tanh", 1, 11}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* By hand: one unit, one example. */
static void one_unit(void **state)
{
	static const int n[] = {1, 1};
	struct plain net;
	plain_init(&net, &(struct plain_shape){1, 1, n, "tanh", 1, 1});
	net.A[0][0] = 2;
	net.W[1][0] = 0.5;
	net.b[1][0] = -1;
	net.y[0] = 1;
	plain_step(&net, 0.5);
	assert_true(net.Z[1][0] == 0 && net.A[1][0] == 0.5);
	assert_near(net.loss, log(2), 1e-15, 0);
	assert_true(net.dZ[1][0] == -0.5 && net.dW[1][0] == -1 && net.db[1][0] == -0.5);
	assert_true(net.W[1][0] == 1 && net.b[1][0] == -0.75);
	plain_release(&net);
}

static void gradients_are_differences(void **state)
{
	for (int i = 0; i < SHAPES; i++) {
		struct plain net;
		plain_init(&net, &shapes[i]);
		for (int t = 0; t < 3; t++)
			assert_true(plain_checked_step(&net, 0.3) <= 1e-8);
		plain_release(&net);
	}
}

static void agrees_with_the_network(void **state)
{
	for (int i = 0; i < SHAPES; i++) {
		struct plain net;
		struct engine engine;
		struct err err;
		plain_init(&net, &shapes[i]);
		plain_forward(&net);
		plain_backward(&net, 0);
		assert_int_equal(engine_make(&engine, &net, &err), 0);
		assert_near(engine_backward(&engine, (struct gradient_sink_f64){0}), net.loss, 1e-14, 0);
		assert_true(engine_error(&engine, &net) <= 1e-13);
		/* and at other weights */
		plain_backward(&net, 0.5);
		engine_load(&engine, &net);
		assert_true(engine_error(&engine, &net) <= 1e-13); /* the gradients of before */
		engine_backward(&engine, (struct gradient_sink_f64){0});
		assert_true(engine_error(&engine, &net) > 1e-3);
		plain_forward(&net);
		plain_backward(&net, 0);
		assert_true(engine_error(&engine, &net) <= 1e-13);
		engine_release(&engine);
		plain_release(&net);
	}
}

static void learns(void **state)
{
	struct plain net;
	plain_init(&net, &trial_equal);
	plain_forward(&net);
	assert_true(net.loss > 0.5);
	for (int t = 0; t < TRIAL_STEPS; t++)
		plain_step(&net, 0.5);
	assert_true(net.loss < 0.01);
	plain_release(&net);
}

/* A copy shares nothing and repeats everything. */
static void copies(void **state)
{
	struct plain net, copy;
	plain_init(&net, &trial_equal);
	plain_copy(&copy, &net);
	plain_step(&net, 0.5);
	assert_true(plain_distance(&net, &copy) > 1e-3);
	plain_step(&copy, 0.5);
	assert_true(plain_distance(&net, &copy) == 0 && plain_error(&net, &copy) == 0);
	plain_release(&net);
	plain_release(&copy);
}

static void measures(void **state)
{
	struct plain net, other;
	assert_true(plain_apart(0, 0) == 0 && plain_apart(1, 2) == 0.5 && plain_apart(-1, 1) == 2);
	assert_true(isinf(plain_apart(NAN, 1)) && isinf(plain_apart(NAN, NAN)) && isinf(plain_apart(INFINITY, 1)));
	plain_init(&net, &trial_equal);
	plain_step(&net, 0);
	plain_copy(&other, &net);
	plain_step(&other, 0);
	assert_true(plain_error(&net, &other) == 0);
	other.dW[2][3] += 1e-6;
	assert_true(plain_error(&net, &other) > 1e-8 && plain_error(&net, &other) < 1e-3);
	other.dW[2][3] = NAN;
	assert_true(isinf(plain_error(&net, &other)));
	plain_release(&net);
	plain_release(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_unit),
		cmocka_unit_test(gradients_are_differences),
		cmocka_unit_test(agrees_with_the_network),
		cmocka_unit_test(learns),
		cmocka_unit_test(copies),
		cmocka_unit_test(measures),
	};
	return cmocka_run_group_tests_name("lecture/plain", tests, NULL, NULL);
}
