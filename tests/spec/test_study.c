/* test_study.c: reading a study: values, generators, layers, the command line, and what is stored of it. */
#include "study_fixture.h"

/* ---- values and generators ---------------------------------------------------------------------------------------- */

static void one_value_or_a_list(void **state)
{
	study_gives(CIRCLES BCE "model: {depth: 3}", NULL, "depth", "3");
	study_gives(CIRCLES BCE "model: {depth: [3, 1e1, 2]}", NULL, "depth", "3 10 2");
	study_gives(CIRCLES BCE "model: {depth: [3, 3, 2]}", NULL, "depth", "3 2"); /* a run is planned once */
	study_gives(CIRCLES "train: {loss: bce, lr: -0.0}", NULL, "lr", "0");
	study_gives(CIRCLES BCE "model: {bias: [true, false]}", NULL, "bias", "true false");
	study_gives(CIRCLES BCE "model: {init: [zeros, he-normal]}", NULL, "init", "zeros he-normal");
	study_gives(CIRCLES "train: {loss: bce, batch: [full, 7]}", NULL, "batch", "full 7");
	study_gives(CIRCLES "train: {loss: bce, clip: [none, 1.5, -0]}", NULL, "clip", "none 1.5");
}

static void lists_by_nature(void **state)
{
	study_gives("data: {set: fashion-mnist, classes: [3, 1]}\n" BCE, NULL, "classes", "3,1");
	study_gives("data: {set: fashion-mnist, classes: [[3, 1], [0, 2]]}\n" BCE, NULL, "classes", "3,1 0,2");
	study_gives(CIRCLES BCE "model: {width: [8, 4]}", NULL, "width", "8 4");
	study_gives(CIRCLES BCE "model: {width: [[8, 4]]}", NULL, "width", "8,4");
	study_gives(CIRCLES BCE "model: {width: [[8, 4], 6, [1, 2]]}", NULL, "width", "8,4 6 1,2");
	study_gives(CIRCLES BCE "log: {weights: [final, initial]}", NULL, "weights", "initial,final");
	study_gives(CIRCLES BCE "log: {weights: final}", NULL, "weights", "final");
	study_gives(CIRCLES BCE "log: {metrics: [grad_norm, wall_time, train_loss]}", NULL, "metrics",
		    "train_loss,grad_norm");
	study_gives(CIRCLES BCE "log: {metrics: []}", NULL, "metrics", "");
}

static void all_metrics(void **state)
{
	struct study study;
	must_parse(&study, CIRCLES BCE "log: {metrics: all}", NULL);
	for (int m = 0; m < METRIC_N; m++)
		assert_int_equal(study.grid[0].base.metrics >> m & 1, metrics[m].shape != METRIC_RUN);
	study_release(&study);
}

static void generators_make_lists(void **state)
{
	study_gives(CIRCLES BCE "seed: {range: 4}", NULL, "seed", "0 1 2 3");
	study_gives(CIRCLES BCE "seed: {range: [2, 9, 3]}", NULL, "seed", "2 5 8");
	study_gives(CIRCLES BCE "seed: {range: [2, 8, 3]}", NULL, "seed", "2 5"); /* the end is not in it */
	study_gives(CIRCLES BCE "seed: {range: [3, 0, -1]}", NULL, "seed", "3 2 1");
	study_gives(CIRCLES "train: {loss: bce, optimizer: momentum, momentum: {range: [0, 0.4, 0.1]}}", NULL,
		    "momentum", "0 0.1 0.2 0.3");
	study_gives(CIRCLES "train: {loss: bce, lr: {linear: [0.1, 0.5, 5]}}", NULL, "lr", "0.1 0.2 0.3 0.4 0.5");
	study_gives(CIRCLES "train: {loss: bce, lr: {log: [1e-3, 1, 7]}}", NULL, "lr",
		    "0.001 0.00316227766017 0.01 0.0316227766017 0.1 0.316227766017 1");
	study_gives(CIRCLES "train: {loss: bce, lr: {log: [1, 1e-2, 3]}}", NULL, "lr", "1 0.1 0.01");
	study_gives(CIRCLES "train: {loss: bce, lr: {pow2: [-2, 1]}}", NULL, "lr", "0.25 0.5 1 2");
	/* equal ratios of at most q, in six digits; the end is in it */
	study_gives(CIRCLES "train: {loss: bce, lr: {factor: [0.1, 1, 2]}}", NULL, "lr",
		    "0.1 0.177828 0.316228 0.562341 1");
	study_gives(CIRCLES "train: {loss: bce, lr: {factor: [1, 8, 2]}}", NULL, "lr", "1 2 4 8");
	study_gives(CIRCLES BCE "model: {depth: {factor: [1, 4, 1.5]}}", NULL, "depth", "1 2 3 4"); /* 1.4, 2 are one */
	study_gives(CIRCLES BCE "model: {width: {pow2: [3, 5]}}", NULL, "width", "8 16 32");
	study_gives(CIRCLES BCE "model: {depth: {log: [1, 20, 8]}}", NULL, "depth",
		    "1 2 4 6 8 13 20"); /* 1.5 and 2.4 are 2 */
}

/* ---- layers ------------------------------------------------------------------------------------------------------- */

static void axes_stand_in_the_order_of_the_table(void **state)
{
	const char *text =
		"seed: [0, 1]\nlog: {every: 5}\n" BCE "model: {init: [zeros, sparse], depth: [1, 2]}\n" CIRCLES;
	study_gives(text, NULL, "depth", "1 1 1 1 2 2 2 2");
	study_gives(text, NULL, "init", "zeros zeros sparse sparse zeros zeros sparse sparse");
	study_gives(text, NULL, "seed", "0 1 0 1 0 1 0 1");
}

static void zip_varies_together(void **state)
{
	const char *text = CIRCLES "model: {depth: [1, 2, 3]}\ntrain: {loss: bce, steps: [10, 20, 30]}\n"
				   "seed: [0, 1]\nzip: [[steps, depth]]\n";
	study_gives(text, NULL, "depth", "1 1 2 2 3 3");
	study_gives(text, NULL, "steps", "10 10 20 20 30 30");
	study_gives(text, WORDS("depth=5,6", "steps=7,8"), "steps", "7 7 8 8");
	study_gives(text, WORDS("depth=5", "steps=7"), "depth", "5 5");
	study_gives(text, WORDS("zip=[]", "depth=5"), "steps", "10 10 20 20 30 30");
	refused(text, WORDS("steps=5"),
		"override 'steps=5': zipped keys need as many values each: 'depth' has 3, 'steps' has 1");
	refused(CIRCLES BCE "seed: [1, 2]\nzip: [[depth, seed]]", NULL,
		"x.yaml:4:7: zipped keys need as many values each: 'depth' has 1, 'seed' has 2\n"
		"  zip: [[depth, seed]]\n"
		"        ^");
	refused(CIRCLES BCE "model: {depth: [1, 2]}\nzip: [[depth, seed]]", NULL,
		"x.yaml:4:7: zipped keys need as many values each: 'depth' has 2, 'seed' has 1\n"
		"  zip: [[depth, seed]]\n"
		"        ^");
	refused(text, WORDS("depth=5"),
		"override 'depth=5': zipped keys need as many values each: 'depth' has 1, 'steps' has 3");
	refused(CIRCLES BCE "model: {depth: [1, 2]}\nseed: [1, 2, 3]\nzip: [[depth, seed]]", NULL,
		"x.yaml:5:7: zipped keys need as many values each: 'depth' has 2, 'seed' has 3\n"
		"  zip: [[depth, seed]]\n"
		"        ^");
}

static void skip_drops_combinations(void **state)
{
	const char *text =
		CIRCLES BCE "model: {depth: [1, 2], init: [zeros, sparse, lsuv]}\n"
			    "skip: [{depth: 1, init: [sparse, lsuv]}, {depth: 9}, {init: zeros, bias: false}]\n";
	study_gives(text, NULL, "init", "zeros zeros sparse lsuv");
	study_gives(text, NULL, "depth", "1 2 2 2");
	study_gives(text, WORDS("skip=[]"), "depth", "1 1 1 2 2 2");
	study_gives(CIRCLES "train: {loss: bce, lr: {log: [1e-3, 1, 7]}}\nskip: [{lr: [0.00316228, 1]}]", NULL, "lr",
		    "0.001 0.01 0.0316227766017 0.1 0.316227766017");
}

static void also_appends_grids(void **state)
{
	const char *study = CIRCLES BCE "model: {depth: [1, 2]}\nseed: [0, 1]\nskip: [{depth: 2, seed: 1}]\n";
	char text[1024];
	study_gives(study, NULL, "depth", "1 1 2");
	snprintf(text, sizeof text, "%salso: [{init: zeros}]",
		 study); /* axes and skip of the study hold for the entry */
	study_gives(text, NULL, "depth", "1 1 2 1 1 2");
	snprintf(text, sizeof text, "%salso: [{depth: 7}]", study);
	study_gives(text, NULL, "depth", "1 1 2 7 7");
	snprintf(text, sizeof text, "%salso: [{skip: []}]", study); /* runs planned already stay at their first place */
	study_gives(text, NULL, "depth", "1 1 2 2");
	snprintf(text, sizeof text, "%salso: [{model: {depth: [5, 6]}, seed: 3, train: 100, lr: {pow2: [0, 1]}}]",
		 study);
	study_gives(text, NULL, "depth", "1 1 2 5 5 6 6");
	study_gives(text, NULL, "train", "200 200 200 100 100 100 100");
	study_gives(text, NULL, "lr", "0.1 0.1 0.1 1 2 1 2");
	study_gives(text, WORDS("lr=3", "seed=0"), "depth", "1 2 5 6"); /* an override replaces the key in every grid */
}

static void a_budget_in_one_unit_replaces_the_other(void **state)
{
	study_gives(CIRCLES "train: {loss: bce, epochs: 5}", NULL, "steps", "0");
	study_gives(CIRCLES "train: {loss: bce, epochs: 0}", NULL, "steps", "500");
	study_gives(CIRCLES "train: {loss: bce, steps: 0}", NULL, "steps", "0");
	study_gives(CIRCLES "train: {loss: bce, epochs: 5}", WORDS("steps=7"), "epochs", "0");
	study_gives(CIRCLES "train: {loss: bce, steps: 5}", WORDS("epochs=7"), "steps", "0");
	study_gives(CIRCLES "train: {loss: bce, steps: 5}\nalso: [{epochs: 2}]", NULL, "steps", "5 0");
	study_gives(CIRCLES "train: {loss: bce, steps: 5}\nalso: [{epochs: 2}]", NULL, "epochs", "0 2");
	const char *both = CIRCLES "train: {loss: bce, steps: [5, 0], epochs: [0, 2]}\nzip: [[steps, epochs]]";
	study_gives(both, NULL, "steps", "5 0");
	study_gives(both, NULL, "epochs", "0 2");
	refused(CIRCLES "train: {loss: bce, steps: 5, epochs: [2, 3]}", NULL,
		"x.yaml:2:38: both 'steps' and 'epochs' are given: one of them is the budget\n"
		"  train: {loss: bce, steps: 5, epochs: [2, 3]}\n"
		"                                       ^");
}

/* ---- the command line --------------------------------------------------------------------------------------------- */

static void words_speak_the_grammar(void **state)
{
	const char *text = "data: {set: fashion-mnist, classes: [0, 1]}\n" BCE;
	study_gives(text, WORDS("depth=2,4"), "depth", "2 4");
	study_gives(text, WORDS("lr=log:1e-2:1:3"), "lr", "0.01 0.1 1");
	study_gives(text, WORDS("lr={log: [1e-2, 1, 3]}"), "lr", "0.01 0.1 1");
	study_gives(text, WORDS("seed=range:3"), "seed", "0 1 2");
	study_gives(text, WORDS("seed=range:1:7:3"), "seed", "1 4");
	study_gives(text, WORDS("classes=3,4"), "classes", "3,4");
	study_gives(text, WORDS("classes=[[3, 4], [5, 6]]"), "classes", "3,4 5,6");
	study_gives(text, WORDS("batch=full"), "batch", "full");
	study_gives(text, WORDS("train=300"), "train", "300");
	study_gives(text, WORDS("train=range:100:300:100"), "train", "100 200");
	study_gives(text, WORDS("train={lr: 3}"), "lr", "3");
	study_gives(text, WORDS("train={lr: 3, steps: 4}"), "steps", "4");
	study_gives(text, WORDS("width=[[8,4]]"), "width", "8,4");
}

static void paths_are_taken_as_they_are(void **state)
{
	struct study study;
	must_parse(&study, "data: {path: \"a b\"}", NULL);
	assert_string_equal(study.grid[0].base.data.path, "a b");
	study_release(&study);
	must_parse(&study, CIRCLES, WORDS("path=log:1:2 é"));
	assert_string_equal(study.grid[0].base.data.path, "log:1:2 é");
	study_release(&study);
}

static void words_are_refused_by_name(void **state)
{
	refused(CIRCLES BCE, WORDS("depht=2"), "override 'depht=2': unknown key 'depht': did you mean 'depth'?");
	refused(CIRCLES BCE, WORDS("title=\xff"), "override 'title=\xff': not readable text: byte 0xff");
	refused(CIRCLES BCE, WORDS("depth"), "override 'depth': not of the form key=value");
	refused(CIRCLES BCE, WORDS("depth="), "override 'depth=': 'depth' has no value");
	refused(CIRCLES BCE, WORDS("depth=a,2"),
		"override 'depth=a,2': 'depth' is a whole number from 0 to 10000, not 'a'");
	refused(CIRCLES BCE, WORDS("lr=lin:1:2:3"),
		"override 'lr=lin:1:2:3': 'lr' is a number from 0 to 1000000000, not "
		"'lin:1:2:3'");
	refused(CIRCLES BCE, WORDS("depth=2", "depth=3"), "override 'depth=3': key 'depth' is given twice");
	refused(CIRCLES BCE, WORDS("lr=log:1"),
		"override 'lr=log:1': 1 arguments do not fit {log: [a, b, n]}: n values from a to b, evenly spaced on "
		"a "
		"logarithmic scale");
	refused(CIRCLES BCE, WORDS("lr=[1"), "override 'lr=[1': not YAML: this '[' is not closed");
	refused(CIRCLES BCE, WORDS("title=x"), "override 'title=x': 'title' belongs at the top of the file");
	/* the file's faults first, then those of the words in their order */
	refused(CIRCLES "train: {loss: bce, lr: x}", WORDS("init=zero", "zzzzz=1"),
		"x.yaml:2:24: 'lr' is a number from 0 to 1000000000, not 'x'\n"
		"  train: {loss: bce, lr: x}\n"
		"                         ^\n"
		"override 'init=zero': unknown init 'zero': did you mean 'zeros'?\n"
		"override 'zzzzz=1': unknown key 'zzzzz': 'fathom list keys' tells them all");
}

static void conditions_from_words(void **state)
{
	struct pool pool = POOL_INIT;
	static struct err err;
	struct condition condition;
	struct settings s;
	settings_default(&s);
	err = (struct err){0};
	assert_int_equal(condition_parse(&pool, 2, WORDS("depth=2,4", "lr=0.1"), &condition, &err), 0);
	assert_true(condition_holds(&condition, &s));
	s.depth = 3;
	assert_false(condition_holds(&condition, &s));
	s.depth = 4;
	s.optim.lr = 0.1000002;
	assert_true(condition_holds(&condition, &s));
	s.optim.lr = 0.10001;
	assert_false(condition_holds(&condition, &s));
	assert_int_equal(condition_parse(&pool, 1, WORDS("dept=2"), &condition, &err), -1);
	assert_string_equal(err.text, "'dept=2': unknown key 'dept': did you mean 'depth'?");
	err = (struct err){0};
	assert_int_equal(condition_parse(&pool, 2, WORDS("depth=2", "depth=3"), &condition, &err), -1);
	assert_string_equal(err.text, "'depth=3': key 'depth' is given twice");
	pool_release(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_or_a_list),
		cmocka_unit_test(lists_by_nature),
		cmocka_unit_test(all_metrics),
		cmocka_unit_test(generators_make_lists),
		cmocka_unit_test(axes_stand_in_the_order_of_the_table),
		cmocka_unit_test(zip_varies_together),
		cmocka_unit_test(skip_drops_combinations),
		cmocka_unit_test(also_appends_grids),
		cmocka_unit_test(a_budget_in_one_unit_replaces_the_other),
		cmocka_unit_test(words_speak_the_grammar),
		cmocka_unit_test(paths_are_taken_as_they_are),
		cmocka_unit_test(words_are_refused_by_name),
		cmocka_unit_test(conditions_from_words),
	};
	return cmocka_run_group_tests_name("studies", tests, NULL, NULL);
}
