/* test_foreign.c: HDF5 files that are made to harm: what other programs, or bad luck, or ill will can write where a result is
 * expected. One clear error or the numbers; never a crash, never another file's bytes, never more memory than there is.
 * FOREIGN_CASES: how many randomly harmed files (default 40). */
#include "sample.h"

#include <hdf5.h>
#include <time.h>

#include "store/reader.h"

/* A finished result without its seal, opened to be made worse. */
struct victim {
	struct sample sample;
	const char *path;
	hid_t file;
};

static void victim_init(struct victim *victim)
{
	struct err err = {0};
	size_t size;
	sample_init(&victim->sample, SAMPLE_STUDY);
	sample_finish(&victim->sample);
	victim->path = strdup(sample_path(&victim->sample, "small.h5"));
	char *bytes = sample_bytes(victim->path, &size);
	must(file_replace(victim->path, bytes, size - 32, &err));
	free(bytes);
	victim->file = H5Fopen(victim->path, H5F_ACC_RDWR, H5P_DEFAULT);
	assert_true(victim->file >= 0);
}

static void victim_release(struct victim *victim)
{
	sample_release(&victim->sample);
	free((void *)(uintptr_t)victim->path);
}

/* All that can be read of a result. */
static int read_all(const char *path, struct err *err)
{
	struct result result;
	*err = (struct err){0};
	if (result_open(&result, path, err) != 0)
		return -1;
	int failed = 0;
	for (int id = 0; id < METRIC_N; id++)
		if (result.has & METRIC_BIT(id) && !failed)
			failed = result_metric(&result, (enum metric_id)id, err) ? 0 : -1;
	for (size_t r = 0; r < result.R && r < 2 && !failed; r++) {
		struct trace *trace = reader_weights(&result, r, err);
		failed = trace ? 0 : -1;
		trace_free(trace);
	}
	result_close(&result);
	return failed;
}

/* One array of the victim gives way to another of that type, plan of creation and size. */
static void replace(struct victim *victim, const char *name, hid_t type, hid_t plan, int rank, const hsize_t *size)
{
	const hid_t space = H5Screate_simple(rank, size, NULL);
	if (H5Lexists(victim->file, name, H5P_DEFAULT) > 0)
		H5Ldelete(victim->file, name, H5P_DEFAULT);
	const hid_t made = H5Dcreate2(victim->file, name, type, space, H5P_DEFAULT, plan, H5P_DEFAULT);
	assert_true(made >= 0);
	H5Dclose(made);
	H5Sclose(space);
}

/* The victim as it is now: refused with these words, or (NULL) read. */
static void expect(struct victim *victim, const char *words)
{
	struct err err;
	H5Fclose(victim->file);
	const int failed = read_all(victim->path, &err);
	if (failed && !words)
		fail_msg("refused: %s", err.text);
	if (words) {
		assert_int_equal(failed, -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (!strstr(err.text, words))
			fail_msg("says: %s", err.text);
	}
	victim_release(victim);
}

static void without_a_seal_it_is_read(void **state)
{
	struct victim victim;
	victim_init(&victim);
	expect(&victim, NULL);
}

/* An array whose bytes are those of /etc/passwd. */
static void external_storage(void **state)
{
	struct victim victim;
	const hsize_t size[] = {24};
	victim_init(&victim);
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_external(plan, "/etc/passwd", 0, 24 * 8);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, plan, 1, size);
	H5Pclose(plan);
	expect(&victim, "lies in another file");
}

static void virtual_array(void **state)
{
	struct victim victim;
	const hsize_t size[] = {24};
	victim_init(&victim);
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, size, NULL);
	H5Pset_virtual(plan, space, "/etc/passwd", "x", space);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, plan, 1, size);
	H5Sclose(space);
	H5Pclose(plan);
	expect(&victim, "lies in another file");
}

static void strange_filter(void **state)
{
	struct victim victim;
	const hsize_t size[] = {24};
	const unsigned value = 0;
	victim_init(&victim);
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(plan, 1, size);
	H5Pset_filter(plan, 32000, H5Z_FLAG_OPTIONAL, 1, &value);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, plan, 1, size);
	H5Pclose(plan);
	expect(&victim, "unknown filter");
}

/* 8 PB of nothing, and 16 GB in chunks that a few bytes would fill. */
static void more_than_memory(void **state)
{
	struct victim victim;
	const hsize_t huge[] = {(hsize_t)1 << 50}, large[] = {(hsize_t)1 << 31}, chunk[] = {1 << 20};
	victim_init(&victim);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, H5P_DEFAULT, 1, huge);
	expect(&victim, "more memory");
	victim_init(&victim);
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(plan, 1, chunk);
	H5Pset_deflate(plan, 9);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, plan, 1, large);
	H5Pclose(plan);
	expect(&victim, "more memory");
}

/* Links into other files, into circles and into nothing are not followed: what lay there is missing. */
static void links_that_lead_elsewhere(void **state)
{
	struct victim victim;
	struct err err = {0};
	struct result result;
	victim_init(&victim);
	const hid_t file = victim.file;
	H5Ldelete(file, "final_train_loss", H5P_DEFAULT);
	H5Ldelete(file, "grad_norm", H5P_DEFAULT);
	H5Lcreate_external("/etc/passwd", "x", file, "final_train_loss", H5P_DEFAULT, H5P_DEFAULT);
	H5Lcreate_soft("/circle", file, "circle", H5P_DEFAULT, H5P_DEFAULT);
	H5Lcreate_soft("/grad_norm", file, "grad_norm", H5P_DEFAULT, H5P_DEFAULT);
	H5Fclose(file);
	must(result_open(&result, victim.path, &err));
	assert_false(result.has & METRIC_BIT(METRIC_FINAL_TRAIN_LOSS));
	assert_false(result.has & METRIC_BIT(METRIC_GRAD_NORM));
	result_close(&result);
	victim_release(&victim);
}

/* A group in itself, and groups deeper than any stack. */
static void depth_without_end(void **state)
{
	struct victim victim;
	victim_init(&victim);
	H5Lcreate_hard(victim.file, "/", victim.file, "again", H5P_DEFAULT, H5P_DEFAULT);
	hid_t at = H5Gcreate2(victim.file, "deep", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	for (int i = 0; i < 2000; i++) {
		const hid_t next = H5Gcreate2(at, "deep", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
		H5Gclose(at);
		at = next;
	}
	H5Gclose(at);
	expect(&victim, NULL);
}

/* Numbers that are records, texts, or of no width that we know. */
static void other_types(void **state)
{
	struct victim victim;
	const hsize_t size[] = {24};
	victim_init(&victim);
	const hid_t record = H5Tcreate(H5T_COMPOUND, 16);
	H5Tinsert(record, "a", 0, H5T_NATIVE_DOUBLE);
	H5Tinsert(record, "b", 8, H5T_NATIVE_DOUBLE);
	replace(&victim, "run_hash", record, H5P_DEFAULT, 1, size);
	H5Tclose(record);
	expect(&victim, "no array 'run_hash'");
	victim_init(&victim);
	const hid_t text = H5Tcopy(H5T_C_S1);
	H5Tset_size(text, H5T_VARIABLE);
	replace(&victim, "status", text, H5P_DEFAULT, 1, size);
	H5Tclose(text);
	expect(&victim, "no array 'status'");
}

static void other_shapes(void **state)
{
	struct victim victim;
	const hsize_t none[] = {0}, few[] = {3}, flat[] = {24, 1};
	victim_init(&victim);
	replace(&victim, "run", H5T_NATIVE_INT64, H5P_DEFAULT, 1, none);
	expect(&victim, "lacks the dimensions");
	victim_init(&victim);
	replace(&victim, "seed", H5T_NATIVE_INT64, H5P_DEFAULT, 1, few);
	expect(&victim, "of the right shape");
	victim_init(&victim);
	replace(&victim, "final_train_loss", H5T_NATIVE_DOUBLE, H5P_DEFAULT, 2, flat);
	expect(&victim, "of the right shape");
}

/* Verdicts would seal it: they are not written, and nothing is changed. */
static void it_is_not_sealed_again(void **state)
{
	struct victim victim;
	struct err err = {0};
	size_t size[2];
	const struct verdict_row row = {.say = "x", .source = "", .expect = "> 0", .pass = 1, .note = ""};
	victim_init(&victim);
	H5Fclose(victim.file);
	char *before = sample_bytes(victim.path, &size[0]);
	assert_int_equal(result_put_claims(victim.path, 1, &row, &err), -1);
	assert_non_null(strstr(err.text, "another program has changed"));
	char *after = sample_bytes(victim.path, &size[1]);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(before, after, size[0]);
	free(before);
	free(after);
	victim_release(&victim);
}

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A few bytes, words or lengths of it changed, or a piece copied over another. */
static void harm(char *bytes, size_t size, uint64_t *state)
{
	for (uint64_t n = 1 + draw(state) % 6; n > 0; n--) {
		const size_t at = draw(state) % (size - 16), from = draw(state) % (size - 16);
		switch (draw(state) % 4) {
		case 0:
			bytes[at] ^= (char)(1u << draw(state) % 8);
			break;
		case 1:
			bytes[at] = (char)draw(state);
			break;
		case 2:
			memset(bytes + (at & ~(size_t)7), draw(state) % 2 ? 0xff : 0, 8);
			break;
		default:
			memmove(bytes + at, bytes + from, 16);
		}
	}
}

static void harmed_at_random(void **state)
{
	const char *wanted = getenv("FOREIGN_CASES");
	const long cases = wanted ? atol(wanted) : 40;
	uint64_t seed = wanted ? (uint64_t)time(NULL) * 2 + 1 : 1;
	long said[5] = {0}; /* read, crashed, did not end, memory, other errors */
	struct victim victim;
	struct err err;
	size_t size;
	victim_init(&victim);
	H5Fclose(victim.file);
	char *whole = sample_bytes(victim.path, &size), *bytes = malloc(size);
	assert_non_null(bytes);
	for (long i = 0; i < cases; i++) {
		memcpy(bytes, whole, size);
		harm(bytes, size, &seed);
		FILE *file = fopen(victim.path, "wb");
		assert_true(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
		const int failed = read_all(victim.path, &err);
		assert_true(!failed || (err.kind == ERR_INPUT && err.length > 0));
		const int how = !failed                                 ? 0
				: strstr(err.text, "HDF5 crashed")      ? 1
				: strstr(err.text, "come to an end")    ? 2
				: strstr(err.text, "takes more memory") ? 3
									: 4;
		said[how]++;
	}
	if (wanted)
		print_message("%ld files: %ld read, HDF5 crashed on %ld, ran away on %ld, short of memory on %ld, "
			      "refused %ld\n",
			      cases, said[0], said[1], said[2], said[3], said[4]);
	free(bytes);
	free(whole);
	victim_release(&victim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_seal_it_is_read),
		cmocka_unit_test(external_storage),
		cmocka_unit_test(virtual_array),
		cmocka_unit_test(strange_filter),
		cmocka_unit_test(more_than_memory),
		cmocka_unit_test(links_that_lead_elsewhere),
		cmocka_unit_test(depth_without_end),
		cmocka_unit_test(other_types),
		cmocka_unit_test(other_shapes),
		cmocka_unit_test(it_is_not_sealed_again),
		cmocka_unit_test(harmed_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
