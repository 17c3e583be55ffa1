/* result.c: what other rooms see of a result file: see store.h */
#include <string.h>

#include "store/reader.h"

static bool is_study(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* A study where its results are wanted is the likeliest slip of all. */
static int refuse_study(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	err_set(err, ERR_INPUT, "'%s' is a study, not its results", path);
	return err_add(err, "try: results/%.*s.h5, which 'fathom run %s' writes", (int)(strrchr(name, '.') - name),
		       name, path);
}

int result_open(struct result *result, const char *path, struct err *err)
{
	const enum file_state state = reader_open(result, path, false, false, err);
	if (state == FILE_FOREIGN && is_study(path))
		return refuse_study(path, err);
	if (state == FILE_GONE)
		err_add(err, "try: fathom run STUDY, or fathom compact --partial STUDY for an unfinished one");
	if (state != FILE_GOOD)
		return -1;
	if (reader_columns(result, err) == 0)
		return 0;
	result_close(result);
	return -1;
}

void result_close(struct result *result)
{
	struct store_reader *reader = result->reader;
	if (!reader)
		return;
	for (int c = 0; c < result->columns; c++)
		free((void *)(uintptr_t)reader->column[c].number);
	for (int id = 0; id < METRIC_N; id++)
		free(reader->array[id]);
	free(reader->hash);
	free(reader->status);
	free(reader->step);
	free(reader->layers);
	free(reader->recorded);
	free(reader->logged);
	if (reader->file >= 0)
		H5Fclose(reader->file);
	pool_release(&reader->pool);
	free(reader);
	*result = (struct result){0};
}

const double *result_metric(struct result *result, enum metric_id id, struct err *err)
{
	const int rank = metrics[id].shape == METRIC_RUN ? 1 : metrics[id].shape == METRIC_STEP ? 2 : 3;
	const hsize_t dims[3] = {result->R, (hsize_t)result->S, (hsize_t)result->L};
	double **array = &result->reader->array[id];
	if (!(result->has & METRIC_BIT(id))) {
		err_set(err, ERR_INPUT, "'%s' has no '%s'\ntry: add it to 'metrics' in the section 'log' of the study",
			result->path, metrics[id].name);
		return NULL;
	}
	if (!*array)
		*array = reader_array(result, metrics[id].name, rank, dims, KIND_F64, sizeof **array, err);
	return *array;
}

void result_derive(struct result *result, enum metric_id id, double *number)
{
	if (!metrics[id].derived)
		BUG("'%s' is measured, not derived", metrics[id].name);
	free(result->reader->array[id]);
	result->reader->array[id] = number;
	result->has |= METRIC_BIT(id);
}

const struct column *result_column(const struct result *result, const struct key *key)
{
	for (int c = 0; c < result->columns; c++)
		if (result->column[c].key == key)
			return &result->column[c];
	return NULL;
}

const char *result_attribute(struct result *result, const char *name)
{
	const char *text = reader_text(result, result->reader->file, name);
	return text ? text : "";
}
