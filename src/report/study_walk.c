/* study_walk.c: see study_walk.h. Runs are looked at one by one, since skip, zip and `also` decide together which there are. */
#include "report/study_walk.h"

#include <stdlib.h>
#include <string.h>

#include "store/columns.h"

enum { RUNS_LOOKED_AT = 500000, VALUES_TOLD = 8, STEPS_TOLD = 6 };

/* ---- values of the grids ---- */

/* The i-th value that a grid gives a key; false behind the last. A key on no axis has one. */
static bool grid_value(const struct grid *grid, const struct key *key, int i, struct value *value)
{
	for (int a = 0; a < grid->axes; a++)
		for (int k = 0; k < grid->axis[a].keys; k++)
			if (grid->axis[a].key[k] == key) {
				if (i < grid->axis[a].n)
					*value = grid->axis[a].value[(ptrdiff_t)k * grid->axis[a].n + i];
				return i < grid->axis[a].n;
			}
	*value = key_get(key, &grid->base);
	return i == 0;
}

bool study_has(const struct study *study, const struct key *key, struct value value)
{
	const struct value *const values = &value;
	const struct condition one = {1, &key, &(const int){1}, &values};
	for (int g = 0; g < study->grids; g++) {
		struct settings settings = study->grid[g].base;
		struct value other;
		for (int i = 0; grid_value(&study->grid[g], key, i, &other); i++) {
			key_set(key, &settings, other);
			if (condition_holds(&one, &settings))
				return true;
		}
	}
	return false;
}

void study_values(const struct study *study, const struct key *key, struct text *out)
{
	struct value told[VALUES_TOLD], value;
	int n = 0;
	bool more = false;
	for (int g = 0; g < study->grids && !more; g++)
		for (int i = 0; grid_value(&study->grid[g], key, i, &value) && !more; i++) {
			bool known = false;
			for (int t = 0; t < n; t++)
				known |= value_equal(key, told[t], value);
			more = !known && n == VALUES_TOLD;
			if (!known && !more)
				told[n++] = value;
		}
	text_add(out, n == 1 ? "is only " : "are ");
	for (int t = 0; t < n; t++) {
		text_add(out, t ? ", " : "");
		value_print(key, told[t], out);
	}
	text_add(out, more ? ", …" : "");
}

void condition_text(const struct condition *condition, struct text *out)
{
	for (int k = 0; k < condition->n; k++) {
		text_add(out, "%s%s: %s", k ? ", " : "", condition->key[k]->name, condition->values[k] > 1 ? "[" : "");
		for (int v = 0; v < condition->values[k]; v++) {
			text_add(out, v ? ", " : "");
			value_print(condition->key[k], condition->value[k][v], out);
		}
		text_add(out, condition->values[k] > 1 ? "]" : "");
	}
}

int condition_keeps_none(const struct condition *condition, struct err *err)
{
	struct text text = TEXT_INIT;
	condition_text(condition, &text);
	err_set(err, ERR_INPUT, "its filter keeps no run%s%s", text.at ? ": " : "", text.at ? text.at : "");
	text_release(&text);
	return -1;
}

/* ---- the survey ---- */

static bool is_varied(const struct study *study, const struct key *key)
{
	struct value first, value;
	grid_value(&study->grid[0], key, 0, &first);
	for (int g = 0; g < study->grids; g++)
		for (int i = 0; grid_value(&study->grid[g], key, i, &value); i++)
			if (!value_equal(key, first, value))
				return true;
	return false;
}

static bool logs_alike(const struct settings *a, const struct settings *b)
{
	return a->steps == b->steps && a->epochs == b->epochs && a->every == b->every && a->points == b->points &&
	       a->every_epoch == b->every_epoch && a->batch == b->batch && a->data.train == b->data.train;
}

static void survey_logging(struct survey *survey, const struct settings *s)
{
	if (survey->loggings < 0)
		return;
	for (int i = 0; i < survey->loggings; i++)
		if (logs_alike(&survey->logging[i], s))
			return;
	const bool unknown = s->data.train == 0 && (s->epochs > 0 || s->every_epoch);
	if (unknown || survey->loggings == LOGGINGS_MAX)
		survey->loggings = -1;
	else
		survey->logging[survey->loggings++] = *s;
}

void survey_take(struct survey *survey, const struct plan *plan)
{
	const struct study *study = plan->study;
	survey->plan = plan;
	survey->whole = plan->R <= RUNS_LOOKED_AT;
	survey->R = survey->whole ? plan->R : RUNS_LOOKED_AT;
	survey->n = 0, survey->metrics = 0, survey->target = !survey->whole, survey->depth = 0, survey->loggings = 0;
	for (size_t k = 0; k < key_table.n && survey->n < KEYS_MOST; k++)
		if (is_column(&keys[k]) && !keys[k].replicate && is_varied(study, &keys[k]))
			survey->key[survey->n++] = &keys[k];
	for (size_t r = 0; r < survey->R; r++) {
		struct settings settings;
		plan_settings(plan, r, &settings);
		survey->metrics |= settings.metrics;
		survey->target |= settings.target > 0;
		survey->depth = settings.depth > survey->depth ? settings.depth : survey->depth;
		survey_logging(survey, &settings);
	}
	for (int g = 0; g < study->grids && !survey->whole; g++)
		survey->metrics |= study->grid[g].base.metrics;
	if (!survey->whole)
		survey->loggings = -1;
}

bool survey_logs(const struct survey *survey, int64_t step, struct text *steps)
{
	bool found = survey->loggings < 0;
	for (int i = 0; i < survey->loggings && !found; i++) {
		int S;
		int64_t *logged = settings_logged(&survey->logging[i], survey->logging[i].data.train, &S);
		for (int s = 0; s < S; s++)
			found |= logged[s] == step;
		for (int s = 0; s < S && i == 0; s++)
			if (s < STEPS_TOLD - 1 || s == S - 1)
				text_add(steps, "%s%s%lld",
					 s        ? ", "
					 : S == 1 ? "is only "
						  : "are ",
					 S > STEPS_TOLD && s == S - 1 ? "…, " : "", (long long)logged[s]);
		free(logged);
	}
	if (found)
		text_release(steps);
	else if (survey->loggings > 1)
		text_add(steps, " in the first run, and not this one in any other");
	return found;
}

/* ---- filters and groups ---- */

size_t survey_count(const struct survey *survey, const struct condition *where)
{
	size_t n = 0;
	for (size_t r = 0; r < survey->R; r++) {
		struct settings settings;
		plan_settings(survey->plan, r, &settings);
		n += condition_holds(where, &settings);
	}
	return n;
}

static bool equal_in(int n, const struct key *const *key, const struct settings *a, const struct settings *b)
{
	for (int k = 0; k < n; k++)
		if (!value_equal(key[k], key_get(key[k], a), key_get(key[k], b)))
			return false;
	return true;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

/* Equal values have equal hashes; the table compares the values themselves. */
static uint64_t hash_in(int n, const struct key *const *key, const struct settings *settings)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (int k = 0; k < n; k++) {
		const struct value value = key_get(key[k], settings);
		struct text word = TEXT_INIT;
		if (key[k]->type == KEY_REAL || key[k]->type == KEY_TEXT || key[k]->type == KEY_NUMBERS ||
		    key[k]->type == KEY_WIDTHS) {
			value_print(key[k], value, &word);
			hash = mix(hash, word.at ? word.at : "", word.length);
			text_release(&word);
		} else {
			hash = mix(hash, &value.i, sizeof value.i);
		}
	}
	return hash * 0x9e3779b97f4a7c15u;
}

int survey_mixed(const struct survey *survey, const struct condition *where, const struct key *best, int n_used,
		 const struct key *const *used, size_t *kept, struct text *names)
{
	bool mixed[KEYS_MOST] = {false};
	size_t size = 64;
	while (size < 2 * survey->R)
		size *= 2;
	size_t *first = calloc(size, sizeof *first); /* run + 1 of each group; 0: free */
	if (!first)
		NO_MEMORY("out of memory");
	*kept = 0;
	for (size_t r = 0; r < survey->R; r++) {
		struct settings settings, other = {0};
		plan_settings(survey->plan, r, &settings);
		if (!condition_holds(where, &settings))
			continue;
		++*kept;
		size_t slot = (size_t)(hash_in(n_used, used, &settings) >> 20) & (size - 1);
		for (; first[slot]; slot = (slot + 1) & (size - 1)) {
			plan_settings(survey->plan, first[slot] - 1, &other);
			if (equal_in(n_used, used, &settings, &other))
				break;
		}
		if (!first[slot]) {
			first[slot] = r + 1;
			continue;
		}
		for (int k = 0; k < survey->n; k++)
			mixed[k] |= survey->key[k] != best && !equal_in(1, &survey->key[k], &settings, &other);
	}
	free(first);
	int n = 0;
	for (int k = 0; k < survey->n; k++)
		if (mixed[k])
			text_add(names, "%s'%s'", n++ ? ", " : "", survey->key[k]->name);
	return n;
}
