/* derivation_backward.c: the backward pass, layer by layer from the right, and the product that the chain rule makes on its way. */
#include <math.h>

#include "lecture/derivation_parts.h"
#include "lecture/formulas.h"
#include "lecture/written.h"

static double norm(const double *v, int n)
{
	double sum = 0;
	for (int i = 0; i < n; i++)
		sum += v[i] * v[i];
	return sqrt(sum);
}

/* "A = B C D …": names of layers in order; a name of layer −1 stands as it is. */
struct part {
	const char *plain, *tex;
	int l;
};

static void write_rule(struct doc *doc, const struct part *part, int n)
{
	struct written formula = {0};
	for (int i = 0; i < n; i++)
		if (part[i].l < 0)
			written_add(&formula, part[i].plain, part[i].tex);
		else
			written_name(&formula, part[i].plain, part[i].l);
	written_formula(&formula, doc);
}

static void write_dW(const struct derivation *d, int l, struct doc *doc)
{
	const struct derived *layer = &d->layer[l];
	struct written sum = {0};
	const struct part rule[] = {
		{"dW", NULL, l},  {" = ", NULL, -1},  {"dZ", NULL, l},
		{" ", "\\,", -1}, {"A", NULL, l - 1}, {"ᵀ / m", "{}^{\\mathsf T} / m", -1},
	};
	write_rule(doc, rule, 6);
	if (d->m > 1)
		written_add(&sum, "(", NULL);
	written_products(&sum, d->m, layer->dZ, 1, d->layer[l - 1].A, 1);
	if (d->m > 1) {
		written_add(&sum, ") / ", NULL);
		written_number(&sum, d->m, false);
	}
	written_result(doc, "dW", l, layer->out, layer->in, layer->dW, &sum);
	doc_text(doc, "From the cache: A[%d]%s.", l - 1, l == 1 ? ", the input" : "");
}

static void write_db(const struct derivation *d, int l, struct doc *doc)
{
	const struct derived *layer = &d->layer[l];
	const struct part rule[] = {
		{"db", NULL, l},
		{" = rowmean ", " = \\tfrac1m \\textstyle\\sum_i ", -1},
		{"dZ", NULL, l},
	};
	if (!layer->db)
		return;
	write_rule(doc, rule, 3);
	written_matrix(doc, "db", l, layer->out, 1, layer->db);
}

static void write_judgement(const struct derivation *d, int l, struct doc *doc)
{
	static const char *const say[] = {
		[AGREES] = "they agree",
		[TOO_SMALL] = "these derivatives are too small to be seen in a loss of 16 digits",
		[AT_KINK] = "some Z lies where g has no derivative, where differences mean nothing",
		[DIFFERS] = "THEY DO NOT AGREE",
	};
	const struct derived *layer = &d->layer[l];
	doc_text(doc, "Checked by differences of the loss: dW[%d]%s off by %.1e of the largest of them at most; %s.", l,
		 layer->db ? " and its db are" : " is", layer->error, say[layer->judgement]);
}

/* dA[l−1] and dZ[l−1], what layer l hands back. */
static void write_back(const struct derivation *d, int l, struct doc *doc)
{
	const struct derived *layer = &d->layer[l], *before = &d->layer[l - 1];
	struct written sum = {0}, product = {0};
	const struct part dA[] = {
		{"dA", NULL, l - 1}, {" = ", NULL, -1}, {"W", NULL, l}, {"ᵀ ", "{}^{\\mathsf T}\\,", -1},
		{"dZ", NULL, l},
	};
	const struct part dZ[] = {
		{"dZ", NULL, l - 1},           {" = ", NULL, -1},  {"dA", NULL, l - 1},
		{" ∘ g'(", " \\circ g'(", -1}, {"Z", NULL, l - 1}, {")", NULL, -1},
	};
	write_rule(doc, dA, 5);
	written_products(&sum, layer->out, layer->W, layer->in, layer->dZ, d->m);
	written_result(doc, "dA", l - 1, before->out, d->m, before->dA, &sum);
	doc_text(doc, "With W[%d] as it was on the way forward: an update of layer %d must wait for this.", l, l);
	write_rule(doc, dZ, 6);
	written_products(&product, 1, before->dA, 1, before->slope, 1);
	written_result(doc, "dZ", l - 1, before->out, d->m, before->dZ, &product);
	doc_text(doc,
		 "From the cache: g'(Z[%d]). One layer back is one more factor of the chain, W[%d]ᵀ and then "
		 "g'(Z[%d]): the "
		 "norm of the error goes from %.6g to %.6g.",
		 l - 1, l, l - 1, norm(layer->dZ, layer->out * d->m), norm(before->dZ, before->out * d->m));
}

static void write_plan(const struct derivation *d, struct doc *doc)
{
	doc_text(doc, "Wanted: how the loss changes with every weight. dZ[l] carries the derivative back, the product "
		      "of all factors "
		      "from the loss to layer l, an example a column. In each layer, from the last to the first:");
	doc_formula(doc, "dW[l] = dZ[l] A[l-1]ᵀ / m", "dW^{[l]} = dZ^{[l]}\\,A^{[l-1]}{}^{\\mathsf T} / m");
	if (d->problem->bias)
		doc_formula(doc, "db[l] = rowmean dZ[l]", "db^{[l]} = \\tfrac1m \\textstyle\\sum_i dZ^{[l]}");
	doc_formula(doc, "dA[l-1] = W[l]ᵀ dZ[l]", "dA^{[l-1]} = W^{[l]}{}^{\\mathsf T}\\,dZ^{[l]}");
	doc_formula(doc, "dZ[l-1] = dA[l-1] ∘ g'(Z[l-1])", "dZ^{[l-1]} = dA^{[l-1]} \\circ g'(Z^{[l-1]})");
	doc_text(doc, "∘ multiplies number by number; rowmean: over the examples, each row a number.");
}

void write_backward(const struct derivation *d, struct doc *doc)
{
	doc_heading(doc, 1, "backward", "Backward, from right to left");
	write_plan(d, doc);
	write_output_error(d, doc);
	for (int l = d->L; l >= 1; l--) {
		doc_heading(doc, 2, NULL, "Layer %d", l);
		write_dW(d, l, doc);
		write_db(d, l, doc);
		write_judgement(d, l, doc);
		if (l > 1)
			write_back(d, l, doc);
	}
	doc_text(doc, "No layer comes before the first: dA[0] is not needed.");
}

/* ---- the product ---- */

static bool is_chain(const struct derivation *d)
{
	for (int l = 1; l <= d->L; l++)
		if (d->layer[l].out != 1)
			return false;
	return true;
}

static void number_cell(struct doc *doc, double value)
{
	char buffer[32];
	doc_cell(doc, "%s", doc_number(buffer, value, DIGITS));
}

/* One unit a layer: the factors themselves, of the first example. */
static void write_exact_chain(const struct derivation *d, struct doc *doc)
{
	static const char *const head[] = {"layer l", "w[l+1]", "g'(z[l])", "factor", "product of factors", "dZ[l]"};
	double product = 1;
	doc_text(doc,
		 "One unit a layer: matrices are numbers, and dZ[l] is dZ[%d] times a product with one factor w[l+1] · "
		 "g'(z[l]) "
		 "for each layer on the way%s.",
		 d->L, d->m > 1 ? ". Here, of the first example" : "");
	doc_table(doc, NULL, 6, "rrrrrr", head);
	for (int l = d->L; l >= 1; l--) {
		const struct derived *layer = &d->layer[l];
		const double w = l < d->L ? d->layer[l + 1].W[0] : NAN, slope = l < d->L ? layer->slope[0] : NAN;
		doc_cell(doc, "%d", l);
		if (l == d->L) {
			doc_cell(doc, " "), doc_cell(doc, " "), doc_cell(doc, " ");
		} else {
			product *= w * slope;
			number_cell(doc, w), number_cell(doc, slope), number_cell(doc, w * slope);
		}
		number_cell(doc, product), number_cell(doc, layer->dZ[0]);
	}
}

static void write_norms(const struct derivation *d, struct doc *doc)
{
	static const char *const head[] = {"layer l", "‖dZ[l]‖", "factor: ‖dZ[l]‖ / ‖dZ[l+1]‖", "all since the output"};
	double above = NAN, last = NAN;
	doc_text(doc, "How much of the error is left in each layer: ‖ ‖ is the root of the sum of squares.");
	doc_table(doc, NULL, 4, "rrrr", head);
	for (int l = d->L; l >= 1; l--) {
		const double here = norm(d->layer[l].dZ, d->layer[l].out * d->m);
		doc_cell(doc, "%d", l);
		number_cell(doc, here);
		if (l == d->L) {
			doc_cell(doc, " "), doc_cell(doc, "1");
			last = here;
		} else {
			if (above > 0)
				number_cell(doc, here / above);
			else
				doc_cell(doc, "0 / 0");
			number_cell(doc, last > 0 ? here / last : 0);
		}
		above = here;
	}
}

void write_chain(const struct derivation *d, struct doc *doc)
{
	const struct act_formula *formula = act_formula_find(d->problem->activation);
	if (d->L < 2)
		return;
	doc_heading(doc, 1, "chain", "The factors of the chain");
	if (is_chain(d))
		write_exact_chain(d, doc);
	else
		write_norms(d, doc);
	if (formula && formula->steepest == 0.25)
		doc_text(doc,
			 "The sigmoid's slope is never above 0.25, so each factor is at most a quarter of what the "
			 "weights alone "
			 "would make it: the product of many of them vanishes, unless the weights make up for it.");
	else if (formula && formula->steepest > 0)
		doc_text(doc,
			 "The slope of %s is never above %.4g: how large a factor is, slopes and weights decide "
			 "together.",
			 acts[d->problem->activation].name, formula->steepest);
}
