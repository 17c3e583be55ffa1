/* kernels_table.h: what *_kernel.c define for kernels.c, and the complete tables by name, for tests that compare them. */
#ifndef FATHOM_KERNELS_TABLE_H
#define FATHOM_KERNELS_TABLE_H

#include "math/kernels.h"

#define KERNELS_SUM(name, real)                                                                                        \
	double name(int rows, ptrdiff_t columns, const real *x, ptrdiff_t ldx, const real *y, ptrdiff_t ldy);          \
	void lane_##name(int rows, ptrdiff_t columns, const real *x, const real *y, ptrdiff_t ldy, double *sums);
#define KERNELS_TABLE(real, suffix, isa)                                                                               \
	void gemm##suffix##isa(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B,    \
			       ptrdiff_t ldb, real *C, ptrdiff_t ldc, real scale);                                     \
	void linear##suffix##isa(int M, int N, int K, const real *a, ptrdiff_t lda, const real *W, ptrdiff_t ldw,      \
				 real *C, ptrdiff_t ldc, const real *row);                                             \
	void times_and_means##suffix##isa(int rows, int columns, const real *factor, real *x, ptrdiff_t ld,            \
					  real *mean);                                                                 \
	void lane_product##suffix##isa(int M, int N, int K, const real *a, ptrdiff_t a_m, ptrdiff_t a_k,               \
				       const real *b, ptrdiff_t b_k, ptrdiff_t b_n, real *c, ptrdiff_t c_m,            \
				       const real *row, real scale);                                                   \
	KERNELS_SUM(sum##suffix##isa, real)                                                                            \
	KERNELS_SUM(sum_abs##suffix##isa, real)                                                                        \
	KERNELS_SUM(sum_squares##suffix##isa, real)                                                                    \
	KERNELS_SUM(sum_products##suffix##isa, real)                                                                   \
	KERNELS_SUM(sum_squared_differences##suffix##isa, real)                                                        \
	extern const struct kernels##suffix kernels##suffix##isa; /* in vec_kernel.c */

KERNELS_TABLE(float, _f32, _generic)
KERNELS_TABLE(double, _f64, _generic)
KERNELS_TABLE(float, _f32, _avx2) /* this and the next only on x86 */
KERNELS_TABLE(double, _f64, _avx2)
KERNELS_TABLE(float, _f32, _avx512)
KERNELS_TABLE(double, _f64, _avx512)
#undef KERNELS_TABLE
#undef KERNELS_SUM

#define KERNELS_DOUBLE(isa)                                                                                            \
	void logistic_losses_f64##isa(size_t n, const double *t, double *loss, double *slope);                         \
	void log1ps_f64##isa(size_t n, const double *x, double *y);                                                    \
	void roots_f64##isa(size_t n, const double *x, double *y);                                                     \
	void normals_f64##isa(size_t n, const double *u, const double *v, double *x, double *y);
KERNELS_DOUBLE(_generic)
KERNELS_DOUBLE(_avx2)
KERNELS_DOUBLE(_avx512)
#undef KERNELS_DOUBLE

#endif
