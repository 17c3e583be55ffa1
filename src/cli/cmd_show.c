/* cmd_show.c: fathom show: results as a table of groups of runs. The options become struct show_options; the table itself is
 * made by the report room. */
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "report/show.h"

enum { METRICS_MAX = METRIC_N, KEYS_MAX = 64, WHERE_MAX = 64 };

struct show_args {
	const char *path;
	int n_where;
	const char *where[WHERE_MAX]; /* KEY=VALUE words */
	int n_by;
	const struct key *by[KEYS_MAX];
	int metrics;
	enum metric_id metric[METRICS_MAX];
	struct place at;
	int stat, format;
};

static void add_keys(const struct argp_state *state, struct show_args *args, const char *arg)
{
	char *words = strdup(arg), *rest = words;
	if (!words)
		NO_MEMORY("out of memory");
	args->n_by = 0;
	for (char *word; (word = strsep(&rest, ",")) != NULL;)
		if (word[0] && args->n_by < KEYS_MAX)
			args->by[args->n_by++] = &keys[option_row(state, &key_table, word)];
	free(words);
}

static void add_metrics(const struct argp_state *state, struct show_args *args, const char *arg)
{
	char *words = strdup(arg), *rest = words;
	if (!words)
		NO_MEMORY("out of memory");
	for (char *word; (word = strsep(&rest, ",")) != NULL;)
		if (args->metrics < METRICS_MAX)
			args->metric[args->metrics++] = (enum metric_id)option_row(state, &metric_table, word);
	free(words);
}

static int64_t place(const struct argp_state *state, const char *option, const char *arg, int64_t low)
{
	if (strcmp(arg, "first") == 0)
		return PLACE_FIRST;
	if (strcmp(arg, "last") == 0)
		return PLACE_LAST;
	int64_t value = 0;
	if (!parse_int64(arg, &value) || value < low)
		usage_fault(state, "%s '%s' is neither first, last nor a number from %d", option, arg, (int)low);
	return value;
}

enum { OPTION_WHERE = 0x100, OPTION_BY, OPTION_STAT, OPTION_LAYER, OPTION_STEP };

static const struct argp_option options[] = {
	{"where", OPTION_WHERE, "KEY=VALUE,...", 0, "Only these runs; may be given several times", 0},
	{"by", OPTION_BY, "KEY,...", 0, "A line for each combination of these (default: all keys that vary, but seed)",
	 0},
	{"metric", 'm', "METRIC,...", 0, "Columns (default: final_train_loss, final_test_accuracy, steps_to_target)",
	 0},
	{"stat", OPTION_STAT, "STAT", 0, "median (default), mean, geomean", 0},
	{"layer", OPTION_LAYER, "LAYER", 0, "Where metrics per layer are taken: first (default), last or a number", 0},
	{"step", OPTION_STEP, "STEP", 0,
	 "Where metrics per step are taken: first, last (default) or a number of updates", 0},
	{"format", 'F', "FORMAT", 0, "table (default), csv, tsv, json", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show_args *args = state->input;
	switch (key) {
	case OPTION_WHERE:
		if (args->n_where == WHERE_MAX)
			usage_fault(state, "--where is given more than %d times", WHERE_MAX);
		args->where[args->n_where++] = arg;
		return 0;
	case OPTION_BY:
		add_keys(state, args, arg);
		return 0;
	case 'm':
		add_metrics(state, args, arg);
		return 0;
	case OPTION_STAT:
		args->stat = option_row(state, &show_stat_table, arg);
		return 0;
	case OPTION_LAYER:
		args->at.layer = place(state, "--layer", arg, 1);
		return 0;
	case OPTION_STEP:
		args->at.step = place(state, "--step", arg, 0);
		return 0;
	case 'F':
		args->format = option_row(state, &show_format_table, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (args->path)
			usage_fault(state, "one result is shown, not more");
		args->path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_fault(state, "no RESULT given: a result file, as results/vanishing.h5");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int show(const struct show_args *args, const struct condition *where, struct err *err)
{
	struct opened opened;
	struct text table = TEXT_INIT;
	struct show_options wanted = {
		.where = where,
		.n_by = args->n_by,
		.by = args->by,
		.metrics = args->metrics,
		.metric = args->metric,
		.at = args->at,
		.stat = (enum show_stat)args->stat,
		.format = (enum show_format)args->format,
	};
	if (opened_load(&opened, args->path, 0, NULL, err) != 0)
		return -1;
	bool found = opened.study.search.kind == SEARCH_FRONTIER && args->metrics == 0;
	for (int m = 0; m < args->metrics; m++)
		found |= args->metric[m] == METRIC_FRONTIER || args->metric[m] == METRIC_FRONTIER_ABOVE;
	wanted.found = found ? opened.study.search.key[0] : NULL;
	const int failed = show_table(&opened.result, &wanted, &table, err);
	if (!failed)
		say("%s", table.at);
	text_release(&table);
	opened_release(&opened);
	return failed;
}

int cmd_show(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 "RESULT",
					 "Shows results as a table: a line for each group of runs, with n, a statistic "
					 "and its 95 % interval over the runs of the "
					 "group, and the share of runs that diverged.",
					 NULL,
					 NULL,
					 NULL};
	struct show_args args = {.n_by = -1, .at = {.layer = PLACE_FIRST, .step = PLACE_LAST}};
	struct pool pool = POOL_INIT;
	struct condition where;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	int failed = condition_parse(&pool, args.n_where, args.where, &where, err);
	if (!failed)
		failed = show(&args, args.n_where > 0 ? &where : NULL, err);
	pool_release(&pool);
	return failed;
}
