/* doc_fixture.h: a document of every part, with words that formats could take for markup. */
#ifndef DOC_FIXTURE_H
#define DOC_FIXTURE_H

#include "cm.h"

#include "base/utf8.h"
#include "doc/doc.h"

/* What every format has a use for. */
#define NASTY "a_b & c% of 5$ #1 {x} \\end{document} <b> ~^ \"`--''"

static const char *const sentence =
	"Every number of this paragraph is a word that somebody reads in a terminal, and a line of a "
	"terminal ends "
	"where its reader's eye would have to move: at a hundred columns.";

static inline void every_part(struct doc *doc)
{
	static const double W[] = {0.1, -0.25, 12, 1e-7, -0.0, 3};
	static const char *const head[] = {"layer", "norm", "remark"};
	const struct doc_figure figure = {"delta", "it falls", NASTY, NULL, NULL, "fig/delta"};
	doc_init(doc, "A title: " NASTY, "A lead: " NASTY);
	doc_heading(doc, 1, "first", "Heading %s", NASTY);
	doc_text(doc, "%s", sentence);
	doc_formula(doc, "dZ[1] = dA[1] ∘ g'(Z[1])", "dZ^{[1]} = dA^{[1]} \\circ g'(Z^{[1]})");
	doc_formula(doc, "db[1] = dZ[1]", "db^{[1]} = dZ^{[1]}");
	doc_matrix(doc, "W[1]", "W^{[1]}", 2, 3, W, 6);
	doc_matrix(doc, "b", "b", 1, 1, W, 6);
	doc_table(doc, "A caption", 3, "lrl", head);
	doc_cell(doc, "ŷ"), doc_cell(doc, "12.5"), doc_cell(doc, "%s", sentence);
	doc_cell(doc, "second"), doc_cell(doc, "7"), doc_cell_formula(doc, "η", "\\eta");
	doc_terms(doc);
	doc_cell(doc, "word"), doc_cell(doc, "%s", sentence);
	doc_fold(doc, "More");
	doc_code(doc, "fathom  run\n\tx.yaml # " NASTY "\n");
	doc_fold_end(doc);
	doc_figure(doc, &figure);
}

#endif
