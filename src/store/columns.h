/* columns.h: the settings of runs as columns of a result file, one for every key of data, model, train and seed, swept or not.
 * Numbers stay numbers; names keep their table's codes; texts and lists get codes in order of appearance. */
#ifndef FATHOM_COLUMNS_H
#define FATHOM_COLUMNS_H

#include "base/arena.h"
#include "store/store.h"

/* Whether the key is a setting of the run, not of the log. */
bool is_column(const struct key *key);

struct columns;

/* R rows, to be filled in any order, which codes follow. Out of memory: NULL with err. A setting that all runs have in
 * common takes no memory. */
struct columns *columns_new(size_t R, struct err *err);
void columns_free(struct columns *columns);

/* The texts and lists of the settings must last until the next row. */
void columns_put(struct columns *columns, size_t row, const struct settings *settings);

/* The settings of run `from` of a file; keys that it does not have yet are at their defaults. */
int columns_copy(struct columns *columns, size_t row, const struct result *result, size_t from, struct err *err);

/* All columns in the order of key_table, until columns_free, but for their numbers; and those of some rows, or codes into words. */
const struct column *columns_finish(struct columns *columns, int *n);
void columns_numbers(const struct columns *columns, int c, size_t first, size_t n, double *number);

/* A word of flag_meanings holds no blanks: they become %20, the empty word is a lone %. */
void word_escape(const char *word, struct text *out);
/* n words out of flag_meanings, into the pool; *n is their number. */
const char *const *words_split(const char *meanings, struct pool *pool, int *n);

/* The code → word list of a key with a table, or of a flag. */
const char *const *key_words(const struct key *key, struct pool *pool, int *n);

/* What the value of a run is, as a word: for messages and comparisons. */
void column_word(const struct column *column, size_t row, struct text *out);

#endif
