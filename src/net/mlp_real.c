/* mlp_real.c: see mlp_real.h. The products are math/kernels.h's; here is their order, and where everything lies.
 *
 * Padding: columns of W, Wt, dW beyond the matrix are 0 and stay so; those of A and D hold some finite number that
 * nobody reads.
 *
 * Letters: B examples, L layers, n[l] units; layer l has in = n[l−1], out = n[l].
 */
#include "net/mlp_real.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "math/transpose_real.h"

/* ---- layout ---- */

/* The widest of n[from] … n[L]. */
static int widest(const struct mlp_shape *shape, int from)
{
	int most = 0;
	for (int l = from; l <= shape->L; l++)
		most = shape->n[l] > most ? shape->n[l] : most;
	return most;
}

/* The first layer whose input is as wide as that of layer l: all of them share its dW, so that rows have equal length
 * and the padding of the block stays 0 whoever writes to it. */
static int dW_owner(const struct mlp_shape *shape, int l)
{
	int owner = 1;
	while (shape->n[owner - 1] != shape->n[l - 1])
		owner++;
	return owner;
}

/* The most rows that a layer sharing the dW of this owner has. */
static int dW_rows(const struct mlp_shape *shape, int owner)
{
	int most = 0;
	for (int l = owner; l <= shape->L; l++)
		if (shape->n[l - 1] == shape->n[owner - 1] && shape->n[l] > most)
			most = shape->n[l];
	return most;
}

static struct FN(layer) layer_layout(const struct mlp_shape *shape, int l, struct arena *arena)
{
	const int in = shape->n[l - 1], out = shape->n[l];
	const size_t ldw = (size_t)real_pad(in), lda = (size_t)real_pad(out), B = (size_t)shape->batch;
	struct FN(layer) layer = {.in = in, .out = out, .ldw = (int)ldw, .lda = (int)lda};
	layer.W = ARENA_TAKE(arena, real, (size_t)out * ldw);
	layer.Wt = ARENA_TAKE(arena, real, (size_t)in * lda);
	layer.b = shape->bias ? ARENA_TAKE(arena, real, lda) : NULL;
	layer.A = l < shape->L ? ARENA_TAKE(arena, real, B * lda) : NULL;
	layer.D = ARENA_TAKE(arena, real, B * lda);
	if (shape->keep_grads)
		layer.dW = ARENA_TAKE(arena, real, (size_t)out * ldw);
	else if (dW_owner(shape, l) == l)
		layer.dW = ARENA_TAKE(arena, real, (size_t)dW_rows(shape, l) * ldw);
	if (shape->bias && shape->keep_grads)
		layer.db = ARENA_TAKE(arena, real, lda);
	return layer;
}

void FN(mlp_layout)(struct FN(mlp) *mlp, const struct mlp_shape *shape, struct arena *arena)
{
	const int L = shape->L;
	if (L < 1 || shape->batch < 1)
		BUG("a network of %d layers and batches of %d", L, shape->batch);
	*mlp = (struct FN(mlp)){.shape = *shape, .act = &acts[shape->activation], .kernels = FN(kernels)()};
	int *n = ARENA_TAKE(arena, int, L + 1);
	if (n)
		mlp->shape.n = memcpy(n, shape->n, sizeof *n * (size_t)(L + 1));
	mlp->layer = ARENA_TAKE(arena, struct FN(layer), L + 1);
	if (mlp->layer)
		mlp->layer[0] = (struct FN(layer)){.out = shape->n[0], .lda = real_pad(shape->n[0])};
	real *db = shape->bias && !shape->keep_grads ? ARENA_TAKE(arena, real, real_pad(widest(shape, 1))) : NULL;
	for (int l = 1; l <= L; l++) {
		struct FN(layer) layer = layer_layout(shape, l, arena);
		mlp->parameters += (size_t)layer.out * (size_t)(layer.in + shape->bias);
		if (!mlp->layer)
			continue;
		if (!layer.dW)
			layer.dW = mlp->layer[dW_owner(shape, l)].dW;
		if (!layer.db)
			layer.db = db;
		mlp->layer[l] = layer;
	}
	const size_t row = (size_t)real_pad(widest(shape, 1));
	mlp->work = ARENA_TAKE(arena, real, (size_t)shape->batch * row);
	for (int i = 0; i < 2; i++)
		mlp->predict[i] = ARENA_TAKE(arena, real, PREDICT_ROWS * row);
}

/* ---- initial weights ---- */

size_t FN(mlp_init_scratch)(const struct mlp_shape *shape)
{
	size_t most = 0;
	for (int l = 1; l <= shape->L; l++) {
		const size_t in = (size_t)shape->n[l - 1], out = (size_t)shape->n[l];
		const size_t need = out * in + out + init_scratch((int)in, (int)out);
		most = need > most ? need : most;
	}
	return most;
}

void FN(mlp_init)(struct FN(mlp) *mlp, const struct init_spec *spec, uint32_t seed, double *scratch)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		struct FN(layer) *layer = &mlp->layer[l];
		const int in = layer->in, out = layer->out;
		double *W = scratch, *b = W + (size_t)out * (size_t)in;
		init_layer(spec, mlp->shape.activation, seed, l, in, out, W, b, b + out);
		for (int o = 0; o < out; o++)
			for (int i = 0; i < in; i++)
				layer->W[(size_t)o * (size_t)layer->ldw + (size_t)i] =
					(real)W[(size_t)o * (size_t)in + (size_t)i];
		for (int o = 0; o < out && layer->b; o++)
			layer->b[o] = (real)b[o];
		FN(mlp_refresh)(mlp, l);
	}
}

void FN(mlp_refresh)(struct FN(mlp) *mlp, int l)
{
	const struct FN(layer) *layer = &mlp->layer[l];
	FN(transpose)(layer->out, layer->in, layer->W, layer->ldw, layer->Wt, layer->lda);
}

/* ---- forward ---- */

/* Z = A Wᵀ + b for B examples. The product takes the columns up to real_round(out) along, which come out as 0, so that
 * activations may run over them. */
static void affine(const struct FN(mlp) *mlp, const struct FN(layer) *layer, int B, const real *A, real *Z)
{
	mlp->kernels->gemm_plus_row(B, real_round(layer->out), layer->in, A, layer->ldw, layer->Wt, layer->lda, Z,
				    layer->lda, layer->b);
}

/* The rows of a B × out block as few long pieces: of `length` elements, lda apart. */
static int pieces(const struct FN(layer) *layer, int B, size_t *length)
{
	const int units = real_round(layer->out);
	*length = units == layer->lda ? (size_t)B * (size_t)units : (size_t)units;
	return units == layer->lda ? 1 : B;
}

/* A = g(Z); with slopes Z becomes g'(Z), without A may be Z. */
static void activate(const struct FN(mlp) *mlp, const struct FN(layer) *layer, int B, real *Z, real *A, bool slopes)
{
	size_t length;
	const int n = pieces(layer, B, &length);
	for (int i = 0; i < n; i++) {
		const ptrdiff_t at = (ptrdiff_t)i * layer->lda;
		if (slopes)
			mlp->kernels->vec[mlp->act->function].value_slope(length, Z + at, A + at);
		else
			mlp->kernels->vec[mlp->act->function].value(length, Z + at, A + at);
	}
}

void FN(mlp_forward)(struct FN(mlp) *mlp, const real *X, int B)
{
	if (B < 1 || B > mlp->shape.batch)
		BUG("a batch of %d in a network laid out for %d", B, mlp->shape.batch);
	const real *A = X;
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *layer = &mlp->layer[l];
		affine(mlp, layer, B, A, layer->D);
		if (l < mlp->shape.L)
			activate(mlp, layer, B, layer->D, layer->A, true);
		A = layer->A;
	}
}

/* Variance of Z over examples and units, about its mean. */
static double variance(const struct FN(mlp) *mlp, const struct FN(layer) *layer, int B)
{
	const double n = (double)B * layer->out;
	const double sum = mlp->kernels->sum[SUM](B, layer->out, layer->D, layer->lda, NULL, 0);
	double squares = 0;
	for (int i = 0; i < B; i++)
		for (int j = 0; j < layer->out; j++) {
			const double off = (double)layer->D[(ptrdiff_t)i * layer->lda + j] - sum / n;
			squares += off * off;
		}
	return squares / n;
}

void FN(mlp_lsuv)(struct FN(mlp) *mlp, const real *X, int B)
{
	const real *A = X;
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *layer = &mlp->layer[l];
		for (int tries = 0; tries < 10; tries++) {
			affine(mlp, layer, B, A, layer->D);
			const double v = variance(mlp, layer, B);
			if (!(v > 0) || !isfinite(v) || fabs(v - 1) < 0.1)
				break;
			for (ptrdiff_t i = 0; i < (ptrdiff_t)layer->out * layer->ldw; i++)
				layer->W[i] = (real)((double)layer->W[i] / sqrt(v));
			FN(mlp_refresh)(mlp, l);
		}
		affine(mlp, layer, B, A, layer->D);
		if (l < mlp->shape.L)
			activate(mlp, layer, B, layer->D, layer->A, false);
		A = layer->A;
	}
}

const real *FN(mlp_predict)(struct FN(mlp) *mlp, const real *X, int B)
{
	if (B < 1 || B > PREDICT_ROWS)
		BUG("mlp_predict of %d examples at once", B);
	const real *A = X;
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *layer = &mlp->layer[l];
		real *Z = mlp->predict[l % 2];
		affine(mlp, layer, B, A, Z);
		if (l < mlp->shape.L)
			activate(mlp, layer, B, Z, Z, false);
		A = Z;
	}
	return A;
}

/* ---- backward ---- */

struct loss_sum FN(mlp_backward)(struct FN(mlp) *mlp, const real *X, int B, struct answers answers,
				 struct FN(gradient_sink) sink)
{
	const int L = mlp->shape.L;
	const struct FN(layer) *last = &mlp->layer[L];
	const struct loss_sum sum = FN(loss_eval)(mlp->shape.loss, B, last->out, last->D, last->lda, answers, last->D);
	mlp->kernels->times_and_means(B, last->out, NULL, last->D, last->lda, last->db);
	for (int l = L; l >= 1; l--) {
		const struct FN(layer) *layer = &mlp->layer[l], *before = &mlp->layer[l - 1];
		const real *A = l > 1 ? before->A : X;
		/* dW = dZᵀ A / B */
		mlp->kernels->gemm(layer->out, layer->in, B, layer->D, 1, layer->lda, A, layer->ldw, layer->dW,
				   layer->ldw, (real)(1.0 / B));
		/* dA of the layer before = dZ W: from the W of this step, so ahead of the sink, which may change it */
		if (l > 1)
			mlp->kernels->gemm(B, layer->in, layer->out, layer->D, layer->lda, 1, layer->W, layer->ldw,
					   mlp->work, layer->ldw, 1);
		if (sink.take)
			sink.take(sink.self, mlp, l);
		/* dZ = dA ∘ g'(Z) in place of the slope, and db, its column means; behind the sink, as db may be shared */
		if (l > 1)
			mlp->kernels->times_and_means(B, before->out, mlp->work, before->D, before->lda, before->db);
	}
	return sum;
}
