/* cmd_diff.c: fathom diff: are two result files the same, bit by bit? Runs are matched by identity; times and provenance are
 * left out. */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	char **path = state->input;
	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			usage_fault(state, "two results are compared, not more");
		path[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			usage_fault(state, "two results are compared: give A and B, as results/vanishing.h5");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_diff(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {NULL,
					 parse,
					 "A B",
					 "Compares two result files bit by bit; runs are matched by identity, times "
					 "and provenance are left out. Exit code 0: "
					 "the same, 1: they differ.",
					 NULL,
					 NULL,
					 NULL};
	char *path[2] = {NULL, NULL};
	struct text lines = TEXT_INIT;
	argp_parse(&argp, argc, argv, 0, NULL, path);
	const int differences = result_diff(path[0], path[1], &lines, err);
	if (lines.at)
		say("%s", lines.at);
	text_release(&lines);
	if (differences == 0)
		say("no difference\n");
	return differences < 0 ? -1 : differences == 0 ? EXIT_FINE : EXIT_CLAIM;
}
