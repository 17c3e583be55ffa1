/* test_endings.c: how runs end, and what their traces hold then. */
#include "cm.h"

#include "toy.h"
#include "train/train_from.h"

static const double width = 6;

/* All entries of the rows behind the last one are missing; those of the last one are there. */
static void ends_at_row(struct trace *trace, int last)
{
	for (int r = 0; r < trace->S; r++)
		for (int l = 1; l <= trace->L; l++) {
			assert_int_equal(isnan(at(trace, METRIC_TRAIN_LOSS, r, 0)), r > last);
			assert_int_equal(isnan(at(trace, METRIC_BATCH_LOSS, r, 0)), r > last);
			assert_int_equal(isnan(at(trace, METRIC_DELTA_RMS, r, l)), r > last);
			assert_int_equal(isnan(at(trace, METRIC_WEIGHT_NORM, r, l)), r > last);
			assert_int_equal(isnan(at(trace, METRIC_UPDATE_RATIO, r, l)), r > last);
		}
}

/* Full batch: seen at every update, and the run ends with the weights that met the target. */
static void target_of_a_full_batch(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.weights = 1u << WEIGHTS_FINAL;
	struct trace *free_run = toy_train(&s, &toy);
	const double target = at(free_run, METRIC_TRAIN_LOSS, 13, 0);
	assert_int_equal(free_run->status, STATUS_COMPLETED);
	assert_true(isnan(of_run(free_run, METRIC_STEPS_TO_TARGET)));
	assert_true(target < at(free_run, METRIC_TRAIN_LOSS, 12, 0));

	s.target = target;
	struct trace *noted = toy_train(&s, &toy);
	assert_int_equal(noted->status, STATUS_COMPLETED);
	assert_true(of_run(noted, METRIC_STEPS_TO_TARGET) == 13 && of_run(noted, METRIC_STEPS_DONE) == 20);

	s.stop_at_target = true;
	struct trace *stopped = toy_train(&s, &toy);
	assert_int_equal(stopped->status, STATUS_TARGET);
	assert_true(of_run(stopped, METRIC_STEPS_TO_TARGET) == 13 && of_run(stopped, METRIC_STEPS_DONE) == 13);
	assert_true(of_run(stopped, METRIC_FINAL_TRAIN_LOSS) == target);
	ends_at_row(stopped, 13);

	s.every = 5; /* step 13 is not logged: 0 5 10 15 20 */
	struct trace *between = toy_train(&s, &toy);
	assert_true(of_run(between, METRIC_FINAL_TRAIN_LOSS) == target);
	ends_at_row(between, 2);
	assert_memory_equal(between->weights[WEIGHTS_FINAL].values, stopped->weights[WEIGHTS_FINAL].values,
			    sizeof(double) * between->weights[WEIGHTS_FINAL].n);

	s.target = 0;
	s.stop_at_target = false;
	s.steps = 13;
	struct trace *thirteen = toy_train(&s, &toy);
	assert_memory_equal(thirteen->weights[WEIGHTS_FINAL].values, stopped->weights[WEIGHTS_FINAL].values,
			    sizeof(double) * thirteen->weights[WEIGHTS_FINAL].n);
	assert_true(of_run(thirteen, METRIC_FINAL_TRAIN_LOSS) == target);

	s.steps = 20;
	s.target = 100; /* met before the first update */
	s.stop_at_target = true;
	struct trace *at_once = toy_train(&s, &toy);
	assert_true(of_run(at_once, METRIC_STEPS_DONE) == 0 && at_once->status == STATUS_TARGET);
	ends_at_row(at_once, 0);
	struct trace *all[] = {free_run, noted, stopped, between, thirteen, at_once};
	for (int k = 0; k < 6; k++)
		trace_free(all[k]);
	toy_free(&toy);
}

/* Minibatches: at logged steps, on the training set, whether or not train_loss is recorded. */
static void target_of_minibatches(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.batch = 16;
	s.every = 4;
	struct trace *free_run = toy_train(&s, &toy);
	s.target = at(free_run, METRIC_TRAIN_LOSS, 2, 0);
	assert_true(s.target < at(free_run, METRIC_TRAIN_LOSS, 1, 0));
	s.stop_at_target = true;
	struct trace *stopped = toy_train(&s, &toy);
	assert_int_equal(stopped->status, STATUS_TARGET);
	assert_true(of_run(stopped, METRIC_STEPS_TO_TARGET) == 8 && of_run(stopped, METRIC_STEPS_DONE) == 8);
	ends_at_row(stopped, 2);
	s.metrics = 0;
	struct trace *bare = toy_train(&s, &toy);
	assert_true(of_run(bare, METRIC_STEPS_TO_TARGET) == 8);
	trace_free(free_run);
	trace_free(stopped);
	trace_free(bare);
	toy_free(&toy);
}

/* lr 0: nothing ever falls. */
static void plateau(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.optim.lr = 0;
	s.patience = 6;
	struct trace *full = toy_train(&s, &toy);
	assert_int_equal(full->status, STATUS_PLATEAU);
	assert_true(of_run(full, METRIC_STEPS_DONE) == 6);
	ends_at_row(full, 6);
	s.batch = 16;
	s.every = 4;
	struct trace *mini = toy_train(&s, &toy);
	assert_int_equal(mini->status, STATUS_PLATEAU);
	assert_true(of_run(mini, METRIC_STEPS_DONE) == 8);
	s.batch = 0;
	s.optim.lr = 0.01;
	struct trace *falls = toy_train(&s, &toy);
	assert_int_equal(falls->status, STATUS_COMPLETED);
	trace_free(full);
	trace_free(mini);
	trace_free(falls);
	toy_free(&toy);
}

static void divergence(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 0, 1);
	struct settings s = toy_settings(&width);
	s.loss = toy_row(&loss_table, "mse");
	s.activation = toy_row(&act_table, "identity");
	s.steps = 200;
	for (int c = 0; c < 4; c++) {
		s.precision = c % 2;
		s.batch = c < 2 ? 0 : 16;
		s.every = 1;
		s.optim.lr = 3;
		s.diverge_loss = 0;
		struct trace *trace = toy_train(&s, &toy);
		const int when = (int)of_run(trace, METRIC_DIVERGED_AT);
		assert_int_equal(trace->status, STATUS_DIVERGED);
		assert_true(when > 0 && of_run(trace, METRIC_STEPS_DONE) == when);
		for (int r = 0; r < when; r++)
			assert_true(isfinite(at(trace, METRIC_BATCH_LOSS, r, 0)));
		assert_false(isfinite(at(trace, METRIC_BATCH_LOSS, when, 0)));
		for (int r = when + 1; r < trace->S; r++)
			assert_true(isnan(at(trace, METRIC_WEIGHT_NORM, r, 1)) &&
				    isnan(at(trace, METRIC_TRAIN_LOSS, r, 0)));
		assert_true(of_run(trace, METRIC_FINAL_TRAIN_LOSS) == INFINITY);
		assert_true(isnan(of_run(trace, METRIC_FINAL_TEST_ACCURACY)));

		/* the bound, met exactly, is not passed; the least bit below it is */
		int high = 1; /* the first loss above all before it */
		for (double most = at(trace, METRIC_BATCH_LOSS, 0, 0); at(trace, METRIC_BATCH_LOSS, high, 0) <= most;
		     high++)
			;
		s.diverge_loss = at(trace, METRIC_BATCH_LOSS, high, 0);
		struct trace *at_bound = toy_train(&s, &toy);
		s.diverge_loss = nextafter(s.diverge_loss, 0);
		struct trace *bounded = toy_train(&s, &toy);
		assert_true(of_run(at_bound, METRIC_DIVERGED_AT) > high);
		assert_true(of_run(bounded, METRIC_DIVERGED_AT) == high);
		assert_int_equal(bounded->status, STATUS_DIVERGED);
		s.every = 0;
		s.metrics = 0;
		struct trace *unseen = toy_train(&s, &toy);
		assert_true(of_run(unseen, METRIC_DIVERGED_AT) == of_run(bounded, METRIC_DIVERGED_AT));
		s.metrics = METRIC_BIT(METRIC_N) - 1;
		trace_free(trace);
		trace_free(at_bound);
		trace_free(bounded);
		trace_free(unseen);
	}
	toy_free(&toy);
}

/* The last update is the one that goes too far: seen by the evaluation at the end. */
static void divergence_at_the_end(void **state)
{
	struct toy toy = toy_make(40, 10, 5, 0, 1);
	struct settings s = toy_settings(&width);
	s.loss = toy_row(&loss_table, "mse");
	s.activation = toy_row(&act_table, "identity");
	s.optim.lr = 3;
	s.steps = 200;
	struct trace *longer = toy_train(&s, &toy);
	s.steps = (int64_t)of_run(longer, METRIC_DIVERGED_AT);
	s.metrics = 0;
	struct trace *trace = toy_train(&s, &toy);
	assert_int_equal(trace->status, STATUS_DIVERGED);
	assert_true(of_run(trace, METRIC_DIVERGED_AT) == (double)s.steps);
	s.steps--;
	struct trace *shorter = toy_train(&s, &toy);
	assert_int_equal(shorter->status, STATUS_COMPLETED);
	assert_true(isfinite(of_run(shorter, METRIC_FINAL_TRAIN_LOSS)));
	trace_free(longer);
	trace_free(trace);
	trace_free(shorter);
	toy_free(&toy);
}

/* A weight that is not finite, behind a unit that saturates and so hides it from every loss: noticed at the end. One that is
 * not a number is passed on by every activation and noticed at once. */
static void weights_that_are_not_finite(void **state)
{
	struct toy toy = toy_make(20, 5, 3, 2, 0);
	static const double two = 2;
	struct settings s = toy_settings(&two);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct trace *trace;
	double w[2 * 3 + 2 + 2 + 1] = {INFINITY};
	const struct weights initial = {.values = w, .n = 11};
	const struct train_input input = {.settings = &s, .data = &toy.data, .initial = &initial};
	s.depth = 1;
	s.steps = 0; /* the first update makes it a NaN */
	assert_int_equal(train_from(&input, &arena, &trace, &err), 0);
	assert_int_equal(trace->status, STATUS_DIVERGED);
	assert_true(of_run(trace, METRIC_DIVERGED_AT) == 0);
	assert_true(isinf(of_run(trace, METRIC_FINAL_TRAIN_LOSS)));
	trace_free(trace);
	w[0] = NAN;
	s.steps = 20;
	for (s.activation = 0; s.activation < (int)act_table.n; s.activation++) {
		assert_int_equal(train_from(&input, &arena, &trace, &err), 0);
		assert_int_equal(trace->status, STATUS_DIVERGED);
		if (of_run(trace, METRIC_DIVERGED_AT) != 0)
			fail_msg("%s hides a NaN", acts[s.activation].name);
		trace_free(trace);
	}
	arena_release(&arena);
	toy_free(&toy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target_of_a_full_batch),
		cmocka_unit_test(target_of_minibatches),
		cmocka_unit_test(plateau),
		cmocka_unit_test(divergence),
		cmocka_unit_test(divergence_at_the_end),
		cmocka_unit_test(weights_that_are_not_finite),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
