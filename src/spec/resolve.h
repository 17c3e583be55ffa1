/* resolve.h: a study as YAML with every key's value, defaults and overrides in, that reads back as the same study. */
#ifndef FATHOM_RESOLVE_H
#define FATHOM_RESOLVE_H

#include "spec/draft.h"

/* drafts: one for each grid of the study. */
void resolve(const struct study *study, const struct draft *draft, struct text *out);

#endif
