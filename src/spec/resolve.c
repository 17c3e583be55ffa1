/* resolve.c: see resolve.h. */
#include "spec/resolve.h"

#include <string.h>

#include "spec/claim.h"
#include "trace/trace.h"

/* A long run of whole numbers is written as the range that it is. */
static bool add_range(const struct key *key, struct values values, struct text *out)
{
	enum { LONG = 16 };
	const int64_t exact = 100000000000; /* {range} counts in doubles; no whole number of a study is negative */
	if (key->type != KEY_INT || values.n < LONG)
		return false;
	const int64_t step = values.v[1].i - values.v[0].i, end = values.v[values.n - 1].i + step;
	for (int i = 1; i < values.n; i++)
		if (values.v[i].i - values.v[i - 1].i != step || values.v[i].i > exact)
			return false;
	if (step == 0)
		return false;
	text_add(out, "{range: [%lld, %lld, %lld]}", (long long)values.v[0].i, (long long)end, (long long)step);
	return true;
}

static void add_values(const struct key *key, struct values values, struct text *out)
{
	if (values.n == 1)
		value_print(key, values.v[0], out);
	if (values.n == 1 || add_range(key, values, out))
		return;
	for (int i = 0; i < values.n; i++) {
		text_add(out, "%s", i == 0 ? "[" : ", ");
		value_print_item(key, values.v[i], out);
	}
	text_add(out, "]");
}

static void add_condition(const struct condition *condition, struct text *out)
{
	text_add(out, "{");
	for (int k = 0; k < condition->n; k++) {
		text_add(out, "%s%s: ", k > 0 ? ", " : "", condition->key[k]->name);
		add_values(condition->key[k], (struct values){condition->values[k], condition->value[k]}, out);
	}
	text_add(out, "}");
}

static void add_zips(const struct draft *draft, struct text *out)
{
	text_add(out, "zip: [");
	for (int z = 0; z < draft->zips; z++) {
		text_add(out, "%s[", z > 0 ? ", " : "");
		for (int k = 0; k < draft->zip[z].n; k++)
			text_add(out, "%s%s", k > 0 ? ", " : "", draft->zip[z].key[k]->name);
		text_add(out, "]");
	}
	text_add(out, "]");
}

static void add_skips(const struct draft *draft, const char *indent, struct text *out)
{
	text_add(out, "skip:%s", draft->skips == 0 ? " []" : "");
	for (int s = 0; s < draft->skips; s++) {
		text_add(out, "\n%s- ", indent);
		add_condition(&draft->skip[s], out);
	}
}

static void add_sections(const struct draft *draft, struct text *out)
{
	const char *section = "";
	for (size_t k = 0; k < key_table.n; k++) {
		if (strcmp(keys[k].section, section) != 0) {
			section = keys[k].section;
			if (*section)
				text_add(out, "%s:\n", section);
		}
		text_add(out, "%s%s: ", *section ? "  " : "", keys[k].name);
		add_values(&keys[k], draft->values[k], out);
		text_add(out, "\n");
	}
}

static bool values_same(const struct key *key, struct values a, struct values b)
{
	if (a.n != b.n)
		return false;
	for (int i = 0; i < a.n; i++)
		if (!value_equal(key, a.v[i], b.v[i]))
			return false;
	return true;
}

/* What an `also` entry changes. */
static void add_entry(const struct draft *study, const struct draft *entry, struct text *out)
{
	const char *indent = "  - ";
	for (size_t k = 0; k < key_table.n; k++) {
		if (values_same(&keys[k], study->values[k], entry->values[k]))
			continue;
		text_add(out, "%s%s: ", indent, keys[k].name);
		add_values(&keys[k], entry->values[k], out);
		text_add(out, "\n");
		indent = "    ";
	}
	text_add(out, "%s", indent);
	add_zips(entry, out);
	text_add(out, "\n    ");
	add_skips(entry, "      ", out);
	text_add(out, "\n");
}

static void add_where_on(const char *axis, int64_t place, struct text *out)
{
	if (place < 0)
		text_add(out, "%s: %s", axis, place == PLACE_FIRST ? "first" : place == PLACE_LAST ? "last" : "any");
	else
		text_add(out, "%s: %lld", axis, (long long)place);
}

/* As much of a place as the claim's measure has, and its slope leaves. other: of the metric that over names. */
static void add_place(const struct claim *claim, const char *name, struct place place, bool other, struct text *out)
{
	const enum metric_shape shape = metrics[claim->measure].shape;
	const bool over = place.layer != claim->at.layer || place.step != claim->at.step;
	const char *slope = claim->slope && !over ? claim->slope : "";
	const bool layer = shape == METRIC_LAYER && strcmp(slope, "layer") != 0;
	const bool step = shape != METRIC_RUN && strcmp(slope, "step") != 0;
	text_add(out, "    %s: {", name);
	if (other)
		text_add(out, "measure: %s%s", metrics[claim->over_measure].name, layer || step ? ", " : "");
	if (layer)
		add_where_on("layer", place.layer, out);
	text_add(out, "%s", layer && step ? ", " : "");
	if (step)
		add_where_on("step", place.step, out);
	text_add(out, "}\n");
}

static void add_text(const char *name, const char *text, struct text *out)
{
	text_add(out, "%s: ", name);
	text_add_quoted(out, text);
	text_add(out, "\n");
}

static void add_where(const char *name, const struct condition *condition, struct text *out)
{
	text_add(out, "    %s: ", name);
	add_condition(condition, out);
	text_add(out, "\n");
}

static void add_best(const struct key *best, int best_by, struct text *out)
{
	if (best)
		text_add(out, "    best: %s\n    best_by: %s\n", best->name, metrics[best_by].name);
}

static void add_claim(const struct study *study, const struct claim *claim, struct text *out)
{
	add_text("  - say", claim->say, out);
	if (strcmp(claim->source, study->source) != 0)
		add_text("    source", claim->source, out);
	text_add(out, "    measure: %s\n",
		 claim->measure < METRIC_N ? metrics[claim->measure].name
					   : table_name(&status_table, (size_t)claim->status));
	if (claim->measure < METRIC_N && metrics[claim->measure].shape != METRIC_RUN)
		add_place(claim, "at", claim->at, false, out);
	if (claim->has_over)
		add_place(claim, "over", claim->over, claim->over_measure != claim->measure, out);
	if (claim->slope)
		text_add(out, "    slope: %s\n    scale: %s\n", claim->slope, claim->linear ? "linear" : "log");
	if (claim->where.n > 0)
		add_where("where", &claim->where, out);
	if (claim->has_versus)
		add_where("versus", &claim->versus, out);
	add_best(claim->best, claim->best_by, out);
	if (claim->has_is)
		add_text("    is", claim->is.text, out);
	text_add(out, "    reduce: %s\n", table_name(&reduce_table, claim->reduce));
	add_text("    expect", claim->expect.text, out);
}

static void add_figure_place(const struct figure *figure, struct text *out)
{
	if (figure->against)
		text_add(out, "    against: %s\n", figure->against->name);
	if (figure->scale >= 0)
		text_add(out, "    scale: %s\n", table_name(&scale_table, (size_t)figure->scale));
	if (figure->layer != PLACE_ANY) {
		text_add(out, "    ");
		add_where_on("layer", figure->layer, out);
		text_add(out, "\n");
	}
	if (!figure->has_over)
		return;
	text_add(out, "    over: {");
	if (figure->over_measure >= 0)
		text_add(out, "measure: %s, ", metrics[figure->over_measure].name);
	add_where_on("layer", figure->over.layer, out);
	text_add(out, ", ");
	add_where_on("step", figure->over.step, out);
	text_add(out, "}\n");
}

static void add_figure(const struct figure *figure, struct text *out)
{
	add_text("  - kind", figure->kind, out);
	add_text("    name", figure->name, out);
	if (figure->by)
		text_add(out, "    by: %s\n", figure->by->name);
	if (figure->panels == 1)
		text_add(out, "    panel: %s\n", figure->panel[0]->name);
	if (figure->panels == 2)
		text_add(out, "    panel: [%s, %s]\n", figure->panel[0]->name, figure->panel[1]->name);
	if (figure->measure >= 0)
		text_add(out, "    measure: %s\n", metrics[figure->measure].name);
	if (figure->predicted >= 0)
		text_add(out, "    predicted: %s\n", metrics[figure->predicted].name);
	if (figure->where.n > 0)
		add_where("where", &figure->where, out);
	add_best(figure->best, figure->best_by, out);
	text_add(out, "    ");
	add_where_on("step", figure->step, out);
	text_add(out, "\n");
	add_figure_place(figure, out);
	if (*figure->caption)
		add_text("    caption", figure->caption, out);
}

static void add_search(const struct search *search, struct text *out)
{
	if (search->kind == SEARCH_NONE)
		return;
	if (search->kind == SEARCH_FRONTIER)
		text_add(out, "search: {frontier: %s", search->key[0]->name);
	else
		text_add(out, "search: {boundary: [%s, %s]", search->key[0]->name, search->key[1]->name);
	text_add(out, ", coarse: %d", search->coarse);
	if (search->measure < METRIC_N) {
		text_add(out, ", measure: %s, is: ", metrics[search->measure].name);
		text_add_quoted(out, search->is.text);
	}
	text_add(out, "%s}\n", search->full ? ", full: true" : "");
}

void resolve(const struct study *study, const struct draft *draft, struct text *out)
{
	add_text("title", study->title, out);
	add_text("question", study->question, out);
	add_text("source", study->source, out);
	add_sections(&draft[0], out);
	if (draft[0].zips > 0) {
		add_zips(&draft[0], out);
		text_add(out, "\n");
	}
	if (draft[0].skips > 0) {
		add_skips(&draft[0], "  ", out);
		text_add(out, "\n");
	}
	if (study->grids > 1)
		text_add(out, "also:\n");
	for (int g = 1; g < study->grids; g++)
		add_entry(&draft[0], &draft[g], out);
	add_search(&study->search, out);
	if (study->claims > 0)
		text_add(out, "claims:\n");
	for (int c = 0; c < study->claims; c++)
		add_claim(study, &study->claim[c], out);
	if (study->figures > 0)
		text_add(out, "figures:\n");
	for (int f = 0; f < study->figures; f++)
		add_figure(&study->figure[f], out);
}
