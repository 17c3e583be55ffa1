/* test_damage.c: broken files are set aside and named, foreign ones are left alone, and what the system refuses is one message. */
#include "sample.h"

#include <hdf5.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/seal.h"

static void write_file(const char *path, const char *bytes, size_t size)
{
	struct err err = {0};
	must(file_replace(path, bytes, size, &err));
}

/* One segment of four runs in small.parts; its path. */
static const char *one_segment(struct sample *sample)
{
	char name[256], inside[300];
	struct store *store = sample_open(sample, NULL);
	sample_commit(sample, store, 0, 4, 4);
	store_close(store);
	assert_int_equal(sample_count(sample_path(sample, "small.parts"), ".h5", name), 1);
	snprintf(inside, sizeof inside, "small.parts/%s", name);
	return sample_path(sample, inside);
}

/* Opens the store and expects the one damaged file to be gone to corrupt/, and so many runs left. */
static void expect_set_aside(struct sample *sample, size_t left, const char *name)
{
	struct text notes = TEXT_INIT;
	struct store *store = sample_open(sample, &notes);
	assert_int_equal(store_committed(store), left);
	store_close(store);
	assert_non_null(notes.at);
	assert_non_null(strstr(notes.at, "is damaged"));
	assert_non_null(strstr(notes.at, name));
	assert_int_equal(sample_count(sample_path(sample, "small.parts/corrupt"), ".h5", NULL), 1);
	text_release(&notes);
	nftw(sample_path(sample, "small.parts/corrupt"), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void damaged_segment(void **state)
{
	struct sample sample;
	size_t size;
	sample_init(&sample, SAMPLE_STUDY);
	const char *path = one_segment(&sample), *name = strrchr(path, '/') + 1;
	char copy[400];
	snprintf(copy, sizeof copy, "%s", path);
	char *bytes = sample_bytes(copy, &size);
	for (size_t at = 0; at < size; at += 1 + size / 5) { /* every byte: test_every_byte.c */
		bytes[at] ^= 4;
		write_file(copy, bytes, size);
		expect_set_aside(&sample, 0, name);
		bytes[at] ^= 4;
	}
	write_file(copy, bytes, size / 2);
	expect_set_aside(&sample, 0, name);
	write_file(copy, bytes, size);
	struct store *store = sample_open(&sample, NULL);
	assert_int_equal(store_committed(store), 4); /* and whole again it counts again */
	store_close(store);
	free(bytes);
	sample_release(&sample);
}

/* A sound segment under a name that is not its hash was tampered with. */
static void renamed_segment(void **state)
{
	struct sample sample;
	sample_init(&sample, SAMPLE_STUDY);
	assert_int_equal(rename(one_segment(&sample), sample_path(&sample, "small.parts/0123456789abcdef.h5")), 0);
	expect_set_aside(&sample, 0, "0123456789abcdef.h5");
	sample_release(&sample);
}

/* Bytes under a right seal that HDF5 cannot read, with nothing short: somebody made them so. */
static void sealed_but_unreadable(void **state)
{
	struct sample sample;
	char bytes[200] = "\211HDF\r\n\032\n", name[64];
	sample_init(&sample, SAMPLE_STUDY);
	one_segment(&sample);
	snprintf(name, sizeof name, "small.parts/%016llx.h5", (unsigned long long)seal_put(bytes, 150));
	write_file(sample_path(&sample, name), bytes, 150 + SEAL_SIZE);
	expect_set_aside(&sample, 4, name + strlen("small.parts/"));
	sample_release(&sample);
}

static void damaged_result_file(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	size_t size;
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	char path[400];
	snprintf(path, sizeof path, "%s", sample_path(&sample, "small.h5"));
	char *bytes = sample_bytes(path, &size);
	struct text lines = TEXT_INIT;
	for (size_t at = 0; at < size - 32; at += 1 + size / 10) {
		bytes[at] ^= 1;
		write_file(path, bytes, size);
		assert_int_equal(result_open(&result, path, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, "is damaged"));
		assert_int_equal(result_put_claims(path, 0, NULL, &err), -1);
		assert_int_equal(result_diff(path, path, &lines, &err), -1);
		expect_set_aside(&sample, 0, "small.h5");
		bytes[at] ^= 1;
	}
	for (size_t cut = 33; cut < size; cut += size / 3) { /* the seal goes with the end */
		write_file(path, bytes, size - cut);
		assert_int_equal(result_open(&result, path, &err), -1);
		expect_set_aside(&sample, 0, "small.h5");
	}
	write_file(path, bytes, size - 32); /* only the seal is gone: still whole for HDF5 */
	must(result_open(&result, path, &err));
	result_close(&result);
	text_release(&lines);
	free(bytes);
	sample_release(&sample);
}

/* Looking does not change anything. */
static void without_create_nothing_moves(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct text notes = TEXT_INIT;
	struct store *store;
	sample_init(&sample, SAMPLE_STUDY);
	char copy[400];
	snprintf(copy, sizeof copy, "%s", one_segment(&sample));
	write_file(copy, "garbage", 7);
	write_file(sample_path(&sample, ".small.h5.999999999.tmp"), "x", 1);
	must(store_open(&store, sample.dir, "small", false, NULL,
			&err)); /* nor does it say anything where nobody asks */
	assert_int_equal(store_committed(store), 0);
	store_close(store);
	must(store_open(&store, sample.dir, "small", false, &notes, &err));
	assert_int_equal(store_committed(store), 0);
	store_close(store);
	assert_non_null(strstr(notes.at, copy));
	assert_true(file_exists(copy));
	assert_true(file_exists(sample_path(&sample, ".small.h5.999999999.tmp")));
	assert_false(file_exists(sample_path(&sample, "small.parts/corrupt")));
	text_release(&notes);
	sample_release(&sample);
}

static void other_schema(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	struct store *store;
	size_t size[2];
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	const char *path = sample_path(&sample, "small.h5");
	const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), at = H5Aopen(file, "schema_version", H5P_DEFAULT);
	const int64_t version = 99;
	assert_true(H5Awrite(at, H5T_NATIVE_INT64, &version) >= 0);
	H5Aclose(at);
	H5Fclose(file);
	char *before = sample_bytes(path, &size[0]);
	assert_int_equal(result_open(&result, path, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "schema version 99"));
	assert_int_equal(store_open(&store, sample.dir, "small", true, NULL, &err), -1);
	assert_null(store);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "nothing was changed"));
	char *after = sample_bytes(path, &size[1]);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(before, after, size[0]);
	free(before);
	free(after);
	sample_release(&sample);
}

static void files_that_are_not_ours(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct result result;
	struct store *store;
	sample_init(&sample, SAMPLE_STUDY);
	const char *path = sample_path(&sample, "small.h5");
	write_file(path, "Dear diary, today I named a text file small.h5 by mistake.", 58);
	assert_int_equal(result_open(&result, path, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(store_open(&store, sample.dir, "small", true, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_true(file_exists(path));
	const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	H5Fclose(file);
	assert_int_equal(store_open(&store, sample.dir, "small", true, NULL, &err), -1);
	assert_non_null(strstr(err.text, "not a result file of fathom"));
	assert_true(file_exists(path));
	assert_int_equal(result_open(&result, sample.dir, &err), -1);
	assert_int_equal(result_open(&result, sample_path(&sample, "none.h5"), &err), -1);
	assert_non_null(strstr(err.text, "no such file"));
	sample_release(&sample);
}

static void unwritable_places(void **state)
{
	struct sample sample;
	struct err err = {0};
	struct store *store;
	sample_init(&sample, SAMPLE_STUDY);
	write_file(sample_path(&sample, "file"), "x", 1);
	assert_int_equal(store_open(&store, sample_path(&sample, "file"), "small", true, NULL, &err), -1);
	assert_int_equal(store_open(&store, sample_path(&sample, "file/below"), "small", true, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(store_open(&store, "/proc/nowhere", "small", true, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	/* the folder turns bad later: the commit says so, and the store goes on as before */
	store = sample_open(&sample, NULL);
	write_file(sample_path(&sample, "small.parts"), "in the way", 10);
	const size_t run[] = {0};
	assert_int_equal(store_commit(store, &sample.plan, 1, run, (const struct trace *const *)sample.trace,
				      &sample_provenance, &err),
			 -1);
	assert_true(err.kind != ERR_NONE);
	assert_int_equal(store_find(store, sample.plan.run[0].hash), -1);
	unlink(sample_path(&sample, "small.parts"));
	sample_commit(&sample, store, 0, 24, 24);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	store_close(store);
	sample_release(&sample);
}

/* A full disk: files of this process may have no more than so many bytes. The result stays as it was. */
static void full_disk(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 12, 12);
	must(store_compact(store, &sample.plan, true, &sample_provenance, &err));
	size_t size[2];
	char *before = sample_bytes(sample_path(&sample, "small.h5"), &size[0]);
	sample_commit(&sample, store, 12, 24, 12);
	signal(SIGXFSZ, SIG_IGN);
	const struct rlimit small = {20000, RLIM_INFINITY}, unlimited = {RLIM_INFINITY, RLIM_INFINITY};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	const int compacted = store_compact(store, &sample.plan, false, &sample_provenance, &err);
	assert_int_equal(err.kind, ERR_SYSTEM);
	const size_t run[] = {3};
	const int committed = store_commit(store, &sample.plan, 1, run, (const struct trace *const *)sample.trace + 3,
					   &sample_provenance, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
	assert_int_equal(compacted, -1);
	assert_int_equal(committed, -1);
	assert_int_equal(sample_count(sample.dir, ".tmp", NULL), 0);
	assert_int_equal(sample_count(sample_path(&sample, "small.parts"), ".tmp", NULL), 0);
	char *after = sample_bytes(sample_path(&sample, "small.h5"), &size[1]);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(before, after, size[0]);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	assert_true(store_is_current(store, &sample.plan));
	store_close(store);
	free(before);
	free(after);
	sample_release(&sample);
}

/* Temporaries of the dead are swept, those of the living and what is not ours stay. */
static void stale_temporaries(void **state)
{
	struct sample sample;
	char dead[2][64], alive[64];
	sample_init(&sample, SAMPLE_STUDY);
	one_segment(&sample);
	const pid_t child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	snprintf(dead[0], 64, ".small.h5.%d.tmp", child);
	snprintf(dead[1], 64, "small.parts/.0123456789abcdef.h5.%d.tmp", child);
	snprintf(alive, 64, "small.parts/.0123456789abcdef.h5.%d.tmp", getpid());
	char other[64], numbers[64], inside[64];
	snprintf(other, 64, ".another.h5.%d.tmp", child);
	snprintf(numbers, 64, "small.parts/.%d.tmp", child);
	snprintf(inside, 64, "small.parts/.a%d.tmp", child);
	const char *all[] = {dead[0], dead[1], alive, other, numbers, inside};
	for (int i = 0; i < 6; i++)
		write_file(sample_path(&sample, all[i]), "half", 4);
	store_close(sample_open(&sample, NULL));
	for (int i = 0; i < 6; i++)
		assert_int_equal(file_exists(sample_path(&sample, all[i])), i >= 2);
	sample_release(&sample);

	/* all that a process killed at the very end of its work left */
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	assert_int_equal(mkdir(sample_path(&sample, "small.parts"), 0777), 0);
	write_file(sample_path(&sample, "small.parts/lock"), "", 0);
	const int held = open(sample_path(&sample, "small.parts/lock"), O_RDWR);
	assert_int_equal(flock(held, LOCK_EX), 0); /* but it is still at work */
	store_close(sample_open(&sample, NULL));
	assert_true(file_exists(sample_path(&sample, "small.parts")));
	close(held);
	store_close(sample_open(&sample, NULL));
	assert_false(file_exists(sample_path(&sample, "small.parts")));
	sample_release(&sample);
}

/* A process is killed at some moment of commits and compactions, over and over: every run that was reported committed is
 * found, and the end is the same. */
static void killed_again_and_again(void **state)
{
	struct sample sample;
	struct err err = {0};
	sample_init(&sample, PLAIN_STUDY);
	for (int kills = 0; kills < 12; kills++) {
		int told[2];
		size_t reported = 0;
		assert_int_equal(pipe(told), 0);
		const pid_t child = fork();
		if (child == 0) {
			struct store *store = sample_open(&sample, NULL);
			for (size_t r = 0; r < sample.plan.R; r++)
				if (store_find(store, sample.plan.run[r].hash) < 0) {
					sample_commit(&sample, store, r, r + 1, 1);
					if (write(told[1], "x", 1) != 1)
						_exit(1);
					if (store_compact(store, &sample.plan, true, &sample_provenance, &err) != 0)
						_exit(1);
				}
			_exit(0);
		}
		struct store *store = sample_open(&sample, NULL);
		const size_t before = store_committed(store);
		store_close(store);
		usleep((useconds_t)(3000 + kills * 4100));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(told[1]);
		for (char x; read(told[0], &x, 1) == 1;)
			reported++;
		close(told[0]);
		struct text notes = TEXT_INIT;
		store = sample_open(&sample, &notes);
		assert_null(notes.at);
		assert_true(store_committed(store) >= reported && store_committed(store) >= before);
		store_close(store);
	}
	struct store *store = sample_open(&sample, NULL);
	for (size_t r = 0; r < sample.plan.R; r++)
		if (store_find(store, sample.plan.run[r].hash) < 0)
			sample_commit(&sample, store, r, r + 1, 1);
	must(store_compact(store, &sample.plan, false, &sample_provenance, &err));
	store_close(store);
	assert_false(file_exists(sample_path(&sample, "small.parts")));
	assert_int_equal(sample_count(sample.dir, ".tmp", NULL), 0);
	sample_release(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_segment),
		cmocka_unit_test(renamed_segment),
		cmocka_unit_test(sealed_but_unreadable),
		cmocka_unit_test(damaged_result_file),
		cmocka_unit_test(without_create_nothing_moves),
		cmocka_unit_test(other_schema),
		cmocka_unit_test(files_that_are_not_ours),
		cmocka_unit_test(unwritable_places),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(stale_temporaries),
		cmocka_unit_test(killed_again_and_again),
	};
	return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
