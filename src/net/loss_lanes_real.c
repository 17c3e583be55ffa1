/* loss_lanes_real.c: the losses of loss_real.c in every lane: formulas, their reasons and the order of sums are there.
 *
 * Letters: B examples, O outputs, V lanes, T answers of an example. r is the lane. */
#include <math.h>

#include "net/lanes_real.h"

/* One example in every lane. z, O × V, becomes dz; y: T × V. */
struct example {
	int O, V;
	real *z;
	const double *y;
	double *scratch;
};

static void bce(const struct example *x, double *loss)
{
	double *t = x->scratch, *each = t + x->V, *p = each + x->V;
	for (int r = 0; r < x->V; r++)
		t[r] = x->y[r] == 1 ? -(double)x->z[r] : (double)x->z[r];
	kernels_f64()->logistic_losses((size_t)x->V, t, each, p);
	for (int r = 0; r < x->V; r++) {
		loss[r] += each[r];
		x->z[r] = (real)(x->y[r] == 1 ? -p[r] : p[r]);
	}
}

/* The first of the largest logits: its value and, as a double, its index. */
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
}

static void cross_entropy(const struct example *x, double *loss)
{
	const int O = x->O, V = x->V;
	double *m = x->scratch, *top = m + V, *rest = top + V, *e_y = rest + V, *z_y = e_y + V, *finite = z_y + V,
	       *log = finite + V, *e = log + V;
	const struct kernels_f64 *kernels = kernels_f64();
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
	kernels->exp((size_t)O * (size_t)V, e, e);
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			rest[r] += top[r] == j ? 0 : e[j * V + r];
			e_y[r] = x->y[r] == j ? e[j * V + r] : e_y[r];
		}
	kernels->log1p((size_t)V, rest, log);
	for (int r = 0; r < V; r++)
		loss[r] += m[r] - z_y[r] + log[r] + finite[r];
	for (int j = 0; j < O; j++)
		for (int r = 0; r < V; r++) {
			const double off = -(x->y[r] == top[r] ? rest[r] : 1 + (rest[r] - e_y[r]));
			x->z[j * V + r] = (real)((x->y[r] == j ? off : e[j * V + r]) / (1 + rest[r]));
		}
}

static void mse(const struct example *x, bool targets, double *loss)
{
	const int O = x->O, V = x->V;
	double *squares = x->scratch;
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
		loss[r] += squares[r] / O;
}

/* mse of one output: the lanes stay in registers */
static void mse_of_one(int B, int V, real *restrict Z, const double *restrict answers, double *restrict loss)
{
	for (int b = 0; b < B; b++, Z += V, answers += V)
		for (int r = 0; r < V; r++) {
			const double error = (double)Z[r] - answers[r];
			loss[r] += error * error;
			Z[r] = (real)(2 * error);
		}
}

void FN(loss_lanes)(enum loss_kind kind, int B, int O, int V, real *Z, int T, bool targets, const double *answers,
		    double *scratch, double *loss)
{
	for (int r = 0; r < V; r++)
		loss[r] = 0;
	if (kind == LOSS_MSE && O == 1) {
		mse_of_one(B, V, Z, answers, loss);
		return;
	}
	for (int b = 0; b < B; b++) {
		const struct example x = {O, V, Z + (ptrdiff_t)b * O * V, answers + (ptrdiff_t)b * T * V, scratch};
		switch (kind) {
		case LOSS_BCE:
			bce(&x, loss);
			break;
		case LOSS_SOFTMAX:
			cross_entropy(&x, loss);
			break;
		case LOSS_MSE:
			mse(&x, targets, loss);
			break;
		}
	}
}
