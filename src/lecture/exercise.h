/* exercise.h: a problem to be worked by hand: a network with all its numbers, and the examples that go through it. */
#ifndef FATHOM_EXERCISE_H
#define FATHOM_EXERCISE_H

#include <stdbool.h>

#include "net/loss.h"

/* Letters: m examples, L layers with weights, n[l] units. */
struct problem {
	int L, m;
	const int *n;   /* n[0] … n[L] */
	int activation; /* row of act_table */
	enum loss_kind loss;
	bool bias;
	const double *weights; /* W[1] row by row, b[1], W[2] … */
	const double *X;       /* m × n[0], an example a row */
	struct answers answers;
	double lr; /* η of one update at the end; NaN: none */
};

/* The lecture's exercise: 5 inputs, 3 hidden units, 1 output, sigmoid everywhere, log-loss; 22 parameters, one example. */
struct problem exercise(void);

#endif
