/* search.c: see search.h */
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "spec/pieces.h"
#include "trace/trace.h"

bool study_searches(const struct study *study)
{
	return study->search.kind != SEARCH_NONE && !study->search.full;
}

enum answer search_answer(const struct search *search, int status, double x)
{
	if (status < 0 || status == STATUS_FAILED)
		return ANSWER_NONE;
	if (status == STATUS_DIVERGED)
		return ANSWER_UNSTABLE;
	if (search->measure == METRIC_N)
		return ANSWER_STABLE;
	if (isnan(x) && search->measure == METRIC_STEPS_TO_TARGET)
		x = INFINITY;
	return !isnan(x) && expect_holds(&search->is, x) ? ANSWER_STABLE : ANSWER_UNSTABLE;
}

/* The searched axes of a grid: how far apart their neighbours lie in the numbering of its runs. keys 0: it has none. */
struct axes {
	int keys;
	int n[2];
	uint64_t stride[2];
};

static struct axes axes_of(const struct grid *grid, const struct search *search)
{
	struct axes axes = {0};
	for (int k = 0; k < 2 && search->key[k]; k++) {
		int place;
		const int a = grid_axis(grid, search->key[k], &place);
		if (a < 0)
			return (struct axes){0};
		axes.stride[k] = 1;
		for (int b = a + 1; b < grid->axes; b++)
			axes.stride[k] *= (uint64_t)grid->axis[b].n;
		axes.n[axes.keys++] = grid->axis[a].n;
	}
	return axes;
}

static uint64_t first_of(const struct axes *axes, uint64_t index)
{
	for (int k = 0; k < axes->keys; k++)
		index -= index / axes->stride[k] % (uint64_t)axes->n[k] * axes->stride[k];
	return index;
}

uint64_t search_combination(const struct study *study, const struct planned *run)
{
	const struct axes axes = axes_of(&study->grid[run->grid], &study->search);
	const uint64_t key[] = {(uint64_t)run->grid, first_of(&axes, run->index)};
	return XXH3_64bits(key, sizeof key);
}

/* ---- one grid ---- */

struct walk {
	const struct plan *whole;
	answer_of_run *answer;
	void *self;
	bool *chosen; /* by run of the whole plan */
	struct search_state *state;

	/* the grid at hand: its runs, in the order of their index */
	size_t from, to;
	struct axes axes;
	/* the combination at hand */
	uint64_t first;
	size_t *run; /* by position on the searched axes */
	bool *asked;
	signed char *paint;
};

static enum answer answer_here(void *self, int at)
{
	const struct walk *w = self;
	return w->answer ? w->answer(w->self, w->run[at]) : ANSWER_NONE;
}

/* The run of that index, which is there: no combination is skipped in part. */
static size_t find_run(const struct walk *w, uint64_t index)
{
	size_t low = w->from, high = w->to;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (w->whole->run[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == w->to || w->whole->run[low].index != index)
		BUG("a combination of grid %d has a hole", w->whole->run[w->from].grid);
	return low;
}

static void walk_combination(struct walk *w)
{
	const struct search *search = &w->whole->study->search;
	const int n1 = w->axes.n[0], n2 = w->axes.keys > 1 ? w->axes.n[1] : 1, n = n1 * n2;
	int least, most, open;
	for (int at = 0; at < n; at++)
		w->run[at] = find_run(w, w->first + (uint64_t)(at / n2) * w->axes.stride[0] +
						 (n2 > 1 ? (uint64_t)(at % n2) * w->axes.stride[1] : 0));
	if (search->kind == SEARCH_FRONTIER) {
		open = frontier_search(n, search->coarse, answer_here, w, w->asked).open;
		frontier_bounds(n, search->coarse, &least, &most);
		w->state->likely += (size_t)most;
	} else {
		const int C1 = search->coarse < n1 ? search->coarse : n1,
			  C2 = search->coarse < n2 ? search->coarse : n2;
		open = boundary_search(n1, n2, search->coarse, answer_here, w, w->asked, w->paint);
		least = C1 * C2, most = n;
		w->state->likely += (size_t)(least + 3 * (n1 + n2) < n ? least + 3 * (n1 + n2) : n);
	}
	w->state->least += (size_t)least;
	w->state->most += (size_t)most;
	w->state->combinations++;
	w->state->settled += open == 0;
	for (int at = 0; at < n; at++)
		if (w->asked[at])
			w->chosen[w->run[at]] = true;
}

static int walk_grid(struct walk *w, struct err *err)
{
	const struct plan *whole = w->whole;
	const size_t n = w->axes.keys == 0 ? 0 : (size_t)w->axes.n[0] * (size_t)(w->axes.keys > 1 ? w->axes.n[1] : 1);
	for (size_t r = w->from; n == 0 && r < w->to; r++) {
		w->chosen[r] = true;
		w->state->least++, w->state->most++, w->state->likely++;
	}
	if (n == 0)
		return 0;
	w->run = malloc(n * sizeof *w->run);
	w->asked = malloc(n * sizeof *w->asked);
	w->paint = malloc(n);
	const bool fine = w->run && w->asked && w->paint;
	for (size_t r = w->from; fine && r < w->to; r++) {
		w->first = whole->run[r].index;
		if (first_of(&w->axes, w->first) == w->first)
			walk_combination(w);
	}
	free(w->run);
	free(w->asked);
	free(w->paint);
	return fine ? 0 : err_set(err, ERR_SYSTEM, "out of memory for a search of %zu values", n);
}

/* ---- the part ---- */

/* Runs that two grids share are there once: at their first place that was asked for. */
static void take_chosen(struct plan *part, const struct plan *whole, const bool *chosen, uint64_t *seen, size_t size)
{
	XXH3_state_t *state = XXH3_createState();
	if (!state)
		NO_MEMORY("out of memory for a hash");
	XXH3_64bits_reset(state);
	for (size_t r = 0; r < whole->R; r++) {
		const uint64_t hash = whole->run[r].hash, mark = hash ? hash : 1;
		size_t slot = (size_t)(mark * 0x9e3779b97f4a7c15u) & (size - 1);
		if (!chosen[r])
			continue;
		while (seen[slot] != 0 && seen[slot] != mark)
			slot = (slot + 1) & (size - 1);
		if (seen[slot] == mark)
			continue;
		seen[slot] = mark;
		part->run[part->R++] = whole->run[r];
		XXH3_64bits_update(state, &hash, sizeof hash);
	}
	part->hash = XXH3_64bits_digest(state);
	XXH3_freeState(state);
}

int search_part(struct plan *part, const struct plan *whole, answer_of_run *answer, void *self,
		struct search_state *state, struct err *err)
{
	const struct study *study = whole->study;
	struct walk w = {.whole = whole, .answer = answer, .self = self, .state = state};
	size_t size = 64;
	while (size < 2 * whole->R)
		size *= 2;
	uint64_t *seen = calloc(size, sizeof *seen);
	*state = (struct search_state){0};
	*part = (struct plan){.study = study, .run = malloc((whole->R + 1) * sizeof *part->run)};
	w.chosen = calloc(whole->R + 1, sizeof *w.chosen);
	int failed = part->run && w.chosen && seen
			     ? 0
			     : err_set(err, ERR_SYSTEM, "out of memory for a plan of %zu runs", whole->R);
	for (; w.from < whole->R && !failed; w.from = w.to) {
		const int grid = whole->run[w.from].grid;
		for (w.to = w.from; w.to < whole->R && whole->run[w.to].grid == grid;)
			w.to++;
		w.axes = axes_of(&study->grid[grid], &study->search);
		failed = walk_grid(&w, err);
	}
	if (!failed)
		take_chosen(part, whole, w.chosen, seen, size);
	free(seen);
	free(w.chosen);
	if (failed)
		plan_release(part);
	return failed;
}
