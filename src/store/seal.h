/* seal.h: 32 bytes behind the HDF5 data of a file, which HDF5 does not look at: "\nfathom xxh3-64 0123456789abcdef", the
 * XXH3-64 of all before them. Of 720 single flipped bytes HDF5 itself lets 75 pass and gives wrong numbers; we look
 * before HDF5 is let near a file. Another program that changes the file takes the seal off or breaks it. */
#ifndef FATHOM_SEAL_H
#define FATHOM_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SEAL_SIZE = 32 };

/* Writes the seal of size bytes behind them and returns the hash in it. */
uint64_t seal_put(char *bytes, size_t size);

enum seal {
	SEAL_GOOD,
	SEAL_BROKEN,  /* the bytes are not those that were sealed */
	SEAL_NONE,    /* an HDF5 file without a seal: changed by another program, cut short, or never ours */
	SEAL_FOREIGN, /* not even HDF5 */
	SEAL_GONE,    /* no such file */
	SEAL_SYSTEM,  /* cannot be read: err */
};
enum seal seal_check(const char *path, uint64_t *hash, struct err *err);

#endif
