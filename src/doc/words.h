/* words.h: words laid out in lines of a terminal, for as_text.c. Widths are columns as people see them (utf8.h). */
#ifndef FATHOM_WORDS_H
#define FATHOM_WORDS_H

#include "base/text.h"

enum { WORDS_WIDTH = 100 };

int words_width(const char *text);
int words_longest(const char *text); /* width of its longest word */

/* The next line of *text that fits the room, broken between words, within one only if that alone is too long: its start, in *n its
 * bytes; *text is moved behind it. NULL at the end. A run of blanks inside of a line stays: it aligns. */
const char *words_next_line(const char **text, int room, size_t *n);
void words_add_line(struct text *out, const char *line, size_t n);
bool words_left(const char *text);

/* text between column `left` and WORDS_WIDTH, further lines from column `rest` on; out stands in column left already. */
void words_wrap(struct text *out, const char *text, int left, int rest);

void words_repeat(struct text *out, const char *what, int n);

#endif
