/* label.h: text that is drawn. A label is kept in two spellings, gnuplot's enhanced markup (svg, png, pdf) and TeX (cairolatex);
 * words from a study are escaped in both, so that nothing a user writes is ever read as markup or as a command. */
#ifndef FATHOM_LABEL_H
#define FATHOM_LABEL_H

#include "base/text.h"

struct label {
	struct text enhanced, tex;
	double em; /* width at size 1, of DejaVu Sans: the widest of the fonts that may be used */
};

#define LABEL_INIT                                                                                                     \
	{                                                                                                              \
		0                                                                                                      \
	}

/* Plain words: any text. Control bytes become spaces. */
void label_words(struct label *label, const char *words);
/* Our own markup: what stands as a symbol in the tables of metrics and keys. */
void label_symbol(struct label *label, const char *markup);
void label_release(struct label *label);

/* Millimetres at a size in points. */
double label_mm(const struct label *label, double points);

/* A text as a gnuplot constant in single quotes, where no character but the quote is special; with the quotes. */
void quote_gnuplot(struct text *out, const char *text);
/* One field of a TSV file: control bytes and double quotes (which gnuplot would read as such) become spaces and single quotes. */
void add_field(struct text *out, const char *text);

#endif
