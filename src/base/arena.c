/* arena.c: see arena.h */
#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>

static size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) / to * to;
}

void arena_measure(struct arena *arena)
{
	arena->used = 0;
	arena->measuring = true;
}

/* Memory for one run. Large blocks ask for huge pages: rows of matrices lie far apart, and a product over pages of 4 KB waits for
 * their addresses as long as for the numbers. A system without them says no, and nothing is lost. */
static void *block_of(size_t size)
{
	enum { HUGE_PAGE = 2 << 20 };
	const size_t align = size >= HUGE_PAGE ? HUGE_PAGE : ARENA_ALIGN;
	void *block = aligned_alloc(align, round_up(size, align));
	if (block && align == HUGE_PAGE)
		madvise(block, round_up(size, align), MADV_HUGEPAGE);
	return block;
}

int arena_reserve(struct arena *arena, struct err *err)
{
	const size_t need = arena->used > 0 ? arena->used : ARENA_ALIGN;
	if (need > arena->capacity) {
		free(arena->block);
		arena->capacity = 0;
		arena->block = block_of(need);
		if (!arena->block)
			return err_set(err, ERR_SYSTEM,
				       "out of memory: one run needs %.1f MB\ntry: a smaller batch or width",
				       (double)need / 1e6);
		arena->capacity = need;
	}
	memset(arena->block, 0, need);
	arena->used = 0;
	arena->measuring = false;
	return 0;
}

void *arena_take(struct arena *arena, size_t size)
{
	const size_t at = arena->used;
	arena->used += round_up(size, ARENA_ALIGN);
	if (arena->measuring)
		return NULL;
	if (arena->used > arena->capacity)
		BUG("arena of %zu bytes asked for %zu: the layout differs from what was measured", arena->capacity,
		    arena->used);
	return arena->block + at;
}

void arena_release(struct arena *arena)
{
	free(arena->block);
	*arena = (struct arena)ARENA_INIT;
}

struct pool_block {
	struct pool_block *before;
	size_t used, capacity;
	alignas(max_align_t) char bytes[];
};

void *pool_take(struct pool *pool, size_t size)
{
	const size_t need = round_up(size > 0 ? size : 1, alignof(max_align_t));
	if (!pool->last || pool->last->capacity - pool->last->used < need) {
		const size_t capacity = need > 16000 ? need : 16000;
		struct pool_block *block = calloc(1, sizeof *block + capacity);
		if (!block)
			NO_MEMORY("out of memory for %zu bytes", need);
		block->capacity = capacity;
		block->before = pool->last;
		pool->last = block;
	}
	void *taken = pool->last->bytes + pool->last->used;
	pool->last->used += need;
	return taken;
}

char *pool_text(struct pool *pool, const char *text)
{
	const size_t size = strlen(text) + 1;
	return memcpy(pool_take(pool, size), text, size);
}

char *pool_format(struct pool *pool, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	const int n = vsnprintf(NULL, 0, format, args);
	char *text = pool_take(pool, (size_t)(n < 0 ? 0 : n) + 1);
	vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void pool_release(struct pool *pool)
{
	while (pool->last) {
		struct pool_block *before = pool->last->before;
		free(pool->last);
		pool->last = before;
	}
}
