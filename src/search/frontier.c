/* frontier.c: see frontier.h */
#include "search/frontier.h"

#include <string.h>

int coarse_position(int n, int coarse, int i)
{
	return coarse < 2 ? 0 : (int)(((long long)i * (n - 1) + (coarse - 1) / 2) / (coarse - 1));
}

static int points(int n, int coarse)
{
	return coarse < n ? coarse : n;
}

struct frontier frontier_search(int n, int coarse, answer_at *answer, void *self, bool *asked)
{
	struct frontier found = {-1, n, 0};
	const int C = points(n, coarse);
	memset(asked, 0, (size_t)n * sizeof *asked);
	for (int i = 0; i < C; i++) {
		const int at = coarse_position(n, C, i);
		const enum answer said = answer(self, at);
		asked[at] = true;
		found.open += said == ANSWER_NONE;
		if (said == ANSWER_STABLE)
			found.below = at, found.above = n;
		else if (found.below >= 0 && found.above == n)
			found.above = at;
	}
	if (found.below < 0) /* none: the first that was tried is not stable either */
		found.above = 0;
	while (found.open == 0 && found.below >= 0 && found.above < n && found.above - found.below > 1) {
		const int at = found.below + (found.above - found.below) / 2;
		const enum answer said = answer(self, at);
		asked[at] = true;
		found.open += said == ANSWER_NONE;
		if (said == ANSWER_STABLE)
			found.below = at;
		else if (said == ANSWER_UNSTABLE)
			found.above = at;
	}
	return found;
}

void frontier_bounds(int n, int coarse, int *least, int *most)
{
	const int C = points(n, coarse);
	int widest = 1, steps = 0;
	for (int i = 1; i < C; i++) {
		const int gap = coarse_position(n, C, i) - coarse_position(n, C, i - 1);
		widest = gap > widest ? gap : widest;
	}
	for (; widest > 1; widest -= widest / 2)
		steps++;
	*least = C;
	*most = C + steps;
}
