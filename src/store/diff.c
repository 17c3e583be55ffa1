/* diff.c: whether two result files hold the same: see store.h. Runs are matched by hash, so their order may differ; provenance,
 * times and the wording of the study do not count. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "store/inside.h"

/* The runs that both have; the others are differences. */
static void match(const struct sources *sources, struct pairs *pairs, struct differences *differences)
{
	const struct source *a = &sources->source[0], *b = &sources->source[1];
	struct run_map map = {0};
	size_t common = 0;
	for (size_t r = 0; r < b->R; r++) {
		bool is_new;
		run_map_put(&map, b->hash[r], &is_new)->row = r;
	}
	for (size_t r = 0; r < a->R; r++) {
		struct run_place *place = run_map_find(&map, a->hash[r]);
		if (place) {
			pairs_add(pairs, (struct run_ref){0, r}, (struct run_ref){1, place->row});
			place->planned = true;
			common++;
		} else {
			difference_add(differences, DIFFERENT_OTHER, "run %016" PRIx64 " is only in '%s'", a->hash[r],
				       a->path);
		}
	}
	for (size_t r = 0; common < b->R && r < b->R; r++)
		if (!run_map_find(&map, b->hash[r])->planned)
			difference_add(differences, DIFFERENT_OTHER, "run %016" PRIx64 " is only in '%s'", b->hash[r],
				       b->path);
	run_map_release(&map);
}

static bool same_setting(const struct column *x, size_t row_x, const struct column *y, size_t row_y)
{
	struct text word_x = TEXT_INIT, word_y = TEXT_INIT;
	if (x->words == 0 && y->words == 0)
		return same_number(x->number[row_x], y->number[row_y]);
	column_word(x, row_x, &word_x);
	column_word(y, row_y, &word_y);
	const bool same = strcmp(word_x.at, word_y.at) == 0;
	text_release(&word_x);
	text_release(&word_y);
	return same;
}

static void compare_settings(const struct result *a, const struct result *b, const struct pairs *pairs,
			     struct differences *differences)
{
	for (size_t k = 0; k < key_table.n; k++) {
		const struct column *x = result_column(a, &keys[k]), *y = result_column(b, &keys[k]);
		size_t different = 0, first = 0;
		if (!x != !y)
			difference_add(differences, DIFFERENT_OTHER, "setting %s is only in '%s'", keys[k].name,
				       x ? a->path : b->path);
		for (size_t i = 0; x && y && i < pairs->n; i++)
			if (!same_setting(x, pairs->a[i].row, y, pairs->b[i].row)) {
				first = different == 0 ? i : first;
				different++;
			}
		if (different == 0)
			continue;
		struct text word_x = TEXT_INIT, word_y = TEXT_INIT;
		column_word(x, pairs->a[first].row, &word_x);
		column_word(y, pairs->b[first].row, &word_y);
		difference_add(differences, DIFFERENT_OTHER,
			       "setting %s of run %016" PRIx64 ": %s and %s, %zu of %zu runs differ", keys[k].name,
			       a->hash[pairs->a[first].row], word_x.at, word_y.at, different, pairs->n);
		text_release(&word_x);
		text_release(&word_y);
	}
}

static void say_rest(struct differences *differences)
{
	int shown = 0;
	for (size_t k = 0; k < sizeof differences->shown / sizeof *differences->shown; k++)
		shown += differences->shown[k] < 3 ? differences->shown[k] : 3;
	if (differences->n > shown)
		text_add(differences->out, "and %d more\n", differences->n - shown);
}

int result_diff(const char *a, const char *b, struct text *out, struct err *err)
{
	struct sources sources = {0};
	struct pairs pairs = {0};
	struct differences differences = {.out = out};
	const char *path[] = {a, b};
	int done = 0;
	for (int i = 0; done == 0 && i < 2; i++) {
		struct result result;
		done = result_open(&result, path[i], err);
		if (done == 0)
			done = sources_add(&sources, &result, err);
	}
	if (done == 0) {
		match(&sources, &pairs, &differences);
		compare_settings(&sources.source[0].result, &sources.source[1].result, &pairs, &differences);
		done = compare_runs(&sources, &pairs, &differences, err);
		say_rest(&differences);
	}
	pairs_release(&pairs);
	sources_release(&sources);
	return done == 0 ? differences.n : -1;
}
