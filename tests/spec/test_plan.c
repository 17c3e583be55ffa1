/* test_plan.c: which runs a study has, in which order, and by which hash each is known. */
#include "study_fixture.h"

#include <stdlib.h>
#include <xxhash.h>

static const char four[] = CIRCLES BCE "model: {depth: [1, 2]}\nseed: [0, 1]\n";

/* Axes of every kind, a zip, skips and a second grid. */
static const char rich[] =
	"data: {set: gaussians, noise: 1, classes: [[0, 1], [0, 2]], data_seed: {range: 3}, train: [99, 200], test: "
	"50}\n"
	"model: {depth: [0, 2, 3], width: [64, 8, 5], activation: [tanh, relu], init_scale: [1, 2]}\n"
	"train: {loss: [bce, mse], lr: {log: [1e-3, 1, 4]}, epochs: [1, 2], clip: [none, 1]}\n"
	"log: {weights: [[], [final]]}\n"
	"zip: [[width, depth]]\n"
	"skip: [{lr: 1, depth: [0, 3]}, {loss: mse, weights: final}]\n"
	"also: [{zip: [], depth: 4, width: [[8, 4, 4, 2], 3], loss: bce, skip: [{epochs: 1}]}]\n";

/* The slow way: the identity text of the settings. */
static uint64_t hash_of(const struct settings *settings)
{
	static struct err err;
	struct text text = TEXT_INIT;
	uint64_t data;
	assert_int_equal(plain_identity(&settings->data, &data, &err), 0);
	settings_identity_text(settings, data, &text);
	const uint64_t hash = XXH3_64bits(text.at, text.length);
	text_release(&text);
	return hash;
}

static void hashes_are_those_of_the_settings(void **state)
{
	struct study study;
	struct plan plan;
	struct settings settings;
	must_parse(&study, rich, NULL);
	must_plan(&plan, &study);
	/* 2·3·2 of data, 3 zipped, 2·2 of the model, 2·4·2·2 of training, 2 of the log; then without those skipped */
	const size_t all = 12 * 3 * 4 * 32 * 2, big_lr = all / 4 * 2 / 3, kept = all - big_lr - (all - big_lr) / 4;
	assert_int_equal(plan.R, kept + 12 * 2 * 4 * 16 * 2 / 2);
	for (size_t r = 0; r < plan.R; r++) {
		plan_settings(&plan, r, &settings);
		assert_true(plan.run[r].hash == hash_of(&settings));
		for (int s = 0; s < study.grid[plan.run[r].grid].skips; s++)
			assert_false(condition_holds(&study.grid[plan.run[r].grid].skip[s], &settings));
	}
	plan_release(&plan);
	study_release(&study);
}

static void hashes_stay_what_they_were(void **state)
{
	struct study study;
	struct plan plan;
	must_parse(&study, four, NULL);
	must_plan(&plan, &study);
	assert_int_equal(plan.R, 4);
	assert_true(plan.run[0].hash == 0xa32edd73a6411d4f);
	assert_true(plan.run[3].hash == 0x594301d6266a05b1);
	assert_true(plan.hash == 0xbf83387ec165b838);
	plan_release(&plan);
	study_release(&study);
}

/* The study that explains the grammar. */
static void a_whole_study(void **state)
{
	struct study study;
	struct plan plan;
	must_parse(&study,
		   "title:    Gradients vanish with depth\n"
		   "question: Which initialisation keeps the gradient alive on its way back?\n"
		   "source:   lecture, B20–B25\n"
		   "data:  { set: fashion-mnist, classes: [0, 1], train: 2000, test: 1000 }\n"
		   "model: { depth: [2, 4, 8, 16, 32], width: 64, activation: [sigmoid, tanh, relu], init: [zeros, "
		   "xavier-normal, "
		   "he-normal, orthogonal] }\n"
		   "train: { loss: bce, optimizer: sgd, lr: {log: [1e-3, 1, 7]}, batch: 64, steps: 500 }\n"
		   "seed:  {range: 5}\n"
		   "log:   { every: 50, metrics: [train_loss, test_accuracy, grad_norm, delta_rms] }\n"
		   "skip:  [ {activation: sigmoid, init: he-normal} ]\n"
		   "claims:\n"
		   "  - say: the first layer of a 16-layer sigmoid net hears less than a millionth of the last\n"
		   "    measure: grad_norm\n"
		   "    at: {layer: first, step: 0}\n"
		   "    over: {layer: last, step: 0}\n"
		   "    where: {activation: sigmoid, init: xavier-normal, depth: 16}\n"
		   "    reduce: geomean\n"
		   "    expect: \"<= 1e-6\"\n"
		   "figures:\n"
		   "  - {kind: gradient-by-layer, by: init, panel: [activation, depth]}\n",
		   NULL);
	must_plan(&plan, &study);
	assert_int_equal(plan.R, 5 * 3 * 4 * 7 * 5 - 5 * 7 * 5);
	assert_string_equal(study.source, "lecture, B20–B25");
	assert_true(study.claims == 1 && study.figures == 1 && study.claim[0].over.layer == PLACE_LAST);
	plan_release(&plan);
	study_release(&study);
}

static uint64_t plan_hash(const char *text, const char *const *words)
{
	struct study study;
	struct plan plan;
	must_parse(&study, text, words);
	must_plan(&plan, &study);
	const uint64_t hash = plan.hash;
	plan_release(&plan);
	study_release(&study);
	return hash;
}

static void a_plan_is_known_by_its_runs(void **state)
{
	const uint64_t hash = plan_hash(four, NULL);
	assert_true(plan_hash("seed: {range: 2}\n" BCE CIRCLES "model: {depth: [1, 2], width: 64}", NULL) == hash);
	assert_true(plan_hash(four, WORDS("depth=range:1:3")) == hash);
	assert_true(plan_hash(four, WORDS("lr=0.1", "batch=64")) == hash); /* a default said aloud */
	assert_false(plan_hash(four, WORDS("depth=2,1")) == hash);         /* the order */
	assert_false(plan_hash(four, WORDS("lr=0.2")) == hash);
	assert_false(plan_hash(four, WORDS("data_seed=1")) == hash);
	assert_false(plan_hash(four, WORDS("every=10")) == hash);
}

static void same_condition(const struct condition *a, const struct condition *b)
{
	assert_int_equal(a->n, b->n);
	for (int k = 0; k < a->n; k++) {
		assert_true(a->key[k] == b->key[k] && a->values[k] == b->values[k]);
		for (int i = 0; i < a->values[k]; i++)
			assert_true(value_equal(a->key[k], a->value[k][i], b->value[k][i]));
	}
}

static void same_claim(const struct claim *a, const struct claim *b)
{
	assert_string_equal(a->say, b->say);
	assert_true(a->measure == b->measure && a->status == b->status && a->reduce == b->reduce);
	assert_memory_equal(&a->at, &b->at, sizeof a->at);
	assert_memory_equal(&a->over, &b->over, sizeof a->over);
	assert_true(a->has_over == b->has_over && a->over_measure == b->over_measure && a->linear == b->linear &&
		    a->has_versus == b->has_versus);
	assert_string_equal(a->slope ? a->slope : "", b->slope ? b->slope : "");
	same_condition(&a->where, &b->where);
	same_condition(&a->versus, &b->versus);
	assert_true(a->best == b->best && a->best_by == b->best_by && a->has_is == b->has_is);
	assert_true(a->is.relation == b->is.relation && a->is.low == b->is.low);
	assert_string_equal(a->expect.text, b->expect.text);
}

static void same_figure(const struct figure *a, const struct figure *b)
{
	assert_string_equal(a->kind, b->kind);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->caption, b->caption);
	assert_true(a->by == b->by && a->panels == b->panels && a->panel[0] == b->panel[0] &&
		    a->panel[1] == b->panel[1]);
	assert_true(a->measure == b->measure && a->best == b->best && a->best_by == b->best_by && a->step == b->step);
	same_condition(&a->where, &b->where);
}

static void what_is_stored_reads_back_the_same(void **state)
{
	static const char words[] =
		"title: \"a: 'b' \\\"c\\\" # é\\n\\t\\\\ \\x07\\x7f\"\nquestion: |\n  two\n  lines\n"
		"claims:\n"
		"  - {say: \"x: y\", measure: grad_norm, at: {layer: first, step: 0}, over: {layer: last}, expect: "
		"\"<= 1e-6\"}\n"
		"  - {say: b, measure: delta_rms, at: {step: last}, over: {step: 0}, slope: layer, scale: linear, "
		"expect: \"1 ± .1\"}\n"
		"  - {say: c, measure: diverged, where: {lr: [0.1, 1], width: [[8, 4, 4, 2]]}, expect: \"> .5\"}\n"
		"  - {say: d, measure: row_spread, at: {layer: any, step: any}, reduce: max, expect: \"== 0\"}\n"
		"  - {say: e, measure: final_train_loss, best: lr, best_by: best_test_accuracy, versus: {depth: 2}, "
		"reduce: share,\n"
		"     is: \"< 1\", expect: \"in [0, 1]\"}\n"
		"  - {say: f, measure: train_loss, slope: lr, at: {step: last}, expect: \"> 0\"}\n"
		"  - {say: g, measure: train_loss, slope: step, expect: \"> 0\"}\n"
		"  - {say: h, measure: grad_norm, slope: step, at: {layer: first}, over: {measure: delta_rms}, expect: "
		"\"> 0\"}\n"
		"  - {say: i, measure: final_train_loss, over: {measure: best_test_accuracy}, expect: \"> 0\"}\n"
		"  - {say: j, measure: train_loss, at: {step: last}, over: {measure: test_loss}, expect: \"> 0\"}\n"
		"figures:\n"
		"  - {kind: gradient-by-layer, by: init, panel: [activation, depth], caption: a \"b\", step: 3}\n"
		"  - {kind: gradient-by-layer, panel: lr, where: {depth: [2, 4]}, measure: delta_rms, best: lr}\n"
		"  - {kind: convergence, name: mine, best: lr, best_by: steps_to_target, step: last}\n";
	char text[4096];
	struct study study, again;
	struct plan plan, planned;
	snprintf(text, sizeof text, "%s%s", rich, words);
	must_parse(&study, text, WORDS("rho=.9,.95", "optimizer=rmsprop", "seed=range:20"));
	must_parse(&again, study.resolved, NULL);
	assert_string_equal(again.resolved, study.resolved);
	assert_string_equal(again.title, "a: 'b' \"c\" # é\n\t\\ \x07\x7f");
	assert_string_equal(again.question, "two\nlines\n");
	assert_int_equal(again.claims, 10);
	assert_int_equal(again.figures, 3);
	for (int c = 0; c < 10; c++)
		same_claim(&study.claim[c], &again.claim[c]);
	for (int f = 0; f < 3; f++)
		same_figure(&study.figure[f], &again.figure[f]);
	assert_string_equal(again.figure[1].name, "gradient-by-layer-2");
	must_plan(&plan, &study);
	must_plan(&planned, &again);
	assert_int_equal(plan.R, planned.R);
	assert_true(plan.hash == planned.hash);
	for (size_t r = 0; r < plan.R; r += 997)
		assert_true(plan.run[r].hash == planned.run[r].hash && plan.run[r].index == planned.run[r].index);
	plan_release(&plan);
	plan_release(&planned);
	study_release(&study);
	study_release(&again);
}

static void long_ranges_are_stored_short(void **state)
{
	struct study study;
	must_parse(&study, CIRCLES BCE "seed: {range: [5, 100000, 5]}", NULL);
	assert_non_null(strstr(study.resolved, "\nseed: {range: [5, 100000, 5]}\n"));
	study_release(&study);
	must_parse(&study, CIRCLES BCE "seed: {range: [40, 0, -2]}", NULL);
	assert_non_null(strstr(study.resolved, "\nseed: {range: [40, 0, -2]}\n"));
	study_release(&study);
	/* what no range gives back */
	must_parse(&study, CIRCLES BCE "seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16]", NULL);
	assert_non_null(strstr(study.resolved, "\nseed: [0, 1, 2"));
	study_release(&study);
	must_parse(&study, CIRCLES BCE "seed: [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]", NULL);
	assert_non_null(strstr(study.resolved, "\nseed: [3, 3, 3"));
	study_release(&study);
	must_parse(&study, CIRCLES BCE "log: {every: {range: [1e12, 17e12, 1e12]}}", NULL);
	assert_non_null(strstr(study.resolved, "\n  every: [1000000000000, 2000000000000, "));
	study_release(&study);
}

static void all_zips_are_stored(void **state)
{
	struct study study, again;
	must_parse(&study,
		   CIRCLES "model: {depth: [1, 2], width: [3, 4]}\ntrain: {loss: bce, lr: [1, 2]}\nseed: [5, 6]\n"
			   "zip: [[lr, depth], [width, seed]]",
		   NULL);
	assert_non_null(strstr(study.resolved, "\nzip: [[depth, lr], [width, seed]]\n"));
	must_parse(&again, study.resolved, NULL);
	assert_string_equal(study.resolved, again.resolved);
	study_release(&study);
	study_release(&again);
}

static void varying_keys_are_known(void **state)
{
	struct study study;
	struct plan plan;
	must_parse(&study,
		   CIRCLES BCE "model: {depth: [1, 2], init: [zeros, sparse]}\nskip: [{init: sparse}]\nalso: [{lr: 5}]",
		   NULL);
	must_plan(&plan, &study);
	assert_true(plan_varies(&plan, key_of("depth")));
	assert_true(plan_varies(&plan, key_of("lr")));
	assert_false(plan_varies(&plan, key_of("init"))); /* an axis of which skip left one value */
	assert_false(plan_varies(&plan, key_of("seed")));
	plan.R = 0; /* no run differs from another */
	assert_false(plan_varies(&plan, key_of("depth")));
	plan_release(&plan);
	study_release(&study);
}

static void not_planned(const char *text, const char *expected)
{
	static struct err err;
	struct study study;
	struct plan plan;
	must_parse(&study, text, NULL);
	err = (struct err){0};
	assert_int_equal(plan_build(&plan, &study, plain_identity, &err), -1);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_null(plan.run);
	study_release(&study);
}

static void impossible_runs_are_told_once(void **state)
{
	not_planned(CIRCLES "train: {loss: bce, stop_at_target: true}\n", "x.yaml: 'stop_at_target' needs a 'target'");
	not_planned(CIRCLES "model: {depth: [1, 2, 3], width: [[4, 4], 5]}\nseed: {range: 100}\n" BCE,
		    "x.yaml: 'width' lists 2 layers, but 'depth' is 1\n"
		    "  in the run {depth: 1, width: [[4, 4]]}\n"
		    "  try: mend it, or leave such runs out: skip: [{…}]\n"
		    "x.yaml: 'width' lists 2 layers, but 'depth' is 3\n"
		    "  in the run {depth: 3, width: [[4, 4]]}\n"
		    "  try: mend it, or leave such runs out: skip: [{…}]");
	/* no run is left for those who would skip them */
	not_planned(CIRCLES "train: {loss: bce, batch: 500}\nmodel: {depth: [1, 2]}\n",
		    "x.yaml: 'batch' 500 is more than the 200 training examples: 'batch: full' takes all\n"
		    "  in the run {depth: 1}");
	not_planned(CIRCLES BCE "model: {depth: [1, 2]}\nskip: [{depth: [1, 2]}]",
		    "x.yaml: no run is left: 'skip' leaves out all of them");
	study_gives(CIRCLES BCE
		    "model: {depth: [1, 2, 3], width: [[4, 4], 5]}\nskip: [{depth: [1, 3], width: [[4, 4]]}]",
		    NULL, "width", "5 4,4 5 5");
	study_gives(CIRCLES BCE "model: {depth: [1, 2], init: zeros}\nskip: [{init: zeros, depth: 1}]", NULL, "depth",
		    "2");
	not_planned(CIRCLES BCE "seed: {range: 10000}\nmodel: {depth: {range: 10000}}\nalso: [{lr: 5}]",
		    "x.yaml: the grids have 200000000 runs together, more than 100000000");
}

/* Faults of the data are told with the keys of the data alone, once, whatever the file says of networks. */
static void impossible_data_are_told_once(void **state)
{
	not_planned(
		"data: {set: circles, train: [200, 300], class_ratio: [[.2, .3, .5], [.5, .5]]}\nmodel: {depth: [1, "
		"2]}\n" BCE,
		"x.yaml: 'class_ratio' has 3 numbers for 2 classes\n"
		"try: one for each class, in the order of 'classes'\n"
		"  in the run {class_ratio: [0.2, 0.3, 0.5], train: 200}\n"
		"  try: mend it, or leave such runs out: skip: [{…}]");
	not_planned("data: {set: csv, path: /nowhere/x.csv}\n" BCE,
		    "x.yaml: cannot open '/nowhere/x.csv': No such file or directory");
}

/* After twenty different faults looking for more helps nobody; whether other runs are possible is not known then. */
static void too_much_is_impossible(void **state)
{
	static struct err err;
	struct study study;
	struct plan plan;
	int told = 0;
	must_parse(&study,
		   CIRCLES BCE
		   "model: {depth: {range: 30}, width: [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "
		   "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]}\nalso: [{lr: 5}]",
		   NULL);
	err = (struct err){0};
	assert_int_equal(plan_build(&plan, &study, plain_identity, &err), -1);
	for (const char *at = err.text; (at = strstr(at, "'width' lists 31 layers")) != NULL; at++)
		told++;
	assert_int_equal(told, 20);
	assert_non_null(strstr(err.text, "or leave such runs out"));
	study_release(&study);
}

/* A stored study has no file: it is known by its name. */
static void stored_studies_are_named(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{CIRCLES "train: {loss: bce, batch: 500}", "x: 'batch' 500 is more than the 200 training examples: "
							   "'batch: full' takes all"},
		{CIRCLES BCE "skip: [{seed: 0}]", "x: no run is left: 'skip' leaves out all of them"},
	};
	static struct err err;
	struct study study;
	struct plan plan;
	for (int i = 0; i < 2; i++) {
		err = (struct err){0};
		assert_int_equal(study_parse(&study, rows[i].text, strlen(rows[i].text), "x", "", 0, NULL, &err), 0);
		assert_int_equal(plan_build(&plan, &study, plain_identity, &err), -1);
		assert_string_equal(err.text, rows[i].expected);
		study_release(&study);
	}
}

static int broken_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "the disk is gone");
}

static void a_fault_of_the_system_stays_one(void **state)
{
	static struct err err;
	struct study study;
	struct plan plan;
	must_parse(&study, four, NULL);
	err = (struct err){0};
	assert_int_equal(plan_build(&plan, &study, broken_identity, &err), -1);
	assert_string_equal(err.text, "x.yaml: the disk is gone");
	assert_int_equal(err.kind, ERR_SYSTEM);
	study_release(&study);
}

static int asked;

static int counting_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	asked++;
	return plain_identity(spec, identity, err);
}

static void each_data_section_is_asked_once(void **state)
{
	static struct err err;
	struct study study;
	struct plan plan;
	must_parse(&study, rich, NULL);
	asked = 0;
	assert_int_equal(plan_build(&plan, &study, counting_identity, &err), 0);
	assert_int_equal(asked, 12);
	plan_release(&plan);
	study_release(&study);
}

static void many_runs_are_all_different(void **state)
{
	struct study study;
	struct plan plan;
	must_parse(&study,
		   CIRCLES
		   "model: {depth: {range: 10}}\ntrain: {loss: bce, lr: {log: [1e-3, 1, 100]}}\nseed: {range: 200}",
		   NULL);
	must_plan(&plan, &study);
	assert_int_equal(plan.R, 200000);
	assert_int_equal(plan.run[199999].index, 199999);
	assert_string_equal(word_of(&plan, 199999, "seed"), "199");
	assert_string_equal(word_of(&plan, 199999, "depth"), "9");
	assert_string_equal(word_of(&plan, 200 * 100 + 200 + 3, "lr"), "0.00107226722201");
	plan_release(&plan);
	study_release(&study);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_those_of_the_settings),
		cmocka_unit_test(hashes_stay_what_they_were),
		cmocka_unit_test(a_whole_study),
		cmocka_unit_test(a_plan_is_known_by_its_runs),
		cmocka_unit_test(what_is_stored_reads_back_the_same),
		cmocka_unit_test(long_ranges_are_stored_short),
		cmocka_unit_test(all_zips_are_stored),
		cmocka_unit_test(varying_keys_are_known),
		cmocka_unit_test(impossible_runs_are_told_once),
		cmocka_unit_test(impossible_data_are_told_once),
		cmocka_unit_test(too_much_is_impossible),
		cmocka_unit_test(stored_studies_are_named),
		cmocka_unit_test(a_fault_of_the_system_stays_one),
		cmocka_unit_test(each_data_section_is_asked_once),
		cmocka_unit_test(many_runs_are_all_different),
	};
	return cmocka_run_group_tests_name("plans", tests, NULL, NULL);
}
