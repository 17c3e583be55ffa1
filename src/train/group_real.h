/* group_real.h: runs side by side, seat by seat. Private to the train room; how they live is group_real.c's.
 *
 * Letters: V lanes, L layers, t updates done; a seat is a lane and the run in it.
 */
#ifndef FATHOM_GROUP_REAL_H
#define FATHOM_GROUP_REAL_H

#include "probe/lane_probe_real.h"
#include "train/loop_real.h"

struct FN(seat) {
	struct FN(loop) loop;
	bool taken;
	bool logs; /* in the lanes (lane_probe_knows) */
	bool home; /* the weights of now are in loop.run */
	bool lap; /* the last row of its trace is being measured: the run has ended, its final weights are in loop.run */
	bool idle;     /* nothing is to be logged or judged ahead of the next update */
	bool steady;   /* coefficients do not change with t */
	bool prepared; /* what does not change with t is in the lanes: full batch, steady coefficients */
	int64_t visit; /* the next t whose update is not made in the lanes */
	double start;  /* of the group's clock */
};

struct FN(group) {
	const struct train_feed *feed;
	const atomic_int *stop;
	struct arena *arena; /* [0]: of the lanes; [1 + seat] */
	struct FN(lanes) lanes;
	struct FN(lane_probe) probe;
	struct FN(memory) *memory; /* [L + 1], in lanes */
	struct FN(optim_coefs) *coefs;
	FN(optim_update) *updater;
	int coef_sets; /* of coefs: one a layer, or one for all */
	bool laid, exhausted;
	int taken, few;      /* train_few */
	double clock, since; /* seconds of a run: those of the group are shared out among the runs of the moment */
	struct FN(seat) seat[KERNELS_LANES];
};

/* group_real.c */
bool FN(group_stopped)(const struct FN(group) *group);

/* group_seats_real.c: the next run on an empty seat, false if there is none; then, at the step that the seat visits, what is done before
 * it is in the lanes again, false if the run ends there; and, again and again, everything that the lane needs for the next update, true if
 * its examples are new. */
bool FN(group_take_next)(struct FN(group) *group, int s);
bool FN(group_ready)(struct FN(group) *group, int s);
bool FN(group_go_out)(struct FN(group) *group, int s);

/* The weights and all else that updates change into loop.run; they go back with group_go_out. */
void FN(group_come_home)(struct FN(group) *group, int s);

/* The run is finished: the rest of its last row, then its trace is handed over, and the seat is empty. */
void FN(group_give_away)(struct FN(group) *group, int s);

/* group_scores_real.c: at the step that all seats have come to (loop_come), what sets say of their weights: those of most seats in the
 * lanes; where few need it loop_judge will do it, for which their weights are copied home. */
void FN(group_measure)(struct FN(group) *group);

#endif
