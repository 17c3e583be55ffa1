/* html_text.h: words and formulas as HTML. The one place where text becomes markup. */
#ifndef FATHOM_HTML_TEXT_H
#define FATHOM_HTML_TEXT_H

#include "base/text.h"

/* Escapes & < > " ' ; control characters, C1 ones too, and those that turn the direction of writing become U+FFFD. Good in text and in
 * quoted attributes. */
void html_escape(struct text *out, const char *text);

/* A formula in plain spelling: names of one or two letters in italics, W[1] as W with a raised [1], x_i and x^2 lowered and raised. */
void html_formula(struct text *out, const char *plain);

/* [a-z0-9-]+, letters first: good as an id and in a link. */
void html_slug(struct text *out, const char *text);

#endif
