/* uses.c: see uses.h. Two rules:
 *   a key that is not at its default is used in some grid of the study. Not in each: an `also` entry for sgd has the
 *     momentum of the study, and it does no harm;
 *   a key of several values is used by all of its owner's values in that grid, or runs would be equal that count as
 *     different. What `skip` leaves out, and pairs that a zip does not make, are no runs. */
#include "spec/uses.h"

#include <string.h>

const struct use uses[] = {
	{"momentum", "optimizer", {"momentum", "nesterov"}},
	{"beta1", "optimizer", {"adam", "adamw"}},
	{"beta2", "optimizer", {"adam", "adamw"}},
	{"rho", "optimizer", {"rmsprop"}},
	{"epsilon", "optimizer", {"adagrad", "rmsprop", "adam", "adamw"}},
	{"init_std", "init", {"uniform", "normal", "truncated-normal", "sparse"}},
	{"init_value", "init", {"constant"}},
	{"sparsity", "init", {"sparse"}},
	{"decay_every", "schedule", {"step"}},
	{"decay_rate", "schedule", {"step", "exponential"}},
	{"lr_min", "schedule", {"cosine"}},
};

const int uses_n = sizeof uses / sizeof *uses;

/* A row of the table in one grid. */
struct pair {
	const struct use *use;
	const struct draft *draft;
	const struct key *key, *owner;
	struct values values, owners;
	bool tied; /* zipped: value by value */
};

static struct pair pair_of(const struct use *use, const struct draft *draft)
{
	const struct key *key = &keys[table_find(&key_table, use->key)];
	const struct key *owner = &keys[table_find(&key_table, use->owner)];
	const struct zip *zip = draft_zip(draft, key);
	return (struct pair){use,
			     draft,
			     key,
			     owner,
			     draft->values[key - keys],
			     draft->values[owner - keys],
			     zip && zip == draft_zip(draft, owner)};
}

static bool is_used(const struct pair *p, struct value owner)
{
	const char *name = table_name(p->owner->table, (size_t)owner.i);
	for (int u = 0; p->use->user[u]; u++)
		if (strcmp(p->use->user[u], name) == 0)
			return true;
	return false;
}

/* Whether a skip leaves out every run of these two values. */
static bool is_skipped(const struct pair *p, struct value owner, struct value value)
{
	for (int s = 0; s < p->draft->skips; s++) {
		const struct condition *skip = &p->draft->skip[s];
		int k = 0;
		while (k < skip->n && ((skip->key[k] == p->owner && condition_has(skip, k, owner)) ||
				       (skip->key[k] == p->key && condition_has(skip, k, value))))
			k++;
		if (k == skip->n)
			return true;
	}
	return false;
}

/* Whether that owner, who does not use the key, has runs that differ in it alone. */
static bool repeats(const struct pair *p, struct value owner)
{
	int left = 0;
	for (int i = 0; i < p->values.n && left < 2; i++)
		left += !is_skipped(p, owner, p->values.v[i]);
	return left > 1;
}

static void tell(const struct pair *p, struct value owner, bool move, struct reading *reading)
{
	struct text users = TEXT_INIT;
	for (int u = 0; p->use->user[u]; u++) {
		const bool last = !p->use->user[u + 1];
		text_add(&users, "%s'%s'", u == 0 ? "" : last ? " and " : ", ", p->use->user[u]);
	}
	const bool one = !p->use->user[1];
	fault_at(&reading->faults, p->draft->given[p->key - keys], "%s '%s' has no use for '%s': %s %s%s",
		 p->use->owner, table_name(p->owner->table, (size_t)owner.i), p->key->name, users.at,
		 one ? "has" : "have",
		 move ? pool_format(reading->pool, "; give '%s' its list in an 'also' entry for %s alone", p->key->name,
				    one ? "it" : "them")
		      : "");
	text_release(&users);
}

static bool is_default(const struct pair *p, struct value value)
{
	struct settings plain;
	settings_default(&plain);
	return value_equal(p->key, value, key_get(p->key, &plain));
}

static bool any_uses(const struct use *use, const struct draft *draft, int drafts)
{
	for (int g = 0; g < drafts; g++) {
		const struct pair p = pair_of(use, &draft[g]);
		for (int o = 0; o < p.owners.n; o++)
			if (is_used(&p, p.owners.v[o]))
				return true;
	}
	return false;
}

/* In one grid, of a key with several values. */
static void check_list(const struct pair *p, struct reading *reading)
{
	bool some = false;
	for (int o = 0; o < p->owners.n; o++)
		some |= is_used(p, p->owners.v[o]);
	for (int o = 0; o < p->owners.n; o++) {
		if (is_used(p, p->owners.v[o]))
			continue;
		const bool fault = p->tied ? !is_default(p, p->values.v[o]) : repeats(p, p->owners.v[o]);
		if (!fault)
			continue;
		tell(p, p->owners.v[o], some && !p->tied, reading);
		return;
	}
}

void check_uses(const struct draft *draft, int drafts, struct reading *reading)
{
	for (int u = 0; u < uses_n; u++) {
		const bool used = any_uses(&uses[u], draft, drafts);
		for (int g = 0; g < drafts; g++) {
			const struct pair p = pair_of(&uses[u], &draft[g]);
			if (p.values.n > 1)
				check_list(&p, reading);
			else if (!used && !is_default(&p, p.values.v[0]))
				tell(&p, p.owners.v[0], false, reading);
		}
	}
}
