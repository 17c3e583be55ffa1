/* idx.h: the IDX files of MNIST and its kin, plain or gzipped, read item by item.
 *
 * The format: two zero bytes, type, rank; rank big-endian 32-bit extents, the first one the number of items; the
 * items. Only unsigned bytes are read. What the header promises is held against the size of the file before anything
 * is allocated, and the gzip checksum is verified at the end. */
#ifndef FATHOM_IDX_H
#define FATHOM_IDX_H

#include <stdint.h>
#include <zlib.h>

#include "base/err.h"

enum idx_kind { IDX_LABELS, IDX_IMAGES };

struct idx {
	const char *path; /* the caller's */
	gzFile gz;
	uint32_t N; /* items, at least 1 */
	int width;  /* bytes of an item */
};

int idx_open(struct idx *idx, const char *path, enum idx_kind kind, struct err *err);
int idx_item(struct idx *idx, uint8_t *to, struct err *err); /* the next item */
int idx_rest(struct idx *idx, uint8_t *to, struct err *err); /* all N items at once, instead of idx_item */
int idx_end(struct idx *idx, struct err *err); /* after the last item: nothing follows, the checksum is right */
void idx_close(struct idx *idx);

#endif
