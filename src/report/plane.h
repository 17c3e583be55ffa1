/* plane.h: the map of a search for a boundary, worked out from the runs of a result: for each combination of the other settings
 * a plane of n1 × n2 points, point (i, j) at i · n2 + j. The search is a function of the answers alone, so that the map which
 * it draws can be told from a whole grid as well as from the runs that it trains. */
#ifndef FATHOM_PLANE_H
#define FATHOM_PLANE_H

#include "report/runs.h"
#include "search/search.h"

struct plane {
	int n1, n2;
	const double *value[2]; /* of both axes, ascending */
	size_t *run;            /* of each point; NO_RUN: the result has none */
	signed char *answer;    /* what that run says; ANSWER_NONE: nothing, or there is none */
	bool *asked;            /* the search trains the point */
	signed char *paint;     /* what the search takes the point to be; ANSWER_NONE while that is open */
	bool settled;           /* no point is open */
	bool whole;             /* every point has an answer */
};

#define NO_RUN ((size_t)-1)

struct planes {
	size_t n;
	struct plane *plane;
	struct pool pool;
};

/* Of a study that searches for a boundary; combinations that are on no searched grid are left out. */
void planes_make(struct planes *planes, struct result *result, const struct study *study);
void planes_release(struct planes *planes);

/* Whether the point has a neighbour of another outcome; map: answer or paint. */
bool plane_edge(const struct plane *plane, const signed char *map, int i, int j);

#endif
