/* as_text.c: a document for a terminal, at most 100 columns wide: paragraphs and cells are wrapped between words, a table too wide
 * even so becomes one list a row, a matrix too wide is shown in blocks of columns. Widths are those that people see (utf8.h).
 * Only what has no place to break is longer: the lines of DOC_CODE. */
#include <string.h>

#include "base/utf8.h"
#include "doc/doc.h"
#include "doc/words.h"

enum { INDENT = 4, GAP = 2 };

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* ---- tables ---- */

static const struct doc_cell *cell_of(const struct doc_block *block, int row, int column)
{
	return &block->cell[row * block->columns + column];
}

/* Of each column: its room, the least it can do with, and what of its cell is still to be written. */
struct columns {
	int *room, *least;
	const char **rest;
};

/* Room of each column: what its widest cell needs; while the line is too long the widest column gives way, down to its longest
 * word. Whether it fits at last. */
static bool table_rooms(const struct doc_block *block, int left, const struct columns *columns)
{
	int *room = columns->room, *least = columns->least;
	int total = left + GAP * (block->columns - 1);
	for (int c = 0; c < block->columns; c++) {
		room[c] = block->head ? words_width(block->head[c].text) : 0;
		least[c] = block->head ? words_longest(block->head[c].text) : 0;
		for (int r = 0; r < block->rows; r++) {
			room[c] = most(room[c], words_width(cell_of(block, r, c)->text));
			least[c] = most(least[c], words_longest(cell_of(block, r, c)->text));
		}
		total += room[c];
	}
	while (total > WORDS_WIDTH) {
		int widest = -1;
		for (int c = 0; c < block->columns; c++)
			if (room[c] > least[c] && (widest < 0 || room[c] > room[widest]))
				widest = c;
		if (widest < 0)
			return false;
		room[widest]--;
		total--;
	}
	return true;
}

/* A row, in as many lines as its longest cell needs. */
static void add_row(struct text *out, const struct doc_block *block, const struct doc_cell *cells, int left,
		    const struct columns *columns)
{
	const char **rest = columns->rest;
	const int *room = columns->room;
	for (int c = 0; c < block->columns; c++)
		rest[c] = cells[c].text;
	for (bool more = true; more;) {
		int blanks = left; /* owed before the next word: a line does not end in any */
		more = false;
		for (int c = 0; c < block->columns; c++) {
			size_t n = 0;
			const char *line = words_next_line(&rest[c], room[c], &n);
			const int free = room[c] - (line ? utf8_width(line, n) : 0);
			const int before = block->align[c] == 'r' ? free : block->align[c] == 'c' ? free / 2 : 0;
			if (line) {
				words_repeat(out, " ", blanks + before);
				words_add_line(out, line, n);
				blanks = 0;
			}
			blanks += free - (line ? before : 0) + GAP;
			more = more || words_left(rest[c]);
		}
		text_add(out, "\n");
	}
}

/* Too wide for columns: each row as a list of what its cells are. */
static void add_rows_as_lists(struct text *out, const struct doc_block *block, int left)
{
	int widest = 0;
	for (int c = 0; c < block->columns && block->head; c++)
		widest = most(widest, words_width(block->head[c].text));
	widest = widest > WORDS_WIDTH / 3 ? WORDS_WIDTH / 3 : widest;
	for (int r = 0; r < block->rows; r++) {
		if (r > 0)
			text_add(out, "\n");
		for (int c = 0; c < block->columns; c++) {
			const char *head = block->head ? block->head[c].text : "", *text = cell_of(block, r, c)->text;
			const int named = words_width(head), at = left + most(widest, named) + GAP;
			if (!words_left(text))
				continue;
			words_repeat(out, " ", left);
			if (at > WORDS_WIDTH / 2) { /* a head as long as a paragraph */
				words_wrap(out, head, left, left);
				words_repeat(out, " ", left + INDENT);
				words_wrap(out, text, left + INDENT, left + INDENT);
				continue;
			}
			text_add(out, "%s%*s", head, at - left - named, "");
			words_wrap(out, text, at, left + widest + GAP);
		}
	}
}

static void add_columns(struct text *out, const struct doc_block *block, int left, const struct columns *columns)
{
	if (block->head) {
		add_row(out, block, block->head, left, columns);
		words_repeat(out, " ", left);
		for (int c = 0; c < block->columns; c++) {
			words_repeat(out, "─", columns->room[c]);
			words_repeat(out, " ", c + 1 < block->columns ? GAP : 0);
		}
		text_add(out, "\n");
	}
	for (int r = 0; r < block->rows; r++)
		add_row(out, block, cell_of(block, r, 0), left, columns);
}

static void add_table(struct text *out, const struct doc_block *block, int left)
{
	struct pool pool = POOL_INIT;
	const struct columns columns = {
		POOL_TAKE(&pool, int, block->columns),
		POOL_TAKE(&pool, int, block->columns),
		POOL_TAKE(&pool, const char *, block->columns),
	};
	if (block->text) {
		words_repeat(out, " ", left);
		words_wrap(out, block->text, left, left);
		text_add(out, "\n");
	}
	if (table_rooms(block, left, &columns))
		add_columns(out, block, left, &columns);
	else
		add_rows_as_lists(out, block, left);
	pool_release(&pool);
}

static void add_terms(struct text *out, const struct doc_block *block, int left)
{
	int widest = 0;
	for (int r = 0; r < block->rows; r++)
		widest = most(widest, words_width(cell_of(block, r, 0)->text));
	widest = widest > WORDS_WIDTH / 3 ? WORDS_WIDTH / 3 : widest;
	for (int r = 0; r < block->rows; r++) {
		const char *word = cell_of(block, r, 0)->text;
		const int at = left + widest + GAP;
		words_repeat(out, " ", left);
		if (words_width(word) > widest) {
			words_wrap(out, word, left, left + INDENT);
			words_repeat(out, " ", at);
		} else {
			text_add(out, "%s%*s", word, at - left - words_width(word), "");
		}
		words_wrap(out, cell_of(block, r, 1)->text, at, at);
	}
}

/* ---- formulas and matrices ---- */

/* Columns of a number before its decimal point (or exponent, or end), and from there on. */
static void number_parts(const struct doc_block *block, int i, char buffer[32], int *before, int *after)
{
	doc_number(buffer, block->number[i], block->digits);
	*before = (int)strcspn(buffer, ".e");
	*after = (int)strlen(buffer) - *before;
}

struct column {
	int before, after; /* widest parts */
};

static struct column measure(const struct doc_block *block, int c)
{
	struct column column = {0, 0};
	for (int r = 0; r < block->R; r++) {
		char buffer[32];
		int before, after;
		number_parts(block, r * block->C + c, buffer, &before, &after);
		column.before = most(column.before, before);
		column.after = most(column.after, after);
	}
	return column;
}

/* Rows of a matrix in tall brackets, columns from … to − 1, decimal points below each other; name in the middle row. */
static void add_block(struct text *out, const struct doc_block *block, int left, const char *name, int from, int to)
{
	static const char *const brackets[][2] = {{"[", "]"}, {"⎡", "⎤"}, {"⎢", "⎥"}, {"⎣", "⎦"}};
	for (int r = 0; r < block->R; r++) {
		const int kind = block->R == 1 ? 0 : r == 0 ? 1 : r == block->R - 1 ? 3 : 2;
		words_repeat(out, " ", left);
		if (r == (block->R - 1) / 2)
			text_add(out, "%s = ", name);
		else
			words_repeat(out, " ", words_width(name) + 3);
		text_add(out, "%s", brackets[kind][0]);
		for (int c = from; c < to; c++) {
			char buffer[32];
			int before, after;
			const struct column column = measure(block, c);
			number_parts(block, r * block->C + c, buffer, &before, &after);
			text_add(out, "%*s%s%*s", 1 + (c > from) + column.before - before, "", buffer,
				 column.after - after, "");
		}
		text_add(out, " %s\n", brackets[kind][1]);
	}
}

/* The first column that does not fit beside column `from` and those after it, behind a name of that width. */
static int columns_end(const struct doc_block *block, int left, int name, int from)
{
	int c = from;
	for (int used = left + name + 5; c < block->C; c++) {
		const struct column column = measure(block, c);
		used += 2 + column.before + column.after;
		if (used > WORDS_WIDTH && c > from)
			break;
	}
	return c;
}

static void add_matrix(struct text *out, const struct doc_block *block, int left)
{
	enum { NUMBERED = sizeof ", columns 1000-1000" };
	const int name = words_width(block->text);
	char buffer[32];
	left += INDENT;
	if (block->R == 1 && block->C == 1) {
		words_repeat(out, " ", left);
		text_add(out, "%s = %s\n", block->text, doc_number(buffer, block->number[0], block->digits));
	} else if (columns_end(block, left, name, 0) == block->C) {
		add_block(out, block, left, block->text, 0, block->C);
	} else {
		for (int from = 0, to; from < block->C; from = to) {
			struct text numbered = TEXT_INIT;
			to = columns_end(block, left, name + NUMBERED, from);
			text_add(&numbered, "%s, columns %d-%d", block->text, from + 1, to);
			if (from > 0)
				text_add(out, "\n");
			add_block(out, block, left, numbered.at, from, to);
			text_release(&numbered);
		}
	}
}

/* ---- the rest ---- */

/* Level 0 is the title. */
static void add_heading(struct text *out, const char *text, int level)
{
	static const char *const lines[] = {"═", "─", "┄"};
	words_wrap(out, text, 0, 0);
	words_repeat(out,
		     lines[level < 0   ? 0
			   : level > 2 ? 2
				       : level],
		     words_width(text) > WORDS_WIDTH ? WORDS_WIDTH : words_width(text));
	text_add(out, "\n");
}

static void add_code(struct text *out, const char *text, int left)
{
	while (*text) {
		const size_t n = strcspn(text, "\n");
		if (n > 0)
			words_repeat(out, " ", left + INDENT);
		text_add_bytes(out, text, n);
		text_add(out, "\n");
		text += n + (text[n] == '\n');
	}
}

static void add_figure(struct text *out, const struct doc_figure *figure, int left)
{
	const char *caption = figure->caption ? figure->caption : "", *alt = figure->alt ? figure->alt : "";
	struct text line = TEXT_INIT;
	text_add(&line, "Figure %s%s%s", figure->path ? figure->path : figure->name, *caption ? ": " : "", caption);
	words_repeat(out, " ", left);
	words_wrap(out, line.at, left, left);
	if (*alt) {
		words_repeat(out, " ", left + INDENT);
		words_wrap(out, alt, left + INDENT, left + INDENT);
	}
	text_release(&line);
}

static void add_block_of(struct text *out, const struct doc_block *block, int *left)
{
	switch (block->kind) {
	case DOC_HEADING:
		add_heading(out, block->text, block->level);
		return;
	case DOC_TEXT:
	case DOC_FOLD:
		words_repeat(out, " ", *left);
		words_wrap(out, block->text, *left, *left);
		*left += block->kind == DOC_FOLD ? GAP : 0;
		return;
	case DOC_FOLD_END:
		*left -= GAP;
		return;
	case DOC_CODE:
		add_code(out, block->text, *left);
		return;
	case DOC_TERMS:
		add_terms(out, block, *left);
		return;
	case DOC_TABLE:
		add_table(out, block, *left);
		return;
	case DOC_FORMULA:
		words_repeat(out, " ", *left + INDENT);
		words_wrap(out, block->text, *left + INDENT, *left + 2 * INDENT);
		return;
	case DOC_MATRIX:
		add_matrix(out, block, *left);
		return;
	case DOC_FIGURE:
		add_figure(out, &block->figure, *left);
		return;
	}
}

/* Formulas that follow each other stand together. */
static bool together(const struct doc_block *block, const struct doc_block *next)
{
	return block->kind == DOC_FORMULA && next && next->kind == DOC_FORMULA;
}

void doc_write_text(const struct doc *doc, struct text *out)
{
	int left = 0;
	add_heading(out, doc->title, 0);
	if (doc->lead && *doc->lead) {
		text_add(out, "\n");
		words_wrap(out, doc->lead, 0, 0);
	}
	for (const struct doc_block *block = doc->first, *before = NULL; block; before = block, block = block->next) {
		if (block->kind != DOC_FOLD_END && !(before && together(before, block)))
			text_add(out, "\n");
		add_block_of(out, block, &left);
	}
}
