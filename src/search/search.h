/* search.h: which runs of a grid a search trains. A pure function from the answers of finished runs to the runs to train: what
 * it asks for and is not there is trained, then it is asked again, until nothing is missing. So a search that was killed, or
 * is divided among processes, comes to the same runs. Each combination of the other axes, the seeds among them, is searched
 * by itself. A grid without the searched axes is trained whole. */
#ifndef FATHOM_SEARCH_H
#define FATHOM_SEARCH_H

#include "search/boundary.h"
#include "spec/plan.h"

/* Whether the study trains a part of its grid only. */
bool study_searches(const struct study *study);

/* What the run r of the whole plan says; NULL: nothing is known of any. */
typedef enum answer answer_of_run(void *self, size_t r);

struct search_state {
	size_t combinations, settled;
	size_t least, most; /* runs that the search may come to; of a boundary the most is the whole grid */
	size_t likely;      /* about as many */
};

/* part: the runs of the whole plan that the search asks for by now, in its order, each once. */
int search_part(struct plan *part, const struct plan *whole, answer_of_run *answer, void *self,
		struct search_state *state, struct err *err);

/* The number of the combination that a run belongs to: equal where only searched axes differ. */
uint64_t search_combination(const struct study *study, const struct planned *run);

/* What a run that ended so says; x: its measure, where the study has one, else not looked at. */
enum answer search_answer(const struct search *search, int status, double x);

#endif
