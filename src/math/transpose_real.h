/* transpose_real.h: a matrix turned. */
#ifndef FATHOM_TRANSPOSE_REAL_H
#define FATHOM_TRANSPOSE_REAL_H

#include <stddef.h>

#include "math/real.h"

/* dst[j·ld_dst + i] = src[i·ld_src + j] for i < rows, j < columns; blocked for the cache. No overlap. */
void FN(transpose)(int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst);

#endif
