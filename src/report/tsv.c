/* tsv.c: see tsv.h */
#include "report/tsv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static char *next_line(char **rest)
{
	char *line;
	do
		line = strsep(rest, "\n");
	while (line && !*line);
	return line;
}

void tsv_parse(struct tsv *tsv, const char *text)
{
	size_t lines = 1;
	*tsv = (struct tsv){0};
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	char *rest = pool_text(&tsv->pool, text), *line = next_line(&rest);
	if (!line)
		return;
	for (const char *at = line; at; at = strchr(at + 1, '\t'))
		tsv->columns++;
	tsv->name = POOL_TAKE(&tsv->pool, const char *, tsv->columns);
	for (int c = 0; c < tsv->columns; c++)
		tsv->name[c] = strsep(&line, "\t");
	tsv->cell = POOL_TAKE(&tsv->pool, const char *, lines *(size_t)tsv->columns);
	while ((line = next_line(&rest)) != NULL) {
		for (int c = 0; c < tsv->columns; c++) {
			const char *word = strsep(&line, "\t");
			tsv->cell[tsv->rows * (size_t)tsv->columns + (size_t)c] = word ? word : "";
		}
		tsv->rows++;
	}
}

void tsv_release(struct tsv *tsv)
{
	pool_release(&tsv->pool);
	*tsv = (struct tsv){0};
}

int tsv_column(const struct tsv *tsv, const char *name)
{
	for (int c = 0; c < tsv->columns; c++)
		if (strcmp(tsv->name[c], name) == 0)
			return c;
	return -1;
}

const char *tsv_word(const struct tsv *tsv, size_t row, int column)
{
	return column < 0 ? "" : tsv->cell[row * (size_t)tsv->columns + (size_t)column];
}

double tsv_value(const struct tsv *tsv, size_t row, int column)
{
	double x;
	return parse_double(tsv_word(tsv, row, column), &x) ? x : NAN;
}
