/* trace.c: see trace.h. The block starts with the trace itself, so that freeing the trace frees all of it. */
#include "trace/trace.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

struct status_row {
	const char *name, *about;
};

static const struct status_row statuses[STATUS_N] = {
	[STATUS_COMPLETED] = {"completed", "trained to the end of its budget"},
	[STATUS_TARGET] = {"target", "stopped at the target loss"},
	[STATUS_PLATEAU] = {"plateau", "stopped since the loss no longer fell"},
	[STATUS_DIVERGED] = {"diverged", "stopped since the loss left all bounds"},
	[STATUS_FAILED] = {"failed", "could not be trained: a fault of the system, not of the network"},
};
const struct table status_table = TABLE("status", statuses);

static const struct status_row moments[WEIGHTS_N] = {
	[WEIGHTS_INITIAL] = {"initial", "before the first update"},
	[WEIGHTS_FINAL] = {"final", "after the last update"},
};
const struct table weights_table = TABLE("set of weights", moments);

/* How many numbers a metric is in this trace. */
static size_t metric_size(const struct trace *trace, int id)
{
	switch (metrics[id].shape) {
	case METRIC_RUN:
		return 1;
	case METRIC_STEP:
		return (size_t)trace->S;
	case METRIC_LAYER:
		return (size_t)trace->S * (size_t)trace->L;
	}
	return 0;
}

/* Places everything behind the head, which names the sizes; called on the measuring arena, then on the real one. */
static struct trace *layout(struct arena *arena, const struct trace *head, const int *n, unsigned weights_wanted)
{
	struct trace *trace = ARENA_TAKE(arena, struct trace, 1), placed = *head;
	size_t parameters = 0, numbers = 0;
	for (int l = 1; l <= head->L; l++)
		parameters += (size_t)n[l] * (size_t)(n[l - 1] + (head->bias != 0));
	placed.step = ARENA_TAKE(arena, int64_t, head->S);
	placed.n = ARENA_TAKE(arena, int, head->L + 1);
	for (int id = 0; id < METRIC_N; id++)
		numbers += head->recorded & METRIC_BIT(id) ? metric_size(head, id) : 0;
	double *value = ARENA_TAKE(arena, double, numbers);
	for (int id = 0; value && id < METRIC_N; id++)
		if (head->recorded & METRIC_BIT(id)) {
			placed.value[id] = value;
			value += metric_size(head, id);
		}
	for (int w = 0; w < WEIGHTS_N; w++)
		if (weights_wanted & 1u << w) {
			placed.weights[w].n = parameters;
			placed.weights[w].values = arena_take(arena, parameters * (size_t)(head->precision_bits / 8));
		}
	if (trace)
		*trace = placed;
	return trace;
}

struct trace *trace_new(int S, const int64_t *step, int L, const int *n, int bias, int precision_bits,
			metric_set wanted, unsigned weights_wanted, struct err *err)
{
	struct trace head = {.S = S, .L = L, .bias = bias, .precision_bits = precision_bits, .recorded = 0};
	struct arena arena = ARENA_INIT;
	for (int id = 0; id < METRIC_N; id++)
		if (!metrics[id].derived && (metrics[id].shape == METRIC_RUN || wanted & METRIC_BIT(id)))
			head.recorded |= METRIC_BIT(id);
	arena_measure(&arena);
	layout(&arena, &head, n, weights_wanted);
	if (arena_reserve(&arena, err) != 0)
		return NULL;
	struct trace *trace = layout(&arena, &head, n, weights_wanted);
	memcpy(trace->step, step, sizeof *step * (size_t)S);
	memcpy(trace->n, n, sizeof *n * (size_t)(L + 1));
	for (int id = 0; id < METRIC_N; id++)
		for (size_t i = 0; trace->value[id] && i < metric_size(trace, id); i++)
			trace->value[id][i] = NAN;
	return trace;
}

void trace_free(struct trace *trace)
{
	free(trace);
}

double *trace_at(struct trace *trace, enum metric_id id, int s, int l)
{
	double *value = trace->value[id];
	const enum metric_shape shape = metrics[id].shape;
	if (!value || shape == METRIC_RUN)
		return value;
	if (s < 0 || s >= trace->S || (shape == METRIC_LAYER && (l < 1 || l > trace->L)))
		BUG("no logged step %d, layer %d of '%s' in a trace of %d steps, %d layers", s, l, metrics[id].name,
		    trace->S, trace->L);
	return shape == METRIC_STEP ? value + s : value + (size_t)s * (size_t)trace->L + (size_t)(l - 1);
}

void trace_put(struct trace *trace, enum metric_id id, int s, int l, double x)
{
	double *at = trace_at(trace, id, s, l);
	if (at)
		*at = x;
}
