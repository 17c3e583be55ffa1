/* transpose_real.c: see transpose_real.h */
#include "math/transpose_real.h"

#include <string.h>

/* Blocks of BLOCK_ROWS × 4 are turned in registers: 4×4 squares, in float32 two below each other, so that rows of the result are
 * written 32 bytes at a time. Rows are interleaved in pairs, then pairs of pairs. */
enum { BLOCK_ROWS = 32 / sizeof(real), BLOCK_COLUMNS = 4 };
typedef real column __attribute__((vector_size(32)));
#if REAL_BITS == 32
#define EACH_SQUARE(a, b, c, d) a, b, c, d, (a) + 4, (b) + 4, (c) + 4, (d) + 4

/* four elements of a row and of the fourth row below */
static inline column load_block_row(const real *src, ptrdiff_t ld_src)
{
	real __attribute__((vector_size(16))) up, down;
	memcpy(&up, src, sizeof up);
	memcpy(&down, src + 4 * ld_src, sizeof down);
	return __builtin_shufflevector(up, down, 0, 1, 2, 3, 4, 5, 6, 7);
}
#else
static inline column load_block_row(const real *src, ptrdiff_t ld_src)
{
	column row;
	memcpy(&row, src, sizeof row);
	return row;
}
#define EACH_SQUARE(a, b, c, d) a, b, c, d
#endif
/* in every square elements a and b of x, c and d of y */
#define MIX(x, y, a, b, c, d) __builtin_shufflevector(x, y, EACH_SQUARE(a, b, BLOCK_ROWS + (c), BLOCK_ROWS + (d)))
#define ZIP(x, y, a, b) __builtin_shufflevector(x, y, EACH_SQUARE(a, BLOCK_ROWS + (a), b, BLOCK_ROWS + (b)))

static inline void transpose_block(const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	column row[4], pair[4];
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		row[i] = load_block_row(src + i * ld_src, ld_src);
	pair[0] = ZIP(row[0], row[1], 0, 1);
	pair[1] = ZIP(row[2], row[3], 0, 1);
	pair[2] = ZIP(row[0], row[1], 2, 3);
	pair[3] = ZIP(row[2], row[3], 2, 3);
#pragma GCC unroll 2
	for (int i = 0; i < 2; i++) {
		row[2 * i] = MIX(pair[2 * i], pair[2 * i + 1], 0, 1, 0, 1);
		row[2 * i + 1] = MIX(pair[2 * i], pair[2 * i + 1], 2, 3, 2, 3);
	}
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		memcpy(dst + i * ld_dst, &row[i], sizeof row[i]);
}

/* Strips of 16 rows of the source: lines of both sides are used up while they are in the cache. The last block of a row or
 * column overlaps the one before. */
void FN(transpose)(int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	enum { STRIP = 16 };
	if (rows < BLOCK_ROWS || columns < BLOCK_COLUMNS) {
		for (int j = 0; j < columns; j++)
			for (int i = 0; i < rows; i++)
				dst[j * ld_dst + i] = src[i * ld_src + j];
		return;
	}
	for (int strip = 0; strip < rows; strip += STRIP) {
		const int end = strip + STRIP < rows ? strip + STRIP : rows;
		for (int j = 0; j < columns; j += BLOCK_COLUMNS) {
			const int from_j = j + BLOCK_COLUMNS <= columns ? j : columns - BLOCK_COLUMNS;
			for (int i = strip; i < end; i += BLOCK_ROWS) {
				const int from_i = i + BLOCK_ROWS <= rows ? i : rows - BLOCK_ROWS;
				transpose_block(src + from_i * ld_src + from_j, ld_src, dst + from_j * ld_dst + from_i,
						ld_dst);
			}
		}
	}
}
