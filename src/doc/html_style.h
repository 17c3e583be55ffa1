/* html_style.h: how a page looks (html_style.c). */
#ifndef FATHOM_HTML_STYLE_H
#define FATHOM_HTML_STYLE_H

extern const char html_style[];

#endif
