/* columns.c: see columns.h */
#include "store/columns.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* A column that grows: codes point into words while the type allows them. Most settings are the same in all runs: what all rows
 * so far have in common takes no memory. */
struct growing {
	const struct key *key;
	bool coded;
	double first;   /* of texts and lists: NaN, but for a width that is one number; so in number */
	double *number; /* R; NULL: all are the first */
	int32_t *code;  /* R; NULL: all are 0 */
	int words, room;
	const char **word;
};

struct columns {
	size_t R, rows, last_row; /* rows: so many are filled, last_row the last */
	int n;
	struct growing *growing;  /* n */
	struct column *column;    /* n */
	struct settings fallback; /* all defaults */
	struct settings last;     /* of columns_put */
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
		growing->coded = is_coded(&keys[k]);
	}
	return columns;
memory:
	columns_free(columns);
	err_set(err, ERR_SYSTEM, "out of memory for the settings of %zu runs", R);
	return NULL;
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0; /* NOLINT(bugprone-suspicious-memory-comparison): a NaN equals itself */
}

static void put_number(struct columns *columns, struct growing *growing, size_t row, double number)
{
	if (columns->rows == 0)
		growing->first = number;
	if (!growing->number && same_bits(number, growing->first))
		return;
	if (!growing->number) {
		growing->number = malloc(sizeof *growing->number * (columns->R + 1));
		if (!growing->number)
			NO_MEMORY("out of memory for the settings of %zu runs", columns->R);
		for (size_t r = 0; r < columns->R; r++)
			growing->number[r] = growing->first;
	}
	growing->number[row] = number;
}

static int32_t last_code(const struct columns *columns, const struct growing *growing)
{
	return growing->code ? growing->code[columns->last_row] : 0;
}

static void put_code(struct columns *columns, struct growing *growing, size_t row, int32_t code)
{
	if (!growing->code && code == 0)
		return;
	if (!growing->code) {
		growing->code = calloc(columns->R + 1, sizeof *growing->code);
		if (!growing->code)
			NO_MEMORY("out of memory for the settings of %zu runs", columns->R);
	}
	growing->code[row] = code;
}

static int32_t code_of(struct columns *columns, struct growing *growing, const char *word)
{
	if (columns->rows > 0 && strcmp(growing->word[last_code(columns, growing)], word) == 0)
		return last_code(columns, growing);
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

static void put_word(struct columns *columns, struct growing *growing, size_t row, struct value value)
{
	struct text word = TEXT_INIT;
	text_add(&word, "%s", "");
	value_word(growing->key, value, &word);
	put_code(columns, growing, row, code_of(columns, growing, word.at));
	text_release(&word);
}

/* Of all columns the row is filled now. */
static void end_row(struct columns *columns, size_t row)
{
	columns->rows++;
	columns->last_row = row;
}

void columns_put(struct columns *columns, size_t row, const struct settings *settings)
{
	for (int c = 0; c < columns->n; c++) {
		struct growing *growing = &columns->growing[c];
		const struct value value = key_get(growing->key, settings);
		put_number(columns, growing, row, value_number(growing->key, value));
		if (growing->coded && columns->rows > 0 &&
		    value_equal(growing->key, value, key_get(growing->key, &columns->last)))
			put_code(columns, growing, row, last_code(columns, growing));
		else if (growing->coded)
			put_word(columns, growing, row, value);
	}
	columns->last = *settings;
	end_row(columns, row);
}

static int copy_value(struct columns *columns, struct growing *growing, size_t row, const struct column *column,
		      size_t from, struct err *err)
{
	const struct key *key = growing->key;
	double number = column->number[from];
	if (growing->coded) {
		struct text word = TEXT_INIT;
		column_word(column, from, &word);
		put_code(columns, growing, row, code_of(columns, growing, word.at));
		if (key->type != KEY_WIDTHS || !parse_double(word.at, &number))
			number = NAN;
		text_release(&word);
	} else if (key->type == KEY_NAME) {
		const char *word = column->words > 0 ? column->word[(int)column->number[from]] : "?";
		const int code = table_find(key->table, word);
		if (code < 0)
			return err_set(err, ERR_INPUT, "no %s '%s' in this version of fathom", key->table->what, word);
		number = code;
	}
	put_number(columns, growing, row, number);
	return 0;
}

int columns_copy(struct columns *columns, size_t row, const struct result *result, size_t from, struct err *err)
{
	for (int c = 0; c < columns->n; c++) {
		struct growing *growing = &columns->growing[c];
		const struct column *column = result_column(result, growing->key);
		if (column) {
			if (copy_value(columns, growing, row, column, from, err) != 0)
				return -1;
			continue;
		}
		const struct value value = key_get(growing->key, &columns->fallback);
		put_number(columns, growing, row, value_number(growing->key, value));
		if (growing->coded)
			put_word(columns, growing, row, value);
	}
	end_row(columns, row);
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
	for (size_t r = 0; growing->number && r < R; r++)
		if (isnan(growing->number[r]))
			return false;
	return growing->key->type == KEY_WIDTHS && !isnan(growing->first);
}

const struct column *columns_finish(struct columns *columns, int *n)
{
	for (int c = 0; c < columns->n; c++) {
		struct growing *growing = &columns->growing[c];
		struct column *column = &columns->column[c];
		*column = (struct column){.key = growing->key};
		if (!growing->coded) {
			column->word = key_words(growing->key, &columns->pool, &column->words);
		} else if (!all_numbers(growing, columns->R)) {
			column->words = growing->words;
			column->word = growing->word;
		}
	}
	*n = columns->n;
	return columns->column;
}

void columns_numbers(const struct columns *columns, int c, size_t first, size_t n, double *number)
{
	const struct growing *growing = &columns->growing[c];
	const bool codes = growing->coded && columns->column[c].words > 0;
	for (size_t i = 0; i < n; i++)
		if (codes)
			number[i] = growing->code ? growing->code[first + i] : 0;
		else
			number[i] = growing->number ? growing->number[first + i] : growing->first;
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
	else /* the reader knows every code */
		text_add(out, "%s", column->word[(int)x]);
}
