/* value.h: what this room alone needs of values, beside key.h. */
#ifndef FATHOM_VALUE_H
#define FATHOM_VALUE_H

#include "spec/key.h"

bool numbers_equal(struct numbers a, struct numbers b);

/* As value_print, but as one item of a list of values: [128, 64], not [[128, 64]]. */
void value_print_item(const struct key *key, struct value value, struct text *out);

/* "…" with escapes, as YAML and JSON read it. */
void text_add_quoted(struct text *out, const char *text);

/* The order of keys in the identity text: sorted by name. Keys that say where data lie, not what they are, are left out. */
enum { KEYS_MAX = 64 };
int keys_sorted(const struct key *order[KEYS_MAX]);
/* The pieces of an identity text: one for a key that is not at its default, and what stands at the end. */
void identity_line(const struct key *key, struct value value, struct text *out);
enum { IDENTITY_END = 64 };
size_t identity_end(uint64_t data_identity, char out[IDENTITY_END]);

/* What dataset_shape tells. */
struct data_shape {
	int inputs, classes, targets;
};

/* settings_check without the checks of the data section alone, which cost a look at files. */
int settings_check_shape(const struct settings *settings, struct data_shape shape, struct err *err);

#endif
