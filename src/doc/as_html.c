/* as_html.c: a document as one HTML page: no script, nothing loaded, all text through html_escape. The structure is for readers of every
 * kind: one h1, landmarks, a skip link, tables with captions and headers in boxes that scroll by themselves, drawings with names. */
#include <string.h>

#include "doc/doc.h"
#include "doc/html_style.h"
#include "doc/html_svg.h"
#include "doc/html_text.h"

enum { WORDY = 28 }; /* characters of a cell that make it a column of sentences */

struct page {
	struct text body, style; /* style: of the drawings */
	struct text used;        /* ids, a line each */
	struct pool pool;
	int figures, boxes;
};

/* An id like the wish that no other part of the page has; in the pool. */
static const char *new_id(struct page *page, const char *wish)
{
	struct text slug = TEXT_INIT;
	html_slug(&slug, wish);
	const char *id = pool_text(&page->pool, slug.at ? slug.at : "part");
	for (int n = 2; strstr(page->used.at, pool_format(&page->pool, "\n%s\n", id)); n++)
		id = pool_format(&page->pool, "%s-%d", slug.at ? slug.at : "part", n);
	text_release(&slug);
	text_add(&page->used, "%s\n", id);
	return id;
}

static void add_escaped(struct page *page, const char *before, const char *text, const char *after)
{
	text_add(&page->body, "%s", before);
	html_escape(&page->body, text);
	text_add(&page->body, "%s", after);
}

/* ---- tables ---- */

static void add_cell_text(struct text *out, const struct doc_cell *cell)
{
	static const char *const class[] = {"", "good", "bad", "open"}, *const sign[] = {"", "✓", "✗", "?"};
	if (cell->mark)
		text_add(out, "<span class=\"mark %s\"><span aria-hidden=\"true\">%s</span> ", class[cell->mark],
			 sign[cell->mark]);
	(cell->tex ? html_formula : html_escape)(out, cell->text);
	text_add(out, cell->mark ? "</span>" : "");
}

/* Whether a column holds sentences. */
static bool is_wordy(const struct doc_block *block, int column)
{
	for (int r = 0; r < block->rows && block->align[column] == 'l'; r++)
		if (strlen(block->cell[r * block->columns + column].text) > WORDY)
			return true;
	return false;
}

/* The column that names a row: the first of words that is no verdict; −1: there is none. */
static int naming_column(const struct doc_block *block)
{
	for (int c = 0; c < block->columns; c++)
		if (block->align[c] == 'l' && (block->rows == 0 || block->cell[c].mark == MARK_NONE))
			return c;
	return block->columns > 0 ? 0 : -1;
}

static void add_row(struct page *page, const struct doc_block *block, int row, int naming, const bool *wide, bool words)
{
	struct text *out = &page->body;
	text_add(out, "<tr%s>", words ? " role=\"row\"" : "");
	for (int c = 0; c < block->columns; c++) {
		const bool names = c == naming;
		const char align = block->align[c];
		text_add(out, names ? "<th scope=\"row\"" : "<td");
		if (words)
			text_add(out, " role=\"%s\"", names ? "rowheader" : "cell");
		const bool none = strcmp(block->cell[row * block->columns + c].text, "–") == 0;
		if (align != 'l' || wide[c] || none)
			text_add(out, " class=\"%s%s%s\"",
				 align == 'l'   ? ""
				 : align == 'r' ? "r"
						: "c",
				 wide[c] ? "wide" : "", none ? " none" : "");
		if (words && block->head && !names && block->cell[row * block->columns + c].mark == MARK_NONE)
			add_escaped(page, " data-is=\"", block->head[c].text, "\"");
		text_add(out, ">");
		add_cell_text(out, &block->cell[row * block->columns + c]);
		text_add(out, names ? "</th>" : "</td>");
	}
	text_add(out, "</tr>\n");
}

static void add_table(struct page *page, const struct doc_block *block)
{
	struct text *out = &page->body;
	bool *wide = POOL_TAKE(&page->pool, bool, block->columns + 1), words = false;
	for (int c = 0; c < block->columns; c++)
		words |= wide[c] = is_wordy(block, c);
	const char *role = words ? " role=\"rowgroup\"" : "";
	text_add(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
	if (block->text && *block->text)
		html_escape(out, block->text);
	else
		text_add(out, "Table %d", ++page->boxes);
	text_add(out, "\"><table%s>\n", words ? " class=\"words\" role=\"table\"" : "");
	if (block->text && *block->text)
		add_escaped(page, "<caption>", block->text, "</caption>\n");
	if (block->head) {
		text_add(out, "<thead%s><tr%s>", role, words ? " role=\"row\"" : "");
		for (int c = 0; c < block->columns; c++) {
			text_add(out, "<th scope=\"col\"%s%s>", words ? " role=\"columnheader\"" : "",
				 block->align[c] == 'r'   ? " class=\"r\""
				 : block->align[c] == 'c' ? " class=\"c\""
							  : "");
			add_cell_text(out, &block->head[c]);
			text_add(out, "</th>");
		}
		text_add(out, "</tr></thead>\n");
	}
	text_add(out, "<tbody%s>\n", role);
	for (int r = 0; r < block->rows; r++)
		add_row(page, block, r, naming_column(block), wide, words);
	if (block->rows == 0)
		text_add(out, "<tr%s><td%s colspan=\"%d\">none</td></tr>\n", words ? " role=\"row\"" : "",
			 words ? " role=\"cell\"" : "", block->columns);
	text_add(out, "</tbody></table></div>\n");
}

static void add_terms(struct page *page, const struct doc_block *block)
{
	text_add(&page->body, "<dl>\n");
	for (int r = 0; r < block->rows; r++) {
		text_add(&page->body, "<dt>");
		add_cell_text(&page->body, &block->cell[2 * r]);
		text_add(&page->body, "</dt><dd>");
		add_cell_text(&page->body, &block->cell[2 * r + 1]);
		text_add(&page->body, "</dd>\n");
	}
	text_add(&page->body, "</dl>\n");
}

/* ---- the rest ---- */

/* The brackets and numbers are MathML, which browsers read out and stretch. */
static void add_matrix(struct page *page, const struct doc_block *block)
{
	struct text *out = &page->body;
	text_add(out, "<div class=\"matrix\" tabindex=\"0\" role=\"region\" aria-label=\"");
	html_escape(out, block->text);
	text_add(out, ", %d × %d\"><span>", block->R, block->C);
	html_formula(out, block->text);
	text_add(out, " =</span><math><mrow><mo stretchy=\"true\">[</mo><mtable>\n");
	for (int r = 0; r < block->R; r++) {
		text_add(out, "<mtr>");
		for (int c = 0; c < block->C; c++) {
			char number[32];
			doc_number(number, block->number[r * block->C + c], block->digits);
			text_add(out, "<mtd><mn>");
			for (const char *at = number; *at; at++)
				text_add(out, *at == '-' ? "−" : "%c", *at);
			text_add(out, "</mn></mtd>");
		}
		text_add(out, "</mtr>\n");
	}
	text_add(out, "</mtable><mo stretchy=\"true\">]</mo></mrow></math></div>\n");
}

static void add_drawing(struct page *page, const struct doc_figure *figure, const char *svg, const char *class)
{
	if (!svg)
		return;
	const struct html_drawing drawing = {
		svg, pool_format(&page->pool, "f%d-%s-", page->figures, class), class, figure->name, figure->alt,
	};
	if (!html_svg(&page->body, &page->style, &drawing)) {
		add_escaped(page, "<p>The drawing of ", figure->name,
			    " is left out: its file holds what no drawing of fathom does.</p>\n");
	}
}

static void add_figure(struct page *page, const struct doc_figure *figure, const char *id)
{
	struct text *out = &page->body;
	page->figures++;
	text_add(out, "<figure id=\"%s\">\n", id);
	add_drawing(page, figure, figure->narrow, "slim");
	add_drawing(page, figure, figure->wide, "broad");
	if (!figure->wide && !figure->narrow) {
		add_escaped(page, "<p>", figure->alt, "</p>\n");
		add_escaped(page, "<p>The picture: ", figure->path ? figure->path : figure->name, ".svg</p>\n");
	}
	text_add(out, "<figcaption><b>Figure %d.</b> ", page->figures);
	add_escaped(page, "", *figure->caption ? figure->caption : figure->name, "</figcaption></figure>\n");
}

static void add_block(struct page *page, const struct doc_block *block, const char *id)
{
	struct text *out = &page->body;
	switch (block->kind) {
	case DOC_HEADING:
		text_add(out, "<h%d id=\"%s\">", block->level + 1, id);
		html_escape(out, block->text);
		text_add(out, "</h%d>\n", block->level + 1);
		break;
	case DOC_TEXT:
		add_escaped(page, "<p>", block->text, "</p>\n");
		break;
	case DOC_CODE:
		add_escaped(page, "<pre tabindex=\"0\"><code>", block->text, "</code></pre>\n");
		break;
	case DOC_TERMS:
		add_terms(page, block);
		break;
	case DOC_TABLE:
		add_table(page, block);
		break;
	case DOC_FORMULA:
		text_add(out, "<p class=\"formula\">");
		html_formula(out, block->text);
		text_add(out, "</p>\n");
		break;
	case DOC_MATRIX:
		add_matrix(page, block);
		break;
	case DOC_FIGURE:
		add_figure(page, &block->figure, id);
		break;
	case DOC_FOLD:
		add_escaped(page, "<details><summary>", block->text, "</summary>\n");
		break;
	case DOC_FOLD_END:
		text_add(out, "</details>\n");
		break;
	}
}

/* The contents: headings of level 1, and below each, if there are few, those of level 2. False: fewer than two, no list. */
static bool add_contents(struct text *out, const struct doc *doc, const char *const *id)
{
	enum { FEW = 5 };
	int sections = 0, level = 0, i = 0;
	for (const struct doc_block *block = doc->first; block; block = block->next)
		sections += block->kind == DOC_HEADING && block->level == 1;
	if (sections < 2)
		return false;
	text_add(out, "<nav aria-label=\"Contents\"><p>Contents</p>\n");
	for (const struct doc_block *block = doc->first; block; block = block->next, i++) {
		if (block->kind != DOC_HEADING || block->level > (sections > FEW ? 1 : 2) || block->level > level + 1)
			continue;
		text_add(out, block->level > level ? "<ol>" : block->level == level ? "</li>" : "</li></ol></li>");
		level = block->level;
		text_add(out, "\n<li><a href=\"#%s\">", id[i]);
		html_escape(out, block->text);
		text_add(out, "</a>");
	}
	text_add(out, level == 2 ? "</li></ol></li></ol>\n</nav>\n" : "</li></ol>\n</nav>\n");
	return true;
}

static void add_head(struct text *out, const struct doc *doc, const struct text *style)
{
	text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
	html_escape(out, doc->title);
	text_add(
		out,
		"</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
		"img-src data:\">\n<meta name=\"generator\" content=\"fathom\">\n<link rel=\"icon\" href=\"data:,\">\n"
		"<style>\n%s",
		html_style);
	if (style->length) /* dark rules of drawings have no place on paper */
		text_add(out, "@media screen {%s}\n", style->at);
	text_add(out, "</style>\n</head>\n");
}

void doc_write_html(const struct doc *doc, struct text *out)
{
	struct page page = {0};
	struct text contents = TEXT_INIT;
	int n = 0, i = 0;
	for (const struct doc_block *block = doc->first; block; block = block->next)
		n++;
	const char **id = POOL_TAKE(&page.pool, const char *, n + 1);
	text_add(&page.used, "\nmain\n");
	for (const struct doc_block *block = doc->first; block; block = block->next, i++)
		if (block->kind == DOC_HEADING)
			id[i] = new_id(&page, block->id ? block->id : block->text);
		else if (block->kind == DOC_FIGURE)
			id[i] = new_id(&page, pool_format(&page.pool, "figure-%s", block->figure.name));
	i = 0;
	for (const struct doc_block *block = doc->first; block; block = block->next)
		add_block(&page, block, id[i++]);
	const bool listed = add_contents(&contents, doc, id);
	add_head(out, doc, &page.style);
	text_add(out, "<body%s>\n<a class=\"skip\" href=\"#main\">To the text</a>\n<header>\n<h1>",
		 listed ? " class=\"listed\"" : "");
	html_escape(out, doc->title);
	text_add(out, "</h1>\n");
	if (*doc->lead) {
		text_add(out, "<p class=\"lead\">");
		html_escape(out, doc->lead);
		text_add(out, "</p>\n");
	}
	text_add(out, "</header>\n%s<main id=\"main\" tabindex=\"-1\">\n", contents.at ? contents.at : "");
	text_add_bytes(out, page.body.at ? page.body.at : "", page.body.length);
	text_add(out, "</main>\n</body>\n</html>\n");
	text_release(&contents);
	text_release(&page.body);
	text_release(&page.style);
	text_release(&page.used);
	pool_release(&page.pool);
}
