/* group_seats_real.c: a seat and what it holds: runs come, go out into the lanes, home again, and leave. See group_real.h. */
#include <string.h>

#include "base/clock.h"
#include "probe/lane_probe.h"
#include "train/group_real.h"

/* ---- into the lanes and home ---- */

static void layout(struct FN(group) *group, const struct FN(run) *run)
{
	struct arena *arena = &group->arena[0];
	const struct mlp_shape *shape = &run->mlp.shape;
	FN(lanes_layout)(&group->lanes, shape, run->data->targets, arena);
	FN(lane_probe_layout)(&group->probe, &group->lanes, arena);
	group->coefs = ARENA_TAKE(arena, struct FN(optim_coefs), shape->L + 1);
	group->memory = ARENA_TAKE(arena, struct FN(memory), shape->L + 1);
	for (int l = 1; l <= shape->L; l++) {
		const size_t out = (size_t)shape->n[l], in = (size_t)shape->n[l - 1], V = (size_t)group->lanes.V;
		struct FN(memory) memory = {0};
		for (int k = 0; k < optims[run->settings->optim.optimizer].states; k++) {
			memory.W[k] = ARENA_TAKE(arena, real, out * in * V);
			memory.b[k] = shape->bias ? ARENA_TAKE(arena, real, out * V) : NULL;
		}
		if (group->memory)
			group->memory[l] = memory;
	}
}

/* Everything is laid out for the first run; the others are like it (train_alike). */
static int lay_out(struct FN(group) *group, const struct FN(run) *run, struct err *err)
{
	if (group->laid)
		return 0;
	arena_measure(&group->arena[0]);
	layout(group, run);
	if (arena_reserve(&group->arena[0], err) != 0)
		return -1;
	layout(group, run);
	group->updater = run->updater;
	group->few = train_few(run->settings);
	group->coef_sets = run->settings->optim.layer_lr.n > 0 ? run->mlp.shape.L : 1;
	group->laid = true;
	return 0;
}

typedef void move(struct FN(group) *group, int lane, int rows, int columns, real *at_home, int ld, real *in_lanes);

static void to_lanes(struct FN(group) *group, int lane, int rows, int columns, real *at_home, int ld, real *in_lanes)
{
	FN(lane_put)(group->lanes.V, lane, rows, columns, at_home, ld, in_lanes);
}

static void to_home(struct FN(group) *group, int lane, int rows, int columns, real *at_home, int ld, real *in_lanes)
{
	FN(lane_get)(group->lanes.V, lane, rows, columns, in_lanes, at_home, ld);
}

static void move_memory(struct FN(group) *group, int s, move *one_way)
{
	const struct FN(run) *run = &group->seat[s].loop.run;
	for (int l = 1; l <= run->mlp.shape.L; l++) {
		const struct FN(layer) *y = &run->mlp.layer[l];
		for (int k = 0; k < optims[run->settings->optim.optimizer].states; k++) {
			one_way(group, s, y->out, y->in, run->memory[l].W[k], y->ldw, group->memory[l].W[k]);
			if (y->b)
				one_way(group, s, 1, y->out, run->memory[l].b[k], 0, group->memory[l].b[k]);
		}
	}
}

void FN(group_come_home)(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	if (!seat->home) {
		FN(lanes_get)(&group->lanes, s, &seat->loop.run.mlp);
		move_memory(group, s, to_home);
	}
	seat->home = true;
}

/* Learning rates and the like of update t + 1. */
static void set_coefs(struct FN(group) *group, int s)
{
	const struct FN(run) *run = &group->seat[s].loop.run;
	for (int l = 1; l <= group->coef_sets; l++) {
		const struct optim_step step = FN(run_update)(run, l);
		FN(optim_coefs)(&group->coefs[l], &step, s, group->lanes.V);
	}
}

/* Runs of one seed on the same examples see the same batches: gathered once. */
static bool same_batch(const struct FN(run) *a, const struct FN(run) *b)
{
	return a->data == b->data && a->settings->seed == b->settings->seed && a->t == b->t;
}

static void gather(struct FN(group) *group, int s)
{
	struct FN(run) *run = &group->seat[s].loop.run;
	const struct FN(run) *other = s > 0 && group->seat[s - 1].taken ? &group->seat[s - 1].loop.run : NULL;
	if (other && same_batch(other, run))
		FN(run_copy_batch)(run, other);
	else
		FN(run_gather)(run, run->t);
	FN(lanes_answers)(&group->lanes, s, run->answers);
}

/* The next update is a row of the trace, or is none. */
static void watch(struct FN(group) *group, int s)
{
	const struct FN(run) *run = &group->seat[s].loop.run;
	if (run->s >= 0)
		FN(lane_probe_watch)(&group->probe, s, run->trace, run->s, run->settings->metrics);
	else
		FN(lane_probe_leave)(&group->probe, s);
}

bool FN(group_go_out)(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	struct FN(run) *run = &seat->loop.run;
	const bool fresh = !run->full || !seat->prepared;
	if (seat->home) {
		FN(lanes_put)(&group->lanes, s, &run->mlp);
		move_memory(group, s, to_lanes);
		seat->home = false;
	}
	FN(loop_come)(&seat->loop);
	seat->idle = FN(loop_idle)(&seat->loop);
	watch(group, s);
	if (!run->full)
		gather(group, s);
	else if (fresh)
		FN(lanes_answers)(&group->lanes, s, run->answers);
	if (!seat->prepared || !seat->steady)
		set_coefs(group, s);
	seat->prepared = true;
	return fresh;
}

static void tick(struct FN(group) *group)
{
	const double now = clock_now();
	group->clock += (now - group->since) / (group->taken > 0 ? group->taken : 1);
	group->since = now;
}

/* ---- seats ---- */

void FN(group_give_away)(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	FN(lane_probe_leave)(&group->probe, s);
	if (!seat->lap)
		FN(loop_last)(&seat->loop);
	tick(group);
	seat->taken = false;
	group->taken--;
	trace_put(seat->loop.run.trace, METRIC_WALL_TIME, 0, 0, group->clock - seat->start);
	if (FN(group_stopped)(group))
		trace_free(seat->loop.run.trace);
	else
		group->feed->done(group->feed->self, s, seat->loop.run.trace, NULL);
}

/* A short batch, at the end of an epoch, is none for the lanes; nor are steps that they cannot measure, of which the last is one. */
static int64_t next_visit(const struct FN(seat) *seat)
{
	const struct FN(loop) *loop = &seat->loop;
	const struct FN(run) *run = &loop->run;
	const struct trace *trace = run->trace;
	const int64_t next = loop->next < trace->S ? trace->step[loop->next] : run->steps;
	int64_t visit = seat->logs ? INT64_MAX : next;
	const int64_t short_one = run->t - run->t % run->epoch_steps + run->epoch_steps - 1;
	if (run->N % run->mlp.shape.batch != 0 && short_one < visit)
		visit = short_one;
	return visit;
}

bool FN(group_ready)(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	while (seat->loop.run.t == seat->visit && !FN(group_stopped)(group)) {
		FN(group_come_home)(group, s);
		if (!FN(loop_arrive)(&seat->loop) || !FN(loop_step)(&seat->loop)) {
			FN(group_give_away)(group, s);
			return false;
		}
		seat->visit = next_visit(seat);
	}
	return true;
}

/* From now on the run gathers its batches where the lanes find them. */
static void sit_down(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	struct FN(run) *run = &seat->loop.run;
	real *batch = FN(lanes_batch)(&group->lanes, s);
	memcpy(batch, run->X, sizeof(real) * (size_t)run->mlp.shape.batch * (size_t)run->ldx);
	run->X = batch;
	seat->steady = optim_steady(&run->settings->optim);
	seat->logs = lane_probe_knows(run->settings->metrics);
	seat->visit = next_visit(seat);
	seat->taken = true;
	group->taken++;
}

bool FN(group_take_next)(struct FN(group) *group, int s)
{
	const struct train_feed *feed = group->feed;
	struct FN(seat) *seat = &group->seat[s];
	struct train_input input = {.stop = group->stop};
	while (!group->exhausted && !FN(group_stopped)(group)) {
		struct err err = {0};
		tick(group);
		*seat = (struct FN(seat)){.home = true, .start = group->clock};
		if (!feed->next(feed->self, s, &input.settings, &input.data)) {
			group->exhausted = true;
		} else if (FN(loop_open)(&seat->loop, &input, &group->arena[1 + s], &err) != 0) {
			feed->done(feed->self, s, NULL, &err);
		} else if (lay_out(group, &seat->loop.run, &err) != 0) {
			trace_free(seat->loop.run.trace);
			feed->done(feed->self, s, NULL, &err);
		} else {
			sit_down(group, s);
			return true;
		}
	}
	return false;
}
