/* study_fixture.h: studies from text, for the tests of this room. */
#ifndef FATHOM_STUDY_FIXTURE_H
#define FATHOM_STUDY_FIXTURE_H

#include "cm.h"

#include "spec/plan.h"

/* As the path "x.yaml"; at most 8 words of the command line, then NULL. */
static inline int parse_text(struct study *study, const char *text, const char *const *words, struct err *err)
{
	int n = 0;
	while (words && words[n])
		n++;
	*err = (struct err){0};
	return study_parse(study, text, strlen(text), "x", "x.yaml", n, words, err);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline void must_parse(struct study *study, const char *text, const char *const *words)
{
	static struct err err;
	if (parse_text(study, text, words, &err) != 0)
		fail_msg("refused:\n%s", err.text);
}

/* The study is refused with exactly this text. */
static inline void refused(const char *text, const char *const *words, const char *expected)
{
	static struct err err;
	struct study study;
	if (parse_text(&study, text, words, &err) == 0)
		fail_msg("not refused: %s", text);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, ERR_INPUT);
}

/* One line of a study that is refused: the carets, so many, stand where `what` starts. */
struct refusal {
	const char *line, *what;
	int carets;
	const char *message;
};

static inline size_t characters(const char *from, const char *to)
{
	size_t n = 0;
	for (; from < to; from++)
		n += ((unsigned char)*from & 0xc0) != 0x80;
	return n;
}

static inline void all_refused(const struct refusal *refusal, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *line = refusal[i].line, *at = strstr(line, refusal[i].what);
		struct text expected = TEXT_INIT;
		assert_non_null(at);
		const int before = (int)characters(line, at);
		text_add(&expected, "x.yaml:1:%d: %s\n  %s\n  %*s%.*s", before + 1, refusal[i].message, line, before,
			 "", refusal[i].carets, "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
		refused(line, NULL, expected.at);
		text_release(&expected);
	}
}

#define ALL_REFUSED(rows) all_refused(rows, sizeof(rows) / sizeof *(rows))

/* Data that are what their section says: no files needed. */
static inline int plain_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	*identity = 1000003u * (uint64_t)spec->set + 101u * (uint64_t)spec->data_seed + (uint64_t)spec->train;
	return 0;
}

static inline void must_plan(struct plan *plan, const struct study *study)
{
	static struct err err;
	err = (struct err){0};
	if (plan_build(plan, study, plain_identity, &err) != 0)
		fail_msg("no plan:\n%s", err.text);
}

static inline const struct key *key_of(const char *name)
{
	const int row = table_find(&key_table, name);
	assert_true(row >= 0);
	return &keys[row];
}

/* The value of a key in run r, as a word. */
static inline const char *word_of(const struct plan *plan, size_t r, const char *name)
{
	static char word[256];
	struct settings settings;
	struct text text = TEXT_INIT;
	plan_settings(plan, r, &settings);
	value_word(key_of(name), key_get(key_of(name), &settings), &text);
	snprintf(word, sizeof word, "%s", text.at ? text.at : "");
	text_release(&text);
	return word;
}

/* All values of a key over the runs of a plan, joined by blanks. */
static inline void column_is(const struct plan *plan, const char *name, const char *expected)
{
	struct text all = TEXT_INIT;
	for (size_t r = 0; r < plan->R; r++)
		text_add(&all, "%s%s", r > 0 ? " " : "", word_of(plan, r, name));
	assert_string_equal(all.at, expected);
	text_release(&all);
}

/* The same of a whole study: parsed, planned. */
static inline void study_gives(const char *text, const char *const *words, const char *name, const char *expected)
{
	struct study study;
	struct plan plan;
	must_parse(&study, text, words);
	must_plan(&plan, &study);
	column_is(&plan, name, expected);
	plan_release(&plan);
	study_release(&study);
}

#define CIRCLES "data: {set: circles, train: 200, test: 100}\n"
#define BCE "train: {loss: bce}\n"

#endif
