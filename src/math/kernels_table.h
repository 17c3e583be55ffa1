/* kernels_table.h: what *_kernel.c define for kernels.c, and the complete tables by name, for tests that compare them. */
#ifndef FATHOM_KERNELS_TABLE_H
#define FATHOM_KERNELS_TABLE_H

#include "math/kernels.h"

#define KERNELS_TABLE(real, suffix, isa)                                                                               \
	void gemm##suffix##isa(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B,    \
			       ptrdiff_t ldb, real *C, ptrdiff_t ldc, real scale);                                     \
	void gemm_plus_row##suffix##isa(int M, int N, int K, const real *a, ptrdiff_t lda, const real *B,              \
					ptrdiff_t ldb, real *C, ptrdiff_t ldc, const real *row);                       \
	void times_and_means##suffix##isa(int rows, int columns, const real *factor, real *x, ptrdiff_t ld,            \
					  real *mean);                                                                 \
	extern const struct kernels##suffix kernels##suffix##isa; /* in vec_kernel.c */

KERNELS_TABLE(float, _f32, _generic)
KERNELS_TABLE(double, _f64, _generic)
KERNELS_TABLE(float, _f32, _avx2) /* this and the next only on x86 */
KERNELS_TABLE(double, _f64, _avx2)
KERNELS_TABLE(float, _f32, _avx512)
KERNELS_TABLE(double, _f64, _avx512)
#undef KERNELS_TABLE

#endif
