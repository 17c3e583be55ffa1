/* queue.c: see queue.h */
#include "sched/queue.h"

#include <stdlib.h>
#include <string.h>

#include "net/loss.h"
#include "train/train.h"

/* Longest first; equals grouped by their data, then in the order of the plan. */
static int compare_jobs(const void *left, const void *right)
{
	const struct job *a = left, *b = right;
	if (a->cost != b->cost)
		return a->cost > b->cost ? -1 : 1;
	if (a->data != b->data)
		return a->data < b->data ? -1 : 1;
	return (a->run > b->run) - (a->run < b->run);
}

/* ---- kinds ---- */

/* Data that give networks the same shape and batches the same size. */
static bool data_alike(const struct shelf *shelf, size_t a, size_t b)
{
	const struct shelved *x = &shelf->item[a], *y = &shelf->item[b];
	return a == b || (x->inputs == y->inputs && x->classes == y->classes && x->targets == y->targets &&
			  x->spec.train > 0 && x->spec.train == y->spec.train);
}

static int add_kind(struct queue *queue, const struct settings *settings, size_t data, struct err *err)
{
	if (queue->kinds == queue->room) {
		const int room = queue->room ? 2 * queue->room : 8;
		struct kind *kind = realloc(queue->kind, (size_t)room * sizeof *kind);
		if (kind)
			queue->kind = kind;
		int *recent = realloc(queue->recent, (size_t)room * sizeof *recent);
		if (recent)
			queue->recent = recent;
		if (!kind || !recent)
			return err_set(err, ERR_SYSTEM, "out of memory for a list of %d kinds of runs", room);
		queue->room = room;
	}
	queue->kind[queue->kinds] = (struct kind){.settings = *settings, .data = data, .next = SIZE_MAX};
	memmove(queue->recent + 1, queue->recent, (size_t)queue->kinds * sizeof *queue->recent);
	queue->recent[0] = queue->kinds;
	queue->kinds++;
	return 0;
}

static int find_kind(struct queue *queue, const struct shelf *shelf, const struct settings *settings, struct job *job,
		     struct err *err)
{
	const struct shelved *item = &shelf->item[job->data];
	const int outputs = loss_outputs(losses[settings->loss].kind, item->classes, item->targets);
	job->kind = -1;
	job->alike = SIZE_MAX;
	if (!train_in_groups(settings, item->inputs, outputs, shelf_examples(shelf, job->data)))
		return 0;
	for (int i = 0; i < queue->kinds; i++) {
		const int k = queue->recent[i];
		if (!data_alike(shelf, queue->kind[k].data, job->data) ||
		    !train_alike(&queue->kind[k].settings, settings))
			continue;
		memmove(queue->recent + 1, queue->recent, (size_t)i * sizeof *queue->recent);
		queue->recent[0] = job->kind = k;
		return 0;
	}
	job->kind = queue->kinds;
	return add_kind(queue, settings, job->data, err);
}

/* The rows of the kinds, in the order of the queue. */
static void link_kinds(struct queue *queue)
{
	for (size_t i = queue->n; i-- > 0;) {
		struct job *job = &queue->job[i];
		if (job->kind < 0)
			continue;
		struct kind *kind = &queue->kind[job->kind];
		job->alike = kind->next;
		kind->next = i;
		kind->left++;
	}
}

/* ---- the queue ---- */

static int enlist(struct queue *queue, const struct plan *plan, const size_t *todo, struct shelf *shelf,
		  struct err *err)
{
	for (size_t i = 0; i < queue->n; i++) {
		struct job *job = &queue->job[i];
		struct settings settings;
		double count[COST_KINDS];
		plan_settings(plan, todo[i], &settings);
		*job = (struct job){.run = todo[i]};
		if (shelf_enlist(shelf, &settings, &job->data, err) != 0 ||
		    find_kind(queue, shelf, &settings, job, err) != 0)
			return -1;
		shelf_count(shelf, job->data, &settings, count);
		job->cost = cost_seconds(count);
	}
	return 0;
}

int queue_make(struct queue *queue, const struct plan *plan, size_t n, const size_t *todo, struct shelf *shelf,
	       struct err *err)
{
	*queue = (struct queue){.n = n, .job = malloc(sizeof *queue->job * (n ? n : 1))};
	if (!queue->job)
		return err_set(err, ERR_SYSTEM, "out of memory for a list of %zu runs", n);
	if (enlist(queue, plan, todo, shelf, err) != 0) {
		queue_release(queue);
		return -1;
	}
	qsort(queue->job, n, sizeof *queue->job, compare_jobs);
	link_kinds(queue);
	return 0;
}

void queue_release(struct queue *queue)
{
	free(queue->job);
	free(queue->kind);
	free(queue->recent);
	*queue = (struct queue){0};
}

static struct job *take(struct queue *queue, size_t i)
{
	struct job *job = &queue->job[i];
	job->taken = true;
	if (job->kind >= 0) {
		struct kind *kind = &queue->kind[job->kind];
		kind->next = job->alike; /* the first of the queue is also the first of its kind */
		kind->left--;
	}
	return job;
}

struct job *queue_take(struct queue *queue)
{
	while (queue->next < queue->n && queue->job[queue->next].taken)
		queue->next++;
	return queue->next < queue->n ? take(queue, queue->next) : NULL;
}

struct job *queue_take_alike(struct queue *queue, int kind)
{
	const size_t next = queue->kind[kind].next;
	return next == SIZE_MAX ? NULL : take(queue, next);
}
