/* weights_real.c: weights in and out, and the one initialisation that looks at the data. See run_real.h. */
#include <math.h>
#include <string.h>

#include "probe/norm_real.h"
#include "train/run_real.h"

void FN(weights_save)(const struct FN(mlp) *mlp, real *values)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *y = &mlp->layer[l];
		for (int o = 0; o < y->out; o++, values += y->in)
			memcpy(values, y->W + (size_t)o * y->ldw, sizeof(real) * (size_t)y->in);
		if (y->b) {
			memcpy(values, y->b, sizeof(real) * (size_t)y->out);
			values += y->out;
		}
	}
}

void FN(weights_load)(struct FN(mlp) *mlp, const real *values)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *y = &mlp->layer[l];
		for (int o = 0; o < y->out; o++, values += y->in)
			memcpy(y->W + (size_t)o * y->ldw, values, sizeof(real) * (size_t)y->in);
		if (y->b) {
			memcpy(y->b, values, sizeof(real) * (size_t)y->out);
			values += y->out;
		}
		FN(mlp_refresh)(mlp, l);
	}
}

/* Z[l] of the batch into D[l], from the A of the layer before. */
static void preactivation(struct FN(run) *run, int l, const real *A)
{
	const struct FN(layer) *y = &run->mlp.layer[l];
	run->mlp.kernels->gemm(run->B, y->out, y->in, A, y->ldw, 1, y->Wt, y->lda, y->D, y->lda, 1);
	for (int b = 0; b < run->B; b++)
		for (int o = 0; y->b && o < y->out; o++)
			y->D[(size_t)b * y->lda + o] += y->b[o];
}

/* Variance of Z[l] over batch and units, about its mean. */
static double variance(const struct FN(run) *run, int l)
{
	const struct FN(layer) *y = &run->mlp.layer[l];
	const double numel = (double)run->B * y->out;
	double sum = 0, squares = 0;
	for (int b = 0; b < run->B; b++)
		sum += FN(sum)((size_t)y->out, y->D + (size_t)b * y->lda);
	for (int b = 0; b < run->B; b++)
		for (int o = 0; o < y->out; o++) {
			const double d = y->D[(size_t)b * y->lda + o] - sum / numel;
			squares += d * d;
		}
	return squares / numel;
}

/* LSUV (Mishkin & Matas 2015): from the first layer on, W[l] ← W[l] / √var Z[l] until |var − 1| < 0.1, at most 10 times. A
 * layer that cannot be scaled (all Z equal, or not finite) is left as it is. */
void FN(run_unit_variance)(struct FN(run) *run)
{
	enum { TRIES = 10 };
	const double tolerance = 0.1;
	FN(run_gather)(run, 0);
	const real *A = run->X;
	for (int l = 1; l <= run->mlp.shape.L; l++) {
		const struct FN(layer) *y = &run->mlp.layer[l];
		preactivation(run, l, A);
		for (int k = 0; k < TRIES; k++) {
			const double var = variance(run, l);
			if (!(var > 0) || isinf(var) || fabs(var - 1) < tolerance)
				break;
			for (size_t i = 0; i < (size_t)y->out * (size_t)y->ldw; i++)
				y->W[i] = (real)(y->W[i] / sqrt(var));
			FN(mlp_refresh)(&run->mlp, l);
			preactivation(run, l, A);
		}
		for (int b = 0; b < run->B && y->A; b++)
			run->mlp.kernels->vec[run->mlp.act->function].value((size_t)y->out, y->D + (size_t)b * y->lda,
									    y->A + (size_t)b * y->lda);
		A = y->A;
	}
}
