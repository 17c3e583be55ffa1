/* alt.c: figures of curves in words (alt.h). */
#include "report/alt.h"

#include <math.h>
#include <string.h>

#include "report/spell.h"
#include "report/style.h"

enum { CURVES_TOLD = 18 };

void alt_settings(struct text *out, const struct alt *alt, size_t row, int from, int to)
{
	for (int k = from; k < to; k++) {
		const char *name = alt->tsv->name[alt->key[k]];
		text_add(out, "%s", k > from ? ", " : "");
		const struct key *key = &keys[table_find(&key_table, name)];
		if (key->type != KEY_NAME)
			for (const char *at = name; *at; at++)
				text_add(out, "%c", *at == '_' ? ' ' : *at);
		text_add(out, "%s%s", key->type != KEY_NAME ? " " : "", tsv_word(alt->tsv, row, alt->key[k]));
	}
}

size_t alt_span(const struct alt *alt, size_t row, const char *column)
{
	const int c = tsv_column(alt->tsv, column);
	size_t end = row;
	while (end < alt->tsv->rows && strcmp(tsv_word(alt->tsv, end, c), tsv_word(alt->tsv, row, c)) == 0)
		end++;
	return end;
}

/* ---- curves ---- */

/* Where the numbers of a kind stand. */
struct axis_words {
	const char *column, *at; /* of x; "in layer 1" */
	const char *never;       /* what an infinite number says */
	bool keyed;              /* x is the last of the table's settings */
};

/* false: the figure has no curves. Lives in *words. */
static bool axis_of(const struct alt *alt, struct axis_words *axis, struct text *words)
{
	static const struct axis_words axes[] = {{"layer", "in layer", "infinite", false},
						 {"step", "at step", "infinite", false}};
	if (!alt->kind->by)
		return false;
	if (alt->kind->places) {
		const char *name = alt->tsv->name[alt->key[alt->keys - 1]];
		const bool target = figure_measure(alt->figure, alt->kind) == METRIC_STEPS_TO_TARGET;
		text_add(words, "at ");
		for (const char *at = name; *at; at++)
			text_add(words, "%c", *at == '_' ? ' ' : *at);
		*axis = (struct axis_words){name, words->at, target ? "never" : "infinite", true};
		return true;
	}
	for (size_t a = 0; a < sizeof axes / sizeof *axes; a++)
		if (tsv_column(alt->tsv, axes[a].column) >= 0) {
			*axis = axes[a];
			return true;
		}
	return false;
}

static void add_value(struct text *out, const struct axis_words *axis, double x)
{
	if (isinf(x))
		text_add(out, "%s", axis->never);
	else
		spell_measured(out, x);
}

/* Rows from … end − 1 are one curve of one panel. */
struct curve {
	size_t from, end;
};

static struct curve next_curve(const struct alt *alt, size_t row)
{
	const size_t panel = alt_span(alt, row, "panel"), curve = alt_span(alt, row, "curve");
	return (struct curve){row, panel < curve ? panel : curve};
}

static void add_curve(struct text *out, const struct alt *alt, const struct axis_words *axis, struct curve c)
{
	const struct tsv *tsv = alt->tsv;
	const int x = tsv_column(tsv, axis->column), y = tsv_column(tsv, "median"), gone = tsv_column(tsv, "diverged");
	size_t zeros = 0;
	for (size_t r = c.from; r < c.end; r++)
		zeros += tsv_value(tsv, r, y) == 0;
	const size_t last = c.end - 1;
	alt_settings(out, alt, c.from, alt->panels, alt->keys - axis->keyed);
	if (zeros == c.end - c.from && zeros > 1) {
		text_add(out, " exactly 0 everywhere");
	} else {
		text_add(out, " ");
		add_value(out, axis, tsv_value(tsv, c.from, y));
		text_add(out, " %s %s", axis->at, tsv_word(tsv, c.from, x));
		if (last > c.from) {
			text_add(out, ", ");
			add_value(out, axis, tsv_value(tsv, last, y));
			text_add(out, " %s %s", axis->at, tsv_word(tsv, last, x));
		}
	}
	if (gone >= 0 && tsv_value(tsv, last, gone) > 0)
		text_add(out, " (%s of %s diverged)", tsv_word(tsv, last, gone),
			 tsv_word(tsv, last, tsv_column(tsv, "n")));
}

/* The lowest and highest curve of a panel, at the first or the last of their points. */
static void add_extremes(struct text *out, const struct alt *alt, const struct axis_words *axis, size_t from,
			 size_t end, bool last)
{
	const int y = tsv_column(alt->tsv, "median");
	size_t best[2] = {0, 0};
	double value[2] = {INFINITY, -INFINITY};
	for (size_t r = from; r < end;) {
		const struct curve c = next_curve(alt, r);
		const size_t at = last ? c.end - 1 : c.from;
		const double v = tsv_value(alt->tsv, at, y);
		if (v < value[0] || r == from)
			value[0] = v, best[0] = at;
		if (v > value[1] || r == from)
			value[1] = v, best[1] = at;
		r = c.end;
	}
	text_add(out, "%s the %s point of each curve from ", last ? "; at" : "at", last ? "last" : "first");
	for (int i = 0; i < 2; i++) {
		add_value(out, axis, value[i]);
		text_add(out, " (");
		alt_settings(out, alt, best[i], alt->panels, alt->keys - axis->keyed);
		text_add(out, i ? ")" : ") to ");
	}
}

static void add_panel(struct text *out, const struct alt *alt, const struct axis_words *axis, size_t from, size_t end,
		      bool each)
{
	text_add(out, " ");
	alt_settings(out, alt, from, 0, alt->panels);
	text_add(out, alt->panels ? ": " : "");
	if (!each) {
		add_extremes(out, alt, axis, from, end, false);
		add_extremes(out, alt, axis, from, end, true);
	}
	for (size_t r = from; r < end && each;) {
		const struct curve c = next_curve(alt, r);
		text_add(out, r > from ? "; " : "");
		add_curve(out, alt, axis, c);
		r = c.end;
	}
	text_add(out, ".");
}

static void alt_curves(struct text *out, const struct alt *alt, const struct axis_words *axis)
{
	const struct tsv *tsv = alt->tsv;
	int curves = 0;
	for (size_t r = 0; r < tsv->rows; r = next_curve(alt, r).end)
		curves++;
	for (size_t r = 0; r < tsv->rows;) {
		const size_t end = alt_span(alt, r, "panel");
		add_panel(out, alt, axis, r, end, curves <= CURVES_TOLD);
		r = end;
	}
}

/* ---- */

static void add_step(struct text *out, int64_t step)
{
	if (step == PLACE_LAST)
		text_add(out, " at the last step");
	else
		text_add(out, " at step %lld", step < 0 ? 0LL : (long long)step);
}

static void add_layer(struct text *out, int64_t layer)
{
	if (layer == PLACE_LAST)
		text_add(out, " in the output layer");
	else
		text_add(out, " in layer %lld", layer < 0 ? 1LL : (long long)layer);
}

/* " in layer 1 at step 0 over delta rms in layer 3 at step 0" */
static void add_place(struct text *out, const struct figure *f, int measure)
{
	const struct place at[2] = {{figure_layer(f), f->step}, f->over};
	for (int side = 0; side < (f->has_over ? 2 : 1); side++) {
		if (side) {
			text_add(out, " over ");
			metric_words(f->over_measure >= 0 ? f->over_measure : measure, out);
		}
		if (metrics[measure].shape == METRIC_LAYER)
			add_layer(out, at[side].layer);
		if (metrics[measure].shape != METRIC_RUN)
			add_step(out, at[side].step);
	}
}

static void add_intro(struct text *out, const struct alt *alt)
{
	const struct figure *f = alt->figure;
	const int measure = figure_measure(f, alt->kind);
	const struct tsv *tsv = alt->tsv;
	size_t panels = 0;
	for (size_t r = 0; r < tsv->rows; r = alt_span(alt, r, "panel"))
		panels++;
	const int n = tsv_column(tsv, "n");
	bool median = false;
	for (size_t r = 0; r < tsv->rows && tsv_column(tsv, "median") >= 0; r++)
		median |= tsv_value(tsv, r, n) > 1;
	text_add(out, "%s: %s", f->kind, median ? "median " : "");
	if (measure >= 0)
		metric_words(measure, out);
	else if (alt->kind->maps)
		text_add(out, "where runs are stable, %s by %s", tsv->name[alt->key[alt->keys - 2]],
			 tsv->name[alt->key[alt->keys - 1]]);
	else
		text_add(out, "share of the seeds that reach the target");
	if (alt->kind->places && measure != METRIC_STEPS_TO_TARGET)
		add_place(out, f, measure);
	else if (strcmp(f->kind, "gradient-by-layer") == 0)
		add_step(out, f->step);
	if (f->predicted >= 0)
		text_add(out, ", with what is predicted dashed over it");
	if (alt->kind->by)
		text_add(out, ", a curve per %s", tsv->name[alt->key[alt->panels]]);
	for (int k = 0; k < alt->panels; k++)
		text_add(out, "%s %s",
			 k             ? " and"
			 : panels == 1 ? ", a panel by"
				       : ", panels by",
			 tsv->name[alt->key[k]]);
	text_add(out, ".");
}

void alt_describe(struct text *out, const struct figure *figure, const struct tsv *tsv)
{
	struct alt alt = {figure, figure_kind_of(figure), tsv, 0, 0, {0}};
	if (!alt.kind || tsv->rows == 0) {
		text_add(out, "%s.", figure->kind);
		return;
	}
	for (int c = 2; c < tsv->columns && alt.keys < 5 && table_find(&key_table, tsv->name[c]) >= 0; c++)
		alt.key[alt.keys++] = c;
	int axes_of_kind = 0;
	while (axes_of_kind < 2 && (alt.kind->maps || alt.kind->axis[axes_of_kind]))
		axes_of_kind++;
	alt.panels = alt.keys - axes_of_kind - (alt.kind->by != NULL);
	if (alt.panels < 0)
		BUG("a table of '%s' without its keys", figure->kind);
	add_intro(out, &alt);
	struct axis_words axis;
	struct text words = TEXT_INIT;
	if (axis_of(&alt, &axis, &words))
		alt_curves(out, &alt, &axis);
	else if (alt.kind->maps)
		alt_boundary(out, &alt);
	else
		alt_map(out, &alt);
	text_release(&words);
}
