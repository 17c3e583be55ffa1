/* value.c: one value of any key: comparing and writing. Reading is in read.c. */
#include <math.h>
#include <string.h>

#include "spec/value.h"

bool numbers_equal(struct numbers a, struct numbers b)
{
	if (a.n != b.n)
		return false;
	for (int i = 0; i < a.n; i++)
		if (a.v[i] != b.v[i])
			return false;
	return true;
}

bool value_equal(const struct key *key, struct value a, struct value b)
{
	switch (key->type) {
	case KEY_REAL:
		return a.r == b.r;
	case KEY_TEXT:
		return strcmp(a.text, b.text) == 0;
	case KEY_NUMBERS:
	case KEY_WIDTHS:
		return numbers_equal(a.numbers, b.numbers);
	case KEY_INT:
	case KEY_FLAG:
	case KEY_NAME:
	case KEY_METRICS:
	case KEY_WEIGHTS:;
	}
	return a.i == b.i;
}

void text_add_quoted(struct text *out, const char *text)
{
	text_add(out, "\"");
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			text_add(out, "\\%c", *c);
		else if (*c == '\n')
			text_add(out, "\\n");
		else if (*c == '\t')
			text_add(out, "\\t");
		else if ((unsigned char)*c < ' ' || *c == 0x7f)
			text_add(out, "\\x%02x", (unsigned)*c);
		else
			text_add_bytes(out, c, 1);
	}
	text_add(out, "\"");
}

static void add_numbers(struct text *out, struct numbers numbers, const char *between)
{
	for (int i = 0; i < numbers.n; i++) {
		text_add(out, "%s", i > 0 ? between : "");
		text_add_double(out, numbers.v[i]);
	}
}

static void add_names(struct text *out, const struct table *table, uint64_t bits, const char *between)
{
	const char *separator = "";
	for (size_t row = 0; row < table->n; row++) {
		if (!(bits >> row & 1))
			continue;
		text_add(out, "%s%s", separator, table_name(table, row));
		separator = between;
	}
}

/* Both writings: a list between brackets, or its items alone. */
static void add_value(const struct key *key, struct value value, const char *open, const char *close,
		      const char *between, struct text *out)
{
	switch (key->type) {
	case KEY_INT:
		if (value.i == 0 && key->zero_name)
			text_add(out, "%s", key->zero_name);
		else
			text_add(out, "%lld", (long long)value.i);
		return;
	case KEY_REAL:
		if (value.r == 0 && key->zero_name)
			text_add(out, "%s", key->zero_name);
		else
			text_add_double(out, value.r);
		return;
	case KEY_FLAG:
		text_add(out, value.i ? "true" : "false");
		return;
	case KEY_NAME:
		text_add(out, "%s", table_name(key->table, (size_t)value.i));
		return;
	case KEY_TEXT:
		if (*open)
			text_add_quoted(out, value.text);
		else
			text_add(out, "%s", value.text);
		return;
	case KEY_NUMBERS:
		text_add(out, "%s", open);
		add_numbers(out, value.numbers, between);
		text_add(out, "%s", close);
		return;
	case KEY_WIDTHS:
		text_add(out, "%s", value.numbers.n == 1 ? "" : open);
		add_numbers(out, value.numbers, between);
		text_add(out, "%s", value.numbers.n == 1 ? "" : close);
		return;
	case KEY_METRICS:
	case KEY_WEIGHTS:;
	}
	text_add(out, "%s", open);
	add_names(out, key->table, (uint64_t)value.i, between);
	text_add(out, "%s", close);
}

void value_print_item(const struct key *key, struct value value, struct text *out)
{
	add_value(key, value, "[", "]", ", ", out);
}

void value_print(const struct key *key, struct value value, struct text *out)
{
	/* a list of widths is nested: a plain list of numbers would be an axis */
	const bool nested = key->type == KEY_WIDTHS && value.numbers.n != 1;
	text_add(out, "%s", nested ? "[" : "");
	value_print_item(key, value, out);
	text_add(out, "%s", nested ? "]" : "");
}

void value_word(const struct key *key, struct value value, struct text *out)
{
	add_value(key, value, "", "", ",", out);
}

double value_number(const struct key *key, struct value value)
{
	switch (key->type) {
	case KEY_INT:
	case KEY_FLAG:
	case KEY_NAME:
		return (double)value.i;
	case KEY_REAL:
		return value.r;
	case KEY_WIDTHS:
		return value.numbers.n == 1 ? value.numbers.v[0] : NAN;
	case KEY_TEXT:
	case KEY_NUMBERS:
	case KEY_METRICS:
	case KEY_WEIGHTS:;
	}
	return NAN;
}
