/* queue.h: the runs that wait: longest first, and those alike of one kind in a row of their own, so that a group that trains
 * them side by side finds the next. No locks: the caller has one. */
#ifndef FATHOM_QUEUE_H
#define FATHOM_QUEUE_H

#include "sched/shelf.h"
#include "spec/plan.h"

struct job {
	size_t run;
	double cost;
	size_t data; /* place on the shelf */
	int kind;    /* runs of one kind may be trained in one group (train_alike); −1: alone */
	bool taken;
	size_t alike; /* the next of its kind */
};

struct kind {
	struct settings settings; /* of one of them */
	size_t data;
	size_t next, left; /* of those not taken */
};

struct queue {
	size_t n, next;
	struct job *job;
	int kinds, room;
	struct kind *kind;
	int *recent; /* the kinds, those met last first: neighbours in a plan are mostly alike */
};

/* Runs todo[0 … n−1] of the plan; enlists their data on the shelf. −1 with err, nothing to release. */
int queue_make(struct queue *queue, const struct plan *plan, size_t n, const size_t *todo, struct shelf *shelf,
	       struct err *err);
void queue_release(struct queue *queue);

/* The longest, of all or of a kind. NULL: none is left. */
struct job *queue_take(struct queue *queue);
struct job *queue_take_alike(struct queue *queue, int kind);

#endif
