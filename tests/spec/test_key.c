/* test_key.c: the key table: defaults, access, writing, what follows from settings. */
#include "study_fixture.h"

#include <stdlib.h>
#include <xxhash.h>

#include "net/init.h"
#include "spec/value.h"

static void names_are_unique(void **state)
{
	for (size_t k = 0; k < key_table.n; k++) {
		assert_int_equal(table_find(&key_table, keys[k].name), k);
		assert_true(strlen(keys[k].about) > 3);
		assert_non_null(keys[k].unit);
		assert_non_null(keys[k].symbol);
	}
}

static void defaults_are_as_written(void **state)
{
	struct settings s;
	struct text text = TEXT_INIT;
	settings_default(&s);
	for (size_t k = 0; k < key_table.n; k++) {
		double written, is;
		value_print(&keys[k], key_get(&keys[k], &s), &text);
		/* a default may be written in another form: 1e-8 and 1e-08, 0 and none */
		is = value_number(&keys[k], key_get(&keys[k], &s));
		if (keys[k].type != KEY_NAME && parse_double(keys[k].fallback, &written))
			assert_true(written == is);
		else
			assert_string_equal(text.at, keys[k].fallback);
		text_release(&text);
	}
	assert_string_equal(table_name(&dataset_table, (size_t)s.data.set), "fashion-mnist");
	assert_string_equal(table_name(&init_table, (size_t)s.init.scheme), "xavier-normal");
	assert_true(s.bias && !s.stop_at_target && s.optim.lr == 0.1 && s.batch == 64 && s.steps == 500 &&
		    s.epochs == 0);
	assert_true(s.optim.momentum == 0.9 && s.optim.beta2 == 0.999 && s.optim.epsilon == 1e-8);
	assert_true(s.width.n == 1 && s.width.v[0] == 64);
	assert_true(s.metrics ==
		    (METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY) | METRIC_BIT(METRIC_TEST_LOSS) |
		     METRIC_BIT(METRIC_TEST_ACCURACY) | METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_DELTA_RMS)));
}

static void every_key_sets_its_own_member(void **state)
{
	static const double list[] = {3, 5};
	for (size_t k = 0; k < key_table.n; k++) {
		struct settings s, plain;
		const struct value value = {.i = 1, .r = 0.75, .text = "here", .numbers = {2, list}};
		settings_default(&s);
		settings_default(&plain);
		const struct value before = key_get(&keys[k], &s);
		const struct value flipped = {.i = !before.i, .r = 0.75, .text = "here", .numbers = {2, list}};
		key_set(&keys[k], &s, keys[k].type == KEY_INT ? value : flipped);
		assert_false(value_equal(&keys[k], key_get(&keys[k], &s), before));
		for (size_t j = 0; j < key_table.n; j++)
			if (j != k)
				assert_true(value_equal(&keys[j], key_get(&keys[j], &s), key_get(&keys[j], &plain)));
	}
}

static void writes(const char *name, struct value value, const char *printed, const char *word)
{
	struct text text = TEXT_INIT;
	value_print(key_of(name), value, &text);
	assert_string_equal(text.at, printed);
	text_release(&text);
	value_word(key_of(name), value, &text);
	assert_string_equal(text.at ? text.at : "", word);
	text_release(&text);
}

static void values_are_written(void **state)
{
	static const double two[] = {128, 64};
	writes("lr", (struct value){.r = 0.1}, "0.1", "0.1");
	writes("clip", (struct value){.r = 0}, "none", "none");
	writes("batch", (struct value){.i = 0}, "full", "full");
	writes("train", (struct value){.i = 0}, "all", "all");
	writes("depth", (struct value){.i = 0}, "0", "0");
	writes("seed", (struct value){.i = 4294967295}, "4294967295", "4294967295");
	writes("bias", (struct value){.i = 1}, "true", "true");
	writes("width", (struct value){.numbers = {1, two}}, "128", "128");
	writes("width", (struct value){.numbers = {2, two}}, "[[128, 64]]", "128,64");
	writes("layer_lr", (struct value){.numbers = {2, two}}, "[128, 64]", "128,64");
	writes("classes", (struct value){.numbers = {0, NULL}}, "[]", "");
	writes("weights", (struct value){.i = 3}, "[initial, final]", "initial,final");
	writes("path", (struct value){.text = "a \"b\"\n"}, "\"a \\\"b\\\"\\n\"", "a \"b\"\n");
	assert_true(value_number(key_of("width"), (struct value){.numbers = {1, two}}) == 128);
	assert_true(isnan(value_number(key_of("width"), (struct value){.numbers = {2, two}})));
	assert_true(isnan(value_number(key_of("path"), (struct value){.text = "3"})));
}

static void shape_follows_widths(void **state)
{
	static const double widths[] = {7, 5, 3};
	struct settings s;
	int n[5];
	settings_default(&s);
	s.depth = 3;
	s.width = (struct numbers){3, widths};
	assert_int_equal(settings_layers(&s), 4);
	settings_shape(&s, 784, 10, n);
	assert_memory_equal(n, ((const int[]){784, 7, 5, 3, 10}), sizeof n);
	s.width.n = 1;
	settings_shape(&s, 784, 10, n);
	assert_memory_equal(n, ((int[]){784, 7, 7, 7, 10}), sizeof n);
	s.depth = 0;
	settings_shape(&s, 2, 1, n);
	assert_true(n[0] == 2 && n[1] == 1);
}

static void budget_in_steps_or_epochs(void **state)
{
	struct settings s;
	settings_default(&s);
	assert_int_equal(settings_batch(&s, 1000), 64);
	assert_int_equal(settings_batch(&s, 10), 10);
	assert_int_equal(settings_epoch(&s, 128), 2);
	assert_int_equal(settings_epoch(&s, 129), 3);
	assert_int_equal(settings_epoch(&s, 0), 0);
	assert_int_equal(settings_steps(&s, 129), 500);
	s.steps = 0;
	assert_int_equal(settings_steps(&s, 129), 0);
	s.epochs = 5;
	assert_int_equal(settings_steps(&s, 129), 15);
	s.batch = 0;
	assert_int_equal(settings_batch(&s, 129), 129);
	assert_int_equal(settings_steps(&s, 129), 5);
}

static void logs(struct settings *s, int64_t examples, const char *expected)
{
	struct text all = TEXT_INIT;
	int S;
	int64_t *step = settings_logged(s, examples, &S);
	for (int i = 0; i < S; i++)
		text_add(&all, "%s%lld", i > 0 ? " " : "", (long long)step[i]);
	assert_string_equal(all.at, expected);
	text_release(&all);
	free(step);
}

static void logged_steps_ascend_and_have_both_ends(void **state)
{
	struct settings s;
	settings_default(&s);
	s.steps = 100;
	logs(&s, 1000, "0 100");
	s.every = 30;
	logs(&s, 1000, "0 30 60 90 100");
	s.every = 0;
	s.points = 5;
	logs(&s, 1000, "0 1 3 10 32 100");
	s.points = 1;
	logs(&s, 1000, "0 100");
	s.points = 3;
	s.steps = 3600 * 3601; /* its root, 3600.49997, is nearly the middle of two numbers */
	logs(&s, 1000, "0 1 3600 12963600");
	s.points = 50; /* more than there are small steps: each once */
	s.steps = 4;
	logs(&s, 1000, "0 1 2 3 4");
	s.steps = 0;
	logs(&s, 1000, "0");
	s.points = 0;
	s.epochs = 3;
	s.every_epoch = true;
	s.every = 5;
	logs(&s, 256, "0 4 5 8 10 12");
}

static void identity_text_is_what_differs(void **state)
{
	struct settings s;
	struct text text = TEXT_INIT;
	static const double widths[] = {7, 5};
	settings_default(&s);
	settings_identity_text(&s, 0xabc, &text);
	assert_string_equal(text.at, "data=0000000000000abc\nnumerics=3\n");
	text_release(&text);
	s.optim.lr = 0.01;
	s.batch = 0;
	s.width = (struct numbers){2, widths};
	s.seed = 7;
	s.data.path = "/elsewhere"; /* where data lie is not what they are */
	settings_identity_text(&s, 1, &text);
	assert_string_equal(text.at,
			    "batch=full\nlr=0.01\nseed=7\nwidth=[[7, 5]]\ndata=0000000000000001\nnumerics=3\n");
	/* a golden hash: results of old runs are found by it */
	assert_true(XXH3_64bits(text.at, text.length) == 0xd8712525c65c4dc);
	text_release(&text);
}

static void checks(struct settings *s, const char *expected)
{
	static struct err err;
	err = (struct err){0};
	assert_int_equal(settings_check(s, &err), *expected ? -1 : 0);
	assert_string_equal(err.text, expected);
}

static void impossible_combinations_are_refused(void **state)
{
	static struct err err;
	static const double three[] = {8, 8, 8};
	struct settings s, plain;
	settings_default(&plain);
	plain.data.set = table_find(&dataset_table, "circles");
	plain.data.train = 200;
	plain.loss = table_find(key_of("loss")->table, "bce");
	s = plain;
	checks(&s, "");
	s.width = (struct numbers){3, three};
	checks(&s, "'width' lists 3 layers, but 'depth' is 2");
	s.depth = 3;
	checks(&s, "");
	s.optim.layer_lr = (struct numbers){3, three};
	checks(&s, "'layer_lr' has 3 factors, but depth 3 has 4 layers (the output layer counts)");
	s = plain;
	s.epochs = 5;
	checks(&s, "both 'steps' 500 and 'epochs' 5 are given: one of them is the budget");
	s = plain;
	s.batch = 201;
	checks(&s, "'batch' 201 is more than the 200 training examples: 'batch: full' takes all");
	s = plain;
	s.stop_at_target = true;
	checks(&s, "'stop_at_target' needs a 'target'");
	s.target = 0.1;
	checks(&s, "");
	s.every = 1;
	s.steps = 10000000;
	checks(&s, "10000000 of 10000000 steps would be logged, more than 1000000: raise 'every'");
	s.every = 0;
	s.steps = 0;
	s.every_epoch = true;
	s.epochs = 2000000;
	checks(&s,
	       "2000000 of 8000000 steps would be logged, more than 1000000: 'points' logs fewer than 'every_epoch'");
	s = plain;
	s.data.class_ratio = (struct numbers){3, three};
	checks(&s, "'class_ratio' has 3 numbers for 2 classes\ntry: one for each class, in the order of 'classes'");
	/* all of a file: how many only the file knows */
	s = plain;
	s.data.train = 0;
	s.batch = 201;
	s.optim.layer_lr = (struct numbers){3, three};
	err = (struct err){0};
	assert_int_equal(settings_check_shape(&s, (struct data_shape){2, 2, 0}, &err), 0);
	s = plain;
	s.data.set = table_find(&dataset_table, "teacher");
	checks(&s, "loss 'bce' cannot learn 'teacher', which has targets, not classes: 'mse' does");
	s.data.set = table_find(&dataset_table, "gaussians");
	s.data.noise = 0.5;
	s.data.classes = (struct numbers){3, (const double[]){0, 1, 2}};
	s.data.features = 3;
	s.batch = 201;
	checks(&s, "loss 'bce' cannot learn 3 classes, only 2: 'cross-entropy' does, or keep two of the classes\n"
		   "'batch' 201 is more than the 200 training examples: 'batch: full' takes all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(defaults_are_as_written),
		cmocka_unit_test(every_key_sets_its_own_member),
		cmocka_unit_test(values_are_written),
		cmocka_unit_test(shape_follows_widths),
		cmocka_unit_test(budget_in_steps_or_epochs),
		cmocka_unit_test(logged_steps_ascend_and_have_both_ends),
		cmocka_unit_test(identity_text_is_what_differs),
		cmocka_unit_test(impossible_combinations_are_refused),
	};
	return cmocka_run_group_tests_name("keys and settings", tests, NULL, NULL);
}
