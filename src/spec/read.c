/* read.c: see read.h. */
#include "spec/read.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *theirs, *ours;
} aliases[] = {
	{"swish", "silu"},
	{"logistic", "sigmoid"},
	{"linear", "identity"},
	{"kaiming", "he"},
	{"msra", "he"},
	{"glorot", "xavier"},
	{"nag", "nesterov"},
	{"learning-rate", "lr"},
	{"batch-size", "batch"},
	{"layers", "depth"},
	{"hidden-layers", "depth"},
	{"units", "width"},
	{"softmax", "cross-entropy"},
};

const char *usual_name(struct pool *pool, const char *text)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		const char *theirs = aliases[i].theirs;
		size_t n = 0;
		while (theirs[n] &&
		       (tolower((unsigned char)text[n]) == theirs[n] || (text[n] == '_' && theirs[n] == '-')))
			n++;
		if (theirs[n] == '\0' && (text[n] == '\0' || text[n] == '-' || text[n] == '_'))
			return pool_format(pool, "%s%s", aliases[i].ours, text + n);
	}
	return text;
}

bool stands_alone(const struct node *key)
{
	const struct source *source = key->source;
	size_t at = key->at + key->width;
	while (at < source->length && strchr(" \t\r\n", source->text[at]))
		at++;
	return key->width > 0 && at < source->length && strchr(",}", source->text[at]);
}

const char *advice(struct pool *pool, const struct table *table, const char *name)
{
	const char *near = table_nearest(table, usual_name(pool, name));
	if (near)
		return pool_format(pool, ": did you mean '%s'?", near);
	if (table->n > NAMES_LISTED)
		return pool_format(pool, ": 'fathom list %ss' tells them all", table->what);
	struct text all = TEXT_INIT;
	for (size_t row = 0; row < table->n; row++)
		text_add(&all, "%s%s", row > 0 ? ", " : ": valid: ", table_name(table, row));
	const char *kept = pool_text(pool, all.at);
	text_release(&all);
	return kept;
}

/* A scalar that is not there. */
static bool is_empty(const struct node *node)
{
	return !node->quoted && (*node->text == '\0' || strcmp(node->text, "~") == 0);
}

const char *read_text(struct reading *reading, const char *what, const struct node *node)
{
	if (node->kind == NODE_SCALAR && !is_empty(node))
		return pool_text(reading->pool, node->text);
	fault_at(&reading->faults, node, "'%s' is one text", what);
	return NULL;
}

int read_name(struct reading *reading, const struct table *table, const struct node *node)
{
	if (node->kind != NODE_SCALAR || is_empty(node)) {
		fault_at(&reading->faults, node, "a name of the %s table belongs here", table->what);
		return -1;
	}
	const int row = table_find(table, node->text);
	if (row < 0)
		fault_at(&reading->faults, node, "unknown %s '%s'%s", table->what, shown(reading->pool, node->text),
			 advice(reading->pool, table, node->text));
	return row;
}

const struct key *read_key(struct reading *reading, const struct node *node)
{
	const int row = read_name(reading, &key_table, node);
	return row < 0 ? NULL : &keys[row];
}

/* "a whole number from 1 to 10000 or 'full'" */
static const char *allowed(struct pool *pool, const struct key *key)
{
	char low[32], high[32];
	const bool whole = key->type == KEY_INT || key->type == KEY_WIDTHS, bound = key->high < 1e15;
	return pool_format(pool, "a %snumber %s %s%s%s%s%s%s", whole ? "whole " : "", bound ? "from" : "of at least",
			   format_double(low, key->low), bound ? " to " : "",
			   bound ? format_double(high, key->high) : "", key->zero_name ? " or '" : "",
			   key->zero_name ? key->zero_name : "", key->zero_name ? "'" : "");
}

static int refuse_number(struct reading *reading, const struct key *key, const struct node *node, const char *text)
{
	fault_at(&reading->faults, node, "'%s' is %s, not '%s'%s", key->name, allowed(reading->pool, key),
		 shown(reading->pool, text), strchr(text, ',') ? NEEDS_BRACKETS : "");
	return -1;
}

/* A number of a key whose values are, or are made of, numbers. text: as written; NULL for a generated one. */
static int take_number(struct reading *reading, const struct key *key, const struct node *node, const char *text,
		       double x, struct value *value)
{
	const bool whole = key->type == KEY_INT || key->type == KEY_WIDTHS;
	if (!(x >= key->low && x <= key->high) || (whole && x != nearbyint(x))) {
		char digits[32];
		return refuse_number(reading, key, node, text ? text : format_double(digits, x));
	}
	x += 0.0; /* −0 is 0 */
	*value = (struct value){0};
	if (key->type == KEY_INT) {
		value->i = (int64_t)x;
	} else if (key->type == KEY_REAL) {
		value->r = x;
	} else {
		double *v = POOL_TAKE(reading->pool, double, 1);
		*v = x;
		value->numbers = (struct numbers){1, v};
	}
	return 0;
}

static int read_number(struct reading *reading, const struct key *key, const struct node *node, struct value *value)
{
	int64_t i;
	double x;
	if (key->zero_name && strcmp(node->text, key->zero_name) == 0)
		return take_number(reading, key, node, node->text, 0, value);
	if (key->type == KEY_INT && parse_int64(node->text, &i))
		return take_number(reading, key, node, node->text, (double)i, value);
	if (!parse_double(node->text, &x))
		return refuse_number(reading, key, node, node->text);
	return take_number(reading, key, node, node->text, x, value);
}

/* Names become bits; `all` is every row. Metrics of a whole run are always recorded: naming them changes nothing. */
static int read_bit(struct reading *reading, const struct key *key, const struct node *node, struct value *value)
{
	uint64_t bits = 0;
	if (strcmp(node->text, "all") == 0) {
		bits = ~(uint64_t)0 >> (64 - key->table->n);
	} else {
		const int row = read_name(reading, key->table, node);
		if (row < 0)
			return -1;
		bits = (uint64_t)1 << row;
	}
	if (key->type == KEY_METRICS)
		for (int m = 0; m < METRIC_N; m++)
			if (metrics[m].shape == METRIC_RUN)
				bits &= ~METRIC_BIT(m);
	value->i |= (int64_t)bits;
	return 0;
}

static int read_scalar(struct reading *reading, const struct key *key, const struct node *node, struct value *value)
{
	*value = (struct value){0};
	if (node->kind != NODE_SCALAR) {
		fault_at(&reading->faults, node, "one value of '%s' belongs here, not a %s", key->name,
			 node->kind == NODE_LIST ? "list" : "map");
		return -1;
	}
	if (is_empty(node)) {
		fault_at(&reading->faults, node, "'%s' has no value", key->name);
		return -1;
	}
	switch (key->type) {
	case KEY_INT:
	case KEY_REAL:
	case KEY_NUMBERS:
	case KEY_WIDTHS:
		return read_number(reading, key, node, value);
	case KEY_FLAG:
		value->i = strcmp(node->text, "true") == 0;
		if (value->i || strcmp(node->text, "false") == 0)
			return 0;
		fault_at(&reading->faults, node, "'%s' is true or false, not '%s'", key->name,
			 shown(reading->pool, node->text));
		return -1;
	case KEY_NAME:
		value->i = read_name(reading, key->table, node);
		return value->i < 0 ? -1 : 0;
	case KEY_TEXT:
		value->text = pool_text(reading->pool, node->text);
		return 0;
	case KEY_METRICS:
	case KEY_WEIGHTS:;
	}
	return read_bit(reading, key, node, value);
}

static bool takes_list(const struct key *key)
{
	return key->type == KEY_NUMBERS || key->type == KEY_METRICS || key->type == KEY_WEIGHTS;
}

/* One value that may be a list by nature. */
static int read_item(struct reading *reading, const struct key *key, const struct node *node, struct value *value)
{
	if (node->kind != NODE_LIST || !(takes_list(key) || key->type == KEY_WIDTHS))
		return read_scalar(reading, key, node, value);
	*value = (struct value){0};
	if (key->type == KEY_WIDTHS && node->n == 0) {
		fault_at(&reading->faults, node, "an empty list of widths");
		return -1;
	}
	double *v = POOL_TAKE(reading->pool, double, node->n);
	int result = 0, n = 0;
	for (const struct node *item = node->first; item; item = item->next) {
		struct value one;
		if (read_scalar(reading, key, item, &one) != 0)
			result = -1;
		value->i |= one.i;
		for (int i = 0; i < one.numbers.n; i++)
			v[n++] = one.numbers.v[i];
	}
	if (key->type == KEY_NUMBERS || key->type == KEY_WIDTHS)
		value->numbers = (struct numbers){n, v};
	return result;
}

/* The arguments of a generator; how many, or −1 after a fault. */
static int read_arguments(struct reading *reading, const struct generator *generator, const struct node *node,
			  double argument[3])
{
	const bool list = node->kind == NODE_LIST;
	const int n = list ? node->n : 1;
	const struct node *item = list ? node->first : node;
	if (n < generator->fewest || n > generator->most) {
		fault_at(&reading->faults, node, "%d arguments do not fit %s", n, generator->about);
		return -1;
	}
	for (int i = 0; i < n; i++, item = item->next) {
		if (item->kind == NODE_SCALAR && parse_double(item->text, &argument[i]) && isfinite(argument[i]))
			continue;
		fault_at(&reading->faults, item, "'%s' takes numbers: %s", generator->name, generator->about);
		return -1;
	}
	return n;
}

static int read_generator(struct reading *reading, const struct key *key, const struct node *node,
			  struct values *values)
{
	double argument[3];
	const char *fault = NULL;
	if (key->type != KEY_INT && key->type != KEY_REAL && key->type != KEY_WIDTHS) {
		fault_at(&reading->faults, node, "'%s' has no numbers to generate: give a value or a list", key->name);
		return -1;
	}
	if (node->n != 1) {
		fault_at(&reading->faults, node,
			 "one of {range: …}, {linear: …}, {log: …}, {pow2: …}, {factor: …} belongs here");
		return -1;
	}
	const int row = read_name(reading, &generator_table, node->first->key);
	if (row < 0)
		return -1;
	const struct generator *generator = &generators[row];
	const int n = read_arguments(reading, generator, node->first, argument);
	if (n < 0)
		return -1;
	const int64_t count = generator->count(argument, n, &fault);
	if (count < 0) {
		fault_at(&reading->faults, node->first, "%s", fault);
		return -1;
	}
	struct value *v = POOL_TAKE(reading->pool, struct value, count);
	const bool rounds = generator->rounds && key->type != KEY_REAL;
	int kept = 0;
	for (int64_t i = 0; i < count; i++) {
		const double exact = generator->value(argument, n, i), x = rounds ? nearbyint(exact) : exact;
		if (take_number(reading, key, node->first, NULL, x, &v[kept]) != 0)
			return -1;
		kept += !(rounds && kept > 0 && value_equal(key, v[kept], v[kept - 1]));
	}
	*values = (struct values){kept, v};
	return 0;
}

int read_values(struct reading *reading, const struct key *key, const struct node *node, struct values *values)
{
	if (node->kind == NODE_MAP)
		return read_generator(reading, key, node, values);
	const bool nested = node->kind == NODE_LIST && node->first && node->first->kind == NODE_LIST;
	const bool axis = node->kind == NODE_LIST && (!takes_list(key) || nested);
	if (axis && node->n == 0) {
		fault_at(&reading->faults, node, "an empty list of '%s' leaves no run", key->name);
		return -1;
	}
	struct value *v = POOL_TAKE(reading->pool, struct value, axis ? node->n : 1);
	*values = (struct values){axis ? node->n : 1, v};
	if (!axis)
		return read_item(reading, key, node, v);
	int result = 0;
	for (const struct node *item = node->first; item; item = item->next, v++) {
		if (nested && takes_list(key) && item->kind != NODE_LIST) {
			fault_at(&reading->faults, item, "'%s' is a list: its values are lists", key->name);
			result = -1;
		} else if (read_item(reading, key, item, v) != 0) {
			result = -1;
		}
	}
	return result;
}
