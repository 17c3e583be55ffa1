/* sought.h: the part `search` of a study, read and checked. How it searches is in the room of that name. */
#ifndef FATHOM_SOUGHT_H
#define FATHOM_SOUGHT_H

#include "spec/read.h"

extern const struct table search_key_table;

/* node: NULL where the study has none. */
void read_search(struct reading *reading, const struct node *node, struct study *study);
/* Once the grids are known: the searched axes are there (if they must be), ascending, and nothing makes holes in them. */
void check_search(struct reading *reading, const struct node *node, const struct study *study, bool must);

#endif
