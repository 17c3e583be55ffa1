/* derivation_forward.c: the network and its forward pass, told. */
#include "lecture/derivation_parts.h"
#include "lecture/formulas.h"
#include "lecture/written.h"

void derivation_write(const struct derivation *derivation, struct doc *doc)
{
	write_network(derivation, doc);
	write_forward(derivation, doc);
	write_loss(derivation, doc);
	write_backward(derivation, doc);
	write_chain(derivation, doc);
	write_zeros(derivation, doc);
	write_update(derivation, doc);
	write_checks(derivation, doc);
}

static const char *s(int n)
{
	return n == 1 ? "" : "s";
}

/* ---- the network ---- */

static void write_shapes(const struct derivation *d, struct doc *doc)
{
	static const char *const head[] = {"layer", "W[l]", "b[l]", "numbers", "what it does"};
	const char *name = acts[d->problem->activation].name;
	doc_table(doc, NULL, 5, "lrrrl", head);
	for (int l = 1; l <= d->L; l++) {
		const struct derived *layer = &d->layer[l];
		doc_cell(doc, "%d", l);
		doc_cell(doc, "%d × %d", layer->out, layer->in);
		doc_cell(doc, layer->b ? "%d" : "none", layer->out);
		doc_cell(doc, "%d", layer->out * (layer->in + (layer->b ? 1 : 0)));
		if (l < d->L)
			doc_cell(doc, "A[%d] = %s(Z[%d])", l, name, l);
		else
			doc_cell(doc, "output: Z[%d] goes into the loss", l);
	}
}

void write_network(const struct derivation *d, struct doc *doc)
{
	const int n = d->layer[d->L].out;
	struct text shape = TEXT_INIT;
	for (int l = 0; l <= d->L; l++)
		text_add(&shape, "%s%d", l ? "-" : "", d->layer[l].out);
	doc_heading(doc, 1, "network", "The network");
	doc_text(doc,
		 "A %s network: %d input%s, %d output%s, L = %d layer%s with weights, %zu parameters. It is given m = "
		 "%d "
		 "example%s. Layers are counted from the input; columns are examples; Z[1]₁₁ is the number of Z[1] in "
		 "row 1, column 1.",
		 shape.at, d->layer[0].out, s(d->layer[0].out), n, s(n), d->L, s(d->L), d->parameters, d->m, s(d->m));
	text_release(&shape);
	write_shapes(d, doc);
	doc_matrix(doc, "X = A[0]", "X = A^{[0]}", d->layer[0].out, d->m, d->layer[0].A, DIGITS);
	doc_matrix(doc, n == 1 ? "y" : "Y", n == 1 ? "y" : "Y", n, d->m, d->Y, DIGITS);
	for (int l = 1; l <= d->L; l++) {
		written_matrix(doc, "W", l, d->layer[l].out, d->layer[l].in, d->layer[l].W);
		if (d->layer[l].b)
			written_matrix(doc, "b", l, d->layer[l].out, 1, d->layer[l].b);
	}
}

/* ---- forward ---- */

static void write_Z(const struct derivation *d, int l, struct doc *doc)
{
	const struct derived *layer = &d->layer[l];
	struct written formula = {0}, first = {0};
	written_name(&formula, "Z", l);
	written_add(&formula, " = ", NULL);
	written_name(&formula, "W", l);
	written_add(&formula, " ", "\\,");
	written_name(&formula, "A", l - 1);
	if (layer->b) {
		written_add(&formula, " + ", NULL);
		written_name(&formula, "b", l);
	}
	written_formula(&formula, doc);
	written_products(&first, layer->in, layer->W, 1, d->layer[l - 1].A, d->m);
	if (layer->b) {
		written_add(&first, " + ", NULL);
		written_number(&first, layer->b[0], true);
	}
	written_result(doc, "Z", l, layer->out, d->m, layer->Z, &first);
}

static void write_A(const struct derivation *d, int l, struct doc *doc)
{
	const struct derived *layer = &d->layer[l];
	const struct act *act = &acts[d->problem->activation];
	const struct act_formula *formula = act_formula_find(d->problem->activation);
	struct written value = {0}, slope = {0};
	doc_text(doc, "Through the activation, g = %s%s%s:", act->name, formula ? "" : ", ", formula ? "" : act->about);
	written_name(&value, "A", l);
	written_add(&value, " = g(", NULL);
	written_name(&value, "Z", l);
	written_add(&value, ")", NULL);
	if (formula) {
		written_add(&value, ",  g(z) = ", ",\\qquad g(z) = ");
		written_add(&value, formula->g, formula->g_tex);
	}
	written_formula(&value, doc);
	written_matrix(doc, "A", l, layer->out, d->m, layer->A);
	if (formula) {
		written_add(&slope, "g'(z) = ", NULL);
		written_add(&slope, formula->slope, formula->slope_tex);
		written_formula(&slope, doc);
		slope = (struct written){0};
	}
	text_add(&slope.plain, "g'(Z[%d])", l);
	text_add(&slope.tex, "g'(Z^{[%d]})", l);
	doc_matrix(doc, slope.plain.at, slope.tex.at, layer->out, d->m, layer->slope, DIGITS);
	text_release(&slope.plain);
	text_release(&slope.tex);
	doc_text(doc, "A[%d] and g'(Z[%d]) go into the cache: A[%d] will make dW[%d], g'(Z[%d]) will make dZ[%d].", l,
		 l, l, l + 1, l, l);
}

void write_forward(const struct derivation *d, struct doc *doc)
{
	doc_heading(doc, 1, "forward", "Forward, from left to right");
	doc_text(doc, "Each layer takes A[l-1] from the layer before it. What the way back will need is kept: the "
		      "cache. A[0] = X "
		      "is its first entry.");
	for (int l = 1; l <= d->L; l++) {
		doc_heading(doc, 2, NULL, l < d->L ? "Layer %d" : "Layer %d, the output", l);
		write_Z(d, l, doc);
		if (l < d->L)
			write_A(d, l, doc);
	}
}
