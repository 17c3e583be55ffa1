/* shelf.h: the data sets that the runs of a plan need. Runs with the same data section share one copy, loaded by the first run
 * that needs it and let go with the last; sets that wait for later runs are put back early when memory gets tight. */
#ifndef FATHOM_SHELF_H
#define FATHOM_SHELF_H

#include <pthread.h>

#include "spec/key.h"
#include "train/cost.h"

struct shelved {
	struct data_spec spec;
	int inputs, classes, targets;
	size_t left;    /* runs that still need it */
	size_t readers; /* runs that read it now */
	bool loaded;
	struct dataset data;
	pthread_mutex_t loading; /* one loads, the others wait; loads of different sets do not wait for each other */
};

struct shelf {
	size_t n, capacity;
	struct shelved *item;
	size_t last;          /* where the last find ended: neighbours in a plan mostly share their data */
	size_t bytes, limit;  /* loaded, and where early returns begin */
	pthread_mutex_t lock; /* of readers, left, bytes */
};

void shelf_init(struct shelf *shelf);
void shelf_release(struct shelf *shelf);

/* The place of the data of these settings; one more run needs it. Before any thread starts. −1 with err. */
int shelf_enlist(struct shelf *shelf, const struct settings *settings, size_t *place, struct err *err);

/* The data, loaded if they are not; constant until handed back. NULL with err. */
const struct dataset *shelf_borrow(struct shelf *shelf, size_t place, struct err *err);
void shelf_hand_back(struct shelf *shelf, size_t place);

/* What a run of these settings costs: train/cost.h. */
void shelf_count(const struct shelf *shelf, size_t place, const struct settings *settings, double count[COST_KINDS]);

/* How many training examples there are, as far as is known before they are loaded. */
int64_t shelf_examples(const struct shelf *shelf, size_t place);

#endif
