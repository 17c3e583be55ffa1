/* h5.c: see h5.h. The format is that of HDF5 1.8, old enough for every reader. Its superblock stays that of version 0: in
 * later ones H5Fget_file_image (1.10.8) leaves a checksum that does not match, and no reader opens the file. Nothing that
 * depends on the time or the machine goes in: equal content gives equal bytes. */
#include "store/h5.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/chunks.h"
#include "store/seal.h"

enum { IMAGE_GROWTH = 1 << 20 }; /* bytes by which an image grows */

void h5_begin(void)
{
	unsigned plugins = 0;
	H5dont_atexit(); /* refuses, harmlessly, when the library is already at work */
	H5open();
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	if (H5PLget_loading_state(&plugins) >= 0 && plugins != 0)
		H5PLset_loading_state(0);
	if (H5Lis_registered(H5L_TYPE_EXTERNAL) > 0)
		H5Lunregister(H5L_TYPE_EXTERNAL);
}

static herr_t innermost(unsigned n, const H5E_error2_t *error, void *where)
{
	const H5E_error2_t **found = where;
	*found = error;
	return 0;
}

const char *h5_fault(char *buffer, size_t size)
{
	const H5E_error2_t *error = NULL;
	H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, &error);
	snprintf(buffer, size, "HDF5 says: %s", error ? error->desc : "nothing");
	return buffer;
}

struct blame {
	bool memory, found;
};

static herr_t of_system(unsigned n, const H5E_error2_t *error, void *with)
{
	struct blame *blame = with;
	blame->found |= (blame->memory && error->maj_num == H5E_RESOURCE) || strstr(error->desc, "errno = ");
	return 0;
}

bool h5_blames_system(hid_t stack, bool memory)
{
	struct blame blame = {memory, false};
	H5Ewalk2(stack, H5E_WALK_DOWNWARD, of_system, &blame);
	return blame.found;
}

hid_t kind_in_file(enum kind kind)
{
	if (kind == KIND_TEXT)
		BUG("text has no plain type");
	switch (kind) {
	case KIND_I8:
		return H5T_STD_I8LE;
	case KIND_I32:
		return H5T_STD_I32LE;
	case KIND_I64:
		return H5T_STD_I64LE;
	case KIND_U64:
		return H5T_STD_U64LE;
	case KIND_F32:
		return H5T_IEEE_F32LE;
	case KIND_F64:
	case KIND_TEXT:
		break;
	}
	return H5T_IEEE_F64LE;
}

hid_t kind_in_memory(enum kind kind)
{
	if (kind == KIND_TEXT)
		BUG("text has no plain type");
	switch (kind) {
	case KIND_I8:
		return H5T_NATIVE_INT8;
	case KIND_I32:
		return H5T_NATIVE_INT32;
	case KIND_I64:
		return H5T_NATIVE_INT64;
	case KIND_U64:
		return H5T_NATIVE_UINT64;
	case KIND_F32:
		return H5T_NATIVE_FLOAT;
	case KIND_F64:
	case KIND_TEXT:
		break;
	}
	return H5T_NATIVE_DOUBLE;
}

void image_fail(struct image *image, const char *doing, const char *name)
{
	char said[200];
	if (image->fault[0] == '\0')
		snprintf(image->fault, sizeof image->fault, "cannot %s '%s' (%s)", doing, name,
			 h5_fault(said, sizeof said));
}

void image_short(struct image *image, const char *name)
{
	snprintf(image->fault, sizeof image->fault, "out of memory for '%s'", name);
}

/* An image has no file, but HDF5 will not take one over as long as a file of its name exists: a name that no file can have. */
static const char image_name[] = "/dev/null/image";

/* How images are held: in memory only; what a failure left open in one is closed with it. */
static hid_t image_access(struct image *image, bool packed)
{
	*image = (struct image){.file = H5I_INVALID_HID, .text = H5I_INVALID_HID, .packed = packed};
	h5_begin();
	const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	if (access < 0 || H5Pset_fapl_core(access, IMAGE_GROWTH, false) < 0 ||
	    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) < 0 ||
	    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0 || (image->text = H5Tcopy(H5T_C_S1)) < 0 ||
	    H5Tset_size(image->text, H5T_VARIABLE) < 0 || H5Tset_cset(image->text, H5T_CSET_UTF8) < 0)
		image_fail(image, "begin", "image");
	return access;
}

void image_begin(struct image *image, bool packed)
{
	const hid_t access = image_access(image, packed), create = H5Pcreate(H5P_FILE_CREATE);
	if (create < 0 || H5Pset_link_creation_order(create, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
	    H5Pset_attr_creation_order(create, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
	    H5Pset_obj_track_times(create, false) < 0 || image->fault[0] != '\0' ||
	    (image->file = H5Fcreate(image_name, H5F_ACC_TRUNC, create, access)) < 0)
		image_fail(image, "begin", "image");
	H5Pclose(access);
	H5Pclose(create);
}

void image_reopen(struct image *image, const void *bytes, size_t size)
{
	const hid_t access = image_access(image, true);
	if (image->fault[0] != '\0' || H5Pset_file_image(access, (void *)(uintptr_t)bytes, size) < 0 ||
	    (image->file = H5Fopen(image_name, H5F_ACC_RDWR, access)) < 0)
		image_fail(image, "open", "image");
	H5Pclose(access);
}

int image_end(struct image *image, char **bytes, size_t *size, uint64_t *hash, struct err *err)
{
	char *buffer = NULL;
	ssize_t length = 0;
	if (image->text >= 0 && H5Tclose(image->text) < 0)
		image_fail(image, "end", "image");
	if (image->fault[0] == '\0' && H5Fflush(image->file, H5F_SCOPE_GLOBAL) < 0)
		image_fail(image, "flush", "image");
	if (image->fault[0] == '\0' && (length = H5Fget_file_image(image->file, NULL, 0)) <= 0)
		image_fail(image, "measure", "image");
	if (image->fault[0] == '\0' && !(buffer = malloc((size_t)length + SEAL_SIZE)))
		snprintf(image->fault, sizeof image->fault, "out of memory for %zd bytes of results", length);
	if (image->fault[0] == '\0' && H5Fget_file_image(image->file, buffer, (size_t)length) != length)
		image_fail(image, "take", "image");
	if (image->file >= 0 && H5Fclose(image->file) < 0)
		image_fail(image, "close", "image");
	if (image->fault[0] != '\0') {
		free(buffer);
		return err_set(err, ERR_SYSTEM, "cannot put the results into HDF5: %s", image->fault);
	}
	*hash = seal_put(buffer, (size_t)length);
	*bytes = buffer;
	*size = (size_t)length + SEAL_SIZE;
	return 0;
}

hid_t image_group(struct image *image, hid_t at, const char *name)
{
	hid_t group = H5I_INVALID_HID;
	if (image->fault[0] != '\0')
		return group;
	const hid_t create = H5Pcreate(H5P_GROUP_CREATE);
	if (create < 0 || H5Pset_link_creation_order(create, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
	    H5Pset_obj_track_times(create, false) < 0 ||
	    (group = H5Gcreate2(at, name, H5P_DEFAULT, create, H5P_DEFAULT)) < 0)
		image_fail(image, "make the group", name);
	H5Pclose(create);
	return group;
}

void image_close(struct image *image, hid_t object)
{
	if (object >= 0 && H5Oclose(object) < 0)
		image_fail(image, "close", "object");
}

/* One attribute; values may be the address of a char * (KIND_TEXT). */
static void put_attribute(struct image *image, hid_t at, const char *name, hid_t in_file, hid_t in_memory, hsize_t n,
			  const void *values)
{
	hid_t attribute = H5I_INVALID_HID;
	if (image->fault[0] != '\0')
		return;
	const hid_t space = n > 0 ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
	if (space < 0 || (attribute = H5Acreate2(at, name, in_file, space, H5P_DEFAULT, H5P_DEFAULT)) < 0 ||
	    H5Awrite(attribute, in_memory, values) < 0)
		image_fail(image, "write the attribute", name);
	if (attribute >= 0 && H5Aclose(attribute) < 0)
		image_fail(image, "close the attribute", name);
	if (space >= 0)
		H5Sclose(space);
}

void image_text(struct image *image, hid_t at, const char *name, const char *text)
{
	put_attribute(image, at, name, image->text, image->text, 0, &text);
}

void image_numbers(struct image *image, hid_t at, const char *name, enum kind kind, hsize_t n, const void *values)
{
	put_attribute(image, at, name, kind_in_file(kind), kind_in_memory(kind), n, values);
}

/* flag_values or flag_masks in the array's own type, as CF asks, and flag_meanings. */
static void put_flags(struct image *image, hid_t dataset, const struct variable *variable)
{
	struct text meanings = TEXT_INIT;
	int64_t *code = malloc(sizeof *code * (size_t)variable->words);
	if (!code)
		NO_MEMORY("out of memory for %d codes", variable->words);
	for (int i = 0; i < variable->words; i++) {
		code[i] = variable->masks ? (int64_t)(UINT64_C(1) << i) : i;
		text_add(&meanings, i > 0 ? " %s" : "%s", variable->word[i]);
	}
	put_attribute(image, dataset, variable->masks ? "flag_masks" : "flag_values", kind_in_file(variable->kind),
		      variable->masks ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64, (hsize_t)variable->words, code);
	image_text(image, dataset, "flag_meanings", meanings.at);
	free(code);
	text_release(&meanings);
}

static hid_t creation(struct image *image, const struct variable *variable)
{
	const double missing = NAN;
	hsize_t chunk[3];
	const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
	bool fine = create >= 0 && H5Pset_obj_track_times(create, false) >= 0 &&
		    H5Pset_attr_creation_order(create, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
		    (variable->kind != KIND_F64 || H5Pset_fill_value(create, H5T_NATIVE_DOUBLE, &missing) >= 0);
	if (image->packed && chunks_shape(variable, chunk))
		fine = fine && H5Pset_chunk(create, variable->rank, chunk) >= 0 && H5Pset_shuffle(create) >= 0 &&
		       H5Pset_deflate(create, GZIP_LEVEL) >= 0 && H5Pset_fletcher32(create) >= 0;
	if (!fine)
		image_fail(image, "prepare", variable->name);
	return create;
}

static hid_t make_dataset(struct image *image, hid_t at, const struct variable *variable)
{
	hsize_t size[3] = {1, 1, 1};
	hid_t dataset = H5I_INVALID_HID;
	if (image->fault[0] != '\0')
		return dataset;
	for (int d = 0; d < variable->rank; d++)
		size[d] = variable->dim[d]->size;
	const hid_t create = creation(image, variable);
	const hid_t space = H5Screate_simple(variable->rank, size, NULL);
	const hid_t type = variable->kind == KIND_TEXT ? image->text : kind_in_file(variable->kind);
	if (space < 0 || (dataset = H5Dcreate2(at, variable->name, type, space, H5P_DEFAULT, create, H5P_DEFAULT)) < 0)
		image_fail(image, "make", variable->name);
	H5Sclose(space);
	H5Pclose(create);
	if (variable->kind == KIND_F64) {
		const double missing = NAN;
		image_numbers(image, dataset, "_FillValue", KIND_F64, 1, &missing);
	}
	image_text(image, dataset, "long_name", variable->long_name);
	if (variable->kind != KIND_TEXT)
		image_text(image, dataset, "units", variable->units);
	if (variable->words > 0)
		put_flags(image, dataset, variable);
	return dataset;
}

hid_t image_variable(struct image *image, hid_t at, const struct variable *variable)
{
	const hid_t dataset = make_dataset(image, at, variable);
	for (int d = 0; d < variable->rank && image->fault[0] == '\0'; d++)
		if (variable->dim[d]->scale >= 0 && H5DSattach_scale(dataset, variable->dim[d]->scale, (unsigned)d) < 0)
			image_fail(image, "attach the dimensions of", variable->name);
	return dataset;
}

void image_put(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
	       const hsize_t *count, enum kind kind, const void *values)
{
	const hid_t type = kind == KIND_TEXT ? image->text : kind_in_memory(kind);
	hsize_t all = 1;
	for (int d = 0; d < variable->rank; d++)
		all *= count[d];
	if (image->fault[0] != '\0' || all == 0)
		return;
	if (image->packed && chunks_put(image, dataset, variable, first, count, kind, values))
		return;
	const hid_t to = H5Dget_space(dataset), from = H5Screate_simple(variable->rank, count, NULL);
	if (to < 0 || from < 0 || H5Sselect_hyperslab(to, H5S_SELECT_SET, first, NULL, count, NULL) < 0 ||
	    H5Dwrite(dataset, type, from, to, H5P_DEFAULT, values) < 0)
		image_fail(image, "write", variable->name);
	H5Sclose(to);
	H5Sclose(from);
}

void image_put_all(struct image *image, hid_t dataset, const struct variable *variable, enum kind kind,
		   const void *values)
{
	const hsize_t first[3] = {0};
	hsize_t count[3];
	for (int d = 0; d < variable->rank; d++)
		count[d] = variable->dim[d]->size;
	image_put(image, dataset, variable, first, count, kind, values);
}

void image_scale(struct image *image, hid_t at, struct dim *dim, const char *long_name, const int64_t *values)
{
	const struct variable variable = {
		.name = dim->name, .long_name = long_name, .units = "1", .kind = KIND_I64, .rank = 1, .dim = {dim}};
	dim->scale = make_dataset(image, at, &variable);
	if (image->fault[0] == '\0' && H5DSset_scale(dim->scale, dim->name) < 0)
		image_fail(image, "make the dimension", dim->name);
	image_put_all(image, dim->scale, &variable, KIND_I64, values);
}
