/* html_svg.h: a drawing inside of a page. */
#ifndef FATHOM_HTML_SVG_H
#define FATHOM_HTML_SVG_H

#include <stdbool.h>

#include "base/text.h"

struct html_drawing {
	const char *svg;         /* the whole file */
	const char *prefix;      /* of its ids, so that two drawings of a page do not share them; also of its title's */
	const char *class;       /* for the page's style */
	const char *title, *alt; /* what it is; what it shows */
};

/* Adds the drawing as an <svg> element with an accessible name. Its own <style> goes to *style, once if another drawing had the same, since
 * a style inside of a page is a style of the whole page. False, and nothing is added: it holds an element or an attribute that no drawing
 * of ours has (script, foreignObject, onload …), or is none. */
bool html_svg(struct text *out, struct text *style, const struct html_drawing *drawing);

#endif
