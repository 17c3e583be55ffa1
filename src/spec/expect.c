/* expect.c: what a number should be: "<= 1e-6", "== 0", "in [0.9, 1.1]", "1 +- 0.1". */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "spec/study.h"

static const struct {
	const char *name, *about;
} reduces[] = {
	[REDUCE_MEDIAN] = {"median", "the median"},
	[REDUCE_MEAN] = {"mean", "the mean"},
	[REDUCE_GEOMEAN] = {"geomean", "the geometric mean"},
	[REDUCE_MIN] = {"min", "the least"},
	[REDUCE_MAX] = {"max", "the greatest"},
	[REDUCE_SHARE] = {"share", "the share for which `is` holds"},
	[REDUCE_COUNT] = {"count", "the number for which `is` holds"},
};

const struct table reduce_table = TABLE("reduction", reduces);

static const struct {
	const char *sign;
	enum relation relation;
} signs[] = {
	{"<=", AT_MOST}, {">=", AT_LEAST}, {"==", EQUAL}, {"!=", NOT_EQUAL}, {"<", BELOW}, {">", ABOVE},
};

/* The number that the first n characters are, blanks around it allowed. */
static bool number_in(const char *text, size_t n, double *x)
{
	char copy[64];
	while (n > 0 && text[0] == ' ')
		text++, n--;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (n == 0 || n >= sizeof copy)
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	return parse_double(copy, x) && !isnan(*x);
}

/* in [low, high] */
static bool parse_interval(const char *text, struct expect *expect)
{
	const char *comma = strchr(text, ','), *close = strchr(text, ']');
	text += strspn(text, " ");
	if (*text != '[' || !comma || !close || close < comma || close[1 + strspn(close + 1, " ")] != '\0')
		return false;
	expect->relation = WITHIN;
	return number_in(text + 1, (size_t)(comma - text - 1), &expect->low) &&
	       number_in(comma + 1, (size_t)(close - comma - 1), &expect->high) && expect->low <= expect->high;
}

/* middle +- tolerance */
static bool parse_tolerance(const char *text, const char *sign, size_t width, struct expect *expect)
{
	double middle, tolerance;
	if (!number_in(text, (size_t)(sign - text), &middle) ||
	    !number_in(sign + width, strlen(sign + width), &tolerance) || tolerance < 0)
		return false;
	*expect = (struct expect){WITHIN, middle - tolerance, middle + tolerance, text};
	return expect->low <= expect->high; /* not so of inf +- inf */
}

bool expect_parse(const char *text, struct expect *expect)
{
	const char *ascii = strstr(text, "+-"), *sign = strstr(text, "±");
	*expect = (struct expect){.text = text};
	while (*text == ' ')
		text++;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const size_t width = strlen(signs[i].sign);
		if (strncmp(text, signs[i].sign, width) != 0)
			continue;
		expect->relation = signs[i].relation;
		return number_in(text + width, strlen(text + width), &expect->low);
	}
	if (strncmp(text, "in", 2) == 0)
		return parse_interval(text + 2, expect);
	return ascii  ? parse_tolerance(text, ascii, 2, expect)
	       : sign ? parse_tolerance(text, sign, strlen("±"), expect)
		      : false;
}

bool expect_holds(const struct expect *expect, double x)
{
	switch (expect->relation) {
	case BELOW:
		return x < expect->low;
	case AT_MOST:
		return x <= expect->low;
	case ABOVE:
		return x > expect->low;
	case AT_LEAST:
		return x >= expect->low;
	case EQUAL:
		return x == expect->low;
	case NOT_EQUAL:
		return x < expect->low || x > expect->low; /* NaN never holds */
	case WITHIN:;
	}
	return x >= expect->low && x <= expect->high;
}
