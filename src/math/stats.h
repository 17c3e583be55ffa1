/* stats.h: what a set of numbers says, with its uncertainty. n numbers x; NaN is never among them; +inf may be (a diverged
 * run counts as infinite loss). All intervals are 95 %. Where n is too small for an interval, low and high are NaN. */
#ifndef FATHOM_STATS_H
#define FATHOM_STATS_H

#include <stddef.h>

struct estimate {
	size_t n;
	double value, low, high;
};

/* Mean with Student's t interval (n ≥ 2). */
struct estimate stats_mean(size_t n, const double *x);
/* Geometric mean, t interval on the logarithm; a zero gives 0, a negative NaN, zero and infinity NaN. */
struct estimate stats_geomean(size_t n, const double *x);
/* Median with its distribution-free interval from order statistics (n ≥ 6). Sorts x. */
struct estimate stats_median(size_t n, double *x);
/* k of n, Wilson's interval. */
struct estimate stats_share(size_t k, size_t n);
/* The q-quantile, 0 ≤ q ≤ 1, linear between order statistics; x sorted ascending, n ≥ 1. */
double stats_quantile(size_t n, const double *sorted, double q);
void stats_sort(size_t n, double *x);

/* Least squares y ≈ intercept + slope x; *error the standard error of the slope (NaN for n < 3). NaN slope for n < 2 or
 * constant x. */
double stats_slope(size_t n, const double *x, const double *y, double *error);

/* Two-sided 97.5 % quantile of Student's t with that many degrees of freedom. */
double stats_t(size_t degrees);

#endif
