/* test_uses.c: a key that the chosen optimizer, init or schedule has no use for is refused before equal runs are trained. */
#include "study_fixture.h"

#include "spec/uses.h"

/* A misspelt name in the table would switch its rule off or refuse what is right. */
static void the_table_names_what_there_is(void **state)
{
	for (int u = 0; u < uses_n; u++) {
		key_of(uses[u].key);
		const struct key *owner = key_of(uses[u].owner);
		assert_int_equal(owner->type, KEY_NAME);
		assert_non_null(uses[u].user[0]);
		for (int r = 0; uses[u].user[r]; r++)
			assert_true(table_find(owner->table, uses[u].user[r]) >= 0);
	}
}

static void what_nothing_uses_is_refused(void **state)
{
	refused("train: {momentum: [0, .5]}", NULL,
		"x.yaml:1:19: optimizer 'sgd' has no use for 'momentum': 'momentum' and 'nesterov' have\n"
		"  train: {momentum: [0, .5]}\n"
		"                    ^");
	refused("train: {optimizer: [sgd, sign-sgd], epsilon: 1}", NULL,
		"x.yaml:1:46: optimizer 'sgd' has no use for 'epsilon': 'adagrad', 'rmsprop', 'adam' and 'adamw' have\n"
		"  train: {optimizer: [sgd, sign-sgd], epsilon: 1}\n"
		"                                               ^");
	refused("seed: 1", WORDS("init_value=1", "init=normal"),
		"override 'init_value=1': init 'normal' has no use for 'init_value': 'constant' has");
	refused("seed: 1", WORDS("lr_min=.1"),
		"override 'lr_min=.1': schedule 'constant' has no use for 'lr_min': 'cosine' has");
}

static void a_list_is_used_by_all(void **state)
{
	refused("seed: 1", WORDS("optimizer=momentum,sgd", "momentum=0,.5"),
		"override 'momentum=0,.5': optimizer 'sgd' has no use for 'momentum': 'momentum' and 'nesterov' have; "
		"give 'momentum' its list in an 'also' entry for them alone");
	refused("seed: 1", WORDS("init=sparse,zeros", "sparsity=.2,.5"),
		"override 'sparsity=.2,.5': init 'zeros' has no use for 'sparsity': 'sparse' has; "
		"give 'sparsity' its list in an 'also' entry for it alone");
	/* a skip that is of other values leaves them all */
	refused("seed: 1\nskip: [{optimizer: momentum, momentum: 0}]", WORDS("optimizer=momentum,sgd", "momentum=0,.5"),
		"override 'momentum=0,.5': optimizer 'sgd' has no use for 'momentum': 'momentum' and 'nesterov' have; "
		"give 'momentum' its list in an 'also' entry for them alone");
	refused("seed: 1\nskip: [{optimizer: sgd, momentum: .7}]", WORDS("optimizer=momentum,sgd", "momentum=0,.5,.9"),
		"override 'momentum=0,.5,.9': optimizer 'sgd' has no use for 'momentum': 'momentum' and 'nesterov' "
		"have; "
		"give 'momentum' its list in an 'also' entry for them alone");
	refused("train: {momentum: [.5, .9], optimizer: [sgd, momentum]}\nzip: [[optimizer, momentum]]", NULL,
		"x.yaml:1:19: optimizer 'sgd' has no use for 'momentum': 'momentum' and 'nesterov' have\n"
		"  train: {momentum: [.5, .9], optimizer: [sgd, momentum]}\n"
		"                    ^");
}

#define SET CIRCLES "train: {loss: bce, "

static void what_is_used_is_taken(void **state)
{
	study_gives(SET "momentum: 0.9}", NULL, "momentum", "0.9"); /* a default said aloud */
	study_gives(SET "optimizer: [momentum, nesterov], momentum: [0, .5]}", NULL, "momentum", "0 0.5 0 0.5");
	/* one value, used by one of the optimizers */
	study_gives(SET "optimizer: [sgd, momentum], momentum: .5}", NULL, "momentum", "0.5 0.5");
	study_gives(SET "optimizer: sgd}\nalso: [{optimizer: momentum, momentum: [0, .5]}]", NULL, "momentum",
		    "0.9 0 0.5");
	/* an entry has the study's momentum, whatever it does with it */
	study_gives(SET "optimizer: momentum, momentum: .5}\nalso: [{optimizer: sgd}]", NULL, "momentum", "0.5 0.5");
	study_gives(SET "optimizer: [sgd, momentum], momentum: [.9, .5]}\nzip: [[optimizer, momentum]]", NULL,
		    "momentum", "0.9 0.5");
	/* zipped, but not with its owner */
	study_gives(SET "optimizer: momentum, momentum: [.9, .5]}\nseed: [1, 2]\nzip: [[seed, momentum]]", NULL,
		    "momentum", "0.9 0.5");
	/* the repeated runs are left out */
	study_gives(SET "optimizer: [sgd, momentum], momentum: [.5, .9]}\nskip: [{optimizer: sgd, momentum: .5}]", NULL,
		    "momentum", "0.9 0.5 0.9");
}

/* A skip that leaves out only some of the repeated runs is not enough. */
static void a_skip_of_too_little(void **state)
{
	static struct err err;
	struct study study;
	assert_int_equal(parse_text(&study,
				    SET "optimizer: [sgd, momentum], momentum: [.5, .9]}\n"
					"skip: [{optimizer: sgd, momentum: .5, seed: 0}]",
				    NULL, &err),
			 -1);
	assert_non_null(strstr(err.text, "optimizer 'sgd' has no use for 'momentum'"));
}

/* Results of studies from before the rule can be read. */
static void a_stored_study_is_taken_as_it_is(void **state)
{
	static const char text[] = "train: {momentum: [0, .5]}";
	static struct err err;
	struct study study;
	assert_int_equal(study_parse(&study, text, sizeof text - 1, "x", "", 0, NULL, &err), 0);
	study_release(&study);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_names_what_there_is), cmocka_unit_test(what_nothing_uses_is_refused),
		cmocka_unit_test(a_list_is_used_by_all),         cmocka_unit_test(what_is_used_is_taken),
		cmocka_unit_test(a_skip_of_too_little),          cmocka_unit_test(a_stored_study_is_taken_as_it_is),
	};
	return cmocka_run_group_tests_name("uses", tests, NULL, NULL);
}
