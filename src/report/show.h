/* show.h: tables of results for reading (fathom show): runs grouped by keys, a line each, with n, a statistic of each metric and
 * its 95 % interval, and the share that diverged. The text goes to *out; printing is the caller's. */
#ifndef FATHOM_SHOW_H
#define FATHOM_SHOW_H

#include "base/table.h"
#include "spec/study.h"
#include "store/store.h"

enum show_format { SHOW_TABLE, SHOW_CSV, SHOW_TSV, SHOW_JSON };
extern const struct table show_format_table; /* table, csv, tsv, json: in this order */

enum show_stat { SHOW_MEDIAN, SHOW_MEAN, SHOW_GEOMEAN };
extern const struct table show_stat_table; /* median, mean, geomean: in this order */

struct show_options {
	const struct condition *where; /* NULL: every run */
	int n_by;                      /* a line for each combination of these keys that occurs, in their order; */
	const struct key *const *by;   /* −1: every key that varies, except seed. 0: one line for all */
	const struct key
		*found; /* of a search: the key whose largest stable value is shown, not its values; NULL: none */
	int metrics; /* columns; 0: what was found, else final_train_loss, final_test_accuracy, steps_to_target, those there are */
	const enum metric_id *metric;
	struct place at; /* metrics per layer and step are taken here; steps and layers as in a claim: PLACE_FIRST,
	                                * PLACE_LAST or a number; {PLACE_FIRST, PLACE_LAST} is a good default. PLACE_ANY is refused */
	enum show_stat stat;
	enum show_format format;
};

/* Lines ordered by the keys in turn: numbers ascending, words in the order of their tables. Columns: the keys, n (runs), diverged (share of
 * n), then for each metric its statistic, the ends of its interval and, where it differs from n in any line, how many runs had a
 * value. A diverged run counts as +inf in a loss, a target never reached as +inf in steps_to_target; other missing values are left
 * out. Keys that vary inside the lines (seed aside) are named below a table, and as "pooled" in json: their runs are counted together.
 * csv and tsv: NAME, NAME_low, NAME_high; nothing where there is no number. json: {"by":[…], "rows":[{…}]}, null where there is none.
 * table: aligned columns, 4 significant digits, "value [low, high]". Ends in a newline.
 * ERR_INPUT: a metric that the file does not hold, a step that was not logged, no run kept by `where`. */
int show_table(struct result *result, const struct show_options *options, struct text *out, struct err *err);

#endif
