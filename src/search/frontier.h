/* frontier.h: the largest stable value of an axis, found by bisection: a pure function of the answers.
 *
 * The axis is n values, ascending, known by their positions 0 … n − 1. `coarse` of them, evenly spread and both ends among them,
 * are tried first. Then, between the largest that was stable and the next that was tried, which was not, the one in the middle
 * is tried, until the two are neighbours. So what is found is a stable value whose neighbour above is not stable; nothing that
 * was tried above it is. Where stability is not monotone there may be more such places, and stable values above that were
 * never tried.
 */
#ifndef FATHOM_FRONTIER_H
#define FATHOM_FRONTIER_H

#include <stdbool.h>

/* What is known of the run at a position: it may never be known (a run that failed). */
enum answer { ANSWER_NONE = -1, ANSWER_UNSTABLE = 0, ANSWER_STABLE = 1 };
typedef enum answer answer_at(void *self, int at);

struct frontier {
	int below, above; /* the largest position found stable, −1: none; the next one tried, which is not, n: none */
	int open; /* asked and without an answer; 0: settled, above is below + 1 or nothing could be found between */
};

/* asked (n, all overwritten): which positions the search comes to, as far as the answers go. The same answers give the same
 * positions, whatever else there is an answer to. */
struct frontier frontier_search(int n, int coarse, answer_at *answer, void *self, bool *asked);

/* The i-th of `coarse` positions out of n, coarse ≤ n. */
int coarse_position(int n, int coarse, int i);

/* The least and the most positions that any answers can lead to. */
void frontier_bounds(int n, int coarse, int *least, int *most);

#endif
