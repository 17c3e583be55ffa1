/* derivation.c: the numbers of a derivation, read from the network that trains studies. See derivation.h.
 *
 * The network's cache has g'(Z) in the place of Z. Z[l] is nevertheless its own: a network cut off behind layer l has Z[l] as
 * its output, which goes through no activation. */
#define REAL_BITS 64
#include "lecture/derivation.h"

#include <math.h>
#include <string.h>

#include "lecture/formulas.h"
#include "net/mlp_real.h"

struct engine {
	struct mlp_f64 mlp;
	double *X;
	struct derivation *to;
};

/* ---- the network ---- */

static void lay_out(struct engine *engine, const struct problem *problem, struct arena *arena)
{
	const struct mlp_shape shape = {
		.L = problem->L,
		.n = problem->n,
		.batch = problem->m,
		.activation = problem->activation,
		.loss = problem->loss,
		.bias = problem->bias,
		.keep_grads = true,
	};
	mlp_layout_f64(&engine->mlp, &shape, arena);
	engine->X = ARENA_TAKE(arena, double, (size_t)problem->m *(size_t)real_pad(problem->n[0]));
}

/* W and b of a layer as the derivation has them into the network. */
static void load(struct engine *engine, int l, const double *W, const double *b)
{
	const struct layer_f64 *y = &engine->mlp.layer[l];
	for (int o = 0; o < y->out; o++)
		memcpy(y->W + (size_t)o * (size_t)y->ldw, W + (size_t)o * (size_t)y->in, sizeof *W * (size_t)y->in);
	if (y->b)
		memcpy(y->b, b, sizeof *b * (size_t)y->out);
}

/* Rows of `cols` numbers, ld apart, as columns below each other: cols × rows. */
static double *turned(struct derivation *d, int rows, int cols, const double *from, int ld)
{
	double *to = POOL_TAKE(&d->pool, double, rows *(size_t)cols);
	for (int r = 0; r < rows; r++)
		for (int c = 0; c < cols; c++)
			to[(size_t)c * (size_t)rows + (size_t)r] = from[(size_t)r * (size_t)ld + (size_t)c];
	return to;
}

/* The same without the padding. */
static double *packed(struct derivation *d, int rows, int cols, const double *from, int ld)
{
	double *to = POOL_TAKE(&d->pool, double, rows *(size_t)cols);
	for (int r = 0; r < rows; r++)
		memcpy(to + (size_t)r * (size_t)cols, from + (size_t)r * (size_t)ld, sizeof *to * (size_t)cols);
	return to;
}

static double mean_loss(struct engine *engine)
{
	const struct problem *problem = engine->to->problem;
	const struct layer_f64 *last = &engine->mlp.layer[problem->L];
	mlp_forward_f64(&engine->mlp, engine->X, problem->m);
	return loss_eval_f64(problem->loss, problem->m, last->out, last->D, last->lda, problem->answers, NULL).loss /
	       problem->m;
}

/* ---- forward, loss, backward ---- */

static void forward(struct engine *engine)
{
	struct derivation *d = engine->to;
	for (int l = 1; l <= d->L; l++) {
		const struct layer_f64 *y = &engine->mlp.layer[l];
		struct mlp_f64 cut = engine->mlp;
		cut.shape.L = l;
		mlp_forward_f64(&cut, engine->X, d->m);
		d->layer[l].Z = turned(d, d->m, y->out, y->D, y->lda);
	}
	mlp_forward_f64(&engine->mlp, engine->X, d->m);
	for (int l = 1; l < d->L; l++) {
		const struct layer_f64 *y = &engine->mlp.layer[l];
		d->layer[l].A = turned(d, d->m, y->out, y->A, y->lda);
		d->layer[l].slope = turned(d, d->m, y->out, y->D, y->lda);
	}
}

/* ŷ: the sigmoid or softmax of Z[L], or for squares Z[L] itself. */
static void outputs(struct derivation *d)
{
	const struct derived *last = &d->layer[d->L];
	const struct kernels_f64 *kernels = kernels_f64();
	const size_t m = (size_t)d->m, n = (size_t)last->out;
	double *A = d->layer[d->L].A = POOL_TAKE(&d->pool, double, n *m);
	memcpy(A, last->Z, sizeof *A * n * m);
	if (d->problem->loss == LOSS_BCE)
		kernels->vec[VEC_SIGMOID].value(n * m, last->Z, A);
	for (size_t i = 0; d->problem->loss == LOSS_SOFTMAX && i < m; i++) {
		double top = A[i], sum = 0;
		for (size_t j = 0; j < n; j++)
			top = fmax(top, A[j * m + i]);
		for (size_t j = 0; j < n; j++) {
			const double z = A[j * m + i] - top;
			kernels->exp(1, &z, &A[j * m + i]);
			sum += A[j * m + i];
		}
		for (size_t j = 0; j < n; j++)
			A[j * m + i] /= sum;
	}
}

/* The wanted value of output j for example i. */
static double wanted(const struct answers *answers, size_t n, size_t i, size_t j)
{
	if (answers->targets)
		return answers->targets[i * n + j];
	return n == 1 ? answers->labels[i] : answers->labels[i] == (int32_t)j;
}

/* What is wanted, and the loss of each example alone. */
static void example_losses(struct engine *engine)
{
	struct derivation *d = engine->to;
	const struct problem *problem = d->problem;
	const struct layer_f64 *last = &engine->mlp.layer[d->L];
	const int n = last->out;
	d->Y = POOL_TAKE(&d->pool, double, d->m *(size_t)n);
	d->losses = POOL_TAKE(&d->pool, double, d->m);
	for (int i = 0; i < d->m; i++) {
		struct answers one = {
			problem->answers.labels ? problem->answers.labels + i : NULL,
			problem->answers.targets ? problem->answers.targets + (size_t)i * (size_t)n : NULL,
		};
		d->losses[i] = loss_eval_f64(problem->loss, 1, n, last->D + (size_t)i * (size_t)last->lda, last->lda,
					     one, NULL)
				       .loss;
		for (int j = 0; j < n; j++)
			d->Y[(size_t)j * (size_t)d->m + (size_t)i] =
				wanted(&problem->answers, (size_t)n, (size_t)i, (size_t)j);
	}
}

/* As soon as the gradient of layer l is there: work holds dA[l−1], taken from W[l] before anything may change it. */
static void take(void *self, struct mlp_f64 *mlp, int l)
{
	struct derivation *d = self;
	const struct layer_f64 *y = &mlp->layer[l];
	d->layer[l].dZ = turned(d, d->m, y->out, y->D, y->lda);
	d->layer[l].dW = packed(d, y->out, y->in, y->dW, y->ldw);
	d->layer[l].db = y->db ? packed(d, 1, y->out, y->db, 0) : NULL;
	if (l > 1)
		d->layer[l - 1].dA = turned(d, d->m, y->in, mlp->work, y->ldw);
}

/* ---- differences of the loss ---- */

static double moved(struct engine *engine, double *w, double by)
{
	const double before = *w;
	*w += by;
	const double loss = mean_loss(engine);
	*w = before;
	return loss;
}

/* (8 (f(w + h) − f(w − h)) − (f(w + 2h) − f(w − 2h))) / 12h, error h⁴ f⁽⁵⁾ / 30, with a large step and, should a kink lie
 * within it, small ones: the closest to a. A wrong derivative is close to none. */
static double difference(struct engine *engine, double *w, double a)
{
	static const double steps[] = {1e-3, 1e-5, 1e-7};
	double best = NAN;
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		const double h = steps[k];
		const double near = moved(engine, w, h) - moved(engine, w, -h);
		const double far = moved(engine, w, 2 * h) - moved(engine, w, -2 * h);
		const double n = (8 * near - far) / (12 * h);
		if (k == 0 || fabs(n - a) < fabs(best - a))
			best = n;
		if (fabs(best - a) <= 1e-9 * fabs(a))
			break;
	}
	return best;
}

/* Whether some Z is within a small step of a place where g has no derivative. */
static bool near_kink(const struct derivation *d)
{
	const struct act_formula *formula = act_formula_find(d->problem->activation);
	for (int l = 1; l < d->L && formula; l++)
		for (int k = 0; k < formula->kinks; k++)
			for (int i = 0; i < d->layer[l].out * d->m; i++)
				if (fabs(d->layer[l].Z[i] - formula->kink[k]) < 1e-4)
					return true;
	return false;
}

void derivation_judge(const struct derivation *d, int l)
{
	struct derived *layer = &d->layer[l];
	const int weights = layer->out * layer->in, all = weights + (layer->db ? layer->out : 0);
	double largest = 0, worst = 0;
	for (int k = 0; k < all; k++) {
		const double a = k < weights ? layer->dW[k] : layer->db[k - weights];
		const double off = fabs(a - (k < weights ? layer->dW_check[k] : layer->db_check[k - weights]));
		largest = fmax(largest, fabs(a));
		worst = off <= worst ? worst : off; /* NaN is the worst */
	}
	layer->error = worst == 0 ? 0 : worst / largest;
	if (worst <= 1e-7 * largest)
		layer->judgement = AGREES;
	else if (worst <= 2e-12 * (1 + d->loss))
		layer->judgement = TOO_SMALL;
	else
		layer->judgement = near_kink(d) ? AT_KINK : DIFFERS;
}

static void check_layer(struct engine *engine, int l)
{
	struct derivation *d = engine->to;
	struct derived *layer = &d->layer[l];
	const struct layer_f64 *y = &engine->mlp.layer[l];
	const int weights = layer->out * layer->in, all = weights + (y->b ? layer->out : 0);
	layer->dW_check = POOL_TAKE(&d->pool, double, weights);
	layer->db_check = y->b ? POOL_TAKE(&d->pool, double, layer->out) : NULL;
	for (int k = 0; k < all; k++) {
		const bool weight = k < weights;
		const double a = weight ? layer->dW[k] : layer->db[k - weights];
		double *w = weight ? &y->W[k / layer->in * (ptrdiff_t)y->ldw + k % layer->in] : &y->b[k - weights];
		const double n = difference(engine, w, a);
		*(weight ? &layer->dW_check[k] : &layer->db_check[k - weights]) = n;
	}
	derivation_judge(d, l);
}

/* ---- the update ---- */

static double *stepped(struct derivation *d, int n, const double *from, const double *gradient)
{
	double *to = POOL_TAKE(&d->pool, double, n);
	for (int k = 0; k < n; k++)
		to[k] = from[k] - d->problem->lr * gradient[k];
	return to;
}

static void update(struct engine *engine)
{
	struct derivation *d = engine->to;
	for (int l = 1; l <= d->L; l++) {
		struct derived *layer = &d->layer[l];
		layer->W_new = stepped(d, layer->out * layer->in, layer->W, layer->dW);
		layer->b_new = layer->b ? stepped(d, layer->out, layer->b, layer->db) : NULL;
		load(engine, l, layer->W_new, layer->b_new);
	}
	d->loss_new = mean_loss(engine);
}

/* ---- all of it ---- */

static void fill(struct engine *engine)
{
	struct derivation *d = engine->to;
	const struct problem *problem = d->problem;
	const double *weights = problem->weights;
	const size_t m = (size_t)d->m, I = (size_t)problem->n[0];
	d->layer[0] = (struct derived){.out = problem->n[0]};
	d->layer[0].A = turned(d, d->m, problem->n[0], problem->X, problem->n[0]);
	for (size_t i = 0; i < m; i++)
		memcpy(engine->X + i * (size_t)real_pad((int)I), problem->X + i * I, sizeof(double) * I);
	for (int l = 1; l <= d->L; l++) {
		struct derived *layer = &d->layer[l];
		*layer = (struct derived){.in = problem->n[l - 1], .out = problem->n[l]};
		layer->W = packed(d, layer->out, layer->in, weights, layer->in);
		weights += layer->out * layer->in;
		if (problem->bias) {
			layer->b = packed(d, 1, layer->out, weights, 0);
			weights += layer->out;
		}
		load(engine, l, layer->W, layer->b);
	}
}

int derivation_make(struct derivation *derivation, const struct problem *problem, struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct engine engine = {.to = derivation};
	*derivation = (struct derivation){.problem = problem, .L = problem->L, .m = problem->m, .loss_new = NAN};
	derivation->layer = POOL_TAKE(&derivation->pool, struct derived, problem->L + 1);
	arena_measure(&arena);
	lay_out(&engine, problem, &arena);
	if (arena_reserve(&arena, err) != 0) {
		pool_release(&derivation->pool);
		return -1;
	}
	lay_out(&engine, problem, &arena);
	derivation->parameters = engine.mlp.parameters;
	fill(&engine);
	forward(&engine);
	outputs(derivation);
	example_losses(&engine);
	derivation->loss = mlp_backward_f64(&engine.mlp, engine.X, problem->m, problem->answers,
					    (struct gradient_sink_f64){take, derivation})
				   .loss /
			   problem->m;
	for (int l = 1; l <= problem->L; l++)
		check_layer(&engine, l);
	if (!isnan(problem->lr))
		update(&engine);
	arena_release(&arena);
	return 0;
}

void derivation_release(struct derivation *derivation)
{
	pool_release(&derivation->pool);
}
