/* plan.h: the runs of a study, frozen before training. A planned run is 24 bytes, its settings are made when asked for, so
 * that a million runs are cheap. Runs that occur twice (also, zip) are planned once, at their first place; where the study
 * searches every place is kept, so that each combination has all of its runs (search.h makes the plan of what is trained). */
#ifndef FATHOM_PLAN_H
#define FATHOM_PLAN_H

#include "spec/study.h"

struct planned {
	uint64_t hash;  /* run identity: XXH3-64 of settings_identity_text */
	uint64_t index; /* in the product of the grid's axes: the last axis varies fastest */
	int32_t grid;
};

struct plan {
	const struct study *study; /* must outlive the plan */
	size_t R;
	struct planned *run;
	uint64_t hash; /* of all run hashes in order */
};

/* identity: what the data of these settings are (dataset_identity), called once per distinct data section. */
typedef int plan_identity(const struct data_spec *spec, uint64_t *identity, struct err *err);

int plan_build(struct plan *plan, const struct study *study, plan_identity *identity, struct err *err);
void plan_release(struct plan *plan);

void plan_settings(const struct plan *plan, size_t r, struct settings *settings);

/* Whether the key differs between any two runs. */
bool plan_varies(const struct plan *plan, const struct key *key);

#endif
