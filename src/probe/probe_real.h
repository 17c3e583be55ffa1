/* probe_real.h: measures a network into a trace: one function per group of metrics. Called at logged steps only; reads the net,
 * changes nothing in it. s is the index of the logged step. */
#ifndef FATHOM_PROBE_REAL_H
#define FATHOM_PROBE_REAL_H

#include "net/mlp_real.h"
#include "trace/trace.h"

/* How many examples of a batch act_cosine compares. */
enum { PROBE_COSINES = 64 };

/* What probes need to remember or to borrow; only what the wanted metrics need is taken. */
struct FN(probe) {
	metric_set wanted;
	real **start;      /* [L + 1]: W at step 0, for weight_distance */
	real **last;       /* [L + 1]: dW of the logged step before, for grad_cosine */
	double *last_norm; /* [L + 1]: its norm */
	real *before;      /* W of the layer that is about to be updated, for update_ratio, and its norm */
	double weight_norm;
	double *units; /* a number for each unit of the widest layer, for act_cosine and dead */
	bool has_last;

	/* for delta_predicted and delta_bound; from the forward pass, before any update */
	double *gain;            /* [L + 1]: rms dZ[l] over rms dZ[l+1] as predicted, l < L */
	double *spectral;        /* [L + 1]: ‖W[l]‖₂ */
	double *svd;             /* scratch for the largest layer */
	double predicted, delta; /* of the layer after: its delta_predicted, its ‖dZ‖_F */
};

/* Sizes are taken from mlp->shape alone, so a measuring arena will do. */
void FN(probe_layout)(struct FN(probe) *probe, const struct FN(mlp) *mlp, metric_set wanted, struct arena *arena);

/* Right after mlp_init. */
void FN(probe_start)(struct FN(probe) *probe, const struct FN(mlp) *mlp);

/* After mlp_forward of B examples: act_*, saturation, dead, spectral_norm. */
void FN(probe_forward)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int B, struct trace *trace, int s);

/* In the gradient sink, before the update of layer l = L … 1: weight_*, grad_norm, bias_grad_norm, delta_*, row_spread,
 * grad_cosine. Returns probe_gradient_norm, by the way. */
double FN(probe_gradient)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace, int s);

/* The norm of dW[l] and db[l] together; joined over the layers it is grad_norm_total, and what clipping looks at. */
double FN(probe_gradient_norm)(const struct FN(mlp) *mlp, int l);

/* Around the update of layer l, after its probe_gradient: update_ratio. */
void FN(probe_before_update)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l);
void FN(probe_after_update)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, struct trace *trace, int s);

/* Whether every weight and bias is a finite number: relu and saturating activations can hide one that is not. */
bool FN(probe_finite)(const struct FN(mlp) *mlp);

#endif
