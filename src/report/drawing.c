/* drawing.c: finds the runs of a figure, sorts them into groups, refuses what would mix settings in one curve (drawing.h). */
#include "report/drawing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"
#include "report/found.h"
#include "report/study_walk.h"
#include "report/style.h"

int figure_measure(const struct figure *figure, const struct figure_kind *kind)
{
	return figure->measure >= 0 ? figure->measure : kind->measure;
}

static const struct key *key_named(const char *name)
{
	const int row = table_find(&key_table, name);
	if (row < 0)
		BUG("no key '%s'", name);
	return &keys[row];
}

const struct key *figure_axis(const struct study *study, const struct figure *figure, const struct figure_kind *kind,
			      int a)
{
	if (kind->maps)
		return study->search.kind == SEARCH_BOUNDARY ? study->search.key[a] : NULL;
	if (a == 0 && kind->places && figure->against)
		return figure->against;
	return kind->axis[0] && kind->axis[a] ? key_named(kind->axis[a]) : NULL;
}

int64_t figure_layer(const struct figure *figure)
{
	return figure->layer == PLACE_ANY ? PLACE_FIRST : figure->layer;
}

static int add_key(struct drawing *d, const struct key *key, struct err *err)
{
	const int column = column_of(d->result, key);
	if (column < 0)
		return err_set(err, ERR_INPUT, "%s has no column '%s'", d->result->path, key->name);
	for (int i = 0; i < d->keys; i++)
		if (d->key[i] == column)
			return err_set(err, ERR_INPUT,
				       "'%s' is used twice: panel, by and the figure's own axes are different keys",
				       key->name);
	d->key[d->keys++] = column;
	return 0;
}

static int find_keys(struct drawing *d, struct err *err)
{
	const struct figure *f = d->figure;
	for (int p = 0; p < f->panels; p++)
		if (add_key(d, f->panel[p], err))
			return -1;
	if (!f->panels && d->kind->panel && add_key(d, key_named(d->kind->panel), err))
		return -1;
	d->panels = d->keys;
	d->by = d->kind->by ? d->keys : -1;
	if (d->kind->by && add_key(d, f->by ? f->by : key_named(d->kind->by), err))
		return -1;
	d->axes = d->keys;
	for (int a = 0; a < 2; a++) {
		const struct key *axis = figure_axis(d->study, f, d->kind, a);
		if (axis && add_key(d, axis, err))
			return -1;
	}
	return 0;
}

/* The keys that vary inside a group, seed aside: their runs would be mixed into one median. */
static int refuse_mixtures(struct drawing *d, struct err *err)
{
	struct text names = TEXT_INIT;
	int n = 0;
	for (int c = 0; c < d->result->columns; c++) {
		bool mixed = d->result->column[c].key->replicate;
		if (mixed || d->result->column[c].key == found_key(d->study, d->measure))
			continue;
		for (size_t g = 0; g < d->groups.G && !mixed; g++) {
			const struct runs group = {d->groups.start[g + 1] - d->groups.start[g],
						   d->groups.run + d->groups.start[g]};
			mixed = column_varies(d->result, &group, c);
		}
		if (mixed)
			text_add(&names, "%s'%s'", n++ ? ", " : "", d->result->column[c].key->name);
	}
	if (n) {
		err_set(err, ERR_INPUT, "%s %s inside one %s, which may only differ by seed", names.at,
			n > 1 ? "vary" : "varies", d->by >= 0 ? "curve" : "cell");
		err_add(err, "name %s under where (one value), by or panel, or take the best: {best: lr}",
			n > 1 ? "each of them" : "it");
	}
	text_release(&names);
	return n ? -1 : 0;
}

static bool same(const struct drawing *d, int from, int n, size_t a, size_t b)
{
	for (int k = from; k < from + n; k++)
		if (column_compare(d->result, d->key[k], a, b) != 0)
			return false;
	return true;
}

/* The different values of keys from … from + n − 1: numbers ascending, words as they come in the study. Fills a run of each. */
static int list_values(const struct drawing *d, int from, int n, int most, size_t *run)
{
	int found = 0;
	for (size_t i = 0; i < d->runs.n; i++) {
		bool known = false;
		for (int v = 0; v < found && !known; v++)
			known = same(d, from, n, run[v], d->runs.run[i]);
		if (known)
			continue;
		if (found == most)
			return most + 1;
		int at = found++;
		for (; at > 0; at--) { /* insertion: ordered by the first key, then the second */
			int before = 0;
			for (int k = from; k < from + n && before == 0; k++)
				before = d->result->column[d->key[k]].words
						 ? 0
						 : column_compare(d->result, d->key[k], d->runs.run[i], run[at - 1]);
			if (before >= 0)
				break;
			run[at] = run[at - 1];
		}
		run[at] = d->runs.run[i];
	}
	return found;
}

static int list_panels(struct drawing *d, struct err *err)
{
	if (d->panels < 2) {
		d->P = d->panels ? list_values(d, 0, 1, PANELS_MAX, d->panel_run) : 1;
		if (!d->panels)
			d->panel_run[0] = d->runs.run[0];
	} else { /* rows of the second key, columns of the first, only pairs that occur */
		size_t column[PANELS_MAX], row[PANELS_MAX];
		const int columns = list_values(d, 0, 1, PANELS_MAX, column),
			  rows = list_values(d, 1, 1, PANELS_MAX, row);
		d->P = columns > PANELS_MAX || rows > PANELS_MAX ? PANELS_MAX + 1 : 0;
		for (int r = 0; r < rows && d->P <= PANELS_MAX; r++)
			for (int c = 0; c < columns && d->P <= PANELS_MAX; c++)
				for (size_t i = 0; i < d->runs.n; i++)
					if (same(d, 0, 1, column[c], d->runs.run[i]) &&
					    same(d, 1, 1, row[r], d->runs.run[i])) {
						if (d->P < PANELS_MAX)
							d->panel_run[d->P] = d->runs.run[i];
						d->P++;
						break;
					}
	}
	return d->P <= PANELS_MAX ? 0
				  : err_set(err, ERR_INPUT, "more than %d panels: choose some with where", PANELS_MAX);
}

static int list_curves(struct drawing *d, struct err *err)
{
	d->C = 1;
	d->curve_run[0] = d->runs.run[0];
	if (d->by < 0)
		return 0;
	const struct column *by = &d->result->column[d->key[d->by]];
	const int most = by->words ? STYLE_NAMES : STYLE_NUMBERS;
	d->C = list_values(d, d->by, 1, most, d->curve_run);
	if (d->C <= most)
		return 0;
	return err_set(err, ERR_INPUT,
		       "more than %d curves by '%s', which nobody can tell apart: choose some with where", most,
		       by->key->name);
}

/* Which panel and curve each group belongs to; how many runs the groups have. */
static void place_groups(struct drawing *d)
{
	d->panel_of = calloc(d->groups.G + 1, sizeof(int));
	d->curve_of = calloc(d->groups.G + 1, sizeof(int));
	if (!d->panel_of || !d->curve_of)
		NO_MEMORY("out of memory");
	d->n_low = SIZE_MAX, d->n_high = 0;
	for (size_t g = 0; g < d->groups.G; g++) {
		const size_t r = d->groups.run[d->groups.start[g]], n = d->groups.start[g + 1] - d->groups.start[g];
		for (int p = 0; p < d->P; p++)
			if (same(d, 0, d->panels, d->panel_run[p], r))
				d->panel_of[g] = p;
		for (int c = 0; c < d->C; c++)
			if (d->by < 0 || same(d, d->by, 1, d->curve_run[c], r))
				d->curve_of[g] = c;
		d->n_low = n < d->n_low ? n : d->n_low;
		d->n_high = n > d->n_high ? n : d->n_high;
	}
	d->ranged = d->n_low < 6;
}

int drawing_open(struct drawing *d, struct result *result, const struct study *study, const struct figure *figure,
		 const struct figure_kind *kind, struct err *err)
{
	*d = (struct drawing){.result = result, .study = study, .figure = figure, .kind = kind, .by = -1};
	d->measure = figure_measure(figure, kind);
	if (find_keys(d, err) || runs_select(&d->runs, result, &figure->where, figure->best, figure->best_by, err))
		return -1;
	found_keep(&d->runs, result, d->measure);
	size_t kept = 0; /* a failed run has no numbers */
	for (size_t i = 0; i < d->runs.n; i++)
		if (result->status[d->runs.run[i]] != STATUS_FAILED)
			d->runs.run[kept++] = d->runs.run[i];
	d->runs.n = kept;
	if (kept == 0)
		return condition_keeps_none(&figure->where, err);
	groups_make(&d->groups, result, &d->runs, d->keys, d->key);
	if (refuse_mixtures(d, err) || list_panels(d, err) || list_curves(d, err))
		return -1;
	place_groups(d);
	return 0;
}

void drawing_release(struct drawing *d)
{
	runs_release(&d->runs);
	groups_release(&d->groups);
	free(d->panel_of);
	free(d->curve_of);
	text_release(&d->tsv);
	text_release(&d->vars);
}

double target_of(const struct drawing *d)
{
	const struct column *column = result_column(d->result, key_named("target"));
	const double target = column ? column->number[d->runs.run[0]] : 0;
	for (size_t i = 1; i < d->runs.n && column; i++)
		if (!(column->number[d->runs.run[i]] == target))
			return 0;
	return target > 0 ? target : 0;
}

void drawing_sort_curves(struct drawing *d, const double *height)
{
	int order[CURVES_MAX] = {0}, place[CURVES_MAX] = {0};
	for (int c = 0; c < d->C; c++) {
		int at = c;
		for (; at > 0 && height[order[at - 1]] < height[c]; at--)
			order[at] = order[at - 1];
		order[at] = c;
	}
	size_t run[CURVES_MAX] = {0};
	for (int c = 0; c < d->C; c++)
		run[c] = d->curve_run[order[c]], place[order[c]] = c;
	memcpy(d->curve_run, run, (size_t)d->C * sizeof *run);
	for (size_t g = 0; g < d->groups.G; g++)
		d->curve_of[g] = place[d->curve_of[g]];
}

/* ---- numbers ---- */

struct band band_of(const struct drawing *d, size_t n, double *x)
{
	struct band band = {0, 0, NAN, NAN, NAN};
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i])) {
			band.zeros += x[i] == 0;
			x[band.n++] = x[i];
		}
	if (band.n == 0)
		return band;
	const struct estimate e = stats_median(band.n, x); /* sorts */
	band.median = e.value, band.low = e.low, band.high = e.high;
	if (d->ranged || isnan(e.low))
		band.low = x[0], band.high = x[band.n - 1];
	return band;
}

void range_take(struct range *range, double x)
{
	if (isfinite(x)) {
		range->low = fmin(range->low, x);
		range->high = fmax(range->high, x);
	}
}

void range_take_positive(struct range *range, double x)
{
	if (x > 0)
		range_take(range, x);
}
