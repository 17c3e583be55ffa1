/* progress.h: how far a run of the grid is: one line that renews itself on a terminal, a plain line every ten seconds
 * elsewhere. Goes to standard error. */
#ifndef FATHOM_PROGRESS_H
#define FATHOM_PROGRESS_H

#include <stdbool.h>

#include "base/text.h"
#include "sched/sched.h"

struct meter {
	bool terminal;
	bool shown;    /* a line stands on the terminal */
	double latest; /* seconds of the last line */
	double pace;   /* of this machine (sched_pace), measured when first asked for; 0: not yet */
};

/* What it says: how many runs of how many, how long it will still take. From the plan's cost and the machine's pace, and called
 * an estimate, until enough is trained to tell. */
void meter_line(struct meter *meter, const struct sched_progress *progress, struct text *line);

void meter_start(struct meter *meter);
void meter_show(struct meter *meter, const struct sched_progress *progress);
/* Takes the line off the terminal: something else is to be said. */
void meter_clear(struct meter *meter);

#endif
