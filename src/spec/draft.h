/* draft.h: a grid while it is being read: every key with its values, layer upon layer: defaults, the study, an `also` entry,
 * the command line. A layer replaces the keys, the zips and the skips that it gives, and keeps the others. */
#ifndef FATHOM_DRAFT_H
#define FATHOM_DRAFT_H

#include "spec/read.h"
#include "spec/value.h"

/* A study of more runs is refused. */
#define RUNS_MAX 100000000u

struct zip {
	int n;
	const struct key *const *key; /* ascending */
	const struct node *at;
};

struct draft {
	const struct node *at; /* the study or the entry */
	struct values values[KEYS_MAX];
	const struct node *given[KEYS_MAX]; /* where; NULL: the default */
	int zips;
	const struct zip *zip;
	int skips;
	const struct condition *skip;
};

/* Parts of a study file, for messages and docs/STUDY.md. */
struct part {
	const char *name, *about;
	bool in_also; /* may stand in an `also` entry */
};
extern const struct part parts[];
extern const struct table part_table;

void draft_default(struct draft *draft, struct pool *pool);

/* A layer: the study, or what lies on it (bare: keys may stand outside of sections): an `also` entry, the command line. */
void draft_layer(struct draft *draft, const struct node *map, bool bare, struct reading *reading);

/* The grid of a finished draft. */
void draft_grid(const struct draft *draft, struct grid *grid, struct reading *reading);

/* Whether the k-th key of a condition may have that value. */
bool condition_has(const struct condition *condition, int k, struct value value);

/* The zip that ties a key of the draft, or NULL. */
const struct zip *draft_zip(const struct draft *draft, const struct key *key);

#endif
