/* on_spec.c: what a study says, in its file and on the command line. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/study_check.h"
#include "spec/claim.h"

enum { WORDS_MAX = 16, FEW = 64 };

/* Lines as words, cut in a copy; *copy is to be freed. */
static int cut(const char *bytes, size_t size, char **copy, const char *word[WORDS_MAX])
{
	int n = 0;
	char *rest = *copy = malloc(size + 1);
	REQUIRE(rest);
	memcpy(rest, bytes, size + 1);
	while (rest && n < WORDS_MAX)
		word[n++] = strsep(&rest, "\n");
	return n;
}

/* A refusal says why, at a place; more than fits is cut. */
static void check_fault(const struct err *err)
{
	REQUIRE(err->kind == ERR_INPUT || err->kind == ERR_SYSTEM);
	REQUIRE(err->length > 0 && err->length < sizeof err->text && err->text[0] != '\0');
	REQUIRE(strlen(err->text) == err->length);
}

static bool in_files(int set)
{
	static const char *const names[] = {"fashion-mnist", "mnist", "idx", "csv"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(table_name(&dataset_table, (size_t)set), names[i]) == 0)
			return true;
	return false;
}

/* Few runs on data that no file holds: the others are planned elsewhere. */
static bool is_small(const struct study *study)
{
	int64_t runs = 0;
	for (int g = 0; g < study->grids; g++) {
		const struct grid *grid = &study->grid[g];
		int64_t product = 1;
		if (in_files(grid->base.data.set))
			return false;
		for (int a = 0; a < grid->axes; a++) {
			for (int k = 0; k < grid->axis[a].keys; k++)
				if (strcmp(grid->axis[a].key[k]->name, "set") == 0)
					return false;
			product *= grid->axis[a].n;
			if (product > FEW)
				return false;
		}
		runs += product;
	}
	return runs <= FEW;
}

static int identity(const struct data_spec *spec, uint64_t *number, struct err *err)
{
	*number = (uint64_t)spec->set + 101u * (uint64_t)spec->data_seed;
	return 0;
}

static void check_plan(const struct study *study, struct err *err)
{
	struct plan plan;
	*err = (struct err){0};
	if (plan_build(&plan, study, identity, err) != 0) {
		check_fault(err);
		return;
	}
	REQUIRE(plan.R > 0);
	for (size_t r = 0; r < plan.R; r++) {
		struct settings settings;
		plan_settings(&plan, r, &settings);
		for (size_t k = 0; k < key_table.n; k++) {
			struct text word = TEXT_INIT;
			value_word(&keys[k], key_get(&keys[k], &settings), &word);
			text_release(&word);
		}
	}
	*err = (struct err){0};
	if (study_check(study, &plan, err) != 0)
		check_fault(err);
	plan_release(&plan);
}

/* The study, resolved, is a study, and the same one. */
static void check_resolved(const struct study *study, struct err *err)
{
	struct study again;
	*err = (struct err){0};
	if (study_parse(&again, study->resolved, strlen(study->resolved), "x", "", 0, NULL, err) != 0) {
		fprintf(stderr, "%s\n%s\n", study->resolved, err->text);
		REQUIRE(!"the resolved study can be read");
	}
	if (strcmp(again.resolved, study->resolved) != 0) {
		fprintf(stderr, "%s\n---\n%s\n", study->resolved, again.resolved);
		REQUIRE(!"the resolved study is resolved");
	}
	study_release(&again);
}

static void check_study(const char *text, size_t size, int n, const char *const *words)
{
	static struct err err;
	struct study study;
	err = (struct err){0};
	if (study_parse(&study, text, size, "x", "x.yaml", n, words, &err) != 0) {
		check_fault(&err);
		return;
	}
	check_resolved(&study, &err);
	if (is_small(&study))
		check_plan(&study, &err);
	study_release(&study);
}

void eat_study(const char *bytes, size_t size)
{
	check_study(bytes, size, 0, NULL);
}

#define STUDY                                                                                                          \
	"data: { set: circles, train: 40, test: 20 }\n"                                                                \
	"model: { depth: [1, 2, 4], width: 8, init: [zeros, he-normal] }\n"                                            \
	"train: { lr: [0.1, 1], batch: 10, steps: 20 }\n"                                                              \
	"seed: { range: 2 }\n"                                                                                         \
	"log: { every: 10, metrics: [train_loss, grad_norm, delta_rms] }\n"

void eat_claims(const char *bytes, size_t size)
{
	static const char start[] = STUDY;
	char *text = malloc(sizeof start + size);
	REQUIRE(text);
	memcpy(text, start, sizeof start - 1);
	memcpy(text + sizeof start - 1, bytes, size + 1);
	check_study(text, sizeof start - 1 + size, 0, NULL);
	free(text);
}

void eat_words(const char *bytes, size_t size)
{
	static const char text[] = STUDY;
	const char *word[WORDS_MAX];
	char *copy;
	const int n = cut(bytes, size, &copy, word);
	check_study(text, sizeof text - 1, n, word);
	free(copy);
}

void eat_where(const char *bytes, size_t size)
{
	static struct err err;
	const char *word[WORDS_MAX];
	char *copy;
	struct pool pool = POOL_INIT;
	struct condition where;
	struct settings settings;
	struct expect expect;
	const int n = cut(bytes, size, &copy, word);
	err = (struct err){0};
	settings_default(&settings);
	if (condition_parse(&pool, n, word, &where, &err) == 0)
		condition_holds(&where, &settings);
	else
		check_fault(&err);
	pool_release(&pool);
	for (int i = 0; i < n; i++)
		if (expect_parse(word[i], &expect)) {
			REQUIRE(!isnan(expect.low));
			REQUIRE(!expect_holds(&expect, NAN));
		}
	free(copy);
}

void eat_number(const char *bytes, size_t size)
{
	double x, again;
	int64_t n;
	char written[32];
	if (parse_int64(bytes, &n)) {
		REQUIRE(parse_double(bytes, &x));
		REQUIRE((double)n == x);
	}
	if (!parse_double(bytes, &x))
		return;
	REQUIRE(strlen(format_double(written, x)) < sizeof written);
	REQUIRE(parse_double(written, &again));
	REQUIRE(isnan(x) ? isnan(again) : again == x);
	if (size > 0 && is_file_name(bytes))
		REQUIRE(strlen(bytes) <= 64 && !strchr(bytes, '/'));
}
