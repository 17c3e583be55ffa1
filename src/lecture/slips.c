/* slips.c: the table of slips, see slips.h. */
#include "lecture/slips.h"

const struct slip_row slips[SLIP_N] = {
	[SLIP_NONE] = {"none", "the right program", 0},
	[SLIP_OWN_OUTPUT] = {"own-output", "dW[l] = dZ[l] A[l]ᵀ, not A[l-1]ᵀ", 1},
	[SLIP_SLOPE_ONE_OFF] = {"slope-one-off", "dZ[l] = dA[l] ∘ g'(Z[l+1]), not Z[l]", 1},
	[SLIP_TRANSPOSE] = {"transpose", "dA[l-1] = W[l] dZ[l], not W[l]ᵀ", 1},
	[SLIP_WRONG_ORDER] = {"wrong-order", "W[l] updated before dA[l-1] is taken", 1},
	[SLIP_STALE_CACHE] = {"stale-cache", "forward pass ahead of the last update", 2},
	[SLIP_FORWARD_ONCE] = {"forward-once", "forward pass at the first step alone", 2},
	[SLIP_NO_SLOPE] = {"no-slope", "dZ[l] = dA[l], without g'(Z[l])", 1},
	[SLIP_SLOPE_OF_OUTPUT] = {"slope-of-output", "dZ[l] = dA[l] ∘ g'(A[l]), not Z[l]", 1},
	[SLIP_SLOPE_AT_LOSS] = {"slope-at-loss", "dZ[L] = (A[L] - Y) ∘ g'(Z[L])", 1},
	[SLIP_SIGN] = {"sign", "dZ[L] = Y - A[L]: uphill", 1},
	[SLIP_NO_MEAN] = {"no-mean", "dW, db sums over examples, without 1/m", 1},
	[SLIP_NO_BIAS_MEAN] = {"no-bias-mean", "db a sum over examples, dW a mean", 1},
	[SLIP_MEAN_TWICE] = {"mean-twice", "1/m in dZ[L] and again in dW, db", 1},
	[SLIP_LAST_EXAMPLE] = {"last-example", "dW, db of the last example: = for +=", 1},
	[SLIP_NOT_CLEARED] = {"not-cleared", "dW, db add up over steps, never zeroed", 2},
};

const struct table slip_table = TABLE("slip", slips);
