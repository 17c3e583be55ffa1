/* csv.h: a table of numbers from a text file.
 *
 * The grammar, independent of the locale:
 *   file   = [byte order mark] { line }, lines ending in LF or CR LF, the last one with or without
 *   line   = blank | "#" comment | header | row; a header may only be the first line that is neither blank nor
 *            comment, and is one when none of its fields is a number
 *   row    = number { "," number }, equally many in every row, two at least; blanks around a number do not count
 *   number = decimal, point "." and exponent optional; finite
 * The last column is what is learnt. Written in digits alone in every row (0, 7, 12) it holds class labels; one sign,
 * point or exponent among them (-1, 3.0, 2e1) makes it the target of a regression.
 */
#ifndef FATHOM_CSV_H
#define FATHOM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct csv {
	int64_t rows;
	int columns;
	double *values; /* rows × columns, malloced */
	bool labelled;  /* the last column holds labels, each below 2^31 */
};

/* Faults name file, line and column; the first ten are told. */
int csv_read(struct csv *csv, const char *path, struct err *err);

/* The same for text in memory, which is changed; path is for messages. */
int csv_parse(struct csv *csv, char *text, size_t size, const char *path, struct err *err);

void csv_release(struct csv *csv);

#endif
