/* outbox.c: see outbox.h */
#include "cli/outbox.h"

#include <stdlib.h>

#include "base/clock.h"

static void clear(struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		trace_free((struct trace *)batch->trace[i]);
	batch->n = batch->bytes = 0;
}

/* After a commit of so many bytes. Small ones tell when the disk is too slow, not that it could take more. */
static size_t next_room(size_t room, size_t bytes, double seconds)
{
	if (seconds > OUTBOX_COMMIT_SECONDS)
		return room / 2 > OUTBOX_ROOM_LEAST ? room / 2 : OUTBOX_ROOM_LEAST;
	if (seconds < OUTBOX_COMMIT_SECONDS / 2 && bytes >= room / 2)
		return 2 * room < OUTBOX_ROOM_MOST ? 2 * room : OUTBOX_ROOM_MOST;
	return room;
}

/* All that wait; with committing held. */
static int commit_waiting(struct outbox *box, struct err *err)
{
	int failed = 0;
	pthread_mutex_lock(&box->lock);
	const struct batch empty = box->leaving;
	box->leaving = box->waiting;
	box->waiting = empty;
	pthread_mutex_unlock(&box->lock);
	struct batch *batch = &box->leaving;
	const double began = clock_now();
	if (batch->n > 0)
		failed = store_commit(box->store, box->plan, batch->n, batch->run, batch->trace, box->provenance, err);
	if (!failed)
		box->committed += batch->n;
	pthread_mutex_lock(&box->lock);
	box->committed_at = clock_now();
	box->room = next_room(box->room, batch->bytes, box->committed_at - began);
	clear(batch);
	pthread_cond_signal(&box->gone);
	pthread_mutex_unlock(&box->lock);
	return failed;
}

static int commit(struct outbox *box, struct err *err)
{
	pthread_mutex_lock(&box->committing);
	const int failed = commit_waiting(box, err);
	pthread_mutex_unlock(&box->committing);
	return failed;
}

static size_t trace_bytes(const struct trace *trace)
{
	const size_t numbers[] = {
		[METRIC_RUN] = 1,
		[METRIC_STEP] = (size_t)trace->S,
		[METRIC_LAYER] = (size_t)trace->S * (size_t)trace->L,
	};
	size_t bytes = sizeof *trace;
	for (int m = 0; m < METRIC_N; m++)
		if (trace->value[m])
			bytes += sizeof(double) * numbers[metrics[m].shape];
	for (int w = 0; w < WEIGHTS_N; w++)
		bytes += trace->weights[w].n * (size_t)(trace->precision_bits / 8);
	return bytes;
}

/* What waits has waited long enough. With the lock. */
static bool is_due(const struct outbox *box)
{
	return box->waiting.bytes >= box->room || clock_now() - box->committed_at >= box->seconds;
}

/* Room for one more. */
static int make_room(struct batch *batch, struct err *err)
{
	if (batch->n < batch->capacity)
		return 0;
	const size_t capacity = batch->capacity ? 2 * batch->capacity : 256;
	void *run = realloc(batch->run, capacity * sizeof(size_t));
	if (run)
		batch->run = run;
	void *trace = realloc(batch->trace, capacity * sizeof(struct trace *)); /* NOLINT(bugprone-sizeof-expression) */
	if (trace)
		batch->trace = trace;
	if (!run || !trace)
		return err_set(err, ERR_SYSTEM, "out of memory for the traces of %zu runs", capacity);
	batch->capacity = capacity;
	return 0;
}

static int take(void *self, size_t run, struct trace *trace, struct err *err)
{
	struct outbox *box = self;
	struct batch *batch = &box->waiting;
	*box->at_work = 1;
	pthread_mutex_lock(&box->lock);
	/* the disk cannot keep up: memory must not grow without end */
	while (batch->bytes >= box->room && box->leaving.n > 0)
		pthread_cond_wait(&box->gone, &box->lock);
	int result = make_room(batch, err);
	if (result == 0) {
		batch->run[batch->n] = run;
		batch->trace[batch->n++] = trace;
		batch->bytes += trace_bytes(trace);
		if (trace->status == STATUS_FAILED && box->failed++ == 0)
			snprintf(box->failure, sizeof box->failure, "%s", trace->failure);
		result = batch->bytes >= box->room;
	} else {
		trace_free(trace);
	}
	pthread_mutex_unlock(&box->lock);
	return box->seconds == 0 && result >= 0 ? commit(box, err) : result;
}

static bool out_of_patience(struct outbox *box)
{
	if (!*box->stop)
		return false;
	if (box->stopped_at == 0)
		box->stopped_at = clock_now();
	return clock_now() - box->stopped_at >= OUTBOX_PATIENCE;
}

static int tick(void *self, const struct sched_progress *progress, struct err *err)
{
	struct outbox *box = self;
	*box->at_work = 1;
	if (!box->quiet)
		meter_show(&box->meter, progress);
	if (out_of_patience(box)) {
		pthread_mutex_lock(&box->committing); /* for good: nobody commits behind what leave says */
		const int failed = commit_waiting(box, err);
		meter_clear(&box->meter);
		box->leave(box, failed ? err : NULL);
	}
	if (box->seconds == 0)
		return 0; /* take commits */
	pthread_mutex_lock(&box->lock);
	const bool due = is_due(box);
	pthread_mutex_unlock(&box->lock);
	return due ? commit(box, err) : 0;
}

struct sink outbox_sink(struct outbox *box)
{
	meter_start(&box->meter);
	pthread_mutex_init(&box->committing, NULL);
	pthread_mutex_init(&box->lock, NULL);
	pthread_cond_init(&box->gone, NULL);
	box->committed_at = clock_now();
	box->room = OUTBOX_ROOM;
	return (struct sink){take, tick, box};
}

int outbox_close(struct outbox *box, struct err *err)
{
	meter_clear(&box->meter);
	const int failed = commit(box, err);
	*box->at_work = 0;
	for (int i = 0; i < 2; i++) {
		struct batch *batch = i ? &box->leaving : &box->waiting;
		free(batch->run);
		free(batch->trace);
		*batch = (struct batch){0};
	}
	pthread_mutex_destroy(&box->committing);
	pthread_mutex_destroy(&box->lock);
	pthread_cond_destroy(&box->gone);
	return failed;
}
