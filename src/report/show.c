/* show.c: tables of results (show.h). A grid of cells is made here; sheet.c writes it in one of four formats. */
#include "report/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"
#include "report/label.h"
#include "report/runs.h"
#include "report/sheet.h"

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
		if (!result->column[c].key->replicate && result->column[c].key != o->found && sheet->by < COLUMNS_MAX &&
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
	for (int m = METRIC_FRONTIER;
	     sheet->options->found && sheet->options->metrics == 0 && m <= METRIC_FRONTIER_ABOVE; m++)
		sheet->metric[sheet->metrics++] = (enum metric_id)m;
	for (size_t m = 0; m < sizeof usual / sizeof *usual && sheet->metrics == 0; m++) {
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
	if (metrics[reading->id].shape == METRIC_LAYER && at.layer > reading->result->L)
		return err_set(err, ERR_INPUT, "there is no layer %lld: the deepest network has %d",
			       (long long)at.layer, reading->result->L);
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

static void count_statuses(struct sheet *sheet)
{
	sheet->shares = 1;
	for (int i = 0; i < SHARES_MAX; i++)
		if (!(sheet->count[i] = calloc(sheet->groups.G + 1, sizeof *sheet->count[i])))
			NO_MEMORY("out of memory");
	for (size_t i = 0, g = 0; i < sheet->runs.n; i++) {
		const enum status status = (enum status)sheet->result->status[sheet->groups.run[i]];
		g += i == sheet->groups.start[g + 1];
		sheet->count[0][g] += status == STATUS_DIVERGED;
		sheet->count[1][g] += status == STATUS_FAILED;
		sheet->shares += status == STATUS_FAILED && sheet->shares == 1;
	}
}

static int fill(struct sheet *sheet, struct err *err)
{
	sheet->cell = calloc(sheet->groups.G * (size_t)sheet->metrics + 1, sizeof *sheet->cell);
	double *x = calloc(sheet->runs.n + 1, sizeof *x);
	if (!sheet->cell || !x)
		NO_MEMORY("out of memory");
	count_statuses(sheet);
	int failed = 0;
	for (int m = 0; m < sheet->metrics && !failed; m++)
		failed = fill_metric(sheet, m, x, err);
	free(x);
	return failed;
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
		choose_metrics(&sheet), failed = fill(&sheet, err) || result_sure(result, err);
	if (!failed)
		sheet_write(&sheet, out);
	runs_release(&sheet.runs);
	groups_release(&sheet.groups);
	free(sheet.cell);
	free(sheet.count[0]);
	free(sheet.count[1]);
	return failed ? -1 : 0;
}
