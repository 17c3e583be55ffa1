/* test_fashion_mnist.c: the real files, where they are installed; what is loaded against what the test reads itself. */
#include "fixture.h"

static uint8_t *unpacked(const char *name, size_t size)
{
	char path[PATH_MAX];
	uint8_t *bytes = malloc(size);
	snprintf(path, sizeof path, FASHION_MNIST "%s", name);
	gzFile file = gzopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(gzread(file, bytes, (unsigned)size), size);
	gzclose(file);
	return bytes;
}

static bool installed(void)
{
	if (access(FASHION_MNIST "train-images-idx3-ubyte.gz", R_OK) == 0)
		return true;
	fprintf(stderr, "NOT TESTED: Fashion-MNIST is not installed (apt-get install dataset-fashion-mnist)\n");
	return false;
}

static uint64_t sum_of(const uint8_t *image)
{
	uint64_t sum = 0;
	for (int i = 0; i < 784; i++)
		sum += image[i] * (uint64_t)(i + 1);
	return sum;
}

/* Sums of pixels times position, over the images of each class, here and in the file read by the test itself. */
static void fashion_mnist_whole(void **state)
{
	static const uint8_t first[10] = {9, 0, 0, 3, 0, 2, 7, 2, 5, 5},
			     first_test[10] = {9, 2, 1, 1, 6, 1, 4, 6, 5, 7};
	if (!installed())
		skip();
	const struct data_spec spec = spec_of("fashion-mnist", 0, 0);
	struct dataset data = must_load(&spec);
	uint8_t *images = unpacked("train-images-idx3-ubyte.gz", 16 + 47040000);
	uint8_t *labels = unpacked("train-labels-idx1-ubyte.gz", 8 + 60000);
	uint8_t *test_labels = unpacked("t10k-labels-idx1-ubyte.gz", 8 + 10000);
	uint64_t here[10] = {0}, there[10] = {0};
	int seen = 0;
	assert_memory_equal(labels + 8, first, 10);
	assert_memory_equal(test_labels + 8, first_test, 10);
	assert_int_equal(data.train.n, 60000);
	assert_int_equal(data.test.n, 10000);
	for (int64_t k = 0; k < 60000; k++) {
		const uint8_t *image = data.train.bytes + k * 784;
		here[data.train.labels[k]] += sum_of(image);
		there[labels[8 + k]] += sum_of(images + 16 + k * 784);
		if (memcmp(image, images + 16, 784) == 0) {
			assert_int_equal(data.train.labels[k], 9);
			seen++;
		}
	}
	assert_int_equal(seen, 1);
	for (int c = 0; c < 10; c++)
		assert_true(here[c] == there[c]);
	/* the mean and deviation everybody uses: 0.2860 and 0.3530 of 255 */
	assert_near(data.shift[0] / 255, .2860, 2e-4, 0);
	assert_near(1 / data.scale[0] / 255, .3530, 2e-4, 0);
	dataset_release(&data);
	free(images);
	free(labels);
	free(test_labels);
}

static void fashion_mnist_counts(void **state)
{
	if (!installed())
		skip();
	struct data_spec spec = spec_of("fashion-mnist", 1000, 500);
	struct err err = {0};
	int inputs, classes, targets, count[2] = {0};
	assert_int_equal(dataset_shape(&spec, &inputs, &classes, &targets, &err), 0);
	assert_int_equal(inputs, 784);
	assert_int_equal(classes, 10);
	spec.classes = NUMBERS(9, 0);
	spec.class_ratio = NUMBERS(.4, .6);
	struct dataset data = must_load(&spec);
	for (int k = 0; k < 1000; k++)
		count[data.train.labels[k]]++;
	assert_int_equal(count[0], 400);
	assert_int_equal(count[1], 600);
	/* the first n are a fair sample: 40 of 100 are expected, 4.9 is the deviation */
	count[0] = 0;
	for (int k = 0; k < 100; k++)
		count[0] += data.train.labels[k] == 0;
	assert_in_range(count[0], 18, 62);
	dataset_release(&data);
	spec.train = 11000;
	must_fail(&spec, "class 0 has 6000 training examples of these classes in");
	spec.classes = NUMBERS(0, 10);
	must_fail(&spec, "has no label 10: its labels are 0 … 9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fashion_mnist_whole),
		cmocka_unit_test(fashion_mnist_counts),
	};
	return cmocka_run_group_tests_name("fashion_mnist", tests, NULL, NULL);
}
