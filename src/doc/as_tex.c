/* as_tex.c: a document as a part of a LaTeX one, to \input. Its preamble needs amsmath, booktabs and graphicx, and with pdfTeX
 * utf8 input (LaTeX's own since 2018). The title becomes a section, headings what is below it. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "doc/doc.h"
#include "doc/tex_escape.h"

/* A name for \label: letters, digits and - only. */
static void add_label(struct text *out, const char *what, const char *name)
{
	text_add(out, "\\label{%s", what);
	for (; *name; name++)
		text_add(out, "%c",
			 (*name >= '0' && *name <= '9') || ((*name | 32) >= 'a' && (*name | 32) <= 'z') ? *name : '-');
	text_add(out, "}\n");
}

/* ---- mathematics ---- */

static void add_number(struct text *out, double value, int digits)
{
	char buffer[32];
	if (isnan(value)) {
		text_add(out, "\\mathrm{NaN}");
		return;
	}
	if (isinf(value)) {
		text_add(out, value < 0 ? "-\\infty" : "\\infty");
		return;
	}
	const char *number = doc_number(buffer, value, digits), *e = strchr(number, 'e');
	if (e)
		text_add(out, "%.*s\\cdot 10^{%d}", (int)(e - number), number, (int)strtol(e + 1, NULL, 10));
	else
		text_add(out, "%s", number);
}

static void add_matrix(struct text *out, const struct doc_block *block)
{
	if (block->C > 10) /* amsmath's limit is not larger by itself */
		text_add(out, "\\setcounter{MaxMatrixCols}{%d}\n", block->C);
	text_add(out, "\\[\n%s = ", block->tex);
	if (block->R == 1 && block->C == 1)
		add_number(out, block->number[0], block->digits);
	else
		text_add(out, "\\begin{pmatrix}\n");
	for (int r = 0; r < block->R && block->R * block->C > 1; r++)
		for (int c = 0; c < block->C; c++) {
			add_number(out, block->number[r * block->C + c], block->digits);
			text_add(out, c + 1 < block->C ? " & " : r + 1 < block->R ? " \\\\\n" : "\n\\end{pmatrix}");
		}
	text_add(out, "\n\\]\n");
}

/* The next = outside of braces from `at` on; the end if there is none. */
static size_t equals(const char *tex, size_t at)
{
	int depth = 0;
	for (; tex[at]; at++) {
		if (tex[at] == '\\' && tex[at + 1])
			at++;
		else if (tex[at] == '{' || tex[at] == '}')
			depth += tex[at] == '{' ? 1 : -1;
		else if (tex[at] == '=' && depth == 0)
			break;
	}
	return at;
}

/* Longer than a line of text: its last = and what follows begin a new one. */
static bool is_long(const struct doc_block *block)
{
	return utf8_width(block->text, strlen(block->text)) > 64;
}

/* A line, or two, of an aligned display. */
static void add_aligned(struct text *out, const struct doc_block *block)
{
	const char *tex = block->tex;
	const size_t first = equals(tex, 0);
	size_t last = first;
	for (size_t next; tex[last] && (next = equals(tex, last + 1), tex[next]);)
		last = next;
	text_add(out, "%.*s&", (int)first, tex);
	if (is_long(block) && last > first)
		text_add(out, "%.*s\\\\\n&%s", (int)(last - first), tex + first, tex + last);
	else
		text_add(out, "%s", tex + first);
}

/* Formulas that follow each other are one display, aligned at their =. Returns the last. */
static const struct doc_block *add_formulas(struct text *out, const struct doc_block *block)
{
	const bool aligned = is_long(block) || (block->next && block->next->kind == DOC_FORMULA);
	text_add(out, aligned ? "\\[\n\\begin{aligned}\n" : "\\[\n");
	for (;; block = block->next) {
		const bool more = block->next && block->next->kind == DOC_FORMULA;
		if (!block->tex) {
			text_add(out, "\\text{");
			tex_escape(out, block->text);
			text_add(out, "}");
		} else if (aligned) {
			add_aligned(out, block);
		} else {
			text_add(out, "%s", block->tex);
		}
		text_add(out, more ? " \\\\\n" : "\n");
		if (!more)
			break;
	}
	text_add(out, aligned ? "\\end{aligned}\n\\]\n" : "\\]\n");
	return block;
}

/* ---- tables ---- */

static void add_cell(struct text *out, const struct doc_cell *cell)
{
	if (cell->tex)
		text_add(out, "$%s$", cell->tex);
	else
		tex_escape(out, cell->text);
}

/* The row without column `apart`. */
static void add_row(struct text *out, const struct doc_block *block, const struct doc_cell *cell, int apart)
{
	const char *between = "";
	for (int c = 0; c < block->columns; c++) {
		if (c == apart)
			continue;
		text_add(out, "%s", between);
		add_cell(out, &cell[c]);
		between = " & ";
	}
	text_add(out, " \\\\\n");
}

static int widest(const struct doc_block *block, int c)
{
	int most = block->head ? utf8_width(block->head[c].text, strlen(block->head[c].text)) : 0;
	for (int r = 0; r < block->rows; r++) {
		const char *text = block->cell[r * block->columns + c].text;
		const int width = utf8_width(text, strlen(text));
		most = width > most ? width : most;
	}
	return most;
}

/* A line of text holds about LINE letters. Where a table needs more, its columns of long sentences become paragraphs that share
 * what the others leave; one that would be left too little is set apart: its cell is a line of its own above the row. */
enum { LINE = 80, LONG = 24, LEAST = 12, TOO_LITTLE = 26 };

struct widths {
	int total, sentences, columns_of_sentences, last;
};

static bool is_sentence(const struct doc_block *block, int c)
{
	return block->align[c] == 'l' && widest(block, c) > LONG;
}

static struct widths measure(const struct doc_block *block)
{
	struct widths widths = {.last = -1};
	for (int c = 0; c < block->columns; c++) {
		const int width = widest(block, c);
		widths.total += width + 2;
		if (!is_sentence(block, c))
			continue;
		widths.sentences += width;
		widths.columns_of_sentences++;
		widths.last = c;
	}
	return widths;
}

/* Room for sentences, in letters. */
static int room_of(const struct widths *widths)
{
	const int room = LINE - (widths->total - widths->sentences);
	return room > LEAST ? room : LEAST;
}

/* The column that is set apart, −1: none. */
static int column_apart(const struct widths *widths)
{
	return widths->total > LINE && widths->columns_of_sentences == 1 && room_of(widths) < TOO_LITTLE ? widths->last
													 : -1;
}

static void add_alignment(struct text *out, const struct doc_block *block, const struct widths *widths, int apart)
{
	for (int c = 0; c < block->columns; c++)
		if (c != apart && widths->total > LINE && is_sentence(block, c))
			text_add(out, "p{%.2f\\linewidth}",
				 (double)room_of(widths) * widest(block, c) / widths->sentences / LINE);
		else if (c != apart)
			text_add_bytes(out, &block->align[c], 1);
}

static void add_table(struct text *out, const struct doc_block *block)
{
	const struct widths widths = measure(block);
	const int apart = column_apart(&widths);
	text_add(out, "\\begin{center}\n");
	if (block->text) {
		text_add(out, "\\textit{");
		tex_escape(out, block->text);
		text_add(out, "}\\par\\nopagebreak\\smallskip\n");
	}
	text_add(out, "\\begin{tabular}{");
	add_alignment(out, block, &widths, apart);
	text_add(out, "}\n\\toprule\n");
	if (block->head) {
		add_row(out, block, block->head, apart);
		text_add(out, "\\midrule\n");
	}
	for (int r = 0; r < block->rows; r++) {
		const struct doc_cell *cell = &block->cell[r * block->columns];
		if (apart >= 0) {
			text_add(out, "%s\\multicolumn{%d}{p{0.95\\linewidth}}{", r > 0 ? "\\addlinespace\n" : "",
				 block->columns - 1);
			add_cell(out, &cell[apart]);
			text_add(out, "} \\\\*\n");
		}
		add_row(out, block, cell, apart);
	}
	text_add(out, "\\bottomrule\n\\end{tabular}\n\\end{center}\n");
}

static void add_terms(struct text *out, const struct doc_block *block)
{
	text_add(out, "\\begin{description}\n");
	for (int r = 0; r < block->rows; r++) {
		text_add(out, "\\item[{");
		add_cell(out, &block->cell[2 * r]);
		text_add(out, "}] ");
		add_cell(out, &block->cell[2 * r + 1]);
		text_add(out, "\n");
	}
	text_add(out, "\\end{description}\n");
}

/* ---- the rest ---- */

/* Level 0 is the title. */
static void add_heading(struct text *out, const char *words, const char *id, int level)
{
	static const char *const names[] = {"section", "subsection", "subsubsection", "paragraph", "subparagraph"};
	text_add(out, "\\%s{", names[level < 0 ? 0 : level > 4 ? 4 : level]);
	tex_escape(out, words);
	text_add(out, "}\n");
	if (id)
		add_label(out, "sec:", id);
}

static void add_code(struct text *out, const char *code)
{
	text_add(out, "\\begin{quote}\\parskip=0pt\\ttfamily\\frenchspacing\\raggedright\n");
	while (*code) {
		const size_t n = strcspn(code, "\n");
		text_add(out, "\\mbox{}");
		tex_escape_bytes(out, code, n, true);
		text_add(out, "\\par\n");
		code += n + (code[n] == '\n');
	}
	text_add(out, "\\end{quote}\n");
}

/* The path is a file's: only what ends it or begins a comment is escaped, by graphicx's own rules. What the figure shows stands
 * beside it as a comment: LaTeX has no place for it. */
static void add_figure(struct text *out, const struct doc_figure *figure)
{
	text_add(out, "\\begin{figure}[htbp]\n\\centering\n");
	for (const char *alt = figure->alt ? figure->alt : ""; *alt;) {
		const size_t n = strcspn(alt, "\n\r");
		text_add(out, "%% %.*s\n", (int)n, alt);
		alt += n + (alt[n] != '\0');
	}
	text_add(out, "\\includegraphics[width=\\linewidth]{\\detokenize{");
	for (const char *c = figure->path ? figure->path : figure->name; *c; c++)
		if (!strchr("{}%\\\n\r", *c)) /* no figure's name has any */
			text_add_bytes(out, c, 1);
	text_add(out, "}}\n");
	if (figure->caption && *figure->caption) {
		text_add(out, "\\caption{");
		tex_escape(out, figure->caption);
		text_add(out, "}\n");
	}
	if (figure->name)
		add_label(out, "fig:", figure->name);
	text_add(out, "\\end{figure}\n");
}

static const struct doc_block *add_block(struct text *out, const struct doc_block *block)
{
	switch (block->kind) {
	case DOC_HEADING:
		add_heading(out, block->text, block->id, block->level);
		break;
	case DOC_TEXT:
		tex_escape(out, block->text);
		text_add(out, "\n");
		break;
	case DOC_FOLD:
		add_heading(out, block->text, NULL, 3);
		break;
	case DOC_FOLD_END:
		break;
	case DOC_CODE:
		add_code(out, block->text);
		break;
	case DOC_TERMS:
		add_terms(out, block);
		break;
	case DOC_TABLE:
		add_table(out, block);
		break;
	case DOC_FORMULA:
		return add_formulas(out, block);
	case DOC_MATRIX:
		add_matrix(out, block);
		break;
	case DOC_FIGURE:
		add_figure(out, &block->figure);
		break;
	}
	return block;
}

void doc_write_tex(const struct doc *doc, struct text *out)
{
	text_add(out, "%% to be \\input into a document with \\usepackage{amsmath,booktabs,graphicx}\n");
	add_heading(out, doc->title, NULL, 0);
	if (doc->lead && *doc->lead) {
		tex_escape(out, doc->lead);
		text_add(out, "\n");
	}
	for (const struct doc_block *block = doc->first; block; block = block->next) {
		if (block->kind == DOC_TEXT || block->kind == DOC_HEADING || block->kind == DOC_FOLD ||
		    block->kind == DOC_TABLE)
			text_add(out, "\n");
		block = add_block(out, block);
	}
}
