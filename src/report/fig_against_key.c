/* fig_against_key.c: a metric at one place of each network against a key of numbers (depth, width, a learning rate …), or updates until the
 * target loss was met against depth; median over seeds with its band. What counts as infinite (a seed that never met the target, a loss of
 * one that diverged) stands, where the median is, on a strip of its own above the axis; an exact zero on one below. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/drawing.h"
#include "report/found.h"
#include "report/style.h"

enum { VALUES_SHOWN = 128 };

struct against {
	struct drawing *d;
	struct reading reading, over, predicted;
	struct range all[PANELS_MAX], positive[PANELS_MAX];
	double height[CURVES_MAX], heights[CURVES_MAX];
	bool live[PANELS_MAX][CURVES_MAX], never[PANELS_MAX][CURVES_MAX], zeros[PANELS_MAX][CURVES_MAX];
	bool foretold[PANELS_MAX][CURVES_MAX]; /* there is something predicted to draw */
	double value[VALUES_SHOWN];            /* of the key, ascending */
	int values;
	double *x;
};

static bool predicts(const struct against *a)
{
	return a->d->figure->predicted >= 0;
}

/* The number of run r at a place. */
static double number_at(const struct reading *reading, size_t r, int64_t layer, int64_t step)
{
	const enum metric_shape shape = metrics[reading->id].shape;
	const int s = shape == METRIC_RUN ? 0 : reading_step(reading, r, step);
	const int l = shape == METRIC_LAYER ? reading_layer(reading, r, layer) : 1;
	return s < 0 || l < 0 ? NAN : reading_at(reading, r, s, l);
}

static double value_of(const struct against *a, const struct reading *reading, size_t r)
{
	const struct figure *f = a->d->figure;
	const double x = number_at(reading, r, figure_layer(f), f->step);
	if (!f->has_over)
		return x;
	/* a prediction is divided as what it predicts is: by its own place, or by the same other metric */
	const bool same = f->over_measure < 0 || f->over_measure == a->d->measure;
	return x / number_at(same ? reading : &a->over, r, f->over.layer, f->over.step);
}

static struct band band_at(struct against *a, const struct reading *reading, size_t g, size_t *finite)
{
	const struct drawing *d = a->d;
	size_t n = 0;
	*finite = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		a->x[n] = value_of(a, reading, d->groups.run[i]);
		*finite += isfinite(a->x[n++]) != 0;
	}
	return band_of(d, n, a->x);
}

static double predicted_at(struct against *a, size_t g)
{
	size_t finite;
	return band_at(a, &a->predicted, g, &finite).median;
}

static double key_at(const struct drawing *d, size_t g)
{
	return d->result->column[d->key[d->axes]].number[d->groups.run[d->groups.start[g]]];
}

static void note_value(struct against *a, double value)
{
	int at = 0;
	while (at < a->values && a->value[at] < value)
		at++;
	if ((at < a->values && a->value[at] == value) || a->values == VALUES_SHOWN)
		return;
	for (int k = a->values++; k > at; k--)
		a->value[k] = a->value[k - 1];
	a->value[at] = value;
}

static double height_of(double median)
{
	return isinf(median) ? 400 : median > 0 ? log10(median) : median == 0 ? -400 : median;
}

/* Ranges and the values of the key; how many numbers there are. */
static size_t survey(struct against *a)
{
	struct drawing *d = a->d;
	size_t finite, found = 0;
	for (size_t g = 0; g < d->groups.G; g++) {
		const struct band b = band_at(a, &a->reading, g, &finite);
		const double ends[] = {b.median, b.low, b.high, predicts(a) ? predicted_at(a, g) : NAN};
		const int p = d->panel_of[g], c = d->curve_of[g];
		for (int k = 0; k < 4; k++) {
			range_take(&a->all[p], ends[k]);
			range_take_positive(&a->positive[p], ends[k]);
		}
		if (b.n == 0)
			continue;
		found += b.n;
		a->height[c] += height_of(b.median);
		a->heights[c]++;
		note_value(a, key_at(d, g));
	}
	for (int c = 0; c < d->C; c++)
		a->height[c] /= fmax(a->heights[c], 1);
	if (d->result->column[d->key[d->by]].words)
		drawing_sort_curves(d, a->height);
	return found;
}

static void write_rows(struct against *a, bool log)
{
	struct drawing *d = a->d;
	size_t finite;
	struct text header = TEXT_INIT;
	text_add(&header, "%s\tn\tn_zero\tmedian\tlow\thigh%s",
		 d->measure == METRIC_STEPS_TO_TARGET ? "reached" : "finite", predicts(a) ? "\tpredicted" : "");
	tsv_header(d, header.at);
	text_release(&header);
	for (size_t g = 0; g < d->groups.G; g++) {
		const struct band b = band_at(a, &a->reading, g, &finite);
		const int p = d->panel_of[g], c = d->curve_of[g];
		if (b.n == 0)
			continue;
		tsv_row(d, g);
		tsv_number(d, (double)finite);
		tsv_band(d, &b);
		if (predicts(a))
			a->foretold[p][c] |= tsv_predicted(d, predicted_at(a, g), log);
		tsv_end(d);
		a->live[p][c] |= isfinite(b.median) && (!log || b.median > 0);
		a->never[p][c] |= isinf(b.median);
		a->zeros[p][c] |= b.zeros > 0;
	}
}

/* ---- words ---- */

/* "layer 3, step 0": as much of a place as differs from another (NULL: all of it that the metric has). */
static void place_words(const struct against *a, struct place at, const struct place *other, struct text *out)
{
	const enum metric_shape shape = metrics[a->d->measure].shape;
	const char *comma = "";
	if (shape == METRIC_LAYER && !(other && other->layer == at.layer)) {
		if (at.layer == PLACE_LAST)
			text_add(out, "output layer");
		else
			text_add(out, "layer %lld", at.layer < 0 ? 1LL : (long long)at.layer);
		comma = ", ";
	}
	if (shape != METRIC_RUN && !(other && other->step == at.step)) {
		if (at.step == PLACE_LAST)
			text_add(out, "%slast step", comma);
		else
			text_add(out, "%sstep %lld", comma, at.step < 0 ? 0LL : (long long)at.step);
	}
}

/* The metric, over what it is taken, and the place: what differs in a ratio stands in the title, the rest in the note. */
static void title_words(const struct against *a, struct label *title, struct text *note)
{
	const struct drawing *d = a->d;
	const struct figure *f = d->figure;
	const struct place at = {figure_layer(f), f->step};
	const bool other = f->has_over && f->over_measure >= 0 && f->over_measure != d->measure;
	struct text words = TEXT_INIT, part = TEXT_INIT;
	metric_label(d->measure, title);
	if (other) {
		label_words(title, " over ");
		metric_label(f->over_measure, title);
	}
	if (f->has_over && (f->over.layer != at.layer || f->over.step != at.step)) {
		text_add(&words, ": ");
		place_words(a, at, &f->over, &words);
		text_add(&words, " over ");
		place_words(a, f->over, &at, &words);
		label_words(title, words.at);
		const struct place differs = {f->over.layer == at.layer ? PLACE_ANY : at.layer,
					      f->over.step == at.step ? PLACE_ANY : at.step};
		place_words(a, at, &differs, &part);
	} else {
		place_words(a, at, NULL, &part);
	}
	if (part.length > 0)
		text_add(note, ", %s", part.at);
	if (f->best)
		text_add(note, ", each at its best %s", f->best->name);
	text_release(&words);
	text_release(&part);
}

static void found_words(const struct drawing *d, struct label *title, struct text *note)
{
	const struct search *search = &d->study->search;
	label_words(title, d->measure == METRIC_FRONTIER ? "largest stable " : "smallest unstable ");
	key_label(search->key[0], title);
	if (search->measure < METRIC_N)
		text_add(note, ", stable: %s %s", metrics[search->measure].name, search->is.text);
}

static void target_words(const struct drawing *d, struct label *title, struct text *note)
{
	char words[100];
	const double target = target_of(d);
	snprintf(words, sizeof words,
		 target > 0 ? "updates until training loss ≤ %.3g" : "updates until the target loss is met", target);
	label_words(title, words);
	if (d->figure->best)
		text_add(note, ", each at its best %s", d->figure->best->name);
}

/* Equal ratios rather than equal steps between the values. */
static bool spaced_by_factors(const struct against *a)
{
	const double *v = a->value, low = v[0], high = v[a->values - 1];
	struct range ratio = RANGE_INIT, step = RANGE_INIT;
	if (a->d->figure->scale >= 0)
		return a->d->figure->scale == 0;
	if (!(low > 0) || high < 4 * low)
		return false;
	for (int i = 1; i < a->values; i++)
		range_take(&ratio, log(v[i] / v[i - 1])), range_take(&step, v[i] - v[i - 1]);
	return ratio.high / ratio.low <= step.high / step.low;
}

/* ---- all of it ---- */

static bool any(const struct drawing *d, bool (*has)[CURVES_MAX])
{
	for (int p = 0; p < d->P; p++)
		for (int c = 0; c < d->C; c++)
			if (has[p][c])
				return true;
	return false;
}

static void write_words(struct against *a)
{
	struct drawing *d = a->d;
	struct label title = LABEL_INIT, x = LABEL_INIT, word = LABEL_INIT;
	struct text note = TEXT_INIT;
	const bool target = d->measure == METRIC_STEPS_TO_TARGET && !d->figure->has_over;
	if (found_key(d->study, d->measure))
		found_words(d, &title, &note);
	else if (target)
		target_words(d, &title, &note);
	else
		title_words(a, &title, &note);
	key_label(d->result->column[d->key[d->axes]].key, &x);
	label_words(&word, d->measure == METRIC_STEPS_TO_TARGET ? "never"
			   : found_key(d->study, d->measure)    ? "all"
								: "∞");
	vars_note(d, &title, note.at ? note.at : "");
	vars_label(d, "XTITLE", &x);
	vars_label(d, "NEVERWORD", &word);
	text_add(&d->vars, "XKEY = '%s'\n", d->result->column[d->key[d->axes]].key->name);
	label_release(&title), label_release(&x), label_release(&word);
	text_release(&note);
}

static int write_figure(struct against *a, struct err *err)
{
	struct drawing *d = a->d;
	struct range all = RANGE_INIT, positive = RANGE_INIT;
	if (survey(a) == 0)
		return err_set(err, ERR_INPUT, "none of its runs has '%s' at that place; was the step logged?",
			       metrics[d->measure].name);
	if (d->figure->scale == 0 && !(a->value[0] > 0))
		return err_set(err, ERR_INPUT,
			       "a value of %g has no place on a logarithmic axis: leave it out by where", a->value[0]);
	for (int p = 0; p < d->P; p++) {
		range_take(&all, a->all[p].low), range_take(&all, a->all[p].high);
		range_take(&positive, a->positive[p].low), range_take(&positive, a->positive[p].high);
	}
	const enum axis_mode mode = d->measure == METRIC_STEPS_TO_TARGET
					    ? AXIS_LOG
					    : axis_mode_of(d->figure->has_over ? -1 : d->measure, &all, &positive);
	write_rows(a, mode == AXIS_LOG);
	write_words(a);
	vars_curves(d);
	vars_lists(d, "LIVE", a->live);
	vars_lists(d, "LOST", a->never);
	vars_lists(d, "ZEROS", a->zeros);
	vars_lists(d, "FORETOLD", a->foretold);
	vars_number(d, "NEVER", any(d, a->never));
	vars_number(d, "ZERO", mode == AXIS_LOG && any(d, a->zeros));
	vars_number(d, "BANDS", d->n_high > 1);
	vars_numbers(d, "XV", a->values, a->value);
	vars_number(d, "NX", a->values);
	vars_number(d, "XLOG", spaced_by_factors(a));
	vars_layout(d, &(struct layout_options){mode, mode == AXIS_LOG ? a->positive : a->all, true, {3, 2}});
	return 0;
}

int fig_against_key(struct drawing *d, struct err *err)
{
	const struct figure *f = d->figure;
	const struct column *axis = &d->result->column[d->key[d->axes]];
	if (axis->words)
		return err_set(err, ERR_INPUT, "'%s' is not a number in every run: nothing to draw against",
			       axis->key->name);
	struct against *a = calloc(1, sizeof *a);
	if (!a || !(a->x = calloc(d->n_high + 1, sizeof *a->x)))
		NO_MEMORY("out of memory");
	a->d = d;
	for (int p = 0; p < PANELS_MAX; p++)
		a->all[p] = a->positive[p] = (struct range)RANGE_INIT;
	const int failed =
		reading_open(&a->reading, d->result, d->measure, err) ||
		(f->has_over && f->over_measure >= 0 && reading_open(&a->over, d->result, f->over_measure, err)) ||
		(predicts(a) && reading_open(&a->predicted, d->result, f->predicted, err)) || write_figure(a, err);
	free(a->x);
	free(a);
	return failed ? -1 : 0;
}
