/* test_trace.c: the metric table is complete, and a trace holds what was asked for. */
#include "cm.h"
#include "trace/trace.h"

static const int64_t steps[] = {0, 5, 17, 400};
static const int n[] = {7, 4, 3, 2};

static struct trace *make(metric_set wanted, unsigned weights)
{
	struct err err;
	struct trace *trace = trace_new(4, steps, 3, n, 1, 32, wanted, weights, &err);
	assert_non_null(trace);
	return trace;
}

static void every_metric_is_described(void **state)
{
	for (int id = 0; id < METRIC_N; id++) {
		const struct metric *metric = &metrics[id];
		assert_true(metric->name && *metric->name && metric->about && *metric->about);
		assert_true(metric->unit && *metric->unit && metric->symbol && *metric->symbol);
		assert_int_equal(table_find(&metric_table, metric->name), id); /* unique */
		for (const char *c = metric->name; *c; c++)
			assert_true(strchr("abcdefghijklmnopqrstuvwxyz_", *c));
		int depth = 0; /* braces of gnuplot's enhanced text */
		for (const char *c = metric->symbol; *c; c++) {
			depth += *c == '{' ? 1 : *c == '}' ? -1 : 0;
			assert_true(depth >= 0);
		}
		assert_int_equal(depth, 0);
	}
	assert_true(METRIC_N <= 64); /* metric_set */
	assert_int_equal(metrics[METRIC_TRAIN_LOSS].better, BETTER_LOW);
	assert_int_equal(metrics[METRIC_TEST_ACCURACY].better, BETTER_HIGH);
}

static void run_metrics_are_always_recorded(void **state)
{
	struct trace *trace = make(0, 0);
	for (int id = 0; id < METRIC_N; id++) {
		const bool run = metrics[id].shape == METRIC_RUN && !metrics[id].derived;
		assert_int_equal((trace->recorded & METRIC_BIT(id)) != 0, run);
		assert_int_equal(trace_at(trace, (enum metric_id)id, 0, 1) != NULL, run);
		if (run)
			assert_true(isnan(*trace->value[id]));
	}
	trace_put(trace, METRIC_GRAD_NORM, 0, 1, 3); /* not recorded: nothing happens */
	trace_put(trace, METRIC_WALL_TIME, 99, 99, 3);
	assert_true(*trace->value[METRIC_WALL_TIME] == 3);
	trace_free(trace);
}

/* Every place of every metric keeps a number of its own. */
static void places_do_not_overlap(void **state)
{
	struct trace *trace = make(~(metric_set)0, 3);
	for (int id = 0; id < METRIC_N; id++)
		assert_int_equal((trace->recorded & METRIC_BIT(id)) != 0, !metrics[id].derived);
	for (int pass = 0; pass < 3; pass++)
		for (int id = 0; id < METRIC_N; id++)
			for (int s = 0; !metrics[id].derived && s < (metrics[id].shape == METRIC_RUN ? 1 : 4); s++)
				for (int l = 1; l <= (metrics[id].shape == METRIC_LAYER ? 3 : 1); l++) {
					const double x = id * 100 + s * 10 + l;
					double *at = trace_at(trace, (enum metric_id)id, s, l);
					if (pass == 0)
						assert_true(isnan(*at));
					else if (pass == 1)
						trace_put(trace, (enum metric_id)id, s, l, x);
					else
						assert_true(*at == x);
				}
	assert_ptr_equal(trace_at(trace, METRIC_GRAD_NORM, 2, 3), trace->value[METRIC_GRAD_NORM] + 8);
	assert_ptr_equal(trace_at(trace, METRIC_TEST_LOSS, 2, 3), trace->value[METRIC_TEST_LOSS] + 2);
	memset(trace->weights[0].values, 0x55, trace->weights[0].n * 4);
	memset(trace->weights[1].values, 0x55, trace->weights[1].n * 4);
	assert_true(*trace_at(trace, METRIC_WALL_TIME, 0, 0) == METRIC_WALL_TIME * 100 + 1);
	assert_memory_equal(trace->step, steps, sizeof steps);
	assert_memory_equal(trace->n, n, sizeof n);
	trace_free(trace);
}

static void weights_on_request(void **state)
{
	struct trace *trace = make(0, 1u << WEIGHTS_FINAL);
	assert_null(trace->weights[WEIGHTS_INITIAL].values);
	assert_non_null(trace->weights[WEIGHTS_FINAL].values);
	assert_int_equal(trace->weights[WEIGHTS_FINAL].n, 7 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2);
	trace_free(trace);
	struct err err;
	trace = trace_new(4, steps, 3, n, 0, 64, 0, 3, &err);
	assert_int_equal(trace->weights[WEIGHTS_INITIAL].n, 7 * 4 + 4 * 3 + 3 * 2);
	trace_free(trace);
}

static void names_of_status_and_weights(void **state)
{
	static const char *const status[] = {"completed", "target", "plateau", "diverged", "failed"};
	assert_int_equal(status_table.n, STATUS_N);
	for (int k = 0; k < STATUS_N; k++)
		assert_string_equal(table_name(&status_table, (size_t)k), status[k]);
	assert_int_equal(table_find(&weights_table, "initial"), WEIGHTS_INITIAL);
	assert_int_equal(table_find(&weights_table, "final"), WEIGHTS_FINAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_metric_is_described),   cmocka_unit_test(run_metrics_are_always_recorded),
		cmocka_unit_test(places_do_not_overlap),       cmocka_unit_test(weights_on_request),
		cmocka_unit_test(names_of_status_and_weights),
	};
	return cmocka_run_group_tests_name("trace/trace", tests, NULL, NULL);
}
