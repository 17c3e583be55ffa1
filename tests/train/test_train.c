/* test_train.c: runs from outside: nothing but the settings decides a bit of them. How they end: test_endings.c. */
#include "cm.h"

#include <signal.h>
#include <sys/time.h>

#include "optim/optim.h"
#include "toy.h"
#include "train/train_from.h"

static const double width = 6;

static size_t numbers(const struct trace *trace, int id)
{
	return metrics[id].shape == METRIC_RUN
		       ? 1
		       : (size_t)trace->S * (metrics[id].shape == METRIC_LAYER ? (size_t)trace->L : 1);
}

static bool same_bits(const struct trace *a, const struct trace *b)
{
	for (int id = 0; id < METRIC_N; id++)
		if (a->value[id] && id != METRIC_WALL_TIME &&
		    memcmp(a->value[id], b->value[id], sizeof(double) * numbers(a, id)) != 0)
			return false;
	for (int w = 0; w < WEIGHTS_N; w++)
		if (a->weights[w].values && memcmp(a->weights[w].values, b->weights[w].values,
						   a->weights[w].n * (size_t)(a->precision_bits / 8)) != 0)
			return false;
	return a->status == b->status;
}

/* The same bits whatever the arena held before, also with state and copies left by a larger run. */
static void same_bits_again(void **state)
{
	static const double wide = 23;
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	for (int precision = FLOAT32; precision <= FLOAT64; precision++) {
		struct settings s = toy_settings(&width), other = toy_settings(&wide);
		struct trace *first, *between, *second;
		s.optim.optimizer = other.optim.optimizer = toy_row(&optim_table, "adam");
		s.precision = precision;
		s.batch = 16;
		s.weights = 3;
		other.depth = 4;
		assert_int_equal(train_run(&s, &toy.data, &arena, NULL, &first, &err), 0);
		assert_int_equal(train_run(&other, &toy.data, &arena, NULL, &between, &err), 0);
		assert_int_equal(train_run(&s, &toy.data, &arena, NULL, &second, &err), 0);
		assert_true(same_bits(first, second));
		assert_false(same_bits(first, between));
		trace_free(first);
		trace_free(between);
		trace_free(second);
	}
	arena_release(&arena);
	toy_free(&toy);
}

/* What is logged, and when, changes no number of the run; a row does not depend on the other rows. */
static void logging_changes_nothing(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	for (int64_t batch = 0; batch <= 16; batch += 16) {
		struct settings s = toy_settings(&width);
		s.batch = batch;
		s.weights = 1u << WEIGHTS_FINAL;
		struct trace *all = toy_train(&s, &toy);
		s.every = 6;
		s.metrics &= ~METRIC_BIT(METRIC_GRAD_COSINE); /* looks at the row before */
		struct trace *some = toy_train(&s, &toy);
		s.every = 0;
		s.metrics = 0;
		struct trace *none = toy_train(&s, &toy);
		assert_int_equal(all->S, 21);
		assert_int_equal(some->S, 5); /* 0 6 12 18 20 */
		assert_int_equal(none->S, 2);
		for (int r = 0; r < some->S; r++)
			for (int id = 0; id < METRIC_N; id++)
				for (int l = 1; l <= some->L && some->value[id] && metrics[id].shape != METRIC_RUN; l++)
					assert_memory_equal(trace_at(some, id, r, l),
							    trace_at(all, id, (int)some->step[r], l), sizeof(double));
		none->value[METRIC_BEST_TEST_ACCURACY] = NULL; /* that of the logged steps, as defined */
		assert_true(same_bits(none, all));
		trace_free(all);
		trace_free(some);
		trace_free(none);
	}
	toy_free(&toy);
}

static atomic_int stop;

static void set_stop(int signal)
{
	stop = 1;
}

static void stops_when_told(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct trace *trace;
	stop = 1;
	assert_int_equal(train_run(&s, &toy.data, &arena, &stop, &trace, &err), 1);
	assert_null(trace);
	stop = 0;
	assert_int_equal(train_run(&s, &toy.data, &arena, &stop, &trace, &err), 0);
	trace_free(trace);
	s.steps = 1000000000000;
	s.every = 0;
	signal(SIGALRM, set_stop);
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 30000}, NULL);
	assert_int_equal(train_run(&s, &toy.data, &arena, &stop, &trace, &err), 1);
	assert_null(trace);
	arena_release(&arena);
	toy_free(&toy);
}

static void depth_zero_and_no_steps(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 3, 0);
	struct settings s = toy_settings(&width);
	s.loss = toy_row(&loss_table, "cross-entropy");
	s.depth = 0;
	s.steps = 300;
	struct trace *trace = toy_train(&s, &toy);
	assert_int_equal(trace->L, 1);
	assert_true(of_run(trace, METRIC_FINAL_TRAIN_LOSS) < 0.5);
	assert_true(at(trace, METRIC_GRAD_NORM_TOTAL, 300, 0) < 0.1 * at(trace, METRIC_GRAD_NORM_TOTAL, 0, 0));
	trace_free(trace);
	s.steps = 0;
	s.weights = 3;
	trace = toy_train(&s, &toy);
	assert_int_equal(trace->S, 1);
	assert_int_equal(trace->status, STATUS_COMPLETED);
	assert_true(isfinite(at(trace, METRIC_UPDATE_RATIO, 0, 1)));
	assert_true(of_run(trace, METRIC_FINAL_TRAIN_LOSS) == at(trace, METRIC_TRAIN_LOSS, 0, 0));
	assert_memory_equal(trace->weights[0].values, trace->weights[1].values, trace->weights[0].n * sizeof(double));
	trace_free(trace);
	toy_free(&toy);
}

static void what_a_regression_has_not(void **state)
{
	struct toy toy = toy_make(40, 0, 5, 0, 2);
	struct settings s = toy_settings(&width);
	s.loss = toy_row(&loss_table, "mse");
	struct trace *trace = toy_train(&s, &toy);
	assert_true(isnan(at(trace, METRIC_TRAIN_ACCURACY, 0, 0)));
	assert_true(isnan(of_run(trace, METRIC_FINAL_TEST_ACCURACY)));
	assert_true(isnan(at(trace, METRIC_TEST_LOSS, 3, 0))); /* no test set */
	assert_true(at(trace, METRIC_TRAIN_LOSS, 20, 0) < at(trace, METRIC_TRAIN_LOSS, 0, 0));
	trace_free(trace);
	toy_free(&toy);
}

/* From equal weights and data the two precisions agree as far as float32 goes. */
static void precisions_agree(void **state)
{
	struct toy toy = toy_make(200, 50, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.batch = 32;
	s.steps = 50;
	struct trace *wide = toy_train(&s, &toy);
	s.precision = FLOAT32;
	struct trace *narrow = toy_train(&s, &toy);
	assert_int_equal(narrow->precision_bits, 32);
	for (int r = 0; r < wide->S; r++) {
		assert_near(at(narrow, METRIC_TEST_LOSS, r, 0), at(wide, METRIC_TEST_LOSS, r, 0), 1e-5, 0);
		for (int l = 1; l <= wide->L; l++)
			assert_near(at(narrow, METRIC_GRAD_NORM, r, l), at(wide, METRIC_GRAD_NORM, r, l), 1e-4, 0);
	}
	assert_false(at(narrow, METRIC_TEST_LOSS, 50, 0) == at(wide, METRIC_TEST_LOSS, 50, 0));
	trace_free(wide);
	trace_free(narrow);
	toy_free(&toy);
}

/* LSUV: every pre-activation has unit variance on the first batch; with the identity it is the activation. */
static void unit_variance(void **state)
{
	struct toy toy = toy_make(200, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.init.scheme = toy_row(&init_table, "lsuv");
	s.activation = toy_row(&act_table, "identity");
	s.depth = 8;
	for (s.batch = 0; s.batch <= 64; s.batch += 64) {
		struct trace *trace = toy_train(&s, &toy);
		for (int l = 1; l <= trace->L; l++)
			assert_near(at(trace, METRIC_ACT_STD, 0, l), 1, 0.06, 0);
		trace_free(trace);
	}
	toy_free(&toy);
}

static void refusals(void **state)
{
	static const double absurd = 1000000;
	struct toy toy = toy_make(20, 5, 3, 3, 0);
	struct settings s = toy_settings(&absurd);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct trace *trace;
	assert_int_equal(train_run(&s, &toy.data, &arena, NULL, &trace, &err), -1); /* bce of 3 classes */
	assert_int_equal(err.kind, ERR_INPUT);
	s.loss = toy_row(&loss_table, "cross-entropy");
	s.depth = 100;
	assert_int_equal(train_run(&s, &toy.data, &arena, NULL, &trace, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "out of memory"));
	assert_null(trace);
	arena_release(&arena);
	toy_free(&toy);
}

/* Clipping, which the lanes do not know, costs nothing by itself. */
static void company_is_cheap(void **state)
{
	static const double narrow = 16, wide = 64;
	struct settings s = toy_settings(&narrow);
	s.precision = FLOAT32;
	s.batch = 16;
	s.depth = 2;
	s.steps = 1000;
	s.metrics = METRIC_BIT(METRIC_GRAD_NORM);
	const double beside = train_cost(&s, 16, 1, 160);
	const int few = train_few(&s);
	assert_in_range(few, 1, train_seats(&s) - 1);
	s.optim.clip = 1;
	assert_true(train_cost(&s, 16, 1, 160) > 2 * beside);
	s.optim.clip = 0;
	s.width.v = &wide;
	assert_true(train_few(&s) > few);
	const double alone = train_cost(&s, 16, 1, 160);
	s.optim.clip = 1;
	assert_true(train_cost(&s, 16, 1, 160) == alone);
}

static void cost(void **state)
{
	static const double hundred = 100, widths[] = {100, 50};
	struct settings s = toy_settings(&hundred);
	s.batch = 128;
	s.depth = 20;
	assert_true(train_flop(&s, 784, 10, 2000) ==
		    6.0 * 128 * (784 * 100 + 19 * 100 * 100 + 1000) - 2.0 * 128 * 784 * 100);
	const double whole = train_cost(&s, 784, 10, 2000);
	assert_true(whole > 0);
	s.steps *= 2;
	assert_true(train_cost(&s, 784, 10, 2000) > whole);
	s.steps /= 2;
	s.precision = FLOAT32;
	assert_true(train_cost(&s, 784, 10, 2000) < whole);
	s.depth = 0;
	assert_true(train_flop(&s, 784, 10, 2000) == 4.0 * 128 * 7840);
	s.depth = 2;
	s.width = (struct numbers){2, widths};
	s.batch = 0;
	assert_true(train_flop(&s, 20, 1, 30) == 6.0 * 30 * (2000 + 5000 + 50) - 2.0 * 30 * 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bits_again),
		cmocka_unit_test(logging_changes_nothing),
		cmocka_unit_test(stops_when_told),
		cmocka_unit_test(depth_zero_and_no_steps),
		cmocka_unit_test(what_a_regression_has_not),
		cmocka_unit_test(precisions_agree),
		cmocka_unit_test(unit_variance),
		cmocka_unit_test(refusals),
		cmocka_unit_test(cost),
		cmocka_unit_test(company_is_cheap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
