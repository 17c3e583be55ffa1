/* as_markdown.c: a document as Markdown (CommonMark with GitHub's tables and math). Figures are references to files. */
#include <ctype.h>
#include <string.h>

#include "doc/doc.h"

/* Every sign that means something anywhere in Markdown or HTML is escaped by a backslash, which it may always be. Line ends would begin
 * blocks: they become blanks. start: at the start of a line, where more signs do. */
static void add_words(struct text *out, const char *text, bool start)
{
	const char *digits = text + strspn(text, "0123456789");
	for (const char *at = text; *at; at++) {
		const unsigned char c = (unsigned char)*at;
		const bool begins = start && ((at == text && strchr("#+-=", c)) ||
					      (at == digits && digits > text && strchr(".)", c)));
		if (c < 0x20 || c == 0x7f)
			text_add(out, " ");
		else if (begins || strchr("\\`*_[]<>|~$&", c))
			text_add(out, "\\%c", c);
		else
			text_add_bytes(out, at, 1);
	}
}

/* In a table a bar ends a cell, in TeX as anywhere. */
static void add_tex(struct text *out, const char *tex)
{
	for (; *tex; tex++)
		text_add(out, *tex == '|' ? "\\vert " : *tex == '\n' ? " " : "%c", *tex);
}

static void add_cell(struct text *out, const struct doc_cell *cell)
{
	static const char *const sign[] = {"", "✓ ", "✗ ", "? "};
	text_add(out, "%s", sign[cell->mark]);
	if (cell->tex) {
		text_add(out, "$");
		add_tex(out, cell->tex);
		text_add(out, "$");
	} else {
		add_words(out, cell->text, false);
	}
}

static void add_table(struct text *out, const struct doc_block *block)
{
	if (block->text && *block->text) {
		text_add(out, "**");
		add_words(out, block->text, false);
		text_add(out, "**\n\n");
	}
	for (int r = -2; r < block->rows; r++) {
		for (int c = 0; c < block->columns; c++) {
			text_add(out, c ? " " : "| ");
			if (r == -2 && block->head)
				add_cell(out, &block->head[c]);
			else if (r == -1)
				text_add(out, block->align[c] == 'r'   ? "---:"
					      : block->align[c] == 'c' ? ":---:"
								       : "---");
			else if (r >= 0)
				add_cell(out, &block->cell[r * block->columns + c]);
			text_add(out, " |");
		}
		text_add(out, "\n");
	}
	text_add(out, "\n");
}

/* A fence longer than any inside. */
static void add_code(struct text *out, const char *code)
{
	size_t longest = 2;
	for (const char *at = code; *at; at++) {
		const size_t n = strspn(at, "`");
		longest = n > longest ? n : longest;
	}
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i <= longest; i++)
			text_add(out, "`");
		if (side == 0)
			text_add(out, "\n%s%s", code, *code && code[strlen(code) - 1] == '\n' ? "" : "\n");
	}
	text_add(out, "\n\n");
}

static void add_formula(struct text *out, const struct doc_block *block)
{
	if (block->tex)
		text_add(out, "$$\n%s\n$$\n\n", block->tex);
	else
		add_code(out, block->text);
}

static void add_matrix(struct text *out, const struct doc_block *block)
{
	text_add(out, "$$\n%s = \\begin{bmatrix}\n", block->tex ? block->tex : block->text);
	for (int r = 0; r < block->R; r++) {
		for (int c = 0; c < block->C; c++) {
			char number[32];
			doc_number(number, block->number[r * block->C + c], block->digits);
			text_add(out, "%s%s", c ? " & " : "", number);
		}
		text_add(out, r + 1 < block->R ? " \\\\\n" : "\n");
	}
	text_add(out, "\\end{bmatrix}\n$$\n\n");
}

static void add_figure(struct text *out, const struct doc_figure *figure)
{
	text_add(out, "![");
	add_words(out, figure->alt, false);
	text_add(out, "](<");
	for (const char *at = figure->path ? figure->path : figure->name; *at; at++) /* < and > would end it */
		text_add(out, strchr("<>\\", *at) ? "\\%c" : *at == '\n' ? "%%0A" : "%c", *at);
	text_add(out, ".svg>)\n\n");
	if (!*figure->caption)
		return;
	text_add(out, "*");
	add_words(out, figure->caption, false);
	text_add(out, "*\n\n");
}

static void add_summary(struct text *out, const char *text)
{
	text_add(out, "<details>\n<summary>");
	for (; *text; text++) {
		if (*text == '<' || *text == '&')
			text_add(out, *text == '<' ? "&lt;" : "&amp;");
		else
			text_add(out, "%c", (unsigned char)*text < 32 ? ' ' : *text);
	}
	text_add(out, "</summary>\n\n");
}

static void add_block(struct text *out, const struct doc_block *block)
{
	switch (block->kind) {
	case DOC_HEADING:
		text_add(out, "%.*s ", block->level + 1, "######");
		add_words(out, block->text, true);
		text_add(out, "\n\n");
		break;
	case DOC_TEXT:
		add_words(out, block->text, true);
		text_add(out, "\n\n");
		break;
	case DOC_CODE:
		add_code(out, block->text);
		break;
	case DOC_TERMS:
		for (int r = 0; r < block->rows; r++) {
			text_add(out, "- **");
			add_cell(out, &block->cell[2 * r]);
			text_add(out, "**: ");
			add_cell(out, &block->cell[2 * r + 1]);
			text_add(out, "\n");
		}
		text_add(out, "\n");
		break;
	case DOC_TABLE:
		add_table(out, block);
		break;
	case DOC_FORMULA:
		add_formula(out, block);
		break;
	case DOC_MATRIX:
		add_matrix(out, block);
		break;
	case DOC_FIGURE:
		add_figure(out, &block->figure);
		break;
	case DOC_FOLD:
		add_summary(out, block->text);
		break;
	case DOC_FOLD_END:
		text_add(out, "</details>\n\n");
		break;
	}
}

void doc_write_markdown(const struct doc *doc, struct text *out)
{
	text_add(out, "# ");
	add_words(out, doc->title, true);
	text_add(out, "\n\n");
	if (*doc->lead) {
		add_words(out, doc->lead, true);
		text_add(out, "\n\n");
	}
	for (const struct doc_block *block = doc->first; block; block = block->next)
		add_block(out, block);
}
