/* tex_escape.c: see tex_escape.h */
#include "doc/tex_escape.h"

#include <string.h>

#include "base/utf8.h"

/* math: only within mathematics. A backslash word ends in {}, so that what follows does not become part of it. */
static const struct {
	uint32_t point;
	const char *tex;
	bool math;
} signs[] = {
	{'\\', "\\textbackslash{}", false},
	{'{', "\\{", false},
	{'}', "\\}", false},
	{'$', "\\$", false},
	{'&', "\\&", false},
	{'#', "\\#", false},
	{'%', "\\%", false},
	{'_', "\\_", false},
	{'^', "\\textasciicircum{}", false},
	{'~', "\\textasciitilde{}", false},
	{'<', "\\textless{}", false},
	{'>', "\\textgreater{}", false},
	{'|', "\\textbar{}", false},
	{'"', "\\char34{}", false},
	{'`', "\\textasciigrave{}", false},
	{0x00a0, "~", false},
	{0x2026, "\\ldots{}", false},
	{0x2013, "--", false},
	{0x2014, "---", false},
	{0x00b0, "^\\circ", true},
	{0x00b1, "\\pm", true},
	{0x00b2, "^2", true},
	{0x00b3, "^3", true},
	{0x00b7, "\\cdot", true},
	{0x00b9, "^1", true},
	{0x00bd, "\\tfrac12", true},
	{0x00d7, "\\times", true},
	{0x0177, "\\hat y", true},
	{0x0393, "\\Gamma", true},
	{0x0394, "\\Delta", true},
	{0x03a3, "\\Sigma", true},
	{0x03a6, "\\Phi", true},
	{0x03b1, "\\alpha", true},
	{0x03b2, "\\beta", true},
	{0x03b3, "\\gamma", true},
	{0x03b4, "\\delta", true},
	{0x03b5, "\\varepsilon", true},
	{0x03b7, "\\eta", true},
	{0x03b8, "\\theta", true},
	{0x03bb, "\\lambda", true},
	{0x03bc, "\\mu", true},
	{0x03c0, "\\pi", true},
	{0x03c1, "\\rho", true},
	{0x03c3, "\\sigma", true},
	{0x03c4, "\\tau", true},
	{0x03c6, "\\varphi", true},
	{0x03c7, "\\chi", true},
	{0x1d40, "^{\\mathsf T}", true},
	{0x2016, "\\Vert", true},
	{0x2032, "'", true},
	{0x207b, "^-", true},
	{0x2190, "\\leftarrow", true},
	{0x2192, "\\rightarrow", true},
	{0x21d2, "\\Rightarrow", true},
	{0x2202, "\\partial", true},
	{0x2208, "\\in", true},
	{0x2211, "\\sum", true},
	{0x2212, "-", true},
	{0x2218, "\\circ", true},
	{0x221a, "\\surd", true},
	{0x221d, "\\propto", true},
	{0x221e, "\\infty", true},
	{0x2248, "\\approx", true},
	{0x2260, "\\ne", true},
	{0x2264, "\\le", true},
	{0x2265, "\\ge", true},
	{0x226a, "\\ll", true},
	{0x226b, "\\gg", true},
};

static bool add_sign(struct text *out, uint32_t point)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (signs[i].point == point) {
			text_add(out, signs[i].math ? "\\ensuremath{%s}" : "%s", signs[i].tex);
			return true;
		}
	if (point >= 0x2070 && point <= 0x2079) /* ⁰ … ⁹; ¹, ², ³ are elsewhere */
		text_add(out, "\\ensuremath{^%d}", (int)(point - 0x2070));
	else if (point >= 0x2080 && point <= 0x2089)
		text_add(out, "\\ensuremath{_%d}", (int)(point - 0x2080));
	else
		return false;
	return true;
}

/* What would join with an equal character before it: -- is a longer dash, '' a quotation mark, ,, in T1 as well. */
static bool joins(char c)
{
	return c == '-' || c == '\'' || c == ',';
}

void tex_escape_bytes(struct text *out, const char *words, size_t length, bool blanks)
{
	for (size_t at = 0, bytes; at < length; at += bytes) {
		const uint32_t point = utf8_point(words + at, &bytes);
		if (point == '\n' || point == '\t' || point == ' ')
			text_add(out, blanks ? "\\ " : " ");
		else if (point < ' ' || point == 0x7f || point == 0xfffd)
			text_add(out, "?");
		else if (!add_sign(out, point))
			text_add_bytes(out, words + at, bytes);
		if (joins(words[at]) && words[at + 1] == words[at])
			text_add(out, "{}");
	}
}

void tex_escape(struct text *out, const char *words)
{
	tex_escape_bytes(out, words, strlen(words), false);
}
