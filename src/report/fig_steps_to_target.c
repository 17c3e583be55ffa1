/* fig_steps_to_target.c: updates until the target loss was met, against depth; median over seeds with its band. A seed that never met it
 * counts as infinite; where the median is, the point stands on a strip of its own above the axis. */
#include <math.h>
#include <stdlib.h>

#include "report/drawing.h"
#include "report/style.h"

struct race {
	struct drawing *d;
	struct reading reading;
	struct range y[PANELS_MAX];
	double height[CURVES_MAX], heights[CURVES_MAX];
	bool live[PANELS_MAX][CURVES_MAX], never[PANELS_MAX][CURVES_MAX];
	double depth[128];
	int depths;
	double *x;
};

static struct band band_at(struct race *race, size_t g, size_t *reached)
{
	const struct drawing *d = race->d;
	size_t n = 0;
	*reached = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		race->x[n] = reading_at(&race->reading, d->groups.run[i], 0, 0);
		*reached += isfinite(race->x[n++]) != 0;
	}
	return band_of(d, n, race->x);
}

static double depth_of(const struct drawing *d, size_t g)
{
	return d->result->column[d->key[d->axes]].number[d->groups.run[d->groups.start[g]]];
}

static void note_depth(struct race *race, double depth)
{
	int at = 0;
	while (at < race->depths && race->depth[at] < depth)
		at++;
	if ((at < race->depths && race->depth[at] == depth) || race->depths == 128)
		return;
	for (int k = race->depths++; k > at; k--)
		race->depth[k] = race->depth[k - 1];
	race->depth[at] = depth;
}

static void survey(struct race *race)
{
	struct drawing *d = race->d;
	size_t reached;
	for (size_t g = 0; g < d->groups.G; g++) {
		const struct band b = band_at(race, g, &reached);
		struct range *y = &race->y[d->panel_of[g]];
		const int c = d->curve_of[g];
		range_take_positive(y, b.median), range_take_positive(y, b.low), range_take_positive(y, b.high);
		race->height[c] += isfinite(b.median) ? log10(fmax(b.median, 0.5)) : 20;
		race->heights[c]++;
		note_depth(race, depth_of(d, g));
	}
	for (int c = 0; c < d->C; c++)
		race->height[c] /= fmax(race->heights[c], 1);
	if (d->result->column[d->key[d->by]].words)
		drawing_sort_curves(d, race->height);
}

static void write_rows(struct race *race)
{
	struct drawing *d = race->d;
	size_t reached;
	tsv_header(d, "reached\tn\tn_zero\tmedian\tlow\thigh");
	for (size_t g = 0; g < d->groups.G; g++) {
		const struct band b = band_at(race, g, &reached);
		tsv_row(d, g);
		tsv_number(d, (double)reached);
		tsv_band(d, &b);
		tsv_end(d);
		(isfinite(b.median) ? race->live : race->never)[d->panel_of[g]][d->curve_of[g]] = true;
	}
}

static void write_race(struct race *race)
{
	struct drawing *d = race->d;
	survey(race);
	write_rows(race);
	bool never = false;
	for (int p = 0; p < d->P; p++)
		for (int c = 0; c < d->C; c++)
			never |= race->never[p][c];
	struct label title = LABEL_INIT, x = LABEL_INIT, word = LABEL_INIT;
	char words[100];
	const double target = target_of(d);
	snprintf(words, sizeof words,
		 target > 0 ? "updates until training loss ≤ %.3g" : "updates until the target loss is met", target);
	label_words(&title, words);
	label_words(&x, "depth "), label_symbol(&x, "{/:Italic L}"), label_words(&x, " (hidden layers)");
	label_words(&word, "never");
	const char *extra = "";
	if (d->figure->best) {
		snprintf(words, sizeof words, ", each at its best %s", d->figure->best->name);
		extra = words;
	}
	vars_note(d, &title, extra);
	vars_label(d, "XTITLE", &x);
	vars_label(d, "NEVERWORD", &word);
	vars_curves(d);
	vars_lists(d, "LIVE", race->live);
	vars_lists(d, "LOST", race->never);
	vars_number(d, "NEVER", never);
	vars_number(d, "BANDS", d->n_high > 1);
	vars_numbers(d, "DEPTHS", race->depths, race->depth);
	vars_number(d, "ND", race->depths);
	vars_number(d, "XLOG", race->depth[0] > 0 && race->depth[race->depths - 1] >= 4 * race->depth[0]);
	vars_layout(d, &(struct layout_options){AXIS_LOG, race->y, true, {3, 2}});
	label_release(&title), label_release(&x), label_release(&word);
}

int fig_steps_to_target(struct drawing *d, struct err *err)
{
	struct race *race = calloc(1, sizeof *race);
	if (!race || !(race->x = calloc(d->n_high + 1, sizeof *race->x)))
		NO_MEMORY("out of memory");
	race->d = d;
	for (int p = 0; p < PANELS_MAX; p++)
		race->y[p] = (struct range)RANGE_INIT;
	const int failed = reading_open(&race->reading, d->result, d->measure, err);
	if (!failed)
		write_race(race);
	free(race->x);
	free(race);
	return failed ? -1 : 0;
}
