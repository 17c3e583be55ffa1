/* sched.c: the grid of runs over the threads.
 *
 * Workers take the next run of a list that is sorted longest first (Graham 1969: the makespan is then at most 4/3 of the best,
 * and for many runs close to it). A trace depends on its settings alone, so neither order nor threads show in the results.
 *
 * A thread beside the workers only sleeps and ticks: progress and commits go on while all workers are in long runs. It also
 * passes on the wish to stop: workers watch `halt`, which stop, a failure of the sink and missing data all end in.
 */
#include "sched/sched.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/loss.h"
#include "sched/shelf.h"

enum { TICK_MS = 100 };

struct job {
	size_t run;
	double cost;
	size_t data; /* place on the shelf */
};

struct work {
	const struct plan *plan;
	size_t n;
	struct job *job;
	struct shelf shelf;
	struct sink sink;
	const volatile sig_atomic_t *stop;

	/* lock: of everything below, and held while the sink takes a trace, not while it ticks */
	pthread_mutex_t lock;
	pthread_cond_t wake; /* the ticking thread: to tick at once, or to end */
	size_t next;
	bool finished, due; /* for it */
	volatile sig_atomic_t halt; /* written under lock, read by train_run without */
	struct sched_progress progress;
	struct timespec start;
	int failed;
	struct err *err;
};

static double seconds_since(const struct timespec *start)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* Longest first; equals grouped by their data, then in the order of the plan. */
static int compare_jobs(const void *left, const void *right)
{
	const struct job *a = left, *b = right;
	if (a->cost != b->cost)
		return a->cost > b->cost ? -1 : 1;
	if (a->data != b->data)
		return a->data < b->data ? -1 : 1;
	return (a->run > b->run) - (a->run < b->run);
}

/* sum: of the counts of all runs; may be NULL. */
static int enlist(const struct plan *plan, size_t n, const size_t *todo, struct shelf *shelf, struct job *job,
		  double *sum, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct settings settings;
		plan_settings(plan, todo[i], &settings);
		job[i].run = todo[i];
		if (shelf_enlist(shelf, &settings, &job[i].data, err) != 0)
			return -1;
		double count[COST_KINDS];
		shelf_count(shelf, job[i].data, &settings, count);
		job[i].cost = cost_seconds(count);
		for (int k = 0; sum && k < COST_KINDS; k++)
			sum[k] += count[k];
	}
	return 0;
}

/* ---- with work->lock held ---- */

/* The first fault counts. */
static void fail(struct work *work, const struct err *err)
{
	if (!work->failed)
		*work->err = *err;
	work->failed = -1;
	work->halt = 1;
}

/* The sink ticks with the lock open: it may take as long as it likes, workers go on. */
static void tick(struct work *work)
{
	struct err err = {0};
	work->progress.seconds = seconds_since(&work->start);
	if (*work->stop)
		work->halt = 1;
	if (work->failed)
		return;
	const struct sched_progress now = work->progress;
	pthread_mutex_unlock(&work->lock);
	const int failed = work->sink.tick(work->sink.self, &now, &err);
	pthread_mutex_lock(&work->lock);
	if (failed)
		fail(work, &err);
}

static void deliver(struct work *work, const struct job *job, struct trace *trace)
{
	struct err err = {0};
	const enum status status = trace->status;
	if (work->failed) {
		trace_free(trace);
		return;
	}
	const int taken = work->sink.take(work->sink.self, job->run, trace, &err);
	if (taken < 0) {
		fail(work, &err);
		return;
	}
	if (taken > 0) {
		work->due = true;
		pthread_cond_signal(&work->wake);
	}
	work->progress.done++;
	work->progress.by_status[status]++;
	work->progress.cost_done += job->cost;
}

/* ---- workers ---- */

/* A run that could not be trained, as a trace that says why. NULL with err when even that has no memory. */
static struct trace *failed_trace(const struct settings *settings, const struct dataset *data, int outputs,
				  const char *why, struct err *err)
{
	const int L = settings_layers(settings);
	int S;
	int *shape = malloc(sizeof *shape * (size_t)(L + 1));
	int64_t *step = settings_logged(settings, data->train.n, &S);
	struct trace *trace = NULL;
	if (!shape || !step) {
		err_set(err, ERR_SYSTEM, "out of memory for the trace of a failed run");
	} else {
		settings_shape(settings, data->I, outputs, shape);
		trace = trace_new(S, step, L, shape, settings->bias, settings->precision == FLOAT64 ? 64 : 32,
				  settings->metrics, 0, err);
	}
	if (trace) {
		trace->status = STATUS_FAILED;
		snprintf(trace->failure, sizeof trace->failure, "%.*s", (int)sizeof trace->failure - 1, why);
	}
	free(shape);
	free(step);
	return trace;
}

/* Returns the trace, NULL when the run was given up or, with *failed, when the grid cannot go on. */
static struct trace *train(struct work *work, const struct job *job, struct arena *arena, bool *failed, struct err *err)
{
	struct settings settings;
	struct trace *trace = NULL;
	plan_settings(work->plan, job->run, &settings);
	const struct dataset *data = shelf_borrow(&work->shelf, job->data, err);
	if (!data) {
		*failed = true;
		return NULL;
	}
	if (train_run(&settings, data, arena, &work->halt, &trace, err) < 0) {
		const int outputs = loss_outputs(losses[settings.loss].kind, data->classes, data->targets);
		struct err why = *err;
		trace = failed_trace(&settings, data, outputs, why.text, err);
		*failed = !trace;
	}
	shelf_hand_back(&work->shelf, job->data);
	return trace;
}

static void worker(struct work *work)
{
	struct arena arena = ARENA_INIT;
	pthread_mutex_lock(&work->lock);
	while (!work->halt && !*work->stop && work->next < work->n) {
		const struct job *job = &work->job[work->next++];
		struct err err = {0};
		bool failed = false;
		pthread_mutex_unlock(&work->lock);
		struct trace *trace = train(work, job, &arena, &failed, &err);
		pthread_mutex_lock(&work->lock);
		if (failed)
			fail(work, &err);
		else if (trace)
			deliver(work, job, trace);
	}
	pthread_mutex_unlock(&work->lock);
	arena_release(&arena);
}

static void *ticker(void *argument)
{
	struct work *work = argument;
	pthread_mutex_lock(&work->lock);
	while (!work->finished) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TICK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		if (!work->due)
			pthread_cond_timedwait(&work->wake, &work->lock, &until);
		work->due = false;
		if (!work->finished)
			tick(work);
	}
	pthread_mutex_unlock(&work->lock);
	return NULL;
}

static int train_all(struct work *work, int threads, struct err *err)
{
	pthread_t ticking;
	const int refused = pthread_create(&ticking, NULL, ticker, work);
	if (refused)
		return err_set(err, ERR_SYSTEM, "cannot start a thread: %s", strerror(refused));
#pragma omp parallel num_threads(threads)
	worker(work);
	pthread_mutex_lock(&work->lock);
	work->finished = true;
	pthread_cond_signal(&work->wake);
	pthread_mutex_unlock(&work->lock);
	pthread_join(ticking, NULL);
	pthread_mutex_lock(&work->lock);
	tick(work);
	pthread_mutex_unlock(&work->lock);
	return work->failed;
}

int sched_run(const struct plan *plan, size_t n, const size_t *todo, int threads, struct sink sink,
	      const volatile sig_atomic_t *stop, struct err *err)
{
	struct work work = {.plan = plan, .n = n, .sink = sink, .stop = stop, .err = err};
	pthread_condattr_t monotonic;
	int result = -1;
	work.progress = (struct sched_progress){.runs = n, .threads = threads};
	clock_gettime(CLOCK_MONOTONIC, &work.start);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&work.lock, NULL);
	pthread_cond_init(&work.wake, &monotonic);
	shelf_init(&work.shelf);

	work.job = malloc(sizeof *work.job * (n ? n : 1));
	if (!work.job)
		err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", n);
	else if (enlist(plan, n, todo, &work.shelf, work.job, NULL, err) == 0) {
		qsort(work.job, n, sizeof *work.job, compare_jobs);
		for (size_t i = 0; i < n; i++)
			work.progress.cost += work.job[i].cost;
		result = train_all(&work, threads, err);
	}

	free(work.job);
	shelf_release(&work.shelf);
	pthread_cond_destroy(&work.wake);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_destroy(&work.lock);
	return result;
}

int sched_cost(const struct plan *plan, size_t n, const size_t *todo, double *seconds, double count[COST_KINDS],
	       struct err *err)
{
	struct shelf shelf;
	struct job *job = malloc(sizeof *job * (n ? n : 1));
	if (!job)
		return err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", n);
	shelf_init(&shelf);
	for (int k = 0; count && k < COST_KINDS; k++)
		count[k] = 0;
	const int result = enlist(plan, n, todo, &shelf, job, count, err);
	for (size_t i = 0; result == 0 && i < n; i++)
		seconds[i] = job[i].cost;
	shelf_release(&shelf);
	free(job);
	return result;
}
