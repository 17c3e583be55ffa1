/* lane_probe_real.c: see lane_probe_real.h; formulas, and their reasons, are those of probe_real.c and activity_real.c. All lanes are
 * summed, those that are watched are written down.
 *
 * Letters: V lanes, B examples. */
#include "probe/lane_probe_real.h"

#include <math.h>
#include <string.h>

#include "probe/norm_real.h"

void FN(lane_probe_layout)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, struct arena *arena)
{
	const struct mlp_shape *shape = &lanes->shape;
	size_t most = 0;
	for (int l = 1; l <= shape->L; l++) {
		const size_t weights = (size_t)shape->n[l] * (size_t)shape->n[l - 1];
		most = weights > most ? weights : most;
	}
	*probe = (struct FN(lane_probe)){.before = ARENA_TAKE(arena, real, most * (size_t)lanes->V)};
}

static void add_up(struct FN(lane_probe) *probe)
{
	probe->wanted = 0;
	for (int v = 0; v < KERNELS_LANES; v++)
		if (probe->lane[v].trace)
			probe->wanted |= probe->lane[v].wanted;
}

void FN(lane_probe_watch)(struct FN(lane_probe) *probe, int lane, struct trace *trace, int s, metric_set wanted)
{
	const bool same = probe->lane[lane].trace && probe->lane[lane].wanted == wanted;
	probe->lane[lane].trace = trace;
	probe->lane[lane].s = s;
	probe->lane[lane].wanted = wanted;
	if (!same)
		add_up(probe);
}

void FN(lane_probe_leave)(struct FN(lane_probe) *probe, int lane)
{
	if (!probe->lane[lane].trace)
		return;
	probe->lane[lane].trace = NULL;
	add_up(probe);
}

void FN(lane_probe_erase)(struct FN(lane_probe) *probe, int lane)
{
	static const enum metric_id of_forward[] = {METRIC_ACT_MEAN, METRIC_ACT_ABS, METRIC_ACT_RMS};
	struct trace *trace = probe->lane[lane].trace;
	for (size_t k = 0; trace && k < sizeof of_forward / sizeof *of_forward; k++)
		for (int l = 1; l <= trace->L; l++)
			trace_put(trace, of_forward[k], probe->lane[lane].s, l, NAN);
}

static bool wants(const struct FN(lane_probe) *probe, enum metric_id id)
{
	return probe->wanted & METRIC_BIT(id);
}

/* Of layer l; l = 0: of the step. */
static void put(const struct FN(lane_probe) *probe, enum metric_id id, int l, const double *values)
{
	if (!wants(probe, id))
		return;
	for (int v = 0; v < KERNELS_LANES; v++) {
		struct trace *trace = probe->lane[v].trace;
		double *at = trace ? trace->value[id] : NULL;
		if (at)
			at[l > 0 ? probe->lane[v].s * trace->L + l - 1 : probe->lane[v].s] = values[v];
	}
}

static double numel(const struct FN(lanes) *lanes, int l)
{
	return (double)lanes->shape.batch * lanes->layer[l].out;
}

static void probe_activity(const struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	static const struct {
		enum metric_id id;
		enum sum sum;
	} means[] = {{METRIC_ACT_MEAN, SUM}, {METRIC_ACT_ABS, SUM_ABS}};
	const struct FN(lane_layer) *y = &lanes->layer[l];
	const real *a = l < lanes->shape.L ? y->A : y->D;
	double x[KERNELS_LANES];
	for (size_t k = 0; k < sizeof means / sizeof *means; k++) {
		if (!wants(probe, means[k].id))
			continue;
		FN(lane_sums)(lanes->kernels, means[k].sum, lanes->shape.batch, y->out, a, x);
		for (int v = 0; v < lanes->V; v++)
			x[v] /= numel(lanes, l);
		put(probe, means[k].id, l, x);
	}
	if (!wants(probe, METRIC_ACT_RMS))
		return;
	FN(lane_norms)(lanes->kernels, lanes->shape.batch, y->out, a, x);
	for (int v = 0; v < lanes->V; v++)
		x[v] /= sqrt(numel(lanes, l));
	put(probe, METRIC_ACT_RMS, l, x);
}

void FN(lane_probe_forward)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes)
{
	memset(probe->total, 0, sizeof probe->total);
	for (int l = 1; l <= lanes->shape.L; l++)
		probe_activity(probe, lanes, l);
}

static void ratios(int V, double *part, const double *whole)
{
	for (int v = 0; v < V; v++)
		part[v] = part[v] == 0 ? 0 : part[v] / whole[v];
}

static void put_spread(const struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, enum metric_id id, int l,
		       const real *M, const double *norms)
{
	const struct FN(lane_layer) *y = &lanes->layer[l];
	double x[KERNELS_LANES];
	if (!wants(probe, id))
		return;
	FN(lane_distances)(lanes->kernels, y->out, y->in, M, M, 0, x);
	ratios(lanes->V, x, norms);
	put(probe, id, l, x);
}

static void probe_weights(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	const struct FN(lane_layer) *y = &lanes->layer[l];
	if (!wants(probe, METRIC_WEIGHT_NORM) && !wants(probe, METRIC_WEIGHT_SPREAD) &&
	    !wants(probe, METRIC_UPDATE_RATIO))
		return;
	FN(lane_norms)(lanes->kernels, y->out, y->in, y->W, probe->weight_norm);
	put(probe, METRIC_WEIGHT_NORM, l, probe->weight_norm);
	put_spread(probe, lanes, METRIC_WEIGHT_SPREAD, l, y->W, probe->weight_norm);
	if (wants(probe, METRIC_UPDATE_RATIO))
		memcpy(probe->before, y->W, sizeof(real) * (size_t)y->out * (size_t)y->in * (size_t)lanes->V);
}

void FN(lane_probe_gradient)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	const struct FN(lane_layer) *y = &lanes->layer[l];
	const bool total = wants(probe, METRIC_GRAD_NORM_TOTAL);
	double dW[KERNELS_LANES], db[KERNELS_LANES] = {0}, x[KERNELS_LANES];
	if (total || wants(probe, METRIC_GRAD_NORM) || wants(probe, METRIC_ROW_SPREAD)) {
		FN(lane_norms)(lanes->kernels, y->out, y->in, y->dW, dW);
		put(probe, METRIC_GRAD_NORM, l, dW);
		put_spread(probe, lanes, METRIC_ROW_SPREAD, l, y->dW, dW);
	}
	if (y->db && (total || wants(probe, METRIC_BIAS_GRAD_NORM))) {
		FN(lane_norms)(lanes->kernels, 1, y->out, y->db, db);
		put(probe, METRIC_BIAS_GRAD_NORM, l, db);
	}
	for (int v = 0; v < lanes->V && total; v++)
		probe->total[v] = FN(norm_join)(probe->total[v], FN(norm_join)(dW[v], db[v]));
	probe_weights(probe, lanes, l);
	if (wants(probe, METRIC_DELTA_RMS)) {
		FN(lane_norms)(lanes->kernels, lanes->shape.batch, y->out, y->D, x);
		for (int v = 0; v < lanes->V; v++)
			x[v] /= sqrt(numel(lanes, l));
		put(probe, METRIC_DELTA_RMS, l, x);
	}
}

void FN(lane_probe_update)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	const struct FN(lane_layer) *y = &lanes->layer[l];
	double x[KERNELS_LANES];
	if (!wants(probe, METRIC_UPDATE_RATIO))
		return;
	FN(lane_distances)(lanes->kernels, y->out, y->in, y->W, probe->before, y->in, x);
	ratios(lanes->V, x, probe->weight_norm);
	put(probe, METRIC_UPDATE_RATIO, l, x);
}

void FN(lane_probe_batch)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes)
{
	double x[KERNELS_LANES];
	for (int v = 0; v < lanes->V; v++)
		x[v] = lanes->sum.loss[v] / lanes->shape.batch;
	put(probe, METRIC_BATCH_LOSS, 0, x);
	put(probe, METRIC_GRAD_NORM_TOTAL, 0, probe->total);
}
