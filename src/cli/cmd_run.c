/* cmd_run.c: fathom run: trains what a study lacks and commits it as it comes.
 *
 * Finished traces wait in an outbox for a moment, then become one durable segment. A signal, an error and the end all come by
 * the same place, which commits what waits. When every run of the study is committed, by whomever, the segments become
 * NAME.h5.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/outbox.h"
#include "cli/print.h"
#include "cli/provenance.h"
#include "cli/todo.h"
#include "sched/sched.h"

/* The signal that asked for an end, and whether runs are being trained. The two things of the program that a handler must
 * reach; atomic, because other threads read and write them. */
static atomic_int asked_to_stop, training;

/* While nothing is trained all that is finished is committed, and the disk is fit for an end at any moment. */
static void on_signal(int signal)
{
	static const char said[] = "fathom run: interrupted; what was committed is safe; the same command continues\n";
	if (!training && write(STDERR_FILENO, said, sizeof said - 1) < 0)
		_exit(EXIT_SIGNAL + signal);
	if (!training || asked_to_stop)
		_exit(EXIT_SIGNAL + signal);
	asked_to_stop = signal;
}

static void catch_signals(void)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
		struct sigaction before;
		/* nohup and background jobs of a plain shell ignore a signal on purpose */
		if (sigaction(caught[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
}

struct run_args {
	struct study_args study;
	int threads;
	int shard, shards;
	double commit_seconds;
	bool fresh, retry_failed, quiet;
};

/* What this call has done so far: of a search in several rounds. */
struct tally {
	size_t asked, committed, failed;
	char failure[sizeof((struct outbox *)0)->failure]; /* of the first that failed */
};

static void tally_add(struct tally *tally, const struct todo *todo, const struct outbox *box)
{
	if (tally->failed == 0)
		memcpy(tally->failure, box->failure, sizeof tally->failure);
	tally->asked += todo->n;
	tally->committed += box->committed;
	tally->failed += box->failed;
}

/* ---- the steps of a run ---- */

static int tell_committed(const struct outbox *box, struct err *err)
{
	if (box->committed > 0)
		err_add(err, "%zu of %zu runs were committed and are safe; the same command trains the rest",
			box->committed, box->todo);
	return -1;
}

static int interrupted(const char *study, size_t committed, size_t asked)
{
	complain("%s: interrupted; %zu of %zu runs were trained and committed; the same command continues\n", study,
		 committed, asked);
	return EXIT_SIGNAL + (int)asked_to_stop;
}

/* Threads are at work still: no end but this one is safe. */
static void leave(const struct outbox *box, struct err *fault)
{
	if (fault)
		tell_committed(box, fault);
	const int code = fault ? complain_fault("fathom run", fault)
			       : interrupted(box->plan->study->name, box->committed, box->todo);
	fflush(stdout);
	_exit(code);
}

/* Trains and commits; on return nothing waits any more. */
static int train_and_commit(struct outbox *box, const struct todo *todo, int threads, struct err *err)
{
	struct err late = {0};
	int failed = sched_run(box->plan, todo->n, todo->run, threads, outbox_sink(box), &asked_to_stop, err);
	if (outbox_close(box, &late) != 0 && !failed) {
		*err = late;
		failed = -1;
	}
	return failed ? tell_committed(box, err) : 0;
}

/* What was there before --fresh is moved, not removed: DIR/NAME.before/TIME/. */
static int set_aside(const char *dir, const char *name, struct err *err)
{
	struct pool pool = POOL_INIT;
	const time_t now = time(NULL);
	char when[32];
	struct tm utc;
	static const char *const ending[] = {".h5", ".parts"};
	int failed = 0;
	strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
	const char *folder = pool_format(&pool, "%s/%s.before/%s-%ld", dir, name, when, (long)getpid());
	for (size_t i = 0; i < 2 && !failed; i++) {
		const char *from = pool_format(&pool, "%s/%s%s", dir, name, ending[i]);
		const char *to = pool_format(&pool, "%s/%s%s", folder, name, ending[i]);
		if (!file_exists(from))
			continue;
		failed = folder_make(folder, err);
		if (!failed && rename(from, to) != 0)
			failed = err_errno(err, "cannot move '%s' to '%s'", from, to);
		if (!failed)
			say("moved %s to %s\n", from, to);
	}
	pool_release(&pool);
	return failed;
}

static int open_store(struct store **store, const struct run_args *args, const char *name, struct err *err)
{
	struct text notes = TEXT_INIT;
	const int failed = store_open(store, args->study.dir, name, true, &notes, err);
	if (notes.at)
		complain("%s%s", notes.at, notes.at[notes.length - 1] == '\n' ? "" : "\n");
	text_release(&notes);
	return failed;
}

/* Runs that failed are results too, committed and in the file; but who asked for n runs has to learn of it, in a script by
 * the exit code: as long as failed ones are in the finished study, or among those of this call. */
static int tell_failures(const struct plan *plan, const struct tally *tally, size_t failed)
{
	if (failed == 0)
		return EXIT_FINE;
	complain("fathom run: %zu run%s of '%s' failed%s%s%s\n", failed, failed == 1 ? "" : "s", plan->study->name,
		 !tally->failed ? ""
		 : failed == 1  ? ": "
				: ", the first of this call: ",
		 tally->failure, tally->failed ? "" : " when trained before");
	complain("--retry-failed trains failed runs again\n");
	return ERR_SYSTEM;
}

/* What a search needed of its grid. */
static void tell_search(const struct subject *subject)
{
	const struct search_state *search = &subject->search;
	if (!study_searches(&subject->study))
		return;
	say("%zu of the %zu runs of the whole grid (%.3g %%)\n", subject->plan.R, subject->whole.R,
	    100.0 * (double)subject->plan.R / (double)subject->whole.R);
	if (search->settled < search->combinations)
		say("%zu of %zu combinations stay open: a run that failed is no answer\n",
		    search->combinations - search->settled, search->combinations);
}

/* Opens the store anew, since others may have added to it; compacts when all is there. */
static int finish(const struct run_args *args, struct subject *subject, const struct provenance *provenance,
		  const struct tally *tally, struct err *err)
{
	struct store *store;
	struct todo todo = {0};
	const struct plan *plan = &subject->plan;
	const char *name = subject->study.name;
	if (open_store(&store, args, name, err) != 0)
		return -1;
	if (subject_search(subject, store, err) != 0) {
		store_close(store);
		return -1;
	}
	todo_count(&todo, store, plan);
	int failed = 0;
	if (todo.missing > 0 && args->shards > 1)
		say("%s: %zu of %zu runs are committed, the others belong to other shards\n", name,
		    plan->R - todo.missing, plan->R);
	else if (todo.missing > 0)
		failed = err_set(err, ERR_SYSTEM, "%zu runs of '%s' were trained but cannot be found in '%s'",
				 todo.missing, name, args->study.dir);
	else if (tally->asked == 0)
		say("%s: nothing to train, all %zu runs are there\n", name, plan->R);
	if (todo.missing == 0 && !store_is_current(store, plan))
		failed = store_compact(store, plan, false, provenance, err);
	if (!failed && todo.missing == 0) {
		todo_print_counts(&todo, plan->R);
		tell_search(subject);
		if (store_committed(store) > plan->R)
			say("%zu runs that this study does not name are kept in %s/%s.parts\n",
			    store_committed(store) - plan->R, args->study.dir, name);
		say("%s/%s.h5\n", args->study.dir, name);
	}
	store_close(store);
	return failed ? failed
		      : tell_failures(plan, tally, todo.missing > 0 ? tally->failed : todo.by_status[STATUS_FAILED]);
}

static void tell_round(const struct subject *subject, const struct todo *todo, int round)
{
	const char *name = subject->study.name;
	if (study_searches(&subject->study))
		say("%s: round %d of the search: %zu runs to train; %zu of %zu combinations are settled\n", name, round,
		    todo->n, subject->search.settled, subject->search.combinations);
	else
		say("%s: %zu of %zu runs to train\n", name, todo->n, subject->plan.R);
	fflush(stdout);
}

/* Trains what the plan lacks. *n: how many runs that were; 0: the plan asks for no more. */
static int run_round(const struct run_args *args, struct subject *subject, const struct provenance *provenance,
		     int round, struct tally *tally, size_t *n, struct err *err)
{
	struct outbox box = {
		.plan = &subject->plan,
		.provenance = provenance,
		.seconds = args->commit_seconds,
		.quiet = args->quiet,
		.stop = &asked_to_stop,
		.at_work = &training,
		.leave = leave,
	};
	struct todo todo = {
		.retry_failed = args->retry_failed && round == 1, .shard = args->shard, .shards = args->shards};
	if (open_store(&box.store, args, subject->study.name, err) != 0)
		return -1;
	int failed = subject_search(subject, box.store, err);
	if (!failed)
		failed = todo_build(&todo, box.store, &subject->plan, err);
	*n = failed ? 0 : todo.n;
	if (*n > 0 && !args->quiet)
		tell_round(subject, &todo, round);
	box.todo = todo.n;
	if (*n > 0)
		failed = train_and_commit(&box, &todo, args->threads, err);
	store_close(box.store);
	tally_add(tally, &todo, &box);
	todo_release(&todo);
	return failed;
}

/* One round, of a search as many as bring something new. */
static int run_study(const struct run_args *args, struct subject *subject, const struct provenance *provenance,
		     struct err *err)
{
	struct tally tally = {0};
	size_t n = 1;
	int failed = 0;
	const bool searches = study_searches(&subject->study);
	for (int round = 1; n > 0 && !failed && !asked_to_stop && (round == 1 || searches); round++)
		failed = run_round(args, subject, provenance, round, &tally, &n, err);
	if (failed)
		return failed;
	if (asked_to_stop)
		return interrupted(subject->study.name, tally.committed, tally.asked);
	return finish(args, subject, provenance, &tally, err);
}

/* ---- the command line ---- */

enum { OPTION_SHARD = 0x100, OPTION_FRESH, OPTION_RETRY, OPTION_COMMIT };

static const struct argp_option options[] = {
	OPTION_DIR,
	{"threads", 'j', "N", 0, "Runs trained at a time (default: the processors this process may use)", 0},
	{"shard", OPTION_SHARD, "I/N", 0,
	 "Train the I-th of N parts of equal cost (I from 1 to N), here or on another machine with the same DIR", 0},
	{"fresh", OPTION_FRESH, NULL, 0, "Train all runs again; what is there is moved to DIR/NAME.before/TIME", 0},
	{"retry-failed", OPTION_RETRY, NULL, 0, "Train again the runs that failed for want of memory", 0},
	{"commit-every", OPTION_COMMIT, "SECONDS", 0, "Seconds that a finished run waits for its commit (default 2)",
	 0},
	{"quiet", 'q', NULL, 0, "No progress", 0},
	{0},
};

static void parse_shard(const struct argp_state *state, const char *arg, struct run_args *args)
{
	char first[16];
	int64_t I = 0, N = 0;
	const char *slash = strchr(arg, '/');
	snprintf(first, sizeof first, "%.*s", slash ? (int)(slash - arg) : 0, arg);
	if (!slash || !parse_int64(first, &I) || !parse_int64(slash + 1, &N) || I < 1 || I > N || N > 1000000)
		usage_fault(state, "--shard '%s' is not I/N with whole numbers, I from 1 to N, as 1/4", arg);
	args->shards = (int)N;
	args->shard = (int)I;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_args *args = state->input;
	switch (key) {
	case 'j':
		args->threads = (int)option_number(state, "--threads", arg, 1, 4096);
		return 0;
	case 'q':
		args->quiet = true;
		return 0;
	case OPTION_SHARD:
		parse_shard(state, arg, args);
		return 0;
	case OPTION_COMMIT:
		args->commit_seconds = option_real(state, "--commit-every", arg, 0, 60);
		return 0;
	case OPTION_FRESH:
		args->fresh = true;
		return 0;
	case OPTION_RETRY:
		args->retry_failed = true;
		return 0;
	case ARGP_KEY_END:
		if (args->fresh && args->shards > 1)
			usage_fault(
				state,
				"--fresh with --shard would move away what the other shards train: move the results "
				"yourself, then start the shards");
		break;
	}
	return study_args_parse(key, arg, state, &args->study);
}

int cmd_run(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		STUDY_ARGS,
		"Trains the runs of a study that are not committed yet and writes DIR/NAME.h5 "
		"when all are there. KEY=VALUE "
		"overrides a key of the study: depth=2,4 lr=log:1e-3:1:5 seed=range:5. The "
		"results are the same whatever the "
		"threads, the order, the shards and the interruptions. A run that diverged is a "
		"result; one that failed, for want of memory, is not: the exit code is 3 as long as "
		"this call or the finished study has one, and the file is written all the same.",
		NULL,
		NULL,
		NULL};
	struct run_args args = {.threads = sched_threads(), .shard = 1, .shards = 1, .commit_seconds = 2};
	struct subject subject;
	struct pool pool = POOL_INIT;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (subject_load(&subject, &args.study, err) != 0)
		return -1;
	struct provenance provenance;
	catch_signals();
	int code = provenance_now(&provenance, &pool, args.threads, argc, argv, err);
	if (code == 0)
		code = subject_check(&subject, &args.study, err);
	if (code == 0 && args.fresh)
		code = set_aside(args.study.dir, subject.study.name, err);
	if (code == 0)
		code = run_study(&args, &subject, &provenance, err);
	pool_release(&pool);
	subject_release(&subject);
	return code;
}
