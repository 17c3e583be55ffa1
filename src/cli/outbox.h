/* outbox.h: finished runs on their way to the store. A trace waits at most `seconds`, or until `room` bytes wait; then all that
 * wait become one durable segment, while others gather behind them: no worker waits for the disk unless it cannot keep up. With
 * `seconds` 0 each run is committed before the next is taken. An interrupt waits for the commit under way and for that of what
 * gathered behind it, so the room follows the disk: it shrinks while commits take longer than OUTBOX_COMMIT_SECONDS. */
#ifndef FATHOM_OUTBOX_H
#define FATHOM_OUTBOX_H

#include <pthread.h>

#include "cli/progress.h"
#include "sched/sched.h"
#include "store/store.h"

enum { OUTBOX_ROOM_LEAST = 1 << 20, OUTBOX_ROOM = 8 << 20, OUTBOX_ROOM_MOST = 16 << 20, OUTBOX_PATIENCE = 1 };
#define OUTBOX_COMMIT_SECONDS 1.5

struct batch {
	size_t n, capacity, bytes;
	size_t *run;
	const struct trace **trace;
};

struct outbox {
	struct store *store;
	const struct plan *plan;
	const struct provenance *provenance;
	double seconds;
	bool quiet; /* no progress */

	/* Once *stop has been set for OUTBOX_PATIENCE seconds and runs are still being trained (in a large product, in wide
	 * first weights, in a file of data they do not look), what waits is committed and leave called, which does not return:
	 * they would be given up anyway. fault: NULL, or why it could not be committed. */
	const atomic_int *stop;
	atomic_int *at_work; /* set from the first tick until nothing waits any more */
	void (*leave)(const struct outbox *box, struct err *fault);
	double stopped_at; /* 0: not seen yet */

	pthread_mutex_t committing; /* held by who commits: of leaving and committed */
	pthread_mutex_t lock;       /* of waiting, room, committed_at and leaving.n; open while leaving is committed */
	pthread_cond_t gone;        /* leaving is empty again */
	struct batch waiting, leaving;
	size_t room; /* bytes that may wait */
	double committed_at;
	size_t committed; /* runs, so far */
	size_t todo;      /* runs of this call */
	size_t failed;    /* runs taken that could not be trained, and why the first could not */
	char failure[sizeof((struct trace *)0)->failure];
	struct meter meter;
};

/* The sink that fills it, shows progress and commits. */
struct sink outbox_sink(struct outbox *box);

/* Commits what waits, releases. */
int outbox_close(struct outbox *box, struct err *err);

#endif
