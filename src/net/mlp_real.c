/* mlp_real.c: see mlp_real.h. The products are math/kernels.h's; here is their order, and where everything lies.
 *
 * Padding: columns of W, dW beyond the matrix are 0 and stay so; those of A and D hold some finite number that
 * nobody reads.
 *
 * Letters: B examples, L layers, n[l] units; layer l has in = n[l−1], out = n[l].
 */
#include "net/mlp_real.h"

#include <math.h>
#include <string.h>

#include "base/err.h"

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
	}
}

/* ---- forward ---- */

/* One layer forward, B examples. */
struct pass {
	const struct FN(mlp) *mlp;
	const struct FN(layer) *layer;
	int B;
	const real *before; /* A of the layer before */
	real *Z, *A;        /* A NULL: Z is all that is wanted; A may be Z without slopes */
	bool slopes;        /* Z becomes g'(Z) */
};

/* Vector operations of 64 bytes that so many multiply-adds are, or elements at so many operations each. */
static double vectors(double numbers)
{
	return numbers * sizeof(real) / 64;
}

/* A = g(Z) on a rectangle; rows that lie behind each other as one. */
static void activate(const struct pass *pass, struct team_rect at)
{
	const ptrdiff_t ld = pass->layer->lda;
	const bool whole = at.columns == ld;
	const size_t length = whole ? (size_t)at.rows * (size_t)ld : (size_t)at.columns;
	for (int i = 0; i < (whole ? 1 : at.rows); i++) {
		const ptrdiff_t from = (at.row + i) * ld + at.column;
		if (pass->slopes)
			pass->mlp->kernels->vec[pass->mlp->act->function].value_slope(length, pass->Z + from,
										      pass->A + from);
		else
			pass->mlp->kernels->vec[pass->mlp->act->function].value(length, pass->Z + from, pass->A + from);
	}
}

/* Z = A Wᵀ + b and g, which may run over the columns up to real_round(out) as well: they come out as 0. */
static void pass_part(void *what, int part, int parts)
{
	const struct pass *pass = what;
	const struct FN(layer) *layer = pass->layer;
	struct team_rect at = team_rect(pass->B, layer->out, REAL_PAD, part, parts);
	pass->mlp->kernels->linear(at.rows, at.columns, layer->in, pass->before + (ptrdiff_t)at.row * layer->ldw,
				   layer->ldw, layer->W + (ptrdiff_t)at.column * layer->ldw, layer->ldw,
				   pass->Z + (ptrdiff_t)at.row * layer->lda + at.column, layer->lda,
				   layer->b ? layer->b + at.column : NULL);
	at.columns = real_round(at.columns);
	if (pass->A)
		activate(pass, at);
}

static void forward(struct pass pass)
{
	const double work = vectors((double)pass.B * pass.layer->out * pass.layer->in);
	team_share(pass.mlp->team, team_parts(pass.mlp->team, work), pass_part, &pass);
}

void FN(mlp_forward)(struct FN(mlp) *mlp, const real *X, int B)
{
	if (B < 1 || B > mlp->shape.batch)
		BUG("a batch of %d in a network laid out for %d", B, mlp->shape.batch);
	const real *A = X;
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *layer = &mlp->layer[l];
		forward((struct pass){mlp, layer, B, A, layer->D, l < mlp->shape.L ? layer->A : NULL, true});
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
			forward((struct pass){mlp, layer, B, A, layer->D, NULL, false});
			const double v = variance(mlp, layer, B);
			if (!(v > 0) || !isfinite(v) || fabs(v - 1) < 0.1)
				break;
			for (ptrdiff_t i = 0; i < (ptrdiff_t)layer->out * layer->ldw; i++)
				layer->W[i] = (real)((double)layer->W[i] / sqrt(v));
		}
		forward((struct pass){mlp, layer, B, A, layer->D, l < mlp->shape.L ? layer->A : NULL, false});
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
		forward((struct pass){mlp, layer, B, A, Z, l < mlp->shape.L ? Z : NULL, false});
		A = Z;
	}
	return A;
}

/* ---- backward ---- */

struct way_back {
	const struct FN(mlp) *mlp;
	int l, B;
	const real *A; /* of the layer before */
};

/* dW = dZᵀ A / B, and dA of the layer before = dZ W, a rectangle of each */
static void products_part(void *what, int part, int parts)
{
	const struct way_back *way = what;
	const struct FN(mlp) *mlp = way->mlp;
	const struct FN(layer) *layer = &mlp->layer[way->l];
	const ptrdiff_t ldw = layer->ldw, lda = layer->lda;
	const struct team_rect w = team_rect(layer->out, layer->in, REAL_PAD, part, parts);
	mlp->kernels->gemm(w.rows, w.columns, way->B, layer->D + w.row, 1, lda, way->A + w.column, ldw,
			   layer->dW + w.row * ldw + w.column, ldw, (real)(1.0 / way->B));
	if (way->l == 1)
		return;
	const struct team_rect a = team_rect(way->B, layer->in, REAL_PAD, part, parts);
	mlp->kernels->gemm(a.rows, a.columns, layer->out, layer->D + a.row * lda, lda, 1, layer->W + a.column, ldw,
			   mlp->work + a.row * ldw + a.column, ldw, 1);
}

/* dZ = dA ∘ g'(Z) of the layer before, in place of the slope, and db, its column means */
static void errors_part(void *what, int part, int parts)
{
	const struct way_back *way = what;
	const struct FN(layer) *before = &way->mlp->layer[way->l - 1];
	int from;
	const int columns = team_cut(before->out, REAL_PAD, part, parts, &from);
	if (columns > 0)
		way->mlp->kernels->times_and_means(way->B, columns, way->mlp->work + from, before->D + from,
						   before->lda, before->db ? before->db + from : NULL);
}

struct loss_sum FN(mlp_backward)(struct FN(mlp) *mlp, const real *X, int B, struct answers answers,
				 struct FN(gradient_sink) sink)
{
	const int L = mlp->shape.L;
	const struct FN(layer) *last = &mlp->layer[L];
	const struct loss_sum sum = FN(loss_eval)(mlp->shape.loss, B, last->out, last->D, last->lda, answers, last->D);
	mlp->kernels->times_and_means(B, last->out, NULL, last->D, last->lda, last->db);
	for (int l = L; l >= 1; l--) {
		const struct FN(layer) *layer = &mlp->layer[l], *before = &mlp->layer[l - 1];
		struct way_back way = {mlp, l, B, l > 1 ? before->A : X};
		const double product = (double)B * layer->out * layer->in, errors = 20.0 * B * layer->in;
		/* dA from the W of this step, so ahead of the sink, which may change it */
		team_share(mlp->team, team_parts(mlp->team, vectors(l > 1 ? 2 * product : product)), products_part,
			   &way);
		if (sink.take)
			sink.take(sink.self, mlp, l);
		/* behind the sink, as db may be shared */
		if (l > 1)
			team_share(mlp->team, team_parts(mlp->team, vectors(errors)), errors_part, &way);
	}
	return sum;
}
