/* h5.h: the little of HDF5 that we use to write, with our errors and our habits: an image is an HDF5 file in memory, which
 * reaches the disk only as a whole, through base/file.h. Faults stick: after the first, every function does nothing, and
 * image_end reports it. So that a list of writes reads as a list.
 */
#ifndef FATHOM_H5_H
#define FATHOM_H5_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* To be called first by whatever enters HDF5 from outside: no handlers at exit (they crash on a full disk), no messages of
 * its own on stderr, no plugins from elsewhere, no links into other files. */
void h5_begin(void);

/* "HDF5 says: …" of the innermost fault, for messages; buffer holds it. */
const char *h5_fault(char *buffer, size_t size);

/* Whether a stack of faults (H5E_DEFAULT: of the last call) tells of the system's doing, not of the file's: of a call that
 * failed, or (with memory) of want of it. */
bool h5_blames_system(hid_t stack, bool memory);

enum kind { KIND_I8, KIND_I32, KIND_I64, KIND_U64, KIND_F32, KIND_F64, KIND_TEXT };
hid_t kind_in_file(enum kind kind); /* little endian */
hid_t kind_in_memory(enum kind kind);

struct image {
	hid_t file;
	hid_t text;      /* the type of variable-length UTF-8 */
	bool packed;     /* arrays of some size in chunks with shuffle, gzip and fletcher32; else all plain */
	int threads;     /* that pack; 0: one */
	char fault[400]; /* the first one; "" while all is well */
};

void image_begin(struct image *image, bool packed);

/* The image of a file, to be changed; bytes are copied. */
void image_reopen(struct image *image, const void *bytes, size_t size);

/* Ends the image and seals it (seal.h): *bytes is malloced. */
int image_end(struct image *image, char **bytes, size_t *size, uint64_t *hash, struct err *err);

/* Records a fault of HDF5, unless there is one before it; and that memory is short for something, where there was none yet. */
void image_fail(struct image *image, const char *doing, const char *name);
void image_short(struct image *image, const char *name);

hid_t image_group(struct image *image, hid_t at, const char *name);
void image_close(struct image *image, hid_t object);

/* Attributes of the object `at`. n = 0: a scalar. */
void image_text(struct image *image, hid_t at, const char *name, const char *text);
void image_numbers(struct image *image, hid_t at, const char *name, enum kind kind, hsize_t n, const void *values);

/* A dimension: its length and its scale, the coordinate variable of the same name; H5I_INVALID_HID: none. */
struct dim {
	const char *name;
	hsize_t size;
	hid_t scale;
};

/* An array to be: what it is, along which dimensions, with what attributes. */
struct variable {
	const char *name, *long_name, *units;
	enum kind kind;
	int rank;
	const struct dim *dim[3];
	int words; /* codes: flag_values 0 … words − 1 and flag_meanings; 0: none */
	const char *const *word;
	bool masks; /* codes are bits: flag_masks */
};

/* The array, empty, scales attached; close it with image_close. Reals are NaN until written. */
hid_t image_variable(struct image *image, hid_t at, const struct variable *variable);

/* Writes count[0] × … values from first[0], …; kind is that of the values in memory. */
void image_put(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
	       const hsize_t *count, enum kind kind, const void *values);

/* The whole of an array. */
void image_put_all(struct image *image, hid_t dataset, const struct variable *variable, enum kind kind,
		   const void *values);

/* The scale of a dimension, holding `values` (int64); stays open until image_close(dim->scale). */
void image_scale(struct image *image, hid_t at, struct dim *dim, const char *long_name, const int64_t *values);

#endif
