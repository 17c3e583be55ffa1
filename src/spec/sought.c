/* sought.c: see sought.h */
#include "spec/sought.h"

#include <string.h>

#include "spec/claim.h"
#include "spec/pieces.h"
#include "spec/value.h"

static const struct {
	const char *name, *about;
} search_keys[] = {
	{"frontier", "the axis whose largest stable value is found for each combination of the others: lr"},
	{"boundary",
	 "or the two axes of a map, of which only the surroundings of its boundary are trained: [depth, lr]"},
	{"measure", "what says that a run is stable, beside that it did not diverge: a metric of a whole run"},
	{"is", "of that metric: \"<= 0.5\""},
	{"coarse", "how many values of an axis are tried first, evenly spread (default: frontier 5, boundary 9)"},
	{"full", "true: the rest of the grid is trained as well, to compare (default false)"},
};

const struct table search_key_table = TABLE("key of a search", search_keys);

static const struct key *read_axis(struct reading *reading, const struct node *node)
{
	if (node->kind != NODE_SCALAR) {
		fault_at(&reading->faults, node, "one key belongs here: {frontier: lr}");
		return NULL;
	}
	const struct key *key = read_number_key(reading, node, "search along");
	if (key && key->replicate) {
		fault_at(&reading->faults, node, "no search along '%s': runs that differ in it repeat one another",
			 key->name);
		return NULL;
	}
	return key;
}

static void read_axes(struct reading *reading, const struct node *map, struct search *search)
{
	const struct node *frontier = node_get(map, "frontier"), *boundary = node_get(map, "boundary");
	for (const struct node *item = map->first; item; item = item->next)
		if (!frontier && !boundary && table_find(&search_key_table, item->key->text) < 0)
			return; /* told already: a slip in either name */
	if (!frontier == !boundary) {
		fault_at(&reading->faults, map,
			 "a search is for a frontier or a boundary: {frontier: lr} or {boundary: [depth, lr]}");
		return;
	}
	search->kind = frontier ? SEARCH_FRONTIER : SEARCH_BOUNDARY;
	search->coarse = frontier ? 5 : 9;
	if (frontier) {
		search->key[0] = read_axis(reading, frontier);
		return;
	}
	if (boundary->kind != NODE_LIST || boundary->n != 2) {
		fault_at(&reading->faults, boundary, "a boundary lies in a map of two keys: [depth, lr]");
		return;
	}
	search->key[0] = read_axis(reading, boundary->first);
	search->key[1] = read_axis(reading, boundary->last);
	if (search->key[0] && search->key[0] == search->key[1])
		fault_at(&reading->faults, boundary, "'%s' is given twice", search->key[0]->name);
}

/* What says that a run is stable. */
static void read_condition_of(struct reading *reading, const struct node *map, struct search *search)
{
	const struct node *measure = node_get(map, "measure"), *is = node_get(map, "is");
	search->measure = METRIC_N;
	if (!measure != !is)
		fault_at(&reading->faults, measure ? measure : is,
			 "'measure' and 'is' go together: {measure: final_train_loss, is: \"<= 0.5\"}");
	if (!measure || !is)
		return;
	const int metric = read_name(reading, &metric_table, measure);
	if (metric >= 0 &&
	    (metrics[metric].shape != METRIC_RUN || metrics[metric].derived || metric == METRIC_WALL_TIME))
		fault_at(&reading->faults, measure,
			 "'%s' is not one number of a run that is the same whenever it is trained: final_train_loss is",
			 metrics[metric].name);
	search->measure = metric >= 0 ? metric : METRIC_N;
	read_expect(reading, is, &search->is);
}

void read_search(struct reading *reading, const struct node *node, struct study *study)
{
	struct search *search = &study->search;
	int64_t coarse;
	*search = (struct search){.measure = METRIC_N};
	if (!node || (node->kind == NODE_SCALAR && strcmp(node->text, "none") == 0))
		return;
	if (node->kind != NODE_MAP) {
		fault_at(&reading->faults, node,
			 "'search' is a map, {frontier: lr} or {boundary: [depth, lr]}, or none");
		return;
	}
	check_keys(reading, node, &search_key_table);
	read_axes(reading, node, search);
	read_condition_of(reading, node, search);
	const struct node *first = node_get(node, "coarse"), *full = node_get(node, "full");
	if (first && (first->kind != NODE_SCALAR || !parse_int64(first->text, &coarse) || coarse < 2 || coarse > 1000))
		fault_at(&reading->faults, first, "'coarse' is a whole number from 2 to 1000");
	else if (first)
		search->coarse = (int)coarse;
	search->full = full && full->kind == NODE_SCALAR && strcmp(full->text, "true") == 0;
	if (full && !search->full && (full->kind != NODE_SCALAR || strcmp(full->text, "false") != 0))
		fault_at(&reading->faults, full, "'full' is true or false");
}

/* ---- the axes that are searched ---- */

/* Numbers from small to large, each once: what is found is then the largest of them. */
static bool ascends(const struct axis *axis, int place, const struct key *key)
{
	const struct value *v = axis->value + (ptrdiff_t)place * axis->n;
	for (int i = 1; i < axis->n; i++)
		if (!(value_number(key, v[i - 1]) < value_number(key, v[i])))
			return false;
	return value_number(key, v[0]) >= 0;
}

static void check_axis(struct reading *reading, const struct node *node, const struct study *study, int k, int *grids)
{
	const struct key *key = study->search.key[k];
	for (int g = 0; g < study->grids; g++) {
		int place, other;
		const int a = grid_axis(&study->grid[g], key, &place);
		if (a < 0)
			continue;
		++*grids;
		if (!ascends(&study->grid[g].axis[a], place, key))
			fault_at(&reading->faults, node,
				 "the values of '%s' must be numbers of at least 0 in ascending order to be searched",
				 key->name);
		if (k == 1 && grid_axis(&study->grid[g], study->search.key[0], &other) == a)
			fault_at(&reading->faults, node, "'%s' and '%s' are zipped: they are one axis, not two",
				 study->search.key[0]->name, key->name);
		for (int s = 0; s < study->grid[g].skips; s++)
			for (int c = 0; c < study->grid[g].skip[s].n; c++)
				if (study->grid[g].skip[s].key[c] == key)
					fault_at(&reading->faults, node,
						 "'skip' makes holes in '%s', along which is searched", key->name);
	}
}

void check_search(struct reading *reading, const struct node *node, const struct study *study, bool must)
{
	for (int k = 0; k < 2 && study->search.kind != SEARCH_NONE && study->search.key[k]; k++) {
		int grids = 0;
		check_axis(reading, node, study, k, &grids);
		if (grids == 0 && must)
			fault_at(&reading->faults, node,
				 "'%s' has a single value: a search needs an axis, as {log: [1e-3, 10, 129]}",
				 study->search.key[k]->name);
	}
}
