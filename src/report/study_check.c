/* study_check.c: see study_check.h. Figures and claims look at runs as drawing.c and items.c will, but at the settings planned. Here
 * is what both have in common and the checks of each; the walk over the runs is in study_walk.c. */
#include "report/study_check.h"

#include <string.h>

#include "report/drawing.h"
#include "report/figures.h"
#include "report/found.h"
#include "report/study_walk.h"
#include "store/columns.h"

struct check {
	const struct study *study;
	const struct plan *plan;
	struct survey survey;
	struct err *err;
	int faults; /* of the figure or claim at hand */
};

#define fault(check, ...) ((check)->faults++, err_add((check)->err, __VA_ARGS__))

/* ---- keys and values ---- */

/* What is logged is not stored with each run, so that runs cannot be told apart by it. */
static void check_column(struct check *check, const struct key *key, const char *use)
{
	if (key && !is_column(key))
		fault(check, "'%s' says what is logged, not what is trained: it cannot be used under %s", key->name,
		      use);
}

/* The values of a condition that no run has: a filter that names one keeps less than it says, or nothing. */
static void check_condition(struct check *check, const struct condition *condition, const char *use)
{
	for (int k = 0; k < condition->n; k++) {
		const struct key *key = condition->key[k];
		check_column(check, key, use);
		for (int v = 0; v < condition->values[k] && is_column(key); v++) {
			const struct value value = condition->value[k][v];
			if (study_has(check->study, key, value))
				continue;
			struct text text = TEXT_INIT;
			value_print(key, value, &text);
			text_add(&text, "; there ");
			study_values(check->study, key, &text);
			fault(check, "%s: no run has %s: %s", use, key->name, text.at);
			text_release(&text);
		}
	}
}

static void check_keeps(struct check *check, const struct condition *where, size_t kept)
{
	struct text text = TEXT_INIT;
	if (kept || !check->survey.whole)
		return;
	condition_text(where, &text);
	fault(check, "where: no run has all of %s: 'skip' or another grid keeps them apart", text.at ? text.at : "");
	text_release(&text);
}

/* ---- metrics and places ---- */

static void check_metric(struct check *check, int metric)
{
	if (metric < 0 || metric >= METRIC_N)
		return;
	const struct search *search = &check->study->search;
	const bool frontier = metric == METRIC_FRONTIER || metric == METRIC_FRONTIER_ABOVE;
	if (metrics[metric].derived && search->kind != (frontier ? SEARCH_FRONTIER : SEARCH_BOUNDARY))
		fault(check, "'%s' is what a search finds, and the study has none: search: {%s}", metrics[metric].name,
		      frontier ? "frontier: lr" : "boundary: [depth, lr]");
	else if ((metric == METRIC_MISTAKEN || metric == METRIC_BOUNDARY_DISTANCE) && !search->full)
		fault(check, "'%s' compares with the whole grid, which is not trained: search: {…, full: true}",
		      metrics[metric].name);
	if (metrics[metric].shape != METRIC_RUN && !(check->survey.metrics & METRIC_BIT(metric)))
		fault(check, "'%s' is not logged: add it to log: {metrics: […]}", metrics[metric].name);
}

static void check_target(struct check *check, const char *what)
{
	if (!check->survey.target)
		fault(check, "no 'target' is set, which %s needs: train: {target: 0.1} is the loss to reach", what);
}

static void check_step(struct check *check, int64_t step)
{
	struct text steps = TEXT_INIT;
	if (step <= 0 || survey_logs(&check->survey, step, &steps))
		return;
	fault(check, "step %lld is not logged: there %s", (long long)step, steps.at);
	text_release(&steps);
}

static void check_place(struct check *check, int metric, struct place at)
{
	if (metric >= METRIC_N || metrics[metric].shape == METRIC_RUN)
		return;
	check_step(check, at.step);
	if (metrics[metric].shape == METRIC_LAYER && check->survey.whole && at.layer > check->survey.depth + 1)
		fault(check, "no network has a layer %lld: the deepest has %lld", (long long)at.layer,
		      (long long)check->survey.depth + 1);
}

/* ---- figures ---- */

static const struct key *key_named(const char *name)
{
	const int row = name ? table_find(&key_table, name) : -1;
	return row < 0 ? NULL : &keys[row];
}

enum { USED_MAX = 5 };

/* The keys of a figure as drawing_open takes them; how many. */
static int used_keys(struct check *check, const struct figure *f, const struct figure_kind *kind,
		     const struct key *used[USED_MAX])
{
	const struct key *key[USED_MAX] = {
		f->panels ? f->panel[0] : key_named(kind->panel), f->panels > 1 ? f->panel[1] : NULL,
		kind->by && f->by ? f->by : key_named(kind->by), figure_axis(check->study, f, kind, 0),
		figure_axis(check->study, f, kind, 1)};
	int n = 0;
	for (int i = 0; i < USED_MAX; i++) {
		for (int j = 0; j < n; j++)
			if (used[j] == key[i])
				fault(check,
				      "'%s' is used twice: panel, by and the figure's own axes are different keys",
				      key[i]->name);
		if (key[i])
			used[n++] = key[i];
	}
	return n;
}

static void check_mixtures(struct check *check, const struct figure *f, const struct figure_kind *kind)
{
	const struct key *used[USED_MAX] = {NULL};
	struct text names = TEXT_INIT;
	const int n_used = used_keys(check, f, kind, used);
	size_t kept = 0;
	const int n = survey_mixed(&check->survey, &f->where,
				   f->best ? f->best : found_key(check->study, figure_measure(f, kind)), n_used, used,
				   &kept, &names);
	check_keeps(check, &f->where, kept);
	if (n) {
		fault(check, "%s %s inside one %s, which may only differ by seed", names.at, n > 1 ? "vary" : "varies",
		      kind->by ? "curve" : "cell");
		err_add(check->err, "name %s under where (one value), by or panel, or take the best: {best: lr}",
			n > 1 ? "each of them" : "it");
	}
	text_release(&names);
}

static void check_figure(struct check *check, const struct figure *f)
{
	const int row = table_find(&figure_table, f->kind);
	if (row < 0)
		return; /* figures_check tells */
	const struct figure_kind *kind = (const struct figure_kind *)figure_table.rows + row;
	const int measure = figure_measure(f, kind);
	check->faults = 0;
	check_metric(check, measure);
	if (f->predicted >= 0)
		check_metric(check, f->predicted);
	if (measure < 0 && !kind->maps)
		check_target(check, kind->name);
	else if (measure == METRIC_STEPS_TO_TARGET || (f->best && f->best_by == METRIC_STEPS_TO_TARGET))
		check_target(check, "steps_to_target");
	if (kind->shapes == 1u << METRIC_LAYER && kind->by) /* a profile: at one step */
		check_step(check, f->step);
	if (kind->places && measure >= 0) {
		check_place(check, measure, (struct place){figure_layer(f), f->step});
		if (f->has_over && f->over_measure >= 0)
			check_metric(check, f->over_measure);
		if (f->has_over && (f->over.layer != figure_layer(f) || f->over.step != f->step))
			check_place(check, measure, f->over);
	}
	check_column(check, f->against, "against");
	check_column(check, f->by, "by");
	check_column(check, f->best, "best");
	for (int p = 0; p < f->panels; p++)
		check_column(check, f->panel[p], "panel");
	check_condition(check, &f->where, "where");
	if (!check->faults)
		check_mixtures(check, f, kind);
	if (check->faults)
		err_add(check->err, "in figure '%s', %s:%d:%d", f->name, study_place(check->study), f->line, f->column);
}

/* ---- claims ---- */

static void check_claim(struct check *check, const struct claim *claim)
{
	check->faults = 0;
	check_metric(check, claim->measure);
	if (claim->has_over && claim->over_measure != claim->measure)
		check_metric(check, claim->over_measure);
	if (claim->measure == METRIC_STEPS_TO_TARGET || (claim->best && claim->best_by == METRIC_STEPS_TO_TARGET))
		check_target(check, "steps_to_target");
	check_place(check, claim->measure, claim->at);
	if (claim->has_over && (claim->over.step != claim->at.step || claim->over.layer != claim->at.layer))
		check_place(check, claim->measure, claim->over);
	check_column(check, claim->best, "best");
	check_column(check, key_named(claim->slope), "slope");
	check_condition(check, &claim->where, "where");
	if (claim->has_versus)
		check_condition(check, &claim->versus, "versus");
	if (!check->faults && claim->where.n > 0)
		check_keeps(check, &claim->where, survey_count(&check->survey, &claim->where));
	if (check->faults)
		err_add(check->err, "in claim '%s', %s:%d", claim->say, study_place(check->study), claim->line);
}

/* ---- all ---- */

/* A skip is told once, though each `also` entry takes it over. A value of any grid will do. */
static void check_skips(struct check *check)
{
	for (int g = 0; g < check->study->grids; g++)
		for (int s = 0; s < check->study->grid[g].skips; s++) {
			const struct condition *skip = &check->study->grid[g].skip[s];
			bool told = false;
			for (int h = 0; h < g; h++)
				for (int t = 0; t < check->study->grid[h].skips; t++)
					told |= check->study->grid[h].skip[t].value == skip->value;
			check->faults = 0;
			for (int k = 0; k < skip->n && !told; k++)
				told |= !is_column(skip->key[k]); /* what is logged may well be skipped */
			if (!told)
				check_condition(check, skip, "skip");
			if (check->faults)
				err_add(check->err, "in skip, %s", study_place(check->study));
		}
}

int study_check(const struct study *study, const struct plan *plan, struct err *err)
{
	struct check check = {.study = study, .plan = plan, .err = err};
	const size_t before = err->length;
	survey_take(&check.survey, plan);
	check_skips(&check);
	for (int f = 0; f < study->figures; f++)
		check_figure(&check, &study->figure[f]);
	for (int c = 0; c < study->claims; c++)
		check_claim(&check, &study->claim[c]);
	return err->length > before ? -1 : 0;
}
