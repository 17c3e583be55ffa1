/* group_real.c: runs of one shape side by side, one in each lane of the vectors (net/lanes_real.h).
 *
 * The lanes do updates, and measure what they can at logged ones (probe/lane_probe_real.h). For whatever a run does besides, its
 * weights come home into a network of its own, where loop_real.c treats it like a run alone, and go back. As both compute the same
 * bits a run cannot tell where it is, nor who sits beside it. A run that ends, however it does, leaves its seat to the next one.
 *
 * Letters: V lanes, L layers, t updates done; a seat is a lane and the run in it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "probe/lane_probe_real.h"
#include "train/loop_real.h"

struct FN(seat) {
	struct FN(loop) loop;
	bool taken;
	bool logs;     /* in the lanes */
	bool home;     /* the weights of now are in loop.run */
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
	int taken;
	double clock, since; /* seconds of a run: those of the group are shared out among the runs of the moment */
	struct FN(seat) seat[KERNELS_LANES];
};

static bool stopped(const struct FN(group) *group)
{
	return group->stop && *group->stop;
}

static void tick(struct FN(group) *group)
{
	const double now = clock_now();
	group->clock += (now - group->since) / (group->taken > 0 ? group->taken : 1);
	group->since = now;
}

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

static void come_home(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	if (!seat->home) {
		FN(lanes_get)(&group->lanes, s, &seat->loop.run.mlp);
		move_memory(group, s, to_home);
		FN(loop_look_again)(&seat->loop);
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

static bool logged_now(const struct FN(loop) *loop)
{
	const struct trace *trace = loop->run.trace;
	return loop->next < trace->S && trace->step[loop->next] == loop->run.t;
}

/* As loop_arrive: the row of the trace that the next update is, if any. */
static void arrive(struct FN(group) *group, int s)
{
	struct FN(loop) *loop = &group->seat[s].loop;
	struct FN(run) *run = &loop->run;
	const bool logged = logged_now(loop);
	run->s = logged ? loop->next++ : -1;
	if (logged)
		FN(lane_probe_watch)(&group->probe, s, run->trace, run->s, run->settings->metrics);
	else
		FN(lane_probe_leave)(&group->probe, s);
}

/* Everything that the lane needs for its next update; true if its examples are new. */
static bool go_out(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	struct FN(run) *run = &seat->loop.run;
	const bool fresh = !run->full || !seat->prepared;
	if (seat->home) {
		FN(lanes_put)(&group->lanes, s, &run->mlp);
		move_memory(group, s, to_lanes);
		seat->home = false;
	}
	arrive(group, s);
	if (!run->full)
		gather(group, s);
	else if (fresh)
		FN(lanes_answers)(&group->lanes, s, run->answers);
	if (!seat->prepared || !optim_steady(&run->settings->optim))
		set_coefs(group, s);
	seat->prepared = true;
	return fresh;
}

/* ---- seats ---- */

static void give_away(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	FN(lane_probe_leave)(&group->probe, s);
	FN(loop_last)(&seat->loop);
	tick(group);
	seat->taken = false;
	group->taken--;
	trace_put(seat->loop.run.trace, METRIC_WALL_TIME, 0, 0, group->clock - seat->start);
	if (stopped(group))
		trace_free(seat->loop.run.trace);
	else
		group->feed->done(group->feed->self, s, seat->loop.run.trace, NULL);
}

static void end(struct FN(group) *group, int s, enum status status)
{
	struct FN(loop) *loop = &group->seat[s].loop;
	come_home(group, s);
	FN(loop_end)(loop, status);
	FN(loop_finish)(loop);
	give_away(group, s);
}

/* A short batch, at the end of an epoch, is none for the lanes. */
static int64_t next_visit(const struct FN(seat) *seat)
{
	const struct FN(loop) *loop = &seat->loop;
	const struct FN(run) *run = &loop->run;
	const struct trace *trace = run->trace;
	int64_t visit = run->steps;
	if (!seat->logs && loop->next < trace->S && trace->step[loop->next] < visit)
		visit = trace->step[loop->next];
	const int64_t short_one = run->t - run->t % run->epoch_steps + run->epoch_steps - 1;
	if (run->N % run->mlp.shape.batch != 0 && short_one < visit)
		visit = short_one;
	return visit;
}

/* Brings a seat to its next update in the lanes; false if its run ends before. */
static bool ready(struct FN(group) *group, int s)
{
	struct FN(seat) *seat = &group->seat[s];
	while (seat->loop.run.t == seat->visit && !stopped(group)) {
		come_home(group, s);
		if (!FN(loop_arrive)(&seat->loop) || !FN(loop_step)(&seat->loop)) {
			give_away(group, s);
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
	seat->logs = train_logs_in_lanes(run->settings, run->N);
	seat->visit = next_visit(seat);
	seat->taken = true;
	group->taken++;
}

/* Puts the next run on an empty seat; false if there is none. */
static bool take_next(struct FN(group) *group, int s)
{
	const struct train_feed *feed = group->feed;
	struct FN(seat) *seat = &group->seat[s];
	struct train_input input = {.stop = group->stop};
	while (!group->exhausted && !stopped(group)) {
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

/* ---- updates ---- */

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

/* With a full batch the loss is known ahead of the update, which is then perhaps not made. */
static void watch(struct FN(group) *group, int s)
{
	struct FN(loop) *loop = &group->seat[s].loop;
	struct FN(run) *run = &loop->run;
	const double loss = group->lanes.loss[s] / run->B;
	if (run->s >= 0 && run->settings->metrics & METRIC_BIT(METRIC_TRAIN_LOSS))
		trace_put(run->trace, METRIC_TRAIN_LOSS, run->s, 0, loss);
	if (FN(loop_watches)(loop))
		FN(loop_watch)(loop, loss);
	if (loop->ended)
		end(group, s, loop->status);
}

/* One update of every run. */
static void step(struct FN(group) *group)
{
	const int B = group->lanes.shape.batch;
	bool fresh = false;
	for (int s = 0; s < group->lanes.V; s++)
		fresh |= group->seat[s].taken && go_out(group, s);
	if (fresh)
		FN(lanes_take_batches)(&group->lanes);
	FN(lanes_forward)(&group->lanes);
	if (group->probe.wanted)
		FN(lane_probe_forward)(&group->probe, &group->lanes);
	FN(lanes_losses)(&group->lanes);
	for (int s = 0; s < group->lanes.V; s++)
		if (group->seat[s].taken && group->seat[s].loop.run.full)
			watch(group, s);
	if (group->taken > 0)
		FN(lanes_backward)(&group->lanes, (struct FN(lane_sink)){update, group});
	if (group->probe.wanted)
		FN(lane_probe_batch)(&group->probe, &group->lanes);
	for (int s = 0; s < group->lanes.V; s++) {
		if (!group->seat[s].taken)
			continue;
		if (FN(loop_diverges)(&group->seat[s].loop, group->lanes.loss[s] / B))
			end(group, s, STATUS_DIVERGED);
		else
			group->seat[s].loop.run.t++;
	}
}

/* The last few runs are faster one after the other. */
static void alone(struct FN(group) *group, int s)
{
	struct FN(loop) *loop = &group->seat[s].loop;
	come_home(group, s);
	while (!stopped(group) && FN(loop_arrive)(loop) && FN(loop_step)(loop))
		;
	give_away(group, s);
}

int FN(train_group)(const struct train_feed *feed, int seats, struct arena *arena, const atomic_int *stop)
{
	struct FN(group) *group = calloc(1, sizeof *group);
	if (!group)
		return -1;
	group->feed = feed;
	group->stop = stop;
	group->arena = arena;
	tick(group);
	do {
		for (int s = 0; s < seats; s++)
			while ((group->seat[s].taken || take_next(group, s)) && !ready(group, s))
				;
		const bool few = group->exhausted && group->taken <= FN(kernels)()->lanes / TRAIN_FEW;
		for (int s = 0; s < seats && few; s++)
			if (group->seat[s].taken)
				alone(group, s);
		if (group->taken > 0 && !stopped(group))
			step(group);
	} while ((group->taken > 0 || !group->exhausted) && !stopped(group));
	for (int s = 0; s < seats; s++)
		if (group->seat[s].taken)
			trace_free(group->seat[s].loop.run.trace);
	free(group);
	return stop && *stop;
}
