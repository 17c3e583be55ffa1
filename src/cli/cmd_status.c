/* cmd_status.c: fathom status: how far studies are, a line each. Reads only. */
#include <stdlib.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/todo.h"

struct status_args {
	struct path_args studies;
	const char *dir;
	struct cells cells;
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

static void print_study(struct cells *cells, const struct subject *subject, const struct store *store)
{
	struct todo todo = {0};
	const struct plan *plan = &subject->plan;
	const bool open = subject->search.settled < subject->search.combinations; /* there will be more */
	todo_count(&todo, store, plan);
	cells_add(cells, "%s", plan->study->name);
	cells_add(cells, open ? "%zu+" : "%zu", plan->R);
	cells_add(cells, "%zu", plan->R - todo.missing);
	cells_add(cells, open ? "%zu+" : "%zu", todo.missing);
	for (int s = 0; s < STATUS_N; s++)
		cells_add(cells, "%zu", todo.by_status[s]);
	cells_add(cells, "%zu", store_segments(store));
	cells_add(cells, "%s",
		  store_is_current(store, plan) ? "current"
		  : todo.missing > 0 || open    ? "incomplete"
						: "to be compacted");
	cells_end_row(cells);
}

static int add_status(const char *path, void *with, struct err *err)
{
	struct status_args *args = with;
	struct subject subject;
	struct store *store;
	struct text notes = TEXT_INIT;
	if (subject_load(&subject, &(struct study_args){.path = path, .dir = args->dir}, err) != 0)
		return -1;
	int failed = store_open(&store, args->dir, subject.study.name, false, &notes, err);
	if (!failed) {
		if (notes.at)
			complain("%s", notes.at);
		failed = subject_search(&subject, store, err);
		if (!failed)
			print_study(&args->cells, &subject, store);
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
	}
	return path_args_parse(key, state, &args->studies,
			       "no STUDY given: a study file, as experiments/vanishing.yaml");
}

int cmd_status(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options, parse, "STUDY...", "How many runs of each study are committed, and how they ended. " ONE_BAD,
		NULL,    NULL,  NULL};
	struct status_args args = {.dir = "results"};
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	print_head(&args.cells);
	const int code = path_args_each(&args.studies, argv[0], add_status, &args, err);
	cells_print(&args.cells, "lrrrrrrrrrl");
	return code;
}
