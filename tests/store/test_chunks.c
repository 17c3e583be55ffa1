/* test_chunks.c: arrays in chunks are the same bytes for any number of threads, hold what was put, as HDF5 itself reads it, and are
 * no larger than what HDF5 would have packed; memory and threads that are not to be had: the Makefile has these two calls of our
 * code come here first. */
#include "cm.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "store/chunks.h"
#include "store/seal.h"

static int threads_started, threads_left = -1, states_left = -1; /* until one is refused; negative: none */

static bool refused(int *left)
{
	if (*left == 0)
		return true;
	*left -= *left > 0;
	return false;
}

typedef void *thread_work(void *);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_work *work, void *with);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_work *work, void *with);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_work *work, void *with)
{
	if (refused(&threads_left))
		return EAGAIN;
	threads_started++;
	return __real_pthread_create(thread, attributes, work, with);
}

int __real_deflateInit_(z_stream *stream, int level, const char *version, int size);
int __wrap_deflateInit_(z_stream *stream, int level, const char *version, int size);
int __wrap_deflateInit_(z_stream *stream, int level, const char *version, int size)
{
	return refused(&states_left) ? Z_MEM_ERROR : __real_deflateInit_(stream, level, version, size);
}

/* ---- arrays of all kinds, and what they hold ---- */

enum pattern { COUNT, CONSTANT, MEASURED, REPEATED, NOISE, LETTERS, PATTERNS };

enum { ARRAYS = 13 };
static const struct {
	enum kind kind, from;
	int rank;
	hsize_t size[3];
	enum pattern pattern;
	bool plain, same; /* too small for chunks; packed exactly as HDF5 does it */
} arrays[ARRAYS] = {
	{KIND_I64, KIND_I64, 1, {70000}, .pattern = COUNT, .same = true},
	{KIND_I64, KIND_F64, 1, {40000}, .pattern = CONSTANT, .same = true},
	{KIND_I8, KIND_F64, 2, {900, 77}, .pattern = COUNT, .same = true},
	{KIND_I8, KIND_I64, 1, {1024}, .pattern = COUNT},
	{KIND_I32, KIND_I32, 1, {1023}, .pattern = COUNT, .plain = true},
	{KIND_U64, KIND_U64, 1, {33333}, .pattern = NOISE},
	{KIND_U64, KIND_U64, 1, {33333}, .pattern = LETTERS},
	{KIND_F32, KIND_F32, 2, {300, 400}, .pattern = NOISE},
	{KIND_F32, KIND_F64, 1, {5001}, .pattern = MEASURED},
	{KIND_F64, KIND_F64, 3, {3000, 11, 3}, .pattern = MEASURED},
	{KIND_F64, KIND_F64, 3, {3, 40, 1000}, .pattern = MEASURED},
	{KIND_F64, KIND_F64, 2, {700, 200}, .pattern = REPEATED},
	{KIND_F64, KIND_F64, 3, {2000, 11, 3}, .pattern = COUNT, .same = true},
};

static size_t size_of(enum kind kind)
{
	return H5Tget_size(kind_in_memory(kind));
}

static size_t values_of(int a)
{
	size_t n = 1;
	for (int d = 0; d < arrays[a].rank; d++)
		n *= arrays[a].size[d];
	return n;
}

static void put_number(void *values, enum kind kind, size_t i, double x)
{
	if (kind == KIND_F64)
		((double *)values)[i] = x;
	else if (kind == KIND_F32)
		((float *)values)[i] = (float)x;
	else if (kind == KIND_I32)
		((int32_t *)values)[i] = (int32_t)x;
	else if (kind == KIND_I8)
		((int8_t *)values)[i] = (int8_t)x;
	else
		((int64_t *)values)[i] = (int64_t)x;
}

static uint64_t scattered(uint64_t i)
{
	i = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
	i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	return i ^ i >> 31;
}

/* The values of an array as numbers of a kind. */
static void *numbers(int a, enum kind kind)
{
	const size_t n = values_of(a);
	void *values = malloc(n * 8);
	assert_non_null(values);
	for (size_t i = 0; i < n; i++) {
		const double x[PATTERNS] = {[COUNT] = (double)(i % 100),
					    [CONSTANT] = 7,
					    [MEASURED] = i % 50 == 0 ? 0 : exp(3 * sin((double)i)),
					    [REPEATED] = ldexp((double)(scattered(i % 6400) >> 11), -53)};
		put_number(values, kind, i, x[arrays[a].pattern]);
	}
	for (size_t i = 0; arrays[a].pattern == NOISE && i < n * size_of(kind) / 4; i++)
		((uint32_t *)values)[i] = 0x3F000000 | (uint32_t)(scattered(i) >> 41);
	for (size_t i = 0; arrays[a].pattern == LETTERS && i < n; i++)
		((uint64_t *)values)[i] = scattered(i) & UINT64_C(0x7F7F7F7F7F7F7F7F);
	return values;
}

static struct variable variable_of(int a, struct dim *dim, char *name)
{
	struct variable variable = {
		.name = name, .long_name = "x", .units = "1", .kind = arrays[a].kind, .rank = arrays[a].rank};
	snprintf(name, 8, "x%d", a);
	for (int d = 0; d < arrays[a].rank; d++) {
		dim[d] = (struct dim){"d", arrays[a].size[d], H5I_INVALID_HID};
		variable.dim[d] = &dim[d];
	}
	return variable;
}

/* rows at a time; 0: all. */
static void put_array(struct image *image, int a, hsize_t rows)
{
	struct dim dim[3];
	char name[8];
	const struct variable variable = variable_of(a, dim, name);
	char *values = numbers(a, arrays[a].from);
	const hid_t dataset = image_variable(image, image->file, &variable);
	if (rows == 0)
		image_put_all(image, dataset, &variable, arrays[a].from, values);
	for (hsize_t at = 0; rows > 0 && at < arrays[a].size[0]; at += rows) {
		const hsize_t left = arrays[a].size[0] - at, first[3] = {at};
		const hsize_t count[3] = {left < rows ? left : rows, arrays[a].size[1], arrays[a].size[2]};
		image_put(image, dataset, &variable, first, count, arrays[a].from,
			  values + at * (values_of(a) / arrays[a].size[0]) * size_of(arrays[a].from));
	}
	image_close(image, dataset);
	free(values);
}

static int write_arrays(int threads, hsize_t rows, char **bytes, size_t *size, struct err *err)
{
	struct image image;
	uint64_t hash;
	image_begin(&image, true);
	image.threads = threads;
	for (int a = 0; a < ARRAYS; a++)
		put_array(&image, a, rows);
	return image_end(&image, bytes, size, &hash, err);
}

static void check_array(hid_t file, int a)
{
	char name[8];
	struct dim dim[3];
	const struct variable variable = variable_of(a, dim, name);
	const size_t n = values_of(a);
	hsize_t chunk[3];
	void *expected = numbers(a, variable.kind), *found = malloc(n * 8);
	const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), create = H5Dget_create_plist(dataset);
	assert_true(H5Dread(dataset, kind_in_memory(variable.kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, found) >= 0);
	assert_memory_equal(found, expected, n * size_of(variable.kind));
	assert_int_equal(chunks_shape(&variable, chunk), !arrays[a].plain);
	assert_int_equal(H5Pget_nfilters(create), arrays[a].plain ? 0 : 3);
	H5Pclose(create);
	H5Dclose(dataset);
	free(found);
	free(expected);
}

static hid_t open_bytes(const char *bytes, size_t size)
{
	struct image image;
	image_reopen(&image, bytes, size - SEAL_SIZE);
	assert_string_equal(image.fault, "");
	H5Tclose(image.text);
	return image.file;
}

/* ---- tests ---- */

static void threads_do_not_show(void **state)
{
	static const int threads[] = {0, 1, 2, 7};
	char *first = NULL;
	size_t first_size = 0;
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		struct err err = {0};
		char *bytes;
		size_t size;
		threads_started = 0;
		assert_int_equal(write_arrays(threads[i], 0, &bytes, &size, &err), 0);
		assert_true(threads[i] < 2 ? threads_started == 0 : threads_started >= threads[i] - 1);
		if (i == 0) {
			first = bytes;
			first_size = size;
			continue;
		}
		assert_int_equal(size, first_size);
		assert_memory_equal(bytes, first, size);
		free(bytes);
	}
	const hid_t file = open_bytes(first, first_size);
	for (int a = 0; a < ARRAYS; a++)
		check_array(file, a);
	H5Fclose(file);
	free(first);
}

/* Whole chunks, parts of them, and both in one array. */
static void pieces_make_a_whole(void **state)
{
	static const hsize_t rows[] = {100, 1024, 32768};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err err = {0};
		char *bytes;
		size_t size;
		assert_int_equal(write_arrays(2, rows[i], &bytes, &size, &err), 0);
		const hid_t file = open_bytes(bytes, size);
		for (int a = 0; a < ARRAYS; a++)
			check_array(file, a);
		H5Fclose(file);
		free(bytes);
	}
}

/* How an array in chunks came out: bytes in all, and its last chunk, which reaches over its end. */
struct packed {
	hsize_t size, length;
	unsigned char last[300000];
};

static void look(hid_t file, int a, struct packed *packed)
{
	struct dim dim[3];
	char name[8];
	hsize_t last[3], shape[3];
	uint32_t skipped = 1;
	const struct variable variable = variable_of(a, dim, name);
	const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
	assert_true(chunks_shape(&variable, shape));
	for (int d = 0; d < variable.rank; d++)
		last[d] = (arrays[a].size[d] - 1) / shape[d] * shape[d];
	packed->size = H5Dget_storage_size(dataset);
	assert_true(H5Dget_chunk_storage_size(dataset, last, &packed->length) >= 0);
	assert_true(packed->length <= sizeof packed->last);
	assert_true(H5Dread_chunk(dataset, H5P_DEFAULT, last, &skipped, packed->last) >= 0);
	assert_int_equal(skipped, 0);
	H5Dclose(dataset);
}

/* By these threads, and by HDF5, where what is put is nowhere a whole chunk: never larger, and where all bytes get smaller shuffled,
 * padded, packed and summed exactly as there. */
static void like_hdf5(void **state)
{
	static struct packed packed[2][ARRAYS];
	int same = 0;
	for (int i = 0; i < 2; i++) {
		struct err err = {0};
		char *bytes;
		size_t size;
		assert_int_equal(write_arrays(2, i == 0 ? 0 : 100, &bytes, &size, &err), 0);
		const hid_t file = open_bytes(bytes, size);
		for (int a = 0; a < ARRAYS; a++)
			if (!arrays[a].plain)
				look(file, a, &packed[i][a]);
		H5Fclose(file);
		free(bytes);
	}
	for (int a = 0; a < ARRAYS; a++) {
		const struct packed *ours = &packed[0][a], *theirs = &packed[1][a];
		assert_true(ours->size <= theirs->size + theirs->size / 100);
		if (!arrays[a].same)
			continue;
		assert_int_equal(ours->length, theirs->length);
		assert_memory_equal(ours->last, theirs->last, ours->length);
		same++;
	}
	assert_int_equal(same, 4);
}

static void threads_refused(void **state)
{
	struct err err = {0};
	char *bytes, *all;
	size_t size, all_size;
	assert_int_equal(write_arrays(7, 0, &all, &all_size, &err), 0);
	for (int n = 0; n < 4; n++) {
		threads_left = n;
		assert_int_equal(write_arrays(7, 0, &bytes, &size, &err), 0);
		threads_left = -1;
		assert_int_equal(size, all_size);
		assert_memory_equal(bytes, all, size);
		free(bytes);
	}
	free(all);
}

/* Memory for the state of gzip: for some threads is enough, for none is not. */
static void memory_refused(void **state)
{
	char *bytes;
	size_t size;
	for (int n = 0; n < 4; n++) {
		struct err err = {0};
		states_left = n;
		assert_int_equal(write_arrays(7, 0, &bytes, &size, &err), -1);
		states_left = -1;
		assert_int_equal(err.kind, ERR_SYSTEM);
		assert_non_null(strstr(err.text, n == 0 ? "out of memory for 'x0'" : "out of memory for 'x1'"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_show), cmocka_unit_test(pieces_make_a_whole),
		cmocka_unit_test(like_hdf5),           cmocka_unit_test(threads_refused),
		cmocka_unit_test(memory_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
