/* real.h: one source, two precisions.
 *
 * A file named *_real.c is compiled twice, with REAL_BITS 32 and 64; a file named *_kernel.c once more for each
 * instruction set (math/kernels.h). In it `real` is the run's number type and FN(name) a name of its own per precision:
 * FN(mlp_forward) is mlp_forward_f32 or mlp_forward_f64. Headers named *_real.h are for such files (and tests) only.
 * Norms, sums over examples and losses are double in both.
 */
#ifndef FATHOM_REAL_H
#define FATHOM_REAL_H

#ifndef REAL_BITS
#error "REAL_BITS is 32 or 64: this header is for *_real.c and *_kernel.c"
#endif

#define REAL_PASTE_(a, b) a##b
#define REAL_PASTE(a, b) REAL_PASTE_(a, b)

#if REAL_BITS == 32
typedef float real;
#define REAL_SUFFIX _f32
#elif REAL_BITS == 64
typedef double real;
#define REAL_SUFFIX _f64
#else
#error "REAL_BITS is 32 or 64"
#endif

#define FN(name) REAL_PASTE(name, REAL_SUFFIX)

/* Rows of matrices start REAL_PAD elements apart or a multiple of it: 64 bytes in float32, 128 in float64. */
enum { REAL_PAD = 16 };

/* n rounded up to REAL_PAD: the columns of a padded row that are worked on. */
static inline int real_round(int n)
{
	return (n + REAL_PAD - 1) / REAL_PAD * REAL_PAD;
}

/* The leading dimension of rows of n elements: rounded up to REAL_PAD, and away from multiples of 128 (rows that far
 * apart fall into the same cache set). */
static inline int real_pad(int n)
{
	const int padded = real_round(n);
	return padded % 128 == 0 ? padded + REAL_PAD : padded;
}

#endif
