/* derivation_end.c: one update, and the table of all derivatives beside their checks. */
#include <math.h>

#include "lecture/derivation_parts.h"
#include "lecture/written.h"

static double squares(const double *v, int n)
{
	double sum = 0;
	for (int i = 0; i < n; i++)
		sum += v[i] * v[i];
	return sum;
}

void write_update(const struct derivation *d, struct doc *doc)
{
	const double lr = d->problem->lr;
	double total = 0;
	char eta[32];
	if (isnan(lr))
		return;
	doc_number(eta, lr, DIGITS);
	doc_heading(doc, 1, "update", "One update, η = %s", eta);
	doc_formula(doc, "W[l] ← W[l] - η dW[l]", "W^{[l]} \\leftarrow W^{[l]} - \\eta\\,dW^{[l]}");
	if (d->problem->bias)
		doc_formula(doc, "b[l] ← b[l] - η db[l]", "b^{[l]} \\leftarrow b^{[l]} - \\eta\\,db^{[l]}");
	for (int l = 1; l <= d->L; l++) {
		const struct derived *layer = &d->layer[l];
		written_matrix(doc, "W", l, layer->out, layer->in, layer->W_new);
		total += squares(layer->dW, layer->out * layer->in);
		if (layer->b) {
			written_matrix(doc, "b", l, layer->out, 1, layer->b_new);
			total += squares(layer->db, layer->out);
		}
	}
	doc_text(doc,
		 "Forward again with these weights, the loss goes from %.6g to %.6g, a change of %.3g. The gradient "
		 "foretold -η times "
		 "the sum of its squares, %.3g: the two come together as η gets small.",
		 d->loss, d->loss_new, d->loss_new - d->loss, 0 - lr * total); /* never -0 */
	doc_text(doc, "Repeat with the updated weights: the cache is of the old ones, so forward comes first again.");
}

static void check_row(struct doc *doc, double a, double n)
{
	char buffer[32];
	doc_cell(doc, "%s", doc_number(buffer, a, DIGITS));
	doc_cell(doc, "%s", doc_number(buffer, n, DIGITS));
	doc_cell(doc, a == n ? "0" : "%.1e", fabs(a - n));
}

void write_checks(const struct derivation *d, struct doc *doc)
{
	static const char *const head[] = {"derivative", "backward", "differences of the loss", "apart by"};
	doc_heading(doc, 1, "checks", "Every derivative checked");
	doc_text(doc, "An independent reading of each: move that one number by ±h and ±2h, look at the loss f alone, "
		      "and take");
	doc_formula(doc, "(8 (f(w + h) - f(w - h)) - (f(w + 2h) - f(w - 2h))) / 12h",
		    "\\frac{8 (f(w + h) - f(w - h)) - (f(w + 2h) - f(w - 2h))}{12 h}");
	doc_fold(doc, "All %zu derivatives, beside differences of the loss", d->parameters);
	doc_table(doc, NULL, 4, "lrrr", head);
	for (int l = 1; l <= d->L; l++) {
		const struct derived *layer = &d->layer[l];
		for (int o = 0; o < layer->out; o++)
			for (int i = 0; i < layer->in; i++) {
				doc_cell(doc, "dW[%d] row %d, column %d", l, o + 1, i + 1);
				check_row(doc, layer->dW[o * layer->in + i], layer->dW_check[o * layer->in + i]);
			}
		for (int o = 0; layer->db && o < layer->out; o++) {
			doc_cell(doc, "db[%d] row %d", l, o + 1);
			check_row(doc, layer->db[o], layer->db_check[o]);
		}
	}
	doc_fold_end(doc);
}
