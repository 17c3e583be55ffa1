/* show.c: tables of results (show.h). First a grid of cells is made, then written in one of four formats. */
#include "report/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"
#include "report/label.h"
#include "report/runs.h"

static const struct {
	const char *name, *about;
} formats[] =
	{
		[SHOW_TABLE] = {"table", "aligned columns, for reading"},
		[SHOW_CSV] = {"csv", "comma-separated, a header, full precision"},
		[SHOW_TSV] = {"tsv", "tab-separated, a header, full precision"},
		[SHOW_JSON] = {"json", "one object with its rows"},
},
  stats[] = {
	  [SHOW_MEDIAN] = {"median", "with its interval from order statistics (six runs or more)"},
	  [SHOW_MEAN] = {"mean", "with Student's t interval"},
	  [SHOW_GEOMEAN] = {"geomean", "geometric mean, with the t interval of the logarithm"},
};

const struct table show_format_table = TABLE("format", formats);
const struct table show_stat_table = TABLE("statistic", stats);

enum { COLUMNS_MAX = 64 };

struct sheet {
	struct result *result;
	const struct show_options *options;
	struct runs runs;
	struct groups groups;
	int by, column[COLUMNS_MAX]; /* of the keys that make the lines */
	int pooled, pooled_column[COLUMNS_MAX];
	int metrics;
	enum metric_id metric[METRIC_N];
	struct estimate *cell;  /* G × metrics */
	size_t *diverged;       /* G */
	bool partial[METRIC_N]; /* some line has fewer numbers than runs */
};

/* The lines' keys, then what varies inside them. */
static int choose_keys(struct sheet *sheet, struct err *err)
{
	const struct show_options *o = sheet->options;
	const struct result *result = sheet->result;
	for (int k = 0; k < o->n_by; k++) {
		const int column = column_of(result, o->by[k]);
		if (column < 0)
			return err_set(err, ERR_INPUT, "%s has no column '%s'", result->path, o->by[k]->name);
		if (sheet->by == COLUMNS_MAX)
			return err_set(err, ERR_INPUT, "more than %d keys", COLUMNS_MAX);
		sheet->column[sheet->by++] = column;
	}
	for (int c = 0; c < result->columns && o->n_by < 0; c++)
		if (!result->column[c].key->replicate && sheet->by < COLUMNS_MAX &&
		    column_varies(result, &sheet->runs, c))
			sheet->column[sheet->by++] = c;
	groups_make(&sheet->groups, result, &sheet->runs, sheet->by, sheet->column);
	for (int c = 0; c < result->columns; c++) {
		bool varies = false;
		for (size_t g = 0; g < sheet->groups.G && !varies && !result->column[c].key->replicate; g++) {
			const size_t from = sheet->groups.start[g], to = sheet->groups.start[g + 1];
			varies = column_varies(result, &(struct runs){to - from, sheet->groups.run + from}, c);
		}
		if (varies && sheet->pooled < COLUMNS_MAX)
			sheet->pooled_column[sheet->pooled++] = c;
	}
	return 0;
}

static void choose_metrics(struct sheet *sheet)
{
	static const enum metric_id usual[] = {METRIC_FINAL_TRAIN_LOSS, METRIC_FINAL_TEST_ACCURACY,
					       METRIC_STEPS_TO_TARGET};
	for (int m = 0; m < sheet->options->metrics && m < METRIC_N; m++)
		sheet->metric[sheet->metrics++] = sheet->options->metric[m];
	for (size_t m = 0; m < sizeof usual / sizeof *usual && sheet->options->metrics == 0; m++) {
		struct err ignored;
		const double *x = sheet->result->has & METRIC_BIT(usual[m])
					  ? result_metric(sheet->result, usual[m], &ignored)
					  : NULL;
		bool any = false;
		for (size_t i = 0; i < sheet->runs.n && x && !any; i++)
			any = !isnan(x[sheet->runs.run[i]]);
		if (any)
			sheet->metric[sheet->metrics++] = usual[m];
	}
}

static struct estimate estimate(enum show_stat stat, size_t n, double *x)
{
	if (n == 0)
		return (struct estimate){0, NAN, NAN, NAN};
	return stat == SHOW_MEDIAN ? stats_median(n, x) : stat == SHOW_MEAN ? stats_mean(n, x) : stats_geomean(n, x);
}

static int check_place(const struct reading *reading, struct place at, struct err *err)
{
	if (metrics[reading->id].shape == METRIC_RUN)
		return 0;
	if (at.step == PLACE_ANY || (metrics[reading->id].shape == METRIC_LAYER && at.layer == PLACE_ANY))
		return err_set(err, ERR_INPUT, "'%s' needs one step and layer: first, last or a number",
			       metrics[reading->id].name);
	bool logged = at.step < 0;
	for (int s = 0; s < reading->result->S && !logged; s++)
		logged = reading->result->step[s] == at.step;
	return logged ? 0 : err_set(err, ERR_INPUT, "step %lld was not logged", (long long)at.step);
}

static int fill_metric(struct sheet *sheet, int m, double *x, struct err *err)
{
	struct reading reading;
	const struct place at = sheet->options->at;
	if (reading_open(&reading, sheet->result, (int)sheet->metric[m], err) || check_place(&reading, at, err))
		return -1;
	for (size_t g = 0; g < sheet->groups.G; g++) {
		size_t n = 0;
		for (size_t i = sheet->groups.start[g]; i < sheet->groups.start[g + 1]; i++) {
			const size_t r = sheet->groups.run[i];
			const int s = reading_step(&reading, r, at.step), l = reading_layer(&reading, r, at.layer);
			const double v = s < 0 || l < 0 ? NAN : reading_at(&reading, r, s, l);
			if (!isnan(v))
				x[n++] = v;
		}
		sheet->partial[m] |= n < sheet->groups.start[g + 1] - sheet->groups.start[g];
		sheet->cell[g * (size_t)sheet->metrics + (size_t)m] = estimate(sheet->options->stat, n, x);
	}
	return 0;
}

static int fill(struct sheet *sheet, struct err *err)
{
	sheet->cell = calloc(sheet->groups.G * (size_t)sheet->metrics + 1, sizeof *sheet->cell);
	sheet->diverged = calloc(sheet->groups.G + 1, sizeof *sheet->diverged);
	double *x = calloc(sheet->runs.n + 1, sizeof *x);
	if (!sheet->cell || !sheet->diverged || !x)
		BUG("out of memory");
	for (size_t i = 0, g = 0; i < sheet->runs.n; i++) {
		g += i == sheet->groups.start[g + 1];
		sheet->diverged[g] += sheet->result->status[sheet->groups.run[i]] == STATUS_DIVERGED;
	}
	int failed = 0;
	for (int m = 0; m < sheet->metrics && !failed; m++)
		failed = fill_metric(sheet, m, x, err);
	free(x);
	return failed;
}

static size_t size_of(const struct sheet *sheet, size_t g)
{
	return sheet->groups.start[g + 1] - sheet->groups.start[g];
}

static const struct estimate *cell_of(const struct sheet *sheet, size_t g, int m)
{
	return &sheet->cell[g * (size_t)sheet->metrics + (size_t)m];
}

/* ---- csv and tsv ---- */

/* A field of csv: in quotes when it has to be (RFC 4180). */
static void add_separated(struct text *out, char comma, const char *field)
{
	if (comma == '\t') {
		add_field(out, field);
		return;
	}
	const bool quoted = strpbrk(field, ",\"\n\r") != NULL;
	text_add(out, quoted ? "\"" : "");
	for (const char *at = field; *at; at++)
		text_add(out, *at == '"' ? "\"\"" : "%c", *at);
	text_add(out, quoted ? "\"" : "");
}

static void add_number(struct text *out, double x)
{
	if (!isnan(x))
		text_add_double(out, x);
}

static void write_separated(const struct sheet *sheet, char comma, struct text *out)
{
	for (int k = 0; k < sheet->by; k++)
		text_add(out, "%s%c", sheet->result->column[sheet->column[k]].key->name, comma);
	text_add(out, "n%cdiverged", comma);
	for (int m = 0; m < sheet->metrics; m++) {
		const char *name = metrics[sheet->metric[m]].name;
		text_add(out, "%c%s%c%s_low%c%s_high", comma, name, comma, name, comma, name);
		if (sheet->partial[m])
			text_add(out, "%c%s_n", comma, name);
	}
	text_add(out, "\n");
	for (size_t g = 0; g < sheet->groups.G; g++) {
		for (int k = 0; k < sheet->by; k++) {
			struct text word = TEXT_INIT;
			column_name(sheet->result, sheet->column[k], sheet->groups.run[sheet->groups.start[g]], &word);
			add_separated(out, comma, word.at ? word.at : "");
			text_add(out, "%c", comma);
			text_release(&word);
		}
		text_add(out, "%zu%c", size_of(sheet, g), comma);
		text_add_double(out, (double)sheet->diverged[g] / (double)size_of(sheet, g));
		for (int m = 0; m < sheet->metrics; m++) {
			const struct estimate *e = cell_of(sheet, g, m);
			text_add(out, "%c", comma), add_number(out, e->value);
			text_add(out, "%c", comma), add_number(out, e->low);
			text_add(out, "%c", comma), add_number(out, e->high);
			if (sheet->partial[m])
				text_add(out, "%c%zu", comma, e->n);
		}
		text_add(out, "\n");
	}
}

/* ---- json ---- */

static void add_string(struct text *out, const char *text)
{
	text_add(out, "\"");
	for (const char *at = text; *at; at++) {
		if (*at == '"' || *at == '\\')
			text_add(out, "\\%c", *at);
		else if ((unsigned char)*at < 32)
			text_add(out, "\\u%04x", *at);
		else
			text_add(out, "%c", *at);
	}
	text_add(out, "\"");
}

/* JSON has no infinity: it is the string "inf", so that it is not taken for missing. */
static void add_json(struct text *out, double x)
{
	if (isnan(x))
		text_add(out, "null");
	else if (isinf(x))
		text_add(out, x > 0 ? "\"inf\"" : "\"-inf\"");
	else
		text_add_double(out, x);
}

static void add_names(struct text *out, const struct sheet *sheet, int n, const int *column)
{
	text_add(out, "[");
	for (int k = 0; k < n; k++)
		text_add(out, "%s\"%s\"", k ? ", " : "", sheet->result->column[column[k]].key->name);
	text_add(out, "]");
}

static void add_row(struct text *out, const struct sheet *sheet, size_t g)
{
	const size_t r = sheet->groups.run[sheet->groups.start[g]];
	text_add(out, "{");
	for (int k = 0; k < sheet->by; k++) {
		const struct column *column = &sheet->result->column[sheet->column[k]];
		text_add(out, "\"%s\": ", column->key->name);
		if (column->words) {
			add_string(out, column->word[(int)column->number[r]]);
		} else if (column->key->type == KEY_FLAG) {
			text_add(out, column->number[r] != 0 ? "true" : "false");
		} else {
			add_json(out, column->number[r]);
		}
		text_add(out, ", ");
	}
	text_add(out, "\"n\": %zu, \"diverged\": ", size_of(sheet, g));
	text_add_double(out, (double)sheet->diverged[g] / (double)size_of(sheet, g));
	for (int m = 0; m < sheet->metrics; m++) {
		const struct estimate *e = cell_of(sheet, g, m);
		text_add(out, ", \"%s\": {\"n\": %zu, \"%s\": ", metrics[sheet->metric[m]].name, e->n,
			 stats[sheet->options->stat].name);
		add_json(out, e->value);
		text_add(out, ", \"low\": "), add_json(out, e->low);
		text_add(out, ", \"high\": "), add_json(out, e->high);
		text_add(out, "}");
	}
	text_add(out, "}");
}

static void write_json(const struct sheet *sheet, struct text *out)
{
	text_add(out, "{\"by\": "), add_names(out, sheet, sheet->by, sheet->column);
	text_add(out, ", \"pooled\": "), add_names(out, sheet, sheet->pooled, sheet->pooled_column);
	text_add(out, ", \"stat\": \"%s\",\n \"rows\": [", stats[sheet->options->stat].name);
	for (size_t g = 0; g < sheet->groups.G; g++) {
		text_add(out, g ? ",\n  " : "\n  ");
		add_row(out, sheet, g);
	}
	text_add(out, "\n]}\n");
}

/* ---- table ---- */

static void add_short(struct text *out, double x)
{
	if (isnan(x))
		text_add(out, "–");
	else
		text_add(out, "%.4g", x);
}

/* What stands in a column of a line; line −1 is the heading. */
static void add_cell(struct text *out, const struct sheet *sheet, long g, int c)
{
	if (c < sheet->by) {
		const int column = sheet->column[c];
		if (g < 0)
			text_add(out, "%s", sheet->result->column[column].key->name);
		else
			column_name(sheet->result, column, sheet->groups.run[sheet->groups.start[g]], out);
	} else if (c == sheet->by) {
		text_add(out, g < 0 ? "n" : "%zu", g < 0 ? 0 : size_of(sheet, (size_t)g));
	} else if (c == sheet->by + 1) {
		text_add(out, g < 0 ? "diverged" : "%.4g %%",
			 g < 0 ? 0 : 100.0 * (double)sheet->diverged[g] / (double)size_of(sheet, (size_t)g));
	} else {
		const int m = c - sheet->by - 2;
		if (g < 0) {
			text_add(out, "%s", metrics[sheet->metric[m]].name);
			return;
		}
		const struct estimate *e = cell_of(sheet, (size_t)g, m);
		add_short(out, e->value);
		if (!isnan(e->low))
			text_add(out, " ["), add_short(out, e->low), text_add(out, ", "), add_short(out, e->high),
				text_add(out, "]");
		if (e->n < size_of(sheet, (size_t)g) && e->n)
			text_add(out, " (%zu)", e->n);
	}
}

static size_t characters(const char *text)
{
	size_t n = 0;
	for (; text && *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static void write_table(const struct sheet *sheet, struct text *out)
{
	const int columns = sheet->by + 2 + sheet->metrics;
	size_t width[COLUMNS_MAX + 2 + METRIC_N] = {0};
	for (int pass = 0; pass < 2; pass++)
		for (long g = -1; g < (long)sheet->groups.G; g++) {
			for (int c = 0; c < columns; c++) {
				struct text cell = TEXT_INIT;
				add_cell(&cell, sheet, g, c);
				const size_t n = characters(cell.at);
				if (pass == 0) {
					width[c] = n > width[c] ? n : width[c];
				} else {
					/* words to the left, numbers to the right */
					const bool words =
						c < sheet->by && sheet->result->column[sheet->column[c]].words;
					const int pad = (int)(width[c] - n);
					text_add(out, "%*s", words ? 0 : pad, "");
					add_field(out, cell.at ? cell.at : "");
					if (c < columns - 1)
						text_add(out, "%*s", (words ? pad : 0) + 2, "");
				}
				text_release(&cell);
			}
			if (pass)
				text_add(out, "\n");
		}
	text_add(out, "%s%s\n", stats[sheet->options->stat].name, " [95 % interval] over the n runs of a line");
	for (int k = 0; k < sheet->pooled; k++)
		text_add(out, "%s%s%s", k ? ", " : "a line counts together the runs of every ",
			 sheet->result->column[sheet->pooled_column[k]].key->name, k == sheet->pooled - 1 ? "\n" : "");
}

int show_table(struct result *result, const struct show_options *options, struct text *out, struct err *err)
{
	struct sheet sheet = {.result = result, .options = options};
	if (runs_select(&sheet.runs, result, options->where, NULL, 0, err))
		return -1;
	int failed = sheet.runs.n ? 0 : err_set(err, ERR_INPUT, "where keeps none of the %zu runs", result->R);
	if (!failed)
		failed = choose_keys(&sheet, err);
	if (!failed)
		choose_metrics(&sheet), failed = fill(&sheet, err);
	if (!failed && options->format == SHOW_JSON)
		write_json(&sheet, out);
	else if (!failed && options->format == SHOW_TABLE)
		write_table(&sheet, out);
	else if (!failed)
		write_separated(&sheet, options->format == SHOW_CSV ? ',' : '\t', out);
	runs_release(&sheet.runs);
	groups_release(&sheet.groups);
	free(sheet.cell);
	free(sheet.diverged);
	return failed ? -1 : 0;
}
