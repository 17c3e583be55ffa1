/* draft.c: see draft.h. */
#include "spec/draft.h"

#include <string.h>

enum { SKIPS_MAX = 1000 };

const struct part parts[] = {
	{"title", "one line, for figures and tables", false},
	{"question", "what the study asks", false},
	{"source", "where the question comes from", false},
	{"data", "section: what is learnt from", true},
	{"model", "section: the networks", true},
	{"train", "section: how they learn", true},
	{"seed", "the key of the seeds", true},
	{"log", "section: what is recorded, and when", true},
	{"zip", "lists of keys that vary together: [[depth, steps]]", true},
	{"skip", "combinations to leave out: [{activation: sigmoid, init: he-normal}]", true},
	{"also", "further grids: [{depth: 64, lr: 0.01}]", false},
	{"search", "trains the part of the grid that is needed to find where runs stop being stable: {frontier: lr}",
	 false},
	{"claims", "what the results should show", false},
	{"figures", "what is drawn of them", false},
};

const struct table part_table = TABLE("part", parts);

void draft_default(struct draft *draft, struct pool *pool)
{
	struct settings plain;
	settings_default(&plain);
	memset(draft, 0, sizeof *draft);
	for (size_t k = 0; k < key_table.n; k++) {
		struct value *value = POOL_TAKE(pool, struct value, 1);
		*value = key_get(&keys[k], &plain);
		draft->values[k] = (struct values){1, value};
	}
}

const struct zip *draft_zip(const struct draft *draft, const struct key *key)
{
	for (int z = 0; z < draft->zips; z++)
		for (int k = 0; k < draft->zip[z].n; k++)
			if (draft->zip[z].key[k] == key)
				return &draft->zip[z];
	return NULL;
}

/* ---- keys that are not where they should be ----------------------------------------------------------------------- */

static const char *home(struct pool *pool, const struct key *key)
{
	return *key->section ? pool_format(pool, "in section '%s'", key->section) : "at the top of the file";
}

/* No key of that name is expected here: section "" is the top, NULL an `also` entry. */
static void unknown(struct reading *reading, const struct node *name, const char *section)
{
	const char *names[KEYS_MAX + 32];
	struct text valid = TEXT_INIT;
	size_t n = 0;
	const int row = table_find(&key_table, name->text);
	if (row < 0 && stands_alone(name)) {
		fault_at(&reading->faults, name, "unknown key '%s'" NEEDS_BRACKETS, shown(reading->pool, name->text));
		return;
	}
	if (row >= 0 || table_find(&part_table, name->text) >= 0) {
		fault_at(&reading->faults, name, "'%s' belongs %s", name->text,
			 row >= 0 ? home(reading->pool, &keys[row]) : "at the top of the file");
		return;
	}
	for (size_t p = 0; (!section || !*section) && p < part_table.n; p++)
		if (section || parts[p].in_also)
			names[n++] = parts[p].name;
	for (size_t k = 0; k < key_table.n; k++)
		if (!section || (*section && strcmp(keys[k].section, section) == 0))
			names[n++] = keys[k].name;
	const char *usual = usual_name(reading->pool, name->text);
	const char *near = nearest_name(names, n, usual), *far = table_nearest(&key_table, usual);
	if (near)
		text_add(&valid, ": did you mean '%s'?", near);
	else if (far)
		text_add(&valid, ": did you mean '%s', %s?", far,
			 home(reading->pool, &keys[table_find(&key_table, far)]));
	for (size_t i = 0; !near && !far && n <= NAMES_LISTED && i < n; i++)
		text_add(&valid, "%s%s", i > 0 ? ", " : ": valid here: ", names[i]);
	fault_at(&reading->faults, name, "unknown key '%s'%s", shown(reading->pool, name->text),
		 valid.at ? valid.at : MANY_KEYS);
	text_release(&valid);
}

/* ---- one layer ---------------------------------------------------------------------------------------------------- */

struct layer {
	struct draft *draft;
	struct reading *reading;
	bool given[KEYS_MAX];
};

static void give(struct layer *layer, const struct key *key, const struct node *node)
{
	const size_t k = (size_t)(key - keys);
	struct values values;
	if (layer->given[k])
		fault_at(&layer->reading->faults, node->key, "key '%s' is given twice", key->name);
	layer->given[k] = true;
	if (read_values(layer->reading, key, node, &values) != 0)
		return;
	layer->draft->values[k] = values;
	layer->draft->given[k] = node;
}

static void read_section(struct layer *layer, const struct node *section)
{
	const char *name = section->key->text;
	if (section->kind != NODE_MAP) {
		fault_at(&layer->reading->faults, section, "'%s' is a section: %s: { key: value, … }", name, name);
		return;
	}
	for (const struct node *child = section->first; child; child = child->next) {
		const int row = table_find(&key_table, child->key->text);
		if (row >= 0 && strcmp(keys[row].section, name) == 0)
			give(layer, &keys[row], child);
		else
			unknown(layer->reading, child->key, name);
	}
}

static bool is_list(struct reading *reading, const struct node *node, const char *form)
{
	if (node->kind == NODE_LIST)
		return true;
	fault_at(&reading->faults, node, "'%s' is a list: %s", node->key->text, form);
	return false;
}

static void read_zip(struct reading *reading, const struct node *node, struct zip *zip)
{
	zip->at = node;
	if (node->kind != NODE_LIST || node->n < 2) {
		fault_at(&reading->faults, node, "a zip is a list of two keys or more: [depth, steps]");
		return;
	}
	const struct key **key = POOL_TAKE(reading->pool, const struct key *, node->n);
	for (const struct node *item = node->first; item; item = item->next) {
		const struct key *new = read_key(reading, item);
		int at = zip->n;
		if (!new)
			continue;
		for (; at > 0 && key[at - 1] > new; at--)
			key[at] = key[at - 1];
		key[at] = new;
		zip->n++;
	}
	zip->key = key;
}

static void read_zips(struct layer *layer, const struct node *node)
{
	struct reading *reading = layer->reading;
	bool tied[KEYS_MAX] = {false};
	if (!is_list(reading, node, "zip: [[depth, steps]]"))
		return;
	struct zip *zip = POOL_TAKE(reading->pool, struct zip, node->n);
	int n = 0;
	for (const struct node *item = node->first; item; item = item->next, n++) {
		read_zip(reading, item, &zip[n]);
		for (int k = 0; k < zip[n].n; k++) {
			const struct key *key = zip[n].key[k];
			if (tied[key - keys])
				fault_at(&reading->faults, item, "'%s' is zipped twice", key->name);
			tied[key - keys] = true;
		}
	}
	layer->draft->zip = zip;
	layer->draft->zips = n;
}

static void read_skips(struct layer *layer, const struct node *node)
{
	struct reading *reading = layer->reading;
	if (!is_list(reading, node, "skip: [{activation: sigmoid, init: he-normal}]"))
		return;
	if (node->n > SKIPS_MAX) { /* each is asked of every combination */
		fault_at(&reading->faults, node, "more than %d combinations to leave out", SKIPS_MAX);
		return;
	}
	struct condition *skip = POOL_TAKE(reading->pool, struct condition, node->n);
	int n = 0;
	for (const struct node *item = node->first; item; item = item->next, n++)
		if (read_condition(reading, item, &skip[n]) == 0 && skip[n].n == 0)
			fault_at(&reading->faults, item, "an empty combination would skip every run");
	layer->draft->skip = skip;
	layer->draft->skips = n;
}

static const struct key *key_named(const char *name)
{
	return &keys[table_find(&key_table, name)];
}

static bool above_zero(struct values values)
{
	for (int i = 0; i < values.n; i++)
		if (values.v[i].i > 0)
			return true;
	return false;
}

/* A budget given in one unit takes the place of an earlier one in the other. */
static void settle_budget(struct layer *layer)
{
	static const struct value zero = {0};
	struct draft *draft = layer->draft;
	const struct key *steps = key_named("steps"), *epochs = key_named("epochs");
	const size_t s = (size_t)(steps - keys), e = (size_t)(epochs - keys);
	const bool in_steps = layer->given[s] && above_zero(draft->values[s]);
	const bool in_epochs = layer->given[e] && above_zero(draft->values[e]);
	if (in_steps && in_epochs && (!draft_zip(draft, steps) || draft_zip(draft, steps) != draft_zip(draft, epochs)))
		fault_at(&layer->reading->faults, draft->given[e],
			 "both 'steps' and 'epochs' are given: one of them is the budget");
	else if (in_steps && !layer->given[e])
		draft->values[e] = (struct values){1, &zero};
	else if (in_epochs && !layer->given[s])
		draft->values[s] = (struct values){1, &zero};
}

void draft_layer(struct draft *draft, const struct node *map, bool bare, struct reading *reading)
{
	struct layer layer = {.draft = draft, .reading = reading};
	for (const struct node *child = map->first; child; child = child->next) {
		const char *name = child->key->text;
		const int part = table_find(&part_table, name), row = table_find(&key_table, name);
		const bool here = part >= 0 && (!bare || parts[part].in_also);
		const bool as_key = row >= 0 && (here ? strcmp(name, "train") != 0 : bare);
		/* `train` is a section and a key of the section data */
		if (bare && strcmp(name, "search") == 0 && child->key->source->word)
			continue; /* of the whole study, not of a grid: study.c */
		if (as_key || (row >= 0 && bare && (child->kind != NODE_MAP || is_generator(child))))
			give(&layer, &keys[row], child);
		else if (!here)
			unknown(reading, child->key, bare ? NULL : "");
		else if (strcmp(name, "zip") == 0)
			read_zips(&layer, child);
		else if (strcmp(name, "skip") == 0)
			read_skips(&layer, child);
		else if (strncmp(parts[part].about, "section", 7) == 0)
			read_section(&layer, child);
	}
	settle_budget(&layer);
}

/* ---- the grid ----------------------------------------------------------------------------------------------------- */

/* All keys of a zip have as many values. The fault stands at the override that broke it, or at the zip. */
static bool zip_fits(const struct draft *draft, const struct zip *zip, struct reading *reading)
{
	const size_t first = (size_t)(zip->key[0] - keys);
	for (int k = 1; k < zip->n; k++) {
		const size_t other = (size_t)(zip->key[k] - keys);
		const struct node *a = draft->given[first], *b = draft->given[other];
		if (draft->values[first].n == draft->values[other].n)
			continue;
		fault_at(&reading->faults,
			 a && a->source->word   ? a
			 : b && b->source->word ? b
						: zip->at,
			 "zipped keys need as many values each: '%s' has %d, '%s' has %d", keys[first].name,
			 draft->values[first].n, keys[other].name, draft->values[other].n);
		return false;
	}
	return true;
}

static struct axis make_axis(const struct draft *draft, int n, const struct key *const *key, struct pool *pool)
{
	const int length = draft->values[key[0] - keys].n;
	struct value *value = POOL_TAKE(pool, struct value, n * (size_t)length);
	for (int k = 0; k < n; k++)
		memcpy(value + (size_t)k * (size_t)length, draft->values[key[k] - keys].v,
		       (size_t)length * sizeof *value);
	return (struct axis){n, key, length, value};
}

void draft_grid(const struct draft *draft, struct grid *grid, struct reading *reading)
{
	struct axis *axis = POOL_TAKE(reading->pool, struct axis, key_table.n);
	uint64_t runs = 1;
	settings_default(&grid->base);
	grid->axis = axis;
	for (int z = 0; z < draft->zips; z++)
		if (!zip_fits(draft, &draft->zip[z], reading))
			return;
	for (size_t k = 0; k < key_table.n; k++) {
		const struct zip *zip = draft_zip(draft, &keys[k]);
		key_set(&keys[k], &grid->base, draft->values[k].v[0]);
		if (draft->values[k].n == 1 || (zip && zip->key[0] != &keys[k]))
			continue;
		const struct key **alone = POOL_TAKE(reading->pool, const struct key *, 1);
		*alone = &keys[k];
		axis[grid->axes] = make_axis(draft, zip ? zip->n : 1, zip ? zip->key : alone, reading->pool);
		runs *= (uint64_t)axis[grid->axes].n; /* both were checked: far from 2^64 */
		if (runs > RUNS_MAX) {
			fault_at(&reading->faults, draft->at, "the grid has more than %u runs", RUNS_MAX);
			return;
		}
		grid->axes++;
	}
	grid->skips = draft->skips;
	grid->skip = draft->skip;
}
