/* test_slips.c: every slip of the table is made, and found when the table says; and what does not find it. */
#include "cm.h"

#include "lecture/trial.h"

static void every_slip_is_caught(void **state)
{
	for (int slip = 0; slip < SLIP_N; slip++) {
		const struct trial trial = trial_run((enum slip)slip, &trial_equal);
		if (!trial_as_expected(&trial, (enum slip)slip))
			fail_msg("%s: errors %g %g %g, found at %d, not %d", slips[slip].name, trial.error[0],
				 trial.error[1], trial.error[2], trial.caught_at, slips[slip].caught_at);
		for (int t = 0; t < TRIAL_CHECKED; t++) /* right or wrong, and wrong for good */
			assert_true(slips[slip].caught_at > 0 && t + 1 >= slips[slip].caught_at
					    ? trial.error[t] >= TRIAL_WRONG
					    : trial.error[t] <= TRIAL_RIGHT);
	}
}

/* Each row of the table is a program of its own. */
static void every_slip_is_another(void **state)
{
	double loss[SLIP_N];
	for (int slip = 0; slip < SLIP_N; slip++) {
		loss[slip] = trial_run((enum slip)slip, &trial_equal).loss;
		for (int other = 0; other < slip; other++)
			if (loss[slip] == loss[other])
				fail_msg("%s trains as %s does", slips[slip].name, slips[other].name);
		assert_int_equal(table_find(&slip_table, slips[slip].name), slip);
	}
}

/* Lecture, claims 6 and 13: a loss that looks right is no proof. */
static void the_loss_does_not_tell(void **state)
{
	const struct trial right = trial_run(SLIP_NONE, &trial_equal);
	static const enum slip silent[] = {SLIP_TRANSPOSE, SLIP_WRONG_ORDER, SLIP_STALE_CACHE};
	for (int i = 0; i < 3; i++) {
		const struct trial trial = trial_run(silent[i], &trial_equal);
		assert_false(trial_loss_tells(&trial, &right));
	}
	const struct trial uphill = trial_run(SLIP_SIGN, &trial_equal);
	assert_true(trial_loss_tells(&uphill, &right));
	assert_true(trial_loss_tells(&(struct trial){.loss = NAN}, &right));
	assert_true(trial_loss_tells(&(struct trial){.loss = right.loss * 2.1}, &right));
	assert_true(trial_loss_tells(&(struct trial){.loss = right.loss / 2.1}, &right));
}

/* On 5-3-1 no two matrices have one shape: three slips do not fit there, and change nothing. */
static void the_exercise_hides_three(void **state)
{
	const struct trial right = trial_run(SLIP_NONE, &trial_exercise);
	for (int slip = 1; slip < SLIP_N; slip++) {
		const struct trial trial = trial_run((enum slip)slip, &trial_exercise);
		const bool hidden = slip == SLIP_OWN_OUTPUT || slip == SLIP_SLOPE_ONE_OFF || slip == SLIP_TRANSPOSE;
		assert_int_equal(trial.caught_at, hidden ? 0 : slips[slip].caught_at);
		assert_int_equal(trial.loss == right.loss, hidden);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slip_is_caught),
		cmocka_unit_test(every_slip_is_another),
		cmocka_unit_test(the_loss_does_not_tell),
		cmocka_unit_test(the_exercise_hides_three),
	};
	return cmocka_run_group_tests_name("lecture/slips", tests, NULL, NULL);
}
