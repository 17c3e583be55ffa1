/* weights.c: see weights.h */
#include "store/weights.h"

#include <stdlib.h>
#include <string.h>

static void write_array(struct image *image, hid_t group, char letter, int l, const struct dim *rows,
			const struct dim *columns, enum kind kind, const void *values)
{
	char name[16];
	snprintf(name, sizeof name, "%c%d", letter, l);
	const struct variable variable = {.name = name,
					  .long_name =
						  letter == 'W' ? "weights into this layer: unit × input" : "biases",
					  .units = "1",
					  .kind = kind,
					  .rank = columns ? 2 : 1,
					  .dim = {rows, columns}};
	const hid_t dataset = image_variable(image, group, &variable);
	image_put_all(image, dataset, &variable, kind, values);
	image_close(image, dataset);
}

/* All layers of one moment; dim[l]: the units of layer l. */
static void write_moment(struct image *image, hid_t group, const struct dim *dim, const struct trace *trace,
			 const char *at)
{
	const enum kind kind = trace->precision_bits == 32 ? KIND_F32 : KIND_F64;
	const size_t size = (size_t)trace->precision_bits / 8;
	for (int l = 1; l <= trace->L; l++) {
		write_array(image, group, 'W', l, &dim[l], &dim[l - 1], kind, at);
		at += size * (size_t)trace->n[l] * (size_t)trace->n[l - 1];
		if (!trace->bias)
			continue;
		write_array(image, group, 'b', l, &dim[l], NULL, kind, at);
		at += size * (size_t)trace->n[l];
	}
}

/* The dimensions of a run's layers, n0 … nL: its scales are shared by its moments. */
static struct dim *write_dims(struct image *image, hid_t run, const struct trace *trace)
{
	char(*name)[16] = NULL;
	int most = 0;
	for (int l = 0; l <= trace->L; l++)
		most = trace->n[l] > most ? trace->n[l] : most;
	/* one block: the dimensions, then their names */
	struct dim *dim = malloc((sizeof *dim + sizeof *name) * ((size_t)trace->L + 1));
	int64_t *index = malloc(sizeof *index * (size_t)(most + 1));
	if (!dim || !index)
		NO_MEMORY("out of memory for %d dimensions", trace->L + 1);
	name = (void *)(dim + trace->L + 1);
	for (int i = 0; i < most; i++)
		index[i] = i;
	for (int l = 0; l <= trace->L; l++) {
		snprintf(name[l], sizeof name[l], "n%d", l);
		dim[l] = (struct dim){name[l], (hsize_t)trace->n[l], H5I_INVALID_HID};
		image_scale(image, run, &dim[l], l == 0 ? "input" : "unit of this layer", index);
	}
	free(index);
	return dim;
}

void weights_write(struct image *image, hid_t weights, size_t row, const struct trace *trace)
{
	char name[32];
	snprintf(name, sizeof name, "%zu", row);
	const hid_t run = image_group(image, weights, name);
	struct dim *dim = write_dims(image, run, trace);
	for (int w = 0; w < WEIGHTS_N; w++) {
		if (!trace->weights[w].values)
			continue;
		const hid_t moment = image_group(image, run, table_name(&weights_table, (size_t)w));
		write_moment(image, moment, dim, trace, trace->weights[w].values);
		image_close(image, moment);
	}
	for (int l = 0; l <= trace->L; l++)
		image_close(image, dim[l].scale);
	free(dim);
	image_close(image, run);
}

/* Shape and bytes per number of an array; false if it is none of that rank. */
static bool shape_of(hid_t group, const char *name, int rank, hsize_t size[2], size_t *bytes)
{
	const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT), space = H5Dget_space(dataset);
	const hid_t type = H5Dget_type(dataset);
	const bool fine = H5Sget_simple_extent_ndims(space) == rank && H5Tget_class(type) == H5T_FLOAT &&
			  H5Sget_simple_extent_dims(space, size, NULL) == rank && (size[0] | size[1]) < INT32_MAX;
	*bytes = H5Tget_size(type);
	H5Tclose(type);
	H5Sclose(space);
	H5Dclose(dataset);
	return fine; /* the scout knows numbers of 4 and 8 bytes only */
}

/* The shape of the network, from the arrays of one moment. */
static bool read_shape(hid_t moment, int layers, int *n, int *bias, int *bits)
{
	hsize_t size[2] = {0};
	size_t bytes = 8;
	for (int l = 1; l <= layers; l++) {
		char name[16];
		snprintf(name, sizeof name, "W%d", l);
		if (!shape_of(moment, name, 2, size, &bytes) || (l > 1 && (int)size[1] != n[l - 1]))
			return false;
		n[l - 1] = (int)size[1];
		n[l] = (int)size[0];
	}
	*bias = H5Lexists(moment, "b1", H5P_DEFAULT);
	*bits = (int)bytes * 8;
	return *bias == 0 || (*bias > 0 && shape_of(moment, "b1", 1, size, &bytes));
}

static bool read_array(hid_t moment, char letter, int l, enum kind kind, size_t count, void *out)
{
	char name[16];
	snprintf(name, sizeof name, "%c%d", letter, l);
	const hid_t dataset = H5Dopen2(moment, name, H5P_DEFAULT), space = H5Dget_space(dataset);
	const bool fine = H5Sget_simple_extent_npoints(space) == (hssize_t)count &&
			  H5Dread(dataset, kind_in_memory(kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
	H5Sclose(space);
	H5Dclose(dataset);
	return fine;
}

static bool read_moment(hid_t moment, const struct trace *trace, char *at)
{
	const enum kind kind = trace->precision_bits == 32 ? KIND_F32 : KIND_F64;
	const size_t size = (size_t)trace->precision_bits / 8;
	for (int l = 1; l <= trace->L; l++) {
		const size_t out = (size_t)trace->n[l], in = (size_t)trace->n[l - 1];
		if (!read_array(moment, 'W', l, kind, out * in, at))
			return false;
		at += size * out * in;
		if (trace->bias && !read_array(moment, 'b', l, kind, out, at))
			return false;
		at += trace->bias ? size * out : 0;
	}
	return true;
}

/* The group of a moment; none: invalid and fine. */
static hid_t open_moment(hid_t file, size_t row, int w, bool *fine)
{
	char run[64], path[80];
	snprintf(run, sizeof run, "weights/%zu", row);
	snprintf(path, sizeof path, "%s/%s", run, table_name(&weights_table, (size_t)w));
	const char *const step[] = {"weights", run, path};
	htri_t there = 1;
	for (int i = 0; i < 3 && there > 0; i++)
		there = H5Lexists(file, step[i], H5P_DEFAULT);
	const hid_t moment = there > 0 ? H5Gopen2(file, path, H5P_DEFAULT) : H5I_INVALID_HID;
	*fine = *fine && (there == 0 || moment >= 0);
	return moment;
}

struct trace *weights_read(hid_t file, size_t row, int layers, struct err *err)
{
	hid_t moment[WEIGHTS_N];
	unsigned wanted = 0;
	int bias = 0, bits = 64;
	bool fine = true;
	struct trace *trace = NULL;
	int *n = calloc((size_t)layers + 1, sizeof *n);
	for (int w = 0; w < WEIGHTS_N; w++) {
		moment[w] = open_moment(file, row, w, &fine);
		wanted |= moment[w] >= 0 ? 1u << w : 0;
		if (n && moment[w] >= 0)
			fine = fine && read_shape(moment[w], layers, n, &bias, &bits);
	}
	if (!n)
		err_set(err, ERR_SYSTEM, "out of memory");
	else if (!fine)
		err_set(err, ERR_INPUT, "cannot read the weights of run %zu, or they do not fit together", row);
	else
		trace = trace_new(0, &(int64_t){0}, layers, n, bias, bits, 0, wanted, err);
	for (int w = 0; w < WEIGHTS_N; w++) {
		if (moment[w] < 0)
			continue;
		if (trace && !read_moment(moment[w], trace, trace->weights[w].values)) {
			err_set(err, ERR_INPUT, "cannot read the weights of run %zu", row);
			trace_free(trace);
			trace = NULL;
		}
		H5Gclose(moment[w]);
	}
	free(n);
	return trace;
}
