/* written.c: see written.h */
#include "lecture/written.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void written_add(struct written *to, const char *plain, const char *tex)
{
	text_add(&to->plain, "%s", plain);
	text_add(&to->tex, "%s", tex ? tex : plain);
}

void written_name(struct written *to, const char *name, int l)
{
	text_add(&to->plain, "%s[%d]", name, l);
	text_add(&to->tex, "%s^{[%d]}", name, l);
}

void written_number(struct written *to, double value, bool brackets)
{
	char buffer[32];
	const char *number = doc_number(buffer, value, DIGITS), *e = strchr(number, 'e');
	const bool around = brackets && *number == '-';
	text_add(&to->plain, around ? "(%s)" : "%s", number);
	text_add(&to->tex, around ? "(" : "");
	if (isfinite(value) && e)
		text_add(&to->tex, "%.*s \\cdot 10^{%d}", (int)(e - number), number, (int)strtol(e + 1, NULL, 10));
	else if (isfinite(value))
		text_add(&to->tex, "%s", number);
	else
		text_add(&to->tex, isnan(value) ? "\\mathrm{NaN}" : value < 0 ? "-\\infty" : "\\infty");
	text_add(&to->tex, around ? ")" : "");
}

void written_products(struct written *to, int K, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step)
{
	enum { LONG = 6, START = 3 };
	for (int k = 0; k < K; k++) {
		if (k > 0)
			written_add(to, " + ", NULL);
		if (K > LONG && k == START) {
			written_add(to, "… + ", "\\dots + ");
			k = K - 1;
		}
		written_number(to, a[k * a_step], k > 0);
		written_add(to, " · ", " \\cdot ");
		written_number(to, b[k * b_step], true);
	}
}

static void release(struct written *formula)
{
	text_release(&formula->plain);
	text_release(&formula->tex);
}

void written_formula(struct written *formula, struct doc *doc)
{
	doc_formula(doc, formula->plain.at, formula->tex.at);
	release(formula);
}

void written_cell(struct written *formula, struct doc *doc)
{
	doc_cell_formula(doc, formula->plain.at, formula->tex.at);
	release(formula);
}

void written_matrix(struct doc *doc, const char *name, int l, int R, int C, const double *number)
{
	struct written written = {0};
	written_name(&written, name, l);
	doc_matrix(doc, written.plain.at, written.tex.at, R, C, number, DIGITS);
	release(&written);
}

void written_result(struct doc *doc, const char *name, int l, int R, int C, const double *number, struct written *sum)
{
	struct written line = {0};
	if (R * C > 1)
		written_matrix(doc, name, l, R, C, number);
	written_name(&line, name, l);
	written_add(&line, R * C > 1 ? "₁₁ = " : " = ", R * C > 1 ? "_{11} = " : " = ");
	written_add(&line, sum->plain.at, sum->tex.at);
	written_add(&line, " = ", NULL);
	written_number(&line, number[0], false);
	written_formula(&line, doc);
	release(sum);
}
