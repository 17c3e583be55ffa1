/* traces.c: runs of a file as traces again, the same that were committed: see reader.h. Read in blocks of rows, so that an
 * array larger than memory can be rewritten. */
#include <inttypes.h>
#include <string.h>

#include "store/reader.h"
#include "store/weights.h"

void steps_add(struct steps *steps, int S, const int64_t *step)
{
	int missing = 0;
	for (int s = 0, at = 0; s < S; s++) {
		while (at < steps->S && steps->step[at] < step[s])
			at++;
		missing += at == steps->S || steps->step[at] != step[s];
	}
	if (missing == 0)
		return;
	steps->step = realloc(steps->step, sizeof *steps->step * (size_t)(steps->S + missing));
	if (!steps->step)
		NO_MEMORY("out of memory for %d steps", steps->S + missing);
	int old = steps->S - 1;
	steps->S += missing;
	for (int to = steps->S - 1, more = S - 1; more >= 0; to--) {
		if (old >= 0 && steps->step[old] > step[more]) {
			steps->step[to] = steps->step[old--];
		} else {
			old -= old >= 0 && steps->step[old] == step[more];
			steps->step[to] = step[more--];
		}
	}
}

void steps_release(struct steps *steps)
{
	free(steps->step);
	*steps = (struct steps){0};
}

int reader_runs(struct result *result, struct err *err)
{
	struct store_reader *reader = result->reader;
	const hsize_t dims[2] = {result->R, (hsize_t)result->S};
	if (reader->logged)
		return 0;
	free(reader->layers); /* of a time when the others could not be read */
	free(reader->recorded);
	reader->recorded = NULL;
	reader->layers = reader_array(result, "layers", 1, dims, KIND_I64, sizeof *reader->layers, err);
	if (reader->layers)
		reader->recorded = reader_array(result, "recorded", 1, dims, KIND_U64, sizeof *reader->recorded, err);
	if (reader->recorded)
		reader->logged = reader_array(result, "logged", 2, dims, KIND_I8, 1, err);
	for (size_t r = 0; reader->logged && r < result->R; r++)
		if (reader->layers[r] < 1 || reader->layers[r] > result->L)
			return err_set(err, ERR_INPUT, "'%s': run %zu has %" PRId64 " layers of %d", result->path, r,
				       reader->layers[r], result->L);
	return reader->logged ? 0 : -1;
}

/* The steps at which any of these rows was logged. */
static int add_steps(const struct result *result, size_t n, const size_t *row, struct steps *steps, struct err *err)
{
	const size_t S = (size_t)result->S;
	int64_t *step = malloc(sizeof *step * S + 1);
	int8_t *used = calloc(S + 1, sizeof *used);
	int found = 0;
	if (!step || !used) {
		free(step);
		free(used);
		return err_set(err, ERR_SYSTEM, "out of memory for %zu steps", S);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; s < S; s++)
			used[s] |= result->reader->logged[row[i] * S + s];
	for (size_t s = 0; s < S; s++)
		if (used[s])
			step[found++] = result->step[s];
	steps_add(steps, found, step);
	free(step);
	free(used);
	return 0;
}

int reader_heads(struct result *result, size_t n, const size_t *row, struct head *head, struct steps *steps,
		 struct err *err)
{
	if (reader_runs(result, err) != 0)
		return -1;
	const struct store_reader *reader = result->reader;
	for (size_t i = 0; i < n; i++) {
		const size_t r = row[i];
		head[i] = (struct head){.hash = result->hash[r],
					.recorded = reader->recorded[r] & result->has,
					.layers = (int)reader->layers[r],
					.status = result->status[r]};
	}
	return add_steps(result, n, row, steps, err);
}

bool reader_has_weights(const struct result *result)
{
	return reader_has(result, "weights");
}

/* Why failed runs failed: an array of text, there only if one did. */
static int read_failures(struct result *result, size_t n, const size_t *row, struct trace **trace, struct err *err)
{
	int done = 0;
	char **text = calloc(result->R, sizeof *text);
	if (!text)
		return err_set(err, ERR_SYSTEM, "out of memory");
	const hid_t dataset = H5Dopen2(result->reader->file, "failure", H5P_DEFAULT);
	const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
	if (H5Tis_variable_str(type) > 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)result->R &&
	    H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0) {
		for (size_t i = 0; i < n; i++)
			snprintf(trace[i]->failure, sizeof trace[i]->failure, "%s", text[row[i]] ? text[row[i]] : "");
		H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
	} else {
		done = err_set(err, ERR_INPUT, "cannot read 'failure' of '%s'", result->path);
	}
	H5Sclose(space);
	H5Tclose(type);
	H5Dclose(dataset);
	free(text);
	return done;
}

/* Empty traces of the right shapes. */
static int make_traces(struct result *result, size_t n, const size_t *row, struct trace **trace, struct err *err)
{
	const struct store_reader *reader = result->reader;
	int64_t *step = malloc(sizeof *step * (size_t)(result->S + 1));
	int *shape = calloc((size_t)result->L + 1, sizeof *shape);
	size_t made = 0;
	if (!step || !shape)
		err_set(err, ERR_SYSTEM, "out of memory");
	for (; step && shape && made < n; made++) {
		const size_t r = row[made];
		int S = 0;
		for (int s = 0; s < result->S; s++)
			if (reader->logged[r * (size_t)result->S + (size_t)s])
				step[S++] = result->step[s];
		trace[made] = trace_new(S, step, (int)reader->layers[r], shape, 0, 64,
					reader->recorded[r] & result->has, 0, err);
		if (!trace[made])
			break;
		trace[made]->status = (enum status)result->status[r];
	}
	free(shape);
	free(step);
	return made == n ? 0 : -1;
}

/* One row of a metric (S × L, S or 1 values of the file) into a trace. */
static void spread(const struct result *result, enum metric_id id, size_t r, const double *values, struct trace *trace)
{
	const int8_t *logged = result->reader->logged + r * (size_t)result->S;
	double *to = trace->value[id];
	if (metrics[id].shape == METRIC_RUN) {
		*to = *values;
		return;
	}
	const int wide = metrics[id].shape == METRIC_STEP ? 1 : result->L;
	const int keep = metrics[id].shape == METRIC_STEP ? 1 : trace->L;
	for (int s = 0; s < result->S; s++)
		if (logged[s]) {
			memcpy(to, values + (size_t)s * (size_t)wide, sizeof *to * (size_t)keep);
			to += keep;
		}
}

static bool read_rows(hid_t dataset, size_t first, size_t n, double *values)
{
	hsize_t start[3] = {first}, count[3] = {n}, size[3];
	const hid_t from = H5Dget_space(dataset);
	const int rank = H5Sget_simple_extent_dims(from, size, NULL);
	for (int d = 1; d < rank; d++)
		count[d] = size[d];
	const hid_t to = H5Screate_simple(rank, count, NULL);
	const bool fine = H5Sselect_hyperslab(from, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
			  H5Dread(dataset, H5T_NATIVE_DOUBLE, to, from, H5P_DEFAULT, values) >= 0;
	H5Sclose(to);
	H5Sclose(from);
	return fine;
}

static int read_metric(struct result *result, enum metric_id id, size_t n, const size_t *row, struct trace **trace,
		       struct err *err)
{
	enum { BLOCK_VALUES = 1 << 20, GAP_VALUES = 1 << 13 }; /* to read over a gap is faster than to begin anew */
	char said[200];
	const enum metric_shape shape = metrics[id].shape;
	const size_t wide =
		(shape == METRIC_RUN ? 1 : (size_t)result->S) * (shape == METRIC_LAYER ? (size_t)result->L : 1);
	const size_t block = BLOCK_VALUES / (wide + 1) + 1;
	const size_t rows = block < result->R ? block : result->R;
	double *values = malloc(sizeof *values * (rows * wide + 1));
	const hid_t dataset = H5Dopen2(result->reader->file, metrics[id].name, H5P_DEFAULT);
	const hsize_t dims[3] = {result->R, (hsize_t)result->S, (hsize_t)result->L};
	bool sure = true, fine = values && dataset >= 0 && reader_fits(dataset, 1 + (int)shape, dims, &sure);
	for (size_t i = 0; fine && i < n;) {
		const size_t first = row[i];
		size_t j = i;
		while (j < n && row[j] - first < rows && (j == i || (row[j] - row[j - 1]) * wide <= GAP_VALUES))
			j++;
		fine = wide == 0 || read_rows(dataset, first, row[j - 1] - first + 1, values);
		for (; fine && i < j; i++)
			if (trace[i]->value[id])
				spread(result, id, row[i], values + (row[i] - first) * wide, trace[i]);
	}
	if (!values)
		err_set(err, ERR_SYSTEM, "out of memory");
	else if (!fine)
		err_set(err, sure ? ERR_INPUT : ERR_SYSTEM, "cannot read '%s' of '%s' (%s)", metrics[id].name,
			result->path, h5_fault(said, sizeof said));
	if (dataset >= 0)
		H5Dclose(dataset);
	free(values);
	return fine ? 0 : -1;
}

int reader_traces(struct result *result, size_t n, const size_t *row, struct trace **trace, struct err *err)
{
	bool failed = false;
	for (size_t i = 0; i < n; i++)
		trace[i] = NULL;
	if (reader_runs(result, err) != 0 || make_traces(result, n, row, trace, err) != 0)
		goto failed;
	for (int id = 0; id < METRIC_N; id++)
		if (result->has & METRIC_BIT(id) && read_metric(result, (enum metric_id)id, n, row, trace, err) != 0)
			goto failed;
	for (size_t i = 0; i < n; i++)
		failed = failed || trace[i]->status == STATUS_FAILED;
	if (failed && read_failures(result, n, row, trace, err) != 0)
		goto failed;
	return 0;
failed:
	for (size_t i = 0; i < n; i++)
		trace_free(trace[i]);
	return -1;
}

struct trace *reader_weights(struct result *result, size_t row, struct err *err)
{
	if (reader_runs(result, err) != 0 || reader_scout_weights(result, err) != 0)
		return NULL;
	struct trace *trace = weights_read(result->reader->file, row, (int)result->reader->layers[row], err);
	if (!trace)
		err_add(err, "in '%s'", result->path);
	return trace;
}
