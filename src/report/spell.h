/* spell.h: numbers as people write them: 2.33×10⁻⁸, −0.5, ∞; – where there is none. */
#ifndef FATHOM_SPELL_H
#define FATHOM_SPELL_H

#include "base/text.h"

void spell_number(struct text *out, double x, int digits);
void spell_tex(struct text *out, double x, int digits); /* the same in TeX's mathematics */
/* As spell_number, but what is exactly zero is said to be. */
void spell_measured(struct text *out, double x);

/* "<= 1e-6" as ≤ 1e-6. */
void spell_relation(struct text *out, const char *expect);

/* "1 run", "2 runs" */
void spell_count(struct text *out, size_t n, const char *what);

#endif
