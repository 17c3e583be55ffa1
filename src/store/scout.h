/* scout.h: what an HDF5 file holds, looked at before this process reads it. The seal tells that the bytes are those that were
 * sealed, not by whom: whoever crafts a file can seal it too. So a child with little to lose (child.h) goes first: it opens every
 * object and every attribute, and walks the index of every array's chunks. It lets a file pass that holds arrays of whole and real
 * numbers and of text, of 1 to 3 dimensions, all of whose values lie in the file, plain or in chunks of at most a MiB through
 * shuffle, gzip and fletcher32; attributes of text and of few numbers; groups, not in one another without end; every object in
 * one place, by a hard link. What things are named, and whether they fit together, is for the reader to check. */
#ifndef FATHOM_SCOUT_H
#define FATHOM_SCOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum scout_part { SCOUT_RESULT /* all but the weights */, SCOUT_WEIGHTS };

enum scout {
	SCOUT_FINE,
	SCOUT_BAD,    /* err, ERR_INPUT: what is wrong with the file */
	SCOUT_SYSTEM, /* err, ERR_SYSTEM: the file cannot be read now */
};

enum scout scout(const char *path, enum scout_part part, struct err *err);

/* The same of n files, all but their weights, with one child for many: which are fine. What is wrong with another is scout's to
 * tell. */
void scout_many(size_t n, const char *const *path, bool *fine);

#endif
