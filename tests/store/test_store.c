/* test_store.c: what is committed is found, resumed, merged and kept, whoever commits it and however the study changes. */
#include "sample.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
