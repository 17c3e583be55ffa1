/* claims_chain.c: claims 1 to 3: what a derivative is made of: a product along a path, one factor a layer, a sum over all
 * paths. */
#include <math.h>

#include "lecture/engine.h"
#include "lecture/lecture.h"

enum { LONGEST = 12 };

/* A network one unit wide, one example. */
static void chain(struct plain *net, int L, const char *activation, enum slip slip)
{
	int n[LONGEST + 1];
	for (int l = 0; l <= L; l++)
		n[l] = 1;
	plain_init(net, &(struct plain_shape){L, 1, n, activation, 1.5, (uint32_t)L});
	net->slip = slip;
	plain_forward(net);
	plain_backward(net, 0);
}

/* dW[1] of a chain, factor by factor from the loss to the input; nothing but the forward pass is used. */
static double product(const struct plain *net)
{
	double d = net->A[net->L][0] - net->y[0];
	for (int l = net->L; l > 1; l--)
		d *= net->W[l][0] * plain_slope(net->activation, net->Z[l - 1][0]);
	return d * net->A[0][0];
}

int claim_chain_product(struct demonstration *of, struct err *err)
{
	static const char *const activations[] = {"sigmoid", "tanh"};
	static const char *const head[] = {"activation",    "L",       "product of factors",
					   "plain program", "network", "apart"};
	of->what = "largest relative difference";
	of->expected = "<= 1e-12";
	doc_text(of->doc,
		 "A network of L layers, one unit each. The derivative of the loss by the first weight is written "
		 "out as a product, from the loss back to the input, and compared with the backward pass of the "
		 "plain program and with that of the network that trains studies.");
	doc_formula(of->doc, "dW[1] = (A[L] - y) * w[L] g'(z[L-1]) * ... * w[2] g'(z[1]) * x",
		    "dW^{[1]} = (A^{[L]} - y) \\prod_{l=2}^{L} w^{[l]} g'(z^{[l-1]}) \\; x");
	doc_table(of->doc, NULL, 6, "lrrrrr", head);
	for (int a = 0; a < 2; a++)
		for (int L = 2; L <= LONGEST; L++) {
			struct plain net;
			struct engine engine;
			chain(&net, L, activations[a], of->slip);
			if (engine_make(&engine, &net, err) != 0) {
				plain_release(&net);
				return -1;
			}
			engine_backward(&engine, (struct gradient_sink_f64){0});
			const double whole = product(&net), plain = net.dW[1][0], ours = engine.mlp.layer[1].dW[0];
			const double apart = fmax(plain_apart(whole, ours), plain_apart(plain, ours));
			of->number = fmax(of->number, apart);
			doc_cell(of->doc, "%s", activations[a]);
			doc_cell(of->doc, "%d", L);
			doc_cell(of->doc, "%.10g", whole);
			doc_cell(of->doc, "%.10g", plain);
			doc_cell(of->doc, "%.10g", ours);
			doc_cell(of->doc, "%.1e", apart);
			engine_release(&engine);
			plain_release(&net);
		}
	return 0;
}

/* The factors of a chain; *bounded: each is at most |w|/4. Returns the largest difference from the ratio of the dZ. */
static double factors(struct demonstration *of, const struct plain *net, const struct engine *engine, bool *bounded)
{
	static const char *const head[] = {"l", "dZ[l]", "w[l+1]", "g'(z[l])", "factor", "dZ[l]/dZ[l+1]", "|w[l+1]|/4"};
	double most = 0;
	doc_table(of->doc, "sigmoid, L = 12", 7, "rrrrrrr", head);
	for (int l = net->L; l >= 1; l--) {
		const double dZ = engine->mlp.layer[l].D[0];
		doc_cell(of->doc, "%d", l);
		doc_cell(of->doc, "%.4e", dZ);
		if (l == net->L) {
			for (int c = 0; c < 5; c++)
				doc_cell(of->doc, "%s", "");
			continue;
		}
		const double w = net->W[l + 1][0], slope = plain_slope(net->activation, net->Z[l][0]);
		const double ratio = dZ / engine->mlp.layer[l + 1].D[0];
		const double apart = plain_apart(ratio, w * slope);
		most = fmax(most, fmax(apart, plain_apart(net->dZ[l][0], dZ)));
		*bounded &= fabs(ratio) <= fabs(w) / 4;
		doc_cell(of->doc, "%.4f", w);
		doc_cell(of->doc, "%.4f", slope);
		doc_cell(of->doc, "%+.6f", w * slope);
		doc_cell(of->doc, "%+.6f", ratio);
		doc_cell(of->doc, "%.4f", fabs(w) / 4);
	}
	return most;
}

int claim_one_factor_a_layer(struct demonstration *of, struct err *err)
{
	struct plain net;
	struct engine engine;
	bool bounded = true;
	of->what = "largest relative difference of a factor";
	of->expected = "<= 1e-12";
	chain(&net, LONGEST, "sigmoid", of->slip);
	if (engine_make(&engine, &net, err) != 0) {
		plain_release(&net);
		return -1;
	}
	engine_backward(&engine, (struct gradient_sink_f64){0});
	doc_text(of->doc,
		 "A network of 12 layers, one unit each. One step back through a layer multiplies dZ by one factor. "
		 "The slope of the sigmoid is at most 1/4, so a factor is at most a quarter of its weight.");
	doc_formula(of->doc, "dZ[l] = dZ[l+1] * w[l+1] g'(z[l])", "dZ^{[l]} = dZ^{[l+1]} \\, w^{[l+1]} g'(z^{[l]})");
	of->number = factors(of, &net, &engine, &bounded);
	of->pass &= bounded;
	doc_text(of->doc, "%s",
		 bounded ? "Every factor is at most a quarter of its weight."
			 : "A factor is larger than a quarter of its weight.");
	engine_release(&engine);
	plain_release(&net);
	return 0;
}

/* The sum, over all paths from unit j of layer l to the loss, of the products of their factors; *paths counts them. */
static double sum_over_paths(const struct plain *net, int l, int j, int *paths)
{
	if (l == net->L) {
		++*paths;
		return net->A[l][j] - net->y[0];
	}
	double sum = 0;
	for (int k = 0; k < net->n[l + 1]; k++)
		sum += net->W[l + 1][k * net->n[l] + j] * plain_slope(net->activation, net->Z[l][j]) *
		       sum_over_paths(net, l + 1, k, paths);
	return sum;
}

/* dW[1] of one network in three ways, beside each other; the largest error of a whole matrix. */
static int three_ways(struct demonstration *of, int L, const int *n, const char *shape, struct err *err)
{
	static const char *const head[] = {"weight", "paths", "sum over paths", "plain loops", "matrices"};
	struct plain net;
	struct engine engine;
	plain_init(&net, &(struct plain_shape){L, 1, n, "sigmoid", 1, 3});
	net.slip = of->slip;
	plain_forward(&net);
	plain_backward(&net, 0);
	int failed = engine_make(&engine, &net, err);
	if (!failed) {
		engine_backward(&engine, (struct gradient_sink_f64){0});
		doc_table(of->doc, shape, 5, "lrrrr", head);
		double apart = 0;
		for (int j = 0; j < n[1]; j++)
			for (int i = 0; i < n[0]; i++) {
				int count = 0;
				const double sum = sum_over_paths(&net, 1, j, &count) * net.A[0][i];
				const struct layer_f64 *first = &engine.mlp.layer[1];
				const double plain = net.dW[1][j * n[0] + i], ours = first->dW[j * first->ldw + i];
				apart = fmax(apart, fmax(plain_apart(sum, plain), plain_apart(sum, ours)));
				doc_cell(of->doc, "W[1][%d,%d]", j + 1, i + 1);
				doc_cell(of->doc, "%d", count);
				doc_cell(of->doc, "%+.12f", sum);
				doc_cell(of->doc, "%+.12f", plain);
				doc_cell(of->doc, "%+.12f", ours);
			}
		of->number = fmax(of->number, apart);
		engine_release(&engine);
	}
	plain_release(&net);
	return failed;
}

int claim_sum_over_paths(struct demonstration *of, struct err *err)
{
	static const int one_hidden[] = {5, 3, 1}, two_hidden[] = {5, 3, 3, 1};
	of->what = "largest relative difference";
	of->expected = "<= 1e-12";
	doc_text(of->doc,
		 "The derivative by a weight of the first layer is taken along every path from its unit to the "
		 "output, the products of their factors added up; then by loops over the units; then by products of "
		 "matrices.");
	if (three_ways(of, 2, one_hidden, "5-3-1", err) != 0 || three_ways(of, 3, two_hidden, "5-3-3-1", err) != 0)
		return -1;
	return 0;
}
