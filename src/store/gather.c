/* gather.c: runs from the files in which they lie, in any order: see inside.h. Reads file by file, so that each is opened once
 * for a piece of runs, and arrays in ascending rows. */
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

void pairs_add(struct pairs *pairs, struct run_ref a, struct run_ref b)
{
	if (pairs->n == pairs->room) {
		pairs->room = pairs->room * 2 + 64;
		pairs->a = realloc(pairs->a, sizeof *pairs->a * pairs->room);
		pairs->b = realloc(pairs->b, sizeof *pairs->b * pairs->room);
		if (!pairs->a || !pairs->b)
			NO_MEMORY("out of memory for %zu runs", pairs->room);
	}
	pairs->a[pairs->n] = a;
	pairs->b[pairs->n++] = b;
}

void pairs_release(struct pairs *pairs)
{
	free(pairs->a);
	free(pairs->b);
	*pairs = (struct pairs){0};
}

/* A ref and where it belongs. */
struct wanted {
	struct run_ref ref;
	size_t to;
};

static int by_place(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	if (x->ref.source != y->ref.source)
		return x->ref.source < y->ref.source ? -1 : 1;
	return x->ref.row < y->ref.row ? -1 : x->ref.row > y->ref.row;
}

/* Calls each file once with its rows in ascending order and where they belong. */
typedef int visit(void *self, struct result *result, size_t n, const size_t *row, const size_t *to, struct err *err);

static int visit_files(struct sources *sources, size_t n, const struct run_ref *ref, visit *each, void *self,
		       struct err *err)
{
	struct wanted *wanted = malloc(sizeof *wanted * n + 1);
	size_t *row = malloc(sizeof *row * n + 1), *to = malloc(sizeof *to * n + 1);
	int done = wanted && row && to ? 0 : err_set(err, ERR_SYSTEM, "out of memory for %zu runs", n);
	for (size_t i = 0; done == 0 && i < n; i++)
		wanted[i] = (struct wanted){ref[i], i};
	if (done == 0)
		qsort(wanted, n, sizeof *wanted, by_place);
	for (size_t i = 0, j; done == 0 && i < n; i = j) {
		for (j = i; j < n && wanted[j].ref.source == wanted[i].ref.source; j++) {
			row[j] = wanted[j].ref.row;
			to[j] = wanted[j].to;
		}
		struct result *result = sources_result(sources, wanted[i].ref.source, err);
		done = result ? each(self, result, j - i, row + i, to + i, err) : -1;
	}
	free(to);
	free(row);
	free(wanted);
	return done;
}

/* Of n traces, all NULL. */
static struct trace **new_list(size_t n, struct err *err)
{
	struct trace **list = calloc(n, sizeof(void *));
	if (!list)
		err_set(err, ERR_SYSTEM, "out of memory for %zu runs", n);
	return list;
}

static int take_traces(void *self, struct result *result, size_t n, const size_t *row, const size_t *to,
		       struct err *err)
{
	struct trace **out = self;
	struct trace **trace = new_list(n, err);
	if (!trace)
		return -1;
	const int done = reader_traces(result, n, row, trace, err);
	for (size_t i = 0; done == 0 && i < n; i++)
		out[to[i]] = trace[i];
	free(trace);
	return done;
}

int gather(struct sources *sources, size_t n, const struct run_ref *ref, struct trace **trace, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		trace[i] = NULL;
	if (visit_files(sources, n, ref, take_traces, trace, err) == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		trace_free(trace[i]);
	return -1;
}

struct trace *gather_weights(struct sources *sources, struct run_ref ref, struct err *err)
{
	struct result *result = sources_result(sources, ref.source, err);
	return result ? reader_weights(result, ref.row, err) : NULL;
}

/* ---- a supply for the writer ---- */

static void drop_piece(struct gathered *gathered)
{
	for (size_t i = 0; i < gathered->pieces; i++)
		trace_free(gathered->piece[i]);
	free(gathered->piece);
	gathered->piece = NULL;
	gathered->pieces = 0;
}

static const struct trace *const *supply_traces(void *self, size_t first, size_t n, struct err *err)
{
	struct gathered *gathered = self;
	drop_piece(gathered);
	gathered->piece = new_list(n, err);
	if (!gathered->piece || gather(gathered->sources, n, gathered->ref + first, gathered->piece, err) != 0)
		return NULL;
	gathered->pieces = n;
	return (const struct trace *const *)gathered->piece;
}

static const struct trace *supply_weights(void *self, size_t row, struct err *err)
{
	struct gathered *gathered = self;
	trace_free(gathered->weights);
	gathered->weights = gather_weights(gathered->sources, gathered->ref[row], err);
	return gathered->weights;
}

/* What gathered_init learns from the files. */
struct learning {
	struct gathered *gathered;
	struct steps *steps;
	bool settings; /* these too; else they are the plan's */
	bool weights;
};

static int take_heads(void *self, struct result *result, size_t n, const size_t *row, const size_t *to, struct err *err)
{
	struct learning *learning = self;
	struct head *head = malloc(sizeof *head * n);
	if (!head)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", n);
	int done = reader_heads(result, n, row, head, learning->steps, err);
	for (size_t i = 0; done == 0 && i < n; i++)
		learning->gathered->head[to[i]] = head[i];
	learning->weights = learning->weights || reader_has_weights(result);
	if (done == 0)
		done = result_sure(result, err);
	if (done == 0 && learning->settings)
		done = reader_columns(result, err);
	for (size_t i = 0; done == 0 && learning->settings && i < n; i++)
		done = columns_copy(learning->gathered->columns, to[i], result, row[i], err);
	free(head);
	return done;
}

static void take_settings(struct columns *columns, const struct plan *plan, size_t n, const size_t *plan_run)
{
	for (size_t i = 0; i < n; i++) {
		struct settings settings;
		plan_settings(plan, plan_run[i], &settings);
		columns_put(columns, i, &settings);
	}
}

int gathered_init(struct gathered *gathered, struct content *content, struct sources *sources, size_t n,
		  const struct run_ref *ref, const struct plan *plan, const size_t *plan_run, struct err *err)
{
	struct learning learning = {gathered, &content->steps, plan == NULL, false};
	*gathered = (struct gathered){.sources = sources, .n = n, .ref = ref};
	gathered->head = malloc(sizeof *gathered->head * n);
	gathered->columns = columns_new(n, err);
	if (!gathered->head)
		err_set(err, ERR_SYSTEM, "out of memory for %zu runs", n);
	if (!gathered->head || !gathered->columns || visit_files(sources, n, ref, take_heads, &learning, err) != 0) {
		gathered_release(gathered, content);
		return -1;
	}
	if (plan)
		take_settings(gathered->columns, plan, n, plan_run);
	content->R = n;
	content->head = gathered->head;
	content->settings = gathered->columns;
	content->supply = (struct supply){supply_traces, learning.weights ? supply_weights : NULL, gathered};
	return 0;
}

void gathered_release(struct gathered *gathered, struct content *content)
{
	drop_piece(gathered);
	trace_free(gathered->weights);
	columns_free(gathered->columns);
	free(gathered->head);
	steps_release(&content->steps);
}
