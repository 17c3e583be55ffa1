/* runmap.c: see runmap.h */
#include "store/runmap.h"

#include <stdlib.h>

#include "base/err.h"

/* The place of the hash, or the free one where it belongs. */
static struct run_place *probe(const struct run_map *map, uint64_t hash)
{
	size_t at = (size_t)hash & (map->capacity - 1);
	while (map->place[at].used && map->place[at].hash != hash)
		at = (at + 1) & (map->capacity - 1);
	return &map->place[at];
}

struct run_place *run_map_find(const struct run_map *map, uint64_t hash)
{
	if (map->capacity == 0)
		return NULL;
	struct run_place *place = probe(map, hash);
	return place->used ? place : NULL;
}

/* At most three quarters are in use: then a look takes two or three places. */
static size_t capacity_for(size_t runs)
{
	size_t capacity = 256;
	while (capacity / 4 * 3 < runs)
		capacity *= 2;
	return capacity;
}

void run_map_reserve(struct run_map *map, size_t runs)
{
	const struct run_map old = *map;
	if (capacity_for(runs) <= map->capacity)
		return;
	map->capacity = capacity_for(runs);
	map->place = calloc(map->capacity, sizeof *map->place);
	if (!map->place)
		NO_MEMORY("out of memory for %zu runs", map->capacity);
	for (size_t i = 0; i < old.capacity; i++)
		if (old.place[i].used)
			*probe(map, old.place[i].hash) = old.place[i];
	free(old.place);
}

struct run_place *run_map_put(struct run_map *map, uint64_t hash, bool *is_new)
{
	run_map_reserve(map, map->n + 1);
	struct run_place *place = probe(map, hash);
	*is_new = !place->used;
	if (*is_new) {
		*place = (struct run_place){.hash = hash, .used = true};
		map->n++;
	}
	return place;
}

void run_map_release(struct run_map *map)
{
	free(map->place);
	*map = (struct run_map){0};
}
