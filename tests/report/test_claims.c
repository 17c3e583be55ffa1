/* test_claims.c: claims of every kind on numbers chosen here, against values worked out by hand; each kind once true and once false. */
#include "made.h"

#include "report/claims.h"

/* Depth 2 and 4, two inits, seven seeds. grad_norm of layer l at any step: 10^(−l) · (seed + 1), halved for he-normal; at step 20 ten
 * times that. weight_norm of layer l: 10^(−2 l). Seed 6 of he-normal at depth 4 diverges at step 10. */
#define HEAD                                                                                                           \
	"title: made\n"                                                                                                \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [2, 4], width: 3, activation: tanh, init: [xavier-normal, he-normal] }\n"                     \
	"train: { loss: bce, lr: [0.1, 1], batch: full, steps: 20, target: 0.1, stop_at_target: false }\n"             \
	"seed: { range: 7 }\n"                                                                                         \
	"log: { every: 10, metrics: [train_loss, test_accuracy, grad_norm, weight_norm, row_spread, saturation] }\n"   \
	"claims:\n"

static bool is_he(const struct settings *settings)
{
	return settings->init.scheme == table_find(&init_table, "he-normal");
}

static void fill(struct trace *trace, const struct settings *s)
{
	const bool gone = is_he(s) && s->depth == 4 && s->seed == 6;
	const double scale = (is_he(s) ? 0.5 : 1) * (double)(s->seed + 1);
	for (int i = 0; i < trace->S && !(gone && trace->step[i] >= 10); i++) {
		/* lr 1 is better by a factor of ten */
		trace_put(trace, METRIC_TRAIN_LOSS, i, 0,
			  (s->optim.lr == 1 ? 0.1 : 1) * (double)(s->seed + 1) / (double)(i + 1));
		trace_put(trace, METRIC_TEST_ACCURACY, i, 0, 0.5 + 0.05 * (double)s->seed);
		for (int l = 1; l <= trace->L; l++) {
			trace_put(trace, METRIC_GRAD_NORM, i, l, scale * pow(10, -l) * (trace->step[i] == 20 ? 10 : 1));
			trace_put(trace, METRIC_ROW_SPREAD, i, l, 0);
			trace_put(trace, METRIC_WEIGHT_NORM, i, l, pow(10, -2 * l));
		}
	}
	trace_put(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0,
		  gone ? NAN : (s->optim.lr == 1 ? 0.1 : 1) * (double)(s->seed + 1));
	trace_put(trace, METRIC_FINAL_TEST_ACCURACY, 0, 0, gone ? NAN : 0.5 + 0.05 * (double)s->seed);
	trace_put(trace, METRIC_STEPS_TO_TARGET, 0, 0, s->seed < 3 ? 5 * (double)(s->seed + 1) : NAN);
	if (gone) {
		trace->status = STATUS_DIVERGED;
		trace_put(trace, METRIC_DIVERGED_AT, 0, 0, 10);
		trace_put(trace, METRIC_STEPS_DONE, 0, 0, 10);
	}
}

/* The verdict of one claim, written as YAML. */
static struct verdict judge(const char *claim)
{
	static struct err err;
	struct made made;
	struct verdict verdict;
	char yaml[4096];
	snprintf(yaml, sizeof yaml, HEAD "  - { say: it, %s }\n", claim);
	made_open(&made, yaml, fill);
	must(claims_evaluate(&made.result, &made.study, &verdict, &err));
	made_close(&made);
	return verdict;
}

#define XAVIER "where: {init: xavier-normal, depth: 2, lr: 1}"

static void medians_have_the_interval_of_order_statistics(void **state)
{
	/* 0.1 × (1 … 7) at layer 1: median 0.4, and with seven values the interval is the whole range */
	struct verdict v =
		judge("measure: grad_norm, at: {layer: first, step: 0}, " XAVIER ", reduce: median, expect: '<= 0.41'");
	assert_true(v.evaluated && v.pass);
	assert_int_equal(v.measured.n, 7);
	assert_near(v.measured.value, 0.4, 1e-12, 0);
	assert_near(v.measured.low, 0.1, 1e-12, 0);
	assert_near(v.measured.high, 0.7, 1e-12, 0);
	assert_string_equal(v.note, "");
	assert_false(
		judge("measure: grad_norm, at: {layer: first, step: 0}, " XAVIER ", reduce: median, expect: '< 0.4'")
			.pass);
}

static void ratios_are_taken_inside_a_run(void **state)
{
	/* first over last of depth 2 (three layers): 10^-1 / 10^-3 */
	struct verdict v =
		judge("measure: grad_norm, at: {layer: first, step: 0}, over: {layer: last, step: 0}, " XAVIER
		      ", reduce: geomean, expect: '100 +- 1e-9'");
	assert_true(v.pass);
	assert_near(v.measured.value, 100, 1e-12, 0);
	/* over takes its step from at; the last logged step is ten times as large, so the ratio stays */
	v = judge("measure: grad_norm, at: {layer: 2, step: last}, over: {layer: first}, " XAVIER
		  ", reduce: max, expect: '>= 0.11'");
	assert_near(v.measured.value, 0.1, 1e-12, 0);
	assert_false(v.pass);
	/* 0/0 is no number */
	v = judge("measure: row_spread, at: {layer: first, step: 0}, over: {layer: 2, step: 0}, " XAVIER
		  ", reduce: mean, expect: '== 0'");
	assert_false(v.evaluated || v.pass);
	assert_non_null(strstr(v.note, "not one of 7 runs has a number"));
}

static void a_metric_is_taken_over_another(void **state)
{
	/* layer 1: 10^-1 (seed + 1) over 10^-2; the place is that of at */
	struct verdict v =
		judge("measure: grad_norm, at: {layer: first, step: 0}, over: {measure: weight_norm}, " XAVIER
		      ", reduce: min, expect: '10 +- 1e-9'");
	assert_true(v.pass);
	/* or one of its own: layer 3, 10^-6 */
	v = judge("measure: grad_norm, at: {layer: first, step: 0}, over: {measure: weight_norm, layer: last}, " XAVIER
		  ", reduce: min, expect: '1e5 +- 1e-4'");
	assert_true(v.pass);
	/* the slope -1 a layer over the slope -2 a layer; without measure, the slope of the ratio */
	v = judge("measure: grad_norm, at: {step: 0}, over: {measure: weight_norm}, slope: layer, " XAVIER
		  ", reduce: mean, expect: '0.5 +- 1e-9'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	v = judge("measure: grad_norm, at: {layer: last, step: 0}, over: {measure: weight_norm}, slope: depth, where: "
		  "{init: xavier-normal, lr: 1}, reduce: mean, expect: '0.5 +- 1e-9'");
	assert_true(v.pass);
	assert_false(judge("measure: grad_norm, at: {step: 0}, over: {measure: weight_norm}, slope: layer, " XAVIER
			   ", reduce: mean, expect: '>= 0.6'")
			     .pass);
}

static void slopes_are_fitted(void **state)
{
	/* over layers: log10 falls by 1 a layer */
	struct verdict v = judge("measure: grad_norm, at: {step: 0}, slope: layer, " XAVIER
				 ", reduce: mean, expect: 'in [-1.01, -0.99]'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	assert_near(v.measured.value, -1, 1e-12, 0);
	/* over steps 0, 10, 20 with log10 ratio 0, 0, 1: slope 0.05 */
	v = judge("measure: grad_norm, at: {layer: first}, slope: step, " XAVIER ", reduce: mean, expect: '> 0.06'");
	assert_near(v.measured.value, 0.05, 1e-12, 0);
	assert_false(v.pass);
	/* over depth 2 → 4 of the last layer: 10^-3 → 10^-5, −1 a layer; a fit for each seed */
	v = judge("measure: grad_norm, at: {layer: last, step: 0}, slope: depth, where: {init: xavier-normal, lr: 1}, "
		  "reduce: median, "
		  "expect: '-1 +- 1e-6'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	/* linear: layer means 0.1, 0.01, 0.001 times (seed + 1): slope −0.0495 for seed 0 */
	v = judge("measure: grad_norm, at: {step: 0}, slope: layer, scale: linear, where: {init: xavier-normal, depth: "
		  "2, lr: 1, seed: 0}, "
		  "reduce: max, expect: '< 0'");
	assert_near(v.measured.value, -0.0495, 1e-12, 0);
	/* a slope over a key is of one layer */
	v = judge("measure: grad_norm, at: {layer: any, step: 0}, slope: depth, where: {init: xavier-normal, lr: 1}, "
		  "reduce: median, expect: '< 0'");
	assert_false(v.evaluated);
	assert_non_null(strstr(v.note, "needs one layer"));
}

static void partners_differ_only_as_versus_says(void **state)
{
	struct verdict v =
		judge("measure: grad_norm, at: {layer: first, step: 0}, where: {init: he-normal, depth: 2, lr: 1}, "
		      "versus: {init: xavier-normal}, reduce: median, expect: '0.5 +- 1e-9'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	/* where keeps both kinds: the partners themselves are not compared */
	v = judge("measure: grad_norm, at: {layer: first, step: 0}, where: {depth: 2, lr: 1}, versus: {init: "
		  "xavier-normal}, reduce: max, "
		  "expect: '> 0.5'");
	assert_int_equal(v.measured.n, 7);
	assert_false(v.pass);
	assert_near(v.measured.value, 0.5, 1e-12, 0);
	/* another learning rate, same losses but for the factor */
	v = judge("measure: final_train_loss, where: {init: xavier-normal, depth: 2, lr: 1}, versus: {lr: 0.1}, "
		  "reduce: geomean, "
		  "expect: '== 0.1'");
	assert_near(v.measured.value, 0.1, 1e-12, 0);
}

static void best_keeps_one_learning_rate(void **state)
{
	/* lr 1 has a tenth of the loss: median 0.4 rather than 4 */
	struct verdict v = judge("measure: final_train_loss, best: lr, best_by: final_train_loss, where: {init: "
				 "xavier-normal, depth: 2}, "
				 "reduce: median, expect: '< 1'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	assert_near(v.measured.value, 0.4, 1e-12, 0);
}

static void shares_and_counts(void **state)
{
	/* three of seven reach the target: Wilson's interval of 3/7 */
	struct verdict v = judge("measure: steps_to_target, " XAVIER ", reduce: share, is: '<= 20', expect: '<= 0.5'");
	assert_true(v.pass);
	assert_near(v.measured.value, 3.0 / 7, 1e-12, 0);
	assert_near(v.measured.low, 0.158219, 1e-5, 0);
	assert_near(v.measured.high, 0.749542, 1e-5, 0);
	v = judge("measure: steps_to_target, " XAVIER ", reduce: count, is: '<= 10', expect: '== 3'");
	assert_near(v.measured.value, 2, 0, 0);
	assert_false(v.pass);
	/* a status: one of the 7 he-normal, depth 4, lr 1 */
	v = judge("measure: diverged, where: {init: he-normal, depth: 4, lr: 1}, reduce: share, expect: '< 0.2'");
	assert_true(v.pass);
	assert_near(v.measured.value, 1.0 / 7, 1e-12, 0);
	/* NaN never holds, not even !=, and stays in the denominator */
	v = judge("measure: saturation, at: {layer: first, step: 0}, " XAVIER
		  ", reduce: share, is: '!= 5', expect: '== 1'");
	assert_false(v.evaluated || v.pass);
}

static void every_place_of_any(void **state)
{
	struct verdict v = judge(
		"measure: row_spread, at: {layer: any, step: any}, where: {init: xavier-normal, lr: 1}, reduce: max, "
		"expect: '== 0'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 14);
	/* three steps × (3 + 5 layers) × 7 seeds */
	assert_string_equal(v.note, "168 numbers from 14 runs");
	assert_true(isnan(v.measured.low));
	v = judge("measure: grad_norm, at: {layer: any, step: any}, " XAVIER ", reduce: min, expect: '>= 0.01'");
	assert_near(v.measured.value, 0.001, 1e-12, 0);
	assert_false(v.pass);
}

static void what_diverged_counts_as_the_worst(void **state)
{
#define GONE "where: {init: he-normal, depth: 4, lr: 1}"
	struct verdict v = judge("measure: final_train_loss, " GONE ", reduce: max, expect: '< 100'");
	assert_true(isinf(v.measured.value));
	assert_false(v.pass);
	assert_string_equal(v.note, "1 infinite");
	v = judge("measure: train_loss, at: {step: last}, " GONE ", reduce: count, is: '< 1', expect: '== 6'");
	assert_true(v.pass);
	v = judge("measure: final_test_accuracy, " GONE ", reduce: min, expect: '== 0'");
	assert_true(v.pass);
	/* before it left, its loss is its own: seed 6 at step 0 */
	v = judge("measure: train_loss, at: {step: 0}, " GONE ", reduce: max, expect: '< 1'");
	assert_near(v.measured.value, 0.7, 1e-12, 0);
	/* a gradient has no worst: left out and counted */
	v = judge("measure: grad_norm, at: {layer: first, step: 20}, " GONE ", reduce: max, expect: '<= 3.01'");
	assert_true(v.pass);
	assert_near(v.measured.value, 3, 1e-12, 0);
	assert_string_equal(v.note, "1 of 7 missing, left out");
	/* but in a share it stays in the denominator */
	v = judge("measure: grad_norm, at: {layer: first, step: 20}, " GONE
		  ", reduce: share, is: '> 0', expect: '< 0.9'");
	assert_true(v.pass);
	assert_int_equal(v.measured.n, 7);
	assert_near(v.measured.value, 6.0 / 7, 1e-12, 0);
	assert_string_equal(v.note, "1 of 7 missing, not counted");
}

static void what_cannot_be_evaluated_says_why(void **state)
{
	struct verdict v =
		judge("measure: grad_norm, at: {layer: first, step: 7}, " XAVIER ", reduce: mean, expect: '> 0'");
	assert_false(v.evaluated || v.pass);
	assert_non_null(strstr(v.note, "step 7 was not logged"));
	v = judge("measure: grad_norm, at: {layer: 9, step: 0}, " XAVIER ", reduce: mean, expect: '> 0'");
	assert_non_null(strstr(v.note, "layer 9"));
	v = judge("measure: final_train_loss, where: {depth: 2, init: xavier-normal, lr: 0.5}, reduce: mean, expect: "
		  "'> 0'");
	assert_non_null(strstr(v.note, "keeps no run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians_have_the_interval_of_order_statistics),
		cmocka_unit_test(ratios_are_taken_inside_a_run),
		cmocka_unit_test(a_metric_is_taken_over_another),
		cmocka_unit_test(slopes_are_fitted),
		cmocka_unit_test(partners_differ_only_as_versus_says),
		cmocka_unit_test(best_keeps_one_learning_rate),
		cmocka_unit_test(shares_and_counts),
		cmocka_unit_test(every_place_of_any),
		cmocka_unit_test(what_diverged_counts_as_the_worst),
		cmocka_unit_test(what_cannot_be_evaluated_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
