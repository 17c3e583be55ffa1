/* sum_real.h: sums in a fixed order, in double, whatever the precision of the elements, the processor or the thread.
 * Element i goes to lane i % 16; the lanes are added as a fixed tree. */
#ifndef FATHOM_SUM_REAL_H
#define FATHOM_SUM_REAL_H

#include <stddef.h>

#include "math/real.h"

double FN(sum)(size_t n, const real *x);
double FN(sum_abs)(size_t n, const real *x);
double FN(sum_squares)(size_t n, const real *x);
double FN(dot)(size_t n, const real *x, const real *y);
/* Σ (x[i] − y[i])² */
double FN(sum_squared_difference)(size_t n, const real *x, const real *y);

/* dst[j·ld_dst + i] = src[i·ld_src + j] for i < rows, j < columns; blocked for the cache. No overlap. */
void FN(transpose)(int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst);

#endif
