/* found.c: see found.h */
#include "report/found.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "report/plane.h"

struct finder {
	struct result *result;
	const struct search *search;
	const double *measure, *value; /* of each run: what says that it is stable (or NULL); the searched key */
	double *frontier, *above;
};

static enum answer answer_of(const struct finder *f, size_t r)
{
	return search_answer(f->search, f->result->status[r], f->measure ? f->measure[r] : 0);
}

/* The runs of one combination, by the searched key ascending. */
static void find(const struct finder *f, const size_t *run, size_t n)
{
	size_t stable = n, above = n;
	for (size_t i = 0; i < n; i++) {
		const enum answer answer = answer_of(f, run[i]);
		if (answer == ANSWER_NONE)
			return;
		if (answer == ANSWER_STABLE)
			stable = i, above = n;
		else if (above == n && stable < n)
			above = i;
	}
	if (stable == n) {
		f->frontier[run[0]] = 0;
		f->above[run[0]] = f->value[run[0]];
	} else {
		f->frontier[run[stable]] = above < n ? f->value[run[stable]] : INFINITY;
		f->above[run[stable]] = above < n ? f->value[run[above]] : INFINITY;
	}
}

static void derive_frontier(struct result *result, const struct study *study)
{
	const struct search *search = &study->search;
	struct err ignored; /* a metric of a whole run is always there */
	const int axis = column_of(result, search->key[0]);
	struct finder f = {.result = result, .search = search};
	if (axis < 0 || result->column[axis].words)
		return;
	if (search->measure < METRIC_N &&
	    !(f.measure = result_metric(result, (enum metric_id)search->measure, &ignored)))
		return;
	f.value = result->column[axis].number;
	f.frontier = malloc((result->R + 1) * sizeof *f.frontier);
	f.above = malloc((result->R + 1) * sizeof *f.above);
	int *column = calloc((size_t)result->columns + 1, sizeof *column), n = 0;
	struct runs all = {result->R, calloc(result->R + 1, sizeof *all.run)};
	if (!f.frontier || !f.above || !column || !all.run)
		NO_MEMORY("out of memory");
	for (size_t r = 0; r < result->R; r++)
		all.run[r] = r, f.frontier[r] = f.above[r] = NAN;
	for (int c = 0; c < result->columns; c++)
		if (c != axis && column_varies(result, &all, c))
			column[n++] = c;
	column[n] = axis;
	struct groups groups, ordered;
	groups_make(&groups, result, &all, n, column);
	groups_make(&ordered, result, &all, n + 1, column);
	for (size_t g = 0; g < groups.G; g++) {
		const size_t from = groups.start[g], count = groups.start[g + 1] - from;
		/* a combination of which one value is there was not searched */
		if (count > 1)
			find(&f, ordered.run + from, count);
	}
	groups_release(&groups), groups_release(&ordered);
	runs_release(&all);
	free(column);
	result_derive(result, METRIC_FRONTIER, f.frontier);
	result_derive(result, METRIC_FRONTIER_ABOVE, f.above);
}

/* ---- boundary ---- */

/* How far, along either axis, the nearest point is that is 0 already: two sweeps over the neighbours, which is exact for this
 * distance. Others come as INT_MAX / 2. */
static void fill_distances(int n1, int n2, int *distance)
{
	for (int sweep = 0; sweep < 2; sweep++)
		for (int k = 0; k < n1 * n2; k++) {
			const int at = sweep ? n1 * n2 - 1 - k : k, i = at / n2, j = at % n2, back = sweep ? 1 : -1;
			for (int d = 0; d < 4; d++) {
				const int i2 = i + (d < 3 ? back : 0), j2 = j + (d < 3 ? d - 1 : back);
				if (i2 >= 0 && i2 < n1 && j2 >= 0 && j2 < n2 &&
				    distance[i2 * n2 + j2] + 1 < distance[at])
					distance[at] = distance[i2 * n2 + j2] + 1;
			}
		}
}

static void compare_plane(const struct plane *p, double *mistaken, double *far)
{
	int *distance = malloc((size_t)p->n1 * (size_t)p->n2 * sizeof *distance);
	if (!distance)
		NO_MEMORY("out of memory for a map of %d x %d points", p->n1, p->n2);
	for (int at = 0; at < p->n1 * p->n2; at++)
		distance[at] = plane_edge(p, p->paint, at / p->n2, at % p->n2) ? 0 : INT_MAX / 2;
	fill_distances(p->n1, p->n2, distance);
	for (int at = 0; at < p->n1 * p->n2; at++) {
		mistaken[p->run[at]] = p->answer[at] != p->paint[at];
		if (plane_edge(p, p->answer, at / p->n2, at % p->n2))
			far[p->run[at]] = distance[at] < INT_MAX / 2 ? distance[at] : INFINITY;
	}
	free(distance);
}

static void derive_boundary(struct result *result, const struct study *study)
{
	struct planes planes;
	double *number[3];
	for (int i = 0; i < 3; i++) {
		number[i] = malloc((result->R + 1) * sizeof *number[i]);
		if (!number[i])
			NO_MEMORY("out of memory");
		for (size_t r = 0; r < result->R; r++)
			number[i][r] = NAN;
	}
	planes_make(&planes, result, study);
	for (size_t k = 0; k < planes.n; k++) {
		const struct plane *p = &planes.plane[k];
		for (int at = 0; at < p->n1 * p->n2; at++)
			if (p->run[at] != NO_RUN)
				number[0][p->run[at]] = p->asked[at];
		if (p->whole)
			compare_plane(p, number[1], number[2]);
	}
	planes_release(&planes);
	result_derive(result, METRIC_SEARCHED, number[0]);
	result_derive(result, METRIC_MISTAKEN, number[1]);
	result_derive(result, METRIC_BOUNDARY_DISTANCE, number[2]);
}

void found_derive(struct result *result, const struct study *study)
{
	if (study->search.kind == SEARCH_FRONTIER)
		derive_frontier(result, study);
	else if (study->search.kind == SEARCH_BOUNDARY)
		derive_boundary(result, study);
}

/* ---- what is done with it ---- */

const struct key *found_key(const struct study *study, int metric)
{
	return metric == METRIC_FRONTIER || metric == METRIC_FRONTIER_ABOVE ? study->search.key[0] : NULL;
}

void found_keep(struct runs *runs, struct result *result, int metric)
{
	struct err ignored;
	const double *x =
		metric >= 0 && metric < METRIC_N && metrics[metric].derived && (result->has & METRIC_BIT(metric))
			? result_metric(result, (enum metric_id)metric, &ignored)
			: NULL;
	size_t kept = 0;
	for (size_t i = 0; x && i < runs->n; i++)
		if (!isnan(x[runs->run[i]]))
			runs->run[kept++] = runs->run[i];
	if (x)
		runs->n = kept;
}
