/* sheet.h: the grid of cells between the two halves of show: show.c fills it, sheet.c writes it. */
#ifndef FATHOM_SHEET_H
#define FATHOM_SHEET_H

#include "math/stats.h"
#include "report/runs.h"
#include "report/show.h"

enum { COLUMNS_MAX = 64, SHARES_MAX = 2 };

/* The statuses whose share of a line's runs is shown. */
extern const enum status shown_status[SHARES_MAX];

struct sheet {
	struct result *result;
	const struct show_options *options;
	struct runs runs;
	struct groups groups;
	int by, column[COLUMNS_MAX]; /* of the keys that make the lines */
	int pooled, pooled_column[COLUMNS_MAX];
	int metrics;
	enum metric_id metric[METRIC_N];
	struct estimate *cell;     /* G × metrics */
	int shares;                /* of shown_status: failed only where some did */
	size_t *count[SHARES_MAX]; /* G of each: runs with that status */
	bool partial[METRIC_N];    /* some line has fewer numbers than runs */
};

/* In the format of its options. */
void sheet_write(const struct sheet *sheet, struct text *out);

#endif
