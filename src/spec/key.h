/* key.h: the KEY table: everything a study can set, one row each. Parsing, defaults, overrides, help, docs/STUDY.md, the
 * resolved study, run identity and the columns of a result file loop over it. To add a key: a member of struct settings
 * (or of the struct it is made of), a row in key.c whose default leaves old runs as they are. */
#ifndef FATHOM_KEY_H
#define FATHOM_KEY_H

#include "base/text.h"
#include "spec/settings.h"

enum key_type {
	KEY_INT,     /* int64_t */
	KEY_REAL,    /* double */
	KEY_FLAG,    /* bool */
	KEY_NAME,    /* int: row of .table */
	KEY_TEXT,    /* const char * */
	KEY_NUMBERS, /* struct numbers: a list by nature */
	KEY_WIDTHS,  /* struct numbers: a number by nature, or a nested list */
	KEY_METRICS, /* metric_set: list of names by nature */
	KEY_WEIGHTS, /* unsigned: list of names by nature */
};

struct key {
	const char *name, *about;
	const char *section; /* "data", "model", "train", "log"; "" for seed, at the top */
	const char *symbol;  /* for axes: "{/:Italic η}"; "" = the name */
	enum key_type type;
	size_t offset;                   /* in struct settings */
	const struct table *table;       /* KEY_NAME and the lists of names */
	double low, high;                /* allowed range of each number, ends included */
	const char *fallback;            /* default, in the grammar of a study file */
	struct numbers fallback_numbers; /* the same of NUMBERS and WIDTHS */
	const char *unit;                /* CF unit for the result file: "1" */
	const char *zero_name;           /* a word for 0: batch "full"; NULL: none */
	bool replicate; /* the seeds: runs that differ only in such keys repeat one another, medians are taken over them */
};

extern const struct key keys[];
extern const struct table key_table;

/* One value of any key. */
struct value {
	int64_t i; /* INT, FLAG, NAME, METRICS, WEIGHTS */
	double r;  /* REAL */
	const char *text;
	struct numbers numbers;
};

struct value key_get(const struct key *key, const struct settings *settings);
void key_set(const struct key *key, struct settings *settings, struct value value);
bool value_equal(const struct key *key, struct value a, struct value b);
/* As in a study file, and reads back the same: 0.1, xavier-normal, full, [0, 1]. */
void value_print(const struct key *key, struct value value, struct text *out);
/* As one word for legends, codes and tables: lists as "128,64". */
void value_word(const struct key *key, struct value value, struct text *out);
/* The value as a number: INT, REAL, FLAG, NAME (the code), WIDTHS of one number; NaN otherwise. */
double value_number(const struct key *key, struct value value);

/* All keys at their defaults. */
void settings_default(struct settings *settings);

/* Faults that lie in the combination of keys (bce with 10 classes, width list and depth, steps and epochs …); one err_add
 * each, ERR_INPUT. Uses dataset_shape. */
int settings_check(const struct settings *settings, struct err *err);

/* Derived, so that every room agrees. */
int settings_layers(const struct settings *settings); /* L = depth + 1 */
/* n[0] … n[L] (L + 1 numbers) for data of that shape. */
void settings_shape(const struct settings *settings, int inputs, int outputs, int *n);
int64_t settings_batch(const struct settings *settings, int64_t train_examples);
/* Updates of an epoch: ⌈examples / batch⌉; the last batch of an epoch has what is left (as PyTorch's DataLoader). */
int64_t settings_epoch(const struct settings *settings, int64_t train_examples);
/* The budget; 0 (a run of no updates, logged at step 0 only) when neither steps nor epochs are above 0. */
int64_t settings_steps(const struct settings *settings, int64_t train_examples);
/* The steps at which the run is logged, ascending, 0 and the last included; malloced, *S of them. */
int64_t *settings_logged(const struct settings *settings, int64_t train_examples, int *S);

/* The text that a run's identity is the hash of: the keys that are not at their default, sorted by name, "key=value\n" each,
 * then data identity and numerics version. Defaults therefore never change their meaning without NUMERICS_VERSION. */
void settings_identity_text(const struct settings *settings, uint64_t data_identity, struct text *out);

#endif
