/* fault.c: telling the faults of an input where they stand:
 *
 *   experiments/x.yaml:12:10: unknown key 'widht': did you mean 'width'?
 *     model: { widht: 64 }
 *              ^^^^^
 *
 * Columns count characters, not bytes. A long line is shown in part. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "spec/yaml.h"

enum { LINE_SHOWN = 110, BEFORE_SHOWN = 60, NAME_SHOWN = 60 };

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80; /* inside a UTF-8 character */
}

/* Characters of n bytes. */
static size_t characters(const char *text, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += !continues(text[i]);
	return count;
}

static void add_printable(struct text *out, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)from[i];
		text_add_bytes(out, (c < ' ' && c != '\t') || c == 0x7f ? "?" : from + i, 1);
	}
}

/* The line of the source, and a caret under what stands at `at`. */
static void add_excerpt(struct text *out, const struct node *node)
{
	const char *text = node->source->text;
	const size_t length = node->source->length, at = node->at < length ? node->at : length;
	size_t start = at, end = at;
	while (start > 0 && text[start - 1] != '\n')
		start--;
	while (end < length && text[end] != '\n' && text[end] != '\r')
		end++;
	if (start == end)
		return;
	size_t width = node->width < end - at ? node->width : end - at;
	bool cut_left = false, cut_right = false;
	if (end - start > LINE_SHOWN && at - start > BEFORE_SHOWN) {
		start = at - BEFORE_SHOWN / 2;
		cut_left = true;
	}
	if (end - start > LINE_SHOWN) {
		end = start + LINE_SHOWN;
		cut_right = true;
	}
	while (start < at && continues(text[start]))
		start++;
	while (end > at && end < length && continues(text[end]))
		end--;
	width = width < end - at ? width : end - at;

	text_add(out, "\n  %s", cut_left ? "…" : "");
	add_printable(out, text + start, end - start);
	text_add(out, "%s\n  %s", cut_right ? "…" : "", cut_left ? " " : "");
	for (size_t i = start; i < at; i++)
		if (!continues(text[i]))
			text_add(out, "%s", text[i] == '\t' ? "\t" : " ");
	const size_t carets = characters(text + at, width);
	for (size_t i = 0; i < (carets > 0 ? carets : 1); i++)
		text_add(out, "^");
}

static void add_place(struct text *out, const struct node *node)
{
	const struct source *source = node->source;
	size_t line = 1, start = 0;
	const size_t at = node->at < source->length ? node->at : source->length;
	if (source->word) {
		text_add(out, "%s'%s': ", source->filter ? "" : "override ", source->word);
		return;
	}
	for (size_t i = 0; i < at; i++) {
		if (source->text[i] != '\n')
			continue;
		line++;
		start = i + 1;
	}
	text_add(out, "%s:%zu:%zu: ", source->path, line, characters(source->text + start, at - start) + 1);
}

void fault_at(struct faults *faults, const struct node *node, const char *format, ...)
{
	struct text out = TEXT_INIT;
	va_list args;
	char message[1024];
	if (faults->n >= FAULTS_MAX) {
		faults->n++;
		return;
	}
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	add_place(&out, node);
	text_add(&out, "%s", message);
	if (!node->source->word)
		add_excerpt(&out, node);
	for (int i = 0; i < faults->n; i++)
		if (strcmp(faults->fault[i].text, out.at) == 0) {
			text_release(&out);
			return;
		}
	faults->fault[faults->n++] = (struct fault){node->source, node->at, pool_text(&faults->pool, out.at)};
	text_release(&out);
}

/* The file before the command line, a file from its start to its end. */
static bool comes_before(const struct fault *a, const struct fault *b)
{
	if ((a->source->word != NULL) != (b->source->word != NULL))
		return b->source->word != NULL;
	return !a->source->word && a->at < b->at;
}

int faults_tell(struct faults *faults, struct err *err)
{
	const int n = faults->n < FAULTS_MAX ? faults->n : FAULTS_MAX;
	struct fault *fault = faults->fault;
	for (int i = 1; i < n; i++) {
		const struct fault moving = fault[i];
		int at = i;
		for (; at > 0 && comes_before(&moving, &fault[at - 1]); at--)
			fault[at] = fault[at - 1];
		fault[at] = moving;
	}
	for (int i = 0; i < n; i++)
		err_add(err, "%s", fault[i].text);
	if (faults->n > n)
		err_add(err, "… and %d more", faults->n - n);
	pool_release(&faults->pool);
	return n > 0 ? -1 : 0;
}

const char *shown(struct pool *pool, const char *text)
{
	struct text out = TEXT_INIT;
	size_t n = strlen(text);
	const bool cut = n > NAME_SHOWN;
	if (cut)
		for (n = NAME_SHOWN; n > 0 && continues(text[n]);)
			n--;
	for (size_t i = 0; i < n; i++)
		text_add_bytes(&out, (unsigned char)text[i] < ' ' || text[i] == 0x7f ? "?" : text + i, 1);
	text_add(&out, "%s", cut ? "…" : "");
	const char *kept = pool_text(pool, out.at);
	text_release(&out);
	return kept;
}
