/* print.h: everything that reaches the terminal. Text of users, files and data may hold anything: control characters, which a
 * terminal would obey, are replaced by '?' on the way out (newline and tab excepted). */
#ifndef FATHOM_PRINT_H
#define FATHOM_PRINT_H

#include "base/err.h"
#include "base/text.h"

/* To standard output; to standard error. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* argp_error, for faults of usage: its message, and where to find help, to standard error; leaves. */
struct argp_state;
void usage_fault(const struct argp_state *state, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A fault to standard error: "fathom check: TEXT"; without the name when the text begins with FILE:LINE:COLUMN. Returns its exit
 * code. */
int complain_fault(const char *name, const struct err *err);

/* Replaces in place by '?', byte for byte: C0 but \n and \t, DEL, C1, what turns the direction of writing, and what is no UTF-8. */
void make_harmless(char *text);

/* "0.4 s", "35 s", "2 min 05 s", "3 h 20 min", "12 days" */
char *format_duration(char buffer[32], double seconds);

/* A table of aligned columns: cells are added row by row, then printed once. */
struct cells {
	struct text words; /* cells, '\0' after each */
	size_t n;          /* cells */
	size_t columns;    /* of the first row; 0 while it is not ended */
};

#define CELLS_INIT                                                                                                     \
	{                                                                                                              \
		0                                                                                                      \
	}

void cells_add(struct cells *cells, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cells_end_row(struct cells *cells);

/* Prints, two spaces between columns, and releases. alignment: 'l' or 'r' for each column. */
void cells_print(struct cells *cells, const char *alignment);

#endif
