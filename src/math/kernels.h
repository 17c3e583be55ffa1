/* kernels.h: the inner loops, once per precision and instruction set, chosen at run time.
 *
 * Same bits everywhere: an output element of a product is one chain of fused multiply-adds over k ascending from zero (or
 * from C); an element of a vector function depends on its argument alone. So AVX-512, AVX2 and the generic build, any
 * blocking and any neighbour give equal results.
 *
 * Letters: M×N is the shape of C, K the length of the sums.
 */
#ifndef FATHOM_KERNELS_H
#define FATHOM_KERNELS_H

#include <stddef.h>

/* The vector functions; net/act.c gives them names for users. Value and derivative are both accurate to a few ulp of the
 * run's precision over the whole range, also in saturation (tanh' = sech², never 1 − a²). relu' and abs' are 0 at 0. */
enum vec_function {
	VEC_IDENTITY,
	VEC_SIGMOID,
	VEC_TANH,
	VEC_LECUN_TANH, /* 1.7159 tanh(2z/3) */
	VEC_SOFTSIGN,   /* z / (1 + |z|) */
	VEC_HARDTANH,   /* min(max(z, −1), 1); derivative 0 outside (−1, 1), as PyTorch */
	VEC_ERF,
	VEC_RELU,
	VEC_LEAKY_RELU, /* slope 0.01 below 0 */
	VEC_ELU,        /* alpha 1 */
	VEC_SELU,       /* Klambauer et al. 2017 */
	VEC_GELU,       /* z Φ(z), exact, not the tanh approximation */
	VEC_SILU,       /* z sigmoid(z) */
	VEC_SOFTPLUS,   /* log(1 + exp z), stable for any z */
	VEC_ABS,
	VEC_SIN,
	VEC_FUNCTIONS
};

enum { KERNELS_LANES = 16 };

/* What is summed; x and y are elements. */
enum sum {
	SUM,         /* x */
	SUM_ABS,     /* |x| */
	SUM_SQUARES, /* x² */
	SUM_PRODUCTS,
	SUM_SQUARED_DIFFERENCES, /* (x − y)² */
	SUMS
};

#define KERNELS_DECLARE(real, suffix)                                                                                                                  \
	struct kernels##suffix {                                                                                                                       \
		const char *isa; /* "avx512", "avx2", "generic" */                                                                                     \
		int lanes;       /* numbers in a vector, at most KERNELS_LANES */                                                                      \
		/* C[m·ldc + n] = Σ_k a[m·a_row + k·a_col] · B[k·ldb + n], times scale at the end.                     \
		 * Overwrites C (M×N only: columns from N on are never written). Rows of B and C may be read up to     \
		 * real_pad(N) elements. A, B, C do not overlap. B and C are 64-byte aligned, ldb and ldc             \
		 * multiples of REAL_PAD. a has any strides, so a transposed left factor costs nothing; \
		 * if a_row is 1, up to real_round(M) elements of its columns may be read. */                         \
		void (*gemm)(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B,                                      \
			     ptrdiff_t ldb, real *C, ptrdiff_t ldc, real scale);                                                                       \
		/* C = A·Wᵀ + row in every row, each element one more rounding; W is N×K, rows ldw apart. Overwrites real_round(N) \
		 * columns of C, as if W had rows of 0 from N on; row, that long, may be NULL. Alignment and overlap as above. */               \
		void (*linear)(int M, int N, int K, const real *a, ptrdiff_t lda, const real *W, ptrdiff_t ldw,                                        \
			       real *C, ptrdiff_t ldc, const real *row);                                                                               \
		/* x = x ∘ factor (NULL: x stays), both rows × columns and ld apart, 64-byte aligned; mean[j] = mean of column j \
		 * of x then, summed in double, rows ascending; mean may be NULL. Writes nothing behind the columns. */                  \
		void (*times_and_means)(int rows, int columns, const real *factor, real *x, ptrdiff_t ld, real *mean);                                 \
		/* Σ over rows × columns, in double, whatever the precision: element i of a row goes to lane i % 16, the lanes are  \
		 * added as a tree, then the rows in their order. y only where there is one; ldy = 0: one row against all. */                \
		double (*sum[SUMS])(int rows, ptrdiff_t columns, const real *x, ptrdiff_t ldx, const real *y,                                          \
				    ptrdiff_t ldy);                                                                                                    \
		struct {                                                                                                                               \
			/* a[i] = g(z[i]); a may be z */                                                                                               \
			void (*value)(size_t n, const real *z, real *a);                                                                               \
			/* a[i] = g(z[i]) and z[i] is replaced by g'(z[i]); a and z do not overlap */                                                  \
			void (*value_slope)(size_t n, real *z, real *a);                                                                               \
		} vec[VEC_FUNCTIONS];                                                                                                                  \
		/* y[i] = exp(x[i]); y may be x */                                                                                                     \
		void (*exp)(size_t n, const real *x, real *y);                                                                                         \
		/* One matrix in each lane: C[m][n] = Σ_k A[m][k] B[k][n] + row[n], or with row NULL times scale; strides are   \
		 * in vectors, those of columns of C and of row are 1. Nothing overlaps. */                     \
		void (*lane_product)(int M, int N, int K, const real *a, ptrdiff_t a_m, ptrdiff_t a_k, const real *b,                                  \
				     ptrdiff_t b_k, ptrdiff_t b_n, real *c, ptrdiff_t c_m, const real *row,                                            \
				     real scale);                                                                                                      \
		/* sum of the matrix in each lane, with the same bits: strides are in vectors, rows of x `columns` apart; sums: one a lane */          \
		void (*lane_sum[SUMS])(int rows, ptrdiff_t columns, const real *x, const real *y, ptrdiff_t ldy,                                       \
				       double *sums);                                                                                                  \
		/* In double for both: loss[i] = log(1 + exp t[i]), slope[i] its derivative; NaN, as loss, where t is not finite. Nothing overlaps. */ \
		void (*logistic_losses)(size_t n, const double *t, double *loss, double *slope);                                                       \
		/* y[i] = log(1 + x[i]), in double for both; y may be x */                                                                             \
		void (*log1p)(size_t n, const double *x, double *y);                                                                                   \
		/* y[i] = √x[i], in double for both; n is a multiple of lanes; y may be x */                                                         \
		void (*roots)(size_t n, const double *x, double *y);                                                                                   \
		/* From uniform u and v in (0, 1) the two normals of Box and Muller, those of rng_normal: x = √(−2 ln u) cos 2πv, y with sin. */  \
		void (*normals)(size_t n, const double *u, const double *v, double *x, double *y);                                                     \
	};                                                                                                                                             \
	/* The best kernels for this processor; the environment variable FATHOM_ISA (avx512, avx2, generic) lowers the \
	 * choice, never raises it beyond what the processor has. */                               \
	const struct kernels##suffix *kernels##suffix(void);

KERNELS_DECLARE(float, _f32)
KERNELS_DECLARE(double, _f64)
#undef KERNELS_DECLARE

/* The instruction set in use, for the kernels of other rooms. */
enum kernels_level { KERNELS_GENERIC, KERNELS_AVX2, KERNELS_AVX512 };
enum kernels_level kernels_level(void);

/* The name of the instruction set in use, and whether the processor can run this program at all (on x86: FMA and AVX2,
 * x86-64-v3). */
const char *kernels_isa(void);
int kernels_supported(void);

#endif
