/* claim.h: what a study says of its results: claims and figures, read. */
#ifndef FATHOM_CLAIM_H
#define FATHOM_CLAIM_H

#include "spec/read.h"

enum { CLAIMS_MAX = 1000, FIGURES_MAX = 100 };

/* The keys of a claim and of a figure, for messages and docs/STUDY.md. */
extern const struct table claim_key_table;
extern const struct table figure_key_table;
extern const struct table scale_table; /* linear, log */

/* A list of maps; count and items live in the pool. */
void read_claims(struct reading *reading, const struct node *node, struct study *study);
void read_figures(struct reading *reading, const struct node *node, struct study *study);

/* A name that is safe as a file's: [A-Za-z0-9][A-Za-z0-9._-]{0,63}. */
bool is_file_name(const char *name);

/* "<= 1e-6" */
void read_expect(struct reading *reading, const struct node *node, struct expect *expect);

/* For both: `best` and `best_by`; a metric by name; an unknown key of the map. */
void read_best(struct reading *reading, const struct node *map, const struct key **best, int *best_by);
void check_keys(struct reading *reading, const struct node *map, const struct table *table);
/* A step or layer: first, last, a number of at least `least`, or any if that is allowed. */
bool read_place(struct reading *reading, const struct node *node, int64_t least, bool any, int64_t *place);
/* {layer: …, step: …, measure: …}; what it leaves out stays as it is. The node of the measure, or NULL. */
const struct node *read_over_place(struct reading *reading, const struct node *node, struct place *place, int *measure);
/* A key with numbers: "no WHAT 'init', which is not a number". */
const struct key *read_number_key(struct reading *reading, const struct node *node, const char *what);

#endif
