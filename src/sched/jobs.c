/* jobs.c: one job of the queue, or some alike side by side: from its settings to its trace in the sink. */
#include <stdlib.h>

#include "net/loss.h"
#include "sched/work.h"

/* With work->lock held. */
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
		work_fail(work, &err);
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
		work_fail(work, &err);
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
		work_fail(work, &err);
	pthread_mutex_unlock(&work->lock);
}

static void open_team(struct work *work, struct post *post, int hands)
{
	team_open(&post->team);
	pthread_mutex_lock(&work->lock);
	post->hands = hands;
	pthread_cond_broadcast(&work->help);
	pthread_mutex_unlock(&work->lock);
}

static void close_team(struct work *work, struct post *post)
{
	pthread_mutex_lock(&work->lock);
	post->hands = 0;
	pthread_mutex_unlock(&work->lock);
	team_close(&post->team);
}

void job_alone(struct work *work, const struct job *job, struct arena *arena, struct post *post)
{
	struct settings settings;
	struct trace *trace = NULL;
	struct err err = {0};
	plan_settings(work->plan, job->run, &settings);
	const struct dataset *data = borrow(work, job);
	if (!data)
		return;
	const int hands = work->threads > 1 ? train_hands(&settings, data) : 1;
	if (hands > 1)
		open_team(work, post, hands);
	const int given_up = train_in_team(&settings, data, &post->team, arena, &work->halt, &trace, &err);
	if (hands > 1)
		close_team(work, post);
	if (given_up == 1)
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

void job_with_others(struct work *work, const struct job *first, int seats, struct arena *arena, struct post *post)
{
	struct crew *crew = calloc(1, sizeof *crew);
	if (!crew) {
		job_alone(work, first, arena, post);
		return;
	}
	const enum precision precision = work->queue.kind[first->kind].settings.precision;
	crew->work = work;
	crew->first = first;
	crew->kind = first->kind;
	const struct train_feed feed = {next_of_crew, done_by_crew, crew};
	if (train_group(precision, &feed, seats, arena, &work->halt) < 0)
		job_alone(work, first, arena, post);
	for (int s = 0; s < TRAIN_SEATS; s++)
		if (crew->seat[s].job)
			shelf_hand_back(&work->shelf, crew->seat[s].job->data);
	free(crew);
}

/* How many seats a group of this kind should have, with lock held: what is left is shared by all threads; 1 if too few are left
 * for the lanes to gain. */
int job_seats(const struct work *work, const struct job *first)
{
	if (first->kind < 0)
		return 1;
	const struct kind *kind = &work->queue.kind[first->kind];
	const int lanes = train_seats(&kind->settings), threads = work->progress.threads;
	const size_t each = (kind->left + (size_t)threads) / (size_t)threads; /* of left + 1, rounded up */
	const int seats = each < (size_t)lanes ? (int)each : lanes;
	return seats > train_few(&kind->settings) ? seats : 1;
}
