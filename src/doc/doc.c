/* doc.c: adds parts to a document, see doc.h. */
#include "doc/doc.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void doc_init(struct doc *doc, const char *title, const char *lead)
{
	*doc = (struct doc){0};
	doc->title = pool_text(&doc->pool, title);
	doc->lead = pool_text(&doc->pool, lead);
}

void doc_release(struct doc *doc)
{
	pool_release(&doc->pool);
	*doc = (struct doc){0};
}

static struct doc_block *add(struct doc *doc, enum doc_kind kind)
{
	struct doc_block *block = POOL_TAKE(&doc->pool, struct doc_block, 1);
	block->kind = kind;
	*(doc->last ? &doc->last->next : &doc->first) = block;
	return doc->last = block;
}

static const char *keep(struct doc *doc, const char *text)
{
	return text ? pool_text(&doc->pool, text) : NULL;
}

static const char *format_text(struct doc *doc, const char *format, va_list list)
{
	char *text;
	if (vasprintf(&text, format, list) < 0)
		NO_MEMORY("out of memory");
	const char *kept = pool_text(&doc->pool, text);
	free(text);
	return kept;
}

#define FORMAT_TEXT(doc, target)                                                                                       \
	do {                                                                                                           \
		va_list list;                                                                                          \
		va_start(list, format);                                                                                \
		(target) = format_text((doc), format, list);                                                           \
		va_end(list);                                                                                          \
	} while (0)

void doc_heading(struct doc *doc, int level, const char *id, const char *format, ...)
{
	struct doc_block *block = add(doc, DOC_HEADING);
	block->level = level;
	block->id = keep(doc, id);
	FORMAT_TEXT(doc, block->text);
}

void doc_text(struct doc *doc, const char *format, ...)
{
	struct doc_block *block = add(doc, DOC_TEXT);
	FORMAT_TEXT(doc, block->text);
}

void doc_code(struct doc *doc, const char *text)
{
	add(doc, DOC_CODE)->text = keep(doc, text);
}

void doc_formula(struct doc *doc, const char *plain, const char *tex)
{
	struct doc_block *block = add(doc, DOC_FORMULA);
	block->text = keep(doc, plain);
	block->tex = keep(doc, tex);
}

void doc_matrix(struct doc *doc, const char *plain, const char *tex, int R, int C, const double *number, int digits)
{
	struct doc_block *block = add(doc, DOC_MATRIX);
	const size_t n = (size_t)R * (size_t)C;
	block->text = keep(doc, plain);
	block->tex = keep(doc, tex);
	block->R = R, block->C = C, block->digits = digits;
	block->number = memcpy(POOL_TAKE(&doc->pool, double, n), number, n * sizeof *number);
}

void doc_figure(struct doc *doc, const struct doc_figure *figure)
{
	add(doc, DOC_FIGURE)->figure = (struct doc_figure){
		keep(doc, figure->name), keep(doc, figure->alt),    keep(doc, figure->caption),
		keep(doc, figure->wide), keep(doc, figure->narrow), keep(doc, figure->path),
	};
}

void doc_fold(struct doc *doc, const char *format, ...)
{
	struct doc_block *block = add(doc, DOC_FOLD);
	FORMAT_TEXT(doc, block->text);
}

void doc_fold_end(struct doc *doc)
{
	add(doc, DOC_FOLD_END);
}

char *doc_number(char buffer[32], double value, int digits)
{
	snprintf(buffer, 32, "%.*g", digits, isnan(value) ? fabs(value) : value + 0.0); /* neither -nan nor -0 */
	if (isfinite(value) && fabs(strtod(buffer, NULL) - value) > 1e-12 * fabs(value))
		snprintf(buffer, 32, "%#.*g", digits, value);
	return buffer;
}

/* ---- tables ---- */

void doc_table(struct doc *doc, const char *caption, int columns, const char *align, const char *const *head)
{
	struct doc_block *block = add(doc, DOC_TABLE);
	if (strlen(align) != (size_t)columns)
		BUG("a table of %d columns aligned '%s'", columns, align);
	block->text = keep(doc, caption);
	block->columns = columns;
	block->align = keep(doc, align);
	if (!head)
		return;
	block->head = POOL_TAKE(&doc->pool, struct doc_cell, columns);
	for (int c = 0; c < columns; c++)
		block->head[c].text = keep(doc, head[c]);
}

void doc_terms(struct doc *doc)
{
	struct doc_block *block = add(doc, DOC_TERMS);
	block->columns = 2;
	block->align = "ll";
}

static struct doc_cell *add_cell(struct doc *doc)
{
	struct doc_block *block = doc->last;
	if (!block || (block->kind != DOC_TABLE && block->kind != DOC_TERMS))
		BUG("a cell outside a table");
	if (block->used == block->room) { /* the old block stays in the pool: tables are small */
		const int room = block->room ? 2 * block->room : 8 * block->columns;
		struct doc_cell *cell = POOL_TAKE(&doc->pool, struct doc_cell, room);
		if (block->used)
			memcpy(cell, block->cell, (size_t)block->used * sizeof *cell);
		block->cell = cell, block->room = room;
	}
	struct doc_cell *cell = &block->cell[block->used++];
	block->rows = block->used / block->columns;
	return cell;
}

void doc_cell(struct doc *doc, const char *format, ...)
{
	struct doc_cell *cell = add_cell(doc);
	FORMAT_TEXT(doc, cell->text);
}

void doc_cell_marked(struct doc *doc, enum doc_mark mark, const char *format, ...)
{
	struct doc_cell *cell = add_cell(doc);
	cell->mark = mark;
	FORMAT_TEXT(doc, cell->text);
}

void doc_cell_formula(struct doc *doc, const char *plain, const char *tex)
{
	struct doc_cell *cell = add_cell(doc);
	cell->text = keep(doc, plain);
	cell->tex = keep(doc, tex);
}
