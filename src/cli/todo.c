/* todo.c: see todo.h */
#include "cli/todo.h"

#include <stdlib.h>

#include "cli/print.h"
#include "sched/sched.h"

static int status_of(const struct store *store, const struct plan *plan, size_t r)
{
	return store ? store_find(store, plan->run[r].hash) : -1;
}

void todo_count(struct todo *todo, const struct store *store, const struct plan *plan)
{
	todo->missing = 0;
	for (int s = 0; s < STATUS_N; s++)
		todo->by_status[s] = 0;
	for (size_t r = 0; r < plan->R; r++) {
		const int status = status_of(store, plan, r);
		if (status < 0)
			todo->missing++;
		else
			todo->by_status[status]++;
	}
}

struct ranked {
	size_t run;
	double cost;
};

static int compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->cost != b->cost)
		return a->cost > b->cost ? -1 : 1;
	return (a->run > b->run) - (a->run < b->run);
}

/* Deals the runs of the plan, most expensive first, to the shards as cards: 1 … N, then N … 1, and so on. All runs are
 * dealt, committed or not, so that a shard is the same whenever it is started. mine[r]: run r belongs to this shard. */
static int deal(const struct todo *todo, const struct plan *plan, bool *mine, struct err *err)
{
	const size_t N = (size_t)todo->shards;
	struct ranked *ranked = malloc(plan->R * sizeof *ranked);
	double *cost = malloc(plan->R * sizeof *cost);
	size_t *all = malloc(plan->R * sizeof *all);
	int failed = -1;
	if (!ranked || !cost || !all) {
		err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", plan->R);
		goto out;
	}
	for (size_t r = 0; r < plan->R; r++)
		all[r] = r;
	failed = sched_cost(plan, plan->R, all, cost, NULL, err);
	if (failed)
		goto out;
	for (size_t r = 0; r < plan->R; r++)
		ranked[r] = (struct ranked){r, cost[r]};
	qsort(ranked, plan->R, sizeof *ranked, compare_ranked);
	for (size_t i = 0; i < plan->R; i++) {
		const size_t card = i % (2 * N);
		mine[ranked[i].run] = (card < N ? card : 2 * N - 1 - card) == (size_t)todo->shard - 1;
	}
out:
	free(ranked);
	free(cost);
	free(all);
	return failed;
}

/* A search comes to its runs bit by bit: whole combinations go to one shard, which then needs no other. */
static void deal_combinations(const struct todo *todo, const struct plan *plan, bool *mine)
{
	for (size_t r = 0; r < plan->R; r++)
		mine[r] = search_combination(plan->study, &plan->run[r]) % (uint64_t)todo->shards ==
			  (uint64_t)todo->shard - 1;
}

int todo_build(struct todo *todo, const struct store *store, const struct plan *plan, struct err *err)
{
	bool *mine = NULL;
	todo_count(todo, store, plan);
	todo->n = 0;
	todo->run = malloc(sizeof *todo->run * (plan->R ? plan->R : 1));
	if (!todo->run)
		return err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", plan->R);
	if (todo->shards > 1) {
		mine = calloc(plan->R ? plan->R : 1, sizeof *mine);
		if (!mine)
			return err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", plan->R);
		if (study_searches(plan->study)) {
			deal_combinations(todo, plan, mine);
		} else if (deal(todo, plan, mine, err) != 0) {
			free(mine);
			return -1;
		}
	}
	for (size_t r = 0; r < plan->R; r++) {
		const int status = status_of(store, plan, r);
		if ((!mine || mine[r]) && (status < 0 || (status == STATUS_FAILED && todo->retry_failed)))
			todo->run[todo->n++] = r;
	}
	free(mine);
	return 0;
}

void todo_release(struct todo *todo)
{
	free(todo->run);
	*todo = (struct todo){0};
}

void todo_print_counts(const struct todo *todo, size_t runs)
{
	const char *before = ": ";
	say("%zu run%s", runs, runs == 1 ? "" : "s");
	for (size_t s = 0; s < STATUS_N; s++)
		if (todo->by_status[s] > 0) {
			say("%s%zu %s", before, todo->by_status[s], table_name(&status_table, s));
			before = ", ";
		}
	say("\n");
}
