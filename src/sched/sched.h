/* sched.h: which run is trained when, by whom. The only room with OpenMP: parallel across runs, and inside one when there
 * are fewer than threads. It knows no store: a finished trace goes to a sink. */
#ifndef FATHOM_SCHED_H
#define FATHOM_SCHED_H

#include <stdatomic.h>

#include "spec/plan.h"
#include "train/cost.h"
#include "train/train.h"

struct sched_progress {
	size_t runs, done; /* of this call */
	size_t by_status[STATUS_N];
	double seconds;         /* since the start */
	double cost, cost_done; /* estimated seconds of one thread; parts of runs alone count */
	int threads;
};

/* take gets every finished trace, which it owns from then on; never called by two threads at a time, and all others wait for it:
 * it should be short. It returns 0, or 1 to be ticked soon. tick is called about ten times a second while runs are trained, also
 * when none finishes, by one thread at a time, beside take: nobody waits for it. −1 (with err) of either stops the grid. */
struct sink {
	int (*take)(void *self, size_t run, struct trace *trace, struct err *err);
	int (*tick)(void *self, const struct sched_progress *progress, struct err *err);
	void *self;
};

/* Trains runs todo[0 … n−1] of the plan, longest first, one thread a run, or several when there are fewer; data sets are loaded once and shared. A run that
 * cannot be trained (memory) becomes a trace of status failed; data that cannot be loaded stop the grid. When *stop becomes
 * nonzero all threads give up their runs at the next step. Returns 0 (all done, or stopped: see *stop) or −1 with err. */
int sched_run(const struct plan *plan, size_t n, const size_t *todo, int threads, struct sink sink,
	      const atomic_int *stop, struct err *err);

/* Estimated seconds of each of these runs on one thread of the machine that the costs were fitted on, the same everywhere: for
 * shards and order. count (may be NULL): of what kinds of work they are made, all together. */
int sched_cost(const struct plan *plan, size_t n, const size_t *todo, double *seconds, double count[COST_KINDS],
	       struct err *err);

/* By how much this machine is slower than that one: the time of a small piece of work, about 20 ms, over its estimate. */
int sched_pace(double *pace, struct err *err);

/* Threads to use when the user does not say: the processors of this process's affinity mask that its control group
 * lets it use, at most SLURM_CPUS_PER_TASK and
 * OMP_NUM_THREADS if set. */
int sched_threads(void);

/* Without those two variables. */
int sched_processors(void);

/* fathom bench step: `threads` threads, each training a run of its own of these settings (small networks: as many as go side by side) for about `seconds`; updates per
 * second summed over the threads. What a run costs beside its updates (its first weights, its evaluations) is timed in a run of
 * one update and taken off. */
int sched_bench(const struct settings *settings, int threads, double seconds, double *steps_per_s, struct err *err);

#endif
