/* test_schedule.c: learning rates update by update. */
#include "cm.h"
#include "optim/optim.h"

static struct optim_spec with(const char *schedule)
{
	const struct optim_spec spec = {
		.lr = 0.4, .schedule = table_find(&schedule_table, schedule), .decay_every = 3, .decay_rate = 0.5};
	assert_true(spec.schedule >= 0);
	return spec;
}

static void constant(void **state)
{
	const struct optim_spec spec = with("constant");
	assert_true(schedule_lr(&spec, 1, 10) == 0.4);
	assert_true(schedule_lr(&spec, 10, 10) == 0.4);
}

static void step(void **state)
{
	static const double lr[] = {.4, .4, .4, .2, .2, .2, .1, .1, .1, .05};
	const struct optim_spec spec = with("step");
	for (int t = 1; t <= 10; t++)
		assert_near(schedule_lr(&spec, t, 10), lr[t - 1], 1e-15, 0);
}

static void exponential(void **state)
{
	const struct optim_spec spec = with("exponential");
	assert_true(schedule_lr(&spec, 1, 101) == 0.4);
	assert_near(schedule_lr(&spec, 51, 101), 0.4 * sqrt(0.5), 1e-15, 0);
	assert_near(schedule_lr(&spec, 101, 101), 0.2, 1e-15, 0);
	for (int t = 2; t <= 101; t++) /* by a constant factor */
		assert_near(schedule_lr(&spec, t, 101) / schedule_lr(&spec, t - 1, 101), pow(0.5, 0.01), 1e-14, 0);
}

static void cosine(void **state)
{
	struct optim_spec spec = with("cosine");
	assert_true(schedule_lr(&spec, 1, 101) == 0.4);
	assert_near(schedule_lr(&spec, 26, 101), 0.2 * (1 + sqrt(0.5)), 1e-15, 0);
	assert_near(schedule_lr(&spec, 51, 101), 0.2, 1e-15, 0);
	assert_true(schedule_lr(&spec, 101, 101) == 0);
	spec.lr_min = 0.1;
	assert_true(schedule_lr(&spec, 1, 101) == 0.4);
	assert_near(schedule_lr(&spec, 51, 101), 0.22, 1e-15, 0);
	assert_near(schedule_lr(&spec, 101, 101), 0.04, 1e-15, 0);
}

/* Up in equal steps to the full rate at update `warmup`; the schedule takes over there, without a repeated or skipped
 * step. */
static void warmup_comes_before_every_schedule(void **state)
{
	for (size_t k = 0; k < schedule_table.n; k++) {
		struct optim_spec spec = with(table_name(&schedule_table, k)), plain = spec;
		spec.warmup = 4;
		for (int t = 1; t <= 4; t++)
			assert_near(schedule_lr(&spec, t, 20), 0.1 * t, 1e-15, 0);
		for (int t = 4; t <= 20; t++)
			assert_true(schedule_lr(&spec, t, 20) == schedule_lr(&plain, t - 3, 17));
		spec.warmup = 1;
		for (int t = 1; t <= 20; t++)
			assert_true(schedule_lr(&spec, t, 20) == schedule_lr(&plain, t, 20));
	}
}

static void short_budgets_have_a_rate(void **state)
{
	for (size_t k = 0; k < schedule_table.n; k++) {
		struct optim_spec spec = with(table_name(&schedule_table, k));
		assert_true(schedule_lr(&spec, 1, 1) == 0.4);
		spec.warmup = 8;
		assert_near(schedule_lr(&spec, 2, 2), 0.1, 1e-15, 0); /* never gets beyond warm-up */
		assert_true(schedule_lr(&spec, 8, 8) == 0.4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constant),
		cmocka_unit_test(step),
		cmocka_unit_test(exponential),
		cmocka_unit_test(cosine),
		cmocka_unit_test(warmup_comes_before_every_schedule),
		cmocka_unit_test(short_budgets_have_a_rate),
	};
	return cmocka_run_group_tests_name("optim/schedule", tests, NULL, NULL);
}
