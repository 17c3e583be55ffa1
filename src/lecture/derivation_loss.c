/* derivation_loss.c: the loss of each example, and its derivative by the output: where the way back begins. One row a loss. */
#include "lecture/derivation_parts.h"
#include "lecture/written.h"

/* What is said of a loss; each formula plain and in TeX. */
struct loss_words {
	const char *output[2]; /* ŷ, of z = Z[L] */
	const char *loss[2];   /* of an example */
	const char *stable[2]; /* how the program computes it; NULL: as above */
	const char *error[2];  /* dZ[L] */
	const char *why;       /* it has that form */
};

static const struct loss_words words[] = {
	[LOSS_BCE] =
		{
			{"ŷ = 1 / (1 + exp(-z)),  z = ", "\\hat y = \\frac{1}{1 + e^{-z}},\\qquad z = "},
			{"loss = -(y log ŷ + (1 - y) log(1 - ŷ))",
			 "\\text{loss} = -\\bigl(y \\log\\hat y + (1 - y)\\log(1 - \\hat y)\\bigr)"},
			{"loss = max(t, 0) + log(1 + exp(-|t|)),  t = -z for y = 1, z for y = 0",
			 "\\text{loss} = \\max(t, 0) + \\log(1 + e^{-|t|}),\\qquad t = -z \\text{ for } y = 1,\\; z "
			 "\\text{ "
			 "for } y = 0"},
			{" = ŷ - y", " = \\hat y - y"},
			"Two factors of the chain are taken at once. The loss changes with ŷ by (ŷ - y) / (ŷ (1 - ŷ)), "
			"ŷ with z "
			"by ŷ (1 - ŷ): in their product the sigmoid's slope is gone, and with it what would vanish "
			"where the output "
			"is surely wrong.",
		},
	[LOSS_SOFTMAX] =
		{
			{"ŷ_j = exp(z_j) / Σ_k exp(z_k),  z = ",
			 "\\hat y_j = \\frac{e^{z_j}}{\\sum_k e^{z_k}},\\qquad z = "},
			{"loss = -Σ_j y_j log ŷ_j", "\\text{loss} = -\\sum_j y_j \\log\\hat y_j"},
			{"loss = max_j z_j - z_y + log Σ_k exp(z_k - max_j z_j)",
			 "\\text{loss} = \\max_j z_j - z_y + \\log\\sum_k e^{z_k - \\max_j z_j}"},
			{" = ŷ - y", " = \\hat y - y"},
			"y is 1 at the class of the example and 0 elsewhere: the error of the right class is negative "
			"(more, please), "
			"that of the others positive; they add up to 0.",
		},
	[LOSS_MSE] =
		{
			{"ŷ = ", "\\hat y = "},
			{"loss = mean (ŷ - y)², over outputs",
			 "\\text{loss} = \\frac{1}{n}\\sum_j (\\hat y_j - y_j)^2"},
			{NULL, NULL},
			{" = 2 (ŷ - y) / n", " = \\tfrac{2}{n}(\\hat y - y)"},
			"n is the number of outputs.",
		},
};

/* Each example a row: its loss, and of one output or one class what it comes from. */
static void write_losses(const struct derivation *d, struct doc *doc)
{
	static const char *const head[] = {"example", "ŷ", "y", "loss"};
	static const char *const head_class[] = {"example", "ŷ of its class", "class", "loss"};
	const struct derived *last = &d->layer[d->L];
	const bool class = d->problem->loss == LOSS_SOFTMAX;
	if (last->out > 1 && !class)
		return;
	doc_table(doc, NULL, 4, "rrrr", class ? head_class : head);
	for (int i = 0; i < d->m; i++) {
		const int j = class ? d->problem->answers.labels[i] : 0;
		char buffer[32];
		doc_cell(doc, "%d", i + 1);
		doc_cell(doc, "%s", doc_number(buffer, last->A[j * d->m + i], DIGITS));
		doc_cell(doc, "%s", class ? doc_number(buffer, j, DIGITS) : doc_number(buffer, d->Y[i], DIGITS));
		doc_cell(doc, "%s", doc_number(buffer, d->losses[i], DIGITS));
	}
}

void write_loss(const struct derivation *d, struct doc *doc)
{
	const struct loss_words *word = &words[d->problem->loss];
	const struct derived *last = &d->layer[d->L];
	struct written output = {0}, mean = {0};
	doc_heading(doc, 1, "loss", "The loss");
	written_add(&output, word->output[0], word->output[1]);
	written_name(&output, "Z", d->L);
	written_formula(&output, doc);
	doc_matrix(doc, "ŷ", "\\hat y", last->out, d->m, last->A, DIGITS);
	doc_formula(doc, word->loss[0], word->loss[1]);
	if (d->m > 1)
		write_losses(d, doc);
	written_add(&mean,
		    d->m > 1 ? "mean loss = " : "loss = ", d->m > 1 ? "\\text{mean loss} = " : "\\text{loss} = ");
	if (d->m == 1 && d->problem->loss == LOSS_BCE) {
		const double sure = d->Y[0] == 1 ? last->A[0] : 1 - last->A[0];
		written_add(&mean, "-log ", "-\\log ");
		written_number(&mean, sure, false);
		written_add(&mean, " = ", NULL);
	}
	written_number(&mean, d->loss, false);
	written_formula(&mean, doc);
	if (word->stable[0]) {
		doc_text(doc, "The program takes it from z itself, the same number written so that it stays finite for "
			      "every z:");
		doc_formula(doc, word->stable[0], word->stable[1]);
	}
}

void write_output_error(const struct derivation *d, struct doc *doc)
{
	const struct loss_words *word = &words[d->problem->loss];
	const struct derived *last = &d->layer[d->L];
	const int n = last->out;
	struct written error = {0}, first = {0};
	doc_heading(doc, 2, NULL, "The output");
	written_name(&error, "dZ", d->L);
	written_add(&error, word->error[0], word->error[1]);
	written_formula(&error, doc);
	if (d->problem->loss == LOSS_MSE)
		written_add(&first, n == 1 ? "2 · (" : "2 / n · (", n == 1 ? "2 \\cdot (" : "\\tfrac2n (");
	written_number(&first, last->A[0], false);
	written_add(&first, " - ", NULL);
	written_number(&first, d->Y[0], true);
	written_add(&first, d->problem->loss == LOSS_MSE ? ")" : "", NULL);
	written_result(doc, "dZ", d->L, n, d->m, last->dZ, &first);
	doc_text(doc, "%s", word->why);
}
