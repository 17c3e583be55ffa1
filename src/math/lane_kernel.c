/* lane_kernel.c: products of matrices whose elements are vectors, one network in each lane.
 *
 * Every lane of every element is one chain of fused multiply-adds over k ascending from zero, as in gemm_kernel.c: a network has
 * the same bits in a lane as alone. Operands have any strides, so nothing is ever transposed. A tile of rows × width elements
 * of C is held in registers while k runs. */
#include "math/kernels_table.h"
#include "math/simd.h"
#include "math/tiles.h"

/* Rows of the tile of each width. */
#if defined ISA_AVX512
enum { WIDEST = 4, ROWS_1 = 12, ROWS_2 = 8, ROWS_3 = 6, ROWS_4 = 6 };
#else
enum { WIDEST = 3, ROWS_1 = 12, ROWS_2 = 6, ROWS_3 = 4, ROWS_4 = 0 };
#endif
enum { MOST_ROWS = 12 };
static const int rows_of_width[] = {0, ROWS_1, ROWS_2, ROWS_3, ROWS_4};

/* Strides in reals, of rows and columns; those of row may be 0. */
struct operands {
	int K;
	ptrdiff_t a_m, a_k, b_k, b_n, c_m, c_n, row_m, row_n;
	real scale;
};

typedef void tile_function(const struct operands *o, const real *a, const real *b, real *c, const real *row);

INLINE void tile(const struct operands *o, const real *a, const real *b, real *c, const real *row, const int rows,
		 const int width)
{
	vreal sum[MOST_ROWS][WIDEST] = {0};
	/* read once: as far as the compiler knows, c may be *o */
	const ptrdiff_t c_m = o->c_m, c_n = o->c_n, row_m = o->row_m, row_n = o->row_n;
	const real scale = o->scale;
	for (int k = o->K; k > 0; k--, a += o->a_k, b += o->b_k) {
		vreal y[WIDEST];
#pragma GCC unroll 4
		for (int j = 0; j < width; j++)
			y[j] = v_load(b + j * o->b_n);
#pragma GCC unroll 12
		for (int i = 0; i < rows; i++) {
			const vreal x = v_load(a + i * o->a_m);
#pragma GCC unroll 4
			for (int j = 0; j < width; j++)
				sum[i][j] = v_fma(x, y[j], sum[i][j]);
		}
	}
#pragma GCC unroll 12
	for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
		for (int j = 0; j < width; j++)
			v_store(c + i * c_m + j * c_n,
				row ? sum[i][j] + v_load(row + i * row_m + j * row_n) : sum[i][j] * scale);
}

#define TILE(rows, width)                                                                                              \
	static void tile_##rows##x##width(const struct operands *o, const real *a, const real *b, real *c,             \
					  const real *row)                                                             \
	{                                                                                                              \
		tile(o, a, b, c, row, rows, width);                                                                    \
	}
#if defined ISA_AVX512
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_12(T, 1)) r2(TILES_8(T, 2)) r3(TILES_6(T, 3)) r4(TILES_6(T, 4))
#else
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_12(T, 1)) r2(TILES_6(T, 2)) r3(TILES_4(T, 3))
#endif
TILES_OF_WIDTH(TILE, PLAIN, PLAIN, PLAIN, PLAIN)

static tile_function *const tiles[WIDEST + 1][MOST_ROWS + 1] = {TILES_OF_WIDTH(TILE_NAME, ROW_1, ROW_2, ROW_3, ROW_4)};

static void product(int M, int N, const struct operands *o, const real *a, const real *b, real *c, const real *row)
{
	const int panels = parts_of(N, WIDEST);
	for (int p = 0; p < panels; p++) {
		const int width = share(N, panels, p), parts = parts_of(M, rows_of_width[width]);
		const real *a_here = a, *row_here = row;
		real *c_here = c;
		for (int t = 0; t < parts; t++) {
			const int rows = share(M, parts, t);
			tiles[width][rows](o, a_here, b, c_here, row_here);
			a_here += rows * o->a_m;
			c_here += rows * o->c_m;
			row_here = row_here ? row_here + rows * o->row_m : NULL;
		}
		b += width * o->b_n;
		c += width * o->c_n;
		row = row ? row + width * o->row_n : NULL;
	}
}

void ISA_FN(lane_product)(int M, int N, int K, const real *a, ptrdiff_t a_m, ptrdiff_t a_k, const real *b,
			  ptrdiff_t b_k, ptrdiff_t b_n, real *c, ptrdiff_t c_m, const real *row, real scale)
{
	const struct operands straight = {K,           a_m * LANES, a_k * LANES, b_k * LANES, b_n * LANES,
					  c_m * LANES, LANES,       0,           LANES,       scale};
	const struct operands turned = {K,     b_n * LANES, b_k * LANES, a_k * LANES, a_m * LANES,
					LANES, c_m * LANES, LANES,       0,           scale};
	/* Few rows make tiles that wait for themselves; turned, they are few columns. */
	if (M < N && M < WIDEST)
		product(N, M, &turned, b, a, c, row);
	else
		product(M, N, &straight, a, b, c, row);
}
