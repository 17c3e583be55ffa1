/* print.c: see print.h */
#include "cli/print.h"

#include <argp.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* What a terminal obeys (C0, DEL, C1), what turns the direction of writing, and bytes that are no UTF-8: to a terminal of another
 * encoding those from 0x80 to 0x9f are C1. */
static bool is_harmful(uint32_t point, size_t bytes)
{
	return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0) ||
	       (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
	       (point == 0xfffd && bytes == 1);
}

void make_harmless(char *text)
{
	for (size_t bytes; *text; text += bytes) {
		const uint32_t point = utf8_point(text, &bytes);
		if (is_harmful(point, bytes))
			memset(text, '?', bytes);
	}
}

__attribute__((format(printf, 2, 0))) static void print(FILE *to, const char *format, va_list values)
{
	char *text;
	if (vasprintf(&text, format, values) < 0)
		NO_MEMORY("out of memory for a line");
	make_harmless(text);
	fputs(text, to);
	free(text);
}

void say(const char *format, ...)
{
	va_list values;
	va_start(values, format);
	print(stdout, format, values);
	va_end(values);
}

void complain(const char *format, ...)
{
	va_list values;
	fflush(stdout); /* in the order in which they were said, also when both go to one file */
	va_start(values, format);
	print(stderr, format, values);
	va_end(values);
}

void usage_fault(const struct argp_state *state, const char *format, ...)
{
	char *text;
	va_list values;
	va_start(values, format);
	if (vasprintf(&text, format, values) < 0)
		NO_MEMORY("out of memory for a line");
	va_end(values);
	make_harmless(text);
	argp_error(state, "%s", text);
	free(text);
}

/* Whether a message begins with FILE:LINE:COLUMN, which editors and people look for at the start of a line. The colons of a
 * quoted word, as 'lr=log:0:1:3', are no such place. */
static bool located(const char *text)
{
	int n = 0;
	const char *colon = strchr(text, ':');
	return colon && !memchr(text, '\'', (size_t)(colon - text)) && sscanf(colon, ":%*d:%*d:%n", &n) == 0 && n > 0;
}

int complain_fault(const char *name, const struct err *err)
{
	fflush(stdout); /* what was said before stands before it */
	complain(located(err->text) ? "%.0s%s\n" : "%s: %s\n", name, err->text);
	return (int)err->kind;
}

char *format_duration(char buffer[32], double seconds)
{
	const double minutes = floor(seconds / 60 + 0.5 / 60), hours = floor(seconds / 3600 + 0.5 / 60);
	if (!(seconds < 1e9))
		snprintf(buffer, 32, "%s", isnan(seconds) ? "?" : "decades");
	else if (seconds < 9.95)
		snprintf(buffer, 32, "%.1f s", seconds);
	else if (seconds < 59.5)
		snprintf(buffer, 32, "%.0f s", seconds);
	else if (seconds < 3599.5)
		snprintf(buffer, 32, "%.0f min %02.0f s", minutes, floor(fmax(seconds + 0.5 - 60 * minutes, 0)));
	else if (seconds < 48 * 3600)
		snprintf(buffer, 32, "%.0f h %02.0f min", hours, floor(fmax(seconds / 60 + 0.5 - 60 * hours, 0)));
	else
		snprintf(buffer, 32, "%.1f days", seconds / 86400);
	return buffer;
}

/* ---- tables ---- */

static void add(struct cells *cells, const char *word)
{
	text_add_bytes(&cells->words, word, strlen(word) + 1);
	cells->n++;
}

void cells_add(struct cells *cells, const char *format, ...)
{
	va_list values;
	char *word;
	va_start(values, format);
	if (vasprintf(&word, format, values) < 0)
		NO_MEMORY("out of memory for a line");
	va_end(values);
	add(cells, word);
	free(word);
}

void cells_end_row(struct cells *cells)
{
	if (cells->columns == 0)
		cells->columns = cells->n;
	while (cells->n % cells->columns)
		add(cells, "");
}

static int width(const char *word)
{
	return utf8_width(word, strlen(word));
}

static void print_row(const char *const *word, size_t columns, const int *widest, const char *alignment)
{
	struct text line = TEXT_INIT;
	size_t last = columns;
	while (last > 0 && word[last - 1][0] == '\0')
		last--;
	for (size_t c = 0; c < last; c++) {
		const int room = widest[c] - width(word[c]);
		if (alignment[c] == 'r')
			text_add(&line, "%*s%s", room, "", word[c]);
		else
			text_add(&line, "%s%*s", word[c], c + 1 < last ? room : 0, "");
		if (c + 1 < last)
			text_add(&line, "  ");
	}
	say("%s\n", line.at ? line.at : "");
	text_release(&line);
}

void cells_print(struct cells *cells, const char *alignment)
{
	const size_t columns = cells->columns, n = cells->n;
	if (n > 0) {
		const char **word = malloc(n * sizeof *word);
		int *widest = calloc(columns, sizeof *widest);
		if (!word || !widest)
			NO_MEMORY("out of memory for a table of %zu columns", columns);
		if (strlen(alignment) < columns)
			BUG("no alignment for a table of %zu columns", columns);
		const char *at = cells->words.at;
		for (size_t i = 0; i < n; i++) {
			word[i] = at;
			at += strlen(at) + 1;
			widest[i % columns] =
				width(word[i]) > widest[i % columns] ? width(word[i]) : widest[i % columns];
		}
		for (size_t i = 0; i < n; i += columns)
			print_row(word + i, columns, widest, alignment);
		free(word);
		free(widest);
	}
	text_release(&cells->words);
	*cells = (struct cells)CELLS_INIT;
}
