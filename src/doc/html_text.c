/* html_text.c: see html_text.h */
#include "doc/html_text.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

/* Bytes of a character that is never shown as it is: it would steer whoever reads it, or is no UTF-8. 0: the character is harmless. */
static size_t steering(const char *at)
{
	size_t n;
	const uint32_t point = utf8_point(at, &n);
	const bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0);
	const bool turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
	return control || turns || (point == 0xfffd && n == 1) ? n : 0;
}

static void escape_bytes(struct text *out, const char *text, size_t n)
{
	for (const char *at = text, *end = text + n; at < end && *at;) {
		size_t one; /* a whole character: its bytes by themselves are none */
		utf8_point(at, &one);
		const size_t steers = steering(at);
		if (steers)
			text_add(out, "\xef\xbf\xbd");
		else if (*at == '&')
			text_add(out, "&amp;");
		else if (*at == '<')
			text_add(out, "&lt;");
		else if (*at == '>')
			text_add(out, "&gt;");
		else if (*at == '"')
			text_add(out, "&quot;");
		else if (*at == '\'')
			text_add(out, "&#39;");
		else
			text_add_bytes(out, at, one);
		at += one;
	}
}

void html_escape(struct text *out, const char *text)
{
	escape_bytes(out, text, strlen(text));
}

void html_slug(struct text *out, const char *text)
{
	const size_t from = out->length;
	bool gap = false;
	if (!isalpha((unsigned char)*text))
		text_add(out, "part-");
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text)) {
			gap = out->length > from;
			continue;
		}
		text_add(out, "%s%c", gap ? "-" : "", tolower((unsigned char)*text));
		gap = false;
	}
}

/* ---- formulas ---- */

/* Bytes of a Greek letter; 0: there is none. */
static size_t greek(const char *at)
{
	return (unsigned char)at[0] == 0xce || (unsigned char)at[0] == 0xcf ? 2 : 0;
}

static size_t name_length(const char *at)
{
	size_t n = greek(at);
	if (!n)
		while (isalpha((unsigned char)at[n]))
			n++;
	return n;
}

/* Bytes of what is raised or lowered: {…}, (…), [...] or one word or number. */
static size_t operand(const char *at)
{
	const char *open = strchr("{([", *at);
	if (*at && open) {
		const char *end = strchr(at, "})]"[open - "{(["]);
		return end ? (size_t)(end - at) + 1 : 1;
	}
	size_t n = *at == '-';
	const size_t name = name_length(at + n);
	if (name)
		return n + name;
	while (isdigit((unsigned char)at[n]) || at[n] == '.')
		n++;
	return n;
}

static void formula(struct text *out, const char *at, size_t n);

static size_t shifted(struct text *out, const char *at, size_t n, const char *tag)
{
	const bool braces = n > 1 && *at == '{';
	text_add(out, "<%s>", tag);
	formula(out, at + braces, n - 2 * braces);
	text_add(out, "</%s>", tag);
	return n;
}

/* A name and the [layer] behind it. */
static size_t add_name(struct text *out, const char *at, size_t n)
{
	const size_t length = name_length(at);
	const bool italic = length <= 2;
	text_add(out, italic ? "<var>" : "");
	escape_bytes(out, at, length);
	text_add(out, italic ? "</var>" : "");
	size_t used = length;
	for (; used < n && at[used] == '\''; used++)
		text_add(out, "′");
	if (used < n && at[used] == '[') {
		const size_t index = operand(at + used);
		if (index > 2 && used + index <= n)
			used += shifted(out, at + used, index, "sup");
	}
	return used;
}

static void formula(struct text *out, const char *at, size_t n)
{
	for (const char *end = at + n; at < end;) {
		const size_t left = (size_t)(end - at);
		if (name_length(at)) {
			at += add_name(out, at, left);
		} else if ((*at == '^' || *at == '_') && left > 1 && operand(at + 1) > 0 && operand(at + 1) < left) {
			at += 1 + shifted(out, at + 1, operand(at + 1), *at == '^' ? "sup" : "sub");
		} else if (*at == '-') {
			text_add(out, "−");
			at++;
		} else {
			size_t one = 1; /* a whole character */
			while (one < left && ((unsigned char)at[one] & 0xc0) == 0x80)
				one++;
			escape_bytes(out, at, one);
			at += one;
		}
	}
}

void html_formula(struct text *out, const char *plain)
{
	formula(out, plain, strlen(plain));
}
