/* text.c: see text.h */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

bool parse_double(const char *text, double *value)
{
	static const char allowed[] = "0123456789+-.eE";
	const char *body = text + (*text == '-' || *text == '+');
	char *end;
	if (strcmp(body, "inf") == 0 || strcmp(body, ".inf") == 0) {
		*value = *text == '-' ? -INFINITY : INFINITY;
		return true;
	}
	if (strcmp(body, "nan") == 0 || strcmp(body, ".nan") == 0) {
		*value = NAN;
		return true;
	}
	/* the program never calls setlocale, so strtod reads "C" numbers; the check keeps hex, blanks and "1e" out */
	if (*body == '\0' || text[strspn(text, allowed)] != '\0')
		return false;
	errno = 0;
	const double read = strtod(text, &end);
	if (*end != '\0' || end == text || (errno == ERANGE && fabs(read) > 1))
		return false;
	*value = read;
	return true;
}

bool parse_int64(const char *text, int64_t *value)
{
	double read;
	char *end;
	errno = 0;
	const long long exact = strtoll(text, &end, 10);
	if (*text != '\0' && !isspace((unsigned char)*text) && *end == '\0' && errno == 0) {
		*value = exact;
		return true;
	}
	if (!parse_double(text, &read) || read != nearbyint(read) || fabs(read) > 9007199254740992.0)
		return false;
	*value = (int64_t)read;
	return true;
}

static void reserve(struct text *text, size_t more)
{
	if (text->length + more + 1 <= text->capacity)
		return;
	text->capacity = (text->length + more + 1) * 2 + 64;
	text->at = realloc(text->at, text->capacity);
	if (!text->at)
		NO_MEMORY("out of memory for a text of %zu bytes", text->capacity);
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	const int n = vsnprintf(NULL, 0, format, args);
	if (n >= 0) {
		reserve(text, (size_t)n);
		vsnprintf(text->at + text->length, (size_t)n + 1, format, again);
		text->length += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

void text_add_bytes(struct text *text, const void *bytes, size_t n)
{
	reserve(text, n);
	memcpy(text->at + text->length, bytes, n);
	text->length += n;
	text->at[text->length] = '\0';
}

char *format_double(char buffer[32], double value)
{
	if (isnan(value))
		return strcpy(buffer, "nan");
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(buffer, 32, "%.*g", digits, value);
		if (strtod(buffer, NULL) == value)
			break;
	}
	/* %g turns to exponents too early for reading: 1e+02 is 100 */
	if (fabs(value) < 1e15 && value == nearbyint(value))
		snprintf(buffer, 32, "%.0f", value);
	return buffer;
}

void text_add_double(struct text *text, double value)
{
	char buffer[32];
	text_add(text, "%s", format_double(buffer, value));
}

void text_release(struct text *text)
{
	free(text->at);
	*text = (struct text)TEXT_INIT;
}
