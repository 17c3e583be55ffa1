/* args.c: see args.h */
#include "cli/args.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/print.h"
#include "report/figures.h"
#include "report/found.h"
#include "report/study_check.h"

error_t study_args_parse(int key, char *arg, struct argp_state *state, struct study_args *args)
{
	switch (key) {
	case ARGP_KEY_INIT:
		if (!args->dir)
			args->dir = "results";
		return 0;
	case 'o':
		args->dir = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (!args->path)
			args->path = arg;
		else if (strchr(arg, '=') && args->n == OVERRIDES_MAX)
			usage_fault(state, "more than %d KEY=VALUE are given", OVERRIDES_MAX);
		else if (strchr(arg, '='))
			args->overrides[args->n++] = arg;
		else
			usage_fault(state, "'%s' is no KEY=VALUE, and the study was already given ('%s')", arg,
				    args->path);
		return 0;
	case ARGP_KEY_END:
		if (!args->path)
			usage_fault(state, "no STUDY given: the path of a study file, as experiments/vanishing.yaml");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int64_t option_number(const struct argp_state *state, const char *option, const char *arg, int64_t low, int64_t high)
{
	int64_t value = 0;
	if (!parse_int64(arg, &value) || value < low || value > high)
		usage_fault(state, "%s '%s' is not a whole number from %lld to %lld", option, arg, (long long)low,
			    (long long)high);
	return value;
}

double option_real(const struct argp_state *state, const char *option, const char *arg, double low, double high)
{
	double value = 0;
	if (!parse_double(arg, &value) || !(value >= low && value <= high))
		usage_fault(state, "%s '%s' is not a number from %g to %g", option, arg, low, high);
	return value;
}

int option_row(const struct argp_state *state, const struct table *table, const char *arg)
{
	const int row = table_find(table, arg);
	const char *near = table_nearest(table, arg);
	if (row >= 0)
		return row;
	if (near)
		usage_fault(state, "unknown %s '%s': did you mean '%s'?", table->what, arg, near);
	struct text names = TEXT_INIT;
	for (size_t i = 0; i < table->n; i++)
		text_add(&names, "%s%s", i ? ", " : "", table_name(table, i));
	usage_fault(state, "unknown %s '%s': there are %s", table->what, arg, names.at);
	text_release(&names);
	return -1;
}

unsigned option_rows(const struct argp_state *state, const struct table *table, const char *arg)
{
	unsigned set = 0;
	char *words = strdup(arg), *rest = words;
	if (!words)
		NO_MEMORY("out of memory");
	for (char *word; (word = strsep(&rest, ",")) != NULL;)
		set |= 1u << option_row(state, table, word);
	free(words);
	return set;
}

error_t path_args_parse(int key, struct argp_state *state, struct path_args *args, const char *what)
{
	switch (key) {
	case ARGP_KEY_ARGS:
		args->path = state->argv + state->next;
		args->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (what)
			usage_fault(state, "%s", what);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int path_args_each(const struct path_args *args, const char *name,
		   int (*work)(const char *path, void *with, struct err *err), void *with, struct err *err)
{
	int code = 0;
	for (int i = 0; i < args->n; i++) {
		*err = (struct err){0};
		if (work(args->path[i], with, err) == 0)
			continue;
		const int fault = complain_fault(name, err);
		code = code ? code : fault;
	}
	return code;
}

int subject_load(struct subject *subject, const struct study_args *args, struct err *err)
{
	if (study_load(&subject->study, args->path, args->n, args->overrides, err) != 0)
		return -1;
	const bool searches = study_searches(&subject->study);
	subject->plan = subject->whole = (struct plan){0};
	subject->search = (struct search_state){0}; /* nothing to settle, unless it searches */
	if (figures_check(&subject->study, err) == 0 &&
	    plan_build(searches ? &subject->whole : &subject->plan, &subject->study, dataset_identity, err) == 0 &&
	    (!searches || search_part(&subject->plan, &subject->whole, NULL, NULL, &subject->search, err) == 0))
		return 0;
	subject_release(subject);
	return -1;
}

/* What is committed, as a search asks for it. */
struct committed {
	const struct store *store;
	const struct plan *whole;
	double *x; /* the measure of each run; NULL: the search has none */
};

static enum answer committed_answer(void *self, size_t r)
{
	const struct committed *c = self;
	return search_answer(&c->whole->study->search, store_find(c->store, c->whole->run[r].hash), c->x ? c->x[r] : 0);
}

int subject_search(struct subject *subject, const struct store *store, struct err *err)
{
	const struct search *search = &subject->study.search;
	struct committed committed = {store, &subject->whole, NULL};
	if (!study_searches(&subject->study))
		return 0;
	if (search->measure < METRIC_N) {
		committed.x = malloc(sizeof(double) * (subject->whole.R + 1));
		if (!committed.x)
			return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", subject->whole.R);
		if (store_measure(store, &subject->whole, (enum metric_id)search->measure, committed.x, err) != 0) {
			free(committed.x);
			return -1;
		}
	}
	plan_release(&subject->plan);
	const int failed =
		search_part(&subject->plan, &subject->whole, committed_answer, &committed, &subject->search, err);
	free(committed.x);
	return failed;
}

int subject_check(const struct subject *subject, const struct study_args *args, struct err *err)
{
	const struct plan *all = subject->whole.R > 0 ? &subject->whole : &subject->plan;
	const int failed = study_check(&subject->study, all, err);
	if (!failed || args->n == 0)
		return failed;
	complain("note: with these overrides some figures or claims will not work:\n%s\n", err->text);
	*err = (struct err){0};
	return 0;
}

void subject_release(struct subject *subject)
{
	plan_release(&subject->plan);
	plan_release(&subject->whole);
	study_release(&subject->study);
}

/* The name of a result file without folder and ending. */
static char *result_name(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = pool_text(pool, slash ? slash + 1 : path), *dot = strrchr(name, '.');
	if (dot && dot != name)
		*dot = '\0';
	return name;
}

char *result_folder(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');
	return pool_format(pool, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, result_name(pool, path));
}

int opened_load(struct opened *opened, const char *path, int n, const char *const *overrides, struct err *err)
{
	struct pool pool = POOL_INIT;
	if (result_open(&opened->result, path, err) != 0)
		return -1;
	const char *spec = opened->result.spec;
	const int failed =
		study_parse(&opened->study, spec, strlen(spec), result_name(&pool, path), "", n, overrides, err);
	pool_release(&pool);
	if (failed) {
		if (n == 0)
			err_add(err, "in the study stored in '%s'", path);
		result_close(&opened->result);
		return -1;
	}
	found_derive(&opened->result, &opened->study);
	return 0;
}

void opened_release(struct opened *opened)
{
	study_release(&opened->study);
	result_close(&opened->result);
}
