/* runs.h: which runs of a result a claim, a figure or a table is about, what they measured, and how they group.
 *
 * What a missing number counts as, everywhere in this room: of a diverged run the worst there is, +inf where low is better (a loss),
 * 0 where high is better (an accuracy); a target never reached is +inf in steps_to_target. Any other missing number is left out.
 */
#ifndef FATHOM_RUNS_H
#define FATHOM_RUNS_H

#include "spec/study.h"
#include "store/store.h"

/* Runs of a result, in its order. */
struct runs {
	size_t n;
	size_t *run;
};

/* The runs that where (NULL: all) keeps; then, with best, of each combination of the other settings (seed aside) only those at the
 * value of best whose median over seeds of best_by is best; equally good: the first in the order of values. A metric per step is taken
 * at the last. May keep none. */
int runs_select(struct runs *runs, struct result *result, const struct condition *where, const struct key *best,
		int best_by, struct err *err);
void runs_release(struct runs *runs);

/* Whether run r has the values of the condition. */
bool run_holds(const struct result *result, size_t r, const struct condition *condition);

/* The position of a key in result->column, −1 when the result does not have it. */
int column_of(const struct result *result, const struct key *key);
/* Whether the runs differ in a column. */
bool column_varies(const struct result *result, const struct runs *runs, int column);
/* < 0, 0, > 0: numbers in their order, words in that of their codes, not-a-number last. */
int column_compare(const struct result *result, int column, size_t a, size_t b);
/* The value as a word: "0.1", "relu"; a name for 0 where the key has one. */
void column_name(const struct result *result, int column, size_t r, struct text *out);

/* Runs in groups of equal values in some columns; groups ordered by the columns in turn, inside a group as in the result. */
struct groups {
	size_t G;
	size_t *start; /* G + 1: group g is run[start[g]] … run[start[g + 1] − 1] */
	size_t *run;
};

void groups_make(struct groups *groups, const struct result *result, const struct runs *runs, int n, const int *column);
void groups_release(struct groups *groups);

/* A metric of a result, ready to be asked. */
struct reading {
	const struct result *result;
	enum metric_id id;
	const double *value, *diverged_at;
	const double *depth;
};

int reading_open(struct reading *reading, struct result *result, int metric, struct err *err);
/* The number of layers of run r: its depth + 1. */
int reading_layers(const struct reading *reading, size_t r);
/* The index of a place's step in run r: PLACE_FIRST, PLACE_LAST (the last at which the run has this metric; of a diverged run the last
 * of all) or a number of updates; −1 when that was not logged. */
int reading_step(const struct reading *reading, size_t r, int64_t place);
/* The layer (1 …) of a place: PLACE_FIRST, PLACE_LAST or a number; −1 when the run has no such layer. */
int reading_layer(const struct reading *reading, size_t r, int64_t place);
/* The number at step index s and layer l (ignored where the metric has none); missing ones as said above. */
double reading_at(const struct reading *reading, size_t r, int s, int l);
/* As stored. */
double reading_raw(const struct reading *reading, size_t r, int s, int l);
/* What a diverged run counts as; NaN: left out. */
double reading_worst(const struct reading *reading);

#endif
