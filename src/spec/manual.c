/* manual.c: see manual.h. What the tables know is written from the tables; the prose between them is here. */
#include "spec/manual.h"

#include <string.h>

#include "net/act.h"
#include "net/loss.h"
#include "spec/claim.h"
#include "spec/sought.h"
#include "spec/uses.h"
#include "trace/trace.h"

static const char opening[] =
	"# Study files\n"
	"\n"
	"A study is a YAML file: what is learnt from, by which networks, how, and what the results should show. This "
	"page is\n"
	"written by `fathom list manual` from the tables of the program.\n"
	"\n"
	"```yaml\n"
	"title: Gradients vanish with depth\n"
	"question: Which initialisation keeps the gradient alive on its way back?\n"
	"data:  { set: fashion-mnist, classes: [0, 1] }     # two of the ten classes\n"
	"model: { depth: [2, 8, 32], init: [xavier-normal, orthogonal] }   # two lists: an axis each, 6 combinations\n"
	"train: { loss: bce, lr: {log: [1e-3, 1, 7]}, steps: 500 }         # a generator: 7 values, 42 combinations\n"
	"seed:  {range: 5}                                  # each with 5 seeds: 210 runs\n"
	"log:   { every: 50 }                               # 11 logged steps: 0, 50, … 500\n"
	"claims:\n"
	"  - say: with orthogonal weights depth 32 is still trained\n"
	"    measure: final_train_loss\n"
	"    where: {init: orthogonal, depth: 32}\n"
	"    best: lr\n"
	"    expect: \"< 0.1\"\n"
	"figures:\n"
	"  - {kind: convergence, by: init, panel: depth, best: lr}\n"
	"```\n"
	"\n"
	"Nothing is guessed: an unknown key or name, an impossible value or combination is refused before anything "
	"runs, at its\n"
	"line and column, all faults at once. A file has at most 1 MiB, nested at most 32 deep, without tags, anchors "
	"and\n"
	"aliases.\n"
	"\n"
	"## Parts\n"
	"\n";

static const char values_text[] = "\n"
				  "## Values, lists, generators\n"
				  "\n"
				  "Any key may be given a list: it becomes an axis of the grid, and the runs are all "
				  "combinations of all axes. Axes stand in\n"
				  "the order of the tables below, whatever the order in the file; the last varies "
				  "fastest. A list of numbers can be\n"
				  "generated:\n"
				  "\n";

static const char lists_text[] =
	"\n"
	"Generated values are rounded to 12 digits (0.3, not 0.30000000000000004), so that they can be named; on a key "
	"of whole\n"
	"numbers `linear` and `log` are rounded to whole numbers, each once.\n"
	"\n"
	"Keys that are lists by nature (`classes`, `class_ratio`, `layer_lr`, `metrics`, `weights`) take a list as one "
	"value, and\n"
	"a list of lists as an axis. `width` is a number by nature: `width: [32, 64]` is an axis of two widths,\n"
	"`width: [[64, 32]]` one network with 64 and then 32 units.\n"
	"\n"
	"The budget is `steps` or `epochs`; where `epochs` are given the default of `steps` does not apply. `steps: 0` "
	"is a run\n"
	"that is only looked at, at its initial weights. An epoch takes every example once; its last batch has what is "
	"left.\n"
	"Without `every`, `points` and `every_epoch`, steps 0 and the last are logged; with them, these two are logged "
	"as well.\n";

static const char grids_text[] =
	"\n"
	"## zip, skip, also\n"
	"\n"
	"- `zip: [[depth, steps]]`: the keys vary together, value by value; their lists are of the same length.\n"
	"- `skip: [{activation: sigmoid, init: [he-normal, he-uniform]}]` leaves out the runs that have, for every key "
	"named, one\n"
	"  of its values. Real numbers match in six digits: `lr: 0.00316228` means the value of `{log: [1e-3, 1, "
	"7]}`.\n"
	"- `also: [{depth: 64, lr: 0.01}]` adds a further grid: an entry has all of the study, axes included, and "
	"replaces what it\n"
	"  names. Here that is the whole study once more at depth 64 and learning rate 0.01. Keys stand bare or in "
	"their\n"
	"  sections. `zip` and `skip` of the study hold for the entry too, unless it has its own (`skip: []` lifts "
	"them).\n"
	"\n"
	"A run that occurs twice is planned and trained once. A grid is at most 10⁸ runs, an axis at most 10⁶ "
	"values.\n";

static const char search_text[] =
	"\n"
	"## search\n"
	"\n"
	"Where the question is from which value on training fails, most of a fine grid is trained for nothing. A "
	"search "
	"trains the\n"
	"part of the grid that it needs: the axes of the study say the range and how finely it is divided, `search` "
	"what is looked for.\n"
	"\n"
	"```yaml\n"
	"train:  { lr: {factor: [0.01, 100, 1.05]} }   # 190 values, 5 % apart: the tolerance\n"
	"search: { frontier: lr, measure: final_train_loss, is: \"<= 0.5\" }   # 5 … 11 of them are trained for each "
	"combination\n"
	"```\n"
	"\n";

static const char found_text[] =
	"\n"
	"A run is stable when it did not diverge (that seldom happens with saturating activations: they just do not "
	"learn) and, with "
	"`measure`,\n"
	"its metric `is` so. Each combination of the "
	"other "
	"settings is\n"
	"searched by itself, seeds included, so that what is found has a median and an interval over seeds. A grid "
	"without the\n"
	"searched axes is trained whole. Values ascend, from 0 or above; any key with numbers will do, whole ones "
	"too.\n"
	"\n"
	"- **`frontier`**: first the `coarse` values, both ends among them; then, between the largest stable one and "
	"the "
	"next that was\n"
	"  tried, the value in the middle, until the two are neighbours. Found is a bracket whose ends were both "
	"trained: "
	"`frontier`, a\n"
	"  stable value, and `frontier_above`, its neighbour, which is not. Where nothing that was tried is stable "
	"`frontier` is 0,\n"
	"  where the largest value is, +inf: then the range is too narrow. Stability need not be monotone (boundaries "
	"can be fractal):\n"
	"  nothing that was *tried* above the bracket is stable, but not everything was. A larger `coarse` looks "
	"closer.\n"
	"- **`boundary`**: a map of two axes. First the `coarse` values of each; a cell whose corners differ is "
	"divided again and again,\n"
	"  down to the values of the axes; at last every two neighbours that differ must both have been trained. So "
	"each piece of the\n"
	"  boundary lies between two runs, and is followed to its end; only an island on which no run fell can be "
	"missed. How many are\n"
	"  `full: true` tells: experiments/boundary.yaml searches 24 depths by 241 learning rates with 8.5 % of the "
	"5784 "
	"runs and takes\n"
	"  0.5 % of them to be other than they are, islands of a run or two.\n"
	"\n"
	"What is trained is a function of the answers alone: kill a search, go on, shard it (whole combinations go to "
	"a "
	"shard) or repeat\n"
	"it elsewhere, it comes to the same runs. `fathom plan` says how many these can be and how many the whole grid "
	"has.\n"
	"`search=none` on the command line trains the whole grid; `full: true` does so too, and still says what a "
	"search "
	"along it finds.\n"
	"What was found are the metrics `frontier` and `frontier_above`, for claims, `fathom show` and the figure "
	"`frontier`; of a map the\n"
	"figure `boundary`, with the whole grid beside it where that is there, and the metrics `searched`, `mistaken` "
	"and\n"
	"`boundary_distance`. Other claims and figures of such a study see the runs that were trained.\n";

static const char line_text[] =
	"\n"
	"## The command line\n"
	"\n"
	"`fathom run STUDY key=value …` replaces keys in all grids, by their bare names, with the same grammar: "
	"`depth=2,4`,\n"
	"`lr=log:1e-3:1:5`, `seed=range:5`, `batch=full`, `classes=[[0, 1], [2, 3]]`, `lr={log: [1e-3, 1, 5]}`. Of "
	"zipped keys all are\n"
	"given, with as many values each. `steps=` takes the place of `epochs` in the file, and the other way round.\n"
	"\n"
	"## The same run\n"
	"\n"
	"A run is known by the hash of all its settings that are not at their defaults, its data (their content, not "
	"their\n"
	"path) and the version of the numerics. Change an axis, and only what is new is trained.\n";

static const char claims_text[] =
	"\n"
	"## Claims\n"
	"\n"
	"In each run that `where` keeps, the measure is taken `at` a place, divided by the "
	"measure `over` another place of the\n"
	"same run if that is given (0/0 is no number), or its slope is taken. `over: {measure: "
	"…}` divides by another metric, a slope\n"
	"by the slope of that one. `slope: layer` "
	"and `slope: step` are slopes in each\n"
	"run; a slope over a key is one over the runs that agree in all other settings. "
	"`versus` divides each run by its partner,\n"
	"equal in all other settings, the seed included. `best: lr` first keeps, of each "
	"combination of the other settings (seeds\n"
	"aside), only the learning rate whose median over seeds of `best_by` is best. Then "
	"all is reduced to one number, which\n"
	"`expect` judges.\n"
	"\n";

static const char figures_text[] = "\n"
				   "## Figures\n"
				   "\n";

/* A cell of a table: a bar would end it. */
static void add_cell(struct text *out, const char *text)
{
	for (; *text; text++)
		text_add(out, *text == '|' ? "\\|" : "%c", *text);
}

static void add_table(struct text *out, const struct table *table, const char *what)
{
	text_add(out, "| %s | meaning |\n|---|---|\n", what);
	for (size_t row = 0; row < table->n; row++) {
		text_add(out, "| `%s` | ", table_name(table, row));
		add_cell(out, table_about(table, row));
		text_add(out, " |\n");
	}
}

/* What a key can be. */
static void add_kind(struct text *out, const struct key *key)
{
	static const char *const kind[] = {
		[KEY_INT] = "whole number",
		[KEY_REAL] = "number",
		[KEY_FLAG] = "true, false",
		[KEY_NAME] = "name",
		[KEY_TEXT] = "text",
		[KEY_NUMBERS] = "list of numbers",
		[KEY_WIDTHS] = "whole number",
		[KEY_METRICS] = "list of names",
		[KEY_WEIGHTS] = "list of names",
	};
	text_add(out, "%s", kind[key->type]);
	if (key->type == KEY_NAME)
		text_add(out, " (%s)", key->table->what);
	if (key->high > key->low && key->type != KEY_FLAG) {
		text_add(out, ", %s", key->high >= 1e15 ? "at least " : "");
		text_add_double(out, key->low);
	}
	if (key->high > key->low && key->high < 1e15 && key->type != KEY_FLAG) {
		text_add(out, " … ");
		text_add_double(out, key->high);
	}
	if (key->zero_name)
		text_add(out, " or `%s`", key->zero_name);
}

static void add_section(struct text *out, const char *section)
{
	struct settings plain;
	settings_default(&plain);
	text_add(out, "\n### %s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
		 *section ? section : "at the top, outside of sections");
	for (size_t k = 0; k < key_table.n; k++) {
		const struct key *key = &keys[k];
		if (strcmp(key->section, section) != 0)
			continue;
		text_add(out, "| `%s` | ", key->name);
		add_kind(out, key);
		text_add(out, " | `");
		value_print(key, key_get(key, &plain), out);
		text_add(out, "` | ");
		add_cell(out, key->about);
		text_add(out, " |\n");
	}
}

static const char uses_text[] =
	"\n"
	"### Keys of a choice\n"
	"\n"
	"Some keys mean something to some choices only. Set to anything but the default where no grid of the study "
	"uses them, they\n"
	"are refused; a list must be used by every choice of its grid, or equal runs would count as different. The "
	"way out is an\n"
	"entry of `also`: `also: [{optimizer: momentum, momentum: [0.5, 0.9]}]`.\n"
	"\n"
	"| key | used by |\n"
	"|---|---|\n";

static void add_uses(struct text *out)
{
	text_add(out, "%s", uses_text);
	for (int u = 0; u < uses_n; u++) {
		text_add(out, "| `%s` | %s", uses[u].key, uses[u].owner);
		for (int r = 0; uses[u].user[r]; r++)
			text_add(out, "%s `%s`", r > 0 ? "," : "", uses[u].user[r]);
		text_add(out, " |\n");
	}
}

static void add_names(struct text *out)
{
	static const struct table *const tables[] = {
		&dataset_table,     &function_table,
		&standardize_table, &act_table,
		&init_table,        &gain_table,
		&loss_table,        &optim_table,
		&schedule_table,    &precision_table,
		&metric_table,      &weights_table,
		&status_table,      NULL,
	};
	text_add(out, "\n## Names\n");
	for (size_t t = 0; tables[t]; t++) {
		text_add(out, "\n");
		add_table(out, tables[t], tables[t]->what);
	}
}

void study_manual(struct text *out)
{
	static const char *const sections[] = {"data", "model", "train", "", "log"};
	text_add(out, "%s", opening);
	add_table(out, &part_table, "part");
	text_add(out, "%s", values_text);
	add_table(out, &generator_table, "generator");
	text_add(out, "%s\n## Keys\n", lists_text);
	for (size_t s = 0; s < sizeof sections / sizeof *sections; s++)
		add_section(out, sections[s]);
	add_uses(out);
	text_add(out, "%s%s", grids_text, search_text);
	add_table(out, &search_key_table, "key");
	text_add(out, "%s%s%s", found_text, line_text, claims_text);
	add_table(out, &claim_key_table, "key");
	text_add(out, "\n");
	add_table(out, &reduce_table, "`reduce`");
	text_add(out, "%s", figures_text);
	add_table(out, &figure_key_table, "key");
	add_names(out);
}
