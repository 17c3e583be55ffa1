/* lanes_real.c: see lanes_real.h; the order of everything is that of mlp_real.c. */
#include "net/lanes_real.h"

#include <string.h>

#include "base/err.h"
#include "math/transpose_real.h"

static size_t most(const struct mlp_shape *shape, bool of_weights)
{
	size_t most = 0;
	for (int l = 1; l <= shape->L; l++) {
		const size_t n = (size_t)shape->n[l] * (of_weights ? (size_t)shape->n[l - 1] : 1);
		most = n > most ? n : most;
	}
	return most;
}

static FN(lane_losses) *losses_of_level(void)
{
#if defined __x86_64__
	if (kernels_level() == KERNELS_AVX512)
		return REAL_PASTE(FN(loss_lanes), _avx512);
	if (kernels_level() == KERNELS_AVX2)
		return REAL_PASTE(FN(loss_lanes), _avx2);
#endif
	return REAL_PASTE(FN(loss_lanes), _generic);
}

void FN(lanes_layout)(struct FN(lanes) *lanes, const struct mlp_shape *shape, int targets, struct arena *arena)
{
	const int L = shape->L;
	*lanes = (struct FN(lanes)){.shape = *shape, .act = &acts[shape->activation], .kernels = FN(kernels)()};
	lanes->losses = losses_of_level();
	const size_t V = (size_t)(lanes->V = lanes->kernels->lanes), B = (size_t)shape->batch;
	lanes->T = targets > 0 ? targets : 1;
	lanes->targets = targets > 0;
	int *n = ARENA_TAKE(arena, int, L + 1);
	if (n)
		lanes->shape.n = memcpy(n, shape->n, sizeof *n * (size_t)(L + 1));
	lanes->layer = ARENA_TAKE(arena, struct FN(lane_layer), L + 1);
	real *dW = ARENA_TAKE(arena, real, most(shape, true) * V);
	real *db = shape->bias ? ARENA_TAKE(arena, real, most(shape, false) * V) : NULL;
	for (int l = 1; l <= L; l++) {
		const size_t in = (size_t)shape->n[l - 1], out = (size_t)shape->n[l];
		struct FN(lane_layer) layer = {.in = (int)in, .out = (int)out, .dW = dW, .db = db};
		layer.W = ARENA_TAKE(arena, real, out * in * V);
		layer.b = shape->bias ? ARENA_TAKE(arena, real, out * V) : NULL;
		layer.A = l < L ? ARENA_TAKE(arena, real, B * out * V) : NULL;
		layer.D = ARENA_TAKE(arena, real, B * out * V);
		if (lanes->layer)
			lanes->layer[l] = layer;
	}
	lanes->ldx = real_pad(shape->n[0]);
	lanes->batch = ARENA_TAKE(arena, real, V * B * (size_t)lanes->ldx);
	lanes->X = ARENA_TAKE(arena, real, B * (size_t)shape->n[0] * V);
	lanes->answers = ARENA_TAKE(arena, double, B *(size_t)lanes->T *V);
	lanes->work = ARENA_TAKE(arena, real, B * most(shape, false) * V);
	lanes->scratch = ARENA_TAKE(arena, double, (size_t)shape->n[L] * V);
	lanes->in_double = kernels_f64();
	lanes->rows = ARENA_TAKE(arena, real, LANES_MEASURE * (size_t)lanes->ldx);
	lanes->rows_in_lanes = ARENA_TAKE(arena, real, LANES_MEASURE * (size_t)shape->n[0] * V);
	for (int i = 0; i < 2; i++)
		lanes->predict[i] = ARENA_TAKE(arena, real, LANES_MEASURE * most(shape, false) * V);
	lanes->their_answers = ARENA_TAKE(arena, double, LANES_MEASURE *(size_t)lanes->T *V);
}

void FN(lane_put)(int V, int lane, int rows, int columns, const real *matrix, int ld, real *in_lanes)
{
	in_lanes += lane;
	for (int r = 0; r < rows; r++, matrix += ld)
		for (int c = 0; c < columns; c++, in_lanes += V)
			*in_lanes = matrix[c];
}

void FN(lane_get)(int V, int lane, int rows, int columns, const real *in_lanes, real *matrix, int ld)
{
	in_lanes += lane;
	for (int r = 0; r < rows; r++, matrix += ld)
		for (int c = 0; c < columns; c++, in_lanes += V)
			matrix[c] = *in_lanes;
}

void FN(lanes_put)(struct FN(lanes) *lanes, int lane, const struct FN(mlp) *mlp)
{
	for (int l = 1; l <= lanes->shape.L; l++) {
		const struct FN(layer) *from = &mlp->layer[l];
		struct FN(lane_layer) *to = &lanes->layer[l];
		FN(lane_put)(lanes->V, lane, to->out, to->in, from->W, from->ldw, to->W);
		if (to->b)
			FN(lane_put)(lanes->V, lane, 1, to->out, from->b, 0, to->b);
	}
}

void FN(lanes_get)(const struct FN(lanes) *lanes, int lane, struct FN(mlp) *mlp)
{
	for (int l = 1; l <= lanes->shape.L; l++) {
		const struct FN(lane_layer) *from = &lanes->layer[l];
		struct FN(layer) *to = &mlp->layer[l];
		FN(lane_get)(lanes->V, lane, from->out, from->in, from->W, to->W, to->ldw);
		if (to->b)
			FN(lane_get)(lanes->V, lane, 1, from->out, from->b, to->b, 0);
	}
}

real *FN(lanes_batch)(const struct FN(lanes) *lanes, int lane)
{
	return lanes->batch ? lanes->batch + (ptrdiff_t)lane * lanes->shape.batch * lanes->ldx : NULL;
}

void FN(lanes_answers)(struct FN(lanes) *lanes, int lane, struct answers answers)
{
	double *to = lanes->answers + lane;
	for (int i = 0; i < lanes->shape.batch * lanes->T; i++)
		to[i * lanes->V] = answers.labels ? (double)answers.labels[i] : answers.targets[i];
}

void FN(lanes_take_batches)(struct FN(lanes) *lanes)
{
	const int B = lanes->shape.batch, n = lanes->shape.n[0], V = lanes->V;
	for (int b = 0; b < B; b++)
		FN(transpose)(V, n, lanes->batch + (ptrdiff_t)b * lanes->ldx, (ptrdiff_t)B * lanes->ldx,
			      lanes->X + (ptrdiff_t)b * n * V, V);
}

void FN(lanes_forward)(struct FN(lanes) *lanes)
{
	const int B = lanes->shape.batch, L = lanes->shape.L, V = lanes->V;
	const real *A = lanes->X;
	for (int l = 1; l <= L; l++) {
		const struct FN(lane_layer) *y = &lanes->layer[l];
		lanes->kernels->lane_product(B, y->out, y->in, A, y->in, 1, y->W, 1, y->in, y->D, y->out, y->b, 1);
		if (l < L)
			lanes->kernels->vec[lanes->act->function].value_slope((size_t)B * (size_t)y->out * (size_t)V,
									      y->D, y->A);
		A = y->A;
	}
}

void FN(lanes_losses)(struct FN(lanes) *lanes)
{
	lanes->sum = (struct lane_sums){0};
	lanes->losses(lanes, lanes->shape.batch, lanes->layer[lanes->shape.L].D, lanes->answers, &lanes->sum);
}

/* The examples of lanes->rows, and what they should give, in all lanes. */
static void spread(struct FN(lanes) *lanes, int m, struct answers answers)
{
	const int n = lanes->shape.n[0], V = lanes->V;
	real *x = lanes->rows_in_lanes;
	double *y = lanes->their_answers;
	for (int b = 0; b < m; b++)
		for (int i = 0; i < n; i++, x += V)
			for (int v = 0; v < V; v++)
				x[v] = lanes->rows[(ptrdiff_t)b * lanes->ldx + i];
	for (int i = 0; i < m * lanes->T; i++, y += V)
		for (int v = 0; v < V; v++)
			y[v] = answers.labels ? (double)answers.labels[i] : answers.targets[i];
}

void FN(lanes_measure)(struct FN(lanes) *lanes, int m, struct answers answers, struct lane_sums *sum)
{
	const int L = lanes->shape.L, V = lanes->V;
	const real *A = lanes->rows_in_lanes;
	spread(lanes, m, answers);
	for (int l = 1; l <= L; l++) {
		const struct FN(lane_layer) *y = &lanes->layer[l];
		real *Z = lanes->predict[l % 2];
		lanes->kernels->lane_product(m, y->out, y->in, A, y->in, 1, y->W, 1, y->in, Z, y->out, y->b, 1);
		if (l < L)
			lanes->kernels->vec[lanes->act->function].value((size_t)m * (size_t)y->out * (size_t)V, Z, Z);
		A = Z;
	}
	lanes->losses(lanes, m, lanes->predict[L % 2], lanes->their_answers, sum);
}

/* dZ = dA ∘ slope, and db. Columns of times_and_means know nothing of each other: those of lanes are as good as any. */
static void means(const struct FN(lanes) *lanes, const struct FN(lane_layer) *y, const real *dA)
{
	const int columns = y->out * lanes->V;
	lanes->kernels->times_and_means(lanes->shape.batch, columns, dA, y->D, columns, y->db);
}

void FN(lanes_backward)(struct FN(lanes) *lanes, struct FN(lane_sink) sink)
{
	const int B = lanes->shape.batch, L = lanes->shape.L;
	means(lanes, &lanes->layer[L], NULL);
	for (int l = L; l >= 1; l--) {
		const struct FN(lane_layer) *y = &lanes->layer[l], *before = &lanes->layer[l - 1];
		const real *A = l > 1 ? before->A : lanes->X;
		/* dW = dZᵀ A / B; then dA of the layer before, from the W of this step */
		lanes->kernels->lane_product(y->out, y->in, B, y->D, 1, y->out, A, y->in, 1, y->dW, y->in, NULL,
					     (real)(1.0 / B));
		if (l > 1)
			lanes->kernels->lane_product(B, y->in, y->out, y->D, y->out, 1, y->W, y->in, 1, lanes->work,
						     y->in, NULL, 1);
		sink.take(sink.self, l);
		if (l > 1)
			means(lanes, before, lanes->work);
	}
}
