/* text.h: strict parsing of numbers and a text that grows. Independent of the locale. */
#ifndef FATHOM_TEXT_H
#define FATHOM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of text as a number ("1e3" is a fine integer, "1.5" is not, "" and "1x" are nothing); false if it is not. */
bool parse_int64(const char *text, int64_t *value);
bool parse_double(const char *text, double *value); /* also inf, -inf, nan */

/* A growing text; zero-initialise, text_release when done. Out of memory ends the program (NO_MEMORY). */
struct text {
	char *at; /* ends in '\0'; NULL while empty */
	size_t length, capacity;
};

#define TEXT_INIT                                                                                                      \
	{                                                                                                              \
		0                                                                                                      \
	}

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *text, const void *bytes, size_t n);
/* The shortest decimal that reads back as the same double: 0.1, 1e-06, inf, nan. */
void text_add_double(struct text *text, double value);
void text_release(struct text *text);

/* As text_add_double, into a buffer of at least 32 bytes; returns it. */
char *format_double(char buffer[32], double value);

#endif
