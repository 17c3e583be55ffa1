/* items.c: measures what a claim names, in the order of spec/study.h: best and where, at and over, slope, versus (items.h). */
#include "report/items.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"
#include "report/found.h"
#include "report/study_walk.h"

static void add(struct items *items, size_t *room, struct item item)
{
	if (items->n == *room) {
		*room = *room ? 2 * *room : 64;
		items->item = realloc(items->item, *room * sizeof *items->item);
		if (!items->item)
			NO_MEMORY("out of memory");
	}
	items->item[items->n++] = item;
}

void items_release(struct items *items)
{
	free(items->item);
	*items = (struct items){0};
}

/* ---- at and over ---- */

/* The number at a place, as `over` means it: its `any` is the place of `at`. */
static double over_at(const struct reading *reading, size_t r, struct place over, int s, int l)
{
	const int s2 = over.step == PLACE_ANY ? s : reading_step(reading, r, over.step);
	const int l2 = over.layer == PLACE_ANY ? l : reading_layer(reading, r, over.layer);
	return s2 < 0 || l2 < 0 ? NAN : reading_at(reading, r, s2, l2);
}

/* Adds run r's numbers at a place; where it says `any`, one for each step or layer that has a number, or one missing number. */
static void add_run(struct items *items, size_t *room, const struct reading *reading, const struct reading *over,
		    size_t r, const struct claim *claim, struct place at)
{
	const enum metric_shape shape = metrics[reading->id].shape;
	const bool steps = at.step == PLACE_ANY && shape != METRIC_RUN,
		   layers = at.layer == PLACE_ANY && shape == METRIC_LAYER;
	const int s0 = steps ? 0 : reading_step(reading, r, at.step);
	const int l0 = layers ? 1 : reading_layer(reading, r, at.layer == PLACE_ANY ? PLACE_FIRST : at.layer);
	const int s1 = steps ? reading->result->S - 1 : s0, l1 = layers ? reading_layers(reading, r) : l0;
	const size_t before = items->n;
	for (int s = s0; s <= s1 && s0 >= 0 && l0 >= 0; s++)
		for (int l = l0; l <= l1; l++) {
			double x = (steps || layers ? reading_raw : reading_at)(reading, r, s, l);
			if (isnan(x) && (steps || layers))
				continue;
			if (claim->has_over)
				x /= over_at(over, r, claim->over, s, l);
			add(items, room, (struct item){r, s, l, x});
		}
	if (steps || layers ? items->n == before || reading->result->status[r] == STATUS_DIVERGED
			    : items->n == before) {
		const bool worst =
			reading->result->status[r] == STATUS_DIVERGED && !claim->has_over && (steps || layers);
		add(items, room,
		    (struct item){r, s0 < 0 ? 0 : s0, l0 < 0 ? 0 : l0, worst ? reading_worst(reading) : NAN});
	}
}

/* A step that no run has logged, or a layer that no network has, is a mistake, not a missing number. */
static int check_place(const struct reading *reading, const struct runs *runs, struct place at, struct err *err)
{
	bool step = at.step < 0 || metrics[reading->id].shape == METRIC_RUN;
	bool layer = at.layer < 0 || metrics[reading->id].shape != METRIC_LAYER;
	for (int s = 0; s < reading->result->S && !step; s++)
		step = reading->result->step[s] == at.step;
	for (size_t i = 0; i < runs->n && !layer; i++)
		layer = reading_layer(reading, runs->run[i], at.layer) >= 0;
	if (!step)
		return err_set(err, ERR_INPUT, "step %lld was not logged", (long long)at.step);
	if (!layer)
		return err_set(err, ERR_INPUT, "no network here has a layer %lld", (long long)at.layer);
	return 0;
}

static int measure_status(struct items *items, size_t *room, const struct result *result, const struct runs *runs,
			  const struct claim *claim)
{
	for (size_t i = 0; i < runs->n; i++)
		add(items, room, (struct item){runs->run[i], 0, 0, result->status[runs->run[i]] == claim->status});
	return 0;
}

/* ---- slope and versus: which runs belong together ---- */

/* A way to compare items: by the columns that count, then by place. */
struct match {
	const struct result *result;
	const struct item *item; /* that the compared numbers index */
	int n;
	int *column;
	bool step, layer;
};

static int compare_matching(const struct match *m, const struct item *a, const struct item *b)
{
	int c = 0;
	for (int i = 0; i < m->n && c == 0; i++)
		c = column_compare(m->result, m->column[i], a->run, b->run);
	if (c == 0 && m->step)
		c = (a->s > b->s) - (a->s < b->s);
	if (c == 0 && m->layer)
		c = (a->l > b->l) - (a->l < b->l);
	return c;
}

static int compare_items(const void *a, const void *b, void *match)
{
	const struct item *x = a, *y = b;
	const int c = compare_matching(match, x, y);
	return c ? c : x->run != y->run ? (x->run > y->run ? 1 : -1) : x->s != y->s ? x->s - y->s : x->l - y->l;
}

/* All columns that vary in the whole result but the named ones, and those that the claim itself has chosen a value of. */
static struct match match_except(const struct result *result, const struct claim *claim, const char *slope,
				 const struct condition *versus)
{
	struct match m = {.result = result, .column = calloc((size_t)result->columns + 1, sizeof(int))};
	if (!m.column)
		NO_MEMORY("out of memory");
	size_t *all = calloc(result->R + 1, sizeof *all);
	if (!all)
		NO_MEMORY("out of memory");
	for (size_t r = 0; r < result->R; r++)
		all[r] = r;
	const struct runs every = {result->R, all};
	for (int c = 0; c < result->columns; c++) {
		const struct key *key = result->column[c].key;
		bool out = key == claim->best || key == claim->found || (slope && strcmp(key->name, slope) == 0);
		for (int v = 0; versus && v < versus->n; v++)
			out |= key == versus->key[v];
		if (!out && column_varies(result, &every, c))
			m.column[m.n++] = c;
	}
	free(all);
	return m;
}

/* ---- slope ---- */

enum over_what { OVER_LAYER, OVER_STEP, OVER_KEY };

static double abscissa(const struct result *result, const struct item *item, enum over_what what, int column)
{
	return what == OVER_LAYER  ? item->l
	       : what == OVER_STEP ? (double)result->step[item->s]
				   : result->column[column].number[item->run];
}

static int fit_slopes(struct items *items, const struct result *result, const struct claim *claim, struct err *err)
{
	const enum over_what what = strcmp(claim->slope, "layer") == 0  ? OVER_LAYER
				    : strcmp(claim->slope, "step") == 0 ? OVER_STEP
									: OVER_KEY;
	int column = -1;
	if (what == OVER_KEY) {
		const int row = table_find(&key_table, claim->slope);
		column = row < 0 ? -1 : column_of(result, &keys[row]);
		if (column < 0 || result->column[column].words)
			return err_set(err, ERR_INPUT, "slope over '%s', which is not a numeric key", claim->slope);
		if (claim->at.layer == PLACE_ANY && claim->measure < METRIC_N &&
		    metrics[claim->measure].shape == METRIC_LAYER)
			return err_set(err, ERR_INPUT, "a slope over '%s' needs one layer: at: {layer: first}",
				       claim->slope);
	}
	/* a fit per run and other place; over a key: per set of runs that agree in all else */
	struct match m = match_except(result, claim, what == OVER_KEY ? claim->slope : NULL, NULL);
	m.step = what == OVER_LAYER || (what == OVER_KEY && claim->at.step == PLACE_ANY);
	m.layer = what == OVER_STEP;
	qsort_r(items->item, items->n, sizeof *items->item, compare_items, &m);
	double *x = calloc(items->n + 1, sizeof *x), *y = calloc(items->n + 1, sizeof *y), error;
	if (!x || !y)
		NO_MEMORY("out of memory");
	size_t fits = 0;
	for (size_t i = 0, j; i < items->n; i = j) {
		size_t n = 0;
		bool fit = true;
		for (j = i; j < items->n && compare_matching(&m, &items->item[i], &items->item[j]) == 0; j++) {
			const double v = items->item[j].x;
			if (isnan(v))
				continue;
			x[n] = abscissa(result, &items->item[j], what, column);
			y[n] = claim->linear ? v : log10(v);
			fit &= isfinite(y[n++]) != 0;
		}
		struct item made = items->item[i];
		made.x = fit && n >= 2 ? stats_slope(n, x, y, &error) : NAN;
		made.s = m.step ? made.s : 0, made.l = m.layer ? made.l : 0;
		items->item[fits++] = made;
	}
	items->n = fits;
	free(x), free(y), free(m.column);
	return 0;
}

/* ---- versus ---- */

/* Divides each item by the one of `others` that matches; both sorted here. Items without a partner, or of the versus kind, go. */
static int divide_by_partners(struct items *items, struct items *others, struct match *m, const struct claim *claim,
			      struct err *err)
{
	qsort_r(items->item, items->n, sizeof *items->item, compare_items, m);
	qsort_r(others->item, others->n, sizeof *others->item, compare_items, m);
	size_t kept = 0, o = 0;
	for (size_t i = 0; i < items->n; i++) {
		const struct item *a = &items->item[i];
		if (run_holds(m->result, a->run, &claim->versus))
			continue;
		while (o < others->n && compare_matching(m, &others->item[o], a) < 0)
			o++;
		if (o == others->n || compare_matching(m, &others->item[o], a) != 0)
			continue;
		if (o + 1 < others->n && compare_matching(m, &others->item[o], &others->item[o + 1]) == 0)
			return err_set(
				err, ERR_INPUT,
				"versus names more than one partner of a run: give each key of versus one value, "
				"and name every key in which the two differ");
		struct item pair = *a;
		pair.x = a->x / others->item[o].x;
		items->item[kept++] = pair;
	}
	items->n = kept;
	return kept ? 0 : err_set(err, ERR_INPUT, "no run has a partner that differs from it only as versus says");
}

/* ---- all of it ---- */

static int measure_runs(struct items *items, struct result *result, const struct claim *claim,
			const struct condition *where, struct err *err)
{
	struct runs runs;
	if (runs_select(&runs, result, where, claim->best, claim->best_by, err))
		return -1;
	found_keep(&runs, result, claim->measure);
	int failed = runs.n ? 0 : condition_keeps_none(where, err);
	size_t room = 0;
	if (!failed && claim->measure == METRIC_N) {
		failed = measure_status(items, &room, result, &runs, claim);
	} else if (!failed) {
		struct reading reading, over;
		struct place at = claim->at;
		if (claim->slope && strcmp(claim->slope, "layer") == 0)
			at.layer = PLACE_ANY;
		if (claim->slope && strcmp(claim->slope, "step") == 0)
			at.step = PLACE_ANY;
		failed = reading_open(&reading, result, claim->measure, err) || check_place(&reading, &runs, at, err) ||
			 (claim->has_over && (reading_open(&over, result, claim->over_measure, err) ||
					      check_place(&over, &runs, claim->over, err)));
		for (size_t i = 0; i < runs.n && !failed; i++)
			add_run(items, &room, &reading, &over, runs.run[i], claim, at);
	}
	if (!failed && claim->slope)
		failed = fit_slopes(items, result, claim, err);
	runs_release(&runs);
	return failed ? -1 : 0;
}

/* Two slopes, the one over the other: both have a fit for each run, or set of runs, in the same order. */
static int divide_slopes(struct items *items, struct result *result, const struct claim *claim,
			 const struct condition *where, struct err *err)
{
	struct claim above = *claim, below = *claim;
	struct items divisors = {0};
	above.has_over = below.has_over = false;
	below.measure = claim->over_measure, below.at = claim->over;
	int failed =
		measure_runs(items, result, &above, where, err) || measure_runs(&divisors, result, &below, where, err);
	if (!failed && items->n != divisors.n)
		failed = err_set(err, ERR_INPUT, "'%s' and '%s' have not the same slopes", metrics[claim->measure].name,
				 metrics[claim->over_measure].name);
	for (size_t i = 0; i < items->n && !failed; i++)
		items->item[i].x /= divisors.item[i].x;
	items_release(&divisors);
	return failed ? -1 : 0;
}

static int measure_where(struct items *items, struct result *result, const struct claim *claim,
			 const struct condition *where, struct err *err)
{
	const bool slopes = claim->slope && claim->has_over && claim->over_measure != claim->measure;
	return (slopes ? divide_slopes : measure_runs)(items, result, claim, where, err);
}

/* where without the keys that versus sets: the partners are sought among these. */
static struct condition without(const struct condition *where, const struct condition *versus, struct pool *pool)
{
	struct condition c = {0};
	const struct key **key = POOL_TAKE(pool, const struct key *, where->n + versus->n);
	int *values = POOL_TAKE(pool, int, where->n + versus->n);
	const struct value **value = POOL_TAKE(pool, const struct value *, where->n + versus->n);
	for (int side = 0; side < 2; side++) {
		const struct condition *from = side ? versus : where;
		for (int k = 0; k < from->n; k++) {
			bool replaced = false;
			for (int v = 0; !side && v < versus->n; v++)
				replaced |= versus->key[v] == from->key[k];
			if (replaced)
				continue;
			key[c.n] = from->key[k], values[c.n] = from->values[k], value[c.n++] = from->value[k];
		}
	}
	c.key = key, c.values = values, c.value = value;
	return c;
}

int items_measure(struct items *items, struct result *result, const struct claim *claim, struct err *err)
{
	*items = (struct items){0};
	int failed = measure_where(items, result, claim, &claim->where, err);
	if (!failed && claim->has_versus) {
		struct pool pool = POOL_INIT;
		struct items others = {0};
		const struct condition partners = without(&claim->where, &claim->versus, &pool);
		failed = measure_where(&others, result, claim, &partners, err);
		struct match m = match_except(result, claim, claim->slope, &claim->versus);
		m.step = claim->at.step == PLACE_ANY, m.layer = claim->at.layer == PLACE_ANY;
		if (!failed)
			failed = divide_by_partners(items, &others, &m, claim, err);
		free(m.column);
		items_release(&others);
		pool_release(&pool);
	}
	if (failed)
		items_release(items);
	return failed ? -1 : 0;
}
