/* claim.c: reads claims (see struct claim in study.h) and refuses those that cannot be evaluated. */
#include "spec/claim.h"

#include <string.h>

#include "base/text.h"
#include "trace/trace.h"

struct named {
	const char *name, *about;
};

static const struct named claim_keys[] = {
	{"say", "the claim in a sentence"},
	{"source", "where it is from: lecture 15 (default: the study's)"},
	{"measure", "a metric, or a status (diverged, target, …) as 1 or 0 for each run"},
	{"at", "where: {layer: …, step: …}, each first, last, a number, or any: then every one counts as a number of "
	       "its own"},
	{"over", "a place of the same run whose value divides; what it leaves out is as in `at`; {measure: …}: another "
		 "metric's"},
	{"slope", "the slope over layer, step or a key with numbers, instead of one place"},
	{"scale", "of the slope: log (default) takes log10 of the measure, linear does not"},
	{"where", "the runs that count: {activation: sigmoid, depth: [16, 32]}"},
	{"versus", "divides each run by the one equal in all settings but these: {init: he-normal}"},
	{"best", "of each combination of the other keys keep only the best value of this one"},
	{"best_by", "the metric that says what is best (default final_train_loss)"},
	{"is", "what share and count count: \"> 0.5\""},
	{"reduce", "makes one number of all (default median; of a status: share)"},
	{"expect", "what that number should be: \"<= 1e-6\", \"in [0.9, 1.1]\", \"1 +- 0.1\""},
};

const struct table claim_key_table = TABLE("key of a claim", claim_keys);

static const struct named scales[] = {{"log", "log10 of the measure"}, {"linear", "the measure itself"}};

const struct table scale_table = TABLE("scale", scales);

static const struct named places[] = {
	{"first", "the first"}, {"last", "the last"}, {"any", "each, a number of its own"}};

static const struct table place_table = TABLE("place", places);

void check_keys(struct reading *reading, const struct node *map, const struct table *table)
{
	for (const struct node *child = map->first; child; child = child->next)
		if (table_find(table, child->key->text) < 0)
			fault_at(&reading->faults, child->key, "unknown key '%s'%s",
				 shown(reading->pool, child->key->text),
				 advice(reading->pool, table, child->key->text));
}

bool read_place(struct reading *reading, const struct node *node, int64_t least, bool any, int64_t *place)
{
	static const int64_t meaning[] = {PLACE_FIRST, PLACE_LAST, PLACE_ANY};
	const int row = node->kind == NODE_SCALAR ? table_find(&place_table, node->text) : -1;
	if (row >= 0 && (any || meaning[row] != PLACE_ANY))
		*place = meaning[row];
	else if (node->kind != NODE_SCALAR || !parse_int64(node->text, place) || *place < least)
		fault_at(&reading->faults, node, "'%s' is first, last%s or a whole number of at least %lld",
			 node->key->text, any ? ", any" : "", (long long)least);
	else
		return true;
	return row >= 0;
}

static const struct named axes[] = {{"layer", ""}, {"step", ""}, {"measure", ""}};
static const struct table at_table = {"place", axes, 2, sizeof *axes}, over_table = TABLE("place", axes);

/* {layer: …, step: …}; what it leaves out stays as it is. */
static void read_at(struct reading *reading, const struct node *node, const struct table *table, struct place *place)
{
	if (node->kind != NODE_MAP) {
		fault_at(&reading->faults, node, "'%s' is a place: {layer: first, step: 0}", node->key->text);
		return;
	}
	check_keys(reading, node, table);
	const struct node *layer = node_get(node, "layer"), *step = node_get(node, "step");
	if (layer)
		read_place(reading, layer, 1, true, &place->layer);
	if (step)
		read_place(reading, step, 0, true, &place->step);
}

static void read_measure(struct reading *reading, const struct node *node, struct claim *claim)
{
	const int metric = node->kind == NODE_SCALAR ? table_find(&metric_table, node->text) : -1;
	const int status = node->kind == NODE_SCALAR ? table_find(&status_table, node->text) : -1;
	if (metric < 0 && status >= 0) {
		claim->measure = METRIC_N;
		claim->status = status;
		return;
	}
	claim->measure = metric >= 0 ? metric : read_name(reading, &metric_table, node);
}

/* Whether the measure has layers, or steps. */
static bool has_layers(const struct claim *claim)
{
	return claim->measure < METRIC_N && metrics[claim->measure].shape == METRIC_LAYER;
}

static bool has_steps(const struct claim *claim)
{
	return claim->measure < METRIC_N && metrics[claim->measure].shape != METRIC_RUN;
}

/* `at` says as much as the measure needs: no layer for a metric without, none where the slope runs over it. */
static void check_place(struct reading *reading, const struct node *map, const char *axis, bool has,
			const struct claim *claim)
{
	const struct node *at = node_get(map, "at"), *place = at && at->kind == NODE_MAP ? node_get(at, axis) : NULL;
	const bool slope = claim->slope && strcmp(claim->slope, axis) == 0;
	const char *measure = claim->measure < METRIC_N ? metrics[claim->measure].name
							: table_name(&status_table, (size_t)claim->status);
	if (has && !slope && !place)
		fault_at(&reading->faults, at ? at : map,
			 "'%s' is measured at each %s: at which? at: {%s: first, last, any …}", measure, axis, axis);
	else if (place && !has)
		fault_at(&reading->faults, place, "'%s' has no %ss: leave out '%s'", measure, axis, axis);
	else if (place && slope)
		fault_at(&reading->faults, place, "the slope runs over every %s: leave out '%s'", axis, axis);
}

const struct key *read_number_key(struct reading *reading, const struct node *node, const char *what)
{
	const struct key *key = read_key(reading, node);
	if (key && key->type != KEY_INT && key->type != KEY_REAL && key->type != KEY_WIDTHS)
		fault_at(&reading->faults, node, "no %s '%s', which is not a number", what, key->name);
	return key;
}

static void read_slope(struct reading *reading, const struct node *map, const struct node *node, struct claim *claim)
{
	const bool own =
		node->kind == NODE_SCALAR && (strcmp(node->text, "layer") == 0 || strcmp(node->text, "step") == 0);
	const struct key *key = own ? NULL : read_number_key(reading, node, "slope over");
	if (own || key)
		claim->slope = own ? pool_text(reading->pool, node->text) : key->name;
	if (own && strcmp(node->text, "layer") == 0 && claim->measure >= 0 && !has_layers(claim))
		fault_at(&reading->faults, node, "no slope over 'layer': the measure has none");
	if (own && strcmp(node->text, "step") == 0 && claim->measure >= 0 && !has_steps(claim))
		fault_at(&reading->faults, node, "no slope over 'step': the measure has none");
	const struct node *scale = node_get(map, "scale");
	if (scale)
		claim->linear = read_name(reading, &scale_table, scale) == 1;
}

void read_best(struct reading *reading, const struct node *map, const struct key **best, int *best_by)
{
	const struct node *key = node_get(map, "best"), *by = node_get(map, "best_by");
	*best_by = METRIC_FINAL_TRAIN_LOSS;
	if (key)
		*best = read_key(reading, key);
	if (by && !key)
		fault_at(&reading->faults, by, "'best_by' without 'best'");
	if (!by)
		return;
	const int metric = read_name(reading, &metric_table, by);
	if (metric >= 0 && (metrics[metric].shape != METRIC_RUN || metrics[metric].better == BETTER_NEITHER))
		fault_at(&reading->faults, by, "'%s' does not say which run is better: final_train_loss does",
			 by->text);
	*best_by = metric;
}

void read_expect(struct reading *reading, const struct node *node, struct expect *expect)
{
	const char *text = read_text(reading, node->key->text, node);
	if (text && !expect_parse(text, expect))
		fault_at(&reading->faults, node,
			 "'%s' is not like \"<= 1e-6\", \"== 0\", \"> 0.5\", \"in [0.9, 1.1]\" or \"1 +- 0.1\"",
			 shown(reading->pool, text));
}

static void read_reduce(struct reading *reading, const struct node *map, struct claim *claim)
{
	const struct node *reduce = node_get(map, "reduce"), *is = node_get(map, "is");
	const bool status = claim->measure == METRIC_N;
	claim->reduce = status ? REDUCE_SHARE : REDUCE_MEDIAN;
	if (reduce) {
		const int row = read_name(reading, &reduce_table, reduce);
		if (row < 0)
			return;
		claim->reduce = (enum reduce)row;
	}
	const bool counts = claim->reduce == REDUCE_SHARE || claim->reduce == REDUCE_COUNT;
	claim->has_is = is || (counts && status);
	if (is)
		read_expect(reading, is, &claim->is);
	else if (counts && status)
		expect_parse("== 1", &claim->is);
	if (is && !counts)
		fault_at(&reading->faults, is, "'is' belongs to 'reduce: share' or 'reduce: count'");
	if (counts && !is && !status)
		fault_at(&reading->faults, reduce, "'%s' counts what holds: 'is: \"> 0.5\"' says what", reduce->text);
}

const struct node *read_over_place(struct reading *reading, const struct node *node, struct place *place, int *measure)
{
	read_at(reading, node, &over_table, place);
	const struct node *other = node->kind == NODE_MAP ? node_get(node, "measure") : NULL;
	*measure = other ? read_name(reading, &metric_table, other) : -1;
	return other;
}

/* As `at`, and {measure: …}: a metric with the same places as the claim's. */
static void read_over(struct reading *reading, const struct node *node, struct claim *claim)
{
	int metric;
	const struct node *measure = read_over_place(reading, node, &claim->over, &metric);
	if (!measure)
		return;
	claim->over_measure = -1; /* until it proves right: what is wrong with it is told here alone */
	if (metric < 0 || claim->measure < 0)
		return;
	if (claim->measure < METRIC_N && metrics[metric].shape == metrics[claim->measure].shape)
		claim->over_measure = metric;
	else
		fault_at(&reading->faults, measure, "'%s' is not measured at the same places as '%s'",
			 metrics[metric].name,
			 claim->measure < METRIC_N ? metrics[claim->measure].name
						   : table_name(&status_table, (size_t)claim->status));
}

/* What would say nothing: the same number over itself; a place on the axis of a slope that another metric has, too. */
static void check_over(struct reading *reading, const struct node *over, const struct claim *claim)
{
	const bool same = claim->over_measure == claim->measure;
	const struct node *on = claim->slope && !same ? node_get(over, claim->slope) : NULL;
	if (claim->over_measure < 0)
		return;
	if (same && claim->over.layer == claim->at.layer && claim->over.step == claim->at.step)
		fault_at(&reading->faults, over, "'over' is the place of 'at': the ratio is 1");
	else if (on)
		fault_at(&reading->faults, on, "the slope runs over every %s: leave out '%s'", claim->slope,
			 claim->slope);
}

static void read_places(struct reading *reading, const struct node *map, struct claim *claim)
{
	const struct node *at = node_get(map, "at"), *over = node_get(map, "over");
	claim->at = (struct place){PLACE_ANY, PLACE_ANY};
	if (at)
		read_at(reading, at, &at_table, &claim->at);
	claim->over = claim->at;
	claim->has_over = over != NULL;
	claim->over_measure = claim->measure;
	if (over)
		read_over(reading, over, claim);
	if (claim->measure < 0)
		return;
	check_place(reading, map, "layer", has_layers(claim), claim);
	check_place(reading, map, "step", has_steps(claim), claim);
	/* where `over` leaves out what is any, or the axis of a slope, each point is divided by its own */
	if (over && !has_steps(claim) && claim->over_measure == claim->measure)
		fault_at(&reading->faults, over, "the measure is one number a run: nothing to divide by");
	else if (over && !has_layers(claim) && claim->over.layer != claim->at.layer)
		fault_at(&reading->faults, over, "'%s' has no layers: leave out 'layer'", metrics[claim->measure].name);
	else if (over)
		check_over(reading, over, claim);
}

/* claim->source is the study's on entry. */
static void read_claim(struct reading *reading, const struct node *map, struct claim *claim)
{
	static const char *const needed[] = {"say", "measure", "expect"};
	check_keys(reading, map, &claim_key_table);
	for (int i = 0; i < 3; i++)
		if (!node_get(map, needed[i]))
			fault_at(&reading->faults, map, "a claim needs '%s'", needed[i]);
	const struct node *say = node_get(map, "say"), *source = node_get(map, "source"),
			  *measure = node_get(map, "measure"), *slope = node_get(map, "slope");
	const struct node *where = node_get(map, "where"), *versus = node_get(map, "versus"),
			  *expect = node_get(map, "expect");
	claim->measure = -1;
	claim->say = say ? read_text(reading, "say", say) : "";
	if (source)
		claim->source = read_text(reading, "source", source);
	if (measure)
		read_measure(reading, measure, claim);
	if (slope)
		read_slope(reading, map, slope, claim);
	else if (node_get(map, "scale"))
		fault_at(&reading->faults, node_get(map, "scale"), "'scale' without 'slope'");
	read_places(reading, map, claim);
	if (where)
		read_condition(reading, where, &claim->where);
	claim->has_versus = versus != NULL;
	if (versus && read_condition(reading, versus, &claim->versus) == 0)
		for (int k = 0; k < claim->versus.n; k++)
			if (claim->versus.values[k] > 1)
				fault_at(&reading->faults, versus, "'versus' compares with one value of '%s'",
					 claim->versus.key[k]->name);
	read_best(reading, map, &claim->best, &claim->best_by);
	read_reduce(reading, map, claim);
	if (expect)
		read_expect(reading, expect, &claim->expect);
}

static int line_of(const struct node *node)
{
	int line = 1;
	for (size_t i = 0; i < node->at; i++)
		line += node->source->text[i] == '\n';
	return line;
}

void read_claims(struct reading *reading, const struct node *node, struct study *study)
{
	if (node->kind != NODE_LIST) {
		fault_at(&reading->faults, node, "'claims' is a list of claims: - say: …");
		return;
	}
	if (node->n > CLAIMS_MAX) {
		fault_at(&reading->faults, node, "more than %d claims", CLAIMS_MAX);
		return;
	}
	struct claim *claim = POOL_TAKE(reading->pool, struct claim, node->n);
	study->claim = claim;
	for (const struct node *item = node->first; item; item = item->next) {
		if (item->kind != NODE_MAP) {
			fault_at(&reading->faults, item, "a claim is a map: {say: …, measure: …, expect: …}");
			continue;
		}
		claim[study->claims].line = line_of(item);
		claim[study->claims].source = study->source;
		read_claim(reading, item, &claim[study->claims++]);
	}
}
