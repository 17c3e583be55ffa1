/* layout.c: places panels, legend and axes for both widths (drawing.h). All in mm; text is measured by its widest font, so that
 * nothing overlaps in another. */
#include "report/drawing.h"

#include <math.h>

#include "report/style.h"

static const double WIDTH[2] = {180, 85};

struct places {
	int columns, rows;
	int column[PANELS_MAX], row[PANELS_MAX];
};

/* The position of each panel's value of a panel key among the different ones. */
static int positions(const struct drawing *d, int key, int *position)
{
	int n = 0;
	for (int p = 0; p < d->P; p++) {
		position[p] = n;
		for (int q = 0; q < p; q++)
			if (column_compare(d->result, d->key[key], d->panel_run[p], d->panel_run[q]) == 0) {
				position[p] = position[q];
				break;
			}
		n += position[p] == n;
	}
	return n;
}

/* Two keys: a grid, the other way round where that fits better; else the panels one after the other. */
static struct places place_panels(const struct drawing *d, int most)
{
	struct places at = {0};
	int x[PANELS_MAX] = {0}, y[PANELS_MAX] = {0};
	const int nx = d->panels > 1 ? positions(d, 0, x) : 0, ny = d->panels > 1 ? positions(d, 1, y) : 0;
	const bool grid = nx > 1 && ny > 1 && (nx <= most || ny <= most), turned = grid && nx > most;
	const int rows = (d->P + most - 1) / most, across = (d->P + rows - 1) / rows;
	at.columns = grid ? (turned ? ny : nx) : across;
	at.rows = grid ? (turned ? nx : ny) : rows;
	for (int p = 0; p < d->P; p++) {
		at.column[p] = grid ? (turned ? y[p] : x[p]) : p % across;
		at.row[p] = grid ? (turned ? x[p] : y[p]) : p / across;
	}
	return at;
}

static void vars_places(struct drawing *d, const struct places *at)
{
	double column[PANELS_MAX], row[PANELS_MAX], bottom[PANELS_MAX], left[PANELS_MAX];
	for (int p = 0; p < d->P; p++) {
		column[p] = at->column[p] + 1, row[p] = at->row[p] + 1, bottom[p] = left[p] = 1;
		for (int q = 0; q < d->P; q++) {
			if (at->column[q] == at->column[p] && at->row[q] > at->row[p])
				bottom[p] = 0;
			if (at->row[q] == at->row[p] && at->column[q] < at->column[p])
				left[p] = 0;
		}
	}
	vars_number(d, "NC", at->columns);
	vars_number(d, "NR", at->rows);
	vars_numbers(d, "PC", d->P, column);
	vars_numbers(d, "PR", d->P, row);
	vars_numbers(d, "PB", d->P, bottom);
	vars_numbers(d, "PL", d->P, left);
}

/* What stands before the values of a legend of numbers: "η =", "depth". */
static void legend_head(const struct drawing *d, struct label *head)
{
	const struct column *by = &d->result->column[d->key[d->by]];
	if (by->words)
		return;
	if (by->key->symbol && *by->key->symbol)
		label_symbol(head, by->key->symbol), label_words(head, " =");
	else
		label_words(head, by->key->name);
}

static void vars_legend(struct drawing *d, double width)
{
	enum { SAMPLE = 7, GAP = 4 };
	double x[CURVES_MAX], line[CURVES_MAX];
	struct label head = LABEL_INIT;
	legend_head(d, &head);
	const double start = head.em > 0 ? 1 + label_mm(&head, 8) + 2 : 1;
	double at = start;
	int lines = 1;
	for (int c = 0; c < d->C; c++) {
		struct label name = LABEL_INIT;
		style_label(d->result, d->key[d->by], d->curve_run[c], head.em > 0, &name);
		const double size = SAMPLE + label_mm(&name, 8);
		if (at + size > width - 1 && at > start)
			lines++, at = start;
		x[c] = at, line[c] = lines;
		at += size + GAP;
		label_release(&name);
	}
	if (d->figure->predicted >= 0) {
		struct label name = LABEL_INIT;
		label_words(&name, predicted_words(d->figure->predicted));
		if (at + SAMPLE + label_mm(&name, 8) > width - 1 && at > start)
			lines++, at = start;
		vars_label(d, "PREDICTEDWORD", &name);
		label_release(&name);
	}
	vars_label(d, "HEAD", &head);
	vars_number(d, "LINES", lines);
	vars_numbers(d, "LX", d->C, x);
	vars_numbers(d, "LL", d->C, line);
	if (d->figure->predicted >= 0)
		vars_number(d, "LPX", at), vars_number(d, "LPL", lines);
	label_release(&head);
}

/* ---- axes ---- */

static double nice_step(double span, double most)
{
	const double raw = span / most, power = pow(10, floor(log10(raw)));
	const double digit = raw / power;
	return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/* Limits in decades, and how many decades lie between labels; 0: labels at 1, 2 and 5. */
static void log_axis(struct range y, double *low, double *high, double *step)
{
	static const int steps[] = {1, 2, 3, 5, 10, 20, 50, 100};
	if (y.low > y.high)
		y = (struct range){0.1, 1};
	double a = log10(y.low), b = log10(y.high);
	if (b - a < 0.7)
		a -= 0.35 - (b - a) / 2, b += 0.35 - (b - a) / 2;
	const double pad = 0.05 * (b - a);
	a -= pad, b += pad;
	if (a - floor(a) < 0.12 * (b - a))
		a = floor(a);
	if (ceil(b) - b < 0.06 * (b - a))
		b = ceil(b);
	size_t i = 0;
	while (i < 7 && floor(b / steps[i]) - ceil(a / steps[i]) > 4.5)
		i++;
	*low = a, *high = b;
	*step = floor(b) - ceil(a) < 1.5 && b - a < 2.2 ? 0 : steps[i];
}

static void linear_axis(struct range y, double *low, double *high, double *step)
{
	if (y.low > y.high)
		y = (struct range){0, 1};
	if (y.low >= 0 && y.low < 0.6 * y.high)
		y.low = 0;
	if (y.high - y.low < 1e-9 * fmax(fabs(y.low), fabs(y.high)) || y.high == y.low)
		y = y.low == 0 ? (struct range){0, 1}
			       : (struct range){y.low - 0.1 * fabs(y.low), y.high + 0.1 * fabs(y.high)};
	*step = nice_step(y.high - y.low, 5);
	*low = floor(y.low / *step + 1e-9) * *step;
	*high = ceil(y.high / *step - 1e-9) * *step;
	if (*high - y.high > 0.5 * *step) /* no empty upper half of a step */
		*high = y.high + 0.08 * (y.high - *low);
}

/* Panels of a row share their axis. */
static void vars_axes(struct drawing *d, const struct places *at, const struct layout_options *options)
{
	double low[PANELS_MAX], high[PANELS_MAX], step[PANELS_MAX];
	for (int r = 0; r < at->rows; r++) {
		struct range y = RANGE_INIT;
		for (int p = 0; p < d->P; p++)
			if (at->row[p] == r)
				range_take(&y, options->y[p].low), range_take(&y, options->y[p].high);
		low[r] = 0, high[r] = 1, step[r] = 0.2;
		if (options->mode == AXIS_LOG)
			log_axis(y, &low[r], &high[r], &step[r]);
		else if (options->mode == AXIS_LINEAR)
			linear_axis(y, &low[r], &high[r], &step[r]);
	}
	vars_numbers(d, "RLO", at->rows, low);
	vars_numbers(d, "RHI", at->rows, high);
	vars_numbers(d, "RSTEP", at->rows, step);
}

enum axis_mode axis_mode_of(int metric, const struct range *all, const struct range *positive)
{
	if (metric >= 0 && metrics[metric].better == BETTER_HIGH)
		return AXIS_SHARE;
	if (all->low < 0)
		return AXIS_LINEAR;
	if (positive->low > positive->high)
		return AXIS_LOG; /* nothing but zeros: they have their strip there */
	return positive->high >= 5 * positive->low ? AXIS_LOG : AXIS_LINEAR;
}

void vars_layout(struct drawing *d, const struct layout_options *options)
{
	struct label title[PANELS_MAX] = {0}, rest[PANELS_MAX] = {0};
	for (int p = 0; p < d->P && d->panels; p++) {
		style_label(d->result, d->key[0], d->panel_run[p], false, &title[p]);
		if (d->panels > 1)
			style_label(d->result, d->key[1], d->panel_run[p], false, &rest[p]);
	}
	vars_number(d, "NP", d->P);
	vars_number(d, "PREDICTED", d->figure->predicted >= 0);
	double widest = 0;
	for (int p = 0; p < d->P; p++) /* the first in bold, which is a tenth wider */
		widest = fmax(widest, 1.1 * label_mm(&title[p], 8) + label_mm(&rest[p], 8) + 3);
	vars_number(d, "TITLED", d->panels > 0);
	vars_number(d, "TITLEMM", widest);
	vars_labels(d, "PNAME", d->P, title);
	vars_labels(d, "PREST", d->P, rest);
	vars_number(d, "YLOG", options->mode == AXIS_LOG);
	vars_number(d, "MODE_SHARE", options->mode == AXIS_SHARE);
	for (int w = 0; w < 2; w++) {
		const struct places at = place_panels(d, options->most[w]);
		text_add(&d->vars, w == 0 ? "if (WIDE) {\n" : "} else {\n");
		vars_places(d, &at);
		if (options->y)
			vars_axes(d, &at, options);
		if (options->legend)
			vars_legend(d, WIDTH[w]);
	}
	text_add(&d->vars, "}\n");
	for (int p = 0; p < d->P; p++)
		label_release(&title[p]), label_release(&rest[p]);
}
