/* tsv.h: reads the table behind a figure, as drawing.h writes it: a header, then rows; blank lines separate nothing here. */
#ifndef FATHOM_TSV_H
#define FATHOM_TSV_H

#include "base/arena.h"

struct tsv {
	int columns;
	const char **name; /* columns of them */
	size_t rows;
	const char **cell; /* rows × columns; "" where a row is short */
	struct pool pool;
};

void tsv_parse(struct tsv *tsv, const char *text);
void tsv_release(struct tsv *tsv);

int tsv_column(const struct tsv *tsv, const char *name); /* −1: there is none */
const char *tsv_word(const struct tsv *tsv, size_t row, int column);
double tsv_value(const struct tsv *tsv, size_t row, int column); /* NaN where there is no number or no such column */

#endif
