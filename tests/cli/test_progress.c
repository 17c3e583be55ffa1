/* test_progress.c: the line of progress says how long it will still take: at once by the plan's cost, marked as an estimate, and from
 * what has been trained as soon as that can tell. */
#include "cm.h"

#include "cli/progress.h"

static void says(double pace, const struct sched_progress *progress, const char *expected)
{
	struct meter meter = {.pace = pace};
	struct text line = TEXT_INIT;
	meter_line(&meter, progress, &line);
	assert_string_equal(line.at, expected);
	text_release(&line);
}

static void how_long_it_takes(void **state)
{
	struct sched_progress p = {.runs = 4, .threads = 2, .cost = 400, .seconds = 1};
	says(0.5, &p, "0 of 4 runs, about 1 min 39 s left by estimate, 2 threads");
	p.cost_done = 1; /* of the first run: too little to tell */
	says(0.5, &p, "0 of 4 runs, about 1 min 39 s left by estimate, 2 threads");
	p.seconds = 500; /* it takes longer than was thought */
	says(0.5, &p, "0 of 4 runs, longer than the estimated 1 min 40 s, 2 threads");
	p.seconds = 10;
	p.cost_done = 40; /* no run has ended, a tenth is done */
	says(0.5, &p, "0 of 4 runs, 1 min 30 s left, 2 threads");
	p.done = 1;
	p.cost_done = 200;
	says(0.5, &p, "1 of 4 runs, 0.1 runs/s, 10 s left, 2 threads");
	p.done = 4;
	p.cost_done = 400;
	says(0.5, &p, "4 of 4 runs, 0.4 runs/s, 2 threads");
}

/* Not given, the pace is measured, once. */
static void the_pace_is_measured(void **state)
{
	const struct sched_progress p = {.runs = 4, .threads = 1, .cost = 1e6, .seconds = 1};
	struct meter meter = {0};
	struct text line = TEXT_INIT;
	meter_line(&meter, &p, &line);
	const double pace = meter.pace;
	assert_true(pace > 0 && pace < 1e6);
	meter_line(&meter, &p, &line);
	assert_true(meter.pace == pace);
	text_release(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(how_long_it_takes), cmocka_unit_test(the_pace_is_measured)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
