/* svd.h: singular values of small matrices. */
#ifndef FATHOM_SVD_H
#define FATHOM_SVD_H

#include <stddef.h>

/* σ[0] ≥ … ≥ σ[m − 1] ≥ 0 of the m × n matrix A, m ≤ n, rows n apart: hand over the transpose of a tall one. A becomes its
 * rows rotated into orthogonal ones. One-sided Jacobi (Hestenes 1958; Golub and Van Loan, section 8.6): every σ to a few ulp of
 * the largest, at any scale, with the same bits on every machine. All NaN if a number of A is not finite. */
void svd_values(int m, int n, double *A, double *sigma);

/* What a caller keeps ready for an m × n matrix of any shape: min(m, n) · max(m, n) numbers for A, min(m, n) for σ. */
size_t svd_scratch(int m, int n);

#endif
