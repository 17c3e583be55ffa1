/* claims.c: from the numbers that a claim measures (items.c) to one number and a verdict. */
#include "report/claims.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/items.h"

static const double NONE = NAN;

/* Runs behind the items; more than one item a run means that they are not independent. */
static size_t count_runs(const struct items *items, const struct result *result)
{
	char *seen = calloc(result->R + 1, 1);
	if (!seen)
		NO_MEMORY("out of memory");
	size_t n = 0;
	for (size_t i = 0; i < items->n; i++)
		if (!seen[items->item[i].run])
			seen[items->item[i].run] = 1, n++;
	free(seen);
	return n;
}

/* k of n: without `is`, a number that is there counts; of a status, that the run has it. */
static bool counts(const struct claim *claim, double x)
{
	if (claim->has_is)
		return !isnan(x) && expect_holds(&claim->is, x);
	if (claim->measure == METRIC_N)
		return x != 0;
	return !isnan(x) && !(claim->measure == METRIC_STEPS_TO_TARGET && isinf(x));
}

static struct estimate extreme(size_t n, const double *x, bool largest)
{
	double best = x[0];
	for (size_t i = 1; i < n; i++)
		best = largest ? fmax(best, x[i]) : fmin(best, x[i]);
	return (struct estimate){n, best, NONE, NONE};
}

/* n ≥ 1 numbers x, none of them NaN, of `all` items; k of which count. */
static struct estimate reduce(enum reduce how, size_t n, double *x, size_t k, size_t all)
{
	switch (how) {
	case REDUCE_MEDIAN:
		return stats_median(n, x);
	case REDUCE_MEAN:
		return stats_mean(n, x);
	case REDUCE_GEOMEAN:
		return stats_geomean(n, x);
	case REDUCE_MIN:
		return extreme(n, x, false);
	case REDUCE_MAX:
		return extreme(n, x, true);
	case REDUCE_SHARE:
		return stats_share(k, all);
	case REDUCE_COUNT:
		return (struct estimate){all, (double)k, NONE, NONE};
	}
	BUG("reduce %d", how);
}

static void judge(struct verdict *verdict, const struct items *items, const struct result *result,
		  const struct claim *claim)
{
	const bool share = claim->reduce == REDUCE_SHARE || claim->reduce == REDUCE_COUNT;
	double *x = calloc(items->n + 1, sizeof *x);
	if (!x)
		NO_MEMORY("out of memory");
	size_t n = 0, k = 0, infinite = 0;
	for (size_t i = 0; i < items->n; i++) {
		const double v = items->item[i].x;
		k += counts(claim, v);
		infinite += isinf(v) != 0;
		if (!isnan(v))
			x[n++] = v;
	}
	const size_t missing = items->n - n, runs = count_runs(items, result);
	char *note = verdict->note;
	if (n == 0) {
		snprintf(note, sizeof verdict->note, "not one of %zu runs has a number here", runs);
	} else {
		verdict->measured = reduce(claim->reduce, n, x, k, items->n);
		verdict->evaluated = !isnan(verdict->measured.value);
		verdict->pass = verdict->evaluated && expect_holds(&claim->expect, verdict->measured.value);
		size_t used = 0;
		if (runs < items->n) {
			used += (size_t)snprintf(note, sizeof verdict->note, "%zu numbers from %zu runs; ", items->n,
						 runs);
			verdict->measured = (struct estimate){runs, verdict->measured.value, NONE, NONE};
		}
		if (missing)
			used += (size_t)snprintf(note + used, sizeof verdict->note - used,
						 share ? "%zu of %zu missing, not counted; "
						       : "%zu of %zu missing, left out; ",
						 missing, items->n);
		if (infinite)
			used += (size_t)snprintf(note + used, sizeof verdict->note - used, "%zu infinite; ", infinite);
		if (!verdict->evaluated)
			used += (size_t)snprintf(note + used, sizeof verdict->note - used, "the %s is not a number; ",
						 table_name(&reduce_table, (size_t)claim->reduce));
		if (used >= 2)
			note[used - 2] = '\0';
	}
	free(x);
}

int claims_evaluate(struct result *result, const struct study *study, struct verdict *verdict, struct err *err)
{
	for (int c = 0; c < study->claims; c++) {
		struct verdict *v = &verdict[c];
		struct items items;
		struct err *why = calloc(1, sizeof *why);
		if (!why)
			return err_set(err, ERR_SYSTEM, "out of memory");
		*v = (struct verdict){.measured = {0, NONE, NONE, NONE}};
		const int failed = items_measure(&items, result, &study->claim[c], why);
		const bool system = failed && why->kind == ERR_SYSTEM;
		if (system)
			*err = *why;
		else if (failed)
			snprintf(v->note, sizeof v->note, "%.*s", (int)(sizeof v->note - 1), why->text);
		free(why);
		if (system)
			return err_add(err, "while evaluating the claim '%s'", study->claim[c].say);
		if (!failed) {
			judge(v, &items, result, &study->claim[c]);
			items_release(&items);
		}
	}
	return result_sure(result, err);
}
