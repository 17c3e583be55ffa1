/* compare.c: whether runs are the same, bit by bit: see inside.h */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "store/inside.h"

void difference_add(struct differences *differences, int kind, const char *format, ...)
{
	enum { SHOWN_OF_A_KIND = 3 };
	char line[600];
	va_list args;
	if (differences->n++ == 0)
		differences->first = differences->pair;
	if (differences->shown[kind]++ >= SHOWN_OF_A_KIND)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	text_add(differences->out, "%s\n", line);
}

bool same_number(double a, double b)
{
	const union {
		double number;
		uint64_t bits;
	} x = {a}, y = {b};
	return (isnan(a) && isnan(b)) || x.bits == y.bits;
}

static void compare_metric(uint64_t hash, const struct trace *a, const struct trace *b, int id,
			   struct differences *differences)
{
	const bool by_step = metrics[id].shape != METRIC_RUN, by_layer = metrics[id].shape == METRIC_LAYER;
	const size_t L = by_layer ? (size_t)a->L : 1, n = (by_step ? (size_t)a->S : 1) * L;
	const double *x = a->value[id], *y = b->value[id];
	size_t first = n, count = 0;
	struct text line = TEXT_INIT;
	for (size_t i = 0; i < n; i++)
		if (!same_number(x[i], y[i])) {
			first = count == 0 ? i : first;
			count++;
		}
	if (count == 0)
		return;
	text_add(&line, "%s of run %016" PRIx64, metrics[id].name, hash);
	if (by_step)
		text_add(&line, ", step %" PRId64, a->step[first / L]);
	if (by_layer)
		text_add(&line, ", layer %zu", first % L + 1);
	text_add(&line, ": %.17g and %.17g", x[first], y[first]);
	if (count > 1)
		text_add(&line, ", and %zu more of its values", count - 1);
	difference_add(differences, id, "%s", line.at);
	text_release(&line);
}

static void compare_trace(uint64_t hash, const struct trace *a, const struct trace *b, struct differences *differences)
{
	if (a->status != b->status)
		difference_add(differences, DIFFERENT_STATUS, "status of run %016" PRIx64 ": %s and %s", hash,
			       table_name(&status_table, a->status), table_name(&status_table, b->status));
	if (a->L != b->L || a->S != b->S || memcmp(a->step, b->step, sizeof *a->step * (size_t)a->S) != 0) {
		difference_add(differences, DIFFERENT_STEPS,
			       "run %016" PRIx64
			       " has %d logged steps of %d layers and %d of %d, or not the same steps",
			       hash, a->S, a->L, b->S, b->L);
		return;
	}
	for (int id = 0; id < METRIC_N; id++) {
		if (id == METRIC_WALL_TIME)
			continue;
		if (!a->value[id] != !b->value[id])
			difference_add(differences, id, "%s of run %016" PRIx64 ": only in the %s", metrics[id].name,
				       hash, a->value[id] ? "first" : "second");
		else if (a->value[id])
			compare_metric(hash, a, b, id, differences);
	}
}

static void compare_weights(uint64_t hash, const struct trace *a, const struct trace *b,
			    struct differences *differences)
{
	const size_t size = (size_t)a->precision_bits / 8;
	for (int w = 0; w < WEIGHTS_N; w++) {
		const struct weights *x = &a->weights[w], *y = &b->weights[w];
		if (!x->values && !y->values)
			continue;
		if (!x->values || !y->values || x->n != y->n || a->precision_bits != b->precision_bits ||
		    memcmp(x->values, y->values, size * x->n) != 0)
			difference_add(differences, DIFFERENT_WEIGHTS, "%s weights of run %016" PRIx64,
				       table_name(&weights_table, (size_t)w), hash);
	}
}

static int compare_pair_weights(struct sources *sources, struct run_ref a, struct run_ref b,
				struct differences *differences, struct err *err)
{
	struct trace *x = gather_weights(sources, a, err), *y = x ? gather_weights(sources, b, err) : NULL;
	const int done = y ? 0 : -1;
	if (y)
		compare_weights(sources->source[a.source].hash[a.row], x, y, differences);
	trace_free(x);
	trace_free(y);
	return done;
}

/* Pieces of runs, so that two large files need not be held whole. */
int compare_runs(struct sources *sources, const struct pairs *pairs, struct differences *differences, struct err *err)
{
	enum { PIECE = 512 };
	struct trace *a[PIECE], *b[PIECE];
	for (size_t first = 0; first < pairs->n; first += PIECE) {
		const size_t n = pairs->n - first < PIECE ? pairs->n - first : PIECE;
		if (gather(sources, n, pairs->a + first, a, err) != 0)
			return -1;
		if (gather(sources, n, pairs->b + first, b, err) != 0) {
			for (size_t i = 0; i < n; i++)
				trace_free(a[i]);
			return -1;
		}
		for (size_t i = 0; i < n; i++) {
			const struct run_ref at = pairs->a[first + i];
			differences->pair = first + i;
			compare_trace(sources->source[at.source].hash[at.row], a[i], b[i], differences);
			trace_free(a[i]);
			trace_free(b[i]);
		}
		for (size_t i = first; i < first + n; i++) {
			differences->pair = i;
			if (compare_pair_weights(sources, pairs->a[i], pairs->b[i], differences, err) != 0)
				return -1;
		}
	}
	return 0;
}
