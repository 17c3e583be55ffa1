/* style.h: how a value looks wherever it is drawn: colour, marker and name. An init scheme has the same ones in every figure; names of
 * other keys take theirs in order from Okabe and Ito's palette, numbers theirs from a sequence (viridis without its ends). */
#ifndef FATHOM_STYLE_H
#define FATHOM_STYLE_H

#include "report/label.h"
#include "report/runs.h"

struct style {
	unsigned colour; /* 0xRRGGBB */
	unsigned shade;  /* the same hue for words: contrast 4.5:1 or more on white */
	int marker;      /* gnuplot's point type; never 2, ×, which means diverged */
};

enum { STYLE_NAMES = 8, STYLE_NUMBERS = 12 }; /* as many curves can be told apart */

/* The look of a column's value in run r; the rank is taken among all runs of the result, so that it does not depend on `where`. */
struct style style_of(const struct result *result, int column, size_t r);

/* What names a value: "He normal", "relu", "depth 8", "η = 0.1". short: the number alone. */
void style_label(const struct result *result, int column, size_t r, bool alone, struct label *label);

/* What a line that predicts is called in a legend, its anchor with it. */
const char *predicted_words(int metric);

/* A key in words and symbol, for an axis: "learning rate η". */
void key_label(const struct key *key, struct label *label);
/* A metric in words and symbol: "gradient norm ‖∂ℓ/∂W‖". */
void metric_label(int metric, struct label *label);
/* Its words alone. */
void metric_words(int metric, struct text *out);

#endif
