/* cmd_status.c: fathom status: how far studies are, a line each. Reads only. */
#include <stdlib.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/todo.h"

struct status_args {
	int n;
	char **path;
	char *dir;
};

static void print_head(struct cells *cells)
{
	static const char *const head[] = {"study", "runs", "committed", "missing"};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		cells_add(cells, "%s", head[i]);
	for (size_t s = 0; s < STATUS_N; s++)
		cells_add(cells, "%s", table_name(&status_table, s));
	cells_add(cells, "segments");
	cells_add(cells, "file");
	cells_end_row(cells);
}

static void print_study(struct cells *cells, const struct plan *plan, const struct store *store)
{
	struct todo todo = {0};
	todo_count(&todo, store, plan);
	cells_add(cells, "%s", plan->study->name);
	cells_add(cells, "%zu", plan->R);
	cells_add(cells, "%zu", plan->R - todo.missing);
	cells_add(cells, "%zu", todo.missing);
	for (int s = 0; s < STATUS_N; s++)
		cells_add(cells, "%zu", todo.by_status[s]);
	cells_add(cells, "%zu", store_segments(store));
	cells_add(cells, "%s",
		  store_is_current(store, plan) ? "current"
		  : todo.missing > 0            ? "incomplete"
						: "to be compacted");
	cells_end_row(cells);
}

static int add_status(struct cells *cells, const struct study_args *args, struct err *err)
{
	struct subject subject;
	struct store *store;
	struct text notes = TEXT_INIT;
	*err = (struct err){0};
	if (subject_load(&subject, args, err) != 0)
		return -1;
	const int failed = store_open(&store, args->dir, subject.study.name, false, &notes, err);
	if (!failed) {
		if (notes.at)
			complain("%s", notes.at);
		print_study(cells, &subject.plan, store);
		store_close(store);
	}
	text_release(&notes);
	subject_release(&subject);
	return failed;
}

static const struct argp_option options[] = {OPTION_DIR, {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct status_args *args = state->input;
	switch (key) {
	case 'o':
		args->dir = arg;
		return 0;
	case ARGP_KEY_ARGS:
		args->path = state->argv + state->next;
		args->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no STUDY given");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_status(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options, parse, "STUDY...", "How many runs of each study are committed, and how they ended.",
		NULL,    NULL,  NULL};
	char results[] = "results";
	struct status_args args = {.dir = results};
	struct cells cells = CELLS_INIT;
	int failed = 0;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	print_head(&cells);
	for (int i = 0; i < args.n && !failed; i++)
		failed = add_status(&cells, &(struct study_args){.path = args.path[i], .dir = args.dir}, err);
	cells_print(&cells, "lrrrrrrrrrl");
	return failed;
}
