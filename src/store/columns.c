/* columns.c: see columns.h */
#include "store/columns.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* A column that grows: codes point into words while the type allows them. */
struct growing {
	const struct key *key;
	double *number; /* R; of texts and lists: NaN, but for a width that is one number */
	int32_t *code;  /* R; NULL for plain numbers, names and flags */
	int words, room;
	const char **word;
};

struct columns {
	size_t R;
	int n;
	struct growing *growing;  /* n */
	struct column *column;    /* n */
	struct settings fallback; /* all defaults */
	struct pool pool;
};

bool is_column(const struct key *key)
{
	return strcmp(key->section, "log") != 0;
}

static bool is_coded(const struct key *key)
{
	return key->type == KEY_TEXT || key->type == KEY_NUMBERS || key->type == KEY_WIDTHS;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	for (int c = 0; c < columns->n; c++) {
		free(columns->growing[c].number);
		free(columns->growing[c].code);
		free(columns->growing[c].word);
	}
	pool_release(&columns->pool);
	free(columns);
}

struct columns *columns_new(size_t R, struct err *err)
{
	struct columns *columns = calloc(1, sizeof *columns);
	if (!columns)
		goto memory;
	columns->R = R;
	columns->growing = POOL_TAKE(&columns->pool, struct growing, key_table.n);
	columns->column = POOL_TAKE(&columns->pool, struct column, key_table.n);
	settings_default(&columns->fallback);
	for (size_t k = 0; k < key_table.n; k++) {
		if (!is_column(&keys[k]))
			continue;
		struct growing *growing = &columns->growing[columns->n++];
		growing->key = &keys[k];
		growing->number = malloc(sizeof *growing->number * (R + 1));
		growing->code = is_coded(&keys[k]) ? malloc(sizeof *growing->code * (R + 1)) : NULL;
		if (!growing->number || (is_coded(&keys[k]) && !growing->code))
			goto memory;
	}
	return columns;
memory:
	columns_free(columns);
	err_set(err, ERR_SYSTEM, "out of memory for the settings of %zu runs", R);
	return NULL;
}

static int32_t code_of(struct columns *columns, struct growing *growing, size_t row, const char *word)
{
	if (row > 0 && strcmp(growing->word[growing->code[row - 1]], word) == 0)
		return growing->code[row - 1];
	for (int w = 0; w < growing->words; w++)
		if (strcmp(growing->word[w], word) == 0)
			return w;
	if (growing->words == growing->room) {
		growing->room = growing->room * 2 + 8;
		growing->word = realloc(growing->word, sizeof *growing->word * (size_t)growing->room);
		if (!growing->word)
			NO_MEMORY("out of memory for %d words", growing->room);
	}
	growing->word[growing->words] = pool_text(&columns->pool, word);
	return growing->words++;
}

static void put_value(struct columns *columns, struct growing *growing, size_t row, struct value value)
{
	growing->number[row] = value_number(growing->key, value);
	if (growing->code) {
		struct text word = TEXT_INIT;
		text_add(&word, "%s", "");
		value_word(growing->key, value, &word);
		growing->code[row] = code_of(columns, growing, row, word.at);
		text_release(&word);
	}
}

void columns_put(struct columns *columns, size_t row, const struct settings *settings)
{
	for (int c = 0; c < columns->n; c++)
		put_value(columns, &columns->growing[c], row, key_get(columns->growing[c].key, settings));
}

static int copy_value(struct columns *columns, struct growing *growing, size_t row, const struct column *column,
		      size_t from, struct err *err)
{
	const struct key *key = growing->key;
	growing->number[row] = column->number[from];
	if (growing->code) {
		struct text word = TEXT_INIT;
		column_word(column, from, &word);
		growing->code[row] = code_of(columns, growing, row, word.at);
		if (key->type != KEY_WIDTHS || !parse_double(word.at, &growing->number[row]))
			growing->number[row] = NAN;
		text_release(&word);
	} else if (key->type == KEY_NAME) {
		const char *word = column->words > 0 ? column->word[(int)column->number[from]] : "?";
		const int code = table_find(key->table, word);
		if (code < 0)
			return err_set(err, ERR_INPUT, "no %s '%s' in this version of fathom", key->table->what, word);
		growing->number[row] = code;
	}
	return 0;
}

int columns_copy(struct columns *columns, size_t row, const struct result *result, size_t from, struct err *err)
{
	for (int c = 0; c < columns->n; c++) {
		struct growing *growing = &columns->growing[c];
		const struct column *column = result_column(result, growing->key);
		if (!column)
			put_value(columns, growing, row, key_get(growing->key, &columns->fallback));
		else if (copy_value(columns, growing, row, column, from, err) != 0)
			return -1;
	}
	return 0;
}

const char *const *key_words(const struct key *key, struct pool *pool, int *n)
{
	static const char *const flags[] = {"false", "true"};
	if (key->type == KEY_FLAG) {
		*n = 2;
		return flags;
	}
	*n = key->type == KEY_NAME ? (int)key->table->n : 0;
	const char **word = POOL_TAKE(pool, const char *, *n);
	for (int i = 0; i < *n; i++)
		word[i] = table_name(key->table, (size_t)i);
	return word;
}

/* A column is of numbers when all its values are; only widths can be either. */
static bool all_numbers(const struct growing *growing, size_t R)
{
	for (size_t r = 0; r < R; r++)
		if (isnan(growing->number[r]))
			return false;
	return growing->key->type == KEY_WIDTHS;
}

const struct column *columns_finish(struct columns *columns, int *n)
{
	for (int c = 0; c < columns->n; c++) {
		struct growing *growing = &columns->growing[c];
		struct column *column = &columns->column[c];
		*column = (struct column){.key = growing->key, .number = growing->number};
		if (!growing->code) {
			column->word = key_words(growing->key, &columns->pool, &column->words);
		} else if (!all_numbers(growing, columns->R)) {
			for (size_t r = 0; r < columns->R; r++)
				growing->number[r] = growing->code[r];
			column->words = growing->words;
			column->word = growing->word;
		}
	}
	*n = columns->n;
	return columns->column;
}

void word_escape(const char *word, struct text *out)
{
	if (*word == '\0')
		text_add(out, "%%");
	for (const char *c = word; *c; c++) {
		const unsigned char byte = (unsigned char)*c;
		if (byte <= ' ' || byte == '%' || byte == 0x7f)
			text_add(out, "%%%02X", byte);
		else
			text_add_bytes(out, c, 1);
	}
}

/* In place; the opposite of word_escape. */
static void word_unescape(char *word)
{
	char *to = word;
	if (strcmp(word, "%") == 0)
		*word = '\0';
	for (const char *from = word; *from;) {
		if (from[0] == '%' && isxdigit((unsigned char)from[1]) && isxdigit((unsigned char)from[2])) {
			const char digits[] = {from[1], from[2], '\0'};
			*to++ = (char)strtol(digits, NULL, 16);
			from += 3;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

const char *const *words_split(const char *meanings, struct pool *pool, int *n)
{
	char *copy = pool_text(pool, meanings), *rest = NULL;
	int count = 1;
	for (const char *c = meanings; *c; c++)
		count += *c == ' ';
	const char **word = POOL_TAKE(pool, const char *, count);
	*n = 0;
	for (char *each = strtok_r(copy, " ", &rest); each; each = strtok_r(NULL, " ", &rest)) {
		word_unescape(each);
		word[(*n)++] = each;
	}
	return word;
}

void column_word(const struct column *column, size_t row, struct text *out)
{
	const double x = column->number[row];
	text_add(out, "%s", "");
	if (column->words == 0)
		text_add_double(out, x);
	else if (x >= 0 && x < column->words)
		text_add(out, "%s", column->word[(int)x]);
	else
		text_add(out, "?");
}
