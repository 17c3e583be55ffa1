/* plan.c: see plan.h. Walks the grids as an odometer; what depends on the data section alone is asked once for each, what
 * depends on an axis alone is worked out once for each of its values, so that a run costs a hash and a few copies. */
#include "spec/plan.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "spec/draft.h"
#include "spec/impossible.h"
#include "spec/pieces.h"

/* What a data section is: found out once. */
struct known {
	struct data_spec spec;
	bool fine;
	uint64_t identity;
	struct data_shape shape;
};

/* One key of a skip condition that lies on an axis: which of its positions are meant. */
struct hit {
	int axis;
	const bool *at;
};

struct skip_test {
	int n;
	const struct hit *hit;
};

struct walk {
	struct plan *plan;
	plan_identity *identity;
	struct impossible impossible;
	struct pool pool;
	size_t capacity; /* of plan->run */
	struct known *known;
	size_t n_known, known_capacity;
	size_t n_earlier, hint; /* those of earlier grids */
	uint64_t *seen;         /* the hashes planned: open addressing, 0 is free */
	size_t seen_size;

	/* the grid being walked */
	const struct grid *grid;
	int grid_number;
	struct settings settings; /* of the run at these positions */
	int *position;
	struct pieces pieces;
	int skips;
	struct skip_test *skip;
	int64_t *
		known_at; /* by position on the axes with keys of the data section: index into known, −1: not asked yet */
	uint64_t *stride; /* of each axis in known_at; 0: no data on it */
};

/* ---- runs, each once ---------------------------------------------------------------------------------------------- */

/* Whether the hash is new; it is not from then on. The table is never more than half full. */
static bool is_new(struct walk *w, uint64_t hash)
{
	const size_t mask = w->seen_size - 1;
	const uint64_t mark = hash + !hash;
	size_t slot = (size_t)(mark * 0x9e3779b97f4a7c15u) & mask;
	for (; w->seen[slot] != 0; slot = (slot + 1) & mask)
		if (w->seen[slot] == mark)
			return false;
	w->seen[slot] = mark;
	return true;
}

static int make_room(struct walk *w, const struct study *study, struct err *err)
{
	uint64_t runs = 0;
	for (int g = 0; g < study->grids; g++) {
		uint64_t product = 1;
		for (int a = 0; a < study->grid[g].axes; a++)
			product *= (uint64_t)study->grid[g].axis[a].n; /* each grid is within RUNS_MAX */
		runs += product;
	}
	if (runs > RUNS_MAX)
		return err_set(err, ERR_INPUT, "%s: the grids have %llu runs together, more than %u",
			       study_place(study), (unsigned long long)runs, RUNS_MAX);
	w->capacity = (size_t)runs;
	for (w->seen_size = 64; w->seen_size < 2 * w->capacity;)
		w->seen_size *= 2;
	w->plan->run = malloc(w->capacity * sizeof *w->plan->run);
	w->seen = calloc(w->seen_size, sizeof *w->seen);
	if (!w->plan->run || !w->seen)
		return err_set(err, ERR_SYSTEM, "out of memory for a plan of %llu runs", (unsigned long long)runs);
	return 0;
}

/* ---- data sections ------------------------------------------------------------------------------------------------ */

static bool same_data(const struct settings *settings, const struct data_spec *spec)
{
	struct settings other = *settings;
	other.data = *spec;
	for (size_t k = 0; strcmp(keys[k].section, "data") == 0; k++) /* the first of the table */
		if (!value_equal(&keys[k], key_get(&keys[k], settings), key_get(&keys[k], &other)))
			return false;
	return true;
}

static int64_t ask(struct walk *w)
{
	struct known new = {.spec = w->settings.data};
	/* grids share data sections, mostly in the same order: look from where the last one was found */
	for (size_t i = 0; i < w->n_earlier; i++) {
		const size_t k = (w->hint + i) % w->n_earlier;
		if (!same_data(&w->settings, &w->known[k].spec))
			continue;
		w->hint = k + 1;
		return (int64_t)k;
	}
	struct err *err = impossible_start(&w->impossible);
	new.fine = w->identity(&new.spec, &new.identity, err) == 0 &&
		   dataset_shape(&new.spec, &new.shape.inputs, &new.shape.classes, &new.shape.targets, err) == 0;
	if (!new.fine)
		impossible_tell(&w->impossible, w->grid, &w->settings, "data");
	if (w->n_known == w->known_capacity) {
		w->known_capacity = 2 * w->known_capacity + 16;
		w->known = realloc(w->known, w->known_capacity * sizeof *w->known);
		if (!w->known)
			NO_MEMORY("out of memory for %zu data sections", w->known_capacity);
	}
	w->known[w->n_known] = new;
	return (int64_t)w->n_known++;
}

static const struct known *data_here(struct walk *w)
{
	size_t at = 0;
	for (int a = 0; a < w->grid->axes; a++)
		at += (size_t)(w->stride[a] * (uint64_t)w->position[a]);
	if (w->known_at[at] < 0)
		w->known_at[at] = ask(w);
	return &w->known[w->known_at[at]];
}

static void index_data(struct walk *w)
{
	uint64_t product = 1;
	w->stride = POOL_TAKE(&w->pool, uint64_t, w->grid->axes);
	for (int a = 0; a < w->grid->axes; a++) {
		const struct axis *axis = &w->grid->axis[a];
		for (int k = 0; k < axis->keys; k++)
			if (strcmp(axis->key[k]->section, "data") == 0)
				w->stride[a] = product;
		product *= w->stride[a] > 0 ? (uint64_t)axis->n : 1;
	}
	w->known_at = POOL_TAKE(&w->pool, int64_t, product);
	for (uint64_t i = 0; i < product; i++)
		w->known_at[i] = -1;
}

/* ---- skip --------------------------------------------------------------------------------------------------------- */

/* False when the condition names a value that no run of the grid has. */
static bool make_test(struct walk *w, const struct condition *condition, struct skip_test *test)
{
	struct hit *hit = POOL_TAKE(&w->pool, struct hit, condition->n);
	*test = (struct skip_test){0, hit};
	for (int k = 0; k < condition->n; k++) {
		int place;
		const int a = grid_axis(w->grid, condition->key[k], &place);
		if (a < 0) {
			if (!condition_has(condition, k, key_get(condition->key[k], &w->grid->base)))
				return false;
			continue;
		}
		const struct axis *axis = &w->grid->axis[a];
		bool *at = POOL_TAKE(&w->pool, bool, axis->n);
		for (int i = 0; i < axis->n; i++)
			at[i] = condition_has(condition, k, axis->value[place * axis->n + i]);
		hit[test->n++] = (struct hit){a, at};
	}
	return true;
}

static bool is_skipped(const struct walk *w)
{
	for (int s = 0; s < w->skips; s++) {
		int k = 0;
		while (k < w->skip[s].n && w->skip[s].hit[k].at[w->position[w->skip[s].hit[k].axis]])
			k++;
		if (k == w->skip[s].n)
			return true;
	}
	return false;
}

/* ---- the walk ----------------------------------------------------------------------------------------------------- */

static void set_axis(struct settings *settings, const struct axis *axis, int i)
{
	for (int k = 0; k < axis->keys; k++)
		key_set(axis->key[k], settings, axis->value[k * axis->n + i]);
}

static void take_run(struct walk *w, uint64_t index)
{
	if (is_skipped(w))
		return;
	const struct known *data = data_here(w);
	if (!data->fine)
		return;
	struct err *err = impossible_start(&w->impossible);
	if (settings_check_shape(&w->settings, data->shape, err) != 0) {
		impossible_tell(&w->impossible, w->grid, &w->settings, "");
		return;
	}
	const uint64_t hash = pieces_hash(&w->pieces, w->position, data->identity);
	if (is_new(w, hash) || (w->plan->study->search.kind != SEARCH_NONE && !w->plan->study->search.full))
		w->plan->run[w->plan->R++] = (struct planned){hash, index, w->grid_number};
}

static void walk_grid(struct walk *w, int g)
{
	w->grid = &w->plan->study->grid[g];
	w->grid_number = g;
	w->n_earlier = w->n_known;
	w->settings = w->grid->base;
	w->position = POOL_TAKE(&w->pool, int, w->grid->axes);
	w->skip = POOL_TAKE(&w->pool, struct skip_test, w->grid->skips);
	w->skips = 0;
	for (int s = 0; s < w->grid->skips; s++)
		w->skips += make_test(w, &w->grid->skip[s], &w->skip[w->skips]);
	pieces_init(&w->pieces, w->grid, &w->pool);
	index_data(w);
	for (int a = 0; a < w->grid->axes; a++)
		set_axis(&w->settings, &w->grid->axis[a], 0);
	for (uint64_t index = 0;; index++) {
		take_run(w, index);
		int a = w->grid->axes - 1;
		for (; a >= 0; a--) {
			const struct axis *axis = &w->grid->axis[a];
			w->position[a] = w->position[a] + 1 < axis->n ? w->position[a] + 1 : 0;
			set_axis(&w->settings, axis, w->position[a]);
			if (w->position[a] > 0)
				break;
		}
		if (a < 0 || impossible_enough(&w->impossible))
			return;
	}
}

static uint64_t hash_of_all(const struct plan *plan)
{
	XXH3_state_t *state = XXH3_createState();
	if (!state)
		NO_MEMORY("out of memory for a hash");
	XXH3_64bits_reset(state);
	for (size_t r = 0; r < plan->R; r++)
		XXH3_64bits_update(state, &plan->run[r].hash, sizeof plan->run[r].hash);
	const uint64_t hash = XXH3_64bits_digest(state);
	XXH3_freeState(state);
	return hash;
}

int plan_build(struct plan *plan, const struct study *study, plan_identity *identity, struct err *err)
{
	struct walk w = {.plan = plan, .identity = identity};
	*plan = (struct plan){.study = study};
	int result = make_room(&w, study, err);
	impossible_init(&w.impossible, study, err);
	for (int g = 0; result == 0 && g < study->grids && !impossible_enough(&w.impossible); g++)
		walk_grid(&w, g);
	if (w.impossible.n > 0) {
		/* where looking was given up others may be possible */
		impossible_finish(&w.impossible, plan->R > 0 || impossible_enough(&w.impossible));
		result = -1;
	} else if (result == 0 && plan->R == 0)
		result = err_set(err, ERR_INPUT, "%s: no run is left: 'skip' leaves out all of them",
				 study_place(study));
	plan->hash = result == 0 ? hash_of_all(plan) : 0;
	impossible_release(&w.impossible);
	pool_release(&w.pool);
	free(w.known);
	free(w.seen);
	if (result != 0)
		plan_release(plan);
	return result;
}

void plan_release(struct plan *plan)
{
	free(plan->run);
	*plan = (struct plan){0};
}

void plan_settings(const struct plan *plan, size_t r, struct settings *settings)
{
	const struct grid *grid = &plan->study->grid[plan->run[r].grid];
	uint64_t index = plan->run[r].index;
	*settings = grid->base;
	for (int a = grid->axes - 1; a >= 0; a--) {
		set_axis(settings, &grid->axis[a], (int)(index % (uint64_t)grid->axis[a].n));
		index /= (uint64_t)grid->axis[a].n;
	}
}

bool plan_varies(const struct plan *plan, const struct key *key)
{
	const struct study *study = plan->study;
	struct settings settings;
	bool may = false;
	for (int g = 0, place; g < study->grids; g++)
		may |= grid_axis(&study->grid[g], key, &place) >= 0 ||
		       !value_equal(key, key_get(key, &study->grid[0].base), key_get(key, &study->grid[g].base));
	if (!may || plan->R == 0)
		return false;
	plan_settings(plan, 0, &settings);
	const struct value first = key_get(key, &settings);
	for (size_t r = 1; r < plan->R; r++) {
		plan_settings(plan, r, &settings);
		if (!value_equal(key, first, key_get(key, &settings)))
			return true;
	}
	return false;
}
