/* numbers.h: a list of numbers that lives as long as the study that names it; n = 0 means not given. */
#ifndef FATHOM_NUMBERS_H
#define FATHOM_NUMBERS_H

struct numbers {
	int n;
	const double *v;
};

#endif
