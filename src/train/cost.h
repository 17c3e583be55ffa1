/* cost.h: what a run costs, as counts of a few kinds of work times what each takes. Estimates for order, plan and ETA: no
 * result depends on them, but the shards of a study do, so they are the same on every machine. */
#ifndef FATHOM_COST_H
#define FATHOM_COST_H

#include "base/table.h"
#include "spec/key.h"

enum cost_kind {
	COST_RUN,
	COST_MEMORY,
	COST_STEP,
	COST_LAYER,
	COST_PRODUCT,
	COST_TILE,
	COST_ACTIVATION,
	COST_LOSS,
	COST_ELEMENT,
	COST_UPDATE,
	COST_STATE,
	COST_FAR,
	COST_GATHER,
	COST_SHUFFLE,
	COST_VALUE,
	COST_PROBE,
	COST_SVD,
	COST_DRAW,
	COST_ORTHOGONAL,
	COST_LANE,
	COST_SEAT,
	COST_KINDS
};

struct cost {
	const char *name, *about;
	double ns; /* of one, on the machine that bench/cost.py ran on */
};

extern const struct cost costs[COST_KINDS];
extern const struct table cost_table;

/* How often each kind occurs in a run of these settings. */
void cost_count(const struct settings *settings, int inputs, int outputs, int64_t train_examples,
		double count[COST_KINDS]);
double cost_seconds(const double count[COST_KINDS]);

#endif
