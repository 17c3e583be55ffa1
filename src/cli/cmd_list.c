/* cmd_list.c: fathom list: the tables of the program, for reading, for documents and for scripts. To show a new table: its row
 * in `listed`. */
#include <string.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "net/act.h"
#include "net/loss.h"
#include "optim/optim.h"
#include "report/figures.h"
#include "report/show.h"
#include "spec/manual.h"

static const struct {
	const char *name, *about;
	const struct table *table;
} listed[] = {
	{"keys", "what a study can set", &key_table},
	{"datasets", "what networks learn from", &dataset_table},
	{"functions", "of the data set 'function'", &function_table},
	{"standardize", "how inputs are shifted and scaled", &standardize_table},
	{"activations", "of hidden layers", &act_table},
	{"inits", "schemes of initial weights", &init_table},
	{"gains", "which factor multiplies a scheme's weights", &gain_table},
	{"losses", "what is minimised", &loss_table},
	{"optimizers", "update rules", &optim_table},
	{"schedules", "of the learning rate", &schedule_table},
	{"precisions", "of weights, gradients and activations", &precision_table},
	{"metrics", "what is logged", &metric_table},
	{"weights", "which weights can be kept", &weights_table},
	{"statuses", "how a run ends", &status_table},
	{"reductions", "what makes one number of many in a claim", &reduce_table},
	{"figures", "kinds of figures", &figure_table},
	{"formats", "of figures", &format_table},
	{"show-formats", "of tables", &show_format_table},
	{"statistics", "of tables", &show_stat_table},
	{"commands", "of fathom", &command_table},
};

static const struct table listed_table = TABLE("table", listed);

enum list_format { LIST_TABLE, LIST_MARKDOWN, LIST_NAMES };
static const struct {
	const char *name, *about;
} formats[] = {
	[LIST_TABLE] = {"table", "for reading"},
	[LIST_MARKDOWN] = {"markdown", "for documents"},
	[LIST_NAMES] = {"names", "one a line, for scripts"},
};
static const struct table list_format_table = TABLE("format", formats);

/* ---- columns beside name and meaning ---- */

static const char *metric_shape_name(size_t row)
{
	static const char *const name[] = {
		[METRIC_RUN] = "run", [METRIC_STEP] = "run, step", [METRIC_LAYER] = "run, step, layer"};
	return name[metrics[row].shape];
}

/* The extra columns of a table; 0: none. */
static int extra(const struct table *table, size_t row, const char *cell[2])
{
	if (table == &key_table) {
		cell[0] = keys[row].section[0] ? keys[row].section : "(top)";
		cell[1] = keys[row].fallback ? keys[row].fallback
			  : keys[row].table  ? table_name(keys[row].table, 0)
					     : "";
		return 2;
	}
	if (table == &metric_table) {
		cell[0] = metric_shape_name(row);
		return 1;
	}
	return 0;
}

static int extra_heads(const struct table *table, const char *head[2])
{
	head[0] = table == &key_table ? "section" : "dimensions";
	head[1] = "default";
	return table == &key_table ? 2 : table == &metric_table;
}

static void print_markdown(const struct table *table)
{
	const char *head[2], *cell[2];
	const int n = extra_heads(table, head);
	say("| %s |", table->what);
	for (int c = 0; c < n; c++)
		say(" %s |", head[c]);
	say(" meaning |\n|---|");
	for (int c = 0; c < n; c++)
		say("---|");
	say("---|\n");
	for (size_t i = 0; i < table->n; i++) {
		say("| `%s` |", table_name(table, i));
		extra(table, i, cell);
		for (int c = 0; c < n; c++)
			say(cell[c][0] ? " %s |" : " |", cell[c]);
		say(" ");
		for (const char *a = table_about(table, i); *a; a++)
			say(*a == '|' ? "\\|" : "%c", *a);
		say(" |\n");
	}
}

static void print_table(const struct table *table)
{
	struct cells cells = CELLS_INIT;
	const char *cell[2];
	for (size_t i = 0; i < table->n; i++) {
		const int n = extra(table, i, cell);
		cells_add(&cells, "%s", table_name(table, i));
		for (int c = 0; c < n; c++)
			cells_add(&cells, "%s", cell[c]);
		cells_add(&cells, "%s", table_about(table, i));
		cells_end_row(&cells);
	}
	cells_print(&cells, "llll");
}

static void print(const struct table *table, int format)
{
	if (format == LIST_MARKDOWN)
		print_markdown(table);
	else if (format == LIST_TABLE)
		print_table(table);
	else
		for (size_t i = 0; i < table->n; i++)
			say("%s\n", table_name(table, i));
}

struct list_args {
	const char *what;
	int format;
};

static const struct argp_option options[] = {
	{"format", 'F', "FORMAT", 0, "table (default), markdown, names", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list_args *args = state->input;
	switch (key) {
	case 'F':
		args->format = option_row(state, &list_format_table, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (args->what)
			usage_fault(state, "one table is listed, not more");
		args->what = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void print_manual(void)
{
	struct text manual = TEXT_INIT;
	study_manual(&manual);
	say("%s", manual.at);
	text_release(&manual);
}

int cmd_list(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 "[TABLE]",
					 "Lists a table of the program, or the tables there are. 'fathom list manual' "
					 "prints the manual of study files.",
					 NULL,
					 NULL,
					 NULL};
	struct list_args args = {0};
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!args.what) {
		print(&listed_table, args.format);
		if (args.format == LIST_TABLE)
			say("\n'fathom list TABLE' shows one, 'fathom list manual' the manual of study files\n");
		return EXIT_FINE;
	}
	if (strcmp(args.what, "manual") == 0) {
		print_manual();
		return EXIT_FINE;
	}
	const int row = table_find(&listed_table, args.what);
	if (row < 0) {
		const char *near = table_nearest(&listed_table, args.what);
		return err_set(err, ERR_INPUT, "unknown table '%s'%s%s%s\ntry: fathom list", args.what,
			       near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	print(listed[row].table, args.format);
	return EXIT_FINE;
}
