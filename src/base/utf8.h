/* utf8.h: text as people see it: code points, and the columns that they take in a terminal. Independent of the locale. */
#ifndef FATHOM_UTF8_H
#define FATHOM_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point at the start of text, which must not be its end, and in *bytes its length. What is not UTF-8 is one byte long
 * and U+FFFD. */
uint32_t utf8_point(const char *text, size_t *bytes);

/* Columns of n bytes in a terminal: 2 for the wide characters of East Asia and for pictures, 0 for what combines with the
 * character before it, 1 for all others. */
int utf8_width(const char *text, size_t n);

#endif
