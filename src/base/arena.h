/* arena.h: two ways to own memory, by lifespan.
 *
 * struct arena: one block for one run. The layout function of a run is called twice: first on a measuring arena
 *   (no block yet: takes return NULL and are only added up), then, after arena_reserve, on the real one. No malloc
 *   in a training step, no list of sizes kept in step by hand. The block is kept and used again by the next run.
 * struct pool: many small things that live as long as a study (strings, lists, nodes); freed together.
 */
#ifndef FATHOM_ARENA_H
#define FATHOM_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ARENA_ALIGN = 64 };

struct arena {
	char *block;     /* NULL while measuring and nothing is reserved */
	size_t capacity; /* bytes of block */
	size_t used;     /* bytes taken, or measured */
	bool measuring;
};

#define ARENA_INIT                                                                                                     \
	{                                                                                                              \
		0                                                                                                      \
	}

/* Starts measuring: until arena_reserve, arena_take returns NULL and adds up. The block, if any, is kept. */
void arena_measure(struct arena *arena);

/* Ends measuring: a block of at least what was measured, empty, all zero bytes. ERR_SYSTEM when memory is short. */
int arena_reserve(struct arena *arena, struct err *err);

/* size bytes aligned to ARENA_ALIGN and zeroed; NULL while measuring. More than was measured is a BUG. */
void *arena_take(struct arena *arena, size_t size);

void arena_release(struct arena *arena);

/* arena_take for count objects of a type: double *v = ARENA_TAKE(arena, double, n); */
#define ARENA_TAKE(arena, type, count) ((type *)arena_take((arena), sizeof(type) * (size_t)(count)))

struct pool_block;

struct pool {
	struct pool_block *last;
};

#define POOL_INIT                                                                                                      \
	{                                                                                                              \
		0                                                                                                      \
	}

/* size zeroed bytes, aligned for any type, until pool_release. Out of memory ends the program (NO_MEMORY): small things only. */
void *pool_take(struct pool *pool, size_t size);
char *pool_text(struct pool *pool, const char *text);
char *pool_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_release(struct pool *pool);

#define POOL_TAKE(pool, type, count) ((type *)pool_take((pool), sizeof(type) * (size_t)(count)))

#endif
