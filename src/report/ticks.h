/* ticks.h: where an axis that has one place for each of its values is ticked: 0 for the first value, 1 for the next. */
#ifndef FATHOM_TICKS_H
#define FATHOM_TICKS_H

enum { TICKS_MAX = 96 };

struct ticks {
	int n;
	double at[TICKS_MAX];    /* may lie between two values */
	double value[TICKS_MAX]; /* what to write there */
	int rank[TICKS_MAX];     /* 0: written, 1: a small tick */
	int decades;             /* the values are powers of ten */
};

/* Values that grow by one factor: decades, and small ticks between them; by one step, or else: some of the values. most: as many
 * as are written at most. value: n of them, ascending. */
void ticks_make(struct ticks *ticks, const double *value, int n, int most);

#endif
