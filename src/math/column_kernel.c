/* column_kernel.c: a matrix times another, elementwise, with the means of its columns: dZ and db in one pass.
 *
 * A column's sum is in double, rows ascending, in one lane of one register: the same bits for any vector length. Columns are
 * worked on in stripes of SIDE vectors, as an addition's latency is the time of a row otherwise.
 */
#include "math/kernels_table.h"
#include "math/simd.h"

enum { SIDE = 4 };

/* sum += x, of which each half becomes a vector of doubles */
INLINE void add(vdouble sum[HALVES], vreal x)
{
#pragma GCC unroll 2
	for (int h = 0; h < HALVES; h++)
		sum[h] += v_half(x, h);
}

/* `width` vectors of columns; the last has `lanes` of them. */
INLINE void stripe(int rows, const real *factor, real *x, ptrdiff_t ld, real *mean, int lanes, const int width)
{
	vdouble sum[SIDE][HALVES] = {0};
	for (int i = 0; i < rows; i++, x += ld) {
#pragma GCC unroll 4
		for (int j = 0; j < width; j++) {
			vreal d = v_load(x + j * LANES);
			if (factor) {
				d *= v_load(factor + i * ld + j * LANES);
				if (j < width - 1 || lanes == LANES)
					v_store(x + j * LANES, d);
				else
					v_store_part(x + j * LANES, d, lanes);
			}
			add(sum[j], d);
		}
	}
	for (int j = 0; j < width; j++) {
		double lane[LANES];
		memcpy(lane, sum[j], sizeof lane);
		for (int n = 0; n < (j < width - 1 ? LANES : lanes); n++)
			mean[j * LANES + n] = (real)(lane[n] / rows);
	}
}

/* Without means. */
INLINE void times(int rows, int columns, const real *factor, real *x, ptrdiff_t ld)
{
	for (int i = 0; i < rows; i++, factor += ld, x += ld) {
		int j = 0;
		for (; j + LANES <= columns; j += LANES)
			v_store(x + j, v_load(x + j) * v_load(factor + j));
		if (j < columns)
			v_store_part(x + j, v_load(x + j) * v_load(factor + j), columns - j);
	}
}

void ISA_FN(times_and_means)(int rows, int columns, const real *factor, real *x, ptrdiff_t ld, real *mean)
{
	if (!mean) {
		if (factor)
			times(rows, columns, factor, x, ld);
		return;
	}
	for (int from = 0; from < columns;) {
		const int left = columns - from, width = left > (SIDE - 1) * LANES ? SIDE : 1;
		const int lanes = left >= width * LANES ? LANES : left - (width - 1) * LANES;
		const real *by = factor ? factor + from : NULL;
		if (width == SIDE)
			stripe(rows, by, x + from, ld, mean + from, lanes, SIDE);
		else
			stripe(rows, by, x + from, ld, mean + from, lanes, 1);
		from += width * LANES;
	}
}
