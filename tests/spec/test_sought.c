/* test_sought.c: the part `search` of a study: what is read, what is filled in, what is refused. */
#include "study_fixture.h"

#include "trace/trace.h"

#define NEITHER "a search is for a frontier or a boundary: {frontier: lr} or {boundary: [depth, lr]}"
#define TWO_KEYS "a boundary lies in a map of two keys: [depth, lr]"
#define TOGETHER "'measure' and 'is' go together: {measure: final_train_loss, is: \"<= 0.5\"}"
#define COARSE "'coarse' is a whole number from 2 to 1000"
#define ASCENDING(key) "the values of '" key "' must be numbers of at least 0 in ascending order to be searched"
#define ONE_NUMBER(metric)                                                                                             \
	"'" metric "' is not one number of a run that is the same whenever it is trained: final_train_loss is"

static const struct refusal what_is_no_search[] = {
	{"search: 3", "3", 1, "'search' is a map, {frontier: lr} or {boundary: [depth, lr]}, or none"},
	{"search: [none]", "[", 1, "'search' is a map, {frontier: lr} or {boundary: [depth, lr]}, or none"},
	{"search: {}", "{", 1, NEITHER},
	{"search: {coarse: 5}", "{", 1, NEITHER},
	{"search: {frontier: lr, boundary: [depth, lr]}", "{", 1, NEITHER},
	{"search: {frontiers: lr}", "frontiers", 9, "unknown key 'frontiers': did you mean 'frontier'?"},
	{"search: {frontier: lr, courser: 3}", "courser", 7, "unknown key 'courser': did you mean 'coarse'?"},
	{"search: {frontier: [lr]}", "[lr", 1, "one key belongs here: {frontier: lr}"},
	{"search: {frontier: l}", "l}", 1, "unknown key 'l': did you mean 'lr'?"},
	{"search: {frontier: init}", "init", 4, "no search along 'init', which is not a number"},
	{"search: {frontier: data_seed}", "data_seed", 9,
	 "no search along 'data_seed': runs that differ in it repeat one another"},
	{"search: {boundary: lr}", "lr", 2, TWO_KEYS},
	{"search: {boundary: [lr]}", "[lr", 1, TWO_KEYS},
	{"search: {boundary: [lr, depth, width]}", "[lr", 1, TWO_KEYS},
	{"search: {boundary: [lr, lr]}", "[lr", 1, "'lr' is given twice"},
	{"search: {boundary: [epth, lr]}", "epth", 4, "unknown key 'epth': did you mean 'depth'?"},
	{"search: {boundary: [init, lr]}", "init", 4, "no search along 'init', which is not a number"},
	{"search: {frontier: lr, measure: final_train_loss}", "final", 16, TOGETHER},
	{"search: {frontier: lr, is: '< 1'}", "'<", 5, TOGETHER},
	{"search: {frontier: lr, measure: final, is: '< 1'}", "final", 5,
	 "unknown metric 'final': did you mean 'final_train_loss'?"},
	{"search: {frontier: lr, measure: train_loss, is: '< 1'}", "train_loss", 10, ONE_NUMBER("train_loss")},
	{"search: {frontier: lr, measure: frontier, is: '< 1'}", "frontier, is", 8, ONE_NUMBER("frontier")},
	{"search: {frontier: lr, measure: wall_time, is: '< 1'}", "wall_time", 9, ONE_NUMBER("wall_time")},
	{"search: {frontier: lr, measure: final_train_loss, is: small}", "small", 5,
	 "'small' is not like \"<= 1e-6\", \"== 0\", \"> 0.5\", \"in [0.9, 1.1]\" or \"1 +- 0.1\""},
	{"search: {frontier: lr, coarse: [5]}", "[5", 1, COARSE},
	{"search: {frontier: lr, coarse: few}", "few", 3, COARSE},
	{"search: {frontier: lr, coarse: 1}", "1", 1, COARSE},
	{"search: {frontier: lr, coarse: 1001}", "1001", 4, COARSE},
	{"search: {frontier: lr, full: [true]}", "[true", 1, "'full' is true or false"},
	{"search: {frontier: lr, full: yes}", "yes", 3, "'full' is true or false"},
};

static const struct refusal what_cannot_be_searched[] = {
	{"{search: {frontier: lr}}", "{frontier", 1,
	 "'lr' has a single value: a search needs an axis, as {log: [1e-3, 10, 129]}"},
	{"{model: {depth: [1, 2]}, search: {boundary: [depth, lr]}}", "{boundary", 1,
	 "'lr' has a single value: a search needs an axis, as {log: [1e-3, 10, 129]}"},
	{"{train: {lr: [3, 1]}, search: {frontier: lr}}", "{frontier", 1, ASCENDING("lr")},
	{"{train: {lr: [1, 1]}, search: {frontier: lr}}", "{frontier", 1, ASCENDING("lr")},
	{"{model: {init: constant, init_value: [-1, 0, 1]}, search: {frontier: init_value}}", "{frontier", 1,
	 ASCENDING("init_value")},
	{"{model: {width: [4, [4, 5]]}, search: {frontier: width}}", "{frontier", 1, ASCENDING("width")},
	{"{model: {depth: [1, 2]}, train: {lr: [1, 2]}, zip: [[depth, lr]], search: {boundary: [depth, lr]}}",
	 "{boundary", 1, "'depth' and 'lr' are zipped: they are one axis, not two"},
	{"{train: {lr: [1, 2, 3]}, seed: [0, 1], skip: [{seed: 1}, {seed: 1, lr: 2}], search: {frontier: lr}}",
	 "{frontier", 1, "'skip' makes holes in 'lr', along which is searched"},
};

static void searches_that_cannot_be_are_refused(void **state)
{
	ALL_REFUSED(what_is_no_search);
	ALL_REFUSED(what_cannot_be_searched);
}

#define GRID CIRCLES "model: {depth: [1, 2]}\ntrain: {loss: bce, lr: [1, 2, 3]}\nseed: {range: 2}\n"

/* As it is read, and as it is read again from what is stored. */
static void reads_as(const char *text, const char *const *words, struct search expected, const char *is)
{
	struct study study, again;
	must_parse(&study, text, words);
	must_parse(&again, study.resolved, NULL);
	assert_string_equal(study.resolved, again.resolved);
	for (int k = 0; k < 2; k++) {
		const struct search *s = k ? &again.search : &study.search;
		assert_true(s->kind == expected.kind && s->key[0] == expected.key[0] && s->key[1] == expected.key[1]);
		assert_true(s->coarse == expected.coarse && s->full == expected.full);
		assert_int_equal(s->measure, is ? expected.measure : METRIC_N);
		assert_string_equal(s->is.text ? s->is.text : "", is ? is : "");
	}
	study_release(&study);
	study_release(&again);
}

static void searches_are_read(void **state)
{
	const struct key *lr = key_of("lr"), *depth = key_of("depth");
	const struct search none = {0};
	const struct search frontier = {.kind = SEARCH_FRONTIER, .key = {lr}, .coarse = 5};
	reads_as(GRID, NULL, none, NULL);
	reads_as(GRID "search: none", NULL, none, NULL);
	reads_as(GRID "search: {frontier: lr}", NULL, frontier, NULL);
	reads_as(GRID "search: {frontier: lr, full: false}", NULL, frontier, NULL);
	reads_as(GRID "search: {boundary: [depth, lr]}", NULL,
		 (struct search){.kind = SEARCH_BOUNDARY, .key = {depth, lr}, .coarse = 9}, NULL);
	reads_as(GRID "search: {frontier: lr, coarse: 3, full: true, measure: final_train_loss, is: '<= .5'}", NULL,
		 (struct search){.kind = SEARCH_FRONTIER,
				 .key = {lr},
				 .coarse = 3,
				 .full = true,
				 .measure = METRIC_FINAL_TRAIN_LOSS},
		 "<= .5");
	/* a grid without the axis is trained whole */
	reads_as(GRID "also: [{lr: 5}]\nsearch: {frontier: lr}", NULL, frontier, NULL);
}

/* The command line's search is of the whole study, and takes the place of the file's. */
static void a_search_on_the_command_line(void **state)
{
	const struct search frontier = {.kind = SEARCH_FRONTIER, .key = {key_of("depth")}, .coarse = 5};
	reads_as(GRID "search: {frontier: lr}", WORDS("search=none"), (struct search){0}, NULL);
	reads_as(GRID "search: {frontier: lr}", WORDS("search={frontier: depth}"), frontier, NULL);
	reads_as(GRID "also: [{lr: 5}]", WORDS("search={frontier: depth}"), frontier, NULL);
	refused(GRID, WORDS("search={frontier: depth}", "depth=1"),
		"override 'search={frontier: depth}': 'depth' has a single value: a search needs an axis, as "
		"{log: [1e-3, 10, 129]}");
	/* who picks one value of the axis does not search along it: no fault of theirs */
	struct study study;
	must_parse(&study, GRID "search: {frontier: lr}", WORDS("lr=1"));
	study_release(&study);
}

/* Where it searches every place of a run is kept, so that each combination has all of its runs. */
static void runs_that_occur_twice(void **state)
{
	static const char twice[] = CIRCLES "train: {loss: bce, lr: [1, 2]}\nalso: [{lr: [2, 3]}]\n";
	study_gives(twice, NULL, "lr", "1 2 3");
	study_gives(twice, WORDS("search={frontier: lr}"), "lr", "1 2 2 3");
	study_gives(twice, WORDS("search={frontier: lr, full: true}"), "lr", "1 2 3");
}

static void claims_of_what_is_found_say_of_which_key(void **state)
{
	struct study study;
	must_parse(&study,
		   GRID "search: {frontier: lr}\nclaims:\n"
			"  - {say: a, measure: frontier, expect: '> 1'}\n"
			"  - {say: b, measure: frontier_above, expect: '> 1'}\n"
			"  - {say: c, measure: final_train_loss, expect: '< 1'}\n",
		   NULL);
	assert_true(study.claim[0].found == key_of("lr") && study.claim[1].found == key_of("lr"));
	assert_null(study.claim[2].found);
	study_release(&study);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_that_cannot_be_are_refused),
		cmocka_unit_test(searches_are_read),
		cmocka_unit_test(a_search_on_the_command_line),
		cmocka_unit_test(runs_that_occur_twice),
		cmocka_unit_test(claims_of_what_is_found_say_of_which_key),
	};
	return cmocka_run_group_tests_name("searches", tests, NULL, NULL);
}
