/* progress.h: how far a run of the grid is: one line that renews itself on a terminal, a plain line every ten seconds
 * elsewhere. Goes to standard error. */
#ifndef FATHOM_PROGRESS_H
#define FATHOM_PROGRESS_H

#include <stdbool.h>

#include "sched/sched.h"

struct meter {
	bool terminal;
	bool shown;    /* a line stands on the terminal */
	double latest; /* seconds of the last line */
};

void meter_start(struct meter *meter);
void meter_show(struct meter *meter, const struct sched_progress *progress);
/* Takes the line off the terminal: something else is to be said. */
void meter_clear(struct meter *meter);

#endif
