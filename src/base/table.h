/* table.h: named rows. Every named variant of the program (activation, init, loss, metric, data set, command …) is one
 * row in one table; parsing, help, `fathom list`, storage, tests and docs loop over the table and never name a row.
 *
 * A row is any struct whose first two members are `const char *name, *about;`. Its position is its code in result
 * files, so rows are added at the end and never reordered.
 */
#ifndef FATHOM_TABLE_H
#define FATHOM_TABLE_H

#include <stddef.h>

struct table {
	const char *what; /* singular, for messages: "activation" */
	const void *rows;
	size_t n;        /* number of rows */
	size_t row_size; /* bytes */
};

#define TABLE(what_, rows_)                                                                                            \
	{                                                                                                              \
		(what_), (rows_), sizeof(rows_) / sizeof *(rows_), sizeof *(rows_)                                     \
	}

const char *table_name(const struct table *table, size_t row);
const char *table_about(const struct table *table, size_t row);

/* The row of that exact name, or -1. */
int table_find(const struct table *table, const char *name);

/* The name closest to a misspelt one, or NULL if none is near. Upper case and _ for - are no distance. */
const char *table_nearest(const struct table *table, const char *name);

/* The nearest of n names (a list that is no table), or NULL. */
const char *nearest_name(const char *const *names, size_t n, const char *name);

#endif
