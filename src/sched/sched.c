/* sched.c: the grid of runs over the threads.
 *
 * Workers take the next run of a list that is sorted longest first (Graham 1969: the makespan is then at most 4/3 of the best,
 * and for many runs close to it). A trace depends on its settings alone, so neither order nor threads show in the results.
 *
 * Small networks are trained side by side (train/train.h): a worker that meets one takes more of its kind along.
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

#include "base/clock.h"
#include "net/loss.h"
#include "sched/queue.h"

enum { TICK_MS = 100 };

struct work {
	const struct plan *plan;
	struct shelf shelf;
	struct sink sink;
	const volatile sig_atomic_t *stop;

	/* lock: of everything below, and held while the sink takes a trace, not while it ticks */
	pthread_mutex_t lock;
	pthread_cond_t wake; /* the ticking thread: to tick at once, or to end */
	struct queue queue;
	bool finished, due;         /* for it */
	volatile sig_atomic_t halt; /* written under lock, read by train_run without */
	struct sched_progress progress;
	double start; /* of clock_now */
	int failed;
	struct err *err;
};

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
	work->progress.seconds = clock_now() - work->start;
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

/* The data of a job, while it is trained. */
static const struct dataset *borrow(struct work *work, const struct job *job)
{
	struct err err = {0};
	const struct dataset *data = shelf_borrow(&work->shelf, job->data, &err);
	if (!data) {
		pthread_mutex_lock(&work->lock);
		fail(work, &err);
		pthread_mutex_unlock(&work->lock);
	}
	return data;
}

/* A run is over; without a trace: it failed, see why. */
static void hand_in(struct work *work, const struct job *job, const struct settings *settings,
		    const struct dataset *data, struct trace *trace, const struct err *why)
{
	struct err err = {0};
	if (!trace)
		trace = failed_trace(settings, data,
				     loss_outputs(losses[settings->loss].kind, data->classes, data->targets), why->text,
				     &err);
	shelf_hand_back(&work->shelf, job->data);
	pthread_mutex_lock(&work->lock);
	if (trace)
		deliver(work, job, trace);
	else
		fail(work, &err);
	pthread_mutex_unlock(&work->lock);
}

static void train_alone(struct work *work, const struct job *job, struct arena *arena)
{
	struct settings settings;
	struct trace *trace = NULL;
	struct err err = {0};
	plan_settings(work->plan, job->run, &settings);
	const struct dataset *data = borrow(work, job);
	if (!data)
		return;
	if (train_run(&settings, data, arena, &work->halt, &trace, &err) == 1)
		shelf_hand_back(&work->shelf, job->data);
	else
		hand_in(work, job, &settings, data, trace, &err);
}

/* ---- runs side by side ---- */

struct crew {
	struct work *work;
	const struct job *first; /* taken already */
	int kind;
	struct {
		const struct job *job; /* NULL: nobody sits here */
		struct settings settings;
		const struct dataset *data;
	} seat[TRAIN_SEATS];
};

static bool next_of_crew(void *self, int s, const struct settings **settings, const struct dataset **data)
{
	struct crew *crew = self;
	struct work *work = crew->work;
	const struct job *job = crew->first;
	if (!job) {
		pthread_mutex_lock(&work->lock);
		job = work->halt || *work->stop ? NULL : queue_take_alike(&work->queue, crew->kind);
		pthread_mutex_unlock(&work->lock);
	}
	crew->first = NULL;
	if (!job)
		return false;
	const struct dataset *borrowed = borrow(work, job);
	if (!borrowed)
		return false;
	crew->seat[s].job = job;
	plan_settings(work->plan, job->run, &crew->seat[s].settings);
	*settings = &crew->seat[s].settings;
	*data = crew->seat[s].data = borrowed;
	return true;
}

static void done_by_crew(void *self, int s, struct trace *trace, const struct err *why)
{
	struct crew *crew = self;
	const struct job *job = crew->seat[s].job;
	crew->seat[s].job = NULL;
	hand_in(crew->work, job, &crew->seat[s].settings, crew->seat[s].data, trace, why);
}

static void train_crew(struct work *work, const struct job *first, int seats, struct arena *arena)
{
	struct crew *crew = calloc(1, sizeof *crew);
	if (!crew) {
		train_alone(work, first, arena);
		return;
	}
	const enum precision precision = work->queue.kind[first->kind].settings.precision;
	crew->work = work;
	crew->first = first;
	crew->kind = first->kind;
	const struct train_feed feed = {next_of_crew, done_by_crew, crew};
	if (train_group(precision, &feed, seats, arena, &work->halt) < 0)
		train_alone(work, first, arena);
	for (int s = 0; s < TRAIN_SEATS; s++)
		if (crew->seat[s].job)
			shelf_hand_back(&work->shelf, crew->seat[s].job->data);
	free(crew);
}

/* How many seats a group of this kind should have, with lock held: what is left is shared by all threads; 1 if too few are left
 * for the lanes to gain. */
static int seats_for(const struct work *work, const struct job *first)
{
	if (first->kind < 0)
		return 1;
	const struct kind *kind = &work->queue.kind[first->kind];
	const int lanes = train_seats(&kind->settings), threads = work->progress.threads;
	const size_t each = (kind->left + (size_t)threads) / (size_t)threads; /* of left + 1, rounded up */
	const int seats = each < (size_t)lanes ? (int)each : lanes;
	return seats > lanes / TRAIN_FEW ? seats : 1;
}

static void worker(struct work *work)
{
	struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
	pthread_mutex_lock(&work->lock);
	while (!work->halt && !*work->stop) {
		const struct job *job = queue_take(&work->queue);
		if (!job)
			break;
		const int seats = seats_for(work, job);
		pthread_mutex_unlock(&work->lock);
		if (seats > 1)
			train_crew(work, job, seats, arena);
		else
			train_alone(work, job, arena);
		pthread_mutex_lock(&work->lock);
	}
	pthread_mutex_unlock(&work->lock);
	for (int i = 0; i <= TRAIN_SEATS; i++)
		arena_release(&arena[i]);
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
	struct work work = {.plan = plan, .sink = sink, .stop = stop, .err = err};
	pthread_condattr_t monotonic;
	int result = -1;
	work.progress = (struct sched_progress){.runs = n, .threads = threads};
	work.start = clock_now();
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&work.lock, NULL);
	pthread_cond_init(&work.wake, &monotonic);
	shelf_init(&work.shelf);

	if (queue_make(&work.queue, plan, n, todo, &work.shelf, err) == 0) {
		for (size_t i = 0; i < n; i++)
			work.progress.cost += work.queue.job[i].cost;
		result = train_all(&work, threads, err);
		queue_release(&work.queue);
	}

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
	int result = 0;
	shelf_init(&shelf);
	for (int k = 0; count && k < COST_KINDS; k++)
		count[k] = 0;
	for (size_t i = 0; result == 0 && i < n; i++) {
		struct settings settings;
		size_t place;
		double each[COST_KINDS];
		plan_settings(plan, todo[i], &settings);
		result = shelf_enlist(&shelf, &settings, &place, err);
		if (result != 0)
			break;
		shelf_count(&shelf, place, &settings, each);
		seconds[i] = cost_seconds(each);
		for (int k = 0; count && k < COST_KINDS; k++)
			count[k] += each[k];
	}
	shelf_release(&shelf);
	return result;
}
