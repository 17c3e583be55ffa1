/* sched.c: the grid of runs over the threads.
 *
 * Workers take the next run of a list that is sorted longest first (Graham 1969: the makespan is then at most 4/3 of the best,
 * and for many runs close to it). A trace depends on its settings alone, so neither order nor threads show in the results.
 *
 * Small networks are trained side by side (train/train.h): a worker that meets one takes more of its kind along. When the queue is
 * empty, a worker joins the team of the run that has most left to do for each of its team; nobody who could train a run waits.
 *
 * A thread beside the workers only sleeps and ticks: progress and commits go on while all workers are in long runs. It also
 * passes on the wish to stop: workers watch `halt`, which stop, a failure of the sink and missing data all end in.
 */
#include "sched/sched.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "sched/work.h"

enum { TICK_MS = 100 };

/* ---- with work->lock held ---- */

void work_fail(struct work *work, const struct err *err)
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
	struct sched_progress now = work->progress;
	for (int w = 0; w < work->threads; w++)
		if (work->post[w].job)
			now.cost_done += (1 - atomic_load(&work->post[w].team.left)) * work->post[w].job->cost;
	pthread_mutex_unlock(&work->lock);
	const int failed = work->sink.tick(work->sink.self, &now, &err);
	pthread_mutex_lock(&work->lock);
	if (failed)
		work_fail(work, &err);
}

/* The run that has most left to do for each of its team, if another could be of use; *alone: whether there is any run alone. */
static struct post *neediest(struct work *work, bool *alone)
{
	struct post *best = NULL;
	double most = 0;
	*alone = false;
	for (int w = 0; w < work->threads; w++) {
		struct post *post = &work->post[w];
		const int hands = 1 + atomic_load(&post->team.members);
		const double left = post->job ? atomic_load(&post->team.left) * post->job->cost / hands : 0;
		*alone |= post->job != NULL;
		if (hands < post->hands && left > most) {
			best = post;
			most = left;
		}
	}
	return best;
}

/* The queue is empty: what is left is to help those that still train. */
static void help(struct work *work)
{
	bool alone = true;
	while (alone && !work->halt && !*work->stop) {
		struct post *post = neediest(work, &alone);
		if (post) {
			const int me = team_enlist(&post->team);
			pthread_mutex_unlock(&work->lock);
			team_serve(&post->team, me);
			pthread_mutex_lock(&work->lock);
		} else if (alone) {
			pthread_cond_wait(&work->help, &work->lock);
		}
	}
}

static void work_off(struct work *work, struct post *post, struct arena *arena)
{
	const struct job *job;
	while (!work->halt && !*work->stop && (job = queue_take(&work->queue))) {
		const int seats = job_seats(work, job);
		if (seats == 1) {
			team_tell(&post->team, 1);
			post->job = job;
		}
		pthread_mutex_unlock(&work->lock);
		if (seats > 1)
			job_with_others(work, job, seats, arena, post);
		else
			job_alone(work, job, arena, post);
		pthread_mutex_lock(&work->lock);
		post->job = NULL;
	}
	pthread_cond_broadcast(&work->help);
}

/* ---- threads ---- */

static void worker(struct work *work, int thread)
{
	struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
	pthread_mutex_lock(&work->lock);
	work_off(work, &work->post[thread], arena);
	if (thread < work->processors)
		help(work);
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
	worker(work, omp_get_thread_num());
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

static int work_begin(struct work *work, int threads, struct err *err)
{
	pthread_condattr_t monotonic;
	work->threads = threads;
	work->processors = sched_processors();
	work->post = aligned_alloc(_Alignof(struct post), (size_t)threads * sizeof *work->post);
	if (!work->post)
		return err_set(err, ERR_SYSTEM, "out of memory for %d threads", threads);
	for (int w = 0; w < threads; w++) {
		team_init(&work->post[w].team, threads <= work->processors);
		work->post[w].job = NULL;
		work->post[w].hands = 0;
	}
	work->start = clock_now();
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->wake, &monotonic);
	pthread_cond_init(&work->help, NULL);
	pthread_condattr_destroy(&monotonic);
	shelf_init(&work->shelf);
	return 0;
}

static void work_end(struct work *work)
{
	shelf_release(&work->shelf);
	pthread_cond_destroy(&work->wake);
	pthread_cond_destroy(&work->help);
	pthread_mutex_destroy(&work->lock);
	for (int w = 0; w < work->threads; w++)
		team_release(&work->post[w].team);
	free(work->post);
}

int sched_run(const struct plan *plan, size_t n, const size_t *todo, int threads, struct sink sink,
	      const atomic_int *stop, struct err *err)
{
	struct work work = {.plan = plan, .sink = sink, .stop = stop, .err = err};
	int result = -1;
	work.progress = (struct sched_progress){.runs = n, .threads = threads};
	if (work_begin(&work, threads, err) != 0)
		return -1;
	if (queue_make(&work.queue, plan, n, todo, &work.shelf, err) == 0) {
		for (size_t i = 0; i < n; i++)
			work.progress.cost += work.queue.job[i].cost;
		result = train_all(&work, threads, err);
		queue_release(&work.queue);
	}
	work_end(&work);
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
