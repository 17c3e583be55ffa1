/* gnuplot.h: runs gnuplot on a script, a table and its variables, for one format and width. The only place of this room that starts
 * programs: no shell, an empty environment, no initialisation files, a time limit; whatever gnuplot says is a failure. */
#ifndef FATHOM_GNUPLOT_H
#define FATHOM_GNUPLOT_H

#include "base/text.h"
#include "report/figures.h"

enum format { FORMAT_SVG, FORMAT_PNG, FORMAT_PDF, FORMAT_TEX };

struct picture {
	const char *folder;  /* of the results, as the user wrote it */
	const char *scripts; /* of *.gp */
	const char *gnuplot; /* program */
	const char *kind;    /* script: KIND.gp */
	const char *name;    /* NAME.tsv and NAME.gp lie in folder */
	const char *caption; /* goes into svg files, for readers that cannot see */
};

/* Draws folder/NAME[-narrow].FORMAT; the paths go to *drawn, a line each. */
int gnuplot_draw(const struct picture *picture, enum format format, bool narrow, struct text *drawn, struct err *err);

#endif
