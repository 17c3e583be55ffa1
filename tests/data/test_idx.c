/* test_idx.c: IDX files: small ones written here, every way they can be broken. */
#include "fixture.h"

#include <sys/stat.h>

enum { N = 40, WIDTH = 6, TEST_N = 12 };

/* Image i has the bytes 6 i … 6 i + 5, label i % 4. */
static size_t images_of(uint8_t *to, uint32_t n)
{
	const uint8_t head[] = {0, 0, 8, 3, 0, 0, 0, (uint8_t)n, 0, 0, 0, 2, 0, 0, 0, 3};
	memcpy(to, head, sizeof head);
	for (uint32_t k = 0; k < n * WIDTH; k++)
		to[sizeof head + k] = (uint8_t)k;
	return sizeof head + n * WIDTH;
}

static size_t labels_of(uint8_t *to, uint32_t n)
{
	const uint8_t head[] = {0, 0, 8, 1, 0, 0, 0, (uint8_t)n};
	memcpy(to, head, sizeof head);
	for (uint32_t k = 0; k < n; k++)
		to[sizeof head + k] = (uint8_t)(k % 4);
	return sizeof head + n;
}

static const char *const names[4] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
				     "t10k-labels-idx1-ubyte"};

static size_t good_file(int which, uint8_t to[1000])
{
	const uint32_t n = which < 2 ? N : TEST_N;
	return which % 2 == 0 ? images_of(to, n) : labels_of(to, n);
}

static struct folder good_folder(void)
{
	const struct folder folder = folder_new();
	uint8_t bytes[1000];
	for (int f = 0; f < 4; f++)
		write_file(&folder, names[f], bytes, good_file(f, bytes));
	return folder;
}

static struct data_spec spec_in(const struct folder *folder)
{
	struct data_spec spec = spec_of("idx", 0, 0);
	spec.path = folder->path;
	return spec;
}

/* The example's number in its file, by its first byte. */
static int origin(const struct examples *examples, int64_t k)
{
	for (int i = 1; i < WIDTH; i++)
		assert_int_equal(examples->bytes[k * WIDTH + i], examples->bytes[k * WIDTH] + i);
	return examples->bytes[k * WIDTH] / WIDTH;
}

static void whole_files(void **state)
{
	const struct folder folder = good_folder();
	const struct data_spec spec = spec_in(&folder);
	struct dataset data = must_load(&spec);
	int seen[N] = {0}, in_place = 0;
	assert_int_equal(data.I, WIDTH);
	assert_int_equal(data.classes, 4);
	assert_int_equal(data.targets, 0);
	assert_int_equal(data.train.n, N);
	assert_int_equal(data.test.n, TEST_N);
	assert_null(data.train.values);
	assert_null(data.train.targets);
	for (int k = 0; k < N; k++) {
		const int i = origin(&data.train, k);
		seen[i]++;
		in_place += i == k;
		assert_int_equal(data.train.labels[k], i % 4);
	}
	for (int i = 0; i < N; i++)
		assert_int_equal(seen[i], 1);
	assert_true(in_place < N / 4); /* shuffled */
	for (int k = 0; k < TEST_N; k++)
		assert_int_equal(data.test.labels[k], origin(&data.test, k) % 4);
	dataset_release(&data);
	folder_remove(&folder);
}

static void a_smaller_choice_begins_a_larger_one(void **state)
{
	const struct folder folder = good_folder();
	struct data_spec spec = spec_in(&folder);
	struct dataset all = must_load(&spec);
	spec.train = 10;
	struct dataset some = must_load(&spec);
	assert_int_equal(some.train.n, 10);
	assert_memory_equal(some.train.bytes, all.train.bytes, 10 * WIDTH);
	assert_memory_equal(some.test.bytes, all.test.bytes, TEST_N * WIDTH);
	spec.data_seed = 1;
	struct dataset other = must_load(&spec);
	assert_memory_not_equal(some.train.bytes, other.train.bytes, 10 * WIDTH);
	dataset_release(&all);
	dataset_release(&some);
	dataset_release(&other);
	folder_remove(&folder);
}

/* Train and test are shuffled apart, also when they have as many examples. */
static void train_and_test_have_their_own_order(void **state)
{
	const struct folder folder = good_folder();
	const struct data_spec spec = spec_in(&folder);
	uint8_t bytes[1000];
	write_file(&folder, names[2], bytes, good_file(0, bytes));
	write_file(&folder, names[3], bytes, good_file(1, bytes));
	struct dataset data = must_load(&spec);
	assert_int_equal(data.test.n, N);
	assert_memory_not_equal(data.train.bytes, data.test.bytes, N * WIDTH);
	dataset_release(&data);
	folder_remove(&folder);
}

static void classes_and_ratio(void **state)
{
	const struct folder folder = good_folder();
	struct data_spec spec = spec_in(&folder);
	int count[2] = {0};
	spec.classes = NUMBERS(3, 1);
	struct dataset data = must_load(&spec);
	assert_int_equal(data.classes, 2);
	assert_int_equal(data.train.n, 20);
	assert_int_equal(data.test.n, 6);
	for (int k = 0; k < 20; k++)
		assert_int_equal(data.train.labels[k], origin(&data.train, k) % 4 == 3 ? 0 : 1);
	dataset_release(&data);
	spec.train = 10;
	spec.test = 5;
	spec.class_ratio = NUMBERS(40, 60);
	data = must_load(&spec);
	for (int k = 0; k < 10; k++)
		count[data.train.labels[k]]++;
	assert_int_equal(count[0], 4);
	assert_int_equal(count[1], 6);
	dataset_release(&data);
	/* all there are in that ratio: 10 of the second class, 6⅔ of the first */
	spec.train = 0;
	spec.class_ratio = NUMBERS(.4, .6);
	data = must_load(&spec);
	assert_int_equal(data.train.n, 17);
	dataset_release(&data);
	spec.class_ratio = NUMBERS(1, 3);
	spec.train = 16;
	must_fail(&spec, "class 1 has 10 training examples of these classes in");
	spec.class_ratio = (struct numbers){0, NULL};
	spec.train = 21;
	must_fail(&spec, "21 examples asked for, but there are 20 training examples of these classes in");
	spec.train = 0;
	spec.classes = NUMBERS(0, 7);
	must_fail(&spec, "the label 7 of 'classes'\nits labels: 0, 1, 2, 3");
	folder_remove(&folder);
}

static void plain_and_gzipped_and_dotted(void **state)
{
	const struct folder plain = good_folder(), zipped = folder_new();
	uint8_t bytes[1000];
	write_gz(&zipped, "train-images-idx3-ubyte.gz", bytes, good_file(0, bytes));
	write_gz(&zipped, "train-labels.idx1-ubyte.gz", bytes, good_file(1, bytes));
	write_file(&zipped, "t10k-images.idx3-ubyte", bytes, good_file(2, bytes));
	write_gz(&zipped, "t10k-labels-idx1-ubyte.gz", bytes, good_file(3, bytes));
	struct data_spec spec = spec_in(&plain);
	struct dataset a = must_load(&spec);
	spec = spec_in(&zipped);
	struct dataset b = must_load(&spec);
	assert_int_equal(a.train.n, b.train.n);
	assert_memory_equal(a.train.bytes, b.train.bytes, N * WIDTH);
	assert_memory_equal(a.test.bytes, b.test.bytes, TEST_N * WIDTH);
	dataset_release(&a);
	dataset_release(&b);
	folder_remove(&plain);
	folder_remove(&zipped);
}

static void shape_without_loading(void **state)
{
	const struct folder folder = good_folder();
	struct data_spec spec = spec_in(&folder);
	struct err err = {0};
	int inputs, classes, targets;
	char path[PATH_MAX];
	folder_file(&folder, names[2], path);
	unlink(path); /* the shape needs no test images */
	assert_int_equal(dataset_shape(&spec, &inputs, &classes, &targets, &err), 0);
	assert_int_equal(inputs, WIDTH);
	assert_int_equal(classes, 4);
	assert_int_equal(targets, 0);
	spec.classes = NUMBERS(0, 2, 3);
	assert_int_equal(dataset_shape(&spec, &inputs, &classes, &targets, &err), 0);
	assert_int_equal(classes, 3);
	must_fail(&spec, "there is no 't10k-images-idx3-ubyte' nor");
	spec.path = "/nonexistent";
	assert_int_equal(dataset_shape(&spec, &inputs, &classes, &targets, &err), -1);
	assert_non_null(strstr(err.text, "'/nonexistent'"));
	folder_remove(&folder);
}

/* One file of a good folder is replaced; the message has these words and names the file. */
static void broken(int which, const void *bytes, size_t size, const char *words)
{
	const struct folder folder = good_folder();
	const struct data_spec spec = spec_in(&folder);
	write_file(&folder, names[which], bytes, size);
	must_fail(&spec, words);
	must_fail(&spec, names[which]);
	folder_remove(&folder);
}

static void broken_files(void **state)
{
	uint8_t bytes[1000], bad[1000];
	size_t size = good_file(0, bytes);
	broken(0, bytes, 0, "is truncated");
	broken(0, bytes, 3, "is truncated");
	broken(0, bytes, 10, "is truncated");
	broken(0, bytes, size - 1, "is truncated: its header promises 256 bytes, it has 255");
	broken(2, bytes, size - 1, "is truncated");
	bytes[size] = 0;
	broken(0, bytes, size + 1, "is too long");
	memcpy(bad, bytes, size);
	bad[0] = 'P';
	broken(0, bad, size, "is not an IDX file");
	bad[0] = 0;
	bad[2] = 0x0d;
	broken(0, bad, size, "IDX type 0x0d");
	bad[2] = 8;
	bad[3] = 1;
	broken(0, bad, size, "has 1 dimensions");
	bad[3] = 3;
	bad[7] = 0;
	broken(0, bad, size, "holds no examples");
	bad[7] = N - 1;
	size = images_of(bad, N - 1);
	broken(0, bad, size, "has 39 images");
	/* 2^32 images of 2^24 bytes: 72 petabytes */
	const uint8_t huge[] = {0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 16, 0, 0, 0, 16, 0, 1, 2, 3};
	broken(0, huge, sizeof huge, "promises 72057594021150736 bytes, it has 19");
	const uint8_t wide[] = {0, 0, 8, 4, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 9};
	broken(0, wide, sizeof wide, "images of more than 16 million bytes");
	const uint8_t flat[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
	broken(0, flat, sizeof flat, "images of 0 bytes");
	size = good_file(3, bad);
	bad[size - 1] = 9;
	broken(3, bad, size, "has the label 9, which no training example has");
	size = good_file(1, bad);
	memset(bad + 8, 5, N);
	broken(1, bad, size, "one class only: every label is 5");
}

static void broken_gzip(void **state)
{
	uint8_t bytes[1000], zipped[1200];
	const struct folder folder = folder_new();
	char path[PATH_MAX];
	write_gz(&folder, "a", bytes, good_file(0, bytes));
	folder_file(&folder, "a", path);
	FILE *file = fopen(path, "rb");
	const size_t size = fread(zipped, 1, sizeof zipped, file);
	fclose(file);
	folder_remove(&folder);
	broken(0, zipped, size / 2, "is truncated: its gzip data end too early");
	broken(0, zipped, size - 3, "is truncated: its gzip data end too early");
	zipped[size - 6] ^= 1;
	broken(0, zipped, size, "is corrupt");
	zipped[size - 6] ^= 1;
	zipped[12] ^= 0x5a;
	broken(0, zipped, size, "is corrupt");
	zipped[12] ^= 0x5a;

	/* a gzip header of petabytes, and one that holds more or less than it promises */
	const struct folder other = good_folder();
	const struct data_spec spec = spec_in(&other);
	const uint8_t huge[] = {0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 16, 0, 0, 0, 16, 0, 1, 2, 3};
	write_gz(&other, names[0], huge, sizeof huge);
	must_fail(&spec, "gzipped bytes can hold");
	write_gz(&other, names[0], bytes, good_file(0, bytes) - 1);
	must_fail(&spec, "holds less than its header promises");
	write_gz(&other, names[0], bytes, good_file(0, bytes) + 1);
	must_fail(&spec, "holds more than its header promises");
	folder_remove(&other);
}

static void a_folder_in_the_place_of_a_file(void **state)
{
	const struct folder folder = good_folder();
	const struct data_spec spec = spec_in(&folder);
	char path[PATH_MAX];
	struct err err = {0};
	int a, b, c;
	folder_file(&folder, names[0], path);
	unlink(path);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(dataset_shape(&spec, &a, &b, &c, &err), -1);
	assert_non_null(strstr(err.text, "is not a regular file"));
	rmdir(path);
	folder_remove(&folder);
}

static void fashion_mnist_elsewhere(void **state)
{
	struct data_spec spec = spec_of("fashion-mnist", 10, 10);
	const struct folder empty = folder_new();
	spec.path = empty.path;
	must_fail(&spec, "there is no 'train-images-idx3-ubyte' nor 'train-images-idx3-ubyte.gz'");
	must_fail(&spec, "try: a 'path'");
	folder_remove(&empty);
	const struct folder four = good_folder();
	spec.path = four.path;
	must_fail(&spec, "has 4 classes, the data set 'fashion-mnist' has 10");
	folder_remove(&four);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_files),
		cmocka_unit_test(a_smaller_choice_begins_a_larger_one),
		cmocka_unit_test(train_and_test_have_their_own_order),
		cmocka_unit_test(classes_and_ratio),
		cmocka_unit_test(plain_and_gzipped_and_dotted),
		cmocka_unit_test(shape_without_loading),
		cmocka_unit_test(broken_files),
		cmocka_unit_test(broken_gzip),
		cmocka_unit_test(a_folder_in_the_place_of_a_file),
		cmocka_unit_test(fashion_mnist_elsewhere),
	};
	return cmocka_run_group_tests_name("idx", tests, NULL, NULL);
}
