/* gemm_kernel.c: the matrix product.
 *
 * Every element of C is one chain of fused multiply-adds over k ascending from zero, in one lane of one register: so a
 * product has the same bits for any tile shape, vector length, blocking or neighbour. What is free to choose is which
 * elements are worked on together:
 *   tile   rows × width vectors of C held in registers while k runs; every tile shape is a function of its own;
 *   panel  a column of tiles, whose part of B stays in the first-level cache;
 *   block  BLOCK_K of the sum and BLOCK_M rows of A, which stay in the second level; C is reloaded in between.
 * Rows, panels and blocks are split evenly (7 = 4 + 3, not 6 + 1): a small remainder would run at the speed of its latency.
 * Rows of B are read where they lie; only the W of linear is turned, panel by panel, into a place that stays in the cache.
 * A few columns behind the last whole vector are worked on as rows.
 */
#include <stdbool.h>

#include "math/kernels_table.h"
#include "math/simd.h"
#include "math/tiles.h"

enum { BLOCK_K = 256 * 4 / sizeof(real), BLOCK_M = 256 };

/* Rows of the tile of each width: as many accumulators as the registers hold besides a row of B and an element of A. */
#if defined ISA_AVX512
enum { WIDEST = 4, ROWS_1 = 14, ROWS_2 = 14, ROWS_3 = 8, ROWS_4 = 6 };
#else
enum { WIDEST = 3, ROWS_1 = 12, ROWS_2 = 6, ROWS_3 = 4, ROWS_4 = 0 };
#endif
enum { MOST_ROWS = 14 };
static const int rows_of_width[] = {0, ROWS_1, ROWS_2, ROWS_3, ROWS_4};

/* What the tiles of a block share. */
struct block {
	int K;
	ptrdiff_t a_row, a_col, ldb, ldc;
	bool first, last; /* part of the sum: start from zero; add row, or multiply by scale */
	real scale;
	const real *row;
	real *turned;  /* linear: its panel of Wᵀ, K × TURNED, which takes the place of B; else NULL */
	ptrdiff_t ldw; /* then of W */
};
enum { TURNED = WIDEST * LANES };

/* C += A·B on one tile, from column n on; of its last vector only `lanes` columns exist in C. */
typedef void tile_function(const struct block *block, int n, const real *a, const real *B, real *C, int lanes);

/* What is done to the sums once they are whole rides on the product, while they are in registers. */
INLINE void finish_tile(const struct block *block, int n, vreal c[][4], const int rows, const int width)
{
	if (block->row) {
#pragma GCC unroll 4
		for (int j = 0; j < width; j++) {
			const vreal row = v_load(block->row + n + j * LANES);
#pragma GCC unroll 16
			for (int i = 0; i < rows; i++)
				c[i][j] += row;
		}
	} else {
#pragma GCC unroll 16
		for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
			for (int j = 0; j < width; j++)
				c[i][j] *= block->scale;
	}
}

/* Rows of A are addressed in groups of three, pointer + {0, 1, 2}·stride, which x86 does inside the load; the empty asm keeps
 * the compiler from turning that back into one pointer per row. */
INLINE void tile(const struct block *block, int n, const real *a, const real *B, real *C, int lanes, const int rows,
		 const int width)
{
	const ptrdiff_t a_row = block->a_row, a_col = block->a_col, ldb = block->ldb, ldc = block->ldc;
	const real *group[(MOST_ROWS + 2) / 3];
	vreal c[MOST_ROWS][4];
	for (int g = 0; 3 * g < rows; g++)
		group[g] = a + 3 * g * a_row;
#pragma GCC unroll 16
	for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
		for (int j = 0; j < width; j++)
			c[i][j] = block->first ? (vreal){0} : v_load(C + i * ldc + j * LANES);
	for (int k = block->K; k > 0; k--) {
		vreal b[4];
#pragma GCC unroll 4
		for (int j = 0; j < width; j++)
			b[j] = v_load(B + j * LANES);
		B += ldb;
#pragma GCC unroll 16
		for (int i = 0; i < rows; i++) {
			const vreal x = v_splat(group[i / 3][i % 3 * a_row]);
#pragma GCC unroll 4
			for (int j = 0; j < width; j++)
				c[i][j] = v_fma(x, b[j], c[i][j]);
		}
#pragma GCC unroll 5
		for (int g = 0; 3 * g < rows; g++) {
			group[g] += a_col;
			__asm__("" : "+r"(group[g]));
		}
	}
	if (block->last)
		finish_tile(block, n, c, rows, width);
#pragma GCC unroll 16
	for (int i = 0; i < rows; i++) {
#pragma GCC unroll 4
		for (int j = 0; j < width; j++) {
			if (j < width - 1 || lanes == LANES)
				v_store(C + i * ldc + j * LANES, c[i][j]);
			else
				v_store_part(C + i * ldc + j * LANES, c[i][j], lanes);
		}
	}
}

#define TILE(rows, width)                                                                                              \
	static void tile_##rows##x##width(const struct block *block, int n, const real *a, const real *B, real *C,     \
					  int lanes)                                                                   \
	{                                                                                                              \
		tile(block, n, a, B, C, lanes, rows, width);                                                           \
	}
#if defined ISA_AVX512
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_14(T, 1)) r2(TILES_14(T, 2)) r3(TILES_8(T, 3)) r4(TILES_6(T, 4))
#else
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_12(T, 1)) r2(TILES_6(T, 2)) r3(TILES_4(T, 3))
#endif
TILES_OF_WIDTH(TILE, PLAIN, PLAIN, PLAIN, PLAIN)

static tile_function *const tiles[WIDEST + 1][MOST_ROWS + 1] = {TILES_OF_WIDTH(TILE_NAME, ROW_1, ROW_2, ROW_3, ROW_4)};

/* What the next panel will read: rows of so many bytes, on their way from memory while this one is worked on. */
struct ahead {
	const real *row;
	ptrdiff_t ld;
	int rows;
	size_t bytes;
};

static void fetch(struct ahead *ahead, int rows)
{
	for (; rows > 0; rows--, ahead->row += ahead->ld)
		for (size_t at = 0; at < ahead->bytes; at += 64)
			__builtin_prefetch((const char *)ahead->row + at, 0, 2);
}

/* Z has not been touched since the last step, of a deep network a thousand kilobytes ago. The other products write where one
 * wrote just now. */
static void fetch_for_writing(const real *C, ptrdiff_t ldc, int rows, int width)
{
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < width; j++)
			__builtin_prefetch(C + i * ldc + j * LANES, 1, 3);
}

/* One panel: `width` vectors of columns from n on, M rows. Every tile also fetches its part of what is ahead. */
static void panel(const struct block *block, int M, int n, const real *a, const real *B, real *C, int width, int lanes,
		  struct ahead ahead)
{
	const int parts = parts_of(M, rows_of_width[width]), all = ahead.rows;
	for (int t = 0; t < parts; t++) {
		const int rows = share(M, parts, t);
		fetch(&ahead, share(all, parts, t));
		if (block->turned && block->first && t + 1 < parts)
			fetch_for_writing(C + rows * block->ldc, block->ldc, share(M, parts, t + 1), width);
		tiles[width][rows](block, n, a, B, C, lanes);
		a += rows * block->a_row;
		C += rows * block->ldc;
	}
}

/* The vectors of a row of C are cut into panels. With 16 registers: of two and, if they do not come out even, three; with 32:
 * the widest that there is. */
static int panels_of(int vectors)
{
	return WIDEST == 3 ? vectors / 2 + (vectors == 1) : parts_of(vectors, WIDEST);
}

/* B is K×N: C gets N columns. */
static void panels(const struct block *block, int M, int N, const real *a, const real *B, real *C)
{
	const int vectors = parts_of(N, LANES), n = panels_of(vectors);
	for (int p = 0, at = 0; p < n; p++) {
		const int width = share(vectors, n, p), end = at + width,
			  next = p + 1 < n ? share(vectors, n, p + 1) : 0;
		panel(block, M, at * LANES, a, B + at * LANES, C + at * LANES, width,
		      p + 1 < n ? LANES : N - (end - 1) * LANES,
		      (struct ahead){B + end * LANES, block->ldb, block->K, (size_t)next * VECTOR_BYTES});
		at = end;
	}
}

INLINE void turn_square(const real *W, ptrdiff_t ldw, real *to, const bool whole, int rows)
{
	vreal square[LANES];
#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		square[i] = whole || i < rows ? v_load(W + i * ldw) : (vreal){0};
	v_turn(square);
#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		v_store(to + i * TURNED, square[i]);
}

/* Rows of W into the columns of the panel: those that W has not got are 0. The last square of a row overlaps the one before; a
 * row shorter than a square has padding behind it. */
static void turn(const struct block *block, int rows, int columns, const real *W)
{
	const ptrdiff_t ldw = block->ldw;
	for (int at = 0; at < columns; at += LANES)
		for (int k = 0; k < block->K; k += LANES) {
			const int from = k + LANES <= block->K || block->K < LANES ? k : block->K - LANES;
			const real *square = W + at * ldw + from;
			real *to = block->turned + from * TURNED + at;
			if (rows - at >= LANES)
				turn_square(square, ldw, to, true, LANES);
			else
				turn_square(square, ldw, to, false, rows - at);
		}
}

/* W is N×K: C gets real_round(N) columns, to which W contributes 0 from N on. */
static void turned_panels(const struct block *block, int M, int N, const real *a, const real *W, real *C)
{
	const int vectors = parts_of(real_round(N), LANES), n = panels_of(vectors);
	for (int p = 0, at = 0; p < n; p++) {
		const int width = share(vectors, n, p), from = at * LANES, end = from + width * LANES;
		const int next = p + 1 < n ? share(vectors, n, p + 1) * LANES : 0;
		turn(block, N - from, width * LANES, W + from * block->ldw);
		panel(block, M, from, a, block->turned, C + from, width, LANES,
		      (struct ahead){W + end * block->ldw, block->ldw, N - end < next ? N - end : next,
				     (size_t)block->K * sizeof(real)});
		at += width;
	}
}

static void product(int M, int N, int K, const real *a, const real *B, real *C, struct block block)
{
	/* In a transposed A every k is a cache line of its own, beside that of B. */
	const int block_k = block.a_col == 1 ? BLOCK_K : BLOCK_K / 2;
	const int row_blocks = parts_of(M, BLOCK_M), k_blocks = K > 0 ? parts_of(K, block_k) : 1;
	for (int r = 0; r < row_blocks; r++) {
		const int rows = share(M, row_blocks, r);
		for (int s = 0, k = 0; s < k_blocks; s++) {
			block.K = share(K, k_blocks, s);
			block.first = s == 0;
			block.last = s == k_blocks - 1;
			if (block.turned)
				turned_panels(&block, rows, N, a + k * block.a_col, B + k, C);
			else
				panels(&block, rows, N, a + k * block.a_col, B + k * block.ldb, C);
			k += block.K;
		}
		a += rows * block.a_row;
		C += rows * block.ldc;
	}
}

/* ---- a few columns behind the last whole vector ----
 *
 * 100 columns are six vectors and a quarter. Rows and columns change roles for the rest: its transpose has so few rows, and
 * vectors along M; squares of it are turned back in registers. */
static int few_columns(int M, int N, int K, const struct block *block)
{
	const int rest = N % LANES, most = (int)LANES == REAL_PAD ? LANES / 4 : 0;
	const bool worth = rest <= most && N > LANES && M >= LANES && K >= LANES;
	return worth && (block->a_col == 1 || block->a_row == 1) ? rest : 0;
}

/* rows of C from column n on, from few, its transpose */
static void put_few(const struct block *block, int n, int few_n, int rows, const real *few, real *C)
{
	vreal square[LANES];
	for (int at = 0; at < rows; at += LANES) {
#pragma GCC unroll 16
		for (int i = 0; i < LANES; i++)
			square[i] = v_load(few + i * TURNED + at);
		v_turn(square);
		for (int i = 0; i < LANES && at + i < rows; i++) {
			real *to = C + (at + i) * block->ldc + n;
			if (block->turned)
				v_store(to, block->row ? square[i] + v_load(block->row + n) : square[i]);
			else
				v_store_part(to, square[i], few_n);
		}
	}
}

static __attribute__((noinline)) void few_product(int M, int n, int few_n, int K, const real *a, const real *B, real *C,
						  const struct block *block)
{
	real turned[BLOCK_K * TURNED] __attribute__((aligned(64)));
	real few[LANES * TURNED] __attribute__((aligned(64))) = {0};
	struct block other = {.ldc = TURNED, .scale = block->scale};
	other.a_row = block->turned ? block->ldw : 1;
	other.a_col = block->turned ? 1 : block->ldb;
	if (block->a_col == 1) {
		other.turned = turned;
		other.ldw = block->a_row;
		other.ldb = TURNED;
	} else {
		other.ldb = block->a_col;
	}
	for (int m = 0; m < M; m += TURNED) {
		const int rows = M - m < TURNED ? M - m : TURNED;
		product(few_n, rows, K, B + n * other.a_row, a + m * block->a_row, few, other);
		put_few(block, n, few_n, rows, few, C + m * block->ldc);
	}
}

static void whole_product(int M, int N, int K, const real *a, const real *B, real *C, const struct block *block)
{
	const int few = few_columns(M, N, K, block);
	product(M, N - few, K, a, B, C, *block);
	if (few)
		few_product(M, N - few, few, K, a, B, C, block);
}

void ISA_FN(gemm)(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B, ptrdiff_t ldb,
		  real *C, ptrdiff_t ldc, real scale)
{
	const struct block block = {.a_row = a_row, .a_col = a_col, .ldb = ldb, .ldc = ldc, .scale = scale};
	whole_product(M, N, K, a, B, C, &block);
}

void ISA_FN(linear)(int M, int N, int K, const real *a, ptrdiff_t lda, const real *W, ptrdiff_t ldw, real *C,
		    ptrdiff_t ldc, const real *row)
{
	real turned[BLOCK_K * TURNED] __attribute__((aligned(64)));
	const struct block block = {.a_row = lda,
				    .a_col = 1,
				    .ldb = TURNED,
				    .ldc = ldc,
				    .scale = 1,
				    .row = row,
				    .turned = turned,
				    .ldw = ldw};
	whole_product(M, N, K, a, W, C, &block);
}
