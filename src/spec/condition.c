/* condition.c: partial settings, for skip, where and versus: every key named must have one of the values named. */
#include <math.h>
#include <string.h>

#include "spec/draft.h"

int read_condition(struct reading *reading, const struct node *node, struct condition *condition)
{
	*condition = (struct condition){0};
	if (node->kind != NODE_MAP) {
		fault_at(&reading->faults, node,
			 "a combination of keys belongs here: {activation: sigmoid, depth: [16, 32]}");
		return -1;
	}
	const struct key **key = POOL_TAKE(reading->pool, const struct key *, node->n);
	const struct value **value = POOL_TAKE(reading->pool, const struct value *, node->n);
	int *count = POOL_TAKE(reading->pool, int, node->n), n = 0, result = 0;
	for (const struct node *child = node->first; child; child = child->next) {
		struct values values;
		if (stands_alone(child->key)) {
			fault_at(&reading->faults, child->key, "'%s' has no value" NEEDS_BRACKETS,
				 shown(reading->pool, child->key->text));
			result = -1;
			continue;
		}
		key[n] = read_key(reading, child->key);
		if (!key[n] || read_values(reading, key[n], child, &values) != 0) {
			result = -1;
			continue;
		}
		value[n] = values.v;
		count[n++] = values.n;
	}
	*condition = (struct condition){n, key, count, value};
	return result;
}

/* Real numbers match as they are read and printed, in six digits: {log: [1e-3, 1, 7]} holds 0.00316227766017, and 0.00316228
 * means it. */
static bool matches(const struct key *key, struct value wanted, struct value is)
{
	if (key->type != KEY_REAL)
		return value_equal(key, wanted, is);
	return fabs(wanted.r - is.r) <= 5e-6 * fmax(fabs(wanted.r), fabs(is.r));
}

bool condition_has(const struct condition *condition, int k, struct value value)
{
	for (int i = 0; i < condition->values[k]; i++)
		if (matches(condition->key[k], condition->value[k][i], value))
			return true;
	return false;
}

bool condition_holds(const struct condition *condition, const struct settings *settings)
{
	for (int k = 0; k < condition->n; k++)
		if (!condition_has(condition, k, key_get(condition->key[k], settings)))
			return false;
	return true;
}

int condition_parse(struct pool *pool, int n, const char *const *words, struct condition *condition, struct err *err)
{
	struct reading reading = {.pool = pool, .filter = true};
	read_condition(&reading, read_words(&reading, n, words), condition);
	return faults_tell(&reading.faults, err);
}
