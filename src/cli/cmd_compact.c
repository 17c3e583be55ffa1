/* cmd_compact.c: fathom compact: merges the committed runs of a study into DIR/NAME.h5 by hand; `run` does it by itself when
 * all runs are there. */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/provenance.h"
#include "cli/todo.h"
#include "sched/sched.h"

struct compact_args {
	struct study_args study;
	bool partial;
};

static const struct argp_option options[] = {
	OPTION_DIR,
	{"partial", 'p', NULL, 0, "Also when runs are missing: the file then holds those that are there", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct compact_args *args = state->input;
	if (key == 'p') {
		args->partial = true;
		return 0;
	}
	return study_args_parse(key, arg, state, &args->study);
}

static int compact(const struct compact_args *args, struct subject *subject, const struct provenance *provenance,
		   struct err *err)
{
	const struct plan *plan = &subject->plan;
	struct store *store;
	struct todo todo = {0};
	struct text notes = TEXT_INIT;
	const char *name = plan->study->name;
	int failed = store_open(&store, args->study.dir, name, false, &notes, err);
	if (notes.at)
		complain("%s", notes.at);
	text_release(&notes);
	if (failed)
		return failed;
	if (subject_search(subject, store, err) != 0) {
		store_close(store);
		return -1;
	}
	todo_count(&todo, store, plan);
	if (!store_is_current(store, plan))
		failed = store_compact(store, plan, args->partial, provenance, err);
	if (failed && todo.missing > 0 && todo.missing < plan->R && !args->partial)
		err_add(err, "or: fathom compact --partial, for a file of those that are there");
	if (!failed) {
		todo_print_counts(&todo, plan->R - todo.missing);
		if (todo.missing > 0)
			say("%zu of %zu runs are missing\n", todo.missing, plan->R);
		say("%s/%s.h5\n", args->study.dir, name);
	}
	store_close(store);
	return failed;
}

int cmd_compact(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options, parse, STUDY_ARGS, "Merges what is committed, by any process or shard, into DIR/NAME.h5.",
		NULL,    NULL,  NULL};
	struct compact_args args = {0};
	struct subject subject;
	struct pool pool = POOL_INIT;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (subject_load(&subject, &args.study, err) != 0)
		return -1;
	struct provenance provenance;
	int code = provenance_now(&provenance, &pool, sched_threads(), argc, argv, err);
	if (code == 0)
		code = compact(&args, &subject, &provenance, err);
	pool_release(&pool);
	subject_release(&subject);
	return code;
}
