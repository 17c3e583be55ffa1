/* tiles.h: how a product is cut into tiles, for gemm_kernel.c and lane_kernel.c only. Tiles of each shape are functions of their own,
 * tile_ROWSxWIDTH, in a table by width and rows. */
#ifndef FATHOM_TILES_H
#define FATHOM_TILES_H

/* The size of part p when n is split evenly into so many parts, the larger ones first. */
static inline int share(int n, int parts, int p)
{
	return n / parts + (p < n % parts);
}

static inline int parts_of(int n, int most)
{
	return (n + most - 1) / most;
}

/* T(1, w) … T(rows, w): tiles of width w */
#define TILES_2(T, w) T(1, w) T(2, w)
#define TILES_3(T, w) TILES_2(T, w) T(3, w)
#define TILES_4(T, w) TILES_3(T, w) T(4, w)
#define TILES_6(T, w) TILES_4(T, w) T(5, w) T(6, w)
#define TILES_8(T, w) TILES_6(T, w) T(7, w) T(8, w)
#define TILES_12(T, w) TILES_8(T, w) T(9, w) T(10, w) T(11, w) T(12, w)
#define TILES_14(T, w) TILES_12(T, w) T(13, w) T(14, w)

/* the table */
#define PLAIN(x) x
#define TILE_NAME(rows, width) [rows] = tile_##rows##x##width,
#define ROW_1(x) [1] = {x},
#define ROW_2(x) [2] = {x},
#define ROW_3(x) [3] = {x},
#define ROW_4(x) [4] = {x},

#endif
