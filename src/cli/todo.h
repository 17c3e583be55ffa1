/* todo.h: which runs of a plan are committed, and which are to be trained. Shared by run, plan and status. */
#ifndef FATHOM_TODO_H
#define FATHOM_TODO_H

#include <stdbool.h>

#include "search/search.h"
#include "store/store.h"

struct todo {
	/* asked for */
	bool retry_failed;
	int shard, shards; /* 1 ≤ shard ≤ shards; shards ≤ 1: all */

	size_t n; /* runs to train, in the order of the plan */
	size_t *run;
	size_t missing; /* runs of the plan that are not committed, of all shards */
	size_t by_status[STATUS_N];
};

/* missing and by_status alone; store may be NULL: nothing is committed. */
void todo_count(struct todo *todo, const struct store *store, const struct plan *plan);

int todo_build(struct todo *todo, const struct store *store, const struct plan *plan, struct err *err);
void todo_release(struct todo *todo);

/* "700 runs: 690 completed, 10 diverged", a line. */
void todo_print_counts(const struct todo *todo, size_t runs);

#endif
