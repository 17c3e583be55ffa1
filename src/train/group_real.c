/* group_real.c: runs of one shape side by side, one in each lane of the vectors (net/lanes_real.h).
 *
 * The lanes do updates, and measure what they can at logged ones (probe/lane_probe_real.h, group_scores_real.c). For whatever a run
 * does besides, its weights come home into a network of its own, where loop_real.c treats it like a run alone, and go back
 * (group_seats_real.c). As both compute the same bits a run cannot tell where it is, nor who sits beside it. A run that ends,
 * however it does, leaves its seat to the next one.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "train/group_real.h"

bool FN(group_stopped)(const struct FN(group) *group)
{
	return group->stop && *group->stop;
}

static void update(void *self, int l)
{
	struct FN(group) *group = self;
	const struct FN(lane_layer) *y = &group->lanes.layer[l];
	const struct FN(memory) *memory = &group->memory[l];
	const struct FN(optim_coefs) *coefs = &group->coefs[group->coef_sets > 1 ? l : 1];
	const size_t V = (size_t)group->lanes.V;
	if (group->probe.wanted)
		FN(lane_probe_gradient)(&group->probe, &group->lanes, l);
	group->updater((size_t)y->out * (size_t)y->in * V, y->W, y->dW, memory->W, coefs);
	if (y->b)
		group->updater((size_t)y->out * V, y->b, y->db, memory->b, coefs);
	if (group->probe.wanted)
		FN(lane_probe_update)(&group->probe, &group->lanes, l);
}

/* With the weights of now as the last ones. */
static void finish(struct FN(group) *group, int s)
{
	FN(group_come_home)(group, s);
	FN(loop_finish)(&group->seat[s].loop);
}

/* Logs and judges as loop_arrive does, ahead of the update: all that it needs is known by now. */
static void judge(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	struct FN(loop) *loop = &seat->loop;
	const struct FN(run) *run = &loop->run;
	const struct loss_sum sum = {group->lanes.sum.loss[s], (int64_t)group->lanes.sum.correct[s]};
	if (run->full)
		loop->batch = FN(loop_score)(&run->data->train, sum, run->B);
	if (FN(loop_judge)(loop))
		return;
	finish(group, s);
	seat->lap = seat->logs && FN(loop_has_last)(loop);
	if (seat->lap)
		return;
	FN(lane_probe_erase)(&group->probe, s);
	FN(group_give_away)(group, s);
}

/* After an update. */
static void look_back(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	struct FN(loop) *loop = &seat->loop;
	if (seat->lap) {
		FN(group_give_away)(group, s);
	} else if (FN(loop_diverges)(loop, group->lanes.sum.loss[s] / loop->run.B)) {
		FN(loop_end)(loop, STATUS_DIVERGED);
		finish(group, s);
		FN(group_give_away)(group, s);
	} else {
		loop->run.t++;
	}
}

/* One update of every run. */
static void step(struct FN(group) *group)
{
	struct FN(lanes) *lanes = &group->lanes;
	const int V = lanes->V;
	bool fresh = false, idle = true;
	for (int s = 0; s < V; s++)
		if (group->seat[s].taken) {
			fresh |= FN(group_go_out)(group, s);
			idle &= group->seat[s].idle;
		}
	if (!idle)
		FN(group_measure)(group);
	if (fresh)
		FN(lanes_take_batches)(lanes);
	FN(lanes_forward)(lanes);
	if (group->probe.wanted)
		FN(lane_probe_forward)(&group->probe, lanes);
	FN(lanes_losses)(lanes);
	for (int s = 0; s < V && !idle; s++)
		if (group->seat[s].taken && !group->seat[s].idle)
			judge(group, s);
	if (group->taken > 0)
		FN(lanes_backward)(lanes, (struct FN(lane_sink)){update, group});
	if (group->probe.wanted)
		FN(lane_probe_batch)(&group->probe, lanes);
	for (int s = 0; s < V; s++)
		if (group->seat[s].taken)
			look_back(group, s);
}

/* The last few runs are faster one after the other. */
static void alone(struct FN(group) *group, int s)
{
	struct FN(loop) *loop = &group->seat[s].loop;
	FN(group_come_home)(group, s);
	while (!FN(group_stopped)(group) && FN(loop_arrive)(loop) && FN(loop_step)(loop))
		;
	FN(group_give_away)(group, s);
}

int FN(train_group)(const struct train_feed *feed, int seats, struct arena *arena, const atomic_int *stop)
{
	struct FN(group) *group = calloc(1, sizeof *group);
	if (!group)
		return -1;
	group->feed = feed;
	group->stop = stop;
	group->arena = arena;
	group->since = clock_now();
	do {
		for (int s = 0; s < seats; s++)
			while ((group->seat[s].taken || FN(group_take_next)(group, s)) &&
			       group->seat[s].loop.run.t == group->seat[s].visit && !FN(group_ready)(group, s))
				;
		const bool few = group->exhausted && group->taken <= group->few;
		for (int s = 0; s < seats && few; s++)
			if (group->seat[s].taken)
				alone(group, s);
		if (group->taken > 0 && !FN(group_stopped)(group))
			step(group);
	} while ((group->taken > 0 || !group->exhausted) && !FN(group_stopped)(group));
	for (int s = 0; s < seats; s++)
		if (group->seat[s].taken)
			trace_free(group->seat[s].loop.run.trace);
	free(group);
	return stop && *stop;
}
