/* page_settings.c: what a study varied and fixed, how its runs ended, and where they were made (page.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/stats.h"
#include "report/page.h"
#include "report/runs.h"
#include "report/spell.h"

enum { VALUES_TOLD = 12, VALUES_MOST = 4096 };

/* A run for each different value of a column among runs with `status` (−1: any): ascending numbers, words as they come. */
static int list_values(const struct result *result, int column, int status, size_t *run)
{
	int n = 0;
	for (size_t r = 0; r < result->R; r++) {
		if (status >= 0 && result->status[r] != status)
			continue;
		int at = 0, order = 1;
		while (at < n && (order = column_compare(result, column, run[at], r)) != 0 &&
		       (result->column[column].words || order < 0))
			at++;
		if (at < n && order == 0)
			continue;
		if (n == VALUES_MOST)
			return n;
		memmove(run + at + 1, run + at, (size_t)(n - at) * sizeof *run);
		run[at] = r;
		n++;
	}
	return n;
}

static void add_values(struct text *out, const struct result *result, int column, int n, const size_t *run)
{
	const struct column *c = &result->column[column];
	const bool lists = c->words && strchr(c->word[(int)c->number[run[0]]], ','); /* "0.5,0.5" is one value */
	for (int v = 0; v < n; v++) {
		if (n > VALUES_TOLD && v > 2 && v < n - 1) {
			text_add(out, v == 3 ? ", …" : "");
			continue;
		}
		text_add(out, !v ? "" : lists ? "; " : ", ");
		if (!c->words && c->key->type == KEY_REAL)
			text_add(out, "%.4g", c->number[run[v]]);
		else
			column_name(result, column, run[v], out);
	}
	if (n > VALUES_TOLD)
		text_add(out, " (%d values)", n);
}

static bool at_default(const struct result *result, int column, const struct settings *defaults)
{
	const struct column *c = &result->column[column];
	const struct value value = key_get(c->key, defaults);
	const int code = (int)c->number[0];
	if (!c->words) {
		const double x = value_number(c->key, value);
		return x == c->number[0] || (isnan(x) && isnan(c->number[0]));
	}
	struct text word = TEXT_INIT;
	value_word(c->key, value, &word);
	const bool same = code >= 0 && code < c->words && strcmp(word.at ? word.at : "", c->word[code]) == 0;
	text_release(&word);
	return same;
}

static struct runs all_runs(const struct result *result, size_t *run)
{
	for (size_t r = 0; r < result->R; r++)
		run[r] = r;
	return (struct runs){result->R, run};
}

void page_settings(struct doc *doc, const struct page_study *study)
{
	static const char *const head[][3] = {{"setting", "values", "what it is"}, {"setting", "value", "what it is"}};
	const struct result *result = study->result;
	struct settings defaults;
	struct pool pool = POOL_INIT;
	size_t *run = POOL_TAKE(&pool, size_t, result->R + VALUES_MOST + 1), *value = run + result->R;
	const struct runs all = all_runs(result, run);
	settings_default(&defaults);
	for (int fixed = 0; fixed < 2; fixed++) {
		bool any = false;
		for (int c = 0; c < result->columns; c++) {
			const struct key *key = result->column[c].key;
			const bool varies = column_varies(result, &all, c);
			if (varies == fixed || (fixed && at_default(result, c, &defaults)))
				continue;
			if (!any)
				doc_table(doc, fixed ? "Fixed, where it is not the default" : "Varied", 3, "lll",
					  head[fixed]);
			any = true;
			struct text values = TEXT_INIT;
			add_values(&values, result, c, varies ? list_values(result, c, -1, value) : 1, value);
			doc_cell(doc, "%s", key->name);
			doc_cell(doc, "%s", values.at ? values.at : "");
			doc_cell(doc, "%s", key->about);
			text_release(&values);
		}
	}
	doc_fold(doc, "The study as a file, every setting in it");
	doc_code(doc, result->spec);
	doc_fold_end(doc);
	pool_release(&pool);
}

/* ---- how runs ended ---- */

/* "only with lr 1, 10 and init he-normal": the values that all runs of a status share a part of. */
static void add_where(struct text *out, const struct result *result, int status, struct pool *pool)
{
	size_t *run = POOL_TAKE(pool, size_t, 2 * VALUES_MOST);
	const char *before = "only with";
	for (int c = 0; c < result->columns; c++) {
		const struct key *key = result->column[c].key;
		const int all = list_values(result, c, -1, run),
			  some = list_values(result, c, status, run + VALUES_MOST);
		if (key->replicate || some == all)
			continue;
		text_add(out, "%s %s ", before, key->name);
		add_values(out, result, c, some, run + VALUES_MOST);
		before = " and";
	}
}

static void add_diverged(struct doc *doc, const struct page_study *study, size_t n)
{
	struct pool pool = POOL_INIT;
	struct text where = TEXT_INIT;
	struct err ignored;
	struct result *result = study->result;
	const double *at = result_metric(result, METRIC_DIVERGED_AT, &ignored);
	double *step = POOL_TAKE(&pool, double, n + 1);
	size_t k = 0;
	for (size_t r = 0; r < result->R && at; r++)
		if (result->status[r] == STATUS_DIVERGED && k < n && !isnan(at[r]))
			step[k++] = at[r];
	add_where(&where, result, STATUS_DIVERGED, &pool);
	if (k) {
		const struct estimate median = stats_median(k, step); /* sorts */
		doc_text(doc,
			 "%zu of %zu runs diverged, after %g updates in the median (%g to %g)%s%s. They count as the "
			 "worst "
			 "there is: an infinite loss, an accuracy of 0.",
			 n, result->R, median.value, step[0], step[k - 1], where.at ? "; " : "",
			 where.at ? where.at : "");
	}
	text_release(&where);
	pool_release(&pool);
}

void page_runs(struct doc *doc, const struct page_study *study)
{
	const struct result *result = study->result;
	size_t count[STATUS_N] = {0};
	for (size_t r = 0; r < result->R; r++)
		count[result->status[r]]++;
	doc_table(doc, "How the runs ended", 3, "lrr", (const char *const[]){"status", "runs", "share"});
	for (int s = 0; s < STATUS_N; s++)
		if (count[s]) {
			const bool bad = s == STATUS_FAILED;
			doc_cell_marked(doc, bad ? MARK_BAD : MARK_NONE, "%s", table_name(&status_table, (size_t)s));
			doc_cell(doc, "%zu", count[s]);
			doc_cell(doc, "%.3g %%", 100.0 * (double)count[s] / (double)result->R);
		}
	if (count[STATUS_DIVERGED])
		add_diverged(doc, study, count[STATUS_DIVERGED]);
	if (count[STATUS_FAILED])
		doc_text(doc,
			 "%zu runs could not be trained and have no numbers: fathom run --retry-failed tries them "
			 "again.",
			 count[STATUS_FAILED]);
}

/* ---- where they were made ---- */

static void add_term(struct doc *doc, const char *name, const char *value)
{
	if (!*value)
		return;
	doc_cell(doc, "%s", name);
	doc_cell(doc, "%s", value);
}

void page_origin(struct doc *doc, const struct page_study *study)
{
	static const char *const attribute[][2] = {
		{"made", "created"},      {"by", "command_line"},      {"fathom", "fathom_version"},
		{"commit", "git_commit"}, {"processor", "cpu"},        {"instructions", "isa"},
		{"compiler", "compiler"}, {"compiler flags", "flags"}, {"libraries", "libraries"},
		{"host", "host"},         {"threads", "threads"},      {"version of the numbers", "numerics_version"},
	};
	const char *slash = strrchr(study->path, '/');
	struct text commands = TEXT_INIT;
	doc_terms(doc);
	add_term(doc, "result", study->path);
	for (size_t i = 0; i < sizeof attribute / sizeof *attribute; i++)
		add_term(doc, attribute[i][0], result_attribute(study->result, attribute[i][1]));
	text_add(&commands, "fathom run %s.yaml -o %.*s    # trains what is missing\n", study->study->name,
		 slash ? (int)(slash - study->path) : 1, slash ? study->path : ".");
	text_add(&commands, "fathom check %s\n", study->path);
	text_add(&commands, "fathom plot %s\n", study->path);
	doc_text(doc, "Made again, to the last bit, from the study file:");
	doc_code(doc, commands.at);
	text_release(&commands);
}
