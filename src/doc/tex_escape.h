/* tex_escape.h: words as TeX: escaped is what TeX would obey, what its ligatures would join, and the letters and signs of formulas in
 * running text, which pdfTeX does not know. Other letters stay as they are. */
#ifndef FATHOM_TEX_ESCAPE_H
#define FATHOM_TEX_ESCAPE_H

#include "base/text.h"

void tex_escape(struct text *out, const char *words);
/* n bytes, at a place where words go on or end in '\0'; blanks: each is kept. */
void tex_escape_bytes(struct text *out, const char *words, size_t n, bool blanks);

#endif
