/* spell.c: see spell.h */
#include "report/spell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "2.33e-08" → mantissa "2.33" and exponent −8; false: it has none. */
static bool split(double x, int digits, char mantissa[32], int *exponent)
{
	snprintf(mantissa, 32, "%.*g", digits, x);
	char *e = strchr(mantissa, 'e');
	if (!e)
		return false;
	*e = '\0';
	*exponent = atoi(e + 1);
	return true;
}

static void add_signed(struct text *out, const char *number)
{
	for (; *number; number++)
		text_add(out, *number == '-' ? "−" : "%c", *number);
}

void spell_number(struct text *out, double x, int digits)
{
	static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	char mantissa[32], power[16];
	int exponent;
	if (isnan(x) || isinf(x)) {
		text_add(out, isnan(x) ? "–" : x > 0 ? "∞" : "−∞");
	} else if (!split(x, digits, mantissa, &exponent)) {
		add_signed(out, mantissa);
	} else {
		const bool one = strcmp(mantissa + (*mantissa == '-'), "1") == 0;
		if (one)
			text_add(out, x < 0 ? "−" : "");
		else
			add_signed(out, mantissa), text_add(out, "×");
		text_add(out, "10%s", exponent < 0 ? "⁻" : "");
		snprintf(power, sizeof power, "%d", abs(exponent));
		for (const char *at = power; *at; at++)
			text_add(out, "%s", raised[*at - '0']);
	}
}

void spell_tex(struct text *out, double x, int digits)
{
	char mantissa[32];
	int exponent;
	if (isnan(x) || isinf(x))
		text_add(out, isnan(x) ? "\\text{--}" : x > 0 ? "\\infty" : "-\\infty");
	else if (!split(x, digits, mantissa, &exponent))
		text_add(out, "%s", mantissa);
	else if (strcmp(mantissa, "1") == 0)
		text_add(out, "10^{%d}", exponent);
	else
		text_add(out, "%s\\cdot 10^{%d}", mantissa, exponent);
}

void spell_measured(struct text *out, double x)
{
	if (x == 0)
		text_add(out, "exactly 0");
	else
		spell_number(out, x, 3);
}

/* The number that a text begins with: its length; 0: it begins with none. */
static size_t number_length(const char *text)
{
	size_t n = *text == '-';
	n += strspn(text + n, "0123456789.");
	if (n > 0 && (text[n] == 'e' || text[n] == 'E')) {
		const size_t sign = text[n + 1] == '-' || text[n + 1] == '+',
			     digits = strspn(text + n + 1 + sign, "0123456789");
		n += digits ? 1 + sign + digits : 0;
	}
	return n;
}

void spell_relation(struct text *out, const char *expect)
{
	static const char *const sign[][2] = {{"<=", "≤"}, {">=", "≥"}, {"==", "="}, {"!=", "≠"}, {"+-", "±"}};
	while (*expect) {
		size_t i = 0, n = number_length(expect);
		while (i < sizeof sign / sizeof *sign && strncmp(expect, sign[i][0], 2) != 0)
			i++;
		const bool found = i < sizeof sign / sizeof *sign;
		if (n > 0 && memchr(expect, 'e', n)) /* others stay as they were written */
			spell_number(out, strtod(expect, NULL), 6);
		else if (n > 0)
			text_add(out, *expect == '-' ? "−%.*s" : "%.*s", (int)n - (*expect == '-'),
				 expect + (*expect == '-'));
		else
			text_add(out, found ? "%s" : "%.1s", found ? sign[i][1] : expect);
		expect += n ? n : found ? 2 : 1;
	}
}

void spell_count(struct text *out, size_t n, const char *what)
{
	text_add(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}
