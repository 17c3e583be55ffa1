/* test_crafted.c: a sound result in which one thing was changed on purpose, by who knows the format; then sealed again, or left without a
 * checksum. Either it is read, or one error says what is wrong with the file: never the system's fault, never a crash. */
#include "sample.h"

#include <hdf5.h>
#include <zlib.h>

#include "store/reader.h"
#include "store/seal.h"

static struct sample sample;
static char path[400];
static char *whole; /* the result as it was, without its seal */
static size_t whole_size;
static haddr_t remembered; /* where the values of an array lie */

enum { R = 24 };

static int begin(void **state)
{
	struct err err = {0};
	sample_init(&sample, SAMPLE_STUDY);
	trace_free(sample.trace[2]);
	sample.trace[2] = trace_new(0, (int64_t[]){0}, 2, (int[]){0, 0, 0}, 0, 32, 0, 0, &err);
	sample.trace[2]->status = STATUS_FAILED;
	snprintf(sample.trace[2]->failure, sizeof sample.trace[2]->failure, "no memory");
	sample_finish(&sample);
	snprintf(path, sizeof path, "%s", sample_path(&sample, "small.h5"));
	whole = sample_bytes(path, &whole_size);
	whole_size -= SEAL_SIZE;
	return 0;
}

static int end(void **state)
{
	free(whole);
	sample_release(&sample);
	return 0;
}

/* ---- how a file is changed ---- */

static hid_t text_type(void)
{
	const hid_t type = H5Tcopy(H5T_C_S1);
	H5Tset_size(type, H5T_VARIABLE);
	H5Tset_cset(type, H5T_CSET_UTF8);
	return type;
}

/* n 0: one value. */
static void attribute(hid_t at, const char *name, hid_t type, hsize_t n, const void *values)
{
	if (H5Aexists(at, name) > 0)
		H5Adelete(at, name);
	const hid_t space = n > 0 ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
	const hid_t made = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
	assert_true(made >= 0 && H5Awrite(made, type, values) >= 0);
	H5Aclose(made);
	H5Sclose(space);
}

static void attribute_of(hid_t file, const char *array, const char *name, hid_t type, hsize_t n, const void *values)
{
	const hid_t at = H5Oopen(file, array, H5P_DEFAULT);
	attribute(at, name, type, n, values);
	H5Oclose(at);
}

/* An array in the place of the one of that name, if there is one. */
static hid_t array(hid_t file, const char *name, hid_t type, hid_t plan, int rank, const hsize_t *size,
		   const void *values)
{
	const hid_t space = rank > 0 ? H5Screate_simple(rank, size, NULL) : H5Screate(H5S_SCALAR);
	if (H5Lexists(file, name, H5P_DEFAULT) > 0)
		H5Ldelete(file, name, H5P_DEFAULT);
	const hid_t made = H5Dcreate2(file, name, type, space, H5P_DEFAULT, plan, H5P_DEFAULT);
	assert_true(made >= 0);
	if (values)
		assert_true(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	H5Sclose(space);
	return made;
}

static void put(hid_t file, const char *name, hid_t type, int rank, const hsize_t *size, const void *values)
{
	H5Dclose(array(file, name, type, H5P_DEFAULT, rank, size, values));
}

static void overwrite(hid_t file, const char *name, const int64_t *values)
{
	const hid_t at = H5Dopen2(file, name, H5P_DEFAULT);
	assert_true(H5Dwrite(at, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	H5Dclose(at);
}

/* The value of run 5. */
static void overwrite_run(hid_t file, const char *name, int64_t value)
{
	int64_t values[R];
	const hid_t at = H5Dopen2(file, name, H5P_DEFAULT);
	assert_true(H5Dread(at, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	H5Dclose(at);
	values[5] = value;
	overwrite(file, name, values);
}

#define CHANGE(name) static void name(hid_t file)
static const hsize_t runs[] = {R};
static const int64_t numbers[5000];
static const double reals[R] = {1, 2, 12345.678, 4};

/* Attributes. */
CHANGE(nothing)
{
}
CHANGE(text_of_nothing)
{
	attribute(file, "title", text_type(), 0, &(char *){NULL});
}
CHANGE(schema_in_words)
{
	attribute(file, "schema_version", text_type(), 0, &(char *){"one"});
}
CHANGE(schema_of_two)
{
	attribute(file, "schema_version", H5T_NATIVE_INT64, 2, (int64_t[]){1, 1});
}
CHANGE(schema_is_real)
{
	attribute(file, "schema_version", H5T_NATIVE_DOUBLE, 0, reals);
}
CHANGE(short_attribute)
{
	attribute(file, "x", H5T_NATIVE_INT16, 0, numbers);
}
CHANGE(real_attributes)
{
	attribute(file, "x", H5T_NATIVE_DOUBLE, 2, reals), attribute(file, "y", H5T_NATIVE_FLOAT, 0, reals);
}
CHANGE(small_attributes)
{
	attribute(file, "x", H5T_NATIVE_INT8, 0, numbers), attribute(file, "y", H5T_NATIVE_INT32, 3, numbers);
}
CHANGE(long_attribute)
{
	attribute(file, "x", H5T_NATIVE_LDOUBLE, 0, (long double[]){1});
}
CHANGE(many_numbers)
{
	attribute(file, "x", H5T_NATIVE_INT64, 5000, numbers);
}
CHANGE(two_texts)
{
	attribute(file, "x", text_type(), 2, (char *[]){"a", "b"});
}
CHANGE(long_text)
{
	char *text = calloc(1, (1 << 22) + 1);
	memset(text, 'x', 1 << 22);
	attribute(file, "x", text_type(), 0, &text);
	free(text);
}
CHANGE(fixed_text)
{
	const hid_t type = H5Tcopy(H5T_C_S1);
	H5Tset_size(type, 5);
	attribute(file, "x", type, 0, "four");
}
CHANGE(attribute_of_a_group)
{
	const hid_t group = H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	short_attribute(group);
	H5Gclose(group);
}

/* Arrays of any file. */
CHANGE(short_array)
{
	put(file, "x", H5T_NATIVE_INT16, 1, runs, NULL);
}
CHANGE(long_array)
{
	put(file, "x", H5T_NATIVE_LDOUBLE, 1, runs, NULL);
}
CHANGE(fixed_texts)
{
	const hid_t type = H5Tcopy(H5T_C_S1);
	H5Tset_size(type, 8);
	put(file, "x", type, 1, runs, NULL);
}
CHANGE(one_number)
{
	put(file, "x", H5T_NATIVE_INT64, 0, NULL, numbers);
}
CHANGE(four_dimensions)
{
	put(file, "x", H5T_NATIVE_INT64, 4, (hsize_t[]){1, 1, 1, 1}, numbers);
}
CHANGE(empty_array)
{
	put(file, "x", H5T_NATIVE_INT64, 1, (hsize_t[]){0}, NULL);
}
CHANGE(unwritten_array)
{
	put(file, "x", H5T_NATIVE_INT64, 1, (hsize_t[]){(hsize_t)1 << 40}, NULL);
}
CHANGE(named_type)
{
	const hid_t type = H5Tcopy(H5T_NATIVE_INT64);
	assert_true(H5Tcommit2(file, "x", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) >= 0);
	H5Tclose(type);
}
CHANGE(thousands_of_groups)
{
	for (int i = 0; i < 4200; i++) {
		char name[16];
		snprintf(name, sizeof name, "g%d", i);
		H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
	}
}

/* With all that a result may have, or one object more; the weights do not count. */
static void fill_up(hid_t file, int more)
{
	H5G_info_t info;
	assert_true(H5Gget_info(file, &info) >= 0);
	for (int i = (int)info.nlinks - 1; i < 4096 + more; i++) {
		char name[16];
		snprintf(name, sizeof name, "g%d", i);
		H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
	}
}

CHANGE(as_many_groups_as_may_be)
{
	fill_up(file, 0);
}
CHANGE(one_group_more)
{
	fill_up(file, 1);
}
CHANGE(soft_link)
{
	assert_true(H5Lcreate_soft("/status", file, "x", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}
CHANGE(array_in_two_places)
{
	H5Lcreate_hard(file, "status", file, "again", H5P_DEFAULT, H5P_DEFAULT);
}
CHANGE(group_in_itself)
{
	H5Lcreate_hard(file, "/", file, "x", H5P_DEFAULT, H5P_DEFAULT);
}

static void nest(hid_t file, const char *const *name, int n)
{
	for (int i = 0; i < n; i++)
		H5Gclose(H5Gcreate2(file, name[i], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static const char *const nested[] = {"x", "x/x", "x/x/x", "x/x/x/x"};
CHANGE(groups_in_groups)
{
	nest(file, nested, 3);
}
CHANGE(groups_too_deep)
{
	nest(file, nested, 4);
}
CHANGE(strange_filter)
{
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(plan, 1, runs);
	H5Pset_filter(plan, 32000, H5Z_FLAG_OPTIONAL, 1, &(unsigned){0});
	H5Dclose(array(file, "x", H5T_NATIVE_INT64, plan, 1, runs, NULL));
	H5Pclose(plan);
}
CHANGE(texts)
{
	char *words[R];
	for (int r = 0; r < R; r++)
		words[r] = "words";
	const hid_t made = array(file, "x", text_type(), H5P_DEFAULT, 1, runs, words);
	remembered = H5Dget_offset(made);
	H5Dclose(made);
}

static hid_t chunked(int rank, const hsize_t *chunk)
{
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(plan, rank, chunk);
	return plan;
}

CHANGE(compact_array)
{
	const hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_layout(plan, H5D_COMPACT);
	H5Dclose(array(file, "x", H5T_NATIVE_INT64, plan, 1, runs, numbers));
	H5Pclose(plan);
}
CHANGE(large_chunk)
{
	const hsize_t size[] = {1 << 18};
	H5Dclose(array(file, "x", H5T_NATIVE_INT64, chunked(1, size), 1, size, NULL));
}
CHANGE(beyond_numbers)
{
	const hsize_t size[] = {(hsize_t)1 << 40, (hsize_t)1 << 40}, chunk[] = {8, 8};
	H5Dclose(array(file, "x", H5T_NATIVE_INT64, chunked(2, chunk), 2, size, NULL));
}
CHANGE(summed)
{
	const hid_t plan = chunked(1, runs);
	H5Pset_fletcher32(plan);
	H5Dclose(array(file, "final_train_loss", H5T_NATIVE_DOUBLE, plan, 1, runs, reals));
	H5Pclose(plan);
}
CHANGE(plainly)
{
	const hid_t made = array(file, "final_train_loss", H5T_NATIVE_DOUBLE, H5P_DEFAULT, 1, runs, reals);
	remembered = H5Dget_offset(made);
	H5Dclose(made);
}

/* 2³¹ steps, in a few MB: all chunks are one. */
CHANGE(too_many_steps)
{
	enum { CHUNK = 1 << 20 };
	const hsize_t size[] = {(hsize_t)1 << 31}, chunk[] = {CHUNK};
	static Bytef zeros[CHUNK], packed[CHUNK];
	uLongf length = sizeof packed;
	const hid_t plan = chunked(1, chunk);
	H5Pset_deflate(plan, 1);
	assert_int_equal(compress2(packed, &length, zeros, CHUNK, 1), Z_OK);
	const hid_t made = array(file, "step", H5T_NATIVE_INT8, plan, 1, size, NULL);
	for (hsize_t at = 0; at < size[0]; at += CHUNK)
		assert_true(H5Dwrite_chunk(made, H5P_DEFAULT, 0, &at, length, packed) >= 0);
	H5Dclose(made);
	H5Pclose(plan);
}

/* Arrays of a result. */
CHANGE(runs_of_two_dimensions)
{
	put(file, "run", H5T_NATIVE_INT64, 2, (hsize_t[]){R, 1}, numbers);
}
CHANGE(no_layer)
{
	put(file, "layer", H5T_NATIVE_INT64, 1, (hsize_t[]){0}, NULL);
}
CHANGE(no_step)
{
	H5Ldelete(file, "step", H5P_DEFAULT);
}
CHANGE(steps_descend)
{
	overwrite(file, "step", (int64_t[]){0, 10, 7, 20});
}
CHANGE(steps_twice)
{
	overwrite(file, "step", (int64_t[]){0, 7, 7, 20});
}
CHANGE(steps_below_zero)
{
	overwrite(file, "step", (int64_t[]){-1, 7, 10, 20});
}
CHANGE(status_unknown)
{
	overwrite_run(file, "status", STATUS_N);
}
CHANGE(status_below_zero)
{
	overwrite_run(file, "status", -1);
}
CHANGE(code_unknown)
{
	overwrite_run(file, "activation", 99);
}
CHANGE(code_below_zero)
{
	overwrite_run(file, "activation", -1);
}
CHANGE(no_layers_of_a_run)
{
	overwrite_run(file, "layers", 0);
}
CHANGE(too_many_layers)
{
	overwrite_run(file, "layers", 5);
}
CHANGE(layers_missing)
{
	H5Ldelete(file, "layers", H5P_DEFAULT);
}
CHANGE(recorded_missing)
{
	H5Ldelete(file, "recorded", H5P_DEFAULT);
}
CHANGE(logged_missing)
{
	H5Ldelete(file, "logged", H5P_DEFAULT);
}
CHANGE(metric_of_other_shape)
{
	put(file, "grad_norm", H5T_NATIVE_DOUBLE, 3, (hsize_t[]){R, 4, 3}, numbers);
}
CHANGE(metric_of_other_rank)
{
	put(file, "grad_norm", H5T_NATIVE_DOUBLE, 1, runs, reals);
}
CHANGE(failure_missing)
{
	H5Ldelete(file, "failure", H5P_DEFAULT);
}
CHANGE(failures_are_numbers)
{
	put(file, "failure", H5T_NATIVE_INT64, 1, runs, numbers);
}
CHANGE(failures_of_few)
{
	put(file, "failure", text_type(), 1, (hsize_t[]){2}, (char *[]){"a", "b"});
}
CHANGE(failures_of_nothing)
{
	put(file, "failure", text_type(), 1, runs, (char *[R]){NULL});
}

/* Weights: run 0 has one hidden layer. */
CHANGE(weights_of_other_shape)
{
	put(file, "weights/0/initial/W2", H5T_NATIVE_FLOAT, 2, (hsize_t[]){1, 7}, (float[7]){0});
}
CHANGE(weights_of_whole_numbers)
{
	put(file, "weights/0/initial/W1", H5T_NATIVE_INT32, 2, (hsize_t[]){4, 2}, numbers);
}
CHANGE(biases_of_other_rank)
{
	put(file, "weights/0/initial/b1", H5T_NATIVE_FLOAT, 2, (hsize_t[]){4, 1}, numbers);
}
CHANGE(biases_missing)
{
	H5Ldelete(file, "weights/0/final/b2", H5P_DEFAULT);
}
CHANGE(weights_missing)
{
	H5Ldelete(file, "weights/0/final/W2", H5P_DEFAULT);
}
CHANGE(too_many_units)
{
	enum { CHUNK = 1 << 18 };
	const hsize_t size[] = {(hsize_t)1 << 31, 1}, chunk[] = {CHUNK, 1};
	static Bytef zeros[4 * CHUNK], packed[CHUNK];
	uLongf length = sizeof packed;
	const hid_t plan = chunked(2, chunk);
	H5Pset_deflate(plan, 1);
	assert_int_equal(compress2(packed, &length, zeros, sizeof zeros, 1), Z_OK);
	const hid_t made = array(file, "weights/0/initial/W1", H5T_NATIVE_FLOAT, plan, 2, size, NULL);
	for (hsize_t at[2] = {0, 0}; at[0] < size[0]; at[0] += CHUNK)
		assert_true(H5Dwrite_chunk(made, H5P_DEFAULT, 0, at, length, packed) >= 0);
	H5Dclose(made);
	H5Pclose(plan);
}

/* ---- how bytes are changed that HDF5 would not change ---- */

static char *find(char *bytes, size_t size, const void *what, size_t length)
{
	char *found = memmem(bytes, size, what, length);
	assert_non_null(found);
	return found;
}

static void a_value(char *bytes, size_t size)
{
	*find(bytes, size, &reals[2], 8) ^= 1;
}

static void place_behind_the_end(char *bytes, size_t size)
{
	const haddr_t to = size - 8;
	memcpy(find(bytes, size, &remembered, 8), &to, 8);
}

/* A text's place: 4 bytes of length, 8 of the heap. */
static void heap_of_a_text(char *bytes, size_t size)
{
	assert_true(remembered + 12 <= size);
	memset(bytes + remembered + 4, 0x7f, 8);
}

static void size_of_values(char *bytes, size_t size)
{
	const uint64_t was[] = {remembered, R * 8}, less[] = {remembered, 8};
	memcpy(find(bytes, size, was, 16), less, 16);
}

/* The first chunk of the first index of chunks: a node that begins with TREE and 1, and after 24 bytes has that chunk's length. */
static void length_of_a_chunk(char *bytes, size_t size)
{
	const uint32_t length = 0x7fffffff;
	memcpy(find(bytes, size, "TREE\1", 5) + 24, &length, 4);
}

/* ---- what becomes of it ---- */

static const char GIGABYTES[] = "what the child would unpack: not tried";

static const struct craft {
	const char *name;
	void (*change)(hid_t file);
	void (*patch)(char *bytes, size_t size);
	const char *sealed, *unsealed; /* part of the error; NULL: it is read; "": either */
} crafts[] = {
#define CRAFT(change, patch, sealed, unsealed)                                                                         \
	{                                                                                                              \
#change " " #patch, change, patch, sealed, unsealed                                                    \
	}
	CRAFT(nothing, NULL, NULL, NULL),
	CRAFT(text_of_nothing, NULL, NULL, NULL),
	CRAFT(schema_in_words, NULL, "not a result file of fathom", "not a result file of fathom"),
	CRAFT(schema_of_two, NULL, "not a result file of fathom", "not a result file of fathom"),
	CRAFT(schema_is_real, NULL, "not a result file of fathom", "not a result file of fathom"),
	CRAFT(short_attribute, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(real_attributes, NULL, NULL, NULL),
	CRAFT(small_attributes, NULL, NULL, NULL),
	CRAFT(long_attribute, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(many_numbers, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(two_texts, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(long_text, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(fixed_text, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(attribute_of_a_group, NULL, "'x' is an attribute that no result has", NULL),
	CRAFT(short_array, NULL, "'x' holds what no result does", NULL),
	CRAFT(long_array, NULL, "'x' holds what no result does", NULL),
	CRAFT(fixed_texts, NULL, "'x' holds what no result does", NULL),
	CRAFT(one_number, NULL, "'x' has a shape that no result has", NULL),
	CRAFT(four_dimensions, NULL, "'x' has a shape that no result has", NULL),
	CRAFT(empty_array, NULL, NULL, NULL),
	CRAFT(unwritten_array, NULL, "'x' claims more values", "more memory"),
	CRAFT(named_type, NULL, "'x' is neither array nor group", NULL),
	CRAFT(thousands_of_groups, NULL, "more arrays than a result has", NULL),
	CRAFT(as_many_groups_as_may_be, NULL, NULL, NULL),
	CRAFT(one_group_more, NULL, "more arrays than a result has", NULL),
	CRAFT(soft_link, NULL, "'x' is a link that leads elsewhere", NULL),
	CRAFT(array_in_two_places, NULL, "'again' is in several places at once", NULL),
	CRAFT(group_in_itself, NULL, "'x' is in several places at once", NULL),
	CRAFT(groups_in_groups, NULL, NULL, NULL),
	CRAFT(groups_too_deep, NULL, "'x' is a group in a group in a group", NULL),
	CRAFT(strange_filter, NULL, "'x' lies in another file, or is packed by an unknown filter", "unknown filter"),
	CRAFT(texts, NULL, NULL, NULL),
	CRAFT(texts, heap_of_a_text, "'x' has text that cannot be read", "an array cannot be read"),
	CRAFT(compact_array, NULL, NULL, NULL),
	CRAFT(large_chunk, NULL, "'x' claims more values", NULL),
	CRAFT(beyond_numbers, NULL, "'x' claims more values", "more memory"),
	CRAFT(summed, NULL, NULL, NULL),
	CRAFT(summed, a_value, "cannot read 'final_train_loss'", "an array cannot be read"),
	CRAFT(summed, length_of_a_chunk, "claims more values", ""),
	CRAFT(plainly, NULL, NULL, NULL),
	CRAFT(plainly, place_behind_the_end, "'final_train_loss' claims more values", ""),
	CRAFT(plainly, size_of_values, "'final_train_loss' claims more values", ""),
	CRAFT(too_many_steps, NULL, "lacks the dimensions", GIGABYTES),
	CRAFT(runs_of_two_dimensions, NULL, "lacks the dimensions", "lacks the dimensions"),
	CRAFT(no_layer, NULL, "lacks the dimensions", "lacks the dimensions"),
	CRAFT(no_step, NULL, "lacks the dimensions", "lacks the dimensions"),
	CRAFT(steps_descend, NULL, "not ascending", "not ascending"),
	CRAFT(steps_twice, NULL, "not ascending", "not ascending"),
	CRAFT(steps_below_zero, NULL, "not ascending", "not ascending"),
	CRAFT(status_unknown, NULL, "run 5 has the unknown status 5", "run 5 has the unknown status 5"),
	CRAFT(status_below_zero, NULL, "unknown status -1", "unknown status -1"),
	CRAFT(code_unknown, NULL, "'activation' of run 5 is a code without meaning", "code without meaning"),
	CRAFT(code_below_zero, NULL, "code without meaning", "code without meaning"),
	CRAFT(no_layers_of_a_run, NULL, "run 5 has 0 layers of 4", "run 5 has 0 layers of 4"),
	CRAFT(too_many_layers, NULL, "run 5 has 5 layers of 4", "run 5 has 5 layers of 4"),
	CRAFT(layers_missing, NULL, "no array 'layers'", "no array 'layers'"),
	CRAFT(recorded_missing, NULL, "no array 'recorded'", "no array 'recorded'"),
	CRAFT(logged_missing, NULL, "no array 'logged'", "no array 'logged'"),
	CRAFT(metric_of_other_shape, NULL, "no array 'grad_norm' of the right shape", "cannot read 'grad_norm'"),
	CRAFT(metric_of_other_rank, NULL, "no array 'grad_norm' of the right shape", "cannot read 'grad_norm'"),
	CRAFT(failure_missing, NULL, "cannot read 'failure'", "cannot read 'failure'"),
	CRAFT(failures_are_numbers, NULL, "cannot read 'failure'", "cannot read 'failure'"),
	CRAFT(failures_of_few, NULL, "cannot read 'failure'", "cannot read 'failure'"),
	CRAFT(failures_of_nothing, NULL, NULL, NULL),
	CRAFT(weights_of_other_shape, NULL, "do not fit together", "do not fit together"),
	CRAFT(weights_of_whole_numbers, NULL, "do not fit together", "do not fit together"),
	CRAFT(biases_of_other_rank, NULL, "do not fit together", "do not fit together"),
	CRAFT(biases_missing, NULL, "cannot read the weights of run 0", "cannot read the weights of run 0"),
	CRAFT(weights_missing, NULL, "do not fit together", "do not fit together"),
	CRAFT(too_many_units, NULL, "do not fit together", GIGABYTES),
};

/* Result, array by array, then weights; 0, or −1 with err. */
static int read_all(struct err *err)
{
	struct result result;
	if (result_open(&result, path, err) != 0)
		return -1;
	int failed = 0;
	for (int id = 0; id < METRIC_N && !failed; id++)
		if (result.has & METRIC_BIT(id))
			failed = result_metric(&result, (enum metric_id)id, err) ? 0 : -1;
	struct trace *trace = failed ? NULL : reader_weights(&result, 0, err);
	failed = trace ? 0 : -1;
	trace_free(trace);
	result_close(&result);
	return failed;
}

/* What the two ways to read a file say: both are tried, for each has arrays that the other does not ask for. */
static void expect(const struct craft *craft, const char *words, bool sealed)
{
	struct err first = {0}, second = {0};
	struct text lines = TEXT_INIT;
	const int failed = read_all(&first), differs = result_diff(path, path, &lines, &second);
	text_release(&lines);
	if (!words && (failed || differs))
		fail_msg("%s, sealed %d: refused: %s|%s", craft->name, sealed, first.text, second.text);
	assert_true(!failed || first.kind == ERR_INPUT);
	assert_true(differs >= 0 || second.kind == ERR_INPUT);
	if (words && !strstr(first.text, words) && !strstr(second.text, words))
		fail_msg("%s, sealed %d: says: %s|%s", craft->name, sealed, first.text, second.text);
}

/* Without a wait for the disk. */
static void write_bytes(const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert_true(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static void write_changed(const struct craft *craft, bool sealed)
{
	size_t size;
	write_bytes(whole, whole_size);
	const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
	assert_true(file >= 0);
	craft->change(file);
	assert_true(H5Fclose(file) >= 0);
	char *bytes = sample_bytes(path, &size);
	bytes = realloc(bytes, size + SEAL_SIZE);
	assert_non_null(bytes);
	if (craft->patch)
		craft->patch(bytes, size);
	if (sealed)
		seal_put(bytes, size);
	write_bytes(bytes, size + (sealed ? SEAL_SIZE : 0));
	free(bytes);
}

static void each_is_read_or_refused(void **state)
{
	for (size_t i = 0; i < sizeof crafts / sizeof *crafts; i++) {
		write_changed(&crafts[i], true);
		expect(&crafts[i], crafts[i].sealed, true);
		if (crafts[i].unsealed == GIGABYTES)
			continue;
		write_changed(&crafts[i], false);
		expect(&crafts[i], crafts[i].unsealed, false);
	}
}

CHANGE(fingerprint_missing)
{
	const hid_t group = H5Gopen2(file, "claims", H5P_DEFAULT);
	H5Adelete(group, "xxh3");
	H5Gclose(group);
}

/* Verdicts whose fingerprint is gone are written anew. */
static void verdicts_without_a_fingerprint(void **state)
{
	struct err err = {0};
	const struct verdict_row row = {.say = "x", .source = "", .expect = "> 0", .pass = 1, .note = ""};
	const struct craft as_it_was = {"", nothing, NULL, NULL, NULL},
			   without = {"", fingerprint_missing, NULL, NULL, NULL};
	char *kept = whole;
	const size_t kept_size = whole_size;
	write_changed(&as_it_was, true);
	must(result_put_claims(path, 1, &row, &err));
	whole = sample_bytes(path, &whole_size);
	whole_size -= SEAL_SIZE;
	write_changed(&without, true);
	must(result_put_claims(path, 1, &row, &err));
	expect(&as_it_was, NULL, true);
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), group = H5Gopen2(file, "claims", H5P_DEFAULT);
	assert_true(H5Aexists(group, "xxh3") > 0);
	H5Gclose(group);
	H5Fclose(file);
	free(whole);
	whole = kept;
	whole_size = kept_size;
}

/* ---- segments of other versions of fathom ---- */

CHANGE(settings_missing)
{
	H5Ldelete(file, "lr", H5P_DEFAULT), H5Ldelete(file, "width", H5P_DEFAULT);
}
CHANGE(unknown_word)
{
	attribute_of(file, "activation", "flag_meanings", text_type(), 0,
		     &(char *){"swoosh swoosh swoosh swoosh swoosh swoosh swoosh swoosh swoosh swoosh swoosh swoosh"});
}
CHANGE(words_missing)
{
	const hid_t at = H5Dopen2(file, "activation", H5P_DEFAULT);
	H5Adelete(at, "flag_meanings");
	H5Dclose(at);
}

/* Merges runs of such a segment that the plan does not name: 0, or −1 with err. */
static int merge_orphans(void (*change)(hid_t), struct err *err)
{
	struct sample other;
	struct study less;
	struct plan plan;
	char name[256], segment[600], moved[600];
	size_t size;
	const char *only_tanh[] = {"activation=tanh"};
	sample_init(&other, SAMPLE_STUDY);
	struct store *store = sample_open(&other, NULL);
	sample_commit(&other, store, 0, R, R);
	store_close(store);
	sample_count(sample_path(&other, "small.parts"), ".h5", name);
	snprintf(segment, sizeof segment, "%s/small.parts/%s", other.dir, name);
	char *bytes = sample_bytes(segment, &size);
	assert_int_equal(file_replace(segment, bytes, size - SEAL_SIZE, err), 0);
	free(bytes);
	const hid_t file = H5Fopen(segment, H5F_ACC_RDWR, H5P_DEFAULT);
	change(file);
	H5Fclose(file);
	bytes = sample_bytes(segment, &size);
	bytes = realloc(bytes, size + SEAL_SIZE);
	assert_non_null(bytes);
	snprintf(moved, sizeof moved, "%s/small.parts/%016llx.h5", other.dir,
		 (unsigned long long)seal_put(bytes, size));
	assert_int_equal(file_replace(moved, bytes, size + SEAL_SIZE, err), 0);
	unlink(segment);
	free(bytes);
	assert_int_equal(study_parse(&less, SAMPLE_STUDY, strlen(SAMPLE_STUDY), "small", "", 1, only_tanh, err), 0);
	assert_int_equal(plan_build(&plan, &less, sample_identity, err), 0);
	store = sample_open(&other, NULL);
	const int done = store_compact(store, &plan, false, &sample_provenance, err);
	assert_int_equal(store_committed(store), R);
	store_close(store);
	plan_release(&plan);
	study_release(&less);
	sample_release(&other);
	return done;
}

static void segments_of_other_versions(void **state)
{
	struct err err = {0};
	must(merge_orphans(settings_missing, &err)); /* older than these settings: defaults */
	assert_int_equal(merge_orphans(unknown_word, &err), -1);
	if (!strstr(err.text, "no activation 'swoosh' in this version of fathom"))
		fail_msg("says: %s", err.text);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(merge_orphans(words_missing, &err), -1);
	assert_non_null(strstr(err.text, "'?'"));
	assert_int_equal(merge_orphans(layers_missing, &err), -1); /* what is not asked for before they are merged */
	assert_non_null(strstr(err.text, "no array 'layers'"));
	assert_int_equal(merge_orphans(code_unknown, &err), -1);
	assert_non_null(strstr(err.text, "code without meaning"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_read_or_refused),
		cmocka_unit_test(verdicts_without_a_fingerprint),
		cmocka_unit_test(segments_of_other_versions),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
