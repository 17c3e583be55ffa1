/* vars.c: writes the two files of a drawing: rows of NAME.tsv and gnuplot variables of NAME.gp. */
#include "report/drawing.h"

#include <math.h>
#include <string.h>

#include "report/style.h"

/* ---- the table ---- */

void tsv_header(struct drawing *d, const char *columns)
{
	text_add(&d->tsv, "panel\tcurve");
	for (int k = 0; k < d->keys; k++)
		text_add(&d->tsv, "\t%s", d->result->column[d->key[k]].key->name);
	text_add(&d->tsv, "\t%s\n", columns);
}

void tsv_row(struct drawing *d, size_t g)
{
	text_add(&d->tsv, "%d\t%d", d->panel_of[g] + 1, d->curve_of[g] + 1);
	for (int k = 0; k < d->keys; k++) {
		struct text word = TEXT_INIT;
		column_name(d->result, d->key[k], d->groups.run[d->groups.start[g]], &word);
		text_add(&d->tsv, "\t");
		add_field(&d->tsv, word.at ? word.at : "");
		text_release(&word);
	}
}

void tsv_number(struct drawing *d, double x)
{
	text_add(&d->tsv, "\t");
	text_add_double(&d->tsv, x);
}

void tsv_band(struct drawing *d, const struct band *band)
{
	tsv_number(d, (double)band->n);
	tsv_number(d, (double)band->zeros);
	tsv_number(d, band->median);
	tsv_number(d, band->low);
	tsv_number(d, band->high);
}

bool tsv_predicted(struct drawing *d, double x, bool log)
{
	tsv_number(d, x);
	return isfinite(x) && (!log || x > 0);
}

void tsv_end(struct drawing *d)
{
	text_add(&d->tsv, "\n");
}

/* ---- the variables ---- */

static void add_number(struct text *out, double x)
{
	if (x == floor(x) && fabs(x) < 1e6)
		text_add(out, "%.0f", x);
	else if (isfinite(x))
		text_add_double(out, x);
	else
		text_add(out, "NaN");
}

void vars_number(struct drawing *d, const char *name, double x)
{
	text_add(&d->vars, "%s = ", name);
	add_number(&d->vars, x);
	text_add(&d->vars, "\n");
}

static void add_label(struct text *out, const struct label *label)
{
	text_add(out, "TERM eq 'tex' ? ");
	quote_gnuplot(out, label->tex.at);
	text_add(out, " : ");
	quote_gnuplot(out, label->enhanced.at);
}

void vars_label(struct drawing *d, const char *name, const struct label *label)
{
	text_add(&d->vars, "%s = ", name);
	add_label(&d->vars, label);
	text_add(&d->vars, "\n");
}

void vars_labels(struct drawing *d, const char *name, int n, const struct label *label)
{
	text_add(&d->vars, "array %s[%d]\n", name, n);
	for (int i = 0; i < n; i++) {
		text_add(&d->vars, "%s[%d] = ", name, i + 1);
		add_label(&d->vars, &label[i]);
		text_add(&d->vars, "\n");
	}
}

void vars_numbers(struct drawing *d, const char *name, int n, const double *x)
{
	text_add(&d->vars, "array %s[%d] = [", name, n);
	for (int i = 0; i < n; i++) {
		if (i)
			text_add(&d->vars, ", ");
		add_number(&d->vars, x[i]);
	}
	text_add(&d->vars, "]\n");
}

void vars_curves(struct drawing *d)
{
	struct label name[CURVES_MAX] = {0};
	double colour[CURVES_MAX], shade[CURVES_MAX], marker[CURVES_MAX];
	for (int c = 0; c < d->C; c++) {
		const bool numbers = !d->result->column[d->key[d->by]].words;
		const struct style style = style_of(d->result, d->key[d->by], d->curve_run[c]);
		style_label(d->result, d->key[d->by], d->curve_run[c], numbers, &name[c]);
		colour[c] = style.colour, shade[c] = style.shade, marker[c] = style.marker;
	}
	vars_number(d, "NCURVES", d->C);
	vars_labels(d, "CN", d->C, name);
	vars_numbers(d, "CC", d->C, colour);
	vars_numbers(d, "CS", d->C, shade);
	vars_numbers(d, "CM", d->C, marker);
	for (int c = 0; c < d->C; c++)
		label_release(&name[c]);
}

void vars_lists(struct drawing *d, const char *name, bool (*has)[CURVES_MAX])
{
	text_add(&d->vars, "array %s[%d]\n", name, d->P);
	for (int p = 0; p < d->P; p++) {
		text_add(&d->vars, "%s[%d] = '", name, p + 1);
		for (int c = 0; c < d->C; c++)
			if (has[p][c])
				text_add(&d->vars, "%d ", c + 1);
		text_add(&d->vars, "'\n");
	}
}

/* How many seeds, what their middle and their spread is. */
static void note_words(const struct drawing *d, bool shorter, const char *extra, struct label *note)
{
	char n[64], words[300];
	if (d->n_low == d->n_high)
		snprintf(n, sizeof n, "%zu", d->n_low);
	else
		snprintf(n, sizeof n, "%zu–%zu", d->n_low, d->n_high);
	if (d->n_high == 1)
		snprintf(words, sizeof words, "one seed%s", extra);
	else if (shorter)
		snprintf(words, sizeof words, "%s seeds, %s%s", n, d->ranged ? "range" : "95 % interval", extra);
	else
		snprintf(words, sizeof words, "median of %s seeds and %s%s", n,
			 d->ranged ? "their range" : "its 95 % interval", extra);
	label_words(note, words);
}

void vars_note(struct drawing *d, const struct label *title, const char *extra)
{
	vars_label(d, "TITLE", title);
	struct label note[2] = {0};
	note_words(d, false, extra, &note[0]);
	note_words(d, true, extra, &note[1]);
	for (int w = 0; w < 2; w++) {
		const double width = w == 0 ? 180 : 85, free = width - 6 - label_mm(title, 8);
		const bool beside = label_mm(&note[1], 7) <= free;
		const bool shorter = label_mm(&note[0], 7) > (beside ? free : width - 2);
		text_add(&d->vars, w == 0 ? "if (WIDE) {\n" : "} else {\n");
		vars_label(d, "NOTE", &note[shorter]);
		vars_number(d, "NOTELINE", !beside);
	}
	text_add(&d->vars, "}\n");
	label_release(&note[0]);
	label_release(&note[1]);
}

/* ---- the step axis ---- */

bool vars_steps(struct drawing *d)
{
	struct err err;
	const double *done = result_metric(d->result, METRIC_STEPS_DONE, &err);
	double last = 1, first = 0;
	int early = 0, all = 0;
	for (size_t i = 0; i < d->runs.n && done; i++)
		last = fmax(last, done[d->runs.run[i]]);
	for (int s = 0; s < d->result->S; s++) {
		const double step = (double)d->result->step[s];
		if (step <= 0 || step > last)
			continue;
		first = first > 0 ? first : step;
		early += step <= last / 10;
		all++;
	}
	const bool logarithmic = all > 3 && early > 0.3 * all;
	vars_number(d, "XLOG", logarithmic);
	vars_number(d, "STEP1", first > 0 ? first : 1);
	vars_number(d, "LAST", last);
	return logarithmic;
}
