/* plane.c: see plane.h */
#include "report/plane.h"

#include <stdlib.h>

#include "report/found.h"
#include "spec/pieces.h"

struct maker {
	struct planes *planes;
	struct result *result;
	const struct study *study;
	int column[2];
	const double *measure; /* NULL: the search has none */
	/* the searched axes of each grid; n 0: it has none */
	struct axis_values {
		int n[2];
		const double *value[2];
	} * axes;
};

static const double *axis_numbers(struct maker *m, const struct axis *axis, int place, const struct key *key)
{
	double *number = POOL_TAKE(&m->planes->pool, double, axis->n);
	for (int i = 0; i < axis->n; i++)
		number[i] = value_number(key, axis->value[(ptrdiff_t)place * axis->n + i]);
	return number;
}

static void list_axes(struct maker *m)
{
	const struct search *search = &m->study->search;
	m->axes = POOL_TAKE(&m->planes->pool, struct axis_values, m->study->grids);
	for (int g = 0; g < m->study->grids; g++) {
		const struct grid *grid = &m->study->grid[g];
		int place[2];
		const int axis[2] = {grid_axis(grid, search->key[0], &place[0]),
				     grid_axis(grid, search->key[1], &place[1])};
		m->axes[g] = (struct axis_values){0};
		for (int k = 0; k < 2 && axis[0] >= 0 && axis[1] >= 0; k++) {
			m->axes[g].n[k] = grid->axis[axis[k]].n;
			m->axes[g].value[k] = axis_numbers(m, &grid->axis[axis[k]], place[k], search->key[k]);
		}
	}
}

/* −1: it is not among them. */
static int position(const double *ascending, int n, double x)
{
	int low = 0, high = n;
	while (low < high) {
		const int middle = low + (high - low) / 2;
		if (ascending[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && ascending[low] == x ? low : -1;
}

/* Where run r is in a plane with these axes; −1: nowhere. */
static int point_of(const struct maker *m, const struct axis_values *axes, size_t r)
{
	int at[2];
	for (int k = 0; k < 2; k++)
		at[k] = position(axes->value[k], axes->n[k], m->result->column[m->column[k]].number[r]);
	return at[0] < 0 || at[1] < 0 ? -1 : at[0] * axes->n[1] + at[1];
}

static bool holds_all(const struct maker *m, const struct axis_values *axes, const size_t *run, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (point_of(m, axes, run[i]) < 0)
			return false;
	return axes->n[0] > 0;
}

static enum answer answer_of_point(void *self, int at)
{
	return (enum answer)((const struct plane *)self)->answer[at];
}

static void add_plane(struct maker *m, const struct axis_values *axes, const size_t *run, size_t count)
{
	struct pool *pool = &m->planes->pool;
	const int n = axes->n[0] * axes->n[1];
	struct plane *p = &m->planes->plane[m->planes->n++];
	*p = (struct plane){
		.n1 = axes->n[0], .n2 = axes->n[1], .value = {axes->value[0], axes->value[1]}, .whole = true};
	p->run = POOL_TAKE(pool, size_t, n);
	p->answer = POOL_TAKE(pool, signed char, n);
	p->asked = POOL_TAKE(pool, bool, n);
	p->paint = POOL_TAKE(pool, signed char, n);
	for (int at = 0; at < n; at++)
		p->run[at] = NO_RUN, p->answer[at] = ANSWER_NONE;
	for (size_t i = 0; i < count; i++) {
		const int at = point_of(m, axes, run[i]);
		p->run[at] = run[i];
		p->answer[at] = (signed char)search_answer(&m->study->search, m->result->status[run[i]],
							   m->measure ? m->measure[run[i]] : 0);
	}
	for (int at = 0; at < n; at++)
		p->whole &= p->answer[at] != ANSWER_NONE;
	p->settled =
		boundary_search(p->n1, p->n2, m->study->search.coarse, answer_of_point, p, p->asked, p->paint) == 0;
}

/* Runs by all settings but those of the plane. */
static void group_runs(const struct maker *m, struct groups *groups)
{
	struct runs all = {m->result->R, calloc(m->result->R + 1, sizeof *all.run)};
	int *column = calloc((size_t)m->result->columns + 1, sizeof *column), n = 0;
	if (!all.run || !column)
		NO_MEMORY("out of memory");
	for (size_t r = 0; r < m->result->R; r++)
		all.run[r] = r;
	for (int c = 0; c < m->result->columns; c++)
		if (c != m->column[0] && c != m->column[1] && column_varies(m->result, &all, c))
			column[n++] = c;
	groups_make(groups, m->result, &all, n, column);
	runs_release(&all);
	free(column);
}

void planes_make(struct planes *planes, struct result *result, const struct study *study)
{
	const struct search *search = &study->search;
	struct maker m = {.planes = planes, .result = result, .study = study};
	struct err ignored; /* a metric of a whole run is always there */
	*planes = (struct planes){.pool = POOL_INIT};
	if (search->kind != SEARCH_BOUNDARY)
		return;
	for (int k = 0; k < 2; k++) {
		m.column[k] = column_of(result, search->key[k]);
		if (m.column[k] < 0 || result->column[m.column[k]].words)
			return;
	}
	if (search->measure < METRIC_N &&
	    !(m.measure = result_metric(result, (enum metric_id)search->measure, &ignored)))
		return;
	struct groups groups;
	list_axes(&m);
	group_runs(&m, &groups);
	planes->plane = POOL_TAKE(&planes->pool, struct plane, groups.G + 1);
	for (size_t g = 0; g < groups.G; g++) {
		const size_t *run = groups.run + groups.start[g], n = groups.start[g + 1] - groups.start[g];
		int grid = 0;
		while (grid < study->grids && !holds_all(&m, &m.axes[grid], run, n))
			grid++;
		if (grid < study->grids && n > 1)
			add_plane(&m, &m.axes[grid], run, n);
	}
	groups_release(&groups);
}

void planes_release(struct planes *planes)
{
	pool_release(&planes->pool);
	*planes = (struct planes){.pool = POOL_INIT};
}

bool plane_edge(const struct plane *p, const signed char *map, int i, int j)
{
	const signed char *here = map + (ptrdiff_t)i * p->n2 + j;
	return (i > 0 && here[-p->n2] != *here) || (i + 1 < p->n1 && here[p->n2] != *here) ||
	       (j > 0 && here[-1] != *here) || (j + 1 < p->n2 && here[1] != *here);
}
