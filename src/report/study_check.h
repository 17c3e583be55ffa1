/* study_check.h: what can be known before a run is trained: whether each figure and claim of a study can ever work. */
#ifndef FATHOM_STUDY_CHECK_H
#define FATHOM_STUDY_CHECK_H

#include "spec/plan.h"

/* Adds every fault: a figure that would mix settings in one curve, a metric or a step that is not logged, a target that no run has,
 * values that no run has. Refuses nothing that drawing or evaluating would take. Above half a million runs, what needs a look at each
 * run is left to `plot` and `check`. */
int study_check(const struct study *study, const struct plan *plan, struct err *err);

#endif
