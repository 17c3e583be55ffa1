/* chunks.h: whole chunks of an array, packed by many threads, where HDF5 packs them one after another. They hold what its filters
 * shuffle, gzip and fletcher32 undo, so that every reader reads them. Bytes that gzip would not make smaller, as those of the
 * last digits of measured numbers, it is not asked to: they are stored as they are. The bytes do not depend on the threads. */
#ifndef FATHOM_CHUNKS_H
#define FATHOM_CHUNKS_H

#include "store/h5.h"

enum { GZIP_LEVEL = 1 }; /* higher levels take twice the time for a few percent */

/* The chunks of an array, one length for each dimension, fixed by the shape alone; false: it is too small for chunks. */
bool chunks_shape(const struct variable *variable, hsize_t *chunk);

/* image_put into an array in chunks, if what is put are whole ones; else nothing, and false. Takes two to three times the memory
 * of the values, and 0.8 MB for each of image->threads. */
bool chunks_put(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
		const hsize_t *count, enum kind kind, const void *values);

#endif
