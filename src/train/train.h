/* train.h: one run: settings and data in, a trace out. No I/O, no threads, no globals. */
#ifndef FATHOM_TRAIN_H
#define FATHOM_TRAIN_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/team.h"
#include "data/dataset.h"
#include "math/kernels.h"
#include "spec/key.h"
#include "trace/trace.h"

/* Trains one run. Memory of the run comes from the arena (grown as needed, kept for the next run); *trace is new, the
 * caller frees it. Divergence is a status, not an error. When *stop becomes nonzero (NULL: it never does) the run is given up
 * at the next step: returns 1 and no trace. Returns 0 with a trace, −1 with err. How a run ends: train_real.c. */
int train_run(const struct settings *settings, const struct dataset *data, struct arena *arena, const atomic_int *stop,
	      struct trace **trace, struct err *err);

/* The same with the help of a team, which large products are shared with: same bits. */
int train_in_team(const struct settings *settings, const struct dataset *data, struct team *team, struct arena *arena,
		  const atomic_int *stop, struct trace **trace, struct err *err);

/* How many threads at most a run of these settings has work for; 1: its steps are too short to be shared. */
int train_hands(const struct settings *settings, const struct dataset *data);

/* ---- small networks: several runs side by side ----
 *
 * Narrow networks are trained up to TRAIN_SEATS at a time, each in a lane of the processor's vectors. A run leaves the same trace,
 * bit for bit, alone and in whatever company; only its wall_time is a share of the group's. */
enum { TRAIN_SEATS = KERNELS_LANES };

/* Whether runs of these settings are faster so, in company of enough others. */
bool train_in_groups(const struct settings *settings, int inputs, int outputs, int64_t train_examples);
bool train_in_groups_at(enum kernels_level level, const struct settings *settings, int inputs, int outputs,
			int64_t train_examples);

/* Whether two of them may sit in one group, if their data have equally many inputs, outputs and training examples. */
bool train_alike(const struct settings *a, const struct settings *b);

/* How many lanes there are for runs of these settings. */
int train_seats(const struct settings *settings);

/* So many of them, or fewer, are faster one after the other than side by side with empty lanes. */
int train_few(const struct settings *settings);

/* next: the run for an empty seat, alike all others; its settings and data must last until done. False: there are no more.
 * done gives the trace of the run on this seat away; NULL: it could not be trained, see why. */
struct train_feed {
	bool (*next)(void *self, int seat, const struct settings **settings, const struct dataset **data);
	void (*done)(void *self, int seat, struct trace *trace, const struct err *why);
	void *self;
};

/* Trains runs until the feed has no more. seats ≤ train_seats. arena: 1 + TRAIN_SEATS of them. Returns 0; 1 when *stop ended it
 * (runs on seats are given up, without done); −1 when memory was short before the first run was asked for. */
int train_group(enum precision precision, const struct train_feed *feed, int seats, struct arena *arena,
		const atomic_int *stop);

/* Floating-point operations of one update, products only: 6 B Σ n[l] n[l−1] − 2 B n[0] n[1]. */
double train_flop(const struct settings *settings, int inputs, int outputs, int64_t train_examples);

/* Estimated seconds of a run on one thread of an ordinary machine: for order, ETA and plan. */
double train_cost(const struct settings *settings, int inputs, int outputs, int64_t train_examples);

/* The gradient check: every dW and db (of layers with more than 2,000 numbers that many, spaced evenly) of a network of these
 * settings on its first batch, against differences of the loss in float64 at the same weights (gradcheck_real.c).
 * The error of a derivative a against a difference n is |a − n| / max(|a| + |n|, √ε of the precision × the layer's largest). */
struct gradcheck {
	double worst; /* NaN in a gradient is the worst */
	int layer;    /* where: layer l, and which number of W[l] row by row, then b[l] */
	size_t index;
	size_t checked;
	size_t undecided; /* of checked: a kink or rounding spoils the difference, as a second one with another step shows */
};
int train_gradcheck(const struct settings *settings, const struct dataset *data, struct arena *arena,
		    struct gradcheck *result, struct err *err);

/* The check of small networks of every loss × precision (bit p: row p of precision_table) × activation × depths 0, 1, 3 and 8,
 * in this order; take gets each, last: it is the deepest of its kind. */
struct gradcheck_each {
	void (*take)(void *self, const struct settings *settings, const struct gradcheck *check, bool last);
	void *self;
};
int train_gradcheck_all(unsigned precisions, struct arena *arena, struct gradcheck_each each, struct err *err);

/* The largest relative error that passes, by precision. */
extern const double gradcheck_tolerance[];

#endif
