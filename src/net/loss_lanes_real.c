/* loss_lanes_real.c: the losses of loss_real.c in every lane: formulas, their reasons and the order of sums are there.
 *
 * Letters: B examples, O outputs, V lanes, T answers of an example. r is the lane. */
#include <math.h>

#include "net/lanes_real.h"

/* One example in every lane. z, O × V, becomes dz; y: T × V. */
struct example {
	const struct kernels_f64 *kernels;
	int O, V;
	real *z;
	const double *y;
	double *scratch;
	struct lane_sums *sum;
};

static void bce(const struct example *x)
{
	const int V = x->V;
	double *restrict t = x->scratch, *restrict each = t + V, *restrict p = each + V;
	double *restrict loss = x->sum->loss, *restrict correct = x->sum->correct;
	const double *restrict y = x->y;
	real *restrict z = x->z;
	for (int r = 0; r < V; r++) {
		/* how far on the wrong side: the example is right below 0, and at 0 if the label is 0 */
		t[r] = y[r] == 1 ? -(double)z[r] : (double)z[r];
		correct[r] += t[r] < 0 || (t[r] == 0 && y[r] != 1) ? 1.0 : 0.0;
	}
	x->kernels->logistic_losses((size_t)V, t, each, p);
	for (int r = 0; r < V; r++) {
		loss[r] += each[r];
		z[r] = (real)(y[r] == 1 ? -p[r] : p[r]);
	}
}

/* The first of the largest logits: its value and, as a double, its index; and whether that is the answer. */
static void largest(const struct example *x, double *value, double *index)
{
	for (int r = 0; r < x->V; r++) {
		value[r] = (double)x->z[r];
		index[r] = 0;
	}
	for (int j = 1; j < x->O; j++)
		for (int r = 0; r < x->V; r++) {
			const double z = (double)x->z[j * x->V + r];
			const int more = z > value[r];
			value[r] = more ? z : value[r];
			index[r] = more ? j : index[r];
		}
	for (int r = 0; r < x->V; r++)
		x->sum->correct[r] += x->y[r] == index[r] && !isnan(value[r]) ? 1 : 0;
}

static void cross_entropy(const struct example *x)
{
	const int O = x->O, V = x->V;
	double *m = x->scratch, *top = m + V, *rest = top + V, *e_y = rest + V, *z_y = e_y + V, *finite = z_y + V,
	       *log = finite + V, *e = log + V;
	largest(x, m, top);
	for (int r = 0; r < V; r++)
		rest[r] = e_y[r] = z_y[r] = finite[r] = 0;
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			const double z = (double)x->z[j * V + r];
			e[j * V + r] = z - m[r];
			finite[r] += 0 * z;
			z_y[r] = x->y[r] == j ? z : z_y[r];
		}
	x->kernels->exp((size_t)O * (size_t)V, e, e);
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			rest[r] += top[r] == j ? 0 : e[j * V + r];
			e_y[r] = x->y[r] == j ? e[j * V + r] : e_y[r];
		}
	x->kernels->log1p((size_t)V, rest, log);
	for (int r = 0; r < V; r++)
		x->sum->loss[r] += m[r] - z_y[r] + log[r] + finite[r];
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			const double off = -(x->y[r] == top[r] ? rest[r] : 1 + (rest[r] - e_y[r]));
			x->z[j * V + r] = (real)((x->y[r] == j ? off : e[j * V + r]) / (1 + rest[r]));
		}
}

static void mse(const struct example *x, bool targets)
{
	const int O = x->O, V = x->V;
	double *squares = x->scratch, *value = squares + V, *index = value + V;
	if (!targets)
		largest(x, value, index);
	for (int r = 0; r < V; r++)
		squares[r] = 0;
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			const double y = targets ? x->y[j * V + r] : (double)(x->y[r] == j);
			const double error = (double)x->z[j * V + r] - y;
			squares[r] += error * error;
			x->z[j * V + r] = (real)(2 * error / O);
		}
	for (int r = 0; r < V; r++)
		x->sum->loss[r] += squares[r] / O;
}

/* mse of one output: the lanes stay in registers */
static void mse_of_one(int m, int V, bool targets, real *restrict Z, const double *restrict answers,
		       struct lane_sums *restrict sum)
{
	double *restrict loss = sum->loss, *restrict correct = sum->correct;
	for (int b = 0; b < m && !targets; b++)
		for (int r = 0; r < V; r++) {
			const double f = (double)Z[b * V + r];
			const double guess = f > 0.5 ? 1 : 0;
			correct[r] += guess == answers[b * V + r] && !isnan(f) ? 1 : 0;
		}
	for (int b = 0; b < m; b++, Z += V, answers += V)
		for (int r = 0; r < V; r++) {
			const double error = (double)Z[r] - answers[r];
			loss[r] += error * error;
			Z[r] = (real)(2 * error);
		}
}

void FN(loss_lanes)(const struct FN(lanes) *lanes, int m, real *Z, const double *answers, struct lane_sums *sum)
{
	const int O = lanes->shape.n[lanes->shape.L], V = lanes->V;
	if (lanes->shape.loss == LOSS_MSE && O == 1) {
		mse_of_one(m, V, lanes->targets, Z, answers, sum);
		return;
	}
	struct example x = {lanes->in_double, O, V, Z, answers, lanes->scratch, sum};
	for (int b = 0; b < m; b++, x.z += O * V, x.y += lanes->T * V)
		switch (lanes->shape.loss) {
		case LOSS_BCE:
			bce(&x);
			break;
		case LOSS_SOFTMAX:
			cross_entropy(&x);
			break;
		case LOSS_MSE:
			mse(&x, lanes->targets);
			break;
		}
}
