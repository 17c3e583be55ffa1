/* test_lecture.c: every demonstration passes, tells what it did, and fails when the plain program beside it has a slip. */
#include "cm.h"

#include <stdlib.h>

#include "lecture/lecture.h"

static struct demonstration demonstrate(const struct lecture_claim *claim, enum slip slip, struct doc *doc)
{
	struct demonstration made;
	struct err err;
	doc_init(doc, claim->name, "");
	if (lecture_demonstrate(claim, slip, doc, &made, &err) != 0)
		fail_msg("claim %s: %s", claim->name, err.text);
	return made;
}

static void every_demonstration_passes(void **state)
{
	for (int i = 0; i < 13; i++) {
		struct doc doc;
		struct text text = TEXT_INIT;
		const struct demonstration made = demonstrate(&lecture_claims[i], SLIP_NONE, &doc);
		if (!made.pass)
			fail_msg("claim %d: %s is %g, not %s", i + 1, made.what, made.number, made.expected);
		assert_true(made.what[0] && made.expected[0]);
		doc_write_text(&doc, &text); /* with complete tables, of more than a sentence */
		assert_true(text.length > 300);
		for (const struct doc_block *block = doc.first; block; block = block->next)
			assert_true(block->kind != DOC_TABLE || block->used == block->rows * block->columns);
		text_release(&text);
		doc_release(&doc);
	}
}

/* Where the plain program is one of the witnesses, a slip of its own shows. (5, 7, 9 and 12 hear nobody but the network.) */
static void a_slip_makes_it_fail(void **state)
{
	static const struct {
		int claim;
		enum slip slip;
	} cases[] = {
		{1, SLIP_NO_SLOPE},      {2, SLIP_SLOPE_OF_OUTPUT}, {2, SLIP_SLOPE_ONE_OFF}, {3, SLIP_TRANSPOSE},
		{4, SLIP_WRONG_ORDER},   {6, SLIP_WRONG_ORDER},     {6, SLIP_STALE_CACHE},   {8, SLIP_STALE_CACHE},
		{8, SLIP_FORWARD_ONCE},  {10, SLIP_NO_SLOPE},       {10, SLIP_SIGN},         {11, SLIP_NO_MEAN},
		{11, SLIP_NO_BIAS_MEAN}, {11, SLIP_NO_SLOPE},       {13, SLIP_OWN_OUTPUT},   {13, SLIP_STALE_CACHE}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct doc doc;
		const struct demonstration made = demonstrate(&lecture_claims[cases[i].claim - 1], cases[i].slip, &doc);
		if (made.pass)
			fail_msg("claim %d holds in spite of %s", cases[i].claim, slips[cases[i].slip].name);
		doc_release(&doc);
	}
}

static void the_table(void **state)
{
	assert_int_equal(lecture_table.n, 29);
	for (int i = 0; i < 29; i++) {
		assert_int_equal(atoi(lecture_claims[i].name), i + 1);
		assert_int_equal(lecture_claims[i].demonstrate != NULL, i < 13);
	}
}

static void citations(void **state)
{
	assert_int_equal(lecture_cited("lecture 15"), 15);
	assert_int_equal(lecture_cited("lecture 1"), 1);
	assert_int_equal(lecture_cited("lecture 29, both readings"), 29);
	assert_int_equal(lecture_cited("lecture 2 and more"), 2);
	assert_int_equal(lecture_cited("lecture 30"), 0);
	assert_int_equal(lecture_cited("lecture 0"), 0);
	assert_int_equal(lecture_cited("lecture -3"), 0);
	assert_int_equal(lecture_cited("lecture 1x"), 0);
	assert_int_equal(lecture_cited("lecture 99999999999999999999"), 0);
	assert_int_equal(lecture_cited("lecture "), 0);
	assert_int_equal(lecture_cited("lecture, B20"), 0);
	assert_int_equal(lecture_cited("The lecture on backpropagation"), 0);
	assert_int_equal(lecture_cited(""), 0);
	assert_int_equal(lecture_cited(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_demonstration_passes),
		cmocka_unit_test(a_slip_makes_it_fail),
		cmocka_unit_test(the_table),
		cmocka_unit_test(citations),
	};
	return cmocka_run_group_tests_name("lecture/lecture", tests, NULL, NULL);
}
