/* boundary.h: where a map of two axes changes from stable to unstable, without trying every point: a pure function of the
 * answers.
 *
 * The map is n1 × n2 points. `coarse` values of each axis make the first grid. A cell of four neighbouring points whose answers
 * differ is divided at its middle: the middle is tried, and the middle of each side whose ends differ; a side whose ends agree
 * is taken to be like them. A cell whose corners agree is taken to be like them all over. When no cell is left to divide,
 * every two neighbouring points of the map that differ must both have been tried: what was not is tried now, until this holds.
 *
 * So each piece of the boundary that the map shows lies between two neighbouring points that were tried, and it is followed as far
 * as it goes. What can differ from the full map are islands on which no point that was tried lies.
 */
#ifndef FATHOM_BOUNDARY_H
#define FATHOM_BOUNDARY_H

#include "search/frontier.h"

/* asked and paint (n1 × n2, point (i, j) at i · n2 + j; all overwritten): which points the search comes to, as far as the answers
 * go; what each point is, ANSWER_NONE while that is open. Returns how many are asked and without an answer; 0: settled, no
 * point is open. */
int boundary_search(int n1, int n2, int coarse, answer_at *answer, void *self, bool *asked, signed char *paint);

#endif
