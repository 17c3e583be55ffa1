/* label.c: escaping, TeX spelling and width of what is drawn (label.h). */
#include "report/label.h"

#include <ctype.h>
#include <string.h>

/* Advance widths of DejaVu Sans for ' ' … '~', hundredths of the size. */
static const unsigned char width[95] = {
	32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
	64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
	60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
	63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
};

/* Characters that TeX spells, in math and (NULL: by math between dollars) in text. */
static const struct {
	const char *utf8, *math, *text;
} spelling[] = {
	{"∂", "\\partial ", NULL},    {"ℓ", "\\ell ", NULL},    {"δ", "\\delta ", NULL},
	{"η", "\\eta ", NULL},        {"σ", "\\sigma ", NULL},  {"λ", "\\lambda ", NULL},
	{"β", "\\beta ", NULL},       {"ρ", "\\rho ", NULL},    {"ε", "\\varepsilon ", NULL},
	{"χ", "\\chi ", NULL},        {"Δ", "\\Delta ", NULL},  {"∇", "\\nabla ", NULL},
	{"‖", "\\|", NULL},           {"−", "-", NULL},         {"×", "\\times ", NULL},
	{"·", "\\cdot ", NULL},       {"≤", "\\le ", NULL},     {"≥", "\\ge ", NULL},
	{"√", "\\surd ", NULL},       {"∞", "\\infty ", NULL},  {"–", "\\mbox{--}", "--"},
	{"…", "\\dots ", "\\dots{}"}, {"\302\240", "\\ ", "~"}, {"½", "\\frac12 ", NULL},
};

static size_t bytes_of(const char *at)
{
	const unsigned char c = (unsigned char)*at;
	size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)at[i] & 0xC0) != 0x80)
			return i;
	return n;
}

static int spelled(const char *at, size_t n)
{
	for (size_t i = 0; i < sizeof spelling / sizeof *spelling; i++)
		if (strlen(spelling[i].utf8) == n && memcmp(spelling[i].utf8, at, n) == 0)
			return (int)i;
	return -1;
}

static double em_of(const char *at)
{
	const unsigned char c = (unsigned char)*at;
	return c >= 32 && c < 127 ? width[c - 32] / 100.0 : 0.65;
}

/* One character of plain text in TeX. */
static void tex_plain(struct text *out, const char *at, size_t n)
{
	const int known = spelled(at, n);
	if (known >= 0 && spelling[known].text)
		text_add(out, "%s", spelling[known].text);
	else if (known >= 0)
		text_add(out, "$%s$", spelling[known].math);
	else if (*at == '\\')
		text_add(out, "\\textbackslash{}");
	else if (*at == '^' || *at == '~')
		text_add(out, "\\%c{}", *at);
	else if (strchr("_%#&${}", *at))
		text_add(out, "\\%c", *at);
	else
		text_add_bytes(out, at, n);
}

void label_words(struct label *label, const char *words)
{
	for (const char *at = words; *at;) {
		size_t n = bytes_of(at);
		const char *c = at;
		if (iscntrl((unsigned char)*at) || (n == 1 && (unsigned char)*at >= 0x80) ||
		    (n == 2 && (unsigned char)at[0] == 0xC2 && (unsigned char)at[1] < 0xA0))
			c = " ";
		const size_t m = c == at ? n : 1;
		if (*c == ' ') /* a plain space may collapse beside markup */
			text_add(&label->enhanced, "\302\240");
		else if (strchr("^_{}@&~\\", *c))
			text_add(&label->enhanced, "\\%c", *c);
		else
			text_add_bytes(&label->enhanced, c, m);
		tex_plain(&label->tex, c, m);
		label->em += em_of(c);
		at += n;
	}
}

/* A word of upright letters; returns how many come before its last. */
static size_t tex_upright(struct label *label, const char *at, double size)
{
	size_t n = 1;
	while (isalpha((unsigned char)at[n]))
		n++;
	text_add(&label->tex, "\\mathrm{%.*s}", (int)n, at);
	for (size_t i = 0; i + 1 < n; i++)
		label->em += em_of(at + i) * size;
	return n - 1;
}

/* The markup of the tables in TeX's math mode: {/:Italic x} is x, letters outside of it are upright. */
void label_symbol(struct label *label, const char *markup)
{
	int italic[16] = {0}, depth = 0, small = 0;
	text_add(&label->enhanced, "%s", markup);
	text_add(&label->tex, "$");
	for (const char *at = markup; *at;) {
		const size_t n = bytes_of(at);
		if (strncmp(at, "{/:", 3) == 0 && depth < 15) {
			italic[depth + 1] = strncmp(at, "{/:Italic ", 10) == 0;
			depth++, at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' ');
			text_add(&label->tex, "{");
			continue;
		}
		const int known = spelled(at, n);
		if (*at == '{' && depth < 15)
			italic[depth + 1] = italic[depth], depth++;
		if (*at == '}' && depth > 0)
			depth--;
		small = *at == '^' || *at == '_' ? 1 : small;
		if (known >= 0)
			text_add(&label->tex, "%s", spelling[known].math);
		else if (isalpha((unsigned char)*at) && !italic[depth])
			at += tex_upright(label, at, small ? 0.8 : 1);
		else if (*at == ' ')
			text_add(&label->tex, "\\ ");
		else if (*at && strchr("%#&$", *at))
			text_add(&label->tex, "\\%c", *at);
		else
			text_add_bytes(&label->tex, at, n);
		if (!strchr("{}^_", *at))
			label->em += em_of(at) * (small ? 0.8 : 1);
		at += n;
	}
	text_add(&label->tex, "$");
}

void label_release(struct label *label)
{
	text_release(&label->enhanced);
	text_release(&label->tex);
	*label = (struct label){0};
}

double label_mm(const struct label *label, double points)
{
	return label->em * points * 25.4 / 72;
}

void quote_gnuplot(struct text *out, const char *text)
{
	text_add(out, "'");
	for (const char *at = text ? text : ""; *at; at++) {
		if (*at == '\'')
			text_add(out, "''");
		else
			text_add(out, "%c", iscntrl((unsigned char)*at) ? ' ' : *at);
	}
	text_add(out, "'");
}

void add_field(struct text *out, const char *text)
{
	for (const char *at = text; *at; at++)
		text_add(out, "%c", iscntrl((unsigned char)*at) ? ' ' : *at == '"' ? '\'' : *at);
}
