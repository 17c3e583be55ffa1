/* html_svg.c: see html_svg.h */
#include "doc/html_svg.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "doc/html_text.h"

/* What gnuplot draws with. A figure's file may have been changed by anyone. */
static bool known_element(const char *name, size_t n)
{
	static const char *const known[] = {
		"svg",      "g",           "defs",           "title",  "desc",           "style",       "path",
		"rect",     "circle",      "line",           "use",    "text",           "tspan",       "polygon",
		"ellipse",  "pattern",     "linearGradient", "stop",   "mask",           "filter",      "symbol",
		"feFlood",  "feComposite", "feMerge",        "marker", "feGaussianBlur", "feMergeNode", "clipPath",
		"polyline",
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i]) == n && strncmp(known[i], name, n) == 0)
			return true;
	return false;
}

/* A tag, <…>: its length, quoted attributes and all; 0 if it never ends. *harmless: no attribute runs or loads anything. */
static size_t tag_length(const char *tag, bool *harmless)
{
	char quote = '\0';
	*harmless = true;
	for (const char *at = tag; *at; at++) {
		if (quote) {
			quote = *at == quote ? '\0' : quote;
			continue;
		}
		if (*at == '"' || *at == '\'') {
			quote = *at;
		} else if (*at == '>') {
			return (size_t)(at + 1 - tag);
		} else if (isspace((unsigned char)*at) || *at == '/') {
			if (strncasecmp(at + 1, "on", 2) == 0)
				*harmless = false;
		} else if (strncasecmp(at, "href=", 5) == 0 && at[5] && at[6] != '#') {
			*harmless = false;
		}
	}
	return 0;
}

static bool is_ours(const char *svg)
{
	bool harmless = true;
	for (const char *at = strchr(svg, '<'); at; at = strchr(at, '<')) {
		const char *name = at + 1 + (at[1] == '/');
		if (!known_element(name, strcspn(name, " \t\r\n/>")))
			return false;
		const size_t n = tag_length(at, &harmless);
		if (!n || !harmless)
			return false;
		at += n;
	}
	return true;
}

/* A tag with its ids, and what refers to them, prefixed. */
static void add_tag(struct text *out, const char *tag, size_t n, const char *prefix)
{
	static const char *const before[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
	for (const char *at = tag, *end = tag + n; at < end;) {
		size_t known = 0;
		for (size_t i = 0; i < sizeof before / sizeof *before && !known; i++)
			if (strncmp(at, before[i], strlen(before[i])) == 0)
				known = strlen(before[i]);
		text_add_bytes(out, at, known ? known : 1);
		if (known)
			text_add(out, "%s", prefix);
		at += known ? known : 1;
	}
}

static void add_opening(struct text *out, const char *tag, size_t n, const struct html_drawing *drawing)
{
	text_add(out, "<svg class=\"%s\" aria-labelledby=\"%stitle\" aria-describedby=\"%sdesc\"%s", drawing->class,
		 drawing->prefix, drawing->prefix, memmem(tag, n, "role=", 5) ? "" : " role=\"img\"");
	text_add_bytes(out, tag + 4, n - 4);
	text_add(out, "<title id=\"%stitle\">", drawing->prefix);
	html_escape(out, drawing->title);
	text_add(out, "</title><desc id=\"%sdesc\">", drawing->prefix);
	html_escape(out, drawing->alt);
	text_add(out, "</desc>");
}

/* Whether the tag opens an element of that name; then *end: behind that element. */
static bool element(const char *tag, const char *name, const char **end)
{
	const size_t n = strlen(name);
	char close[16];
	if (strncmp(tag + 1, name, n) != 0 || !strchr("> ", tag[1 + n]))
		return false;
	snprintf(close, sizeof close, "</%s>", name);
	const char *found = strstr(tag, close);
	*end = found ? found + strlen(close) : tag + strlen(tag);
	return true;
}

static void take_style(struct text *style, const char *from, const char *end)
{
	const char *start = strchr(from, '>') + 1;
	const size_t n = (size_t)(end - start) - strlen("</style>");
	if (style->length && memmem(style->at, style->length, start, n))
		return;
	text_add_bytes(style, start, n);
}

bool html_svg(struct text *out, struct text *style, const struct html_drawing *drawing)
{
	const char *svg = strstr(drawing->svg, "<svg"), *end;
	bool harmless;
	if (!svg || !is_ours(svg))
		return false;
	size_t n = tag_length(svg, &harmless);
	add_opening(out, svg, n, drawing);
	for (const char *at = svg + n; *at; at += n) {
		n = *at == '<' ? tag_length(at, &harmless) : strcspn(at, "<");
		if (*at != '<') {
			text_add_bytes(out, at, n);
		} else if (element(at, "title", &end) || element(at, "desc", &end)) {
			n = (size_t)(end - at);
		} else if (element(at, "style", &end)) {
			take_style(style, at, end);
			n = (size_t)(end - at);
		} else {
			add_tag(out, at, n, drawing->prefix);
		}
	}
	return true;
}
