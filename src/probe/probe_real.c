/* probe_real.c: what probes keep, and the metrics of weights, gradients and updates. Those of activations: activity_real.c.
 *
 * The definitions are those of trace/metric.h. Sums are in double, in an order that depends on nothing but the shapes. A ratio
 * 0/0 is 0 where the metric says so (spreads, update_ratio), NaN elsewhere. */
#include "probe/probe_real.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "probe/activity_real.h"
#include "probe/norm_real.h"

#define DELTAS (METRIC_BIT(METRIC_DELTA_RMS) | METRIC_BIT(METRIC_DELTA_PREDICTED) | METRIC_BIT(METRIC_DELTA_BOUND))

static bool wants(const struct FN(probe) *probe, enum metric_id id)
{
	return probe->wanted & METRIC_BIT(id);
}

static size_t weights_of(const struct mlp_shape *shape, int l)
{
	return (size_t)shape->n[l] * (size_t)real_pad(shape->n[l - 1]);
}

/* A block the size of each layer's W. */
static real **take_weights(const struct mlp_shape *shape, struct arena *arena)
{
	real **block = ARENA_TAKE(arena, real *, shape->L + 1);
	for (int l = 1; l <= shape->L; l++) {
		real *of_layer = ARENA_TAKE(arena, real, weights_of(shape, l));
		if (block)
			block[l] = of_layer;
	}
	return block;
}

void FN(probe_layout)(struct FN(probe) *probe, const struct FN(mlp) *mlp, metric_set wanted, struct arena *arena)
{
	const struct mlp_shape *shape = &mlp->shape;
	size_t largest = 0, scratch = 0;
	int widest = 0;
	for (int l = 1; l <= shape->L; l++) {
		largest = weights_of(shape, l) > largest ? weights_of(shape, l) : largest;
		widest = shape->n[l] > widest ? shape->n[l] : widest;
		const size_t svd = svd_scratch(shape->n[l], shape->n[l - 1]);
		scratch = svd > scratch ? svd : scratch;
	}
	*probe = (struct FN(probe)){.wanted = wanted};
	if (wants(probe, METRIC_WEIGHT_DISTANCE))
		probe->start = take_weights(shape, arena);
	if (wants(probe, METRIC_GRAD_COSINE)) {
		probe->last = take_weights(shape, arena);
		probe->last_norm = ARENA_TAKE(arena, double, shape->L + 1);
	}
	if (wants(probe, METRIC_DELTA_PREDICTED))
		probe->gain = ARENA_TAKE(arena, double, shape->L + 1);
	if (wants(probe, METRIC_DELTA_BOUND) || wants(probe, METRIC_SPECTRAL_NORM)) {
		probe->spectral = ARENA_TAKE(arena, double, shape->L + 1);
		probe->svd = ARENA_TAKE(arena, double, scratch);
	}
	if (wants(probe, METRIC_UPDATE_RATIO))
		probe->before = ARENA_TAKE(arena, real, largest);
	if (wants(probe, METRIC_ACT_COSINE) || wants(probe, METRIC_DEAD))
		probe->units = ARENA_TAKE(arena, double, widest);
}

void FN(probe_start)(struct FN(probe) *probe, const struct FN(mlp) *mlp)
{
	probe->has_last = false;
	for (int l = 1; probe->start && l <= mlp->shape.L; l++)
		memcpy(probe->start[l], mlp->layer[l].W, weights_of(&mlp->shape, l) * sizeof(real));
}

static double ratio(double part, double whole)
{
	return part == 0 ? 0 : part / whole;
}

/* √Σ_o ‖row o − row 1‖² / ‖M‖_F: 0 exactly iff all rows are equal. */
static double spread(const struct FN(mlp) *mlp, int rows, int columns, const real *M, int ld, double norm)
{
	return ratio(FN(distance)(mlp->kernels, rows, columns, M, ld, M, 0), norm);
}

/* In the gradient sink: W[l] has just been read by backward, and is what it was at the forward pass. */
static void probe_weights(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, struct trace *trace, int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	if (wants(probe, METRIC_WEIGHT_NORM) || wants(probe, METRIC_WEIGHT_SPREAD) ||
	    wants(probe, METRIC_UPDATE_RATIO)) {
		probe->weight_norm = FN(norm)(mlp->kernels, y->out, y->in, y->W, y->ldw);
		trace_put(trace, METRIC_WEIGHT_NORM, s, l, probe->weight_norm);
		if (wants(probe, METRIC_WEIGHT_SPREAD))
			trace_put(trace, METRIC_WEIGHT_SPREAD, s, l,
				  spread(mlp, y->out, y->in, y->W, y->ldw, probe->weight_norm));
	}
	if (wants(probe, METRIC_WEIGHT_DISTANCE))
		trace_put(trace, METRIC_WEIGHT_DISTANCE, s, l,
			  FN(distance)(mlp->kernels, y->out, y->in, y->W, y->ldw, probe->start[l], y->ldw));
}

/* What delta_predicted and delta_bound need of layer l: backward puts dZ in place of the slopes, and updates W from above.
 * The gain is what an error without preferred direction meets: E‖Wᵀd‖² = ‖W‖_F² ‖d‖² / n[l+1], over n[l] units. */
static void probe_passage(const struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace,
			  int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	if (wants(probe, METRIC_SPECTRAL_NORM) || (wants(probe, METRIC_DELTA_BOUND) && l > 1)) {
		probe->spectral[l] = FN(spectral_norm)(y->out, y->in, y->W, y->ldw, probe->svd);
		trace_put(trace, METRIC_SPECTRAL_NORM, s, l, probe->spectral[l]);
	}
	if (!wants(probe, METRIC_DELTA_PREDICTED) || l == mlp->shape.L)
		return;
	const struct FN(layer) *above = &mlp->layer[l + 1];
	const double slope = FN(norm)(mlp->kernels, B, y->out, y->D, y->lda) / sqrt((double)B * y->out);
	probe->gain[l] = FN(norm)(mlp->kernels, above->out, above->in, above->W, above->ldw) / sqrt(y->out) * slope;
}

void FN(probe_forward)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int B, struct trace *trace, int s)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		FN(probe_activity)(probe, mlp, l, B, trace, s);
		probe_passage(probe, mlp, l, B, trace, s);
	}
}

/* Cosine with dW[l] of the logged step before, which this one, of norm dW, then replaces; NaN where either is zero. */
static double cosine_with_last(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, double dW)
{
	const struct FN(layer) *y = &mlp->layer[l];
	real *last = probe->last[l];
	double cosine = NAN;
	if (probe->has_last) {
		const double dot = mlp->kernels->sum[SUM_PRODUCTS](y->out, y->in, y->dW, y->ldw, last, y->ldw);
		/* one division after the other: the product of two vanishing norms may be 0 */
		cosine = dot / dW / probe->last_norm[l];
	}
	memcpy(last, y->dW, (size_t)y->out * (size_t)y->ldw * sizeof(real));
	probe->last_norm[l] = dW;
	return cosine;
}

/* ‖dZ[l]‖_F over its bound; NaN where there is none, or where the bound is so small that rounding to denormal numbers decides. */
static double share_of_bound(const struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, double delta)
{
	if (l == mlp->shape.L)
		return NAN;
	const double bound = mlp->act->steepest * probe->spectral[l + 1] * probe->delta;
	const double reliable =
		sqrt((double)B * mlp->layer[l].out) * (REAL_BITS == 32 ? FLT_MIN / FLT_EPSILON : DBL_MIN / DBL_EPSILON);
	return bound >= reliable ? delta / bound : NAN;
}

/* Layers from L down: each needs what was found of the one after. */
static void probe_delta(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace, int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	if (!(probe->wanted & DELTAS))
		return;
	const double delta = FN(norm)(mlp->kernels, B, y->out, y->D, y->lda), rms = delta / sqrt((double)B * y->out);
	trace_put(trace, METRIC_DELTA_RMS, s, l, rms);
	if (wants(probe, METRIC_DELTA_PREDICTED)) {
		probe->predicted = l == mlp->shape.L ? rms : probe->predicted * probe->gain[l];
		trace_put(trace, METRIC_DELTA_PREDICTED, s, l, probe->predicted);
	}
	if (wants(probe, METRIC_DELTA_BOUND))
		trace_put(trace, METRIC_DELTA_BOUND, s, l, share_of_bound(probe, mlp, l, B, delta));
	probe->delta = delta;
}

double FN(probe_gradient)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace, int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	const double dW = FN(norm)(mlp->kernels, y->out, y->in, y->dW, y->ldw),
		     db = y->db ? FN(norm)(mlp->kernels, 1, y->out, y->db, 0) : 0;
	probe_weights(probe, mlp, l, trace, s);
	trace_put(trace, METRIC_GRAD_NORM, s, l, dW);
	if (y->db)
		trace_put(trace, METRIC_BIAS_GRAD_NORM, s, l, db);
	probe_delta(probe, mlp, l, B, trace, s);
	if (wants(probe, METRIC_ROW_SPREAD))
		trace_put(trace, METRIC_ROW_SPREAD, s, l, spread(mlp, y->out, y->in, y->dW, y->ldw, dW));
	if (wants(probe, METRIC_GRAD_COSINE))
		trace_put(trace, METRIC_GRAD_COSINE, s, l, cosine_with_last(probe, mlp, l, dW));
	if (l == 1)
		probe->has_last = true;
	return FN(norm_join)(dW, db);
}

double FN(probe_gradient_norm)(const struct FN(mlp) *mlp, int l)
{
	const struct FN(layer) *y = &mlp->layer[l];
	const double of_weights = FN(norm)(mlp->kernels, y->out, y->in, y->dW, y->ldw);
	return y->db ? FN(norm_join)(of_weights, FN(norm)(mlp->kernels, 1, y->out, y->db, 0)) : of_weights;
}

void FN(probe_before_update)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l)
{
	if (wants(probe, METRIC_UPDATE_RATIO))
		memcpy(probe->before, mlp->layer[l].W, weights_of(&mlp->shape, l) * sizeof(real));
}

void FN(probe_after_update)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, struct trace *trace, int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	if (wants(probe, METRIC_UPDATE_RATIO))
		trace_put(trace, METRIC_UPDATE_RATIO, s, l,
			  ratio(FN(distance)(mlp->kernels, y->out, y->in, y->W, y->ldw, probe->before, y->ldw),
				probe->weight_norm));
}

bool FN(probe_finite)(const struct FN(mlp) *mlp)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *y = &mlp->layer[l];
		if (!isfinite(FN(norm)(mlp->kernels, y->out, y->in, y->W, y->ldw)) ||
		    (y->b && !isfinite(FN(norm)(mlp->kernels, 1, y->out, y->b, 0))))
			return false;
	}
	return true;
}
