/* slips.h: the mistakes that students of backpropagation make, one row each; plain.c makes them on request. To add one: its
 * name in the enum, its row in slips.c, its place in plain.c. */
#ifndef FATHOM_SLIPS_H
#define FATHOM_SLIPS_H

#include "base/table.h"

enum slip {
	SLIP_NONE,
	SLIP_OWN_OUTPUT,
	SLIP_SLOPE_ONE_OFF,
	SLIP_TRANSPOSE,
	SLIP_WRONG_ORDER,
	SLIP_STALE_CACHE,
	SLIP_FORWARD_ONCE,
	SLIP_NO_SLOPE,
	SLIP_SLOPE_OF_OUTPUT,
	SLIP_SLOPE_AT_LOSS,
	SLIP_SIGN,
	SLIP_NO_MEAN,
	SLIP_NO_BIAS_MEAN,
	SLIP_MEAN_TWICE,
	SLIP_LAST_EXAMPLE,
	SLIP_NOT_CLEARED,
	SLIP_N
};

struct slip_row {
	const char *name, *about;
	int caught_at; /* the update, from 1, whose gradient is wrong for the first time; 0: never, it is the right program */
};

extern const struct slip_row slips[SLIP_N];
extern const struct table slip_table;

#endif
