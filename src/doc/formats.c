/* formats.c: the table of document formats. To add one: doc_write_NAME in as_NAME.c, its row. */
#include "doc/doc.h"

const struct doc_format doc_formats[] = {
	{"text", "for the terminal", ".txt", doc_write_text},
	{"html", "one page that needs no other file, for any browser and for printing", ".html", doc_write_html},
	{"md", "Markdown, as GitHub and pandoc read it; figures are files beside it", ".md", doc_write_markdown},
	{"tex", "LaTeX, a part to be \\input; figures are files beside it", ".tex", doc_write_tex},
};

const struct table doc_format_table = TABLE("format", doc_formats);
