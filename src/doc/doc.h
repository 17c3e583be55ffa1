/* doc.h: a document in the making, said once, read anywhere: headings, paragraphs, tables, formulas, matrices and figures, which
 * doc_write turns into plain text for a terminal, one self-contained HTML page, Markdown or TeX.
 *
 * All text is plain words, in UTF-8: every writer escapes it for its format, so nothing that a user wrote is ever read as markup.
 * Only formulas are given in two spellings, plain ("dZ[1] = dA[1] ∘ g'(Z[1])") and TeX, by us.
 *
 * A document owns its text (copied into its pool) and remembers the order in which its parts were added.
 */
#ifndef FATHOM_DOC_H
#define FATHOM_DOC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/table.h"
#include "base/text.h"

enum doc_kind {
	DOC_HEADING, /* text, level 1 … 4; id: name for links, or NULL */
	DOC_TEXT,    /* a paragraph */
	DOC_CODE,    /* lines as they are: a command, a study file */
	DOC_TERMS,   /* rows of two cells: a word and what it is */
	DOC_TABLE,
	DOC_FORMULA, /* text and tex, on a line of its own */
	DOC_MATRIX,  /* name = numbers */
	DOC_FIGURE,
	DOC_FOLD, /* what follows, up to DOC_FOLD_END, is opened on demand where a format can do so; text: its summary */
	DOC_FOLD_END,
};

/* A cell: what it says and, in formulas' columns, its TeX spelling. mark colours a verdict, never by colour alone. */
enum doc_mark { MARK_NONE, MARK_GOOD, MARK_BAD, MARK_OPEN };
struct doc_cell {
	const char *text, *tex; /* tex NULL: the text, escaped */
	enum doc_mark mark;
};

struct doc_figure {
	const char *name;          /* of its files, and of its anchor */
	const char *alt;           /* what the figure shows, from its own numbers: for who cannot see it */
	const char *caption;       /* may be "" */
	const char *wide, *narrow; /* svg sources, whole files' bytes, for 180 and 85 mm; NULL: only paths are known */
	const char *path;          /* of the files without ending, relative to the document: md and tex refer to it */
};

struct doc_block {
	enum doc_kind kind;
	int level; /* of a heading */
	const char *text, *tex, *id;
	/* table, terms */
	int columns, rows;     /* rows that are complete */
	const char *align;     /* 'l', 'r' or 'c' a column */
	struct doc_cell *head; /* columns of them; NULL: no head */
	struct doc_cell *cell; /* row by row */
	int used, room;        /* cells that there are, that there is memory for */
	/* matrix: R × C numbers, row by row, printed as doc_number does */
	const double *number;
	int R, C, digits;
	struct doc_figure figure;
	struct doc_block *next;
};

struct doc {
	const char *title, *lead; /* lead: a sentence under the title, or "" */
	struct doc_block *first, *last;
	struct pool pool;
};

void doc_init(struct doc *doc, const char *title, const char *lead);
void doc_release(struct doc *doc);

void doc_heading(struct doc *doc, int level, const char *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void doc_text(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_code(struct doc *doc, const char *text);
void doc_formula(struct doc *doc, const char *plain, const char *tex);
/* name: "W[1]" and its TeX spelling; copies the numbers. */
void doc_matrix(struct doc *doc, const char *plain, const char *tex, int R, int C, const double *number, int digits);
void doc_figure(struct doc *doc, const struct doc_figure *figure);
void doc_fold(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_fold_end(struct doc *doc);

/* A table (or terms) is the last block while its cells are added, row by row, each row complete.
 * text: its caption, or NULL. head: NULL or `columns` words. */
void doc_table(struct doc *doc, const char *caption, int columns, const char *align, const char *const *head);
void doc_terms(struct doc *doc);
void doc_cell(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_cell_marked(struct doc *doc, enum doc_mark mark, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void doc_cell_formula(struct doc *doc, const char *plain, const char *tex);

/* "-0.120780": a number in `digits` significant digits, or in fewer where they say all of it: "0.3"; "nan", "-inf". As writers print
 * those of a matrix. */
char *doc_number(char buffer[32], double value, int digits);

/* ---- writers ---- */

struct doc_format {
	const char *name, *about;
	const char *ending; /* of files, with the dot */
	void (*write)(const struct doc *doc, struct text *out);
};

extern const struct doc_format doc_formats[];
extern const struct table doc_format_table; /* text, html, md, tex */

void doc_write_text(const struct doc *doc, struct text *out); /* ≤ 100 columns */
void doc_write_html(const struct doc *doc, struct text *out);
void doc_write_markdown(const struct doc *doc, struct text *out);
void doc_write_tex(const struct doc *doc, struct text *out); /* a part to \input: no preamble */

#endif
