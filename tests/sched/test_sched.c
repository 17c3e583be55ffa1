/* test_sched.c: every run is trained exactly once, longest first, and what it leaves behind depends on neither threads nor order;
 * stopping, failing sinks and missing data end the grid cleanly. */
#include "cm.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "sched/sched.h"
#include "sched/shelf.h"

static const char study_text[] = "data:  { set: [circles, moons], train: 60, test: 20, noise: 0.1 }\n"
				 "model: { depth: [1, 5, 2], width: 8, activation: [tanh, relu] }\n"
				 "train: { loss: bce, lr: 0.1, batch: 16, steps: [40, 10] }\n"
				 "seed:  { range: 2 }\n"
				 "log:   { every: 10, metrics: [train_loss, grad_norm] }\n";

/* Narrow networks that seldom log: trained side by side where the processor gains from it. */
static const char narrow_text[] =
	"data:  { set: circles, train: 64, test: 20, noise: 0.1 }\n"
	"model: { depth: [1, 2], width: [3, 8], activation: [tanh, relu] }\n"
	"train: { loss: bce, lr: [0.1, 1e6], batch: [16, full], steps: [100, 60], diverge_loss: 1e3 }\n"
	"seed:  { range: 12 }\n"
	"log:   { metrics: [train_loss, grad_norm] }\n";

struct fixture {
	struct study study;
	struct plan plan;
	size_t *all;
	/* what the sink saw */
	struct trace **trace; /* one a run */
	atomic_size_t taken;  /* read by ticks while others take */
	size_t *order;
	size_t fail_at;
	atomic_int *stop_after_first, *stop_at_tick;
	size_t ticks;
	size_t last_done;
	atomic_int taking, ticking;
	bool slow_ticks;            /* a tick takes until all but a few runs are taken */
	const char *const *removed; /* two files that are gone once the first run is taken */
};

static void fixture_load(struct fixture *f, const char *text)
{
	struct err err = {0};
	memset(f, 0, sizeof *f);
	if (study_parse(&f->study, text, strlen(text), "sched", "sched.yaml", 0, NULL, &err) != 0 ||
	    plan_build(&f->plan, &f->study, dataset_identity, &err) != 0)
		fail_msg("%s", err.text);
	f->all = calloc(f->plan.R, sizeof *f->all);
	f->order = calloc(f->plan.R, sizeof *f->order);
	f->trace = calloc(f->plan.R, sizeof *f->trace);
	for (size_t r = 0; r < f->plan.R; r++)
		f->all[r] = r;
	f->fail_at = SIZE_MAX;
}

static void fixture_release(struct fixture *f)
{
	for (size_t r = 0; r < f->plan.R; r++)
		if (f->trace[r])
			trace_free(f->trace[r]);
	free(f->all);
	free(f->order);
	free(f->trace);
	plan_release(&f->plan);
	study_release(&f->study);
}

static int take(void *self, size_t run, struct trace *trace, struct err *err)
{
	struct fixture *f = self;
	if (atomic_fetch_add(&f->taking, 1) != 0)
		abort();
	if (f->trace[run])
		abort(); /* trained twice */
	f->trace[run] = trace;
	f->order[f->taken++] = run;
	if (f->stop_after_first)
		*f->stop_after_first = SIGINT;
	for (int i = 0; f->removed && i < 2; i++)
		remove(f->removed[i]);
	atomic_fetch_sub(&f->taking, 1);
	if (f->slow_ticks)
		return 1; /* asks to be ticked soon */
	return f->taken == f->fail_at ? err_set(err, ERR_SYSTEM, "the disk is full") : 0;
}

static int tick(void *self, const struct sched_progress *progress, struct err *err)
{
	struct fixture *f = self;
	if (atomic_fetch_add(&f->ticking, 1) != 0)
		abort();
	f->ticks++;
	/* taken is read while others take: a hint that only grows */
	for (int i = 0; f->slow_ticks && i < 10000 && f->taken < f->plan.R; i++)
		usleep(1000);
	if (f->slow_ticks && f->taken < f->plan.R)
		abort(); /* they wait */
	f->last_done = progress->done;
	if (f->stop_at_tick && f->ticks == 3)
		*f->stop_at_tick = SIGTERM;
	atomic_fetch_sub(&f->ticking, 1);
	return 0;
}

static struct sink sink_of(struct fixture *f)
{
	return (struct sink){take, tick, f};
}

static void run_all(struct fixture *f, int threads)
{
	static const atomic_int never = 0;
	struct err err = {0};
	if (sched_run(&f->plan, f->plan.R, f->all, threads, sink_of(f), &never, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(f->taken, f->plan.R);
	assert_int_equal(f->last_done, f->plan.R);
}

/* All recorded numbers but the time, bit by bit. */
static void assert_same_trace(const struct trace *a, const struct trace *b)
{
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->S, b->S);
	assert_int_equal(a->L, b->L);
	for (int m = 0; m < METRIC_N; m++) {
		if (m == METRIC_WALL_TIME)
			continue;
		assert_int_equal(!a->value[m], !b->value[m]);
		const int n = metrics[m].shape == METRIC_RUN ? 1 : metrics[m].shape == METRIC_STEP ? a->S : a->S * a->L;
		if (a->value[m])
			assert_memory_equal(a->value[m], b->value[m], sizeof(double) * (size_t)n);
	}
}

static void test_threads_and_order_do_not_show(void **state)
{
	static const int threads[] = {2, 3, 8};
	struct fixture one, many;
	fixture_load(&one, study_text);
	run_all(&one, 1);
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		fixture_load(&many, study_text);
		for (size_t r = 0; r < many.plan.R; r++) /* todo in reverse */
			many.all[r] = many.plan.R - 1 - r;
		run_all(&many, threads[i]);
		for (size_t r = 0; r < one.plan.R; r++)
			assert_same_trace(one.trace[r], many.trace[r]);
		fixture_release(&many);
	}
	/* the comparison can fail: two seeds differ */
	assert_true(memcmp(one.trace[0]->value[METRIC_TRAIN_LOSS], one.trace[1]->value[METRIC_TRAIN_LOSS],
			   sizeof(double)) != 0);
	fixture_release(&one);
}

/* Fewer runs than threads, wide enough to be shared: more helpers than runs, a late one, and runs too short to share. */
static const char wide_text[] = "data:  { set: circles, train: 512, test: 20, noise: 0.1 }\n"
				"model: { depth: [2, 3], width: 256, activation: tanh }\n"
				"train: { loss: bce, lr: 0.01, batch: [256, 512, 8], steps: 6 }\n"
				"log:   { every: 2, metrics: [train_loss, grad_norm] }\n";

static void test_teams_do_not_show(void **state)
{
	struct fixture one, many;
	fixture_load(&one, wide_text);
	run_all(&one, 1);
	for (int threads = 2; threads <= 8; threads += 3) {
		fixture_load(&many, wide_text);
		run_all(&many, threads);
		for (size_t r = 0; r < one.plan.R; r++)
			assert_same_trace(one.trace[r], many.trace[r]);
		fixture_release(&many);
	}
	fixture_release(&one);
}

static void test_stop_inside_a_team(void **state)
{
	atomic_int stop = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, "data:  { set: circles, train: 512, test: 20, noise: 0.1 }\n"
			 "model: { depth: 2, width: 256 }\n"
			 "train: { loss: bce, lr: 0.01, batch: 512, steps: 1e12 }\n"
			 "log:   { metrics: [train_loss] }\n");
	f.stop_at_tick = &stop;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 3, sink_of(&f), &stop, &err), 0);
	assert_int_equal(f.taken, 0);
	fixture_release(&f);
}

/* The first run that ends fails the grid while its helpers are elsewhere. */
static void test_failing_sink_among_teams(void **state)
{
	static const atomic_int never = 0;
	for (size_t fail_at = 1; fail_at <= 6; fail_at += 5) {
		struct fixture f;
		struct err err = {0};
		fixture_load(&f, wide_text);
		f.fail_at = fail_at;
		assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 8, sink_of(&f), &never, &err), -1);
		assert_string_equal(err.text, "the disk is full");
		assert_int_equal(f.taken, fail_at);
		fixture_release(&f);
	}
}

/* Against each run by itself: nobody's neighbours show. */
static void test_company_does_not_show(void **state)
{
	static const int threads[] = {1, 3, 8};
	struct fixture f;
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		size_t in_groups = 0, by_status[STATUS_N] = {0};
		fixture_load(&f, narrow_text);
		run_all(&f, threads[i]);
		for (size_t r = 0; r < f.plan.R; r++) {
			struct settings settings;
			struct dataset data;
			struct trace *alone;
			struct err err = {0};
			plan_settings(&f.plan, r, &settings);
			assert_int_equal(dataset_load(&settings.data, &data, &err), 0);
			assert_int_equal(train_run(&settings, &data, &arena, NULL, &alone, &err), 0);
			assert_same_trace(alone, f.trace[r]);
			in_groups += train_in_groups(&settings, data.I, 1, data.train.n);
			by_status[alone->status]++;
			trace_free(alone);
			dataset_release(&data);
		}
		assert_true(in_groups == f.plan.R || kernels_level() == KERNELS_GENERIC);
		assert_true(by_status[STATUS_COMPLETED] > 0 && by_status[STATUS_DIVERGED] > 0);
		fixture_release(&f);
	}
	arena_release(&arena);
}

static void test_stop_among_groups(void **state)
{
	atomic_int stop = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, narrow_text);
	f.stop_after_first = &stop;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 1, sink_of(&f), &stop, &err), 0);
	assert_in_range(f.taken, 1, TRAIN_SEATS); /* of those that end with the first */
	fixture_release(&f);
}

static void test_failing_sink_among_groups(void **state)
{
	static const atomic_int never = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, narrow_text);
	f.fail_at = 7;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 2, sink_of(&f), &never, &err), -1);
	assert_string_equal(err.text, "the disk is full");
	assert_int_equal(f.taken, 7);
	fixture_release(&f);
}

/* Tables of other contents: equal ones are the same data. */
static void write_table(const char *path, int factor)
{
	FILE *file = fopen(path, "w");
	for (int i = 0; i < 64; i++)
		fprintf(file, "%d,%d,%d\n", i, factor * i * i % 7, i % 2);
	fclose(file);
}

/* Data that vanish under a grid end it: before the first run, or among runs side by side. */
static void test_missing_data(void **state)
{
	static const atomic_int never = 0;
	static const char *const path[] = {"/tmp/fathom-test-sched-1.csv", "/tmp/fathom-test-sched-2.csv"};
	static const char text[] = "data:  { set: csv, path: /tmp/fathom-test-sched-1.csv, train: 48, test: 16 }\n"
				   "model: { depth: 1, width: 4 }\n"
				   "train: { loss: bce, lr: 0.1, batch: 16, steps: 100 }\n"
				   "seed:  { range: 40 }\n"
				   "also:  [{ path: /tmp/fathom-test-sched-2.csv, seed: { range: 40 } }]\n";
	for (int late = 0; late < 2; late++) {
		struct fixture f;
		struct err err = {0};
		write_table(path[0], 1);
		write_table(path[1], 2);
		fixture_load(&f, text);
		if (late)
			f.removed = path;
		else
			remove(path[1]);
		assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 1, sink_of(&f), &never, &err), -1);
		assert_non_null(strstr(err.text, "fathom-test-sched-"));
		if (late)
			assert_in_range(f.taken, 1, 40);
		else
			assert_int_equal(f.taken, 0);
		fixture_release(&f);
	}
	remove(path[0]);
}

static void test_longest_first(void **state)
{
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, study_text);
	double *cost = calloc(f.plan.R, sizeof *cost);
	assert_int_equal(sched_cost(&f.plan, f.plan.R, f.all, cost, NULL, &err), 0);
	run_all(&f, 1);
	for (size_t i = 1; i < f.plan.R; i++)
		assert_true(cost[f.order[i - 1]] >= cost[f.order[i]]);
	assert_true(cost[f.order[0]] > cost[f.order[f.plan.R - 1]]);
	free(cost);
	fixture_release(&f);
}

static void test_only_what_is_asked(void **state)
{
	static const atomic_int never = 0;
	const size_t some[] = {3, 0, 7};
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, study_text);
	assert_int_equal(sched_run(&f.plan, 3, some, 2, sink_of(&f), &never, &err), 0);
	assert_int_equal(f.taken, 3);
	assert_true(f.trace[0] && f.trace[3] && f.trace[7]);
	assert_int_equal(sched_run(&f.plan, 0, NULL, 2, sink_of(&f), &never, &err), 0);
	assert_int_equal(f.taken, 3);
	fixture_release(&f);
}

static void test_stop(void **state)
{
	atomic_int stop = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, study_text);
	f.stop_after_first = &stop;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 1, sink_of(&f), &stop, &err), 0);
	assert_int_equal(f.taken, 1);
	fixture_release(&f);
}

/* A tick that waits until all runs are taken, up to ten seconds. */
static void test_nobody_waits_for_a_tick(void **state)
{
	struct fixture f;
	fixture_load(&f, "data:  { set: circles, train: 60, test: 20, noise: 0.1 }\n"
			 "model: { depth: 3, width: 8 }\n"
			 "train: { loss: bce, lr: 0.1, batch: 16, steps: 1000 }\n"
			 "seed:  { range: 20 }\n");
	f.slow_ticks = true;
	run_all(&f, 2);
	assert_true(f.ticks >= 2);
	fixture_release(&f);
}

/* Runs that would take hours are given up within moments, and ticks come although none finishes. */
static void test_stop_inside_long_runs(void **state)
{
	static const char text[] = "data:  { set: circles, train: 60, test: 20 }\n"
				   "model: { depth: 2, width: 8 }\n"
				   "train: { loss: bce, lr: 0.001, batch: 16, steps: 1e12 }\n"
				   "seed:  { range: 3 }\n"
				   "log:   { metrics: [train_loss] }\n";
	atomic_int stop = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, text);
	f.stop_at_tick = &stop;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 2, sink_of(&f), &stop, &err), 0);
	assert_int_equal(f.taken, 0);
	assert_true(f.ticks >= 3);
	fixture_release(&f);
}

static void test_failing_sink(void **state)
{
	static const atomic_int never = 0;
	struct fixture f;
	struct err err = {0};
	fixture_load(&f, study_text);
	f.fail_at = 5;
	assert_int_equal(sched_run(&f.plan, f.plan.R, f.all, 3, sink_of(&f), &never, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "the disk is full");
	assert_int_equal(f.taken, 5);
	fixture_release(&f);
}

static void test_shelf(void **state)
{
	struct fixture f;
	struct shelf shelf;
	struct settings settings;
	struct err err = {0};
	size_t place[24];
	fixture_load(&f, study_text);
	shelf_init(&shelf);
	for (size_t r = 0; r < f.plan.R && r < 24; r++) {
		plan_settings(&f.plan, r, &settings);
		assert_int_equal(shelf_enlist(&shelf, &settings, &place[r], &err), 0);
	}
	/* circles and moons: the first axis, so the first half of the runs has circles */
	assert_int_equal(place[0], 0);
	assert_int_equal(place[23], 0);
	plan_settings(&f.plan, f.plan.R - 1, &settings);
	size_t other;
	assert_int_equal(shelf_enlist(&shelf, &settings, &other, &err), 0);
	assert_int_equal(other, 1);
	assert_int_equal(shelf.n, 2);
	/* one copy for all who ask; gone with the last */
	const struct dataset *a = shelf_borrow(&shelf, 0, &err), *b = shelf_borrow(&shelf, 0, &err);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_int_equal(a->train.n, 60);
	shelf_hand_back(&shelf, 0);
	assert_true(shelf.item[0].loaded);
	shelf_hand_back(&shelf, 0);
	assert_true(shelf.item[0].loaded); /* 22 runs still need it */
	shelf.limit = 0;
	assert_non_null(shelf_borrow(&shelf, 0, &err));
	shelf_hand_back(&shelf, 0);
	assert_false(shelf.item[0].loaded); /* memory is tight */
	assert_non_null(shelf_borrow(&shelf, 1, &err));
	shelf_hand_back(&shelf, 1);
	assert_false(shelf.item[1].loaded);
	shelf_release(&shelf);
	fixture_release(&f);
}

static void test_threads(void **state)
{
	setenv("OMP_NUM_THREADS", "1,2", 1);
	assert_int_equal(sched_threads(), 1);
	setenv("OMP_NUM_THREADS", "many", 1);
	assert_true(sched_threads() >= 1);
	unsetenv("OMP_NUM_THREADS");
	setenv("SLURM_CPUS_PER_TASK", "1", 1);
	assert_int_equal(sched_threads(), 1);
	unsetenv("SLURM_CPUS_PER_TASK");
}

static void test_bench(void **state)
{
	struct fixture f;
	struct settings settings;
	struct err err = {0};
	double rate = 0;
	fixture_load(&f, study_text);
	plan_settings(&f.plan, 0, &settings);
	if (sched_bench(&settings, 2, 0.05, &rate, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(rate > 0 && isfinite(rate));
	settings.optim.lr = 1e9;
	settings.diverge_loss = 1e-9; /* every batch loss is above it */
	assert_int_equal(sched_bench(&settings, 1, 0.05, &rate, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_and_order_do_not_show),
		cmocka_unit_test(test_teams_do_not_show),
		cmocka_unit_test(test_stop_inside_a_team),
		cmocka_unit_test(test_failing_sink_among_teams),
		cmocka_unit_test(test_company_does_not_show),
		cmocka_unit_test(test_stop_among_groups),
		cmocka_unit_test(test_failing_sink_among_groups),
		cmocka_unit_test(test_missing_data),
		cmocka_unit_test(test_longest_first),
		cmocka_unit_test(test_only_what_is_asked),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_inside_long_runs),
		cmocka_unit_test(test_failing_sink),
		cmocka_unit_test(test_nobody_waits_for_a_tick),
		cmocka_unit_test(test_shelf),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
