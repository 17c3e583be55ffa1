/* figure.c: reads the figures of a study. Which kinds there are, and which keys a kind can use, the report room knows and
 * checks; here only what needs no results. */
#include <string.h>

#include "spec/claim.h"

static const struct {
	const char *name, *about;
} figure_keys[] = {
	{"kind", "what is drawn: fathom list figures"},
	{"name", "of the files (default: the kind, numbered if it occurs twice)"},
	{"by", "the key that gives each curve"},
	{"panel", "the key of the columns of panels, or [columns, rows]"},
	{"measure", "the metric drawn (default: the kind's own)"},
	{"predicted",
	 "the metric that predicts it, drawn dashed over it: {measure: delta_rms, predicted: delta_predicted}"},
	{"where", "the runs drawn: {activation: sigmoid}"},
	{"best", "of each combination of the other keys draw only the best value of this one"},
	{"best_by", "the metric that says what is best (default final_train_loss)"},
	{"step", "for profiles and places: first (default), last or a logged step"},
	{"against", "for metric-against-key: the key of numbers along the axis (default depth)"},
	{"scale", "of that axis: log or linear (default: as its values are spaced)"},
	{"layer", "for metric-against-key: the layer, first (default), last or a number"},
	{"over",
	 "for metric-against-key: the place, or metric, of the same run that divides: {layer: last}, as in a claim"},
	{"caption", "a sentence under the figure"},
};

const struct table figure_key_table = TABLE("key of a figure", figure_keys);

bool is_file_name(const char *name)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	const size_t n = strlen(name);
	return n >= 1 && n <= 64 && name[strspn(name, word)] == '\0' && !strchr("._-", name[0]);
}

enum { KIND_LONGEST = 40 };

static void read_panels(struct reading *reading, const struct node *node, struct figure *figure)
{
	const bool list = node->kind == NODE_LIST;
	if (list && node->n > 2) {
		fault_at(&reading->faults, node, "'panel' is at most two keys: [columns, rows]");
		return;
	}
	for (const struct node *item = list ? node->first : node; item; item = list ? item->next : NULL) {
		figure->panel[figure->panels] = read_key(reading, item);
		figure->panels += figure->panel[figure->panels] != NULL;
	}
	if (figure->panels == 2 && figure->panel[0] == figure->panel[1])
		fault_at(&reading->faults, node, "'%s' is given twice", figure->panel[0]->name);
}

static bool is_taken(const struct study *study, int before, const char *name)
{
	for (int f = 0; f < before; f++)
		if (study->figure[f].name && strcmp(study->figure[f].name, name) == 0)
			return true;
	return false;
}

/* Where a metric is taken, and over what. */
static void read_places(struct reading *reading, const struct node *map, struct figure *figure)
{
	const struct node *against = node_get(map, "against"), *scale = node_get(map, "scale"),
			  *step = node_get(map, "step"), *layer = node_get(map, "layer"), *over = node_get(map, "over");
	if (against)
		figure->against = read_number_key(reading, against, "axis of");
	if (scale)
		figure->scale = read_name(reading, &scale_table, scale);
	if (step)
		read_place(reading, step, 0, false, &figure->step);
	if (layer)
		read_place(reading, layer, 1, false, &figure->layer);
	figure->has_over = over != NULL;
	figure->over = (struct place){figure->layer == PLACE_ANY ? PLACE_FIRST : figure->layer, figure->step};
	if (over)
		read_over_place(reading, over, &figure->over, &figure->over_measure);
	if (over && (figure->over.layer == PLACE_ANY || figure->over.step == PLACE_ANY))
		fault_at(&reading->faults, over, "a figure draws one place: 'any' is none");
}

static void read_figure(struct reading *reading, const struct node *map, struct figure *figure)
{
	const struct node *kind = node_get(map, "kind"), *by = node_get(map, "by"), *panel = node_get(map, "panel");
	const struct node *measure = node_get(map, "measure"), *where = node_get(map, "where");
	const struct node *predicted = node_get(map, "predicted"), *name = node_get(map, "name"),
			  *caption = node_get(map, "caption");
	const char *line = map->source->text;
	check_keys(reading, map, &figure_key_table);
	*figure = (struct figure){.kind = "",
				  .measure = -1,
				  .predicted = -1,
				  .step = PLACE_FIRST,
				  .layer = PLACE_ANY,
				  .scale = -1,
				  .over_measure = -1,
				  .caption = "",
				  .line = 1,
				  .column = 1};
	for (const char *c = line; c < map->source->text + map->at; c++)
		if (*c == '\n') {
			figure->line++;
			line = c + 1;
		}
	figure->column = (int)(map->source->text + map->at - line) + 1;
	if (kind)
		figure->kind = read_text(reading, "kind", kind);
	else
		fault_at(&reading->faults, map, "a figure needs a 'kind'");
	/* it names files, with a number behind it */
	if (kind && figure->kind && (!is_file_name(figure->kind) || strlen(figure->kind) > KIND_LONGEST))
		fault_at(&reading->faults, kind, "unknown figure '%s': 'fathom list figures' tells the kinds",
			 shown(reading->pool, figure->kind));
	if (name)
		figure->name = read_text(reading, "name", name);
	if (figure->name && !is_file_name(figure->name))
		fault_at(&reading->faults, name, "'%s' is no name for files: letters, digits, '.', '_' and '-'",
			 shown(reading->pool, figure->name));
	if (by)
		figure->by = read_key(reading, by);
	if (panel)
		read_panels(reading, panel, figure);
	if (measure)
		figure->measure = read_name(reading, &metric_table, measure);
	if (predicted)
		figure->predicted = read_name(reading, &metric_table, predicted);
	if (where)
		read_condition(reading, where, &figure->where);
	read_best(reading, map, &figure->best, &figure->best_by);
	read_places(reading, map, figure);
	if (caption)
		figure->caption = read_text(reading, "caption", caption);
}

void read_figures(struct reading *reading, const struct node *node, struct study *study)
{
	if (node->kind != NODE_LIST) {
		fault_at(&reading->faults, node, "'figures' is a list of figures: - {kind: …}");
		return;
	}
	if (node->n > FIGURES_MAX) {
		fault_at(&reading->faults, node, "more than %d figures", FIGURES_MAX);
		return;
	}
	struct figure *figure = POOL_TAKE(reading->pool, struct figure, node->n);
	study->figure = figure;
	for (const struct node *item = node->first; item; item = item->next) {
		if (item->kind != NODE_MAP) {
			fault_at(&reading->faults, item, "a figure is a map: {kind: …}");
			continue;
		}
		struct figure *one = &figure[study->figures];
		read_figure(reading, item, one);
		if (one->name && is_taken(study, study->figures, one->name))
			fault_at(&reading->faults, node_get(item, "name"), "a figure named '%s' is there already",
				 one->name);
		study->figures++;
	}
	for (int f = 0, number; f < study->figures; f++) {
		if (figure[f].name || !figure[f].kind)
			continue;
		const char *name = figure[f].kind;
		for (number = 2; is_taken(study, study->figures, name); number++)
			name = pool_format(reading->pool, "%s-%d", figure[f].kind, number);
		figure[f].name = name;
	}
}
