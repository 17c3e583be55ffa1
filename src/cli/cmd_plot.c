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
	int n;
	char **path;
	unsigned formats;
	const char *only, *folder;
};

static int plot(const struct plot_args *args, const char *path, struct draw_options options, struct pool *pool,
		struct err *err)
{
	struct opened opened;
	struct text drawn = TEXT_INIT;
	if (opened_load(&opened, path, 0, NULL, err) != 0)
		return -1;
	options.folder = args->folder ? args->folder : result_folder(pool, path);
	const int failed = figures_draw(&opened.result, &opened.study, &options, &drawn, err);
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
		args->only = arg;
		return 0;
	case 'F':
		args->formats |= option_rows(state, &format_table, arg);
		return 0;
	case 'o':
		args->folder = arg;
		return 0;
	case ARGP_KEY_ARGS:
		args->path = state->argv + state->next;
		args->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no RESULT given: a result file, as results/vanishing.h5");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_plot(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 "RESULT...",
					 "Draws the figures that the study of a result names, as pictures of 180 mm "
					 "and 85 mm beside the tables (TSV) that they "
					 "show. The path of each picture is printed. One bad result does not keep the "
					 "others from being drawn; the exit code is then that of the first fault.",
					 NULL,
					 NULL,
					 NULL};
	struct plot_args args = {0};
	struct pool pool = POOL_INIT;
	int failed = 0, code = EXIT_FINE;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	struct draw_options draw = {
		.formats = args.formats ? args.formats : 1u << table_find(&format_table, "svg"),
		.only = args.only,
		.scripts = find_scripts(&pool),
		.gnuplot = find_program(&pool, "gnuplot"),
	};
	if (!draw.gnuplot)
		failed = err_set(err, ERR_SYSTEM, "no gnuplot on the PATH: install it (Debian: gnuplot-nox)");
	else if (!draw.scripts)
		failed = err_set(err, ERR_SYSTEM,
				 "the gnuplot scripts are neither in $FATHOM_SCRIPTS nor beside the program nor in "
				 "%s/share/fathom/scripts",
				 version.prefix);
	for (int i = 0; i < args.n && !failed; i++)
		if (plot(&args, args.path[i], draw, &pool, err) != 0) { /* the others are drawn all the same */
			const int fault = complain_fault(argv[0], err);
			code = code ? code : fault;
		}
	pool_release(&pool);
	return failed ? failed : code;
}
