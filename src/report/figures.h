/* figures.h: the table of figure kinds. A figure is a TSV table made here and a gnuplot script of the same name in scripts/,
 * which draws it; the script gets file names and sizes as arguments and what depends on the data from the table. */
#ifndef FATHOM_FIGURES_H
#define FATHOM_FIGURES_H

#include "base/table.h"
#include "spec/study.h"
#include "store/store.h"

/* gradient-by-layer, gradient-over-time, convergence, trainability, steps-to-target, metric-against-key */
extern const struct table figure_table;
extern const struct table format_table; /* svg, png, pdf, tex */

struct draw_options {
	const char *folder;  /* DIR/NAME, made if need be */
	unsigned formats;    /* bit f: row of format_table */
	const char *only;    /* a kind or a figure's name; NULL: all of the study */
	const char *scripts; /* folder of the gnuplot scripts */
	const char *
		gnuplot; /* the program, found on PATH. NULL, as scripts: not there, a fault once something is to be drawn */
	bool stale;      /* only what is missing, or no longer shows what the result says */
};

/* Faults of a study's figures that the parser cannot know (unknown kind, key that a kind cannot use): err_add each. */
int figures_check(const struct study *study, struct err *err);

/* Draws: FOLDER/NAME.tsv, NAME.svg (180 mm), NAME-narrow.svg (85 mm) … The paths drawn are added to *drawn, a line each. */
int figures_draw(struct result *result, const struct study *study, const struct draw_options *options,
		 struct text *drawn, struct err *err);

#endif
