/* words.c: see words.h */
#include "doc/words.h"

#include <string.h>

#include "base/utf8.h"

static const char blanks[] = " \n\t";

int words_width(const char *text)
{
	return utf8_width(text, strlen(text));
}

int words_longest(const char *text)
{
	int longest = 0;
	while (*text) {
		const size_t n = strcspn(text, blanks);
		const int width = utf8_width(text, n);
		longest = width > longest ? width : longest;
		text += n + (text[n] != '\0');
	}
	return longest;
}

/* Bytes of the longest start of text that is at most room ≥ 1 columns wide; at least one character. */
static size_t fitting(const char *text, size_t n, int room)
{
	size_t at = 0, bytes;
	while (at < n && (utf8_point(text + at, &bytes), at == 0 || utf8_width(text, at + bytes) <= room))
		at += bytes;
	return at;
}

const char *words_next_line(const char **text, int room, size_t *n)
{
	const char *start = *text + strspn(*text, blanks), *end = start;
	if (!*start)
		return NULL;
	while (*end) {
		const char *word = end + strspn(end, blanks), *after = word + strcspn(word, blanks);
		if (after == word || utf8_width(start, (size_t)(after - start)) > room)
			break;
		end = after;
	}
	if (end == start)
		end += fitting(start, strcspn(start, blanks), room);
	*text = end;
	*n = (size_t)(end - start);
	return start;
}

void words_add_line(struct text *out, const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add_bytes(out, strchr(blanks, line[i]) ? " " : line + i, 1);
}

bool words_left(const char *text)
{
	return text[strspn(text, blanks)] != '\0';
}

void words_wrap(struct text *out, const char *text, int left, int rest)
{
	size_t n;
	const char *line = words_next_line(&text, WORDS_WIDTH - left, &n);
	if (!line)
		text_add(out, "\n");
	for (bool first = true; line; first = false) {
		words_repeat(out, " ", first ? 0 : rest);
		words_add_line(out, line, n);
		text_add(out, "\n");
		line = words_next_line(&text, WORDS_WIDTH - rest, &n);
	}
}

void words_repeat(struct text *out, const char *what, int n)
{
	while (n-- > 0)
		text_add(out, "%s", what);
}
