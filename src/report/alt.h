/* alt.h: what a figure shows, in words, from the numbers of its own table: for readers who cannot see it. */
#ifndef FATHOM_ALT_H
#define FATHOM_ALT_H

#include "report/drawing.h"
#include "report/tsv.h"

struct alt {
	const struct figure *figure;
	const struct figure_kind *kind;
	const struct tsv *tsv;
	int panels, keys, key[5]; /* columns of the table that are settings: those of the panels, then the others */
};

/* Sentences: what is drawn, then each curve's first and last number or each map's. Exact zeros, what diverged and what never came about are
 * named. Where there are too many curves, the lowest and highest of each panel. */
void alt_describe(struct text *out, const struct figure *figure, const struct tsv *tsv);

/* alt_map.c: each panel of a map. */
void alt_map(struct text *out, const struct alt *alt);
void alt_boundary(struct text *out, const struct alt *alt);

/* "activation relu, depth 8" of a row: settings from … to − 1. */
void alt_settings(struct text *out, const struct alt *alt, size_t row, int from, int to);
/* The end of the rows that agree with this one in a column. */
size_t alt_span(const struct alt *alt, size_t row, const char *column);

#endif
