/* runmap.h: from a run's hash to where it lies. Open addressing; the keys are hashes already. */
#ifndef FATHOM_RUNMAP_H
#define FATHOM_RUNMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_place {
	uint64_t hash;
	uint32_t source, row; /* of struct sources */
	int8_t status;
	bool used;
	bool in_segment; /* also or only */
	bool planned;
	bool safe; /* for compaction: no need to write it again */
};

/* Zero-initialise. */
struct run_map {
	size_t n, capacity;
	struct run_place *place;
};

/* NULL if there is none. */
struct run_place *run_map_find(const struct run_map *map, uint64_t hash);
/* Found, or new (then all but hash and used is zero and *is_new is set). Out of memory aborts. */
struct run_place *run_map_put(struct run_map *map, uint64_t hash, bool *is_new);
/* Room for so many runs, so that it need not grow until then. */
void run_map_reserve(struct run_map *map, size_t runs);
void run_map_release(struct run_map *map);

#endif
