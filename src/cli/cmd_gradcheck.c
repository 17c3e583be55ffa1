/* cmd_gradcheck.c: fathom gradcheck: every gradient against central differences: activations × losses × precisions × depths,
 * looped over from their tables, or the networks of a study. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "lecture/lecture.h"
#include "net/act.h"
#include "net/loss.h"
#include "train/train.h"

struct gradcheck_args {
	struct study_args study;
	double seconds; /* after which no further network of a study is begun */
	bool all;       /* print every row, not the worst of each activation, loss and precision */
	bool mutants;   /* check that the check finds slips */
};

struct checker {
	struct arena arena;
	size_t nets, numbers, failed;
	size_t left_out; /* kinds of runs of the study */
	struct cells cells;
};

static void add_head(struct checker *checker, bool study)
{
	static const char *const head[] = {"run",   "init",        "activation", "loss", "precision",
					   "depth", "worst error", "allowed",    ""};
	for (size_t i = study ? 0 : 2; i < sizeof head / sizeof *head; i++)
		cells_add(&checker->cells, "%s", head[i]);
	cells_end_row(&checker->cells);
}

static void add_row(struct checker *checker, const struct settings *settings, const char *depth,
		    const struct gradcheck *check)
{
	const bool good = check->worst <= gradcheck_tolerance[settings->precision];
	cells_add(&checker->cells, "%s", acts[settings->activation].name);
	cells_add(&checker->cells, "%s", losses[settings->loss].name);
	cells_add(&checker->cells, "%s", table_name(&precision_table, (size_t)settings->precision));
	cells_add(&checker->cells, "%s", depth);
	cells_add(&checker->cells, "%.1e", check->worst);
	cells_add(&checker->cells, "%.0e", gradcheck_tolerance[settings->precision]);
	if (good)
		cells_add(&checker->cells, "ok");
	else
		cells_add(&checker->cells, "WRONG at layer %d, number %zu", check->layer, check->index);
	cells_end_row(&checker->cells);
}

/* NaN is wrong too. */
static void count(struct checker *checker, const struct settings *settings, const struct gradcheck *check)
{
	checker->nets++;
	checker->numbers += check->checked;
	checker->failed += !(check->worst <= gradcheck_tolerance[settings->precision]);
}

/* ---- the tables ---- */

struct tables {
	struct checker *checker;
	bool all;
	struct gradcheck worst; /* over depths so far */
};

static void take(void *self, const struct settings *settings, const struct gradcheck *check, bool last)
{
	struct tables *tables = self;
	char depth[16];
	count(tables->checker, settings, check);
	if (!(check->worst <= tables->worst.worst))
		tables->worst = *check;
	snprintf(depth, sizeof depth, "%d", (int)settings->depth);
	if (tables->all)
		add_row(tables->checker, settings, depth, check);
	else if (last)
		add_row(tables->checker, settings, "0,1,3,8", &tables->worst);
	if (last)
		tables->worst.worst = -1;
}

static int check_tables(struct checker *checker, bool all, struct err *err)
{
	struct tables tables = {checker, all, {.worst = -1}};
	return train_gradcheck_all(1u << FLOAT32 | 1u << FLOAT64, &checker->arena,
				   (struct gradcheck_each){take, &tables}, err);
}

/* ---- a study ---- */

/* Few examples of the first batch are enough for a derivative; differences of a deep network are slow as they are. */
enum { RUNS_MAX = 64, EXAMPLES = 8 };

/* What decides which code computes a gradient. Where the weights start matters as well: at zero weights nothing is tested. */
static bool same_kind(const struct settings *a, const struct settings *b)
{
	return a->activation == b->activation && a->init.scheme == b->init.scheme && a->loss == b->loss &&
	       a->precision == b->precision && a->depth == b->depth;
}

/* The first run of each kind, as many as there is room for; the number of kinds left out. */
static size_t choose_runs(const struct plan *plan, size_t run[RUNS_MAX], struct settings settings[RUNS_MAX], size_t *n)
{
	size_t left_out = 0;
	for (size_t r = 0; r < plan->R; r++) {
		struct settings of;
		bool known = false;
		plan_settings(plan, r, &of);
		for (size_t i = 0; i < *n && !known; i++)
			known = same_kind(&settings[i], &of);
		if (known)
			continue;
		if (*n == RUNS_MAX) {
			left_out++;
			continue;
		}
		run[*n] = r;
		settings[(*n)++] = of;
	}
	return left_out;
}

/* Shallow ones first, as in the plan otherwise: a difference costs depth², and time may run out. */
static void sort_by_depth(size_t n, size_t *run, struct settings *settings)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && settings[k - 1].depth > settings[k].depth; k--) {
			const struct settings later = settings[k - 1];
			const size_t number = run[k - 1];
			settings[k - 1] = settings[k], run[k - 1] = run[k];
			settings[k] = later, run[k] = number;
		}
}

/* Runs of a study, with their own data and widths; the data are kept while the next run has the same. */
static int check_runs(struct checker *checker, size_t n, const size_t *run, const struct settings *settings,
		      double seconds, struct err *err)
{
	const double start = clock_now();
	struct dataset data;
	uint64_t loaded = 0, wanted;
	int failed = 0;
	bool any = false;
	for (size_t i = 0; i < n && !failed; i++) {
		struct gradcheck check;
		char depth[32];
		if (i > 0 && clock_now() - start > seconds) {
			checker->left_out += n - i;
			break;
		}
		failed = dataset_identity(&settings[i].data, &wanted, err);
		if (!failed && (!any || wanted != loaded)) {
			if (any)
				dataset_release(&data);
			failed = dataset_load(&settings[i].data, &data, err);
			any = !failed;
			loaded = wanted;
		}
		if (!failed) {
			struct settings of = settings[i];
			if (settings_batch(&of, (int64_t)data.train.n) > EXAMPLES)
				of.batch = EXAMPLES;
			failed = train_gradcheck(&of, &data, &checker->arena, &check, err);
		}
		if (!failed) {
			count(checker, &settings[i], &check);
			snprintf(depth, sizeof depth, "%lld", (long long)settings[i].depth);
			cells_add(&checker->cells, "%zu", run[i]);
			cells_add(&checker->cells, "%s", table_name(&init_table, (size_t)settings[i].init.scheme));
			add_row(checker, &settings[i], depth, &check);
		}
	}
	if (any)
		dataset_release(&data);
	return failed;
}

static int check_study(struct checker *checker, const struct study_args *args, double seconds, struct err *err)
{
	struct subject subject;
	size_t n = 0, *run = malloc(RUNS_MAX * sizeof *run);
	struct settings *settings = malloc(RUNS_MAX * sizeof *settings);
	int failed = run && settings ? subject_load(&subject, args, err) : err_set(err, ERR_SYSTEM, "out of memory");
	if (!failed) {
		checker->left_out = choose_runs(&subject.plan, run, settings, &n);
		sort_by_depth(n, run, settings);
		failed = check_runs(checker, n, run, settings, seconds, err);
		subject_release(&subject);
	}
	free(run);
	free(settings);
	return failed;
}

/* ---- programs with a slip ---- */

/* Claim 13 of the lecture, told at length: row 12 of its table. */
static int check_mutants(struct err *err)
{
	struct doc doc;
	struct text text = TEXT_INIT;
	struct demonstration made;
	doc_init(&doc, "Slips, and what finds them", "");
	const int failed = lecture_demonstrate(&lecture_claims[12], SLIP_NONE, &doc, &made, err);
	if (!failed) {
		doc.lead = made.pass ? "The gradient check passes the right program and finds every slip."
				     : "The gradient check FAILED: it misses a slip, or refuses the right program.";
		doc_write_text(&doc, &text);
		say("%s", text.at);
	}
	text_release(&text);
	doc_release(&doc);
	return failed ? -1 : made.pass ? EXIT_FINE : EXIT_CLAIM;
}

static const struct argp_option options[] = {
	{"seconds", 's', "SECONDS", 0, "Begin no further network of a STUDY after this time (default 60)", 0},
	{"mutants", 'm', NULL, 0,
	 "Check the check: programs with one slip each, whether their loss would have told, and whether their "
	 "gradients do",
	 0},
	{"all", 'a', NULL, 0, "A line for each depth, not the worst of them", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct gradcheck_args *args = state->input;
	if (key == 'a') {
		args->all = true;
		return 0;
	}
	if (key == 'm') {
		args->mutants = true;
		return 0;
	}
	if (key == 's') {
		args->seconds = option_real(state, "--seconds", arg, 0, 1e6);
		return 0;
	}
	if (key == ARGP_KEY_END) /* a study is optional here */
		return 0;
	return study_args_parse(key, arg, state, &args->study);
}

int cmd_gradcheck(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"[STUDY [KEY=VALUE...]]",
		"Compares the gradient of every weight and bias of small networks, over all "
		"activations, losses, precisions and several "
		"depths, with central differences in double precision; with a STUDY, those of "
		"the first run of each combination of activation, init, loss, precision and depth "
		"that occurs (64 at most), numbered as in the plan from 0, on up to 8 examples of its first batch. "
		"Exit code 1 when one is "
		"wrong.",
		NULL,
		NULL,
		NULL};
	struct gradcheck_args args = {.seconds = 60};
	struct checker checker = {.arena = ARENA_INIT};
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.mutants && args.study.path)
		return err_set(err, ERR_INPUT, "--mutants checks programs of its own: it takes no study");
	if (args.mutants)
		return check_mutants(err);
	add_head(&checker, args.study.path != NULL);
	const int failed = args.study.path ? check_study(&checker, &args.study, args.seconds, err)
					   : check_tables(&checker, args.all, err);
	arena_release(&checker.arena);
	if (failed) {
		text_release(&checker.cells.words);
		return -1;
	}
	cells_print(&checker.cells, args.study.path ? "rllllrrrl" : "lllrrrl");
	say("%zu network%s, %zu numbers checked, %zu network%s wrong\n", checker.nets, checker.nets == 1 ? "" : "s",
	    checker.numbers, checker.failed, checker.failed == 1 ? "" : "s");
	if (checker.left_out > 0)
		say("%zu more kinds of runs were not checked: narrow the study with KEY=VALUE, or give it more "
		    "--seconds\n",
		    checker.left_out);
	return checker.failed > 0 ? EXIT_CLAIM : EXIT_FINE;
}
