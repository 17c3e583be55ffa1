/* items.h: the numbers that a claim reduces: one a run, or one a place, a fit or a pair. Made by items.c, reduced by claims.c. */
#ifndef FATHOM_ITEMS_H
#define FATHOM_ITEMS_H

#include "report/runs.h"

struct item {
	size_t run; /* of a fit over runs: the first of them */
	int s, l;   /* where it was measured; 0 where that says nothing */
	double x;
};

struct items {
	size_t n;
	struct item *item;
};

/* What the claim measures in the runs that it keeps, before reduce. -1: it cannot be evaluated; why in err. */
int items_measure(struct items *items, struct result *result, const struct claim *claim, struct err *err);
void items_release(struct items *items);

#endif
