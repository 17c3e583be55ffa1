/* runs.c: selecting, comparing and grouping runs (runs.h). Comparing needs no settings: a result's columns say all. */
#include "report/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"

static void *take(size_t n, size_t size)
{
	void *at = calloc(n ? n : 1, size);
	if (!at)
		NO_MEMORY("out of memory");
	return at;
}

int column_of(const struct result *result, const struct key *key)
{
	for (int c = 0; c < result->columns; c++)
		if (result->column[c].key == key)
			return c;
	return -1;
}

int column_compare(const struct result *result, int column, size_t a, size_t b)
{
	const double x = result->column[column].number[a], y = result->column[column].number[b];
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

bool column_varies(const struct result *result, const struct runs *runs, int column)
{
	for (size_t i = 1; i < runs->n; i++)
		if (column_compare(result, column, runs->run[0], runs->run[i]) != 0)
			return true;
	return false;
}

void column_name(const struct result *result, int column, size_t r, struct text *out)
{
	const struct column *c = &result->column[column];
	if (c->words && c->number[r] >= 0 && c->number[r] < c->words)
		text_add(out, "%s", c->word[(int)c->number[r]]);
	else if (c->key->zero_name && c->number[r] == 0)
		text_add(out, "%s", c->key->zero_name);
	else if (c->key->type == KEY_FLAG)
		text_add(out, "%s", c->number[r] != 0 ? "true" : "false");
	else
		text_add_double(out, c->number[r]);
}

static bool value_matches(const struct column *column, size_t r, struct value value)
{
	const double x = column->words ? 0 : column->number[r],
		     y = column->words ? 0 : value_number(column->key, value);
	if (!column->words && column->key->type == KEY_REAL) /* in six digits, as condition_holds */
		return fabs(x - y) <= 5e-6 * fmax(fabs(x), fabs(y));
	if (!column->words)
		return x == y;
	struct text word = TEXT_INIT;
	value_word(column->key, value, &word);
	const int code = (int)column->number[r];
	const bool same = code >= 0 && code < column->words && word.at && strcmp(column->word[code], word.at) == 0;
	text_release(&word);
	return same;
}

bool run_holds(const struct result *result, size_t r, const struct condition *condition)
{
	for (int k = 0; k < condition->n; k++) {
		const struct column *column = result_column(result, condition->key[k]);
		bool any = false;
		for (int v = 0; column && v < condition->values[k] && !any; v++)
			any = value_matches(column, r, condition->value[k][v]);
		if (!any)
			return false;
	}
	return true;
}

/* ---- groups ---- */

struct order {
	const struct result *result;
	int n;
	const int *column;
};

static int compare_columns(const struct order *order, size_t a, size_t b)
{
	for (int i = 0; i < order->n; i++) {
		const int c = column_compare(order->result, order->column[i], a, b);
		if (c)
			return c;
	}
	return 0;
}

static int compare_runs(const void *a, const void *b, void *order)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;
	const int c = compare_columns(order, x, y);
	return c ? c : (x > y) - (x < y);
}

void groups_make(struct groups *groups, const struct result *result, const struct runs *runs, int n, const int *column)
{
	struct order order = {result, n, column};
	groups->run = take(runs->n, sizeof *groups->run);
	groups->start = take(runs->n + 1, sizeof *groups->start);
	groups->G = 0;
	memcpy(groups->run, runs->run, runs->n * sizeof *runs->run);
	qsort_r(groups->run, runs->n, sizeof *groups->run, compare_runs, &order);
	for (size_t i = 0; i < runs->n; i++)
		if (i == 0 || compare_columns(&order, groups->run[i - 1], groups->run[i]) != 0)
			groups->start[groups->G++] = i;
	groups->start[groups->G] = runs->n;
}

void groups_release(struct groups *groups)
{
	free(groups->run);
	free(groups->start);
	*groups = (struct groups){0};
}

/* ---- selection ---- */

/* The median over runs i … j − 1, turned so that less is better; NaN when no run says anything. */
static double cost(const struct reading *by, const size_t *run, size_t n, double *x)
{
	const bool high = metrics[by->id].better == BETTER_HIGH;
	size_t m = 0;
	for (size_t i = 0; i < n; i++) {
		double v = reading_at(by, run[i], reading_step(by, run[i], PLACE_LAST), 0);
		if (!isnan(v))
			x[m++] = high ? -v : v;
	}
	return m ? stats_median(m, x).value : NAN;
}

/* Of one combination's runs, ordered by the column best: those at its best value are added to kept. */
static void keep_best(const struct result *result, const struct reading *by, int best, const size_t *run, size_t n,
		      double *x, struct runs *kept)
{
	size_t from = 0, to = 0;
	double least = NAN;
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && column_compare(result, best, run[i], run[j]) == 0;)
			j++;
		const double c = cost(by, run + i, j - i, x);
		if (to == 0 || (isnan(least) && !isnan(c)) || c < least)
			from = i, to = j, least = c;
	}
	for (size_t i = from; i < to; i++)
		kept->run[kept->n++] = run[i];
}

static int compare_index(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;
	return (x > y) - (x < y);
}

static int select_best(struct runs *runs, struct result *result, int best, int best_by, struct err *err)
{
	struct reading by;
	if (reading_open(&by, result, best_by, err))
		return -1;
	if (metrics[best_by].better == BETTER_NEITHER || metrics[best_by].shape == METRIC_LAYER)
		return err_set(err, ERR_INPUT,
			       "best by '%s': it has no better and worse; name a loss, an accuracy or steps_to_target",
			       metrics[best_by].name);
	int *column = take((size_t)result->columns, sizeof *column), n = 0;
	for (int c = 0; c < result->columns; c++)
		if (c != best && !result->column[c].key->replicate && column_varies(result, runs, c))
			column[n++] = c;
	struct groups groups, inner;
	groups_make(&groups, result, runs, n, column);
	free(column);
	double *x = take(runs->n, sizeof *x);
	runs->n = 0;
	for (size_t g = 0; g < groups.G; g++) {
		const struct runs some = {groups.start[g + 1] - groups.start[g], groups.run + groups.start[g]};
		groups_make(&inner, result, &some, 1, &best);
		keep_best(result, &by, best, inner.run, some.n, x, runs);
		groups_release(&inner);
	}
	qsort(runs->run, runs->n, sizeof *runs->run, compare_index);
	free(x);
	groups_release(&groups);
	return 0;
}

int runs_select(struct runs *runs, struct result *result, const struct condition *where, const struct key *best,
		int best_by, struct err *err)
{
	runs->run = take(result->R, sizeof *runs->run);
	runs->n = 0;
	for (size_t r = 0; r < result->R; r++)
		if (!where || run_holds(result, r, where))
			runs->run[runs->n++] = r;
	if (!best || runs->n == 0)
		return 0;
	const int column = column_of(result, best);
	if (column < 0 || best_by < 0 || best_by >= METRIC_N)
		BUG("best without a column or a metric");
	if (select_best(runs, result, column, best_by, err)) {
		runs_release(runs);
		return -1;
	}
	return 0;
}

void runs_release(struct runs *runs)
{
	free(runs->run);
	*runs = (struct runs){0};
}

/* ---- readings ---- */

int reading_open(struct reading *reading, struct result *result, int metric, struct err *err)
{
	const struct key *depth = &keys[table_find(&key_table, "depth")];
	const struct column *column = result_column(result, depth);
	if (!column)
		return err_set(err, ERR_INPUT, "%s: no column 'depth'", result->path);
	*reading = (struct reading){.result = result, .id = (enum metric_id)metric, .depth = column->number};
	if (!(result->has & METRIC_BIT(metric)))
		return err_set(err, ERR_INPUT,
			       "%s does not hold '%s': name it under log: metrics and run the study again",
			       result->path, metrics[metric].name);
	reading->value = result_metric(result, reading->id, err);
	reading->diverged_at = result_metric(result, METRIC_DIVERGED_AT, err);
	return reading->value && reading->diverged_at ? 0 : -1;
}

int reading_layers(const struct reading *reading, size_t r)
{
	const int layers = (int)reading->depth[r] + 1;
	return layers < reading->result->L ? layers : reading->result->L;
}

double reading_raw(const struct reading *reading, size_t r, int s, int l)
{
	const size_t S = (size_t)reading->result->S, L = (size_t)reading->result->L;
	switch (metrics[reading->id].shape) {
	case METRIC_RUN:
		return reading->value[r];
	case METRIC_STEP:
		return reading->value[r * S + (size_t)s];
	case METRIC_LAYER:
		return reading->value[(r * S + (size_t)s) * L + (size_t)l - 1];
	}
	BUG("a metric of unknown shape");
}

double reading_worst(const struct reading *reading)
{
	const enum better better = metrics[reading->id].better;
	return better == BETTER_LOW ? (double)INFINITY : better == BETTER_HIGH ? 0 : (double)NAN;
}

double reading_at(const struct reading *reading, size_t r, int s, int l)
{
	const double x = reading_raw(reading, r, s, l);
	if (!isnan(x) || reading->result->status[r] == STATUS_FAILED)
		return x;
	if (reading->id == METRIC_STEPS_TO_TARGET)
		return INFINITY;
	if (reading->result->status[r] != STATUS_DIVERGED)
		return x;
	const bool before =
		metrics[reading->id].shape != METRIC_RUN && reading->result->step[s] < reading->diverged_at[r];
	return before ? x : reading_worst(reading);
}

int reading_step(const struct reading *reading, size_t r, int64_t place)
{
	const struct result *result = reading->result;
	if (metrics[reading->id].shape == METRIC_RUN || place == PLACE_FIRST)
		return 0;
	if (place == PLACE_LAST) {
		const int L = metrics[reading->id].shape == METRIC_LAYER ? reading_layers(reading, r) : 1;
		for (int s = result->S - 1; s > 0 && result->status[r] != STATUS_DIVERGED; s--)
			for (int l = 1; l <= L; l++)
				if (!isnan(reading_raw(reading, r, s, l)))
					return s;
		return result->status[r] == STATUS_DIVERGED ? result->S - 1 : 0;
	}
	for (int s = 0; s < result->S; s++)
		if (result->step[s] == place)
			return s;
	return -1;
}

int reading_layer(const struct reading *reading, size_t r, int64_t place)
{
	const int L = reading_layers(reading, r);
	if (metrics[reading->id].shape != METRIC_LAYER || place == PLACE_FIRST)
		return 1;
	if (place == PLACE_LAST)
		return L;
	return place >= 1 && place <= L ? (int)place : -1;
}
