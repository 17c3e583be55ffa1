/* test_store.c: what is committed is found, resumed, merged and kept, whoever commits it and however the study changes. */
#include "sample.h"

#include <hdf5.h>

#include "store/inside.h"

static void all_are_found(const struct sample *sample, const struct store *store)
{
	for (size_t r = 0; r < sample->plan.R; r++)
		assert_int_equal(store_find(store, sample->plan.run[r].hash), sample->trace[r]->status);
}

static void nothing_is_there_at_first(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct store *store;
	sample_init(&sample, SAMPLE_STUDY);
	assert_int_equal(sample.plan.R, 24);
	must(store_open(&store, sample_path(&sample, "not/yet"), "small", false, NULL, &err));
	assert_int_equal(store_committed(store), 0);
	assert_int_equal(store_find(store, sample.plan.run[0].hash), -1);
	assert_false(store_is_current(store, &sample.plan));
	assert_false(file_exists(sample_path(&sample, "not")));
	store_close(store);
	store = sample_open(&sample, NULL);
	must(store_commit(store, &sample.plan, 0, NULL, NULL, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 0);
	assert_false(file_exists(sample_path(&sample, "small.parts")));
	assert_int_equal(store_compact(store, &sample.plan, true, &sample_provenance, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "no run of 'small' is committed in '"));
	assert_false(file_exists(sample_path(&sample, "small.h5")));
	store_close(store);
	sample_release(&sample);
}

static void commits_survive_and_compact(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 10, 4);
	assert_int_equal(store_segments(store), 3);
	assert_int_equal(store_committed(store), 10);
	store_close(store); /* as if killed: nothing but the segments is left */
	store = sample_open(&sample, NULL);
	assert_int_equal(store_segments(store), 3);
	assert_int_equal(store_committed(store), 10);
	assert_int_equal(store_find(store, sample.plan.run[9].hash), sample.trace[9]->status);
	assert_int_equal(store_find(store, sample.plan.run[10].hash), -1);
	assert_int_equal(store_compact(store, &sample.plan, false, &sample_provenance, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "14 of the 24 runs"));
	assert_int_equal(store_segments(store), 3);
	sample_commit(&sample, store, 10, 24, 5);
	assert_false(store_is_current(store, &sample.plan));
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &sample.plan));
	assert_int_equal(store_segments(store), 0);
	all_are_found(&sample, store);
	store_close(store);
	assert_false(file_exists(sample_path(&sample, "small.parts")));
	store = sample_open(&sample, NULL);
	assert_true(store_is_current(store, &sample.plan));
	assert_int_equal(store_committed(store), 24);
	all_are_found(&sample, store);
	store_close(store);
	assert_false(file_exists(sample_path(&sample, "small.parts")));
	sample_release(&sample);
}

/* Two processes, each with a store of its own; the second does not see the first's commits but its compaction does. */
static void shards_merge(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	struct store *a = sample_open(&sample, NULL), *b = sample_open(&sample, NULL);
	for (size_t r = 0; r < 24; r += 4) {
		sample_commit(&sample, a, r, r + 2, 2);
		sample_commit(&sample, b, r + 2, r + 4, 2);
	}
	assert_int_equal(store_find(b, sample.plan.run[0].hash), -1);
	must(store_compact(b, &sample.plan, false, &sample_provenance, &err));
	all_are_found(&sample, b);
	must(store_compact(a, &sample.plan, false, &sample_provenance, &err)); /* nothing left to do */
	assert_true(store_is_current(a, &sample.plan));
	store_close(a);
	store_close(b);
	sample_release(&sample);
}

/* No object knows when it was made. */
static void expect_no_times(const char *path)
{
	static const char *const object[] = {"/", "status", "run", "weights", "weights/0", "weights/0/final/W1"};
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	for (size_t i = 0; i < sizeof object / sizeof *object; i++) {
		H5O_info_t info;
		assert_true(H5Oget_info_by_name2(file, object[i], &info, H5O_INFO_TIME, H5P_DEFAULT) >= 0);
		if (info.atime || info.mtime || info.ctime || info.btime)
			fail_msg("'%s' has a time", object[i]);
	}
	H5Fclose(file);
}

/* The bytes of the file are a function of plan and traces: neither the grouping into segments, nor their order, nor a detour
 * through a partial compaction shows. */
static void bytes_do_not_depend_on_the_way(void **state)
{
	struct sample sample;
	struct err err = {0};
	size_t size[3];
	char *bytes[3];
	sample_init(&sample, SAMPLE_STUDY);
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
	sample_finish(&sample);
	bytes[0] = sample_bytes(sample_path(&sample, "small.h5"), &size[0]);

	unlink(sample_path(&sample, "small.h5"));
	struct store *store = sample_open(&sample, NULL);
	for (size_t r = 24; r-- > 0;)
		sample_commit(&sample, store, r, r + 1, 1);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	bytes[1] = sample_bytes(sample_path(&sample, "small.h5"), &size[1]);
	store_close(store);

	unlink(sample_path(&sample, "small.h5"));
	store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 5, 9, 2);
	must(store_compact(store, &sample.plan, true, &sample_provenance, &err));
	assert_false(store_is_current(store, &sample.plan));
	sample_commit(&sample, store, 0, 5, 5);
	sample_commit(&sample, store, 9, 24, 7);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	bytes[2] = sample_bytes(sample_path(&sample, "small.h5"), &size[2]);
	store_close(store);
	expect_no_times(sample_path(&sample, "small.h5"));
	unsetenv("SOURCE_DATE_EPOCH");

	for (int i = 1; i < 3; i++) {
		assert_int_equal(size[i], size[0]);
		assert_memory_equal(bytes[i], bytes[0], size[0]);
	}
	for (int i = 0; i < 3; i++)
		free(bytes[i]);
	sample_release(&sample);
}

/* A study that loses an axis value, and gets it back: no run is trained twice. */
static void edited_study_keeps_what_it_no_longer_names(void **state)
{
	struct sample sample, less;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	const char *only_tanh[] = {"activation=tanh"};
	must(study_parse(&less.study, SAMPLE_STUDY, strlen(SAMPLE_STUDY), "small", "", 1, only_tanh, &err));
	must(plan_build(&less.plan, &less.study, sample_identity, &err));
	assert_int_equal(less.plan.R, 12);
	sample_finish(&sample);

	struct store *store = sample_open(&sample, NULL);
	assert_false(store_is_current(store, &less.plan));
	must(store_compact(store, &less.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &less.plan));
	assert_int_equal(store_segments(store), 1);
	store_close(store);
	struct result result;
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.R, 12);
	result_close(&result);

	store = sample_open(&sample, NULL); /* a new process finds all of them again */
	assert_int_equal(store_committed(store), 24);
	all_are_found(&sample, store);
	must(store_compact(store, &less.plan, false, &sample_provenance, &err)); /* and may do so twice */
	assert_int_equal(store_segments(store), 1);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 0);
	store_close(store);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.R, 24);
	result_close(&result);
	plan_release(&less.plan);
	study_release(&less.study);
	sample_release(&sample);
}

static void same_run_twice_must_be_equal(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 24, 6);
	*sample.trace[3]->value[METRIC_WALL_TIME] = 77; /* a second process took longer: no matter */
	sample_commit(&sample, store, 2, 5, 3);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	double *value = trace_at(sample.trace[3], METRIC_GRAD_NORM, 1, 2);
	*value = isfinite(*value) ? nextafter(*value, 2) : 0.5;
	sample_commit(&sample, store, 3, 4, 1);
	assert_int_equal(store_compact(store, &sample.plan, false, &sample_provenance, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "small.h5'"));
	assert_non_null(strstr(err.text, "small.parts/"));
	assert_non_null(strstr(err.text, "grad_norm"));
	assert_int_equal(sample_count(sample_path(&sample, "small.parts"), ".h5", NULL), 1);
	store_close(store);
	sample_release(&sample);
}

static void weights_twice_must_be_equal(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 24, 24);
	((float *)sample.trace[8]->weights[WEIGHTS_FINAL].values)[1] += 1;
	sample_commit(&sample, store, 8, 9, 1);
	assert_int_equal(store_compact(store, &sample.plan, false, &sample_provenance, &err), -1);
	assert_non_null(strstr(err.text, "final weights"));
	store_close(store);
	sample_release(&sample);
}

/* A failed run is committed with its reason; a later success takes its place, and not the other way round. */
static void success_replaces_failure(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	sample_init(&sample, SAMPLE_STUDY);
	struct trace *good = sample.trace[2];
	struct trace *bad = trace_new(0, (int64_t[]){0}, 2, (int[]){0, 0, 0}, 0, 32, 0, 0, &err);
	bad->status = STATUS_FAILED;
	snprintf(bad->failure, sizeof bad->failure, "out of memory: one run needs 1 TB");
	sample.trace[2] = bad;
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 24, 7);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_int_equal(store_find(store, sample.plan.run[2].hash), STATUS_FAILED);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.status[2], STATUS_FAILED);
	assert_true(isnan(result_metric(&result, METRIC_TRAIN_LOSS, &err)[2 * result.S]));
	result_close(&result);
	sample.trace[2] = good;
	sample_commit(&sample, store, 2, 3, 1);
	assert_int_equal(store_find(store, sample.plan.run[2].hash), good->status);
	assert_false(store_is_current(store, &sample.plan));
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.status[2], good->status);
	result_close(&result);
	trace_free(bad);
	store_close(store);
	sample_release(&sample);
}

/* Killed after NAME.h5 was replaced, before its segments were removed: the next compaction ends the work. */
static void left_over_segments_go(void **state)
{
	struct sample sample;
	struct err err = {0};
	char name[256], path[400];
	size_t size;
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 24, 24);
	sample_count(sample_path(&sample, "small.parts"), ".h5", name);
	snprintf(path, sizeof path, "%s/small.parts/%s", sample.dir, name);
	char *bytes = sample_bytes(path, &size);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	store_close(store);
	must(folder_make(sample_path(&sample, "small.parts"), &err));
	must(file_replace(path, bytes, size, &err));
	store = sample_open(&sample, NULL);
	assert_int_equal(store_committed(store), 24);
	assert_false(store_is_current(store, &sample.plan));
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &sample.plan));
	assert_false(file_exists(path));
	store_close(store);
	free(bytes);
	sample_release(&sample);
}

/* An orphan that failed in one segment and was trained in another: the trained one is kept. */
static void trained_orphan_outlives_failed_one(void **state)
{
	struct sample sample, less;
	struct err err = {0};
	enum { RELU = 5 };
	sample_init(&sample, SAMPLE_STUDY);
	const char *only_tanh[] = {"activation=tanh"};
	must(study_parse(&less.study, SAMPLE_STUDY, strlen(SAMPLE_STUDY), "small", "", 1, only_tanh, &err));
	must(plan_build(&less.plan, &less.study, sample_identity, &err));
	const enum status good = sample.trace[RELU]->status;
	struct store *store = sample_open(&sample, NULL);
	sample.trace[RELU]->status = STATUS_FAILED;
	sample_commit(&sample, store, RELU, RELU + 1, 1);
	sample.trace[RELU]->status = good;
	sample_commit(&sample, store, 0, 24, 24);
	must(store_compact(store, &less.plan, false, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 2);
	store_close(store);
	store = sample_open(&sample, NULL);
	all_are_found(&sample, store);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 0);
	all_are_found(&sample, store);
	store_close(store);
	plan_release(&less.plan);
	study_release(&less.study);
	sample_release(&sample);
}

/* Searches ask for one number of every run: NaN where there is none. */
static void one_number_of_every_run(void **state)
{
	struct sample sample;
	struct err err = {0};
	double x[25];
	sample_init(&sample, SAMPLE_STUDY);
	x[24] = 77; /* no run's */
	struct store *store = sample_open(&sample, NULL);
	must(store_measure(store, &sample.plan, METRIC_FINAL_TRAIN_LOSS, x, &err));
	for (size_t r = 0; r < 24; r++)
		assert_true(isnan(x[r]));
	sample_commit(&sample, store, 0, 12, 12);
	must(store_compact(store, &sample.plan, true, &sample_provenance, &err));
	sample_commit(&sample, store, 12, 18, 3);
	sample_commit(&sample, store, 18, 20, 1);
	must(file_replace(sample_path(&sample, "small.parts/a.h5"), "bad", 3, &err)); /* only looked at */
	for (size_t r = 0; r < 24; r++)
		x[r] = 77;
	must(store_measure(store, &sample.plan, METRIC_FINAL_TRAIN_LOSS, x, &err));
	for (size_t r = 0; r < 24; r++) {
		const double expected = r < 20 ? *sample.trace[r]->value[METRIC_FINAL_TRAIN_LOSS] : NAN;
		assert_true(isnan(expected) ? isnan(x[r]) : x[r] == expected);
	}
	assert_true(x[24] == 77);
	assert_true(file_exists(sample_path(&sample, "small.parts/a.h5")));
	assert_int_equal(store_measure(store, &sample.plan, METRIC_DELTA_RMS, x, &err), -1); /* nobody recorded it */
	assert_non_null(strstr(err.text, "has no 'delta_rms'"));
	must(file_replace(sample_path(&sample, "small.h5"), "no result, but longer than a seal would be", 42, &err));
	assert_int_equal(store_measure(store, &sample.plan, METRIC_FINAL_TRAIN_LOSS, x, &err), -1);
	store_close(store);
	store_close(NULL);
	sample_release(&sample);
}

/* Failed twice, in two segments, and another one beside it: no run is in two places at once. */
static void failed_twice(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	for (int i = 0; i < 2; i++) {
		struct trace *bad = trace_new(0, (int64_t[]){0}, 2, (int[]){0, 0, 0}, 0, 32, 0, 0, &err);
		bad->status = STATUS_FAILED;
		snprintf(bad->failure, sizeof bad->failure, "run %d is bad", i);
		trace_free(sample.trace[i]);
		sample.trace[i] = bad;
	}
	sample_commit(&sample, store, 0, 2, 2); /* nothing was ever logged in this one */
	snprintf(sample.trace[1]->failure, sizeof sample.trace[1]->failure, "again");
	sample_commit(&sample, store, 1, 24, 12);
	store_close(store);
	store = sample_open(&sample, NULL);
	assert_int_equal(store_committed(store), 24);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &sample.plan));
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.status[0], STATUS_FAILED);
	assert_int_equal(result.status[1], STATUS_FAILED);
	result_close(&result);
	store_close(store);
	sample_release(&sample);
}

/* An orphan in two segments that stay is in no third one; and segments that are found damaged only now are named. */
static void orphans_twice_and_late_damage(void **state)
{
	struct sample sample, less;
	struct err err = {0};
	char name[256], path[400];
	const char *only_tanh[] = {"activation=tanh"};
	enum { RELU = 5 };
	sample_init(&sample, SAMPLE_STUDY);
	must(study_parse(&less.study, SAMPLE_STUDY, strlen(SAMPLE_STUDY), "small", "", 1, only_tanh, &err));
	must(plan_build(&less.plan, &less.study, sample_identity, &err));
	struct store *store = sample_open(&sample, NULL);
	*sample.trace[RELU]->value[METRIC_WALL_TIME] = 1;
	sample_commit(&sample, store, RELU, RELU + 1, 1);
	*sample.trace[RELU]->value[METRIC_WALL_TIME] = 2;
	sample_commit(&sample, store, RELU, RELU + 1, 1);
	for (size_t l = 0; l < less.plan.R; l++)
		for (size_t r = 0; r < 24; r++)
			if (less.plan.run[l].hash == sample.plan.run[r].hash)
				sample_commit(&sample, store, r, r + 1, 1);
	must(store_compact(store, &less.plan, false, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 2);
	assert_int_equal(sample_count(sample_path(&sample, "small.parts"), ".h5", name), 2);
	snprintf(path, sizeof path, "%s/small.parts/%s", sample.dir, name);
	must(file_replace(path, "bad", 3, &err));
	assert_int_equal(store_compact(store, &sample.plan, false, &sample_provenance, &err), -1);
	assert_non_null(strstr(err.text, "11 of the 24 runs of 'small' are not committed"));
	assert_non_null(strstr(err.text, "set aside as"));
	store_close(store);
	plan_release(&less.plan);
	study_release(&less.study);
	sample_release(&sample);
}

/* The same runs in another order make another file; and the runs of a file that failed are not where they were when they are trained. */
static void another_order_is_another_file(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	const struct planned first = sample.plan.run[0];
	sample.plan.run[0] = sample.plan.run[1];
	sample.plan.run[1] = first;
	struct store *store = sample_open(&sample, NULL);
	assert_false(store_is_current(store, &sample.plan));
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &sample.plan));
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_true(result.hash[1] == first.hash);
	result_close(&result);
	store_close(store);
	sample_release(&sample);
}

#define MANY_STUDY(seeds)                                                                                              \
	"title: t\nquestion: q\nsource: s\ndata: { set: circles, train: 20, test: 10 }\n"                              \
	"model: { depth: 31, width: 2 }\ntrain: { loss: bce, batch: full, steps: 100000 }\n"                           \
	"seed: " seeds "\nlog: { every: 100, metrics: [grad_norm] }\n"

/* Runs that were logged at steps of their own make an array of 50 MB: it is written and read in pieces. Later most are no longer named,
 * and what is named lies far apart. */
static void large_arrays_in_pieces(void **state)
{
	enum { R = 160, S = 8 };
	struct sample sample, less;
	struct err err = {0};
	struct result result;
	sample_init(&sample, MANY_STUDY("{ range: 160 }"));
	sample_init(&less, MANY_STUDY("[0, 1, 90, 159]"));
	for (size_t r = 0; r < R; r++) {
		int64_t step[S];
		int n[33];
		struct trace *old = sample.trace[r];
		memcpy(n, old->n, sizeof *n * 33);
		for (int s = 0; s < S; s++)
			step[s] = (int64_t)(1 + r + (size_t)s * R);
		struct trace *new = trace_new(S, step, 32, n, old->bias, 32, old->recorded, 0, &err);
		new->status = STATUS_COMPLETED;
		for (int s = 0; s < S; s++)
			for (int l = 1; l <= 32; l++)
				*trace_at(new, METRIC_GRAD_NORM, s, l) = sample_value(old->S, 1, (int)step[s], l);
		trace_free(old);
		sample.trace[r] = new;
	}
	struct store *store = sample_open(&sample, NULL);
	size_t run[R];
	for (size_t r = 0; r < R; r++)
		run[r] = r;
	must(store_commit(store, &sample.plan, R, run, (const struct trace *const *)sample.trace, &sample_provenance,
			  &err));
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	must(store_compact(store, &less.plan, false, &sample_provenance, &err));
	assert_int_equal(store_segments(store), 1);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	store_close(store);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.S, R * S);
	const double *value = result_metric(&result, METRIC_GRAD_NORM, &err);
	for (size_t r = 0; r < R; r++)
		for (int s = 0, own = 0; s < result.S; s++) {
			const bool there = own < S && sample.trace[r]->step[own] == result.step[s];
			for (int l = 1; l <= 32; l++) {
				const double x = *value++;
				const double expected =
					there ? *trace_at(sample.trace[r], METRIC_GRAD_NORM, own, l) : NAN;
				assert_true(isnan(expected) ? isnan(x) : x == expected);
			}
			own += there;
		}
	result_close(&result);
	sample_release(&sample);
	sample_release(&less);
}

/* More segments than are held open at once, each asked for again after the last. */
static void many_segments(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	sample_init(&sample,
		    SAMPLE_STUDY "also: [ { lr: [1, 2, 3], seed: [2, 3, 4, 5, 6, 7, 8, 9], depth: 1, width: 4 } ]\n");
	assert_true(sample.plan.R > 66);
	struct store *store = sample_open(&sample, NULL);
	for (int twice = 0; twice < 2; twice++)
		for (size_t r = 0; r < sample.plan.R; r++) {
			*sample.trace[r]->value[METRIC_WALL_TIME] = twice;
			sample_commit(&sample, store, r, r + 1, 1);
		}
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	store_close(store);
	assert_int_equal(result_diff(sample_path(&sample, "small.h5"), sample_path(&sample, "small.h5"), &lines, &err),
			 0);
	text_release(&lines);
	sample_release(&sample);
}

/* Another title is another file, though its runs are the same. */
static void another_title_is_another_file(void **state)
{
	struct sample sample;
	struct study other;
	struct plan plan;
	struct err err = {0};
	struct result result;
	const char *const title = "title: Another\n";
	struct text text = TEXT_INIT;
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	text_add(&text, "%s%s", title, strstr(SAMPLE_STUDY, "question"));
	must(study_parse(&other, text.at, text.length, "small", "", 0, NULL, &err));
	must(plan_build(&plan, &other, sample_identity, &err));
	struct store *store = sample_open(&sample, NULL);
	assert_true(store_is_current(store, &sample.plan));
	assert_false(store_is_current(store, &plan));
	must(store_compact(store, &plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &plan));
	store_close(store);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_string_equal(result.title, "Another");
	assert_int_equal(result.R, 24);
	result_close(&result);
	plan_release(&plan);
	study_release(&other);
	text_release(&text);
	sample_release(&sample);
}

/* What else lies in the folders is nobody's segment and nobody's temporary file: it stays; what a dead process left goes. */
static void other_files_stay(void **state)
{
	static const char *const stays[] = {
		".hidden.txt",    ".a.tmp",          ".small.h5.1x.tmp",  "small.parts/.hidden.txt",
		"small.parts/ab", "small.parts/.h5", "small.parts/notes", ".other.h5.99999999.tmp"};
	static const char *const goes[] = {".small.h5.99999999.tmp", "small.parts/.0.99999999.tmp"};
	struct sample sample;
	struct err err = {0};
	struct text notes = TEXT_INIT;
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 3, 3);
	store_close(store);
	for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
		must(file_replace(sample_path(&sample, stays[i]), "x", 1, &err));
	for (size_t i = 0; i < sizeof goes / sizeof *goes; i++)
		must(file_replace(sample_path(&sample, goes[i]), "x", 1, &err));
	store = sample_open(&sample, &notes);
	assert_null(notes.at);
	assert_int_equal(store_segments(store), 1);
	store_close(store);
	for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
		if (!file_exists(sample_path(&sample, stays[i])))
			fail_msg("'%s' is gone", stays[i]);
	for (size_t i = 0; i < sizeof goes / sizeof *goes; i++)
		if (file_exists(sample_path(&sample, goes[i])))
			fail_msg("'%s' is still there", goes[i]);
	sample_release(&sample);
}

/* A file where the folder of segments would be holds none. */
static void no_folder_of_segments(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct store *store;
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	must(file_replace(sample_path(&sample, "small.parts"), "x", 1, &err));
	must(store_open(&store, sample.dir, "small", false, NULL, &err));
	assert_int_equal(store_committed(store), 24);
	store_close(store);
	sample_release(&sample);
}

/* Hardly a file at all, and a path through a file. */
static void files_of_a_few_bytes(void **state)
{
	static const struct {
		const char *bytes, *said;
	} few[] = {{"", "is damaged: not readable as HDF5"},
		   {"\211HDF\r\n\032\n", "is damaged: not readable as HDF5"},
		   {"x", "is not an HDF5 file"}};
	struct sample sample;
	struct result result;
	sample_init(&sample, SAMPLE_STUDY);
	for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
		struct err err = {0};
		must(file_replace(sample_path(&sample, "few.h5"), few[i].bytes, strlen(few[i].bytes), &err));
		assert_int_equal(result_open(&result, sample_path(&sample, "few.h5"), &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (!strstr(err.text, few[i].said))
			fail_msg("says: %s", err.text);
	}
	struct err err = {0};
	assert_int_equal(result_open(&result, sample_path(&sample, "few.h5/x.h5"), &err), -1);
	assert_non_null(strstr(err.text, "no such file"));
	sample_release(&sample);
}

/* A segment that another process has merged after it was found: nothing of it can be read, and that is said. */
static void segments_that_go_away(void **state)
{
	struct sample sample;
	struct folder folder;
	struct sources sources;
	struct err err = {0};
	struct trace *trace[2];
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 2, 1);
	store_close(store);
	folder_init(&folder, sample.dir, "small");
	must(sources_scan(&sources, &folder, false, NULL, &err));
	assert_int_equal(sources.n, 3);
	const struct run_ref ref[] = {{1, 0}, {2, 0}};
	must(gather(&sources, 1, ref, trace, &err)); /* the first is open from now on */
	trace_free(trace[0]);
	unlink(sources.source[2].path);
	assert_int_equal(gather(&sources, 2, ref, trace, &err), -1);
	assert_non_null(strstr(err.text, "no such file"));
	err = (struct err){0};
	assert_null(gather_weights(&sources, ref[1], &err));
	assert_non_null(strstr(err.text, "no such file"));
	struct text lines = TEXT_INIT;
	struct differences differences = {.out = &lines};
	struct pairs pairs = {0};
	pairs_add(&pairs, ref[0], ref[1]);
	assert_int_equal(compare_runs(&sources, &pairs, &differences, &err), -1);
	assert_int_equal(differences.n, 0);
	pairs_release(&pairs);
	sources_release(&sources);
	folder_release(&folder);
	sample_release(&sample);
}

/* Runs that recorded metrics and were never logged. */
static void metrics_of_no_step(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	sample_init(&sample, SAMPLE_STUDY);
	for (size_t r = 0; r < 24; r++) {
		struct trace *old = sample.trace[r];
		sample.trace[r] = trace_new(0, (int64_t[]){0}, old->L, old->n, old->bias, 32, old->recorded, 0, &err);
		assert_non_null(sample.trace[r]);
		sample.trace[r]->status = STATUS_DIVERGED;
		trace_free(old);
	}
	sample_finish(&sample);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.S, 0);
	assert_true(result.has & METRIC_BIT(METRIC_GRAD_NORM));
	assert_non_null(result_metric(&result, METRIC_GRAD_NORM, &err));
	result_close(&result);
	sample_release(&sample);
}

/* The map grows with all that is in it; keys that begin with the same bits are told apart. */
static void map_of_runs_grows(void **state)
{
	enum { N = 1000 };
	struct run_map map = {0};
	bool is_new;
	assert_null(run_map_find(&map, 7));
	for (uint64_t i = 0; i < N; i++) {
		struct run_place *place = run_map_put(&map, i << 32 | i % 7, &is_new);
		assert_true(is_new && place->hash == (i << 32 | i % 7));
		place->row = (uint32_t)i;
		assert_true(map.n == i + 1 && map.n <= map.capacity / 4 * 3);
	}
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(run_map_find(&map, i << 32 | i % 7)->row, i);
	assert_int_equal(run_map_put(&map, 3, &is_new)->row, 0);
	assert_true(is_new && map.n == N + 1);
	assert_int_equal(run_map_put(&map, UINT64_C(5) << 32 | 5, &is_new)->row, 5);
	assert_true(!is_new && map.n == N + 1);
	assert_null(run_map_find(&map, 4));
	const size_t capacity = map.capacity;
	run_map_reserve(&map, 10);
	assert_int_equal(map.capacity, capacity);
	run_map_reserve(&map, 2 * N);
	assert_true(map.capacity / 4 * 3 >= 2 * N && map.capacity < 8 * N);
	assert_int_equal(run_map_find(&map, UINT64_C(5) << 32 | 5)->row, 5);
	run_map_release(&map);
}

/* Every two sets of six steps make their union. */
static void steps_of_runs_join(void **state)
{
	enum { N = 6, SETS = 1 << N };
	for (int two = 0; two < SETS * SETS; two++) {
		const int set[2] = {two % SETS, two / SETS};
		struct steps steps = {0};
		int found = 0;
		for (int i = 0; i < 2; i++) {
			int64_t step[N];
			int S = 0;
			for (int b = 0; b < N; b++)
				if (set[i] >> b & 1)
					step[S++] = 10 * b;
			steps_add(&steps, S, step);
		}
		for (int b = 0; b < N; b++)
			if ((set[0] | set[1]) >> b & 1)
				assert_int_equal(steps.step[found++], 10 * b);
		assert_int_equal(steps.S, found);
		steps_release(&steps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_of_runs_join),
		cmocka_unit_test(nothing_is_there_at_first),
		cmocka_unit_test(commits_survive_and_compact),
		cmocka_unit_test(shards_merge),
		cmocka_unit_test(bytes_do_not_depend_on_the_way),
		cmocka_unit_test(edited_study_keeps_what_it_no_longer_names),
		cmocka_unit_test(same_run_twice_must_be_equal),
		cmocka_unit_test(weights_twice_must_be_equal),
		cmocka_unit_test(success_replaces_failure),
		cmocka_unit_test(left_over_segments_go),
		cmocka_unit_test(trained_orphan_outlives_failed_one),
		cmocka_unit_test(one_number_of_every_run),
		cmocka_unit_test(failed_twice),
		cmocka_unit_test(orphans_twice_and_late_damage),
		cmocka_unit_test(another_order_is_another_file),
		cmocka_unit_test(large_arrays_in_pieces),
		cmocka_unit_test(many_segments),
		cmocka_unit_test(another_title_is_another_file),
		cmocka_unit_test(other_files_stay),
		cmocka_unit_test(no_folder_of_segments),
		cmocka_unit_test(files_of_a_few_bytes),
		cmocka_unit_test(segments_that_go_away),
		cmocka_unit_test(metrics_of_no_step),
		cmocka_unit_test(map_of_runs_grows),
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
