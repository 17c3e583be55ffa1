/* claims_order.c: claims 5 and 7: in which order layers are visited, and what backward takes from the forward pass. */
#include <math.h>
#include <string.h>

#include "lecture/engine.h"
#include "lecture/lecture.h"
#include "lecture/trial.h"

enum { DEEPEST = 8 };

static void equal_widths(struct plain *net, int L)
{
	int n[PLAIN_LAYERS + 1];
	for (int l = 0; l < L; l++)
		n[l] = 4;
	n[L] = 1;
	plain_init(net, &(struct plain_shape){L, 6, n, "tanh", 1, (uint32_t)L});
}

/* ---- 5 ---- */

struct order {
	int visited, layer[DEEPEST];
	const struct plain *forward; /* its cache */
	bool early;                  /* a layer below was no longer as the forward pass left it */
};

static void record(void *self, struct mlp_f64 *mlp, int l)
{
	struct order *order = self;
	order->layer[order->visited++] = l;
	for (int k = 1; k < l; k++) {
		const struct layer_f64 *y = &mlp->layer[k];
		for (int u = 0; u < order->forward->m * y->out; u++) {
			const double z = order->forward->Z[k][u], slope = y->D[u / y->out * y->lda + u % y->out];
			order->early |= plain_apart(slope, plain_slope(order->forward->activation, z)) > 1e-9;
		}
	}
}

int claim_right_to_left(struct demonstration *of, struct err *err)
{
	static const char *const head[] = {"L", "layers in the order in which their gradients came", "layers below"};
	of->what = "layers out of order";
	of->expected = "== 0";
	doc_text(of->doc,
		 "Backward tells of each gradient as soon as it is there. What it tells is written down; and "
		 "whether, at that moment, the layers further from the output still hold the values of the forward "
		 "pass, so that nothing of theirs can have been computed before.");
	doc_table(of->doc, NULL, 3, "rll", head);
	for (int L = 1; L <= DEEPEST; L++) {
		struct plain net;
		struct engine engine;
		char words[4 * DEEPEST] = "";
		equal_widths(&net, L);
		plain_forward(&net);
		struct order order = {.forward = &net};
		if (engine_make(&engine, &net, err) != 0) {
			plain_release(&net);
			return -1;
		}
		engine_backward(&engine, (struct gradient_sink_f64){record, &order});
		for (int i = 0; i < order.visited; i++) {
			of->number += order.layer[i] != L - i;
			sprintf(words + strlen(words), "%s%d", i ? ", " : "", order.layer[i]);
		}
		of->pass &= order.visited == L && !order.early;
		doc_cell(of->doc, "%d", L);
		doc_cell(of->doc, "%s", words);
		doc_cell(of->doc, "%s", order.early ? "CHANGED" : L > 1 ? "untouched" : "");
		engine_release(&engine);
		plain_release(&net);
	}
	return 0;
}

/* ---- 7 ---- */

/* A second network on the same weights, which makes what the first one's cache should have held, from X, layer by layer. */
struct again {
	struct engine *second;
	int evaluations; /* of layers */
};

/* D[l] and A[l-1] of the first network, from X. l is not L: D is the slope. */
static void recompute(struct again *again, struct mlp_f64 *mlp, int l)
{
	struct mlp_f64 *second = &again->second->mlp;
	const int B = again->second->B;
	struct layer_f64 *y = &second->layer[l];
	second->shape.L = l; /* ends with Z[l] */
	mlp_forward_f64(second, again->second->X, B);
	again->evaluations += l;
	const size_t size = (size_t)B * (size_t)y->lda;
	if (l < mlp->shape.L)
		second->kernels->vec[second->act->function].value_slope(size, y->D, y->A);
	memcpy(mlp->layer[l].D, y->D, size * sizeof(double));
	if (l > 1)
		memcpy(mlp->layer[l - 1].A, second->layer[l - 1].A,
		       (size_t)B * (size_t)second->layer[l - 1].lda * sizeof(double));
}

static void recompute_below(void *self, struct mlp_f64 *mlp, int l)
{
	if (l > 1)
		recompute(self, mlp, l - 1);
}

/* Everything that the forward pass left. */
static void spoil_all(struct engine *engine)
{
	for (int l = 1; l <= engine->mlp.shape.L; l++) {
		const struct layer_f64 *y = &engine->mlp.layer[l];
		for (int i = 0; i < engine->B * y->lda; i++) {
			y->D[i] = NAN;
			if (y->A)
				y->A[i] = NAN;
		}
	}
}

/* Gradients of a backward pass that finds no cache. */
static int without_cache(struct engine *engine, const struct plain *net, int *evaluations, struct err *err)
{
	struct engine second;
	if (engine_make(&second, net, err) != 0)
		return -1;
	struct again again = {.second = &second};
	spoil_all(engine);
	recompute(&again, &engine->mlp, net->L);
	mlp_backward_f64(&engine->mlp, engine->X, engine->B, engine->answers,
			 (struct gradient_sink_f64){recompute_below, &again});
	*evaluations = again.evaluations;
	engine_release(&second);
	return 0;
}

/* Gradients of a backward pass with every A[1] off by 0.1. */
static void spoiled_cache(struct engine *engine)
{
	mlp_forward_f64(&engine->mlp, engine->X, engine->B);
	for (int i = 0; i < engine->B * engine->mlp.layer[1].lda; i++)
		engine->mlp.layer[1].A[i] += 0.1;
	mlp_backward_f64(&engine->mlp, engine->X, engine->B, engine->answers, (struct gradient_sink_f64){0});
}

static void tell_row(struct demonstration *of, const char *how, int evaluations, const struct plain *gradients,
		     const struct plain *cached, const struct plain *differences)
{
	doc_cell(of->doc, "%s", how);
	doc_cell(of->doc, "%d", evaluations);
	doc_cell(of->doc, "%.1e", plain_error(gradients, cached));
	doc_cell(of->doc, "%.1e", plain_error(gradients, differences));
}

static int three_caches(struct demonstration *of, struct engine *engine, struct plain net[4], struct err *err)
{
	static const char *const head[] = {"cache", "layer evaluations", "against cached", "against differences"};
	struct plain *cached = &net[0], *recomputed = &net[1], *spoiled = &net[2], *differences = &net[3];
	const int L = cached->L;
	int evaluations;
	plain_differences(differences);
	engine_backward(engine, (struct gradient_sink_f64){0});
	engine_gradients(engine, cached);
	if (without_cache(engine, cached, &evaluations, err) != 0)
		return -1;
	engine_gradients(engine, recomputed);
	spoiled_cache(engine);
	engine_gradients(engine, spoiled);
	doc_table(of->doc, NULL, 4, "lrrr", head);
	tell_row(of, "kept from the forward pass", L, cached, cached, differences);
	tell_row(of, "recomputed from X for each layer", evaluations, recomputed, cached, differences);
	tell_row(of, "kept, A[1] off by 0.1", L, spoiled, cached, differences);
	of->number = plain_error(recomputed, cached);
	of->pass &= evaluations == L * (L + 1) / 2 && plain_error(cached, differences) <= TRIAL_RIGHT &&
		    plain_error(spoiled, differences) >= TRIAL_WRONG;
	doc_text(of->doc,
		 "Kept, L = %d layers are evaluated once each. Recomputed, layer l costs l evaluations: L(L+1)/2 = "
		 "%d, for the same bits.",
		 L, L * (L + 1) / 2);
	return 0;
}

int claim_cache(struct demonstration *of, struct err *err)
{
	struct plain net[4];
	struct engine engine;
	of->what = "difference of gradients, cache kept or recomputed";
	of->expected = "== 0";
	doc_text(of->doc,
		 "Backward needs A[l-1] and g'(Z[l]) of every layer. Three backward passes: with the cache that the "
		 "forward pass left; with the cache destroyed (not a number in every place) and each layer's part "
		 "made again from X when its turn comes; and with a cache that is a little wrong.");
	equal_widths(&net[0], DEEPEST);
	for (int i = 1; i < 4; i++)
		plain_copy(&net[i], &net[0]);
	int failed = engine_make(&engine, &net[0], err);
	if (!failed) {
		failed = three_caches(of, &engine, net, err);
		engine_release(&engine);
	}
	for (int i = 0; i < 4; i++)
		plain_release(&net[i]);
	return failed;
}
