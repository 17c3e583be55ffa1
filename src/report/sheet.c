/* sheet.c: the cells of show as csv, tsv, json or an aligned table (sheet.h). */
#include "report/sheet.h"

#include <math.h>
#include <string.h>

#include "report/label.h"

const enum status shown_status[SHARES_MAX] = {STATUS_DIVERGED, STATUS_FAILED};

static size_t size_of(const struct sheet *sheet, size_t g)
{
	return sheet->groups.start[g + 1] - sheet->groups.start[g];
}

static double share(const struct sheet *sheet, size_t g, int i)
{
	return (double)sheet->count[i][g] / (double)size_of(sheet, g);
}

static const struct estimate *cell_of(const struct sheet *sheet, size_t g, int m)
{
	return &sheet->cell[g * (size_t)sheet->metrics + (size_t)m];
}

/* ---- csv and tsv ---- */

/* A field of csv: in quotes when it has to be (RFC 4180). */
static void add_separated(struct text *out, char comma, const char *field)
{
	if (comma == '\t') {
		add_field(out, field);
		return;
	}
	const bool quoted = strpbrk(field, ",\"\n\r") != NULL;
	text_add(out, quoted ? "\"" : "");
	for (const char *at = field; *at; at++)
		text_add(out, *at == '"' ? "\"\"" : "%c", *at);
	text_add(out, quoted ? "\"" : "");
}

static void add_number(struct text *out, double x)
{
	if (!isnan(x))
		text_add_double(out, x);
}

static void write_separated(const struct sheet *sheet, char comma, struct text *out)
{
	for (int k = 0; k < sheet->by; k++)
		text_add(out, "%s%c", sheet->result->column[sheet->column[k]].key->name, comma);
	text_add(out, sheet->shares == 1 ? "n%cdiverged" : "n%cdiverged%cfailed", comma, comma);
	for (int m = 0; m < sheet->metrics; m++) {
		const char *name = metrics[sheet->metric[m]].name;
		text_add(out, "%c%s%c%s_low%c%s_high", comma, name, comma, name, comma, name);
		if (sheet->partial[m])
			text_add(out, "%c%s_n", comma, name);
	}
	text_add(out, "\n");
	for (size_t g = 0; g < sheet->groups.G; g++) {
		for (int k = 0; k < sheet->by; k++) {
			struct text word = TEXT_INIT;
			column_name(sheet->result, sheet->column[k], sheet->groups.run[sheet->groups.start[g]], &word);
			add_separated(out, comma, word.at ? word.at : "");
			text_add(out, "%c", comma);
			text_release(&word);
		}
		text_add(out, "%zu", size_of(sheet, g));
		for (int i = 0; i < sheet->shares; i++)
			text_add(out, "%c", comma), text_add_double(out, share(sheet, g, i));
		for (int m = 0; m < sheet->metrics; m++) {
			const struct estimate *e = cell_of(sheet, g, m);
			text_add(out, "%c", comma), add_number(out, e->value);
			text_add(out, "%c", comma), add_number(out, e->low);
			text_add(out, "%c", comma), add_number(out, e->high);
			if (sheet->partial[m])
				text_add(out, "%c%zu", comma, e->n);
		}
		text_add(out, "\n");
	}
}

/* ---- json ---- */

static void add_string(struct text *out, const char *text)
{
	text_add(out, "\"");
	for (const char *at = text; *at; at++) {
		if (*at == '"' || *at == '\\')
			text_add(out, "\\%c", *at);
		else if ((unsigned char)*at < 32)
			text_add(out, "\\u%04x", *at);
		else
			text_add(out, "%c", *at);
	}
	text_add(out, "\"");
}

/* JSON has no infinity: it is the string "inf", so that it is not taken for missing. */
static void add_json(struct text *out, double x)
{
	if (isnan(x))
		text_add(out, "null");
	else if (isinf(x))
		text_add(out, x > 0 ? "\"inf\"" : "\"-inf\"");
	else
		text_add_double(out, x);
}

static void add_names(struct text *out, const struct sheet *sheet, int n, const int *column)
{
	text_add(out, "[");
	for (int k = 0; k < n; k++)
		text_add(out, "%s\"%s\"", k ? ", " : "", sheet->result->column[column[k]].key->name);
	text_add(out, "]");
}

static void add_row(struct text *out, const struct sheet *sheet, size_t g)
{
	const size_t r = sheet->groups.run[sheet->groups.start[g]];
	text_add(out, "{");
	for (int k = 0; k < sheet->by; k++) {
		const struct column *column = &sheet->result->column[sheet->column[k]];
		text_add(out, "\"%s\": ", column->key->name);
		if (column->words) {
			add_string(out, column->word[(int)column->number[r]]);
		} else if (column->key->type == KEY_FLAG) {
			text_add(out, column->number[r] != 0 ? "true" : "false");
		} else {
			add_json(out, column->number[r]);
		}
		text_add(out, ", ");
	}
	text_add(out, "\"n\": %zu", size_of(sheet, g));
	for (int i = 0; i < sheet->shares; i++) {
		text_add(out, ", \"%s\": ", table_name(&status_table, (size_t)shown_status[i]));
		text_add_double(out, share(sheet, g, i));
	}
	for (int m = 0; m < sheet->metrics; m++) {
		const struct estimate *e = cell_of(sheet, g, m);
		text_add(out, ", \"%s\": {\"n\": %zu, \"%s\": ", metrics[sheet->metric[m]].name, e->n,
			 table_name(&show_stat_table, (size_t)sheet->options->stat));
		add_json(out, e->value);
		text_add(out, ", \"low\": "), add_json(out, e->low);
		text_add(out, ", \"high\": "), add_json(out, e->high);
		text_add(out, "}");
	}
	text_add(out, "}");
}

static void write_json(const struct sheet *sheet, struct text *out)
{
	text_add(out, "{\"by\": "), add_names(out, sheet, sheet->by, sheet->column);
	text_add(out, ", \"pooled\": "), add_names(out, sheet, sheet->pooled, sheet->pooled_column);
	text_add(out, ", \"stat\": \"%s\",\n \"rows\": [", table_name(&show_stat_table, (size_t)sheet->options->stat));
	for (size_t g = 0; g < sheet->groups.G; g++) {
		text_add(out, g ? ",\n  " : "\n  ");
		add_row(out, sheet, g);
	}
	text_add(out, "\n]}\n");
}

/* ---- table ---- */

static void add_short(struct text *out, double x)
{
	if (isnan(x))
		text_add(out, "–");
	else
		text_add(out, "%.4g", x);
}

/* What stands in a column of a line; line −1 is the heading. */
static void add_cell(struct text *out, const struct sheet *sheet, long g, int c)
{
	if (c < sheet->by) {
		const int column = sheet->column[c];
		if (g < 0)
			text_add(out, "%s", sheet->result->column[column].key->name);
		else
			column_name(sheet->result, column, sheet->groups.run[sheet->groups.start[g]], out);
	} else if (c == sheet->by) {
		text_add(out, g < 0 ? "n" : "%zu", g < 0 ? 0 : size_of(sheet, (size_t)g));
	} else if (c <= sheet->by + sheet->shares) {
		const int i = c - sheet->by - 1;
		if (g < 0)
			text_add(out, "%s", table_name(&status_table, (size_t)shown_status[i]));
		else
			text_add(out, "%.4g %%", 100.0 * share(sheet, (size_t)g, i));
	} else {
		const int m = c - sheet->by - 1 - sheet->shares;
		if (g < 0) {
			text_add(out, "%s", metrics[sheet->metric[m]].name);
			return;
		}
		const struct estimate *e = cell_of(sheet, (size_t)g, m);
		add_short(out, e->value);
		if (!isnan(e->low))
			text_add(out, " ["), add_short(out, e->low), text_add(out, ", "), add_short(out, e->high),
				text_add(out, "]");
		if (e->n < size_of(sheet, (size_t)g) && e->n)
			text_add(out, " (%zu)", e->n);
	}
}

static size_t characters(const char *text)
{
	size_t n = 0;
	for (; text && *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static void write_table(const struct sheet *sheet, struct text *out)
{
	const int columns = sheet->by + 1 + sheet->shares + sheet->metrics;
	size_t width[COLUMNS_MAX + 3 + METRIC_N] = {0};
	for (int pass = 0; pass < 2; pass++)
		for (long g = -1; g < (long)sheet->groups.G; g++) {
			for (int c = 0; c < columns; c++) {
				struct text cell = TEXT_INIT;
				add_cell(&cell, sheet, g, c);
				const size_t n = characters(cell.at);
				if (pass == 0) {
					width[c] = n > width[c] ? n : width[c];
				} else {
					/* words to the left, numbers to the right */
					const bool words =
						c < sheet->by && sheet->result->column[sheet->column[c]].words;
					const int pad = (int)(width[c] - n);
					text_add(out, "%*s", words ? 0 : pad, "");
					add_field(out, cell.at ? cell.at : "");
					if (c < columns - 1)
						text_add(out, "%*s", (words ? pad : 0) + 2, "");
				}
				text_release(&cell);
			}
			if (pass)
				text_add(out, "\n");
		}
	text_add(out, "%s%s\n", table_name(&show_stat_table, (size_t)sheet->options->stat),
		 " [95 % interval] over the n runs of a line");
	for (int k = 0; k < sheet->pooled; k++)
		text_add(out, "%s%s%s", k ? ", " : "a line counts together the runs of every ",
			 sheet->result->column[sheet->pooled_column[k]].key->name, k == sheet->pooled - 1 ? "\n" : "");
}

void sheet_write(const struct sheet *sheet, struct text *out)
{
	if (sheet->options->format == SHOW_JSON)
		write_json(sheet, out);
	else if (sheet->options->format == SHOW_TABLE)
		write_table(sheet, out);
	else
		write_separated(sheet, sheet->options->format == SHOW_CSV ? ',' : '\t', out);
}
