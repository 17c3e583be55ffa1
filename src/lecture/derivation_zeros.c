/* derivation_zeros.c: derivatives that are exactly 0, and why: a weight from a silent input, of a unit that hears no error, or of
 * products that cancel. And rows that are equal: units that cannot become different. */
#include <string.h>

#include "lecture/derivation_parts.h"

/* All m numbers of row j are 0. */
static bool row_is_zero(const double *matrix, int j, int m)
{
	for (int i = 0; i < m; i++)
		if (matrix[j * m + i] != 0)
			return false;
	return true;
}

static bool all_zero(const double *v, int n)
{
	return row_is_zero(v, 0, n);
}

static const char *examples(const struct derivation *d)
{
	return d->m > 1 ? " in all examples" : "";
}

/* dZ[l] of unit j is 0: which factor is. */
static const char *why_unit(const struct derivation *d, int l, int j)
{
	const struct derived *layer = &d->layer[l], *above = &d->layer[l + 1];
	if (l == d->L)
		return "the output is exactly right";
	if (row_is_zero(layer->slope, j, d->m))
		return "g' is 0 there: the unit does not react to its input";
	if (!row_is_zero(layer->dA, j, d->m))
		return "in each example dA or g' is 0, or their product is too small for a number";
	if (all_zero(above->dZ, above->out * d->m))
		return "no error comes from the layer above";
	for (int o = 0; o < above->out; o++)
		if (above->W[o * layer->out + j] != 0)
			return "what comes back from the layer above cancels";
	return "every weight from the unit to the layer above is 0: the error finds no way back";
}

/* "1, 2, 5" of a list in the making. */
static void add_number(struct text *list, int number)
{
	text_add(list, "%s%d", list->at ? ", " : "", number);
}

struct zeros {
	const struct derivation *d;
	struct doc *doc;
	int found;
};

static void tell(struct zeros *zeros, const char *what, int l, const char *more, const struct text *list,
		 const char *why)
{
	static const char *const head[] = {"exactly 0", "because"};
	if (zeros->found++ == 0)
		doc_table(zeros->doc, NULL, 2, "ll", head);
	doc_cell(zeros->doc, "dW[%d], %s%s%s%s", l, what, strchr(list->at, *list->at == '(' ? ';' : ',') ? "s " : " ",
		 list->at, more);
	doc_cell(zeros->doc, "%s", why);
}

/* Rows of dW: units that hear no error, those of one reason together. */
static void tell_rows(struct zeros *zeros, int l)
{
	const struct derivation *d = zeros->d;
	const struct derived *layer = &d->layer[l];
	for (int o = 0; o < layer->out; o++) {
		struct text list = TEXT_INIT, why = TEXT_INIT;
		const char *reason = row_is_zero(layer->dZ, o, d->m) ? why_unit(d, l, o) : NULL;
		bool told = !reason;
		for (int k = 0; k < layer->out && !told; k++)
			if (row_is_zero(layer->dZ, k, d->m) && why_unit(d, l, k) == reason) {
				told = k < o;
				add_number(&list, k + 1);
			}
		if (!told) {
			text_add(&why, "no error reaches the unit, dZ is 0%s; %s", examples(d), reason);
			tell(zeros, "row", l, layer->db ? ", db too" : "", &list, why.at);
		}
		text_release(&list);
		text_release(&why);
	}
}

/* Columns of dW: inputs that are 0. */
static void tell_columns(struct zeros *zeros, int l)
{
	const struct derivation *d = zeros->d;
	struct text list = TEXT_INIT, why = TEXT_INIT;
	for (int i = 0; i < d->layer[l].in; i++)
		if (row_is_zero(d->layer[l - 1].A, i, d->m)) {
			add_number(&list, i + 1);
			if (l == 1)
				text_add(&why, "%sx%d = 0", why.at ? ", " : "", i + 1);
		}
	if (list.at) {
		if (l > 1)
			text_add(&why, "the unit of layer %d is silent, A is 0", l - 1);
		text_add(&why, "%s: a weight from an input of 0 changes nothing", examples(d));
		tell(zeros, "column", l, "", &list, why.at);
	}
	text_release(&list);
	text_release(&why);
}

/* What else is 0: single numbers. */
static void tell_others(struct zeros *zeros, int l)
{
	const struct derivation *d = zeros->d;
	const struct derived *layer = &d->layer[l];
	struct text list = TEXT_INIT;
	for (int o = 0; o < layer->out; o++)
		for (int i = 0; i < layer->in; i++)
			if (layer->dW[o * layer->in + i] == 0 && !row_is_zero(layer->dZ, o, d->m) &&
			    !row_is_zero(d->layer[l - 1].A, i, d->m))
				text_add(&list, "%s(%d, %d)", list.at ? "; " : "", o + 1, i + 1);
	if (list.at)
		tell(zeros, "number", l, "", &list,
		     d->m > 1 ? "in each example dZ of the row or A of the column is 0, or the examples cancel"
			      : "the product is too small for a number");
	text_release(&list);
}

/* Units of layer l that have equal weights and get equal derivatives. */
static bool symmetric(const struct derived *layer)
{
	const size_t row = sizeof(double) * (size_t)layer->in;
	for (int o = 1; o < layer->out; o++)
		if (memcmp(layer->W, layer->W + o * layer->in, row) != 0 ||
		    memcmp(layer->dW, layer->dW + o * layer->in, row) != 0 ||
		    (layer->db && (layer->db[o] != layer->db[0] || layer->b[o] != layer->b[0])))
			return false;
	return layer->out > 1;
}

void write_zeros(const struct derivation *d, struct doc *doc)
{
	struct zeros zeros = {d, doc, 0};
	doc_heading(doc, 1, "zeros", "Derivatives that are exactly 0");
	for (int l = 1; l <= d->L; l++) {
		tell_rows(&zeros, l);
		tell_columns(&zeros, l);
		tell_others(&zeros, l);
	}
	if (zeros.found == 0)
		doc_text(doc, "There is none: no input is 0, no unit is silent or deaf.");
	for (int l = 1; l < d->L; l++)
		if (symmetric(&d->layer[l]))
			doc_text(doc,
				 "The %d units of layer %d have the same weights and get the same derivatives: after "
				 "any number of "
				 "updates they are still one unit, written %d times.",
				 d->layer[l].out, l, d->layer[l].out);
}
