/* pieces.h: the identity texts of the runs of a grid, fast: every line is written once for each value of its axis, and a
 * run's text is put together from them. */
#ifndef FATHOM_PIECES_H
#define FATHOM_PIECES_H

#include "spec/value.h"
#include "spec/study.h"

struct piece {
	const char *at;
	size_t length;
};

/* A stretch of the text: the same for all runs (axis −1), or by the position on an axis. */
struct stretch {
	int axis;
	const struct piece *piece;
};

struct pieces {
	int n;
	struct stretch stretch[2 * KEYS_MAX + 1];
	char *text; /* room for the longest */
};

/* Everything lives in the pool. */
void pieces_init(struct pieces *pieces, const struct grid *grid, struct pool *pool);

/* Hash of the identity text of the run at these positions of the axes. */
uint64_t pieces_hash(struct pieces *pieces, const int *position, uint64_t data_identity);

/* Which axis a key is on, and as which of its keys; −1: on none. */
int grid_axis(const struct grid *grid, const struct key *key, int *place);

#endif
