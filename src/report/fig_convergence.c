/* fig_convergence.c: a metric per step against the step: median over seeds with its band, a curve for each value of a key. A run that
 * stopped early (target, plateau) keeps its last value; a diverged one counts as the worst there is (report/runs.h), and a × marks the
 * step at which it left. */
#include <math.h>
#include <stdlib.h>

#include "report/drawing.h"
#include "report/style.h"

struct course {
	struct drawing *d;
	struct reading reading;
	struct range all[PANELS_MAX], positive[PANELS_MAX];
	double first; /* largest median at the first step: losses far above it leave through the top */
	double end[CURVES_MAX], ends[CURVES_MAX];
	bool live[PANELS_MAX][CURVES_MAX], lost[PANELS_MAX][CURVES_MAX];
	bool zeros; /* a median or an end of a band is exactly 0 */
	double *x;
	int *turn; /* of each step: the curve with a marker there */
};

/* What a point of a curve is made of. */
struct point {
	struct band band;
	size_t diverged, newly;
};

static double value_at(const struct course *course, size_t r, int s)
{
	const enum status status = (enum status)course->d->result->status[r];
	double x = reading_at(&course->reading, r, s, 0);
	const int last = reading_step(&course->reading, r, PLACE_LAST);
	if (isnan(x) && status != STATUS_DIVERGED && s > last)
		x = reading_raw(&course->reading, r, last, 0);
	return x;
}

static struct point point_at(struct course *course, size_t g, int s)
{
	const struct drawing *d = course->d;
	struct point point = {0};
	size_t n = 0, logged = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		const size_t r = d->groups.run[i];
		const double gone = course->reading.diverged_at[r], now = (double)d->result->step[s];
		if (d->result->status[r] == STATUS_DIVERGED && gone <= now) {
			point.diverged++;
			point.newly += s == 0 || gone > (double)d->result->step[s - 1];
		}
		logged += !isnan(reading_raw(&course->reading, r, s, 0));
		course->x[n++] = value_at(course, r, s);
	}
	if (logged || point.newly)
		point.band = band_of(d, n, course->x);
	return point;
}

/* The last step any run of the group has anything to say about. */
static bool speaks(const struct point *point)
{
	return point->band.n > 0;
}

static void survey(struct course *course)
{
	struct drawing *d = course->d;
	for (size_t g = 0; g < d->groups.G; g++) {
		const int p = d->panel_of[g], c = d->curve_of[g];
		double end = NAN;
		bool begun = false;
		for (int s = 0; s < d->result->S; s++) {
			const struct point point = point_at(course, g, s);
			if (!speaks(&point))
				continue;
			if (!begun)
				course->first =
					fmax(course->first, isfinite(point.band.median) ? point.band.median : 0);
			begun = true;
			end = point.band.median;
			range_take(&course->all[p], point.band.low), range_take(&course->all[p], point.band.high);
			range_take(&course->all[p], point.band.median);
			range_take_positive(&course->positive[p], point.band.median);
			range_take_positive(&course->positive[p], point.band.low);
			range_take_positive(&course->positive[p], point.band.high);
		}
		if (!isnan(end))
			course->end[c] += isinf(end) ? 300 : end > 0 ? log10(end) : -300, course->ends[c]++;
	}
}

/* Whose turn it is to have a marker at a step, −1 nobody's: the steps are handed round at even distances on the axis, so that curves which
 * coincide can both be seen. With few steps everybody has all. */
static void hand_round(struct course *course, bool log)
{
	enum { EACH = 5 };
	const struct drawing *d = course->d;
	const struct result *result = d->result;
	const double last = (double)result->step[result->S - 1];
	double before = -1;
	for (int s = 0, turn = 0; s < result->S; s++) {
		const double t = (double)result->step[s], at = last <= 0 ? 0 : log ? log1p(t) / log1p(last) : t / last;
		const double slot = floor(at * EACH * d->C);
		course->turn[s] = s > 0 && slot > before ? turn++ % d->C : -1;
		before = slot;
	}
}

static bool marked(const struct course *course, size_t g, int s)
{
	return course->d->result->S < 2 * course->d->C || course->turn[s] == course->d->curve_of[g];
}

static size_t write_rows(struct course *course)
{
	struct drawing *d = course->d;
	size_t rows = 0;
	tsv_header(d, "step\tdiverged\tnewly_diverged\tmarked\tn\tn_zero\tmedian\tlow\thigh");
	for (size_t g = 0; g < d->groups.G; g++)
		for (int s = 0; s < d->result->S; s++) {
			const struct point point = point_at(course, g, s);
			if (!speaks(&point))
				continue;
			tsv_row(d, g);
			tsv_number(d, (double)d->result->step[s]);
			tsv_number(d, (double)point.diverged);
			tsv_number(d, (double)point.newly);
			tsv_number(d, marked(course, g, s));
			tsv_band(d, &point.band);
			tsv_end(d);
			course->live[d->panel_of[g]][d->curve_of[g]] = true;
			course->lost[d->panel_of[g]][d->curve_of[g]] |= point.newly > 0;
			course->zeros |= point.band.low == 0;
			rows++;
		}
	return rows;
}

/* "× 2 of 20 diverged"; nothing where none did. */
static void diverged_words(const struct drawing *d, const int *of, int which, const char *last, struct label *label)
{
	size_t gone = 0, n = 0;
	char words[100];
	for (size_t g = 0; g < d->groups.G; g++)
		for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1] && of[g] == which; i++)
			n++, gone += d->result->status[d->groups.run[i]] == STATUS_DIVERGED;
	snprintf(words, sizeof words, "× %zu of %zu%s", gone, n, last);
	if (gone)
		label_words(label, words);
}

/* Of each panel, and of each curve for its end label. */
static void vars_diverged(struct drawing *d)
{
	struct label panel[PANELS_MAX] = {0}, curve[CURVES_MAX] = {0};
	for (int p = 0; p < d->P; p++)
		diverged_words(d, d->panel_of, p, "", &panel[p]);
	for (int c = 0; c < d->C; c++)
		diverged_words(d, d->curve_of, c, " diverged", &curve[c]);
	double most = 0;
	for (int p = 0; p < d->P; p++)
		most = fmax(most, label_mm(&panel[p], 7));
	vars_number(d, "GONEMM", most);
	vars_labels(d, "PD", d->P, panel);
	vars_labels(d, "CD", d->C, curve);
	struct label full[CURVES_MAX] = {0}; /* "η = 0.1", beside a curve's end */
	double widest = 0;
	for (int c = 0; c < d->C; c++) {
		style_label(d->result, d->key[d->by], d->curve_run[c], false, &full[c]);
		widest = fmax(widest, fmax(label_mm(&full[c], 8), label_mm(&curve[c], 7)));
	}
	vars_labels(d, "CE", d->C, full);
	for (int c = 0; c < d->C; c++)
		label_release(&full[c]), label_release(&curve[c]);
	for (int p = 0; p < d->P; p++)
		label_release(&panel[p]);
	vars_number(d, "ENDMM", widest);
	/* named beside their ends where there is one panel, few curves and room; else by a legend */
	text_add(&d->vars, "ENDS = %d && (WIDE || ENDMM < 32)\n", d->P == 1 && d->C <= 10);
}

static void vars_target(struct drawing *d, bool log)
{
	struct label target = LABEL_INIT;
	const double y = d->measure == METRIC_TRAIN_LOSS ? target_of(d) : 0;
	label_words(&target, "target");
	vars_label(d, "TARGETED", &target);
	vars_number(d, "TARGET", y > 0 ? y : -1);
	label_release(&target);
}

static int write_course(struct course *course, struct err *err)
{
	struct drawing *d = course->d;
	survey(course);
	struct range all = RANGE_INIT, positive = RANGE_INIT;
	for (int p = 0; p < d->P; p++) {
		/* what blows up leaves through the top; the axis is for what is learned */
		const double most = 30 * course->first;
		course->positive[p].high = fmin(course->positive[p].high, fmax(most, course->positive[p].low));
		course->all[p].high = fmin(course->all[p].high, fmax(most, course->all[p].low));
		range_take(&all, course->all[p].low), range_take(&all, course->all[p].high);
		range_take(&positive, course->positive[p].low), range_take(&positive, course->positive[p].high);
	}
	for (int c = 0; c < d->C; c++)
		course->end[c] /= fmax(course->ends[c], 1);
	if (d->result->column[d->key[d->by]].words)
		drawing_sort_curves(d, course->end);
	const bool log_steps = vars_steps(d);
	hand_round(course, log_steps);
	if (write_rows(course) == 0)
		return err_set(err, ERR_INPUT, "none of its runs has '%s' at any step", metrics[d->measure].name);
	const enum axis_mode mode = axis_mode_of(d->measure, &all, &positive);
	struct label title = LABEL_INIT, x = LABEL_INIT;
	metric_label(d->measure, &title);
	label_words(&x, "step "), label_symbol(&x, "{/:Italic t}"), label_words(&x, " (updates)");
	bool gone = false;
	for (size_t i = 0; i < d->runs.n; i++)
		gone |= d->result->status[d->runs.run[i]] == STATUS_DIVERGED;
	vars_note(d, &title, gone ? ", × diverged" : "");
	vars_label(d, "XTITLE", &x);
	vars_curves(d);
	vars_lists(d, "LIVE", course->live);
	vars_lists(d, "LOST", course->lost);
	vars_diverged(d);
	vars_target(d, mode == AXIS_LOG);
	vars_number(d, "BANDS", d->n_high > 1);
	vars_number(d, "ZERO", mode == AXIS_LOG && course->zeros);
	vars_layout(d, &(struct layout_options){mode, mode == AXIS_LOG ? course->positive : course->all, true, {3, 2}});
	label_release(&title);
	label_release(&x);
	return 0;
}

int fig_convergence(struct drawing *d, struct err *err)
{
	struct course *course = calloc(1, sizeof *course);
	if (!course || !(course->x = calloc(d->n_high + 1, sizeof *course->x)) ||
	    !(course->turn = calloc((size_t)d->result->S + 1, sizeof *course->turn)))
		NO_MEMORY("out of memory");
	course->d = d;
	for (int p = 0; p < PANELS_MAX; p++)
		course->all[p] = course->positive[p] = (struct range)RANGE_INIT;
	const int failed = reading_open(&course->reading, d->result, d->measure, err) || write_course(course, err);
	free(course->x);
	free(course->turn);
	free(course);
	return failed ? -1 : 0;
}
