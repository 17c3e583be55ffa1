/* page_figures.c: the figures of a study in its report (page.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "report/alt.h"
#include "report/page.h"

enum { ROWS_SHOWN = 400, FILE_MOST = 1 << 26 };

/* A file of a figure, NULL if it is not there; in the pool. */
static const char *read_part(struct pool *pool, const char *folder, const char *name, const char *ending)
{
	char *bytes;
	size_t size;
	struct err ignored;
	if (file_read(pool_format(pool, "%s/%s%s", folder, name, ending), FILE_MOST, &bytes, &size, &ignored))
		return NULL;
	const char *kept = pool_text(pool, bytes);
	free(bytes);
	return kept;
}

/* Columns that the drawing needs and a reader does not. */
static bool for_drawing(const char *name)
{
	static const char *const only[] = {"panel",   "curve", "twins",     "twins_before", "marked", "row",
					   "lr_from", "lr_to", "next_step", "colour",       "sign",   "newly_diverged",
					   "from",    "to"};
	for (size_t i = 0; i < sizeof only / sizeof *only; i++)
		if (strcmp(only[i], name) == 0)
			return true;
	return false;
}

static void add_number(struct doc *doc, const char *word)
{
	double x;
	if (!parse_double(word, &x))
		doc_cell(doc, "%s", word);
	else if (isnan(x))
		doc_cell(doc, "–");
	else
		doc_cell(doc, "%.4g", x);
}

static void add_numbers(struct doc *doc, const struct page_study *study, const struct figure *f, const struct tsv *tsv)
{
	struct pool pool = POOL_INIT;
	const char **head = POOL_TAKE(&pool, const char *, tsv->columns + 1);
	char *align = POOL_TAKE(&pool, char, tsv->columns + 1);
	int *column = POOL_TAKE(&pool, int, tsv->columns + 1), n = 0;
	for (int c = 0; c < tsv->columns; c++) {
		if (for_drawing(tsv->name[c]))
			continue;
		const int key = table_find(&key_table, tsv->name[c]);
		align[n] = key >= 0 && keys[key].type == KEY_NAME ? 'l' : 'r';
		head[n] = tsv->name[c], column[n++] = c;
	}
	doc_fold(doc, "The numbers behind this figure (%zu rows)", tsv->rows);
	if (tsv->rows > ROWS_SHOWN)
		doc_text(doc, "The first %d of %zu rows; all of them are in %s/%s.tsv.", ROWS_SHOWN, tsv->rows,
			 study->link, f->name);
	doc_table(doc, pool_format(&pool, "%s/%s.tsv", study->link, f->name), n, align, head);
	for (size_t r = 0; r < tsv->rows && r < ROWS_SHOWN; r++)
		for (int i = 0; i < n; i++)
			if (align[i] == 'l')
				doc_cell(doc, "%s", tsv_word(tsv, r, column[i]));
			else
				add_number(doc, tsv_word(tsv, r, column[i]));
	doc_text(doc, "Drawn again from the result by: fathom plot %s --figure %s", study->path, f->name);
	doc_fold_end(doc);
	pool_release(&pool);
}

static void add_figure(struct doc *doc, const struct page_options *options, const struct page_study *study,
		       const struct figure *f)
{
	struct pool pool = POOL_INIT;
	struct text alt = TEXT_INIT;
	struct tsv tsv = {0};
	const char *table = read_part(&pool, study->folder, f->name, ".tsv");
	tsv_parse(&tsv, table ? table : "");
	alt_describe(&alt, f, &tsv);
	doc_figure(doc,
		   &(struct doc_figure){
			   .name = pool_format(&pool, "%s %s", study->study->name, f->name),
			   .alt = alt.at,
			   .caption = f->caption && *f->caption ? f->caption : f->name,
			   .wide = options->numbers ? read_part(&pool, study->folder, f->name, ".svg") : NULL,
			   .narrow = options->numbers ? read_part(&pool, study->folder, f->name, "-narrow.svg") : NULL,
			   .path = pool_format(&pool, "%s/%s", study->link, f->name),
		   });
	if (options->numbers)
		add_numbers(doc, study, f, &tsv);
	tsv_release(&tsv);
	text_release(&alt);
	pool_release(&pool);
}

/* A figure is drawn where it is missing or is not what the result says now. */
void page_figures(struct doc *doc, const struct page_options *options, const struct page_study *study,
		  struct err *faults)
{
	struct err *own = calloc(1, sizeof *own);
	struct text drawn = TEXT_INIT;
	if (!own)
		NO_MEMORY("out of memory");
	for (int i = 0; i < study->study->figures; i++) {
		const struct figure *f = &study->study->figure[i];
		struct draw_options draw = options->draw;
		draw.folder = study->folder, draw.only = f->name, draw.stale = true;
		if (figures_draw(study->result, study->study, &draw, &drawn, own) == 0) {
			add_figure(doc, options, study, f);
			continue;
		}
		doc_text(doc, "The figure '%s' is missing: %.*s.", f->name, (int)strcspn(own->text, "\n"), own->text);
		const enum err_kind kind = faults->kind > own->kind ? faults->kind : own->kind;
		err_add(faults, "%s", own->text);
		faults->kind = kind;
	}
	text_release(&drawn);
	free(own);
}
