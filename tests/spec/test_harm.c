/* test_harm.c: a study is read and planned while one call for memory fails, at every place of our code that makes one: an end with code 3
 * or a fault of the system, and a message; after it the same study comes to the same plan. */
#include "harm.h"
#include "study_fixture.h"

#include <stdlib.h>

static const char text[] =
	CIRCLES "model: {depth: [1, 2], activation: [tanh, relu]}\ntrain: {loss: bce, lr: {log: [.1, 1, 3]}}\n"
		"log: {points: 5}\nskip: [{depth: 1, lr: 1}]\n"
		"claims: [{say: a, measure: diverged, expect: '== 0'}]\nfigures: [{kind: a, by: lr}]\n";

/* The hash of the plan; −1 after a fault. */
static int live(uint64_t *hash, struct err *err)
{
	struct study study;
	struct plan plan;
	struct settings settings;
	int logged;
	if (parse_text(&study, text, WORDS("lr=.1,.2", "data_seed=range:20"), err) != 0)
		return -1;
	const int done = plan_build(&plan, &study, plain_identity, err);
	if (done == 0) {
		plan_settings(&plan, 0, &settings);
		free(settings_logged(&settings, 200, &logged));
		*hash = logged == 6 ? plan.hash : 0;
		plan_release(&plan);
	}
	study_release(&study);
	return done;
}

static void memory_is_short_at_every_place(void **state)
{
	static struct err err;
	uint64_t hash = 0, again;
	static int faults, ends; /* longjmp keeps them */
	assert_int_equal(live(&hash, &err), 0);
	assert_true(hash != 0);
	HARM_EACH(
		HARM_MEMORY, false, 0, 1,
		{
			harm.on = true;
			code = live(&again, &err);
			harm.on = false;
		},
		{
			assert_int_not_equal(code, 0);
			ends += code == 3;
			if (code == -1) {
				assert_int_equal(err.kind, ERR_SYSTEM);
				assert_string_equal(err.text, "out of memory for a plan of 160 runs");
				faults++;
			}
			assert_int_equal(live(&again, &err), 0);
			assert_true(again == hash);
		});
	assert_int_equal(faults, 2);
	assert_true(ends > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(memory_is_short_at_every_place)};
	const int failed = cmocka_run_group_tests_name("studies, harmed", tests, NULL, NULL);
	harm_last_look_for_leaks();
	return failed;
}
