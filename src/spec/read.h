/* read.h: from nodes to values of keys: one value, a list of them, a generator. */
#ifndef FATHOM_READ_H
#define FATHOM_READ_H

#include "spec/study.h"
#include "spec/yaml.h"

/* What reading a study needs everywhere. */
struct reading {
	struct pool *pool; /* of the study */
	struct faults faults;
	bool filter; /* words of the command line are a condition, not overrides */
};

/* The values of a key: more than one is an axis. */
struct values {
	int n;
	const struct value *v;
};

enum { VALUES_MAX = 1000000 };

/* {range: 5} … : ways to write a list of numbers. */
struct generator {
	const char *name, *about;
	int fewest, most; /* arguments */
	/* how many values, or −1 with *fault; then value i */
	int64_t (*count)(const double *argument, int n, const char **fault);
	double (*value)(const double *argument, int n, int64_t i);
	bool rounds; /* for a key of whole numbers the values are rounded, and one that occurs twice is left out */
};

extern const struct generator generators[];
extern const struct table generator_table;

/* Whether a map is a generator and not a section. */
bool is_generator(const struct node *map);

/* A value, a list of values or a generator. Returns −1 after a fault. */
int read_values(struct reading *reading, const struct key *key, const struct node *node, struct values *values);

/* "key=value" words of the command line as the map that a file would have. */
struct node *read_words(struct reading *reading, int n, const char *const *words);

/* {key: value or list of values, …} */
int read_condition(struct reading *reading, const struct node *node, struct condition *condition);

/* A key by name; NULL after a fault that names the nearest. */
const struct key *read_key(struct reading *reading, const struct node *node);

/* The row of a table by name; −1 after a fault that names the nearest, or all. */
int read_name(struct reading *reading, const struct table *table, const struct node *node);

/* A scalar that is not empty; NULL after a fault. what: "title". */
const char *read_text(struct reading *reading, const char *what, const struct node *node);

/* A longer list of names helps nobody. */
enum { NAMES_LISTED = 30 };
#define MANY_KEYS ": 'fathom list keys' tells them all"

/* What other programs and papers call by another name: swish, kaiming-normal; the text itself if it is none of these. */
const char *usual_name(struct pool *pool, const char *text);

/* A list without brackets, {depth: 1, 3, 6}, makes keys of its values: a key of a file with no ':' behind it. */
#define NEEDS_BRACKETS ": a list of values needs [ ]"
bool stands_alone(const struct node *key);

/* ": did you mean 'x'?" or ": valid: a, b, c". */
const char *advice(struct pool *pool, const struct table *table, const char *name);

#endif
