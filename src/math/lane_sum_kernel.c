/* lane_sum_kernel.c: the sums of sum_kernel.c of matrices whose elements are vectors, one network in each lane.
 *
 * Every lane replays the order of sum_kernel.c: element i of a row goes to chain i % 16, the chains are added as a tree, then the rows
 * one after the other. Four chains at a time are in registers, those that the tree adds first: j, j + 4, j + 8 and j + 12.
 */
#include "math/kernels_table.h"
#include "math/simd.h"
#include "math/sum_terms.h"

enum { CHAINS = 16, AT_A_TIME = 4 };

/* LANES doubles */
struct wide {
	vdouble half[HALVES];
};

INLINE struct wide load(const real *x)
{
	struct wide wide;
#pragma GCC unroll 2
	for (int h = 0; h < HALVES; h++)
		wide.half[h] = v_load_wide(x + h * HALF_LANES);
	return wide;
}

INLINE struct wide plus(struct wide a, struct wide b)
{
#pragma GCC unroll 2
	for (int h = 0; h < HALVES; h++)
		a.half[h] += b.half[h];
	return a;
}

/* y NULL: the terms are of x alone. */
INLINE void add(term *f, struct wide *sum, const real *x, const real *y)
{
	const struct wide a = load(x), b = y ? load(y) : a;
#pragma GCC unroll 2
	for (int h = 0; h < HALVES; h++)
		sum->half[h] = f(sum->half[h], a.half[h], b.half[h]);
}

/* The chains first, first + 4, first + 8, first + 12 of a row, and the upper half of their tree. */
INLINE struct wide four_chains(term *f, int first, ptrdiff_t columns, const real *x, const real *y)
{
	struct wide chain[AT_A_TIME] = {0};
	ptrdiff_t i = first;
	for (; i + CHAINS - AT_A_TIME < columns; i += CHAINS)
#pragma GCC unroll 4
		for (int c = 0; c < AT_A_TIME; c++) {
			const ptrdiff_t at = (i + c * AT_A_TIME) * LANES;
			add(f, &chain[c], x + at, y ? y + at : NULL);
		}
		/* what is left of a row that ends in between: fewer chains */
#pragma GCC unroll 4
	for (int c = 0; c < AT_A_TIME - 1; c++) {
		const ptrdiff_t at = (i + c * AT_A_TIME) * LANES;
		if (i + c * AT_A_TIME < columns)
			add(f, &chain[c], x + at, y ? y + at : NULL);
	}
	return plus(plus(chain[0], chain[2]), plus(chain[1], chain[3]));
}

INLINE void sum_rows(term *f, int rows, ptrdiff_t columns, const real *x, const real *y, ptrdiff_t ldy, double *sums)
{
	struct wide sum = {0};
	/* the other chains of such rows are zeros, and the sum is never −0 */
	for (int r = 0; r < rows && columns == 1; r++)
		add(f, &sum, x + (ptrdiff_t)r * LANES, y ? y + r * ldy * LANES : NULL);
	for (int r = 0; r < rows && columns > 1; r++, x += columns * LANES, y = y ? y + ldy * LANES : NULL) {
		struct wide part[AT_A_TIME];
		for (int j = 0; j < AT_A_TIME; j++)
			part[j] = four_chains(f, j, columns, x, y);
		sum = plus(sum, plus(plus(part[0], part[2]), plus(part[1], part[3])));
	}
	memcpy(sums, &sum, sizeof sum);
}

#define SUM_OF(name, f, y)                                                                                             \
	void ISA_FN(lane_##name)(int rows, ptrdiff_t columns, const real *x, const real *y_, ptrdiff_t ldy,            \
				 double *sums)                                                                         \
	{                                                                                                              \
		sum_rows(f, rows, columns, x, y, ldy, sums);                                                           \
	}
SUM_OF(sum, itself, NULL)
SUM_OF(sum_abs, size, NULL)
SUM_OF(sum_squares, square, NULL)
SUM_OF(sum_products, product, y_)
SUM_OF(sum_squared_differences, squared_difference, y_)

#if REAL_BITS == 64
void ISA_FN(roots)(size_t n, const double *x, double *y)
{
	for (size_t i = 0; i < n; i += LANES)
		v_store(y + i, v_root(v_load(x + i)));
}
#endif
