/* test_claim.c: claims and figures: what is read, what is filled in, what is refused. */
#include "study_fixture.h"

#include "trace/trace.h"

static void expects(const char *text, enum relation relation, double low, double high)
{
	struct expect expect;
	if (!expect_parse(text, &expect))
		fail_msg("refused: %s", text);
	assert_int_equal(expect.relation, relation);
	assert_true(expect.low == low);
	if (relation == WITHIN)
		assert_true(expect.high == high);
	assert_string_equal(expect.text, text);
}

static void expectations_are_read(void **state)
{
	static const char *const bad[] = {"",
					  "3",
					  "<=",
					  "< x",
					  "= 3",
					  "=> 3",
					  "< 3 4",
					  "in 3",
					  "in [3]",
					  "in [3, 2]",
					  "in [1, 2",
					  "in [1, 2] 3",
					  "in [x, 2]",
					  "in [1, x]",
					  "in [1], 2",
					  "in 1, 2]",
					  "1 +- -1",
					  "+- 1",
					  "1 +-",
					  "x +- 1",
					  "1 ± x",
					  "inf +- inf",
					  "± 1",
					  "< nan",
					  "< 0.0000000000000000000000000000000000000000000000000000000000000001"};
	struct expect expect;
	expects("<= 1e-6", AT_MOST, 1e-6, 0);
	expects("<1", BELOW, 1, 0);
	expects("  >   .5 ", ABOVE, 0.5, 0);
	expects(">= -3", AT_LEAST, -3, 0);
	expects("== 0", EQUAL, 0, 0);
	expects("!= 0", NOT_EQUAL, 0, 0);
	expects("in [0.9, 1.1]", WITHIN, 0.9, 1.1);
	expects("in[ -inf ,0 ]", WITHIN, -INFINITY, 0);
	expects("1 +- 0.25", WITHIN, 0.75, 1.25);
	expects("-1±0.5", WITHIN, -1.5, -0.5);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (expect_parse(bad[i], &expect))
			fail_msg("not refused: %s", bad[i]);
}

static bool holds(const char *text, double x)
{
	struct expect expect;
	assert_true(expect_parse(text, &expect));
	return expect_holds(&expect, x);
}

static void expectations_hold_or_not(void **state)
{
	static const char *const all[] = {"< 1", "<= 1", "> 1", ">= 1", "== 1", "!= 1", "in [0, 1]"};
	assert_true(holds("< 1", 0.5) && !holds("< 1", 1));
	assert_true(holds("<= 1", 1) && !holds("<= 1", 1.5));
	assert_true(holds("> 1", 2) && !holds("> 1", 1));
	assert_true(holds(">= 1", 1) && !holds(">= 1", 0));
	assert_true(holds("== 1", 1) && !holds("== 1", 1 + 1e-15));
	assert_true(holds("!= 1", 2) && holds("!= 1", 0) && !holds("!= 1", 1));
	assert_true(holds("in [0, 1]", 0) && holds("in [0, 1]", 1) && !holds("in [0, 1]", 1.1) &&
		    !holds("in [0, 1]", -1));
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		assert_false(holds(all[i], NAN));
}

/* The only claim of a study. */
static const struct claim *claim_of(struct study *study, const char *claim)
{
	struct text text = TEXT_INIT;
	text_add(&text, "claims:\n  - {say: s, %s}\n", claim);
	must_parse(study, text.at, NULL);
	text_release(&text);
	assert_int_equal(study->claims, 1);
	return &study->claim[0];
}

static void claims_are_read(void **state)
{
	struct study study;
	const struct claim *c =
		claim_of(&study, "measure: grad_norm, at: {layer: first, step: 0}, over: {layer: 3}, "
				 "where: {depth: [4, 8], init: zeros}, reduce: geomean, expect: '<= 1e-6'");
	assert_int_equal(c->line, 2);
	assert_string_equal(c->say, "s");
	assert_int_equal(c->measure, METRIC_GRAD_NORM);
	assert_true(c->at.layer == PLACE_FIRST && c->at.step == 0);
	assert_true(c->has_over && c->over.layer == 3 && c->over.step == 0); /* what it leaves out is as in at */
	assert_true(c->where.n == 2 && c->where.values[0] == 2 && c->where.value[0][1].i == 8 &&
		    c->where.values[1] == 1);
	assert_int_equal(c->reduce, REDUCE_GEOMEAN);
	assert_true(c->expect.relation == AT_MOST && c->expect.low == 1e-6);
	assert_true(!c->slope && !c->has_versus && !c->best && !c->has_is);
	study_release(&study);

	c = claim_of(&study, "measure: final_train_loss, slope: depth, scale: linear, versus: {init: zeros}, best: lr, "
			     "expect: '< 1'");
	assert_string_equal(c->slope, "depth");
	assert_true(c->linear && c->has_versus && c->best == key_of("lr"));
	assert_int_equal(c->best_by, METRIC_FINAL_TRAIN_LOSS);
	assert_int_equal(c->reduce, REDUCE_MEDIAN);
	study_release(&study);

	c = claim_of(&study, "measure: grad_norm, slope: step, at: {layer: 2}, expect: '> 0'");
	assert_true(c->at.layer == 2 && c->at.step == PLACE_ANY);
	assert_string_equal(c->slope, "step");
	study_release(&study);

	c = claim_of(&study, "measure: delta_rms, slope: layer, at: {step: any}, expect: '> 0'");
	assert_true(c->at.layer == PLACE_ANY && c->at.step == PLACE_ANY && !c->linear);
	study_release(&study);
}

/* A claim's own source, else the study's; both read back from what is stored. */
static void claims_cite(void **state)
{
	static const char text[] = "source: the lecture\nclaims:\n"
				   "  - {say: a, source: lecture 15, measure: final_train_loss, expect: '< 1'}\n"
				   "  - {say: b, measure: final_train_loss, expect: '< 1'}\n";
	struct study study, again;
	must_parse(&study, text, NULL);
	must_parse(&again, study.resolved, NULL);
	for (int i = 0; i < 2; i++) {
		const struct study *s = i ? &again : &study;
		assert_string_equal(s->claim[0].source, "lecture 15");
		assert_string_equal(s->claim[1].source, "the lecture");
	}
	assert_string_equal(study.resolved, again.resolved);
	assert_null(strstr(strstr(study.resolved, "say: \"b\""), "source")); /* written only where it differs */
	study_release(&study);
	study_release(&again);

	const struct claim *c = claim_of(&study, "measure: final_train_loss, expect: '< 1'");
	assert_string_equal(c->source, "");
	study_release(&study);
}

static void a_status_is_a_share(void **state)
{
	struct study study;
	const struct claim *c = claim_of(&study, "measure: diverged, expect: '< 0.1'");
	assert_int_equal(c->measure, METRIC_N);
	assert_int_equal(c->status, STATUS_DIVERGED);
	assert_int_equal(c->reduce, REDUCE_SHARE);
	assert_true(c->has_is && expect_holds(&c->is, 1) && !expect_holds(&c->is, 0));
	study_release(&study);
}

static void claim_refused(const char *claim, const char *fault)
{
	static struct err err;
	struct study study;
	struct text text = TEXT_INIT;
	text_add(&text, "claims: [{%s}]", claim);
	if (parse_text(&study, text.at, NULL, &err) == 0)
		fail_msg("not refused: %s", claim);
	char *message = strstr(err.text, ": ") + 2;
	message[strcspn(message, "\n")] = '\0';
	assert_string_equal(message, fault);
	text_release(&text);
}

static const struct {
	const char *claim, *fault;
} no_claims[] = {
	{"say: a, measure: grad_norm, at: {layer: 1, step: 0}, over: {measure: train_loss}, expect: '< 1'",
	 "'train_loss' is not measured at the same places as 'grad_norm'"},
	{"say: a, measure: grad_norm, at: {layer: 1, step: 0, measure: weight_norm}, expect: '< 1'",
	 "unknown key 'measure': valid: layer, step"},
	{"measure: final_train_loss, expect: '< 1'", "a claim needs 'say'"},
	{"say: a, expect: '< 1'", "a claim needs 'measure'"},
	{"say: a, measure: final_train_loss", "a claim needs 'expect'"},
	{"say: a, measure: final_train_loss, expect: '< 1', expct: 3", "unknown key 'expct': did you mean 'expect'?"},
	{"say: a, source: [a], measure: final_train_loss, expect: '< 1'", "'source' is one text"},
	{"say: a, measure: final_train_los, expect: '< 1'",
	 "unknown metric 'final_train_los': did you mean 'final_train_loss'?"},
	{"say: a, measure: final_train_loss, expect: 3",
	 "'3' is not like \"<= 1e-6\", \"== 0\", \"> 0.5\", \"in [0.9, 1.1]\" or \"1 +- 0.1\""},
	{"say: a, measure: grad_norm, at: {step: 0}, expect: '< 1'",
	 "'grad_norm' is measured at each layer: at which? at: {layer: first, last, any …}"},
	{"say: a, measure: train_loss, expect: '< 1'",
	 "'train_loss' is measured at each step: at which? at: {step: first, last, any …}"},
	{"say: a, measure: train_loss, at: {layer: 1, step: 0}, expect: '< 1'",
	 "'train_loss' has no layers: leave out 'layer'"},
	{"say: a, measure: diverged, at: {step: 0}, expect: '< 1'", "'diverged' has no steps: leave out 'step'"},
	{"say: a, measure: grad_norm, slope: layer, at: {layer: 1, step: 0}, expect: '< 1'",
	 "the slope runs over every layer: leave out 'layer'"},
	{"say: a, measure: grad_norm, at: {layer: 0, step: 0}, expect: '< 1'",
	 "'layer' is first, last, any or a whole number of at least 1"},
	{"say: a, measure: final_train_loss, over: {step: 0}, expect: '< 1'",
	 "the measure is one number a run: nothing to divide by"},
	{"say: a, measure: train_loss, at: {step: 0}, over: {layer: 1}, expect: '< 1'",
	 "'train_loss' has no layers: leave out 'layer'"},
	{"say: a, measure: train_loss, at: {step: 0}, over: {step: 0}, expect: '< 1'",
	 "'over' is the place of 'at': the ratio is 1"},
	{"say: a, measure: grad_norm, at: {layer: 1, step: 0}, over: {measure: grad_norm}, expect: '< 1'",
	 "'over' is the place of 'at': the ratio is 1"},
	{"say: a, measure: grad_norm, at: {step: 0}, slope: layer, over: {measure: delta_rms, layer: 1}, "
	 "expect: '< 1'",
	 "the slope runs over every layer: leave out 'layer'"},
	{"say: a, measure: train_loss, slope: layer, at: {step: 0}, expect: '< 1'",
	 "no slope over 'layer': the measure has none"},
	{"say: a, measure: final_train_loss, slope: init, expect: '< 1'",
	 "no slope over 'init', which is not a number"},
	{"say: a, measure: final_train_loss, scale: log, expect: '< 1'", "'scale' without 'slope'"},
	{"say: a, measure: final_train_loss, best_by: wall_time, expect: '< 1'", "'best_by' without 'best'"},
	{"say: a, measure: final_train_loss, best: lr, best_by: grad_norm, expect: '< 1'",
	 "'grad_norm' does not say which run is better: final_train_loss does"},
	{"say: a, measure: final_train_loss, versus: {init: [zeros, sparse]}, expect: '< 1'",
	 "'versus' compares with one value of 'init'"},
	{"say: a, measure: final_train_loss, reduce: share, expect: '< 1'",
	 "'share' counts what holds: 'is: \"> 0.5\"' says what"},
	{"say: a, measure: final_train_loss, is: '> 3', expect: '< 1'",
	 "'is' belongs to 'reduce: share' or 'reduce: count'"},
	{"say: a, measure: grad_norm, at: 3, expect: '< 1'", "'at' is a place: {layer: first, step: 0}"},
	{"say: a, measure: grad_norm, at: {layer: [1], step: 0}, expect: '< 1'",
	 "'layer' is first, last, any or a whole number of at least 1"},
	{"say: a, measure: grad_norm, at: {layer: 1.5, step: 0}, expect: '< 1'",
	 "'layer' is first, last, any or a whole number of at least 1"},
	{"say: a, measure: [grad_norm], expect: '< 1'", "a name of the metric table belongs here"},
	{"say: a, measure: ~, expect: '< 1'", "a name of the metric table belongs here"},
	{"say: a, measure: train_loss, at: {step: 0}, over: 3, expect: '< 1'",
	 "'over' is a place: {layer: first, step: 0}"},
	{"say: a, measure: train_loss, at: {step: 0}, over: {measure: train_los}, expect: '< 1'",
	 "unknown metric 'train_los': did you mean 'train_loss'?"},
	{"say: a, measure: train_los, at: {step: 0}, over: {measure: train_loss}, expect: '< 1'",
	 "unknown metric 'train_los': did you mean 'train_loss'?"},
	{"say: a, measure: diverged, over: {measure: train_loss}, expect: '< 1'",
	 "'train_loss' is not measured at the same places as 'diverged'"},
	{"say: a, measure: final_train_loss, slope: step, expect: '< 1'", "no slope over 'step': the measure has none"},
	{"say: a, measure: final_train_loss, slope: [lr], expect: '< 1'", "a name of the key table belongs here"},
	{"say: a, measure: final_train_loss, slope: dpth, expect: '< 1'", "unknown key 'dpth': did you mean 'depth'?"},
	{"say: a, measure: wat, slope: layer, expect: '< 1'",
	 "unknown metric 'wat': 'fathom list metrics' tells them all"},
	{"say: a, measure: wat, slope: step, expect: '< 1'",
	 "unknown metric 'wat': 'fathom list metrics' tells them all"},
	{"say: a, measure: final_train_loss, slope: lr, scale: lg, expect: '< 1'",
	 "unknown scale 'lg': did you mean 'log'?"},
	{"say: a, measure: final_train_loss, best: lr, best_by: searched, expect: '< 1'",
	 "'searched' does not say which run is better: final_train_loss does"},
	{"say: a, measure: final_train_loss, best: lr, best_by: best, expect: '< 1'",
	 "unknown metric 'best': did you mean 'best_test_accuracy'?"},
	{"say: a, measure: final_train_loss, expect: [1]", "'expect' is one text"},
	{"say: a, measure: final_train_loss, reduce: count, expect: '< 1'",
	 "'count' counts what holds: 'is: \"> 0.5\"' says what"},
	{"say: a, measure: final_train_loss, reduce: avg, expect: '< 1'",
	 "unknown reduction 'avg': valid: median, mean, geomean, min, max, share, count"},
	{"say: a, measure: final_train_loss, versus: 3, expect: '< 1'",
	 "a combination of keys belongs here: {activation: sigmoid, depth: [16, 32]}"},
	{"say: a, measure: final_train_loss, where: 3, expect: '< 1'",
	 "a combination of keys belongs here: {activation: sigmoid, depth: [16, 32]}"},
};

static void claims_that_say_nothing_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof no_claims / sizeof *no_claims; i++)
		claim_refused(no_claims[i].claim, no_claims[i].fault);
}

static void figures_are_read(void **state)
{
	struct study study;
	must_parse(&study,
		   "seed: 1\nfigures:\n  - {kind: convergence}\n  - {kind: convergence, name: convergence-2}\n"
		   "  - {kind: convergence, by: lr, panel: [init, depth], measure: grad_norm, where: {depth: 2}, best: "
		   "lr,\n"
		   "     best_by: best_test_accuracy, step: 7, caption: why}\n",
		   NULL);
	assert_int_equal(study.figures, 3);
	const struct figure *f = study.figure;
	assert_string_equal(f[0].name, "convergence");
	assert_true(!f[0].by && f[0].panels == 0 && f[0].measure == -1 && f[0].step == PLACE_FIRST && !f[0].best);
	assert_true(f[0].line == 3 && f[0].column == 5);
	assert_string_equal(f[0].caption, "");
	assert_string_equal(f[2].name, "convergence-3"); /* the second is taken */
	assert_true(f[2].by == key_of("lr") && f[2].panels == 2 && f[2].panel[1] == key_of("depth"));
	assert_true(f[2].measure == METRIC_GRAD_NORM && f[2].where.n == 1 && f[2].step == 7);
	assert_true(f[2].best == key_of("lr") && f[2].best_by == METRIC_BEST_TEST_ACCURACY);
	study_release(&study);
}

/* A place, what divides, an axis; all come back from what is stored. */
static void figures_of_a_place_are_read(void **state)
{
	struct study study, again;
	must_parse(
		&study,
		"seed: 1\nfigures:\n  - {kind: a}\n  - {kind: b, against: width, scale: linear, layer: 3, step: last, "
		"predicted: delta_predicted, over: {measure: delta_rms, layer: last}}\n  - {kind: c, over: {step: "
		"5}}\n",
		NULL);
	must_parse(&again, study.resolved, NULL);
	assert_string_equal(study.resolved, again.resolved);
	for (int k = 0; k < 2; k++) {
		const struct figure *f = k ? again.figure : study.figure;
		assert_true(!f[0].against && f[0].scale == -1 && f[0].layer == PLACE_ANY && !f[0].has_over);
		assert_true(f[0].predicted == -1 && f[0].over_measure == -1);
		assert_true(f[1].against == key_of("width") && f[1].scale == 1 && f[1].layer == 3);
		assert_true(f[1].has_over && f[1].over_measure == METRIC_DELTA_RMS);
		assert_true(f[1].over.layer == PLACE_LAST && f[1].over.step == PLACE_LAST);
		assert_int_equal(f[1].predicted, METRIC_DELTA_PREDICTED);
		assert_true(f[2].has_over && f[2].over_measure == -1 && f[2].over.step == 5);
		assert_int_equal(f[2].over.layer, PLACE_FIRST);
	}
	study_release(&study);
	study_release(&again);
}

static void figures_that_cannot_be_are_refused(void **state)
{
	refused("figures: [{by: lr}]", NULL,
		"x.yaml:1:11: a figure needs a 'kind'\n  figures: [{by: lr}]\n            ^");
	refused("figures: [{kind: a, panel: [lr, seed, depth]}]", NULL,
		"x.yaml:1:28: 'panel' is at most two keys: [columns, rows]\n"
		"  figures: [{kind: a, panel: [lr, seed, depth]}]\n"
		"                             ^");
	refused("figures: [{kind: ../b}]", NULL,
		"x.yaml:1:18: unknown figure '../b': 'fathom list figures' tells the kinds\n"
		"  figures: [{kind: ../b}]\n"
		"                   ^^^^");
	refused("figures: [{kind: a, name: ../b}]", NULL,
		"x.yaml:1:27: '../b' is no name for files: letters, digits, '.', '_' and '-'\n"
		"  figures: [{kind: a, name: ../b}]\n"
		"                            ^^^^");
	refused("figures: [{kind: a, name: b}, {kind: c, name: b}]", NULL,
		"x.yaml:1:47: a figure named 'b' is there already\n"
		"  figures: [{kind: a, name: b}, {kind: c, name: b}]\n"
		"                                                ^");
	refused("figures: [{kind: a, by: int}]", NULL,
		"x.yaml:1:25: unknown key 'int': did you mean 'init'?\n"
		"  figures: [{kind: a, by: int}]\n"
		"                          ^^^");
	refused("figures: [{kind: a, against: init}]", NULL,
		"x.yaml:1:30: no axis of 'init', which is not a number\n"
		"  figures: [{kind: a, against: init}]\n"
		"                               ^^^^");
	refused("figures: [{kind: a, over: {layer: any}}]", NULL,
		"x.yaml:1:27: a figure draws one place: 'any' is none\n"
		"  figures: [{kind: a, over: {layer: any}}]\n"
		"                            ^");
	refused("figures: [{kind: a, step: any}]", NULL,
		"x.yaml:1:27: 'step' is first, last or a whole number of at least 0\n"
		"  figures: [{kind: a, step: any}]\n"
		"                            ^^^");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expectations_are_read),
		cmocka_unit_test(expectations_hold_or_not),
		cmocka_unit_test(claims_are_read),
		cmocka_unit_test(claims_cite),
		cmocka_unit_test(a_status_is_a_share),
		cmocka_unit_test(claims_that_say_nothing_are_refused),
		cmocka_unit_test(figures_are_read),
		cmocka_unit_test(figures_of_a_place_are_read),
		cmocka_unit_test(figures_that_cannot_be_are_refused),
	};
	return cmocka_run_group_tests_name("claims and figures", tests, NULL, NULL);
}
