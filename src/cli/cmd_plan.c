/* cmd_plan.c: fathom plan: what `run` would do, without doing it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/todo.h"
#include "sched/sched.h"

struct plan_args {
	struct study_args study;
	int threads;
	bool list, cost, seconds;
};

enum { VALUES_SHOWN = 8 };

static void add_values(struct text *line, const struct key *key, const struct value *value, int n)
{
	for (int i = 0; i < n; i++) {
		if (n > VALUES_SHOWN && i == VALUES_SHOWN - 2) {
			text_add(line, ", ...");
			i = n - 1;
		}
		text_add(line, i ? ", " : "");
		value_print(key, value[i], line);
	}
}

static void add_axis(struct cells *cells, const struct axis *axis)
{
	for (int k = 0; k < axis->keys; k++) {
		struct text values = TEXT_INIT;
		add_values(&values, axis->key[k], axis->value + (ptrdiff_t)k * axis->n, axis->n);
		cells_add(cells, k ? "  with %s" : "%s", axis->key[k]->name);
		if (k)
			cells_add(cells, "%s", "");
		else
			cells_add(cells, "%d", axis->n);
		cells_add(cells, "%s", values.at ? values.at : "");
		cells_end_row(cells);
		text_release(&values);
	}
}

static void print_axes(const struct study *study)
{
	struct cells cells = CELLS_INIT;
	cells_add(&cells, "axis");
	cells_add(&cells, "values");
	cells_add(&cells, "%s", "");
	cells_end_row(&cells);
	for (int g = 0; g < study->grids; g++) {
		const struct grid *grid = &study->grid[g];
		if (g > 0) {
			cells_add(&cells, "also, grid %d", g + 1);
			cells_end_row(&cells);
		}
		for (int a = 0; a < grid->axes; a++)
			add_axis(&cells, &grid->axis[a]);
		if (grid->axes == 0) {
			cells_add(&cells, "(a single run)");
			cells_end_row(&cells);
		}
	}
	cells_print(&cells, "lrl");
}

struct work {
	double sum, longest; /* seconds of one thread of this machine */
	double pace;         /* of this machine: sched.h */
	double count[COST_KINDS];
};

static int estimate(const struct plan *plan, const struct todo *todo, struct work *work, struct err *err)
{
	double *cost = malloc(sizeof *cost * (todo->n ? todo->n : 1));
	if (!cost)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", todo->n);
	*work = (struct work){.pace = 1};
	int failed = todo->n > 0 ? sched_pace(&work->pace, err) : 0;
	if (!failed)
		failed = sched_cost(plan, todo->n, todo->run, cost, work->count, err);
	for (size_t i = 0; i < todo->n && !failed; i++) {
		work->sum += work->pace * cost[i];
		work->longest = fmax(work->longest, work->pace * cost[i]);
	}
	free(cost);
	return failed;
}

/* What the time goes to. */
static void print_cost(const struct work *work)
{
	struct cells cells = CELLS_INIT;
	static const char *const head[] = {"work", "seconds", "share", "times", "ns each", "what"};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		cells_add(&cells, "%s", head[i]);
	cells_end_row(&cells);
	for (int k = 0; k < COST_KINDS; k++) {
		const double ns = work->pace * costs[k].ns, seconds = 1e-9 * ns * work->count[k];
		cells_add(&cells, "%s", costs[k].name);
		cells_add(&cells, "%.3g", seconds);
		cells_add(&cells, "%.1f %%", work->sum > 0 ? 100 * seconds / work->sum : 0);
		cells_add(&cells, "%.6g", work->count[k]);
		cells_add(&cells, "%.3g", ns);
		cells_add(&cells, "%s", costs[k].about);
		cells_end_row(&cells);
	}
	say("\n");
	cells_print(&cells, "lrrrrl");
}

static void add_state(struct cells *cells, const char *state, size_t n, const char *why)
{
	if (n == 0)
		return;
	cells_add(cells, "%s", state);
	cells_add(cells, "%zu", n);
	cells_add(cells, "%s", why);
	cells_end_row(cells);
}

static void print_states(const struct todo *todo, size_t runs, size_t kept)
{
	struct cells cells = CELLS_INIT;
	cells_add(&cells, "runs");
	cells_add(&cells, "%zu", runs);
	cells_add(&cells, "why");
	cells_end_row(&cells);
	add_state(&cells, "new", todo->missing, "no committed run has these settings, seed, data and numerics");
	for (size_t s = 0; s < STATUS_N; s++) {
		char why[128];
		const char *name = table_name(&status_table, s);
		if (s == STATUS_FAILED)
			continue;
		snprintf(why, sizeof why, "committed: %s", name);
		add_state(&cells, "done", todo->by_status[s], why);
	}
	add_state(&cells, "failed", todo->by_status[STATUS_FAILED],
		  "committed as failed: 'run --retry-failed' trains them again");
	add_state(&cells, "kept", kept, "committed, but not of this plan: found again when the study names them again");
	cells_print(&cells, "lrl");
}

static void print_list(const struct plan *plan, const struct store *store)
{
	struct cells cells = CELLS_INIT;
	bool *varies = calloc(key_table.n, sizeof *varies);
	char *alignment = calloc(key_table.n + 4, 1);
	if (!varies || !alignment)
		NO_MEMORY("out of memory");
	memset(alignment, 'r', key_table.n + 3);
	alignment[1] = alignment[2] = 'l';
	cells_add(&cells, "run");
	cells_add(&cells, "hash");
	cells_add(&cells, "state");
	for (size_t k = 0; k < key_table.n; k++) {
		varies[k] = plan_varies(plan, &keys[k]);
		if (varies[k])
			cells_add(&cells, "%s", keys[k].name);
	}
	cells_end_row(&cells);
	for (size_t r = 0; r < plan->R; r++) {
		struct settings settings;
		plan_settings(plan, r, &settings);
		const int status = store_find(store, plan->run[r].hash);
		cells_add(&cells, "%zu", r);
		cells_add(&cells, "%016llx", (unsigned long long)plan->run[r].hash);
		cells_add(&cells, "%s", status < 0 ? "new" : table_name(&status_table, (size_t)status));
		for (size_t k = 0; k < key_table.n; k++) {
			struct text word = TEXT_INIT;
			if (!varies[k])
				continue;
			value_word(&keys[k], key_get(&keys[k], &settings), &word);
			cells_add(&cells, "%s", word.at ? word.at : "");
			text_release(&word);
		}
		cells_end_row(&cells);
	}
	say("\n");
	cells_print(&cells, alignment);
	free(varies);
	free(alignment);
}

/* How many runs a search may come to, and how many it spares. */
static void print_search(const struct subject *subject)
{
	const struct search *search = &subject->study.search;
	const struct search_state *state = &subject->search;
	if (!study_searches(&subject->study))
		return;
	if (search->kind == SEARCH_FRONTIER)
		say("search: the largest stable %s of %zu combinations", search->key[0]->name, state->combinations);
	else
		say("search: the boundary over %s and %s of %zu combinations", search->key[0]->name,
		    search->key[1]->name, state->combinations);
	say(", %zu of them settled\n", state->settled);
	if (state->settled < state->combinations)
		say("at least %zu and at most %zu runs, about %zu; the whole grid has %zu\n", state->least, state->most,
		    state->likely, subject->whole.R);
	else
		say("%zu runs; the whole grid has %zu\n", subject->plan.R, subject->whole.R);
	say("\n");
}

/* What is left to a search: the runs that it asks for now and those that it is likely to ask for then, at the mean cost of
 * the whole grid. */
static int estimate_search(const struct subject *subject, const struct todo *todo, struct work *work, struct err *err)
{
	struct todo all = {.n = subject->whole.R};
	const size_t done = subject->plan.R - todo->missing, likely = subject->search.likely;
	struct work grid;
	if (subject->search.settled == subject->search.combinations)
		return 0;
	all.run = malloc(sizeof *all.run * (all.n + 1));
	if (!all.run)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", all.n);
	for (size_t r = 0; r < all.n; r++)
		all.run[r] = r;
	const int failed = estimate(&subject->whole, &all, &grid, err);
	free(all.run);
	if (!failed && likely > done)
		work->sum = fmax(work->sum, grid.sum / (double)subject->whole.R * (double)(likely - done));
	return failed;
}

static int print_plan(const struct plan_args *args, const struct subject *subject, const struct store *store,
		      struct err *err)
{
	struct todo todo = {0};
	const struct plan *plan = &subject->plan;
	const struct study *study = plan->study;
	if (todo_build(&todo, store, plan, err) != 0)
		return -1;
	const size_t done = plan->R - todo.missing;
	struct work work;
	char one[32], all[32];
	if (estimate(plan, &todo, &work, err) != 0 ||
	    (study_searches(study) && estimate_search(subject, &todo, &work, err) != 0)) {
		todo_release(&todo);
		return -1;
	}
	if (args->seconds) {
		say("%.3g\n", work.sum);
		todo_release(&todo);
		return 0;
	}
	say("%s%s%s\n", study->name, study->title[0] ? ": " : "", study->title);
	if (study->question[0])
		say("%s\n", study->question);
	say("\n");
	print_axes(study);
	say("\n");
	print_search(subject);
	print_states(&todo, plan->R, store_committed(store) > done ? store_committed(store) - done : 0);
	say("\n");
	say("estimated time: %s on one thread, %s on %d\n", format_duration(one, work.sum),
	    format_duration(all, fmax(work.sum / args->threads, work.longest)), args->threads);
	if (args->cost)
		print_cost(&work);
	if (args->list)
		print_list(plan, store);
	todo_release(&todo);
	return 0;
}

enum { OPTION_SECONDS = 0x100 };

static const struct argp_option options[] = {
	OPTION_DIR,
	{"threads", 'j', "N", 0, "Threads that the time is estimated for", 0},
	{"list", 'l', NULL, 0, "Every run: its identity, its state and the settings that vary", 0},
	{"cost", 'c', NULL, 0, "What the time of the runs to train goes to", 0},
	{"seconds", OPTION_SECONDS, NULL, 0, "Only the estimated seconds of one thread, for scripts", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plan_args *args = state->input;
	switch (key) {
	case 'j':
		args->threads = (int)option_number(state, "--threads", arg, 1, 4096);
		return 0;
	case 'l':
		args->list = true;
		return 0;
	case 'c':
		args->cost = true;
		return 0;
	case OPTION_SECONDS:
		args->seconds = true;
		return 0;
	}
	return study_args_parse(key, arg, state, &args->study);
}

int cmd_plan(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 STUDY_ARGS,
					 "Says which runs a study has, how long they take, and which are new, done or "
					 "failed. Trains and writes nothing.",
					 NULL,
					 NULL,
					 NULL};
	struct plan_args args = {.threads = sched_threads()};
	struct subject subject;
	struct store *store;
	struct text notes = TEXT_INIT;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (subject_load(&subject, &args.study, err) != 0)
		return -1;
	int code = subject_check(&subject, &args.study, err);
	if (code == 0)
		code = store_open(&store, args.study.dir, subject.study.name, false, &notes, err);
	if (code == 0) {
		if (notes.at)
			complain("%s", notes.at);
		code = subject_search(&subject, store, err);
		if (code == 0)
			code = print_plan(&args, &subject, store, err);
		store_close(store);
	}
	text_release(&notes);
	subject_release(&subject);
	return code;
}
