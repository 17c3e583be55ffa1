/* trial.h: a slip, tried: the program with it trains, and the gradients of its first updates are checked. */
#ifndef FATHOM_TRIAL_H
#define FATHOM_TRIAL_H

#include "lecture/plain.h"

enum { TRIAL_STEPS = 1000, TRIAL_CHECKED = 3 };

/* Gradients this far off are wrong, this close are right; between the two nothing should ever be. */
#define TRIAL_WRONG 1e-3
#define TRIAL_RIGHT 1e-7

struct trial {
	double loss;                 /* what the program prints at the last of TRIAL_STEPS updates */
	double error[TRIAL_CHECKED]; /* plain_checked_step of updates 1, 2, 3 */
	int caught_at;               /* the first of them that is not right; 0: all are */
};

/* The shapes: equal widths, where every matrix fits in the place of every other, and that of the lecture's exercise. */
extern const struct plain_shape trial_equal, trial_exercise;

struct trial trial_run(enum slip slip, const struct plain_shape *shape);

/* The same of a program that is there: its checked updates, no more. */
struct trial trial_check(struct plain *net);

/* Whether the loss alone would have told: more than twice or less than half that of the right program. */
bool trial_loss_tells(const struct trial *trial, const struct trial *right);

/* Whether the check found what it should: the row's caught_at, and errors that are clearly wrong from there on. */
bool trial_as_expected(const struct trial *trial, enum slip slip);

#endif
