/* on_text.c: words that a user wrote, on their way to whatever could obey them. */
#include "fuzz.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/print.h"
#include "doc/doc.h"
#include "doc/html_text.h"
#include "doc/tex_escape.h"
#include "report/label.h"
#include "report/tsv.h"

static void check_terminal(const char *text)
{
	for (size_t at = 0, n; text[at]; at += n) {
		const uint32_t point = utf8_point(text + at, &n);
		REQUIRE(point >= 0x20 || point == '\n' || point == '\t');
		REQUIRE(point < 0x7f || point >= 0xa0);
		REQUIRE(point != 0xfffd ||
			n == 3); /* no byte that is not UTF-8: terminals of other encodings obey 0x9b */
		REQUIRE(point < 0x202a || point > 0x202e);
		REQUIRE(point < 0x2066 || point > 0x2069);
	}
}

void eat_terminal(const char *bytes, size_t size)
{
	char *text = strdup(bytes);
	REQUIRE(text);
	make_harmless(text);
	check_terminal(text);
	REQUIRE(strlen(text) == strlen(bytes));
	free(text);
}

/* A document in which every part says this. */
static void write_document(const char *words, const struct doc_format *format, bool code, struct text *out)
{
	struct doc doc;
	const char *const head[] = {words, "n"};
	doc_init(&doc, words, words);
	doc_heading(&doc, 2, words, "%s", words);
	doc_text(&doc, "%s", words);
	if (code)
		doc_code(&doc, words);
	doc_terms(&doc);
	doc_cell(&doc, "%s", words);
	doc_cell(&doc, "%s", words);
	doc_table(&doc, words, 2, "lr", head);
	doc_cell_marked(&doc, MARK_BAD, "%s", words);
	doc_cell(&doc, "%s", words);
	doc_fold(&doc, "%s", words);
	doc_figure(&doc, &(struct doc_figure){.name = "f", .alt = words, .caption = words, .path = "x/f"});
	doc_fold_end(&doc);
	format->write(&doc, out);
	doc_release(&doc);
}

static size_t count(const struct text *text, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < text->length; i++)
		n += text->at[i] == c;
	return n;
}

/* '<' that no backslash takes the meaning from. */
static size_t bare(const struct text *text)
{
	size_t n = 0;
	for (size_t i = 0; i < text->length; i++)
		if (text->at[i] == '\\')
			i++;
		else
			n += text->at[i] == '<';
	return n;
}

/* As many marks as where the words hold none: no mark is the words'. */
static void check_marks(const char *words)
{
	char *plain = strdup(words);
	REQUIRE(plain);
	for (char *at = plain; *at; at++)
		if (strchr("<>&\"'", *at))
			*at = 'x';
	for (size_t f = 0; f < doc_format_table.n; f++) {
		const bool html = strcmp(doc_formats[f].name, "html") == 0;
		struct text out = TEXT_INIT, same = TEXT_INIT;
		write_document(words, &doc_formats[f], html, &out);
		write_document(plain, &doc_formats[f], html, &same);
		if (html) {
			REQUIRE(count(&out, '<') == count(&same, '<'));
			REQUIRE(count(&out, '>') == count(&same, '>'));
			REQUIRE(count(&out, '"') == count(&same, '"'));
			REQUIRE(count(&out, '\'') == count(&same, '\''));
		} else if (strcmp(doc_formats[f].name, "md") == 0) {
			REQUIRE(bare(&out) == bare(&same));
		} else if (strcmp(doc_formats[f].name, "text") == 0) {
			make_harmless(out.at);
			check_terminal(out.at);
		}
		text_release(&out);
		text_release(&same);
	}
	free(plain);
}

/* No command that acts, no bare special sign, braces in pairs. */
static void check_tex(const char *tex)
{
	static const char *const acting[] = {"input",   "include", "write", "openout", "read",      "def", "csname",
					     "catcode", "begin",   "end",   "special", "immediate", "let", "par"};
	int depth = 0;
	for (const char *at = tex; *at; at++) {
		if (*at == '\\') {
			size_t n = 0;
			while (isalpha((unsigned char)at[1 + n]))
				n++;
			for (size_t i = 0; i < sizeof acting / sizeof *acting; i++)
				REQUIRE(n != strlen(acting[i]) || memcmp(at + 1, acting[i], n) != 0);
			REQUIRE(at[1] != '\0');
			at += n > 0 ? n : 1;
			continue;
		}
		REQUIRE(!strchr("%#&$", *at));
		depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
		REQUIRE(depth >= 0);
	}
	REQUIRE(depth == 0);
}

void eat_document(const char *bytes, size_t size)
{
	struct text html = TEXT_INIT, tex = TEXT_INIT;
	check_marks(bytes);
	html_escape(&html, bytes);
	tex_escape(&tex, bytes);
	if (html.at) {
		REQUIRE(!strpbrk(html.at, "<>\"'"));
		check_terminal(html.at);
	}
	if (tex.at)
		check_tex(tex.at);
	text_release(&html);
	text_release(&tex);
}

/* 'it''s': nothing ends it before its end, no line ends in it. */
static void check_quoted(const char *text)
{
	const size_t n = strlen(text);
	REQUIRE(n >= 2 && text[0] == '\'' && text[n - 1] == '\'');
	for (size_t i = 1; i < n - 1; i++) {
		REQUIRE(!iscntrl((unsigned char)text[i]));
		if (text[i] == '\'') {
			REQUIRE(i + 1 < n - 1 && text[i + 1] == '\'');
			i++;
		}
	}
}

void eat_gnuplot(const char *bytes, size_t size)
{
	struct label label = LABEL_INIT;
	struct text quoted = TEXT_INIT, field = TEXT_INIT;
	label_words(&label, bytes);
	for (const char *at = label.enhanced.at; at && *at; at++) {
		REQUIRE(!strchr("^_{}@&~", *at));
		if (*at == '\\') {
			REQUIRE(strchr("^_{}@&~\\", at[1]) && at[1]);
			at++;
		}
	}
	quote_gnuplot(&quoted, label.enhanced.at);
	check_quoted(quoted.at);
	quoted.length = 0;
	quote_gnuplot(&quoted, label.tex.at);
	check_quoted(quoted.at);
	quoted.length = 0;
	quote_gnuplot(&quoted, bytes);
	check_quoted(quoted.at);
	add_field(&field, bytes);
	for (const char *at = field.at; at && *at; at++)
		REQUIRE(!iscntrl((unsigned char)*at) && *at != '"');
	label_release(&label);
	text_release(&quoted);
	text_release(&field);
}

void eat_table(const char *bytes, size_t size)
{
	struct tsv tsv;
	tsv_parse(&tsv, bytes);
	for (int c = 0; c < tsv.columns; c++)
		REQUIRE(tsv_column(&tsv, tsv.name[c]) >= 0);
	for (size_t r = 0; r < tsv.rows; r++)
		for (int c = -1; c < tsv.columns; c++)
			tsv_value(&tsv, r, c);
	tsv_release(&tsv);
}
