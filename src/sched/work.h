/* work.h: what the workers of a grid share. Private to the sched room. */
#ifndef FATHOM_WORK_H
#define FATHOM_WORK_H

#include <pthread.h>

#include "base/team.h"
#include "sched/queue.h"
#include "sched/sched.h"

/* A worker's post, as others see it. */
struct post {
	struct team team;      /* of those that have nothing of their own to do; team.left is readable at any time */
	const struct job *job; /* the run that is trained alone here; NULL: none */
	int hands;             /* how many it has work for */
};

struct work {
	const struct plan *plan;
	struct shelf shelf;
	struct sink sink;
	const atomic_int *stop;

	/* lock: of everything below, and held while the sink takes a trace, not while it ticks */
	pthread_mutex_t lock;
	pthread_cond_t wake; /* the ticking thread: to tick at once, or to end */
	pthread_cond_t help; /* workers without a run: one may want help, or has ended */
	struct queue queue;
	int threads, processors;
	struct post *post;  /* one a thread */
	bool finished, due; /* for it */
	atomic_int halt;    /* written under lock, read by train_run without */
	struct sched_progress progress;
	double start; /* of clock_now */
	int failed;
	struct err *err;
};

/* With work->lock held. The first fault counts, and ends the work. */
void work_fail(struct work *work, const struct err *err);

/* Train this job, already taken from the queue, and hand its trace in; side by side with others alike. arena: 1 + TRAIN_SEATS. */
void job_alone(struct work *work, const struct job *job, struct arena *arena, struct post *post);
void job_with_others(struct work *work, const struct job *first, int seats, struct arena *arena, struct post *post);

/* With work->lock held: how many should be trained side by side with this one, itself included. */
int job_seats(const struct work *work, const struct job *first);

#endif
