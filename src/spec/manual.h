/* manual.h: docs/STUDY.md, made from the tables so that it cannot lag behind them. */
#ifndef FATHOM_MANUAL_H
#define FATHOM_MANUAL_H

#include "base/text.h"

/* Everything that a study file can say, as Markdown. */
void study_manual(struct text *out);

#endif
