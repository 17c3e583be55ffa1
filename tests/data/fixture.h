/* fixture.h: a temporary folder, files in it, and specs, for the tests of the data room. */
#ifndef FATHOM_DATA_FIXTURE_H
#define FATHOM_DATA_FIXTURE_H

#include "cm.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/text.h"
#include "data/dataset.h"

#define FASHION_MNIST "/usr/share/datasets/fashion-mnist/"

/* A list that lives as long as the block it is written in. */
#define NUMBERS(...) ((struct numbers){sizeof((double[]){__VA_ARGS__}) / sizeof(double), (const double[]){__VA_ARGS__}})

static inline struct data_spec spec_of(const char *set, int64_t train, int64_t test)
{
	struct data_spec spec = data_spec_default;
	spec.set = table_find(&dataset_table, set);
	assert_true(spec.set >= 0);
	spec.train = train;
	spec.test = test;
	return spec;
}

static inline struct dataset must_load(const struct data_spec *spec)
{
	struct err err = {0};
	struct dataset dataset;
	if (dataset_load(spec, &dataset, &err) != 0)
		fail_msg("%s", err.text);
	return dataset;
}

/* Loading fails by the user's fault, with these words, and leaves nothing behind. */
static inline void must_fail(const struct data_spec *spec, const char *words)
{
	struct err err = {0};
	struct dataset dataset;
	assert_int_equal(dataset_load(spec, &dataset, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	if (!strstr(err.text, words))
		fail_msg("'%s' is not in:\n%s", words, err.text);
	assert_null(dataset.memory);
}

static inline uint64_t identity_of(const struct data_spec *spec)
{
	struct err err = {0};
	uint64_t identity = 0;
	if (dataset_identity(spec, &identity, &err) != 0)
		fail_msg("%s", err.text);
	return identity;
}

/* A temporary folder; text members stay valid until folder_remove. */
struct folder {
	char path[64];
};

static inline struct folder folder_new(void)
{
	struct folder folder = {"/tmp/fathom-data-XXXXXX"};
	assert_non_null(mkdtemp(folder.path));
	return folder;
}

static inline void folder_file(const struct folder *folder, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", folder->path, name);
}

static inline void folder_remove(const struct folder *folder)
{
	char path[PATH_MAX];
	DIR *dir = opendir(folder->path);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.') {
			folder_file(folder, entry->d_name, path);
			unlink(path);
		}
	closedir(dir);
	assert_int_equal(rmdir(folder->path), 0);
}

static inline void write_file(const struct folder *folder, const char *name, const void *bytes, size_t size)
{
	char path[PATH_MAX];
	folder_file(folder, name, path);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void write_gz(const struct folder *folder, const char *name, const void *bytes, size_t size)
{
	char path[PATH_MAX];
	folder_file(folder, name, path);
	gzFile file = gzopen(path, "wb9");
	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
	assert_int_equal(gzclose(file), Z_OK);
}

#endif
