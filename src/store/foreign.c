/* foreign.c: see foreign.h. */
#include "store/foreign.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/child.h"
#include "store/h5.h"

enum { DEPTH_MAX = 4, RANK_MAX = 3 };

/* ---- the child: what is copied -------------------------------------------------------------------------------------- */

struct copy {
	const char *fault; /* NULL while all is well */
	int depth;
	hid_t text; /* variable-length UTF-8 */
};

static bool has_strange_filter(hid_t plan)
{
	const int n = H5Pget_nfilters(plan);
	for (int i = 0; i < n; i++) {
		unsigned flags, config;
		size_t values = 0;
		const H5Z_filter_t filter = H5Pget_filter2(plan, (unsigned)i, &flags, &values, NULL, 0, NULL, &config);
		if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
			return true;
	}
	return n < 0;
}

bool foreign_is_plain(hid_t dataset)
{
	const hid_t plan = H5Dget_create_plist(dataset);
	const bool plain =
		H5Pget_layout(plan) != H5D_VIRTUAL && H5Pget_external_count(plan) == 0 && !has_strange_filter(plan);
	H5Pclose(plan);
	return plain;
}

/* The type in which values are handed on; −1: they are nothing that a result file holds. */
static hid_t plain_type(const struct copy *copy, hid_t type)
{
	const size_t size = H5Tget_size(type);
	switch (H5Tget_class(type)) {
	case H5T_INTEGER:
		return size == 1                           ? H5T_NATIVE_INT8
		       : size == 4                         ? H5T_NATIVE_INT32
		       : size != 8                         ? H5I_INVALID_HID
		       : H5Tget_sign(type) == H5T_SGN_NONE ? H5T_NATIVE_UINT64
							   : H5T_NATIVE_INT64;
	case H5T_FLOAT:
		return size == 4 ? H5T_NATIVE_FLOAT : size == 8 ? H5T_NATIVE_DOUBLE : H5I_INVALID_HID;
	case H5T_STRING:
		return H5Tis_variable_str(type) > 0 ? copy->text : H5I_INVALID_HID;
	default:
		return H5I_INVALID_HID;
	}
}

/* Bytes of the values in memory: of the type, times its dimensions. */
static size_t size_of(size_t bytes, int rank, const hsize_t *size)
{
	for (int d = 0; d < rank; d++)
		if (__builtin_mul_overflow(bytes, (size_t)size[d], &bytes))
			return SIZE_MAX;
	return bytes;
}

/* Single numbers and texts; HDF5's own of scales and what else there is mean nothing to us. */
static herr_t copy_attribute(hid_t from, const char *name, const H5A_info_t *info, void *with)
{
	const struct copy *copy = ((void **)with)[0];
	const hid_t to = *(hid_t *)((void **)with)[1];
	const hid_t attribute = H5Aopen(from, name, H5P_DEFAULT), stored = H5Aget_type(attribute);
	const hid_t space = H5Aget_space(attribute), type = plain_type(copy, stored);
	const hid_t scalar = H5Screate(H5S_SCALAR);
	union {
		char *text;
		int64_t number;
	} value = {.text = NULL};
	if (type >= 0 && H5Sget_simple_extent_npoints(space) == 1 && H5Aread(attribute, type, &value) >= 0) {
		const hid_t made = H5Acreate2(to, name, type, scalar, H5P_DEFAULT, H5P_DEFAULT);
		H5Awrite(made, type, &value);
		H5Aclose(made);
	}
	H5Sclose(scalar);
	H5Sclose(space);
	H5Tclose(stored);
	H5Aclose(attribute);
	return 0;
}

static void copy_attributes(struct copy *copy, hid_t from, hid_t to)
{
	H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, copy_attribute, (void *[]){copy, &to});
}

static void copy_values(struct copy *copy, hid_t from, hid_t to, const char *name, hid_t type, hid_t space)
{
	hsize_t size[RANK_MAX] = {0};
	const int rank = H5Sget_simple_extent_dims(space, size, NULL);
	const size_t bytes = size_of(H5Tget_size(type), rank, size);
	void *values = bytes > child_memory() ? NULL : calloc(1, bytes + 1);
	const hid_t plain = H5Screate_simple(rank, size, NULL);
	const hid_t made = H5Dcreate2(to, name, type, plain, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	if (!values)
		copy->fault = "an array needs more memory than a file without a checksum is given";
	else if (H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
		copy->fault = "an array cannot be read";
	else if (H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
		copy->fault = "an array cannot be held in memory";
	copy_attributes(copy, from, made);
	H5Dclose(made);
	H5Sclose(plain);
	free(values);
}

static void copy_array(struct copy *copy, hid_t from, hid_t to, const char *name)
{
	const hid_t stored = H5Dget_type(from), space = H5Dget_space(from), type = plain_type(copy, stored);
	const int rank = H5Sget_simple_extent_ndims(space);
	if (!foreign_is_plain(from))
		copy->fault = "an array lies in another file, or is packed by an unknown filter";
	else if (type >= 0 && rank >= 1 && rank <= RANK_MAX)
		copy_values(copy, from, to, name, type, space);
	H5Sclose(space);
	H5Tclose(stored);
}

static herr_t copy_link(hid_t from, const char *name, const H5L_info_t *info, void *with);

static void copy_group(struct copy *copy, hid_t from, hid_t to)
{
	copy_attributes(copy, from, to);
	if (copy->depth == DEPTH_MAX)
		return;
	copy->depth++;
	H5Literate(from, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, copy_link, (void *[]){copy, &to});
	copy->depth--;
}

/* Other links than hard ones lead elsewhere. */
static herr_t copy_link(hid_t from, const char *name, const H5L_info_t *info, void *with)
{
	struct copy *copy = ((void **)with)[0];
	const hid_t to = *(hid_t *)((void **)with)[1];
	if (info->type != H5L_TYPE_HARD)
		return 0;
	const hid_t object = H5Oopen(from, name, H5P_DEFAULT);
	if (H5Iget_type(object) == H5I_DATASET) {
		copy_array(copy, object, to, name);
	} else if (H5Iget_type(object) == H5I_GROUP) {
		const hid_t group = H5Gcreate2(to, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
		copy_group(copy, object, group);
		H5Gclose(group);
	} else if (object < 0) {
		copy->fault = "an object cannot be opened";
	}
	H5Oclose(object);
	return copy->fault ? -1 : 0;
}

/* ---- the child: its life ---- */

/* The answer: 'H' and an image, or '!' and what is wrong. */
static void live(const char *path, int to, void *with)
{
	char said[200];
	struct copy copy = {.text = H5I_INVALID_HID};
	struct image image;
	h5_begin();
	const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	H5Pset_file_locking(access, false, true);
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
	if (file < 0) {
		h5_fault(said, sizeof said);
		child_answer(to, '!', said, strlen(said));
	}
	image_begin(&image, false);
	copy.text = image.text;
	if (image.fault[0] == '\0')
		copy_group(&copy, file, image.file);
	if (!copy.fault && (image.fault[0] != '\0' || H5Fflush(image.file, H5F_SCOPE_GLOBAL) < 0))
		copy.fault = "its content cannot be held in memory";
	if (copy.fault)
		child_answer(to, '!', copy.fault, strlen(copy.fault));
	const ssize_t size = H5Fget_file_image(image.file, NULL, 0);
	char *bytes = size > 0 ? malloc((size_t)size) : NULL;
	if (!bytes || H5Fget_file_image(image.file, bytes, (size_t)size) != size)
		child_answer(to, '!', "out of memory", 13);
	child_answer(to, 'H', bytes, (size_t)size);
}

int foreign_read(const char *path, char **bytes, size_t *size, struct err *err)
{
	struct text said = TEXT_INIT;
	const enum child_end end = child_run(path, live, NULL, &said, err);
	if (end == CHILD_SAID && said.at[0] == 'H') {
		*size = said.length - 1;
		memmove(said.at, said.at + 1, *size);
		*bytes = said.at;
		return 0;
	}
	if (end == CHILD_SAID)
		err_set(err, ERR_INPUT, "'%s' is damaged: not readable as HDF5 (%s)", path, said.at + 1);
	text_release(&said);
	return -1;
}
