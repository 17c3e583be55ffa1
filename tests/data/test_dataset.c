/* test_dataset.c: what is common to all sets: faults of a spec, identity, standardisation, gathering into a batch. */
#include "fixture.h"

/* ---- faults ---- */

static void faulty(struct data_spec spec, int faults, const char *words)
{
	struct err err = {0};
	int found = 0;
	assert_int_equal(data_spec_check(&spec, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	if (!strstr(err.text, words))
		fail_msg("'%s' is not in:\n%s", words, err.text);
	for (const char *at = err.text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		found += strncmp(at, "try: ", 5) != 0;
	}
	if (found != faults)
		fail_msg("%d faults, not %d, in:\n%s", found, faults, err.text);
}

static void spec_faults(void **state)
{
	struct data_spec spec;
	struct err err = {0};
#define FAULTY(set, faults, words, ...)                                                                                \
	do {                                                                                                           \
		spec = spec_of(set, 10, 10);                                                                           \
		__VA_ARGS__;                                                                                           \
		faulty(spec, faults, words);                                                                           \
	} while (0)
	FAULTY("circles", 1, "'circles' has no use for 'path'", spec.path = "x");
	FAULTY("circles", 1, "'circles' has no use for 'classes'", spec.classes = NUMBERS(0, 1));
	FAULTY("circles", 1, "'circles' has no use for 'features'", spec.features = 3);
	FAULTY("circles", 1, "'circles' has no use for 'function'", spec.function = 1);
	FAULTY("teacher", 1, "'teacher' has no use for 'class_ratio'", spec.class_ratio = NUMBERS(1, 1));
	FAULTY("fashion-mnist", 1, "'fashion-mnist' has no use for 'noise'", spec.noise = .1);
	FAULTY("circles", 1, "generated: it needs 'train'", spec.train = 0);
	FAULTY("circles", 1, "generated: it needs 'test'", spec.test = 0);
	FAULTY("circles", 1, "'train' is -1", spec.train = -1);
	FAULTY("circles", 1, "'test' is 2000000000", spec.test = 2000000000);
	FAULTY("circles", 1, "'noise' is -1", spec.noise = -1);
	FAULTY("circles", 1, "'noise' is nan", spec.noise = NAN);
	FAULTY("circles", 1, "'data_seed' is 4294967296", spec.data_seed = 4294967296);
	FAULTY("circles", 1, "'class_ratio' has 3 numbers for 2 classes", spec.class_ratio = NUMBERS(1, 1, 1));
	FAULTY("circles", 1, "0 in 'class_ratio' is not a share", spec.class_ratio = NUMBERS(0, 1));
	FAULTY("circles", 1, "nan in 'class_ratio'", spec.class_ratio = NUMBERS(1, NAN));
	FAULTY("circles", 1, "inf in 'class_ratio'", spec.class_ratio = NUMBERS(1, INFINITY));
	FAULTY("gaussians", 1, "needs 'noise'", spec.noise = 0);
	FAULTY("parity", 1, "'features' is 0", spec.features = 0);
	FAULTY("idx", 1, "needs 'path': where its four files are", spec.path = "");
	FAULTY("fashion-mnist", 1, "names one label", spec.classes = NUMBERS(3));
	FAULTY("fashion-mnist", 1, "names the label 3 twice", spec.classes = NUMBERS(3, 1, 3));
	FAULTY("fashion-mnist", 2, "1.5 in 'classes' is not a label", spec.classes = NUMBERS(1.5, -1));
	FAULTY("fashion-mnist", 1, "has no label 10", spec.classes = NUMBERS(0, 10));
	FAULTY("fashion-mnist", 1, "has 2 numbers for 10 classes", spec.class_ratio = NUMBERS(1, 1));
	FAULTY("circles", 4, "'circles' has no use for 'path'", spec.path = "x"; spec.noise = -1; spec.test = 0;
	       spec.features = 9);
#undef FAULTY
	/* faults of others stay */
	err_add(&err, "another fault");
	spec = spec_of("circles", 10, 10);
	assert_int_equal(data_spec_check(&spec, &err), 0);
	spec.noise = -1;
	assert_int_equal(data_spec_check(&spec, &err), -1);
	assert_ptr_equal(strstr(err.text, "another fault\n'noise' is -1"), err.text);
}

/* The defaults suit every set that needs no path, but for the noise of gaussians. */
static void defaults_are_fine(void **state)
{
	for (size_t s = 0; s < dataset_table.n; s++) {
		struct data_spec spec = data_spec_default;
		struct err err = {0};
		const char *name = table_name(&dataset_table, s);
		spec.set = (int)s;
		if (strcmp(name, "idx") == 0 || strcmp(name, "csv") == 0)
			spec.path = "x";
		if (strcmp(name, "gaussians") == 0)
			spec.noise = 1;
		assert_int_equal(data_spec_check(&spec, &err), 0);
	}
}

/* ---- identity ---- */

static void identity_of_generated(void **state)
{
	const struct data_spec base = spec_of("gaussians", 100, 50);
	static const double swapped[] = {1, 0}, more[] = {0, 1, 2}, usual[] = {0, 1}, ratio[] = {.4, .6},
			    same[] = {40, 60};
	struct data_spec variant[16];
	uint64_t id[16];
	int n = 0;
#define VARIANT(...)                                                                                                   \
	do {                                                                                                           \
		struct data_spec spec = base;                                                                          \
		spec.noise = .5;                                                                                       \
		spec.features = 4;                                                                                     \
		__VA_ARGS__;                                                                                           \
		variant[n++] = spec;                                                                                   \
	} while (0)
	VARIANT();
	VARIANT(spec.train = 101);
	VARIANT(spec.test = 51);
	VARIANT(spec.train = 50, spec.test = 100);
	VARIANT(spec.features = 5);
	VARIANT(spec.noise = .25);
	VARIANT(spec.data_seed = 1);
	VARIANT(spec.standardize = STANDARDIZE_NONE);
	VARIANT(spec.standardize = STANDARDIZE_FEATURE);
	VARIANT(spec.classes = ((struct numbers){2, swapped}));
	VARIANT(spec.classes = ((struct numbers){3, more}));
	VARIANT(spec.class_ratio = ((struct numbers){2, ratio}));
	VARIANT(spec.set = table_find(&dataset_table, "parity"));
	for (int i = 0; i < n; i++) {
		id[i] = identity_of(&variant[i]);
		struct dataset data = must_load(&variant[i]);
		assert_true(data.identity == id[i]);
		dataset_release(&data);
		for (int j = 0; j < i; j++)
			assert_true(id[i] != id[j]);
	}
	/* what says the same is the same */
	n = 0;
	VARIANT(spec.classes = ((struct numbers){2, usual}));
	VARIANT(spec.class_ratio = ((struct numbers){2, same}));
	VARIANT(spec.path = NULL);
	assert_true(identity_of(&variant[0]) == id[0]);
	assert_true(identity_of(&variant[1]) == id[11]);
	assert_true(identity_of(&variant[2]) == id[0]);
#undef VARIANT
	/* features does not count where it is not used */
	struct data_spec circles = spec_of("circles", 10, 10);
	const uint64_t before = identity_of(&circles);
	circles.features = 0;
	assert_true(identity_of(&circles) == before);
	struct data_spec function = spec_of("function", 10, 10);
	const uint64_t sine = identity_of(&function);
	function.function = 1;
	assert_true(identity_of(&function) != sine);
}

/* Identities are in results on disk: they must not change by accident. */
static void identity_is_stable(void **state)
{
	const struct data_spec spec = spec_of("circles", 200, 100);
	assert_true(identity_of(&spec) == 0x8d77593155c096b7u);
	struct data_spec all = spec_of("gaussians", 300, 150);
	all.features = 6;
	all.noise = 0.1;
	all.classes = NUMBERS(2, 0);
	all.class_ratio = NUMBERS(40, 60);
	all.data_seed = 3;
	all.standardize = STANDARDIZE_FEATURE;
	assert_true(identity_of(&all) == 0xa5b754d8919f08a5u);
}

static void identity_of_files(void **state)
{
	const struct folder folder = folder_new();
	char a[PATH_MAX], b[PATH_MAX];
	struct data_spec spec = spec_of("csv", 2, 1);
	write_file(&folder, "a.csv", "1,0\n2,1\n3,0\n", 12);
	write_file(&folder, "b.csv", "1,0\n2,1\n3,0\n", 12);
	folder_file(&folder, "a.csv", a);
	folder_file(&folder, "b.csv", b);
	spec.path = a;
	const uint64_t first = identity_of(&spec);
	spec.path = b;
	assert_true(identity_of(&spec) == first); /* the content counts, not the place */
	write_file(&folder, "b.csv", "1,0\n2,1\n4,0\n", 12);
	assert_true(identity_of(&spec) != first);
	spec.path = "/nonexistent";
	struct err err = {0};
	uint64_t identity;
	assert_int_equal(dataset_identity(&spec, &identity, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	folder_remove(&folder);
}

/* ---- standardisation ---- */

/* Mean and variance of the inputs of a part as the network sees them: of input i, or of all (i = −1). */
static void moments(const struct dataset *data, const struct examples *part, int i, double *mean, double *variance)
{
	const int I = data->I, low = i < 0 ? 0 : i, high = i < 0 ? I : i + 1;
	const double all = (double)part->n * (high - low);
	double *X = malloc((size_t)(part->n * I) * sizeof *X);
	dataset_gather_f64(data, part, NULL, 0, (int)part->n, X, I);
	*mean = *variance = 0;
	for (int64_t k = 0; k < part->n; k++)
		for (int j = low; j < high; j++)
			*mean += X[k * I + j] / all;
	for (int64_t k = 0; k < part->n; k++)
		for (int j = low; j < high; j++)
			*variance += (X[k * I + j] - *mean) * (X[k * I + j] - *mean) / all;
	free(X);
}

static struct folder uneven_csv(char path[PATH_MAX])
{
	const struct folder folder = folder_new();
	struct text text = TEXT_INIT;
	for (int i = 0; i < 60; i++)
		text_add(&text, "%d,0.1,%d.5,%d\n", i * i, 1000 - i, i % 2);
	write_file(&folder, "uneven.csv", text.at, text.length);
	text_release(&text);
	folder_file(&folder, "uneven.csv", path);
	return folder;
}

static void standardized(void **state)
{
	char path[PATH_MAX];
	const struct folder folder = uneven_csv(path);
	struct data_spec spec = spec_of("csv", 40, 20);
	double mean, variance;
	spec.path = path;
	spec.standardize = STANDARDIZE_FEATURE;
	struct dataset data = must_load(&spec);
	for (int i = 0; i < 3; i += 2) {
		moments(&data, &data.train, i, &mean, &variance);
		assert_true(fabs(mean) < 1e-13);
		assert_near(variance, 1, 1e-13, 0);
		moments(&data, &data.test, i, &mean, &variance);
		assert_true(fabs(mean) > 1e-3); /* test examples do not count */
	}
	assert_true(data.shift[1] == 0.1 && data.scale[1] == 1); /* no variance */
	dataset_release(&data);

	spec.standardize = STANDARDIZE_GLOBAL;
	data = must_load(&spec);
	assert_true(data.shift[0] == data.shift[2] && data.scale[0] == data.scale[2]);
	moments(&data, &data.train, -1, &mean, &variance);
	assert_true(fabs(mean) < 1e-13);
	assert_near(variance, 1, 1e-13, 0);
	dataset_release(&data);

	spec.standardize = STANDARDIZE_NONE;
	data = must_load(&spec);
	for (int i = 0; i < 3; i++)
		assert_true(data.shift[i] == 0 && data.scale[i] == 1);
	dataset_release(&data);
	folder_remove(&folder);
}

/* Bytes: 3 images of 2 × 1; the second pixel never changes. */
static struct folder tiny_idx(void)
{
	static const uint8_t images[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1, 10, 7, 20, 7, 60, 7};
	static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 1};
	const struct folder folder = folder_new();
	write_file(&folder, "train-images-idx3-ubyte", images, sizeof images);
	write_file(&folder, "train-labels-idx1-ubyte", labels, sizeof labels);
	write_file(&folder, "t10k-images-idx3-ubyte", images, sizeof images);
	write_file(&folder, "t10k-labels-idx1-ubyte", labels, sizeof labels);
	return folder;
}

static void standardized_bytes(void **state)
{
	const struct folder folder = tiny_idx();
	struct data_spec spec = spec_of("idx", 0, 0);
	spec.path = folder.path;
	spec.standardize = STANDARDIZE_NONE;
	struct dataset data = must_load(&spec);
	double X[6];
	dataset_gather_f64(&data, &data.train, NULL, 0, 3, X, 2);
	for (int k = 0; k < 3; k++) {
		assert_near(X[2 * k], data.train.bytes[2 * k] / 255., 1e-15, 0);
		assert_near(X[2 * k + 1], 7 / 255., 1e-15, 0);
	}
	dataset_release(&data);
	spec.standardize = STANDARDIZE_FEATURE;
	data = must_load(&spec);
	assert_true(data.shift[0] == 30 && data.shift[1] == 7);
	assert_near(data.scale[0], 1 / sqrt(1400. / 3), 1e-15, 0);
	assert_true(data.scale[1] == 1. / 255);
	dataset_release(&data);
	spec.standardize = STANDARDIZE_GLOBAL;
	data = must_load(&spec);
	assert_true(data.shift[0] == 18.5 && data.shift[1] == 18.5);
	assert_near(data.scale[1], 1 / sqrt((8.5 * 8.5 + 1.5 * 1.5 + 41.5 * 41.5 + 3 * 11.5 * 11.5) / 6), 1e-15, 0);
	dataset_release(&data);
	folder_remove(&folder);
}

/* ---- gathering ---- */

static double raw(const struct examples *part, int64_t k)
{
	return part->bytes ? part->bytes[k] : part->values[k];
}

/* Both precisions, with and without an index, against the definition; the padding stays. */
static void gather_one(const struct dataset *data)
{
	enum { B = 9, PAD = 5 };
	const struct examples *part = &data->train;
	const int I = data->I, ldx = I + PAD;
	const uint32_t index[B] = {3, 0, 3, 7, 11, 2, (uint32_t)part->n - 1, 5, 6};
	float *single = malloc((size_t)(B * ldx) * sizeof *single);
	double *whole = malloc((size_t)(B * ldx) * sizeof *whole);
	for (int indexed = 0; indexed <= 1; indexed++) {
		const int64_t first = indexed ? 1000000 : 4;
		for (int k = 0; k < B * ldx; k++)
			single[k] = whole[k] = -77;
		dataset_gather_f32(data, part, indexed ? index : NULL, first, B, single, ldx);
		dataset_gather_f64(data, part, indexed ? index : NULL, first, B, whole, ldx);
		for (int b = 0; b < B; b++) {
			const int64_t e = indexed ? index[b] : first + b;
			for (int i = 0; i < ldx; i++) {
				const double want =
					i < I ? (raw(part, e * I + i) - data->shift[i]) * data->scale[i] : -77;
				assert_true(whole[b * ldx + i] == want);
				assert_true(single[b * ldx + i] == (float)want);
			}
		}
	}
	free(single);
	free(whole);
}

static void gather(void **state)
{
	static const char *const sets[] = {"fashion-mnist", "gaussians", "function"};
	for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
		if (s == 0 && access(FASHION_MNIST "train-images-idx3-ubyte.gz", R_OK) != 0) {
			fprintf(stderr, "NOT TESTED: Fashion-MNIST is not installed\n");
			continue;
		}
		for (int how = STANDARDIZE_NONE; how <= STANDARDIZE_FEATURE; how++) {
			struct data_spec spec = spec_of(sets[s], 20, 5);
			spec.standardize = how;
			if (s == 1)
				spec.noise = 1, spec.features = 11;
			struct dataset data = must_load(&spec);
			gather_one(&data);
			dataset_release(&data);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spec_faults),           cmocka_unit_test(defaults_are_fine),
		cmocka_unit_test(identity_of_generated), cmocka_unit_test(identity_is_stable),
		cmocka_unit_test(identity_of_files),     cmocka_unit_test(standardized),
		cmocka_unit_test(standardized_bytes),    cmocka_unit_test(gather),
	};
	return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
