/* ticks.c: see ticks.h */
#include "report/ticks.h"

#include <math.h>
#include <stdbool.h>

static void add(struct ticks *ticks, double at, double value, int rank)
{
	if (ticks->n == TICKS_MAX)
		return;
	ticks->at[ticks->n] = at, ticks->value[ticks->n] = value, ticks->rank[ticks->n++] = rank;
}

/* Equal steps of the logarithm, over a decade or more. */
static bool grows_by_a_factor(const double *value, int n)
{
	if (n < 3 || !(value[0] > 0) || value[n - 1] < 10 * value[0])
		return false;
	const double step = log(value[n - 1] / value[0]) / (n - 1);
	for (int i = 1; i < n; i++)
		if (fabs(log(value[i] / value[i - 1]) - step) > 1e-3 * step)
			return false;
	return true;
}

static void add_decades(struct ticks *ticks, const double *value, int n, int most)
{
	const double first = log10(value[0]), span = log10(value[n - 1]) - first;
	const int low = (int)ceil(first - 1e-9), high = (int)floor(first + span + 1e-9);
	const int apart = (high - low) / most + 1;
	for (int d = low - 1; d <= high; d++)
		for (int k = 1; k <= (span < 6 ? 9 : 1); k++) {
			const double at = (log10(k) + d - first) / span * (n - 1);
			if (at > -1e-6 && at < n - 1 + 1e-6)
				add(ticks, at, pow(10, d), k > 1 || (d - low) % apart != 0);
		}
}

void ticks_make(struct ticks *ticks, const double *value, int n, int most)
{
	*ticks = (struct ticks){0};
	if (grows_by_a_factor(value, n) && floor(log10(value[n - 1]) + 1e-9) > ceil(log10(value[0]) - 1e-9)) {
		ticks->decades = 1;
		add_decades(ticks, value, n, most);
		return;
	}
	const int apart = (n + most - 1) / most;
	for (int i = 0; i < n; i++)
		if (i % apart == 0 || n < TICKS_MAX)
			add(ticks, i, value[i], i % apart != 0);
}
