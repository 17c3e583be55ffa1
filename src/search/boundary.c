/* boundary.c: see boundary.h */
#include "search/boundary.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Points i0 … i1 of the first axis by j0 … j1 of the second, corners included. */
struct cell {
	int i0, i1, j0, j1;
};

struct cells {
	size_t n, room;
	struct cell *cell;
};

struct map {
	int n1, n2;
	answer_at *answer;
	void *self;
	bool *asked;
	signed char *paint;
	int open;
};

static void add_cell(struct cells *cells, struct cell cell)
{
	if (cells->n == cells->room) {
		cells->room = 2 * cells->room + 64;
		cells->cell = realloc(cells->cell, cells->room * sizeof *cells->cell);
		if (!cells->cell)
			NO_MEMORY("out of memory for a map of %zu cells", cells->room);
	}
	cells->cell[cells->n++] = cell;
}

static signed char *at(const struct map *map, int i, int j)
{
	return &map->paint[(size_t)i * (size_t)map->n2 + (size_t)j];
}

static void ask(struct map *map, int i, int j)
{
	const int point = i * map->n2 + j;
	if (map->asked[point])
		return;
	map->asked[point] = true;
	map->paint[point] = (signed char)map->answer(map->self, point);
	map->open += map->paint[point] == ANSWER_NONE;
}

/* A point on a side with these ends. */
static void ask_between(struct map *map, int i, int j, signed char from, signed char to)
{
	if (from != to)
		ask(map, i, j);
	else if (*at(map, i, j) == ANSWER_NONE)
		*at(map, i, j) = from;
}

static bool agrees(const struct map *map, struct cell c)
{
	const signed char corner = *at(map, c.i0, c.j0);
	return *at(map, c.i0, c.j1) == corner && *at(map, c.i1, c.j0) == corner && *at(map, c.i1, c.j1) == corner;
}

static void fill(struct map *map, struct cell c)
{
	const signed char corner = *at(map, c.i0, c.j0);
	for (int i = c.i0; i <= c.i1; i++)
		for (int j = c.j0; j <= c.j1; j++)
			if (*at(map, i, j) == ANSWER_NONE)
				*at(map, i, j) = corner;
}

static int middle(int from, int to)
{
	return from + (to - from) / 2;
}

/* Tries what a cell that differs needs to be divided. */
static void look_inside(struct map *map, struct cell c)
{
	const int i = middle(c.i0, c.i1), j = middle(c.j0, c.j1);
	if (i > c.i0) {
		ask_between(map, i, c.j0, *at(map, c.i0, c.j0), *at(map, c.i1, c.j0));
		ask_between(map, i, c.j1, *at(map, c.i0, c.j1), *at(map, c.i1, c.j1));
	}
	if (j > c.j0) {
		ask_between(map, c.i0, j, *at(map, c.i0, c.j0), *at(map, c.i0, c.j1));
		ask_between(map, c.i1, j, *at(map, c.i1, c.j0), *at(map, c.i1, c.j1));
	}
	if (i > c.i0 && j > c.j0)
		ask(map, i, j);
}

static void divide(struct cells *next, struct cell c)
{
	const int i[] = {c.i0, middle(c.i0, c.i1), c.i1}, j[] = {c.j0, middle(c.j0, c.j1), c.j1};
	for (int a = i[1] > i[0] ? 0 : 1; a < 2; a++)
		for (int b = j[1] > j[0] ? 0 : 1; b < 2; b++)
			add_cell(next, (struct cell){i[a], i[a + 1], j[b], j[b + 1]});
}

/* The cells of one size: those that agree are filled, the others divided, which gives the next. False: answers are missing. */
static bool refine(struct map *map, struct cells *cells)
{
	struct cells next = {0};
	size_t divided = 0;
	for (size_t k = 0; k < cells->n; k++) {
		const struct cell c = cells->cell[k];
		if (agrees(map, c)) {
			fill(map, c);
		} else if (c.i1 - c.i0 > 1 || c.j1 - c.j0 > 1) {
			cells->cell[divided++] = c;
			look_inside(map, c);
		}
	}
	for (size_t k = 0; k < divided && map->open == 0; k++)
		divide(&next, cells->cell[k]);
	free(cells->cell);
	*cells = next;
	return map->open == 0;
}

/* Whether two neighbours differ; then both are asked. */
static bool confirm(struct map *map, const signed char *paint, int i, int j, int i2, int j2)
{
	const int a = i * map->n2 + j, b = i2 * map->n2 + j2;
	if (paint[a] == paint[b] || (map->asked[a] && map->asked[b]))
		return false;
	ask(map, i, j);
	ask(map, i2, j2);
	return true;
}

/* Every boundary between two points that were tried. What is asked in one go is what the map shows before it. */
static void follow(struct map *map)
{
	const size_t points = (size_t)map->n1 * (size_t)map->n2;
	signed char *before = malloc(points);
	if (!before)
		NO_MEMORY("out of memory for a map of %zu points", points);
	for (bool more = true; more && map->open == 0;) {
		more = false;
		memcpy(before, map->paint, points);
		for (int i = 0; i < map->n1; i++)
			for (int j = 0; j < map->n2; j++) {
				more |= i + 1 < map->n1 && confirm(map, before, i, j, i + 1, j);
				more |= j + 1 < map->n2 && confirm(map, before, i, j, i, j + 1);
			}
	}
	free(before);
}

int boundary_search(int n1, int n2, int coarse, answer_at *answer, void *self, bool *asked, signed char *paint)
{
	struct map map = {n1, n2, answer, self, asked, paint, 0};
	struct cells cells = {0};
	const int C1 = coarse < n1 ? coarse : n1, C2 = coarse < n2 ? coarse : n2;
	memset(asked, 0, (size_t)n1 * (size_t)n2 * sizeof *asked);
	memset(paint, ANSWER_NONE, (size_t)n1 * (size_t)n2);
	for (int a = 0; a < C1; a++)
		for (int b = 0; b < C2; b++) {
			const int i = coarse_position(n1, C1, a), j = coarse_position(n2, C2, b);
			ask(&map, i, j);
			if (a > 0 && b > 0)
				add_cell(&cells, (struct cell){coarse_position(n1, C1, a - 1), i,
							       coarse_position(n2, C2, b - 1), j});
		}
	while (map.open == 0 && cells.n > 0)
		refine(&map, &cells);
	free(cells.cell);
	if (map.open == 0)
		follow(&map);
	return map.open;
}
