/* impossible.c: see impossible.h. */
#include "spec/impossible.h"

#include <stdlib.h>
#include <string.h>

#include "spec/value.h"

void impossible_init(struct impossible *impossible, const struct study *study, struct err *err)
{
	*impossible = (struct impossible){.study = study, .err = err, .fault = calloc(1, sizeof *err)};
	if (!impossible->fault)
		NO_MEMORY("out of memory for a message");
}

void impossible_release(struct impossible *impossible)
{
	free(impossible->fault);
	pool_release(&impossible->pool);
}

struct err *impossible_start(struct impossible *impossible)
{
	impossible->fault->kind = ERR_NONE;
	impossible->fault->length = 0;
	return impossible->fault;
}

bool impossible_enough(const struct impossible *impossible)
{
	return impossible->n == IMPOSSIBLE_MAX;
}

/* What the run has of the axes of its grid; seeds are the same as others. */
static void add_run(const struct grid *grid, const struct settings *settings, const char *section, struct text *out)
{
	for (int a = 0; a < grid->axes; a++)
		for (int k = 0; k < grid->axis[a].keys; k++) {
			const struct key *key = grid->axis[a].key[k];
			if (strcmp(key->name, "seed") == 0 || (*section && strcmp(key->section, section) != 0))
				continue;
			text_add(out, "%s%s: ", out->length > 0 ? ", " : "", key->name);
			value_print(key, key_get(key, settings), out);
		}
}

void impossible_tell(struct impossible *impossible, const struct grid *grid, const struct settings *settings,
		     const char *section)
{
	const struct err *fault = impossible->fault;
	struct text run = TEXT_INIT;
	for (int i = 0; i < impossible->n; i++)
		if (strcmp(impossible->told[i].fault, fault->text) == 0)
			return;
	add_run(grid, settings, section, &run);
	impossible->system |= fault->kind == ERR_SYSTEM;
	impossible->told[impossible->n].fault = pool_text(&impossible->pool, fault->text);
	impossible->told[impossible->n++].run = run.length > 0 ? pool_text(&impossible->pool, run.at) : NULL;
	text_release(&run);
}

void impossible_finish(const struct impossible *impossible, bool others)
{
	const struct study *study = impossible->study;
	for (int i = 0; i < impossible->n; i++) {
		err_add(impossible->err, "%s: %s", study_place(study), impossible->told[i].fault);
		if (impossible->told[i].run)
			err_add(impossible->err, "  in the run {%s}%s", impossible->told[i].run,
				others ? "\n  try: mend it, or leave such runs out: skip: [{…}]" : "");
	}
	if (impossible->system)
		impossible->err->kind = ERR_SYSTEM;
}
