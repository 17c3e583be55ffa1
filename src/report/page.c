/* page.c: the report as a whole (page.h): a summary, then study by study. */
#include "report/page.h"

#include <stdio.h>

#include "report/spell.h"

static const char *title_of(const struct study *study)
{
	return *study->title ? study->title : study->name;
}

static void add_row(struct doc *doc, const struct page_study *study)
{
	const struct page_tally tally = page_tally(study);
	size_t diverged = 0, failed = 0;
	for (size_t r = 0; r < study->result->R; r++) {
		diverged += study->result->status[r] == STATUS_DIVERGED;
		failed += study->result->status[r] == STATUS_FAILED;
	}
	doc_cell(doc, "%s", title_of(study->study));
	doc_cell(doc, "%zu", study->result->R);
	doc_cell(doc, "%zu", diverged);
	doc_cell(doc, "%zu", failed);
	if (study->study->claims == 0)
		doc_cell(doc, "no claims");
	else if (tally.fail + tally.open == 0)
		doc_cell_marked(doc, MARK_GOOD, "%zu of %zu hold", tally.hold, tally.hold);
	else
		doc_cell_marked(doc, tally.fail ? MARK_BAD : MARK_OPEN, "%zu of %d hold", tally.hold,
				study->study->claims);
}

/* "1296 runs; of 33 claims 32 hold, 1 fails." */
static void add_summary(struct doc *doc, int n, const struct page_study *study)
{
	static const char *const head[] = {"study", "runs", "diverged", "failed", "claims"};
	struct page_tally all = {0};
	struct text line = TEXT_INIT;
	size_t runs = 0;
	for (int i = 0; i < n; i++) {
		const struct page_tally tally = page_tally(&study[i]);
		all.hold += tally.hold, all.fail += tally.fail, all.open += tally.open;
		runs += study[i].result->R;
	}
	spell_count(&line, runs, "run");
	text_add(&line, "; ");
	if (all.hold + all.fail + all.open)
		page_add_tally(&line, &all);
	else
		text_add(&line, "no claims");
	doc_text(doc, "%s.", line.at);
	text_release(&line);
	if (n == 1)
		return;
	doc_table(doc, "The studies", 5, "lrrrl", head);
	for (int i = 0; i < n; i++)
		add_row(doc, &study[i]);
	page_failures(doc, n, study);
}

/* A part of a study under its own heading; the id names the study. */
static void add_heading(struct doc *doc, const struct page_study *study, int level, const char *words)
{
	char id[300];
	snprintf(id, sizeof id, "%s %s", study->study->name, words);
	doc_heading(doc, level, id, "%s", words);
}

static void add_study(struct doc *doc, const struct page_options *options, const struct page_study *study, int level,
		      struct err *faults)
{
	const struct study *s = study->study;
	if (level > 1) {
		doc_heading(doc, level - 1, s->name, "%s", title_of(s));
		if (*s->question)
			doc_text(doc, "%s", s->question);
	}
	if (*s->source)
		doc_text(doc, "Source: %s", s->source);
	if (s->claims) {
		add_heading(doc, study, level, "Claims");
		page_claims(doc, study);
	}
	if (s->figures) {
		add_heading(doc, study, level, "Figures");
		page_figures(doc, options, study, faults);
	}
	add_heading(doc, study, level, "Settings");
	page_settings(doc, study);
	add_heading(doc, study, level, "Runs");
	page_runs(doc, study);
	add_heading(doc, study, level, "Origin");
	page_origin(doc, study);
}

void page_build(struct doc *doc, const struct page_options *options, int n, const struct page_study *study,
		struct err *faults)
{
	char title[64];
	snprintf(title, sizeof title, "Report on %d studies", n);
	doc_init(doc,
		 options->title ? options->title
		 : n == 1       ? title_of(study[0].study)
				: title,
		 n == 1 ? study[0].study->question : "");
	add_summary(doc, n, study);
	for (int i = 0; i < n; i++) {
		add_study(doc, options, &study[i], n > 1 ? 2 : 1, faults);
		if (faults->kind != ERR_SYSTEM)
			result_sure(study[i].result, faults);
	}
}
