/* sum_kernel.c: sums in double, in one fixed order.
 *
 * Element i of a row is added to lane i % SUM_LANES, so that many chains run side by side in vector registers; at the end the
 * lanes are added as a tree, and the rows one after the other. The order depends on the shape alone, never on the vector length.
 * No compensation (Kahan): the worst error of n terms of one sign is n/16 roundings, 7e-12 for a million, where a float32
 * element itself is known to 6e-8.
 *
 * A row is short and its chains are long: that rows do not depend on each other is what keeps the units busy, and zeros fill the
 * last SUM_LANES, as no lane is ever −0.
 */
#include "math/kernels_table.h"
#include "math/simd.h"
#include "math/sum_terms.h"

enum { SUM_LANES = 16, WIDE = VECTOR_BYTES / sizeof(double), PIECES = SUM_LANES / WIDE };

typedef double vfour __attribute__((vector_size(32)));
typedef double vtwo __attribute__((vector_size(16)));

struct lanes {
	vdouble of[PIECES];
};

/* x[0] … x[SUM_LANES − 1] as doubles */
INLINE struct lanes load_lanes(const real *x)
{
	struct lanes lanes;
#pragma GCC unroll 8
	for (int p = 0; p < PIECES; p++)
		lanes.of[p] = v_load_wide(x + p * WIDE);
	return lanes;
}

/* the same of n < SUM_LANES numbers and zeros */
INLINE struct lanes load_some_lanes(const real *x, int n)
{
	real some[SUM_LANES];
#pragma GCC unroll 8
	for (int at = 0; at < SUM_LANES; at += LANES)
		v_store(some + at, v_load_part(x + at, n - at));
	return load_lanes(some);
}

/* 16 → 8 → 4 → 2 → 1: lane j takes lane j + half */
INLINE double tree(struct lanes sum)
{
	vdouble *lane = sum.of;
	for (int half = PIECES / 2; half > 0; half /= 2)
		for (int p = 0; p < half; p++)
			lane[p] += lane[p + half];
#if defined ISA_AVX512
	const vfour four = __builtin_shufflevector(lane[0], lane[0], 0, 1, 2, 3) +
			   __builtin_shufflevector(lane[0], lane[0], 4, 5, 6, 7);
#elif defined ISA_AVX2
	const vfour four = lane[0];
#endif
#if defined ISA_AVX512 || defined ISA_AVX2
	const vtwo two = __builtin_shufflevector(four, four, 0, 1) + __builtin_shufflevector(four, four, 2, 3);
#else
	const vtwo two = lane[0];
#endif
	return two[0] + two[1];
}

INLINE void add(term *f, struct lanes *sum, struct lanes x, struct lanes y)
{
#pragma GCC unroll 8
	for (int p = 0; p < PIECES; p++)
		sum->of[p] = f(sum->of[p], x.of[p], y.of[p]);
}

/* y NULL: the terms are of x alone. */
INLINE double sum_rows(term *f, int rows, ptrdiff_t columns, const real *x, ptrdiff_t ldx, const real *y, ptrdiff_t ldy)
{
	const ptrdiff_t whole = columns / SUM_LANES * SUM_LANES;
	double sum = 0;
	for (int r = 0; r < rows; r++) {
		const real *a = x + r * ldx, *b = y ? y + r * ldy : a;
		struct lanes lanes = {0};
		for (ptrdiff_t i = 0; i < whole; i += SUM_LANES)
			add(f, &lanes, load_lanes(a + i), load_lanes(b + i));
		if (whole < columns)
			add(f, &lanes, load_some_lanes(a + whole, (int)(columns - whole)),
			    load_some_lanes(b + whole, (int)(columns - whole)));
		sum += tree(lanes);
	}
	return sum;
}

#define SUM_OF(name, f, y)                                                                                             \
	double ISA_FN(name)(int rows, ptrdiff_t columns, const real *x, ptrdiff_t ldx, const real *y_, ptrdiff_t ldy)  \
	{                                                                                                              \
		return sum_rows(f, rows, columns, x, ldx, y, ldy);                                                     \
	}
SUM_OF(sum, itself, NULL)
SUM_OF(sum_abs, size, NULL)
SUM_OF(sum_squares, square, NULL)
SUM_OF(sum_products, product, y_)
SUM_OF(sum_squared_differences, squared_difference, y_)
