/* page.h: a report on studies: what each asked, whether its claims hold, its figures with the numbers behind them, its settings, runs and
 * where they were made. Built from the result files alone; verdicts are reached anew, not taken from the file. */
#ifndef FATHOM_PAGE_H
#define FATHOM_PAGE_H

#include "doc/doc.h"
#include "report/claims.h"
#include "report/figures.h"

struct page_study {
	struct result *result;
	const struct study *study;
	struct verdict *verdict; /* of each claim */
	const char *path;        /* of the result, as the user wrote it */
	const char *folder;      /* of its figures */
	const char *link;        /* the same, seen from where the document lies */
};

struct page_options {
	const char *title; /* NULL: the study's, or how many there are */
	struct draw_options
		draw; /* for figures that are missing or no longer what the result says; folder and only are ignored */
	bool numbers; /* the numbers behind each figure, and its drawings, in the document itself */
};

/* Writes the document (doc_init included). A figure that cannot be drawn is named in it, and why is added to *faults, which stays empty
 * else: ERR_INPUT or ERR_SYSTEM. */
void page_build(struct doc *doc, const struct page_options *options, int n, const struct page_study *study,
		struct err *faults);

/* ---- its parts; level: of the headings, id: a prefix ---- */

struct page_tally {
	size_t hold, fail, open; /* open: could not be evaluated */
};
struct page_tally page_tally(const struct page_study *study);
/* "7 claims hold, 1 fails, 1 not evaluated" */
void page_add_tally(struct text *out, const struct page_tally *tally);
/* A table of claims: of one study, or those of several that do not hold. */
void page_claims(struct doc *doc, const struct page_study *study);
void page_failures(struct doc *doc, int n, const struct page_study *study);
void page_figures(struct doc *doc, const struct page_options *options, const struct page_study *study,
		  struct err *faults);
void page_settings(struct doc *doc, const struct page_study *study);
void page_runs(struct doc *doc, const struct page_study *study);
void page_origin(struct doc *doc, const struct page_study *study);

#endif
