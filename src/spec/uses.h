/* uses.h: keys that only some rows of another key use: momentum is nothing to sgd. Set where nothing uses them, they would
 * silently give equal runs. */
#ifndef FATHOM_USES_H
#define FATHOM_USES_H

#include "spec/draft.h"

/* A key, the key that owns it, and the owner's rows that use it. */
struct use {
	const char *key, *owner;
	const char *user[8]; /* NULL after the last */
};
extern const struct use uses[];
extern const int uses_n;

/* Faults of the finished drafts of a study. */
void check_uses(const struct draft *draft, int drafts, struct reading *reading);

#endif
