/* activity_real.c: see activity_real.h. Rows of A hold anything behind their last unit, so everything goes row by row. */
#include "probe/activity_real.h"

#include <math.h>
#include <string.h>

#include "probe/norm_real.h"

/* What is measured: B examples (rows lda apart) of n units. */
struct FN(activity) {
	const struct FN(kernels) *kernels;
	size_t B, n, lda;
	const real *a;
};

static const real *row(const struct FN(activity) *x, size_t b)
{
	return x->a + b * x->lda;
}

static double numel(const struct FN(activity) *x)
{
	return (double)x->B * (double)x->n;
}

static double mean(const struct FN(activity) *x)
{
	return x->kernels->sum[SUM]((int)x->B, (ptrdiff_t)x->n, x->a, (ptrdiff_t)x->lda, NULL, 0) / numel(x);
}

static double mean_abs(const struct FN(activity) *x)
{
	return x->kernels->sum[SUM_ABS]((int)x->B, (ptrdiff_t)x->n, x->a, (ptrdiff_t)x->lda, NULL, 0) / numel(x);
}

/* √mean (a − mean)², about the mean itself: the difference of two large sums would lose a small deviation. */
static double deviation(const struct FN(activity) *x, double about)
{
	enum { LANES = 16 };
	double lane[LANES] = {0}, sum = 0;
	for (size_t b = 0; b < x->B; b++) {
		const real *a = row(x, b);
		size_t i = 0;
		for (; i + LANES <= x->n; i += LANES)
			for (int k = 0; k < LANES; k++)
				lane[k] += ((double)a[i + k] - about) * ((double)a[i + k] - about);
		for (int k = 0; i < x->n; i++, k++)
			lane[k] += ((double)a[i] - about) * ((double)a[i] - about);
	}
	for (int k = 0; k < LANES; k++)
		sum += lane[k];
	return sqrt(sum / numel(x));
}

/* Mean cosine between different examples among the first PROBE_COSINES. With unit vectors u and their sum s,
 * Σ_{i≠j} u_i·u_j = ‖s‖² − k: no pair is looked at. Examples that are zero have no direction and are left out; NaN if fewer
 * than two are left. */
static double mean_cosine(const struct FN(activity) *x, double *total)
{
	const size_t most = x->B < PROBE_COSINES ? x->B : PROBE_COSINES;
	double k = 0, squares = 0;
	memset(total, 0, sizeof *total * x->n);
	for (size_t b = 0; b < most; b++) {
		const real *a = row(x, b);
		const double length = FN(norm)(x->kernels, 1, (int)x->n, a, 0);
		if (length == 0)
			continue;
		k++;
		for (size_t i = 0; i < x->n; i++)
			total[i] += a[i] / length;
	}
	for (size_t i = 0; i < x->n; i++)
		squares += total[i] * total[i];
	return k < 2 ? NAN : (squares - k) / (k * (k - 1));
}

static double share_outside(const struct FN(activity) *x, double low, double high)
{
	if (isnan(low) || isnan(high))
		return NAN;
	int64_t outside = 0;
	for (size_t b = 0; b < x->B; b++) {
		const real *a = row(x, b);
		int64_t count = 0;
		for (size_t i = 0; i < x->n; i++)
			count += (a[i] < low) | (a[i] > high);
		outside += count;
	}
	return (double)outside / numel(x);
}

static double share_dead(const struct FN(activity) *x, double *alive)
{
	memset(alive, 0, sizeof *alive * x->n);
	for (size_t b = 0; b < x->B; b++) {
		const real *a = row(x, b);
		for (size_t i = 0; i < x->n; i++)
			alive[i] = a[i] != 0 ? 1 : alive[i];
	}
	int dead = 0;
	for (size_t i = 0; i < x->n; i++)
		dead += alive[i] == 0;
	return (double)dead / (double)x->n;
}

void FN(probe_activity)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace, int s)
{
	const struct FN(layer) *y = &mlp->layer[l];
	const bool hidden = l < mlp->shape.L;
	const real *a = hidden ? y->A : y->D;
	const size_t n = (size_t)y->out, lda = (size_t)y->lda, rows = (size_t)B;
	const struct FN(activity) x = {mlp->kernels, rows, n, lda, a};
	/* the same numbers, as one long row if there are no gaps: faster where units do not matter */
	const struct FN(activity) all = lda == n ? (struct FN(activity)){mlp->kernels, 1, rows * n, lda, a} : x;
	const metric_set wanted = probe->wanted;

	if (wanted & (METRIC_BIT(METRIC_ACT_MEAN) | METRIC_BIT(METRIC_ACT_STD))) {
		const double m = mean(&all);
		trace_put(trace, METRIC_ACT_MEAN, s, l, m);
		if (wanted & METRIC_BIT(METRIC_ACT_STD))
			trace_put(trace, METRIC_ACT_STD, s, l, deviation(&all, m));
	}
	if (wanted & METRIC_BIT(METRIC_ACT_RMS))
		trace_put(trace, METRIC_ACT_RMS, s, l, FN(norm)(mlp->kernels, B, y->out, a, y->lda) / sqrt(numel(&x)));
	if (wanted & METRIC_BIT(METRIC_ACT_ABS))
		trace_put(trace, METRIC_ACT_ABS, s, l, mean_abs(&all));
	if (wanted & METRIC_BIT(METRIC_ACT_COSINE))
		trace_put(trace, METRIC_ACT_COSINE, s, l, mean_cosine(&x, probe->units));
	if (hidden && wanted & METRIC_BIT(METRIC_SATURATION))
		trace_put(trace, METRIC_SATURATION, s, l, share_outside(&all, mlp->act->low, mlp->act->high));
	if (hidden && mlp->act->can_die && wanted & METRIC_BIT(METRIC_DEAD))
		trace_put(trace, METRIC_DEAD, s, l, share_dead(&x, probe->units));
}
