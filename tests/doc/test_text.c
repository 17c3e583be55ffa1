/* test_text.c: documents in a terminal: nothing is cut, nothing is wider than 100 columns, what belongs below each other is. */
#include "doc_fixture.h"

static int widest_line(const char *text)
{
	int most = 0;
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		const int width = utf8_width(text, strcspn(text, "\n"));
		most = width > most ? width : most;
	}
	return most;
}

/* The column of a word in its line, counted as seen. */
static int column_of(const char *text, const char *word)
{
	const char *at = strstr(text, word), *start = at;
	if (!at)
		fail_msg("no '%s' in\n%s", word, text);
	while (start > text && start[-1] != '\n')
		start--;
	return utf8_width(start, (size_t)(at - start));
}

static void no_word_is_lost_and_no_line_is_too_wide(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	every_part(&doc);
	doc_write_text(&doc, &out);
	assert_true(widest_line(out.at) <= 100);
	assert_null(strstr(out.at, " \n"));
	assert_non_null(strstr(out.at, NASTY));
	assert_non_null(strstr(out.at, "fathom  run\n"));
	assert_non_null(strstr(out.at, "    dZ[1] = dA[1] ∘ g'(Z[1])\n    db[1] = dZ[1]\n"));
	assert_non_null(strstr(out.at, "b = 0.1\n"));
	assert_null(strstr(out.at, "-0 "));
	text_release(&out);
	doc_release(&doc);
}

static void a_paragraph_is_wrapped_between_words(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT, joined = TEXT_INIT;
	doc_init(&doc, "T", "");
	doc_text(&doc, "%s", sentence);
	doc_write_text(&doc, &out);
	const char *at = strstr(out.at, "Every");
	for (; at && *at; at++)
		text_add_bytes(&joined, *at == '\n' ? " " : at, 1);
	assert_memory_equal(joined.at, sentence, strlen(sentence));
	const int first = (int)strcspn(strstr(out.at, "Every"), "\n");
	assert_true(first > 100 - 12 && first <= 100);
	text_release(&out);
	text_release(&joined);
	doc_release(&doc);
}

static void decimal_points_stand_below_each_other(void **state)
{
	static const double W[] = {0.5, -12.25, 3, 1e-7, 0.000125, -400};
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "T", "");
	doc_matrix(&doc, "W", "W", 3, 2, W, 6);
	doc_write_text(&doc, &out);
	assert_int_equal(column_of(out.at, ".5"), column_of(out.at, ".000125"));
	assert_int_equal(column_of(out.at, ".25"), column_of(out.at, "e-07") /* 1 before it */);
	assert_int_equal(column_of(out.at, "⎤"), column_of(out.at, "⎦"));
	assert_int_equal(column_of(out.at, "W = ") + 4, column_of(out.at, "⎡"));
	text_release(&out);
	doc_release(&doc);
}

static void a_wide_matrix_is_shown_in_blocks(void **state)
{
	enum { C = 30 };
	double W[C];
	struct doc doc;
	struct text out = TEXT_INIT;
	for (int c = 0; c < C; c++)
		W[c] = 0.123451 + 0.01 * c;
	doc_init(&doc, "T", "");
	doc_matrix(&doc, "W[1]", "W", 1, C, W, 6);
	doc_write_text(&doc, &out);
	assert_true(widest_line(out.at) <= 100);
	assert_non_null(strstr(out.at, "W[1], columns 1-"));
	for (int c = 0; c < C; c++) {
		char number[32];
		assert_non_null(strstr(out.at, doc_number(number, W[c], 6)));
	}
	text_release(&out);
	doc_release(&doc);
}

static void cells_are_aligned_as_they_are_seen(void **state)
{
	static const char *const head[] = {"n", "value", "end"};
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "T", "");
	doc_table(&doc, NULL, 3, "lrl", head);
	doc_cell(&doc, "ŷ ∂"), doc_cell(&doc, "1"), doc_cell(&doc, "aa");
	doc_cell(&doc, "層"), doc_cell(&doc, "12"), doc_cell(&doc, "bb");
	doc_cell(&doc, "e\xcc\x81"), doc_cell(&doc, "123"), doc_cell(&doc, "cc");
	doc_cell(&doc, "\xff"), doc_cell(&doc, "1234"), doc_cell(&doc, "dd");
	doc_write_text(&doc, &out);
	const int end = column_of(out.at, "end");
	assert_int_equal(end, 3 + 2 + 5 + 2);
	assert_int_equal(column_of(out.at, "aa"), end);
	assert_int_equal(column_of(out.at, "bb"), end);
	assert_int_equal(column_of(out.at, "cc"), end);
	assert_int_equal(column_of(out.at, "dd"), end);
	text_release(&out);
	doc_release(&doc);
}

/* Too many columns for a line: each row becomes a list, no number is lost. */
static void a_table_too_wide_becomes_lists(void **state)
{
	enum { COLUMNS = 20 };
	char name[COLUMNS][24], align[COLUMNS + 1] = {0};
	const char *head[COLUMNS];
	struct doc doc;
	struct text out = TEXT_INIT;
	for (int c = 0; c < COLUMNS; c++) {
		snprintf(name[c], sizeof name[c], "head-number-%d", c);
		head[c] = name[c];
		align[c] = 'r';
	}
	doc_init(&doc, "T", "");
	doc_table(&doc, NULL, COLUMNS, align, head);
	for (int c = 0; c < 2 * COLUMNS; c++)
		doc_cell(&doc, "v%d.", c);
	doc_write_text(&doc, &out);
	assert_true(widest_line(out.at) <= 100);
	for (int c = 0; c < 2 * COLUMNS; c++) {
		char value[16];
		snprintf(value, sizeof value, "v%d.", c);
		assert_non_null(strstr(out.at, value));
	}
	text_release(&out);
	doc_release(&doc);
}

static void a_word_longer_than_the_line_is_broken(void **state)
{
	char word[301];
	struct doc doc;
	struct text out = TEXT_INIT;
	memset(word, 'x', 300);
	word[300] = '\0';
	doc_init(&doc, word, word);
	doc_heading(&doc, 2, NULL, "%s", word);
	doc_text(&doc, "%s", word);
	doc_formula(&doc, word, word);
	doc_table(&doc, word, 2, "ll", NULL);
	doc_cell(&doc, "%s", word), doc_cell(&doc, "%s", word);
	doc_terms(&doc);
	doc_cell(&doc, "%s", word), doc_cell(&doc, "%s", word);
	doc_write_text(&doc, &out);
	size_t n = 0;
	for (const char *at = out.at; *at; at++)
		n += *at == 'x';
	assert_int_equal(n, 300 * 10);
	assert_true(widest_line(out.at) <= 100);
	text_release(&out);
	doc_release(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_word_is_lost_and_no_line_is_too_wide),
		cmocka_unit_test(a_paragraph_is_wrapped_between_words),
		cmocka_unit_test(decimal_points_stand_below_each_other),
		cmocka_unit_test(a_wide_matrix_is_shown_in_blocks),
		cmocka_unit_test(cells_are_aligned_as_they_are_seen),
		cmocka_unit_test(a_table_too_wide_becomes_lists),
		cmocka_unit_test(a_word_longer_than_the_line_is_broken),
	};
	return cmocka_run_group_tests_name("doc/text", tests, NULL, NULL);
}
