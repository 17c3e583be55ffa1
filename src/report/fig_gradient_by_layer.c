/* fig_gradient_by_layer.c: a metric of every layer, at one step, against the layer; a curve for each value of a key. */
#include <math.h>
#include <stdlib.h>

#include "report/drawing.h"
#include "report/style.h"

struct profile {
	struct drawing *d;
	struct reading reading, predicted; /* predicted: if the figure asks for it */
	struct range all[PANELS_MAX], positive[PANELS_MAX];
	bool live[PANELS_MAX][CURVES_MAX], zeros[PANELS_MAX][CURVES_MAX];
	bool foretold[PANELS_MAX][CURVES_MAX]; /* there is something predicted to draw */
	double height[CURVES_MAX], heights[CURVES_MAX];
	double layers[PANELS_MAX];
	double *x;
};

/* The numbers of a group at a layer: the band of a metric. */
static struct band band_of_metric(struct profile *profile, const struct reading *reading, size_t g, int l)
{
	const struct drawing *d = profile->d;
	size_t n = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		const size_t r = d->groups.run[i];
		const int s = reading_step(reading, r, d->figure->step);
		if (s >= 0 && l <= reading_layers(reading, r))
			profile->x[n++] = reading_raw(reading, r, s, l);
	}
	return band_of(d, n, profile->x);
}

static struct band band_at(struct profile *profile, size_t g, int l)
{
	return band_of_metric(profile, &profile->reading, g, l);
}

static double predicted_at(struct profile *profile, size_t g, int l)
{
	return band_of_metric(profile, &profile->predicted, g, l).median;
}

static bool predicts(const struct profile *profile)
{
	return profile->d->figure->predicted >= 0;
}

static int layers_of(const struct profile *profile, size_t g)
{
	return reading_layers(&profile->reading, profile->d->groups.run[profile->d->groups.start[g]]);
}

/* Ranges and what is there; the mean height of a curve in the first half of its layers decides its place in the legend. */
static size_t survey(struct profile *profile)
{
	struct drawing *d = profile->d;
	size_t found = 0;
	for (size_t g = 0; g < d->groups.G; g++) {
		const int p = d->panel_of[g], c = d->curve_of[g], L = layers_of(profile, g);
		profile->layers[p] = fmax(profile->layers[p], L);
		for (int l = 1; l <= L; l++) {
			const struct band b = band_at(profile, g, l);
			found += b.n;
			range_take(&profile->all[p], b.low), range_take(&profile->all[p], b.high);
			range_take_positive(&profile->positive[p], b.median);
			range_take_positive(&profile->positive[p], b.low);
			range_take_positive(&profile->positive[p], b.high);
			if (predicts(profile)) {
				range_take(&profile->all[p], predicted_at(profile, g, l));
				range_take_positive(&profile->positive[p], predicted_at(profile, g, l));
			}
			if (2 * l <= L + 1 && b.n) {
				profile->height[c] += b.median > 0 ? log10(b.median) : b.median == 0 ? -400 : b.median;
				profile->heights[c]++;
			}
		}
	}
	return found;
}

static double height_of(double median, bool log)
{
	return !log ? median : median > 0 ? log10(median) : -INFINITY;
}

/* Curves of the panel that lie on this one at layer l, itself included, and how many of them come before it: their markers take turns.
 * Closer than a hundredth of the axis is on it. */
static int twins_at(struct profile *profile, size_t g, int l, bool log, int *before)
{
	const struct drawing *d = profile->d;
	const struct range *y = log ? profile->positive : profile->all;
	const int p = d->panel_of[g];
	const double near = y[p].low < y[p].high ? (height_of(y[p].high, log) - height_of(y[p].low, log)) / 100 : 0;
	const double mine = height_of(band_at(profile, g, l).median, log);
	int twins = 0;
	*before = 0;
	for (size_t o = 0; o < d->groups.G; o++) {
		if (d->panel_of[o] != p || l > layers_of(profile, o))
			continue;
		const struct band b = band_at(profile, o, l);
		const double other = height_of(b.median, log);
		if (b.n == 0 || !(other == mine || fabs(other - mine) <= near))
			continue;
		twins++;
		*before += d->curve_of[o] < d->curve_of[g];
	}
	return twins;
}

/* A blank line where a curve comes to layers with nothing but zeros, and where it leaves them: lines and bands of the figure end there. */
static void write_rows(struct profile *profile, bool log)
{
	struct drawing *d = profile->d;
	int before;
	tsv_header(d, predicts(profile) ? "layer\ttwins\ttwins_before\tn\tn_zero\tmedian\tlow\thigh\tpredicted"
					: "layer\ttwins\ttwins_before\tn\tn_zero\tmedian\tlow\thigh");
	for (size_t g = 0; g < d->groups.G; g++) {
		bool some = true;
		for (int l = 1; l <= layers_of(profile, g); l++) {
			const struct band b = band_at(profile, g, l);
			if (b.n == 0)
				continue;
			if (log && l > 1 && some != (b.high > 0))
				text_add(&d->tsv, "\n");
			some = b.high > 0;
			tsv_row(d, g);
			tsv_number(d, l);
			tsv_number(d, twins_at(profile, g, l, log, &before));
			tsv_number(d, before);
			tsv_band(d, &b);
			if (predicts(profile))
				profile->foretold[d->panel_of[g]][d->curve_of[g]] |=
					tsv_predicted(d, predicted_at(profile, g, l), log);
			tsv_end(d);
			profile->live[d->panel_of[g]][d->curve_of[g]] |= !log || b.median > 0;
			profile->zeros[d->panel_of[g]][d->curve_of[g]] |= b.zeros > 0;
		}
	}
}

static int write_profile(struct profile *profile, struct err *err)
{
	struct drawing *d = profile->d;
	if (survey(profile) == 0)
		return err_set(err, ERR_INPUT, "none of its runs has '%s' at %s", metrics[d->measure].name,
			       d->figure->step == PLACE_LAST ? "the last step" : "that step; was it logged?");
	struct range all = RANGE_INIT, positive = RANGE_INIT;
	bool zeros = false;
	for (int p = 0; p < d->P; p++) {
		range_take(&all, profile->all[p].low), range_take(&all, profile->all[p].high);
		range_take(&positive, profile->positive[p].low), range_take(&positive, profile->positive[p].high);
	}
	for (int c = 0; c < d->C; c++)
		profile->height[c] /= fmax(profile->heights[c], 1);
	if (d->result->column[d->key[d->by]].words)
		drawing_sort_curves(d, profile->height);
	const enum axis_mode mode = axis_mode_of(d->measure, &all, &positive);
	write_rows(profile, mode == AXIS_LOG);
	for (int p = 0; p < d->P; p++)
		for (int c = 0; c < d->C; c++)
			zeros |= profile->zeros[p][c];
	struct label title = LABEL_INIT, x = LABEL_INIT;
	char step[96];
	if (d->figure->step == PLACE_LAST)
		snprintf(step, sizeof step, ", last step");
	else
		snprintf(step, sizeof step, ", step %lld", d->figure->step < 0 ? 0LL : (long long)d->figure->step);
	metric_label(d->measure, &title);
	label_words(&x, "layer "), label_symbol(&x, "{/:Italic l}");
	vars_note(d, &title, step);
	vars_label(d, "XTITLE", &x);
	vars_curves(d);
	vars_lists(d, "LIVE", profile->live);
	vars_lists(d, "ZEROS", profile->zeros);
	vars_lists(d, "FORETOLD", profile->foretold);
	vars_numbers(d, "PX", d->P, profile->layers);
	vars_number(d, "ZERO", mode == AXIS_LOG && zeros);
	vars_number(d, "BANDS", d->n_high > 1);
	vars_layout(d,
		    &(struct layout_options){mode, mode == AXIS_LOG ? profile->positive : profile->all, true, {4, 2}});
	label_release(&title);
	label_release(&x);
	return 0;
}

int fig_gradient_by_layer(struct drawing *d, struct err *err)
{
	struct profile *profile = calloc(1, sizeof *profile);
	if (!profile || !(profile->x = calloc(d->n_high + 1, sizeof *profile->x)))
		NO_MEMORY("out of memory");
	profile->d = d;
	for (int p = 0; p < PANELS_MAX; p++)
		profile->all[p] = profile->positive[p] = (struct range)RANGE_INIT;
	const int failed =
		reading_open(&profile->reading, d->result, d->measure, err) ||
		(predicts(profile) && reading_open(&profile->predicted, d->result, d->figure->predicted, err)) ||
		write_profile(profile, err);
	free(profile->x);
	free(profile);
	return failed ? -1 : 0;
}
