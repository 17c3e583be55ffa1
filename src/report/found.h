/* found.h: what a search has found, worked out from the runs of a result. */
#ifndef FATHOM_FOUND_H
#define FATHOM_FOUND_H

#include "report/runs.h"
#include "search/search.h"

/* Puts the metrics frontier and frontier_above into a result whose study searches for one: of each combination of the other
 * settings the largest stable value among its runs and the next larger one, at the run that has it. Where none is stable that
 * is 0, at the smallest; where the largest is stable, +inf, at the largest. A combination with a run that failed has neither. It is
 * the same of a whole grid, where the runs between are there as well. Of a study that searches for a boundary, the metrics
 * searched and, where the whole grid is there, mistaken and boundary_distance. Does nothing for other studies. */
void found_derive(struct result *result, const struct study *study);

/* The key whose values a derived metric has: it varies among runs that are one number; NULL for other metrics. */
const struct key *found_key(const struct study *study, int metric);

/* Leaves only the runs that have a number of the metric. */
void found_keep(struct runs *runs, struct result *result, int metric);

#endif
