/* claims_exercise.c: claim 10: the exercise of the lecture, a network 5-3-1, with the values worked by hand. */
#include <math.h>
#include <string.h>

#include "lecture/engine.h"
#include "lecture/exercise.h"
#include "lecture/lecture.h"

enum { INPUTS = 5, UNITS = 3 };

/* What the lecture prints, in six decimals. dW[1] is dZ[1] xᵀ, its last column zero. */
static const double by_hand_A1[] = {.512497, .413382, .679179}, by_hand_dA1[] = {-.201299, .161039, -.120780};
static const double by_hand_Z1[] = {.05, -.35, .75}, by_hand_dZ1[] = {-.050293, .039052, -.026317};
static const double by_hand_dW2[] = {-.206331, -.166427, -.273436};
static const double by_hand_z2 = .394649, by_hand_a = .597401, by_hand_loss = .515166, by_hand_dZ2 = -.402599;

static void set_exercise(struct plain *net)
{
	const struct problem given = exercise();
	const char *activation = acts[given.activation].name;
	plain_init(net, &(struct plain_shape){given.L, given.m, given.n, activation, 1, 1});
	memcpy(net->A[0], given.X, (size_t)(given.m * given.n[0]) * sizeof(double));
	net->y[0] = given.answers.labels[0];
	plain_load(net, given.weights);
}

struct tally {
	struct doc *doc;
	double worst; /* largest distance from what the lecture prints */
};

/* n values by hand, by the plain program and by the network; in rows of `columns`. */
static void line(struct tally *tally, const char *name, int n, int columns, const double *hand, const double *plain,
		 const double *ours)
{
	for (int i = 0; i < n; i++) {
		const double off = fmax(fabs(plain[i] - hand[i]), fabs(ours[i] - hand[i]));
		tally->worst = isfinite(off) ? fmax(tally->worst, off) : INFINITY;
		if (columns > 1)
			doc_cell(tally->doc, "%s[%d,%d]", name, i / columns + 1, i % columns + 1);
		else if (n > 1)
			doc_cell(tally->doc, "%s, unit %d", name, i + 1);
		else
			doc_cell(tally->doc, "%s", name);
		doc_cell(tally->doc, "%.6f", hand[i] + 0.0); /* not "-0" */
		doc_cell(tally->doc, "%.9f", plain[i]);
		doc_cell(tally->doc, "%.9f", ours[i]);
	}
}

/* What the forward pass of the network left is gone after backward: Z[2] and A[1] are taken between the two. */
static void compare(struct tally *tally, struct plain *net, struct engine *engine)
{
	static const char *const head[] = {"value", "by hand", "plain program", "network"};
	const struct layer_f64 *first = &engine->mlp.layer[1], *last = &engine->mlp.layer[2];
	double z1[UNITS], dA1[UNITS], dW1[INPUTS * UNITS], hand[INPUTS * UNITS];
	mlp_forward_f64(&engine->mlp, engine->X, 1);
	const double z2 = last->D[0], a = plain_g(net->activation, z2);
	const struct loss_sum sum =
		mlp_backward_f64(&engine->mlp, engine->X, 1, engine->answers, (struct gradient_sink_f64){0});
	for (int j = 0; j < UNITS; j++) {
		z1[j] = log(first->A[j] / (1 - first->A[j])); /* its place holds g'(Z[1]): taken back from A[1] */
		dA1[j] = last->W[j] * last->D[0];
		for (int i = 0; i < INPUTS; i++) {
			dW1[j * INPUTS + i] = first->dW[j * first->ldw + i];
			hand[j * INPUTS + i] = by_hand_dZ1[j] * net->A[0][i];
		}
	}
	doc_table(tally->doc, NULL, 4, "lrrr", head);
	line(tally, "Z[1]", UNITS, 1, by_hand_Z1, net->Z[1], z1);
	line(tally, "A[1]", UNITS, 1, by_hand_A1, net->A[1], first->A);
	line(tally, "Z[2]", 1, 1, &by_hand_z2, net->Z[2], &z2);
	line(tally, "A[2]", 1, 1, &by_hand_a, net->A[2], &a);
	line(tally, "loss", 1, 1, &by_hand_loss, &net->loss, &sum.loss);
	line(tally, "dZ[2] = db[2]", 1, 1, &by_hand_dZ2, net->db[2], last->db);
	line(tally, "dW[2]", UNITS, 1, by_hand_dW2, net->dW[2], last->dW);
	line(tally, "dA[1]", UNITS, 1, by_hand_dA1, net->dA[1], dA1);
	line(tally, "dZ[1] = db[1]", UNITS, 1, by_hand_dZ1, net->db[1], first->db);
	const double before = tally->worst; /* products of rounded numbers: twice their rounding is allowed */
	struct tally weights = {tally->doc, 0};
	line(&weights, "dW[1]", INPUTS * UNITS, INPUTS, hand, net->dW[1], dW1);
	tally->worst = fmax(before, weights.worst / 2);
}

int claim_exercise(struct demonstration *of, struct err *err)
{
	struct plain net;
	struct engine engine;
	of->what = "largest distance from the values worked by hand";
	of->expected = "<= 6e-07";
	doc_text(of->doc,
		 "Five inputs, three hidden units, one output, the sigmoid everywhere, 22 parameters: every value of "
		 "the lecture's exercise, in the six decimals that are printed there, beside what the plain program "
		 "and the network give. 'fathom explain' writes out where each of them comes from.");
	set_exercise(&net);
	net.slip = of->slip;
	plain_forward(&net);
	plain_backward(&net, 0);
	const int failed = engine_make(&engine, &net, err);
	if (!failed) {
		struct tally tally = {.doc = of->doc};
		compare(&tally, &net, &engine);
		of->number = tally.worst;
		of->pass &= engine.mlp.parameters == 22;
		for (int j = 0; j < UNITS; j++)
			of->pass &= net.dW[1][j * INPUTS + 4] == 0 &&
				    engine.mlp.layer[1].dW[j * engine.mlp.layer[1].ldw + 4] == 0;
		engine_release(&engine);
	}
	plain_release(&net);
	return failed;
}
