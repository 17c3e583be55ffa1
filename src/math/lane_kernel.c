/* lane_kernel.c: products of matrices whose elements are vectors, one network in each lane; and log-losses.
 *
 * Every lane of every element is one chain of fused multiply-adds over k ascending from zero, as in gemm_kernel.c: a network has
 * the same bits in a lane as alone. Operands have any strides, so nothing is ever transposed. A tile of rows × width elements
 * of C is held in registers while k runs. */
#if REAL_BITS == 64
#include <sleef.h>
#endif

#include "math/kernels_table.h"
#include "math/simd.h"

/* Rows of the tile of each width. */
#if defined ISA_AVX512
enum { WIDEST = 4, ROWS_1 = 12, ROWS_2 = 8, ROWS_3 = 6, ROWS_4 = 6 };
#else
enum { WIDEST = 4, ROWS_1 = 8, ROWS_2 = 4, ROWS_3 = 3, ROWS_4 = 2 };
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
			v_store(c + i * o->c_m + j * o->c_n,
				row ? sum[i][j] + v_load(row + i * o->row_m + j * o->row_n) : sum[i][j] * o->scale);
}

#define TILE(rows, width)                                                                                              \
	static void tile_##rows##x##width(const struct operands *o, const real *a, const real *b, real *c,             \
					  const real *row)                                                             \
	{                                                                                                              \
		tile(o, a, b, c, row, rows, width);                                                                    \
	}
#define TILES_2(T, w) T(1, w) T(2, w)
#define TILES_3(T, w) TILES_2(T, w) T(3, w)
#define TILES_4(T, w) TILES_3(T, w) T(4, w)
#define TILES_6(T, w) TILES_4(T, w) T(5, w) T(6, w)
#define TILES_8(T, w) TILES_6(T, w) T(7, w) T(8, w)
#define TILES_12(T, w) TILES_8(T, w) T(9, w) T(10, w) T(11, w) T(12, w)
#if defined ISA_AVX512
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_12(T, 1)) r2(TILES_8(T, 2)) r3(TILES_6(T, 3)) r4(TILES_6(T, 4))
#else
#define TILES_OF_WIDTH(T, r1, r2, r3, r4) r1(TILES_8(T, 1)) r2(TILES_4(T, 2)) r3(TILES_3(T, 3)) r4(TILES_2(T, 4))
#endif
#define PLAIN(x) x
TILES_OF_WIDTH(TILE, PLAIN, PLAIN, PLAIN, PLAIN)

#define TILE_NAME(rows, width) [rows] = tile_##rows##x##width,
#define ROW_1(x) [1] = {x},
#define ROW_2(x) [2] = {x},
#define ROW_3(x) [3] = {x},
#define ROW_4(x) [4] = {x},
static tile_function *const tiles[WIDEST + 1][MOST_ROWS + 1] = {TILES_OF_WIDTH(TILE_NAME, ROW_1, ROW_2, ROW_3, ROW_4)};

/* The size of part p when n is split evenly into so many parts, the larger ones first. */
static inline int share(int n, int parts, int p)
{
	return n / parts + (p < n % parts);
}

static inline int parts_of(int n, int most)
{
	return (n + most - 1) / most;
}

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

/* ---- log-losses, in double for both precisions ---- */

#if REAL_BITS == 64
/* SLEEF's functions named finz give the same bits in every instruction set. */
#if defined ISA_AVX512 && defined __AVX512F__
#define SLEEF(name, x) Sleef_finz_##name##d8_u10avx512f(x)
#elif defined ISA_AVX2 && defined __AVX2__
#define SLEEF(name, x) Sleef_finz_##name##d4_u10avx2(x)
#else
#define SLEEF(name, x) name##_lanes(x)
#define LANE_BY_LANE(name)                                                                                             \
	INLINE vreal name##_lanes(vreal x)                                                                             \
	{                                                                                                              \
		for (int i = 0; i < LANES; i++)                                                                        \
			x[i] = Sleef_finz_##name##d1_u10purecfma(x[i]);                                                \
		return x;                                                                                              \
	}
LANE_BY_LANE(exp)
LANE_BY_LANE(log1p)
#endif

INLINE vreal load_part(const real *x, size_t n)
{
	real padded[LANES] = {0};
	memcpy(padded, x, n * sizeof *x);
	return v_load(padded);
}

INLINE vreal logistic_loss(vreal t, vreal *slope)
{
	const vreal size = (vreal)((vint)t & ~(vint)v_splat(-0.0)), e = SLEEF(exp, -size), whole = 1 + e;
	*slope = v_select(t >= 0, v_splat(1), e) / whole;
	const vreal loss = v_select(t > 0, t, v_splat(0)) + SLEEF(log1p, e);
	return v_select(t - t == 0, loss, v_splat(__builtin_nan("")));
}

void ISA_FN(logistic_losses)(size_t n, const double *t, double *loss, double *slope)
{
	vreal s;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		v_store(loss + i, logistic_loss(v_load(t + i), &s));
		v_store(slope + i, s);
	}
	if (i < n) {
		v_store_part(loss + i, logistic_loss(load_part(t + i, n - i), &s), (int)(n - i));
		v_store_part(slope + i, s, (int)(n - i));
	}
}

void ISA_FN(log1ps)(size_t n, const double *x, double *y)
{
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		v_store(y + i, SLEEF(log1p, v_load(x + i)));
	if (i < n)
		v_store_part(y + i, SLEEF(log1p, load_part(x + i, n - i)), (int)(n - i));
}
#endif
