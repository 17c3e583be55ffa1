/* written.h: a formula being written, plain and in TeX at once: names of the lecture's matrices, numbers, sums written out. */
#ifndef FATHOM_WRITTEN_H
#define FATHOM_WRITTEN_H

#include <stddef.h>

#include "doc/doc.h"

/* Significant digits of every number. */
enum { DIGITS = 6 };

struct written {
	struct text plain, tex;
};

/* ‹name›: "dZ" of layer l is dZ[l] and dZ^{[l]}. tex NULL: as plain. */
void written_add(struct written *to, const char *plain, const char *tex);
void written_name(struct written *to, const char *name, int l);
/* In brackets if it is negative and not the first of a formula. */
void written_number(struct written *to, double value, bool brackets);
/* Σ a_k b_k over K, each so many numbers from the one before: 0.1 · 1 + 0.2 · (-1); the middle of a long sum is left out. */
void written_products(struct written *to, int K, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step);

/* As a formula of its own, or a cell of the last table; released. */
void written_formula(struct written *formula, struct doc *doc);
void written_cell(struct written *formula, struct doc *doc);

/* NAME[l] = numbers. */
void written_matrix(struct doc *doc, const char *name, int l, int R, int C, const double *number);
/* The same, then NAME[l]₁₁ as it comes out of `sum`; a single number in one line. Releases sum. */
void written_result(struct doc *doc, const char *name, int l, int R, int C, const double *number, struct written *sum);

#endif
