/* fig_trainability.c: depth × learning rate, a cell for each pair: the share of seeds that reach the target loss, or the median of a
 * metric. A cell where more than half of the seeds diverged is marked × instead; one where none reached the target (or, where updates to it
 * are measured, half or more never did) and no more than half diverged, with a dot. */
#include <math.h>
#include <stdlib.h>

#include "report/drawing.h"
#include "report/style.h"
#include "spec/pieces.h"

struct map {
	struct drawing *d;
	struct reading target, value; /* value: of the metric, where one is measured */
	int depths, rates;
	double *rate; /* ascending */
	double *x;
};

enum { DEPTHS_MAX = 64 };

/* Into n ascending numbers, each once; how many there are then: most + 1 are too many. */
static int take_number(double *value, int n, int most, double x)
{
	int at = n;
	while (at > 0 && n <= most && value[at - 1] > x)
		at--;
	if (n > most || (at > 0 && value[at - 1] == x))
		return n;
	if (n == most)
		return most + 1;
	for (int k = n; k > at; k--)
		value[k] = value[k - 1];
	value[at] = x;
	return n + 1;
}

/* The different values of a column among the runs, ascending. */
static int list_numbers(const struct drawing *d, int column, double *value, int most)
{
	int n = 0;
	for (size_t i = 0; i < d->runs.n && n <= most; i++)
		n = take_number(value, n, most, d->result->column[column].number[d->runs.run[i]]);
	return n;
}

static int index_of(const double *value, int n, double x)
{
	int i = 0;
	while (i < n - 1 && value[i] != x)
		i++;
	return i;
}

enum { RATES_MAX = 512 };

/* A cell reaches half way to its neighbours on the logarithmic axis. */
static void edges(const double *rate, int n, int i, double *from, double *to)
{
	const double step = n > 1 ? (i > 0 ? rate[i] / rate[i - 1] : rate[1] / rate[0]) : 10;
	const double next = i + 1 < n ? rate[i + 1] / rate[i] : step;
	*from = rate[i] / sqrt(step);
	*to = rate[i] * sqrt(next);
}

/* Palette: 0 … 1 of shares and accuracies; else the numbers found, by decades if they span some. */
static void vars_palette(struct drawing *d, const struct range *found, const struct range *positive)
{
	const enum axis_mode mode = d->measure < 0 ? AXIS_SHARE : axis_mode_of(d->measure, found, positive);
	struct range r = mode == AXIS_SHARE ? (struct range){0, 1} : mode == AXIS_LOG ? *positive : *found;
	if (r.low > r.high) /* no cell has a number */
		r = mode == AXIS_LOG ? (struct range){1, 10} : (struct range){0, 1};
	if (r.low == r.high)
		r.high = r.low + (r.low != 0 ? fabs(r.low) : 1);
	vars_number(d, "CBLOG", mode == AXIS_LOG);
	vars_number(d, "CBLO", mode == AXIS_LOG ? log10(r.low) : r.low);
	vars_number(d, "CBHI", mode == AXIS_LOG ? log10(r.high) : r.high);
	vars_number(d, "FLIP", d->measure >= 0 && metrics[d->measure].better == BETTER_LOW); /* light is good */
}

static void vars_words(struct drawing *d, size_t n)
{
	struct label title = LABEL_INIT, x = LABEL_INIT, key = LABEL_INIT, full = LABEL_INIT, none = LABEL_INIT,
		     gone = LABEL_INIT;
	label_words(&title, "depth "), label_symbol(&title, "{/:Italic L}"), label_words(&title, " (hidden layers)");
	label_words(&x, "learning rate "), label_symbol(&x, "{/:Italic η}");
	if (d->measure < 0)
		label_words(&key, "of the seeds reach the target");
	else
		metric_label(d->measure, &key),
			label_words(&key, metrics[d->measure].shape == METRIC_STEP ? ", last step" : "");
	char words[80];
	const double target = d->measure < 0 || d->measure == METRIC_STEPS_TO_TARGET ? target_of(d) : 0;
	if (target > 0) {
		snprintf(words, sizeof words, "target: loss ≤ %.3g; ", target);
		label_words(&full, words);
	}
	snprintf(words, sizeof words, d->n_low == d->n_high ? "%s%zu seed%s a cell" : "%sup to %zu seed%s a cell",
		 d->measure >= 0 && d->n_high > 1 ? "median of " : "", d->n_high, d->n_high == 1 ? "" : "s");
	label_words(&full, words);
	label_words(&none, d->measure < 0 ? "none reaches it" : "half or more never reach it");
	label_words(&gone, d->n_high == 1 ? "diverged" : "more than half diverged");
	vars_label(d, "TITLE", &title);
	vars_label(d, "NOTE", &full);
	vars_number(d, "NOTELINE", 0);
	vars_label(d, "XTITLE", &x);
	vars_label(d, "KEYWORDS", &key);
	vars_label(d, "GONEWORDS", &gone);
	vars_label(d, "NONEWORDS", &none);
	vars_number(d, "KEYMM", label_mm(&key, 8));
	vars_number(d, "GONEMM", label_mm(&gone, 8));
	vars_number(d, "NONEMM", label_mm(&none, 8));
	vars_number(d, "NMAX", (double)n);
	label_release(&title), label_release(&x), label_release(&key);
	label_release(&full), label_release(&none), label_release(&gone);
}

/* One cell; what it says is added to the lists of signs. */
static void write_cell(struct map *map, size_t g, const double *depth, struct range *found, struct range *positive,
		       int signs[3])
{
	struct drawing *d = map->d;
	size_t n = 0, reached = 0, diverged = 0;
	for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++) {
		const size_t r = d->groups.run[i];
		reached += isfinite(reading_raw(&map->target, r, 0, 0)) != 0;
		diverged += d->result->status[r] == STATUS_DIVERGED;
		if (d->measure >= 0)
			map->x[n] = reading_at(&map->value, r, reading_step(&map->value, r, PLACE_LAST), 0);
		n++;
	}
	const size_t r = d->groups.run[d->groups.start[g]];
	const double lr = d->result->column[d->key[d->axes + 1]].number[r];
	double from, to, value = (double)reached / (double)n;
	edges(map->rate, map->rates, index_of(map->rate, map->rates, lr), &from, &to);
	if (d->measure >= 0)
		value = band_of(d, n, map->x).median;
	const bool gone = 2 * diverged > n,
		   none = !gone &&
			  (d->measure < 0 ? reached == 0 : d->measure == METRIC_STEPS_TO_TARGET && isinf(value));
	if (!gone && !isnan(value))
		range_take(found, value), range_take_positive(positive, value);
	signs[gone ? 1 : none ? 2 : 0]++;
	signs[0] += none; /* its cell is coloured, too */
	tsv_row(d, g);
	tsv_number(d, index_of(depth, map->depths, d->result->column[d->key[d->axes]].number[r]) + 1);
	tsv_number(d, from);
	tsv_number(d, to);
	tsv_number(d, (double)n);
	tsv_number(d, (double)reached);
	tsv_number(d, (double)diverged);
	tsv_number(d, value);
	tsv_number(d, gone ? 1 : none ? 2 : isfinite(value) ? 0 : 1);
	tsv_end(d);
}

/* Of a searched map the axis is the study's, so that a cell is as wide as a value of it, whichever were tried. */
static int searched_rates(const struct drawing *d, double *rate)
{
	const struct study *study = d->study;
	const struct key *key = d->result->column[d->key[d->axes + 1]].key;
	int n = 0, place;
	for (int g = 0; g < study->grids && study->search.kind == SEARCH_BOUNDARY; g++) {
		const int a = grid_axis(&study->grid[g], key, &place);
		for (int i = 0; a >= 0 && i < study->grid[g].axis[a].n; i++)
			n = take_number(
				rate, n, RATES_MAX,
				value_number(key, study->grid[g].axis[a].value[place * study->grid[g].axis[a].n + i]));
	}
	return n;
}

static int write_map(struct map *map, struct err *err)
{
	struct drawing *d = map->d;
	double depth[DEPTHS_MAX];
	map->depths = list_numbers(d, d->key[d->axes], depth, DEPTHS_MAX);
	map->rates = list_numbers(d, d->key[d->axes + 1], map->rate, RATES_MAX);
	const int searched = searched_rates(d, map->rate);
	map->rates = searched > 0 ? searched : map->rates;
	if (map->depths > DEPTHS_MAX || map->rates > RATES_MAX)
		return err_set(err, ERR_INPUT, "more than %d depths or %d learning rates", DEPTHS_MAX, RATES_MAX);
	if (map->rate[0] <= 0)
		return err_set(err, ERR_INPUT,
			       "a learning rate of 0 has no place on a logarithmic axis: leave it out by where");
	struct range found = RANGE_INIT, positive = RANGE_INIT;
	int signs[PANELS_MAX][3] = {{0}};
	tsv_header(d, "row\tlr_from\tlr_to\tn\treached\tdiverged\tvalue\tsign");
	for (size_t g = 0; g < d->groups.G; g++)
		write_cell(map, g, depth, &found, &positive, signs[d->panel_of[g]]);
	static const char *const names[] = {"CELLS", "GONE", "NONE"};
	double from, to, count[PANELS_MAX];
	for (int s = 0; s < 3; s++) {
		for (int p = 0; p < d->P; p++)
			count[p] = signs[p][s];
		vars_numbers(d, names[s], d->P, count);
	}
	edges(map->rate, map->rates, 0, &from, &to);
	vars_number(d, "LRLO", from);
	edges(map->rate, map->rates, map->rates - 1, &from, &to);
	vars_number(d, "LRHI", to);
	vars_number(d, "RATES", map->rates);
	vars_numbers(d, "DEPTHS", map->depths, depth);
	vars_number(d, "ND", map->depths);
	vars_number(d, "SHARE", d->measure < 0);
	vars_palette(d, &found, &positive);
	vars_words(d, d->n_high);
	vars_layout(d, &(struct layout_options){AXIS_LINEAR, NULL, false, {4, 2}});
	return 0;
}

/* Without a target there is nothing to reach. */
static int check_target(const struct drawing *d, struct err *err)
{
	const struct column *target = result_column(d->result, &keys[table_find(&key_table, "target")]);
	for (size_t i = 0; i < d->runs.n && target && d->measure < 0; i++)
		if (target->number[d->runs.run[i]] > 0)
			return 0;
	if (d->measure >= 0)
		return 0;
	err_set(err, ERR_INPUT, "no run has a target to reach");
	return err_add(err, "set one (train: {target: 0.1}), or draw a metric (measure: test_accuracy)");
}

int fig_trainability(struct drawing *d, struct err *err)
{
	struct map map = {
		.d = d, .x = calloc(d->n_high + 1, sizeof(double)), .rate = calloc(RATES_MAX, sizeof(double))};
	if (!map.x || !map.rate)
		NO_MEMORY("out of memory");
	int failed = check_target(d, err) || reading_open(&map.target, d->result, METRIC_STEPS_TO_TARGET, err) ||
		     (d->measure >= 0 && reading_open(&map.value, d->result, d->measure, err));
	if (!failed)
		failed = write_map(&map, err);
	free(map.x);
	free(map.rate);
	return failed ? -1 : 0;
}
