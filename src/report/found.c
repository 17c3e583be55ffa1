/* found.c: see found.h */
#include "report/found.h"

#include <math.h>
#include <stdlib.h>

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

void found_derive(struct result *result, const struct study *study)
{
	const struct search *search = &study->search;
	if (search->kind != SEARCH_FRONTIER)
		return;
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

const struct key *found_key(const struct study *study, int metric)
{
	return metric >= 0 && metric < METRIC_N && metrics[metric].derived ? study->search.key[0] : NULL;
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
