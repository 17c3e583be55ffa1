/* test_outbox.c: how much waits for a disk follows how long its commits take. The disk and the clock are of this file. */
#include "cm.h"

#include "base/clock.h"
#include "cli/outbox.h"

static double now, sync_seconds, bytes_a_second;
static size_t commits, committed;

double clock_now(void)
{
	return now;
}

int store_commit(struct store *store, const struct plan *plan, size_t n, const size_t *run,
		 const struct trace *const *trace, const struct provenance *provenance, struct err *err)
{
	size_t bytes = 0;
	for (size_t i = 0; i < n; i++)
		bytes += sizeof(double) * (size_t)trace[i]->S;
	now += sync_seconds + (double)bytes / bytes_a_second;
	commits++;
	committed += n;
	return 0;
}

enum { RUNS = 4000, POINTS = 1 << 13 }; /* 64 KiB a run */

/* Runs that are trained at once, on such a disk: the bytes that may wait in the end; *longest: the commit of so many. */
static size_t room_of(double sync, double rate, double *longest)
{
	static int64_t step[POINTS];
	static const int n[] = {1, 1};
	atomic_int stop = 0, at_work = 0;
	struct outbox box = {.seconds = 2, .quiet = true, .stop = &stop, .at_work = &at_work};
	struct sched_progress progress = {.runs = RUNS};
	struct err err = {0};
	now = 1, sync_seconds = sync, bytes_a_second = rate;
	commits = committed = 0;
	const struct sink sink = outbox_sink(&box);
	for (size_t r = 0; r < RUNS; r++) {
		struct trace *trace = trace_new(POINTS, step, 1, n, 0, 64, METRIC_BIT(METRIC_TRAIN_LOSS), 0, &err);
		assert_non_null(trace);
		const int due = sink.take(sink.self, r, trace, &err);
		assert_true(due >= 0);
		if (due)
			assert_int_equal(sink.tick(sink.self, &progress, &err), 0);
		assert_true(box.waiting.bytes <= OUTBOX_ROOM_MOST);
	}
	const size_t room = box.room;
	assert_int_equal(outbox_close(&box, &err), 0);
	assert_int_equal(committed, RUNS);
	*longest = sync + (double)room / rate;
	return room;
}

static void what_waits_follows_the_disk(void **state)
{
	double seconds;
	assert_int_equal(room_of(0.01, 1e9, &seconds), OUTBOX_ROOM_MOST);
	assert_true(commits < 24); /* of 16 MiB, but for the first */
	room_of(0.6, 5e6, &seconds);
	assert_true(seconds <= OUTBOX_COMMIT_SECONDS);
	room_of(0.1, 1e6, &seconds);
	assert_true(seconds <= OUTBOX_COMMIT_SECONDS);
	/* where no size is quick enough: not every run a commit of its own */
	assert_int_equal(room_of(3, 1e9, &seconds), OUTBOX_ROOM_LEAST);
	assert_true(commits < 300);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(what_waits_follows_the_disk)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
