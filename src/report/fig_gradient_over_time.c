/* fig_gradient_over_time.c: a metric of every layer at every logged step as a map, medians over seeds; above it the training loss at the
 * same steps. A cell holds from one logged step to the next. Exact zeros are grey, with a sign of their own; contours are drawn only over
 * a map without holes. */
#include <math.h>
#include <stdlib.h>

#include "report/drawing.h"
#include "report/style.h"

struct film {
	struct drawing *d;
	struct reading value, loss;
	bool has_loss;
	struct range all, positive, losses[PANELS_MAX];
	double end; /* of the last cell */
	double layers[PANELS_MAX], zeros[PANELS_MAX], holes[PANELS_MAX], cells[PANELS_MAX], *x;
};

static double median_at(struct film *film, const struct reading *reading, size_t g, int s, int l)
{
	const struct drawing *d = film->d;
	size_t n = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		const size_t r = d->groups.run[i];
		if (metrics[reading->id].shape != METRIC_LAYER || l <= reading_layers(reading, r))
			film->x[n++] =
				reading == &film->loss ? reading_at(reading, r, s, l) : reading_raw(reading, r, s, l);
	}
	return band_of(d, n, film->x).median;
}

static bool logged(struct film *film, size_t g, int s)
{
	return !isnan(median_at(film, &film->value, g, s, 1));
}

/* The next step of the group that was logged; a last cell is drawn as wide as the one before. */
static double next_step(struct film *film, size_t g, int s, bool log)
{
	const struct result *result = film->d->result;
	for (int t = s + 1; t < result->S; t++)
		if (logged(film, g, t))
			return (double)result->step[t];
	for (int t = s - 1; t >= 0; t--)
		if (logged(film, g, t))
			return log && result->step[t] > 0
				       ? (double)result->step[s] / (double)result->step[t] * (double)result->step[s]
				       : 2 * (double)result->step[s] - (double)result->step[t];
	return (double)result->step[s] + 1;
}

static int layers_of(const struct film *film, size_t g)
{
	return reading_layers(&film->value, film->d->groups.run[film->d->groups.start[g]]);
}

static void survey(struct film *film)
{
	struct drawing *d = film->d;
	for (size_t g = 0; g < d->groups.G; g++) {
		const int p = d->panel_of[g];
		film->layers[p] = fmax(film->layers[p], layers_of(film, g));
		for (int s = 0; s < d->result->S; s++) {
			if (!logged(film, g, s))
				continue;
			if (film->has_loss)
				range_take(&film->losses[p], median_at(film, &film->loss, g, s, 0));
			for (int l = 1; l <= layers_of(film, g); l++) {
				const double x = median_at(film, &film->value, g, s, l);
				range_take(&film->all, x), range_take_positive(&film->positive, x);
				film->zeros[p] += x == 0;
				film->holes[p] += !isfinite(x);
				film->cells[p] += isfinite(x) && x != 0;
			}
		}
	}
}

/* A blank line between layers: contours need the grid. */
static void write_rows(struct film *film, bool log, bool log_steps)
{
	struct drawing *d = film->d;
	tsv_header(d, "layer\tstep\tnext_step\tn\tmedian\tcolour\tloss");
	for (size_t g = 0; g < d->groups.G; g++) {
		for (int l = 1; l <= layers_of(film, g); l++) {
			for (int s = 0; s < d->result->S; s++) {
				if (!logged(film, g, s))
					continue;
				const double x = median_at(film, &film->value, g, s, l);
				tsv_row(d, g);
				tsv_number(d, l);
				tsv_number(d, (double)d->result->step[s]);
				const double next = next_step(film, g, s, log_steps);
				film->end = fmax(film->end, next);
				tsv_number(d, next);
				tsv_number(d, (double)(d->groups.start[g + 1] - d->groups.start[g]));
				tsv_number(d, x);
				tsv_number(d, !log ? x : x > 0 ? log10(x) : NAN);
				tsv_number(d, film->has_loss ? median_at(film, &film->loss, g, s, 0) : NAN);
				tsv_end(d);
			}
			text_add(&d->tsv, "\n");
		}
	}
}

static void vars_colours(struct film *film, bool log)
{
	struct drawing *d = film->d;
	struct range r = log ? film->positive : film->all;
	if (r.low > r.high)
		r = (struct range){0.1, 1};
	double low = log ? floor(log10(r.low) * 2) / 2 : r.low, high = log ? ceil(log10(r.high) * 2) / 2 : r.high;
	if (high <= low)
		high = low + 1;
	const bool cut = log && low < high - 24; /* fewer decades a colour: what lies below shares the darkest */
	low = cut ? high - 24 : low;
	vars_number(d, "CBCUT", cut);
	double step = log ? fmax(1, ceil((high - low) / 5)) : (high - low) / 4;
	vars_number(d, "CBLOG", log);
	vars_number(d, "CBLO", low);
	vars_number(d, "CBHI", high);
	vars_number(d, "CBSTEP", step);
	/* contours at up to four whole decades inside */
	text_add(&d->vars, "LEVELS = '");
	double gap = fmax(1, ceil((high - low - 1) / 3));
	for (double at = floor(high - 0.25); log && at > low + 0.25; at -= gap)
		text_add(&d->vars, "%g ", at);
	text_add(&d->vars, "'\n");
}

static int write_film(struct film *film, struct err *err)
{
	struct drawing *d = film->d;
	survey(film);
	if (film->all.low > film->all.high)
		return err_set(err, ERR_INPUT, "none of its runs has '%s' at any step", metrics[d->measure].name);
	const enum axis_mode mode = axis_mode_of(d->measure, &film->all, &film->positive);
	double contours[PANELS_MAX], losses[PANELS_MAX], zeros = 0;
	write_rows(film, mode == AXIS_LOG, vars_steps(d));
	vars_number(d, "XEND", film->end);
	for (int p = 0; p < d->P; p++) {
		contours[p] = film->holes[p] == 0 && film->zeros[p] == 0 && film->layers[p] > 1 && d->result->S > 1;
		losses[p] = film->losses[p].low <= film->losses[p].high;
		zeros += mode == AXIS_LOG ? film->zeros[p] : 0;
	}
	struct range loss = RANGE_INIT;
	for (int p = 0; p < d->P; p++)
		range_take(&loss, film->losses[p].high), range_take(&loss, film->losses[p].low);
	struct label sub = LABEL_INIT, title = LABEL_INIT, x = LABEL_INIT, y = LABEL_INIT, top = LABEL_INIT,
		     zero = LABEL_INIT, note = LABEL_INIT;
	metric_label(d->measure, &title);
	metric_label(METRIC_TRAIN_LOSS, &top);
	label_words(&x, "step "), label_symbol(&x, "{/:Italic t}"), label_words(&x, " (updates)");
	label_words(&y, "layer "), label_symbol(&y, "{/:Italic l}");
	label_words(&sub, "maps: layer "), label_symbol(&sub, "{/:Italic l}"), label_words(&sub, " against step");
	if (loss.low <= loss.high)
		label_words(&sub, "; lines above them: training loss");
	label_words(&zero, "exactly 0");
	char words[80];
	snprintf(words, sizeof words,
		 d->n_high == 1          ? "one seed"
		 : d->n_low == d->n_high ? "medians of %zu seeds"
					 : "medians of up to %zu seeds",
		 d->n_high);
	label_words(&note, words);
	vars_label(d, "TITLE", &title), vars_label(d, "XTITLE", &x), vars_label(d, "YTITLE", &y);
	vars_label(d, "SUBTITLE", &sub);
	vars_label(d, "LOSSTITLE", &top), vars_label(d, "ZEROWORDS", &zero), vars_label(d, "NOTE", &note);
	vars_number(d, "NOTELINE", 0);
	vars_number(d, "ANYLOSS", loss.low <= loss.high);
	vars_number(d, "TOPLOSS", loss.low <= loss.high && loss.high > 0 ? loss.high : 1);
	vars_number(d, "ANYZERO", zeros > 0);
	double block[PANELS_MAX], first = 0; /* the layers of a panel are blocks block … block + layers − 1 */
	for (size_t g = 0; g < d->groups.G; g++) {
		block[d->panel_of[g]] = first;
		first += layers_of(film, g);
	}
	vars_numbers(d, "BLOCK", d->P, block);
	vars_numbers(d, "CONTOURS", d->P, contours);
	vars_numbers(d, "HASLOSS", d->P, losses);
	vars_numbers(d, "HOLDS0", d->P, film->zeros);
	vars_numbers(d, "CELLS", d->P, film->cells);
	vars_numbers(d, "PX", d->P, film->layers);
	vars_colours(film, mode == AXIS_LOG);
	vars_layout(d, &(struct layout_options){mode, NULL, false, {3, 2}});
	label_release(&title), label_release(&x), label_release(&y), label_release(&top), label_release(&zero),
		label_release(&note), label_release(&sub);
	return 0;
}

int fig_gradient_over_time(struct drawing *d, struct err *err)
{
	struct film *film = calloc(1, sizeof *film);
	if (!film || !(film->x = calloc(d->n_high + 1, sizeof *film->x)))
		NO_MEMORY("out of memory");
	film->d = d;
	film->all = film->positive = (struct range)RANGE_INIT;
	for (int p = 0; p < PANELS_MAX; p++)
		film->losses[p] = (struct range)RANGE_INIT;
	film->has_loss = d->result->has & METRIC_BIT(METRIC_TRAIN_LOSS);
	int failed = reading_open(&film->value, d->result, d->measure, err) ||
		     (film->has_loss && reading_open(&film->loss, d->result, METRIC_TRAIN_LOSS, err));
	if (!failed)
		failed = write_film(film, err);
	free(film->x);
	free(film);
	return failed ? -1 : 0;
}
