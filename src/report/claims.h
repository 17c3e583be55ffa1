/* claims.h: evaluates the claims of a study on its results. What a claim measures is told in spec/study.h; in addition:
 *
 * - Missing numbers (report/runs.h): a diverged run counts as the worst there is, +inf in a loss and 0 in an accuracy; a target never
 *   reached as +inf in steps_to_target. Other missing numbers are left out and counted in the note; in a share they stay in the
 *   denominator. A share or count without `is` counts the numbers that are there (of a status: the runs that have it).
 * - `over` without a step or layer takes that of `at`. A step or layer `any` gives a number for each; they are not independent, so
 *   there is no interval then, and n is the number of runs.
 * - A slope over layers fits l = 1 … depth + 1, one over steps the logged ones, against the plain number. An exact zero or infinity has
 *   no place in a fit: that fit is missing.
 * - versus: a run that is itself of the versus kind is not compared. The keys of best and slope need not agree between the two.
 * - Intervals: median order statistics, mean and geomean Student's t, share Wilson; the others have none.
 */
#ifndef FATHOM_CLAIMS_H
#define FATHOM_CLAIMS_H

#include "math/stats.h"
#include "spec/study.h"
#include "store/store.h"

struct verdict {
	struct estimate measured; /* n: runs (or pairs, or fits) behind the number */
	bool pass;
	bool evaluated; /* false: nothing to evaluate (why in note); counts as failed */
	char note[200];
};

/* One verdict per claim of the study stored in the result. verdict: study->claims of them. */
int claims_evaluate(struct result *result, const struct study *study, struct verdict *verdict, struct err *err);

#endif
