/* pieces.c: see pieces.h. */
#include "spec/pieces.h"

#include <string.h>
#include <xxhash.h>

int grid_axis(const struct grid *grid, const struct key *key, int *place)
{
	for (int a = 0; a < grid->axes; a++)
		for (int k = 0; k < grid->axis[a].keys; k++)
			if (grid->axis[a].key[k] == key) {
				*place = k;
				return a;
			}
	return -1;
}

/* The line of a key, none at its default. */
static struct piece make_piece(const struct key *key, struct value value, const struct settings *plain,
			       struct pool *pool)
{
	struct text line = TEXT_INIT;
	if (value_equal(key, value, key_get(key, plain)))
		return (struct piece){"", 0};
	identity_line(key, value, &line);
	const struct piece piece = {pool_text(pool, line.at), line.length};
	text_release(&line);
	return piece;
}

static void end_constant(struct pieces *pieces, struct text *constant, struct pool *pool)
{
	if (constant->length == 0)
		return;
	struct piece *piece = POOL_TAKE(pool, struct piece, 1);
	*piece = (struct piece){pool_text(pool, constant->at), constant->length};
	pieces->stretch[pieces->n++] = (struct stretch){-1, piece};
	text_release(constant);
}

void pieces_init(struct pieces *pieces, const struct grid *grid, struct pool *pool)
{
	const struct key *order[KEYS_MAX];
	const int n = keys_sorted(order);
	struct text constant = TEXT_INIT;
	struct settings plain;
	size_t longest = IDENTITY_END;
	settings_default(&plain);
	*pieces = (struct pieces){0};
	for (int k = 0; k < n; k++) {
		int place;
		const int a = grid_axis(grid, order[k], &place);
		if (a < 0) {
			const struct piece piece = make_piece(order[k], key_get(order[k], &grid->base), &plain, pool);
			if (piece.length > 0)
				text_add_bytes(&constant, piece.at, piece.length);
			longest += piece.length;
			continue;
		}
		end_constant(pieces, &constant, pool);
		const struct axis *axis = &grid->axis[a];
		struct piece *piece = POOL_TAKE(pool, struct piece, axis->n);
		size_t most = 0;
		for (int i = 0; i < axis->n; i++) {
			piece[i] = make_piece(order[k], axis->value[place * axis->n + i], &plain, pool);
			most = piece[i].length > most ? piece[i].length : most;
		}
		longest += most;
		pieces->stretch[pieces->n++] = (struct stretch){a, piece};
	}
	end_constant(pieces, &constant, pool);
	pieces->text = pool_take(pool, longest);
}

uint64_t pieces_hash(struct pieces *pieces, const int *position, uint64_t data_identity)
{
	char *end = pieces->text;
	for (int s = 0; s < pieces->n; s++) {
		const struct stretch *stretch = &pieces->stretch[s];
		const struct piece *piece = &stretch->piece[stretch->axis < 0 ? 0 : position[stretch->axis]];
		memcpy(end, piece->at, piece->length);
		end += piece->length;
	}
	end += identity_end(data_identity, end);
	return XXH3_64bits(pieces->text, (size_t)(end - pieces->text));
}
