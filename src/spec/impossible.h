/* impossible.h: runs of a grid that cannot be: each fault is told once, with the first run that has it and the way out. */
#ifndef FATHOM_IMPOSSIBLE_H
#define FATHOM_IMPOSSIBLE_H

#include "spec/study.h"

enum { IMPOSSIBLE_MAX = 20 };

struct impossible {
	const struct study *study;
	struct err *err;   /* of the caller */
	struct err *fault; /* of the run being looked at */
	struct pool pool;
	bool system; /* the system refused, not the study */
	int n;
	struct {
		const char *fault, *run; /* run: {…} of the first that has it; NULL: the same for all */
	} told[IMPOSSIBLE_MAX];
};

void impossible_init(struct impossible *impossible, const struct study *study, struct err *err);
/* Writes what was told into the caller's err. others: some runs are possible, the impossible ones can be left out. */
void impossible_finish(const struct impossible *impossible, bool others);
void impossible_release(struct impossible *impossible);

/* An empty err for the checks of a run. */
struct err *impossible_start(struct impossible *impossible);

/* Keeps what the checks found, if it is new; not when there is enough. section: the keys that can have caused it; "": any. */
void impossible_tell(struct impossible *impossible, const struct grid *grid, const struct settings *settings,
		     const char *section);

/* So many different faults that looking for more helps nobody. */
bool impossible_enough(const struct impossible *impossible);

#endif
