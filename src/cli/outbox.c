/* outbox.c: see outbox.h */
#include "cli/outbox.h"

#include <stdlib.h>

#include "cli/args.h"

static void clear(struct outbox *box)
{
	for (size_t i = 0; i < box->n; i++)
		trace_free((struct trace *)box->trace[i]);
	box->n = box->bytes = 0;
}

static int commit(struct outbox *box, struct err *err)
{
	int failed = 0;
	if (box->n > 0)
		failed = store_commit(box->store, box->plan, box->n, box->run, box->trace, box->provenance, err);
	if (!failed)
		box->committed += box->n;
	clear(box);
	box->committed_at = clock_now();
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

/* What waits has waited long enough. */
static bool is_due(const struct outbox *box)
{
	return box->bytes >= OUTBOX_BYTES || clock_now() - box->committed_at >= box->seconds;
}

/* Room for one more. */
static int make_room(struct outbox *box, struct err *err)
{
	if (box->n < box->capacity)
		return 0;
	const size_t capacity = box->capacity ? 2 * box->capacity : 256;
	void *run = realloc(box->run, capacity * sizeof(size_t));
	if (run)
		box->run = run;
	void *trace = realloc(box->trace, capacity * sizeof(struct trace *)); /* NOLINT(bugprone-sizeof-expression) */
	if (trace)
		box->trace = trace;
	if (!run || !trace)
		return err_set(err, ERR_SYSTEM, "out of memory for the traces of %zu runs", capacity);
	box->capacity = capacity;
	return 0;
}

static int take(void *self, size_t run, struct trace *trace, struct err *err)
{
	struct outbox *box = self;
	if (make_room(box, err) != 0) {
		trace_free(trace);
		return -1;
	}
	if (trace->status == STATUS_FAILED && box->failed++ == 0)
		snprintf(box->failure, sizeof box->failure, "%s", trace->failure);
	box->run[box->n] = run;
	box->trace[box->n++] = trace;
	box->bytes += trace_bytes(trace);
	return is_due(box) ? commit(box, err) : 0;
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
	if (!box->quiet)
		meter_show(&box->meter, progress);
	if (out_of_patience(box)) {
		meter_clear(&box->meter);
		box->leave(box, commit(box, err) == 0 ? NULL : err);
	}
	return is_due(box) ? commit(box, err) : 0;
}

struct sink outbox_sink(struct outbox *box)
{
	meter_start(&box->meter);
	box->committed_at = clock_now();
	return (struct sink){take, tick, box};
}

int outbox_close(struct outbox *box, struct err *err)
{
	meter_clear(&box->meter);
	const int failed = commit(box, err);
	free(box->run);
	free(box->trace);
	box->run = NULL;
	box->trace = NULL;
	return failed;
}
