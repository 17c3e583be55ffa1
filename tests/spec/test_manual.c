/* test_manual.c: the manual of study files names all there is, and the one in docs/ is the one of these tables. Runs in the
 * root of the sources. */
#include "study_fixture.h"

#include <stdlib.h>

#include "base/file.h"
#include "spec/claim.h"
#include "spec/manual.h"

static void has_every_row(const char *manual, const struct table *table)
{
	for (size_t row = 0; row < table->n; row++) {
		char cell[128];
		snprintf(cell, sizeof cell, "\n| `%s` | ", table_name(table, row));
		if (!strstr(manual, cell))
			fail_msg("%s '%s' is missing", table->what, table_name(table, row));
	}
}

static void the_manual_is_complete(void **state)
{
	struct text manual = TEXT_INIT;
	study_manual(&manual);
	has_every_row(manual.at, &key_table);
	has_every_row(manual.at, &metric_table);
	has_every_row(manual.at, &claim_key_table);
	has_every_row(manual.at, &figure_key_table);
	for (size_t k = 0; k < key_table.n; k++)
		if (keys[k].table)
			has_every_row(manual.at, keys[k].table);
	assert_null(strstr(manual.at, "(null)"));
	text_release(&manual);
}

/* The example at the top of the manual is a study. */
static void the_example_is_a_study(void **state)
{
	static const char start[] = "```yaml\n";
	struct text manual = TEXT_INIT;
	struct study study;
	struct plan plan;
	study_manual(&manual);
	char *example = strstr(manual.at, start) + strlen(start);
	*strstr(example, "```") = '\0';
	must_parse(&study, example, NULL);
	must_plan(&plan, &study);
	assert_int_equal(plan.R, 210);
	plan_release(&plan);
	study_release(&study);
	text_release(&manual);
}

static void docs_are_up_to_date(void **state)
{
	static struct err err;
	struct text manual = TEXT_INIT;
	char *page;
	size_t size;
	study_manual(&manual);
	if (file_read("docs/STUDY.md", 1 << 20, &page, &size, &err) != 0)
		fail_msg("%s", err.text);
	if (strcmp(page, manual.at) != 0)
		fail_msg("docs/STUDY.md is old: fathom list manual >docs/STUDY.md");
	free(page);
	text_release(&manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_is_complete),
		cmocka_unit_test(the_example_is_a_study),
		cmocka_unit_test(docs_are_up_to_date),
	};
	return cmocka_run_group_tests_name("manual", tests, NULL, NULL);
}
