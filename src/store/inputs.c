/* inputs.c: the exact inputs of a study as HDF5, for other programs to train on the same: see store.h */
#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "store/h5.h"
#include "store/store.h"

enum { ROWS_AT_ONCE = 256 };

/* X in pieces, as a batch would be gathered. */
static void put_inputs(struct image *image, hid_t X, const struct variable *variable, const struct dataset *data,
		       const struct examples *from)
{
	void *rows = malloc(sizeof(double) * ROWS_AT_ONCE * (size_t)data->I);
	if (!rows)
		NO_MEMORY("out of memory for %d inputs", data->I);
	for (int64_t first = 0; first < from->n; first += ROWS_AT_ONCE) {
		const int B = from->n - first < ROWS_AT_ONCE ? (int)(from->n - first) : ROWS_AT_ONCE;
		const hsize_t start[2] = {(hsize_t)first, 0}, count[2] = {(hsize_t)B, (hsize_t)data->I};
		if (variable->kind == KIND_F32)
			dataset_gather_f32(data, from, NULL, first, B, rows, data->I);
		else
			dataset_gather_f64(data, from, NULL, first, B, rows, data->I);
		image_put(image, X, variable, start, count, variable->kind, rows);
	}
	free(rows);
}

static hid_t put_scale(struct image *image, hid_t group, struct dim *dim, const char *about)
{
	int64_t *index = malloc(sizeof *index * (dim->size + 1));
	if (!index)
		NO_MEMORY("out of memory for %" PRIu64 " indices", (uint64_t)dim->size);
	for (hsize_t i = 0; i < dim->size; i++)
		index[i] = (int64_t)i;
	image_scale(image, group, dim, about, index);
	free(index);
	return dim->scale;
}

static void put_examples(struct image *image, const char *name, const struct dataset *data, const struct examples *from,
			 enum kind kind)
{
	struct dim example = {"example", (hsize_t)from->n, H5I_INVALID_HID};
	struct dim input = {"input", (hsize_t)data->I, H5I_INVALID_HID};
	struct dim target = {"target", (hsize_t)data->targets, H5I_INVALID_HID};
	const hid_t group = image_group(image, image->file, name);
	put_scale(image, group, &example, "example");
	put_scale(image, group, &input, "input");
	struct variable variable = {.name = "X",
				    .long_name = "inputs as the network sees them",
				    .units = "1",
				    .kind = kind,
				    .rank = 2,
				    .dim = {&example, &input}};
	const hid_t X = image_variable(image, group, &variable);
	put_inputs(image, X, &variable, data, from);
	image_close(image, X);
	variable.name = "y";
	variable.long_name = from->labels ? "class label" : "targets";
	variable.kind = from->labels ? KIND_I32 : kind;
	variable.rank = from->labels ? 1 : 2;
	variable.dim[1] = from->labels ? NULL : &target;
	if (!from->labels)
		put_scale(image, group, &target, "target");
	const hid_t y = image_variable(image, group, &variable);
	image_put_all(image, y, &variable, from->labels ? KIND_I32 : KIND_F64,
		      from->labels ? (const void *)from->labels : (const void *)from->targets);
	image_close(image, y);
	image_close(image, example.scale);
	image_close(image, input.scale);
	image_close(image, target.scale);
	image_close(image, group);
}

int store_write_data(const char *path, const struct dataset *data, int bits, struct err *err)
{
	struct image image;
	char *bytes, identity[32];
	size_t size;
	uint64_t hash;
	const int64_t classes = data->classes;
	image_begin(&image, true);
	snprintf(identity, sizeof identity, "%016" PRIx64, data->identity);
	image_text(&image, image.file, "Conventions", "CF-1.8");
	image_text(&image, image.file, "title", "examples as the networks of a study see them");
	image_text(&image, image.file, "identity", identity);
	image_numbers(&image, image.file, "classes", KIND_I64, 0, &classes);
	put_examples(&image, "train", data, &data->train, bits == 32 ? KIND_F32 : KIND_F64);
	put_examples(&image, "test", data, &data->test, bits == 32 ? KIND_F32 : KIND_F64);
	if (image_end(&image, &bytes, &size, &hash, err) != 0)
		return -1;
	const int done = file_replace(path, bytes, size, err);
	free(bytes);
	return done;
}
