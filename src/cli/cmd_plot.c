/* cmd_plot.c: fathom plot: draws the figures of studies from their results alone. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/tools.h"
#include "report/figures.h"

struct plot_args {
	struct path_args results;
	struct draw_options draw;
	const char *folder;
	struct pool pool;
};

static int plot(const char *path, void *with, struct err *err)
{
	struct plot_args *args = with;
	struct draw_options draw = args->draw;
	struct opened opened;
	struct text drawn = TEXT_INIT;
	if (opened_load(&opened, path, 0, NULL, err) != 0)
		return -1;
	draw.folder = args->folder ? args->folder : result_folder(&args->pool, path);
	const int failed = figures_draw(&opened.result, &opened.study, &draw, &drawn, err);
	if (drawn.at)
		say("%s", drawn.at);
	else if (!failed)
		say("%s: the study names no figures\n", path);
	text_release(&drawn);
	opened_release(&opened);
	return failed;
}

static const struct argp_option options[] = {
	{"figure", 'f', "NAME", 0, "Draw this figure, or the figures of this kind, only", 0},
	{"format", 'F', "FORMAT,...", 0, "svg (default), png, pdf, tex", 0},
	{"output", 'o', "DIR", 0, "Folder of the figures (default: results/NAME for results/NAME.h5)", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plot_args *args = state->input;
	switch (key) {
	case 'f':
		args->draw.only = arg;
		return 0;
	case 'F':
		args->draw.formats |= option_rows(state, &format_table, arg);
		return 0;
	case 'o':
		args->folder = arg;
		return 0;
	}
	return path_args_parse(key, state, &args->results, NO_RESULT);
}

int cmd_plot(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 "RESULT...",
					 "Draws the figures that the study of a result names, as pictures of 180 mm "
					 "and 85 mm beside the tables (TSV) that they "
					 "show. The path of each picture is printed. " ONE_BAD,
					 NULL,
					 NULL,
					 NULL};
	struct plot_args args = {0};
	int failed = 0, code = EXIT_FINE;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!args.draw.formats)
		args.draw.formats = 1u << table_find(&format_table, "svg");
	args.draw.scripts = find_scripts(&args.pool);
	args.draw.gnuplot = find_program(&args.pool, "gnuplot");
	if (!args.draw.gnuplot)
		failed = err_set(err, ERR_SYSTEM, "no gnuplot on the PATH: install it (Debian: gnuplot-nox)");
	else if (!args.draw.scripts)
		failed = err_set(err, ERR_SYSTEM,
				 "the gnuplot scripts are neither in $FATHOM_SCRIPTS nor beside the program nor in "
				 "%s/share/fathom/scripts",
				 version.prefix);
	else
		code = path_args_each(&args.results, argv[0], plot, &args, err);
	pool_release(&args.pool);
	return failed ? failed : code;
}
