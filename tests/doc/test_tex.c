/* test_tex.c: documents as TeX: nothing that a user wrote is obeyed, braces and environments are closed, and pdfTeX knows every
 * sign that our own texts use. */
#include "doc_fixture.h"

/* Every brace that is no sign of a word is closed, every environment ends where it began. */
static void assert_balanced(const char *tex)
{
	char open[16][32];
	int depth = 0, braces = 0;
	for (const char *at = tex; *at; at++) {
		char name[32];
		if (sscanf(at, "\\begin{%31[a-z*]}", name) == 1) {
			assert_true(depth < 16);
			memcpy(open[depth++], name, sizeof name);
		} else if (sscanf(at, "\\end{%31[a-z*]}", name) == 1) {
			assert_true(depth > 0);
			assert_string_equal(open[--depth], name);
		}
		if (*at == '\\')
			at += at[1] != '\0';
		else
			braces += *at == '{' ? 1 : *at == '}' ? -1 : 0;
		assert_true(braces >= 0);
	}
	assert_int_equal(depth, 0);
	assert_int_equal(braces, 0);
}

static void what_a_user_wrote_is_no_markup(void **state)
{
	static const char escaped[] = "a\\_b \\& c\\% of 5\\$ \\#1 \\{x\\} \\textbackslash{}end\\{document\\} "
				      "\\textless{}b\\textgreater{} \\textasciitilde{}\\textasciicircum{} "
				      "\\char34{}\\textasciigrave{}-{}-'{}'";
	struct doc doc;
	struct text out = TEXT_INIT;
	int n = 0;
	every_part(&doc);
	doc_write_tex(&doc, &out);
	assert_balanced(out.at);
	for (const char *at = out.at; (at = strstr(at, escaped)) != NULL; at++)
		n++;
	assert_int_equal(n, 4); /* title, lead, heading, caption; code keeps its blanks and differs */
	assert_null(strstr(out.at, "\\end{document}"));
	text_release(&out);
	doc_release(&doc);
}

static void parts_become_what_latex_has_for_them(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	every_part(&doc);
	doc_write_tex(&doc, &out);
	assert_non_null(strstr(out.at, "\\begin{aligned}\ndZ^{[1]} &= dA^{[1]} \\circ g'(Z^{[1]}) \\\\\ndb^{[1]} &= "
				       "dZ^{[1]}\n\\end{aligned}"));
	assert_non_null(strstr(out.at, "W^{[1]} = \\begin{pmatrix}\n0.1 & -0.25 & 12 \\\\\n1\\cdot 10^{-7} & 0 & 3\n"
				       "\\end{pmatrix}"));
	assert_non_null(strstr(out.at, "\nb = 0.1\n"));
	assert_non_null(strstr(out.at, "layer & norm & remark \\\\\n\\midrule\n"));
	assert_non_null(strstr(out.at, "second & 7 & $\\eta$ \\\\\n\\bottomrule\n"));
	assert_non_null(strstr(out.at, "\\ensuremath{\\hat y} & 12.5"));
	assert_non_null(strstr(out.at, "lrp{0."));
	assert_non_null(strstr(out.at, "\\includegraphics[width=\\linewidth]{\\detokenize{fig/delta}}"));
	assert_non_null(strstr(out.at, "\\label{fig:delta}"));
	assert_non_null(strstr(out.at, "\\mbox{}fathom\\ \\ run\\par\n"));
	text_release(&out);
	doc_release(&doc);
}

static void a_matrix_has_as_many_columns_as_it_needs(void **state)
{
	static const double W[12] = {NAN, INFINITY, -INFINITY};
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "T", "");
	doc_matrix(&doc, "W", "W", 1, 12, W, 6);
	doc_write_tex(&doc, &out);
	assert_balanced(out.at);
	assert_non_null(strstr(out.at, "\\setcounter{MaxMatrixCols}{12}"));
	assert_non_null(strstr(out.at, "\\mathrm{NaN} & \\infty & -\\infty & 0 & "));
	text_release(&out);
	doc_release(&doc);
}

/* A sentence that numbers leave no room for stands above them; where there is room it is a column. */
static void a_sentence_without_room_is_a_line_of_its_own(void **state)
{
	static const char *const head[] = {"verdict", "claim", "measured", "expected"};
	static const char long_number[] = "1.676e-05 [1.33e-05, 2.11e-05]";
	for (int wide = 0; wide < 2; wide++) {
		struct doc doc;
		struct text out = TEXT_INIT;
		doc_init(&doc, "T", "");
		doc_table(&doc, NULL, 4, "llrr", head);
		doc_cell(&doc, "holds"),
			doc_cell(&doc, "the first layer hears less than a millionth of what the last one hears");
		doc_cell(&doc, "%s", wide ? long_number : "1"), doc_cell(&doc, "%s", wide ? long_number : "2");
		doc_write_tex(&doc, &out);
		if (wide) {
			assert_non_null(strstr(out.at, "{lrr}\n\\toprule\nverdict & measured & expected \\\\\n"));
			assert_non_null(strstr(out.at, "\\multicolumn{3}{p{0.95\\linewidth}}{the first layer"));
			assert_non_null(strstr(out.at, "one hears} \\\\*\nholds & 1.676e-05 "));
		} else {
			assert_non_null(strstr(out.at, "{lp{0."));
			assert_null(strstr(out.at, "multicolumn"));
		}
		text_release(&out);
		doc_release(&doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_user_wrote_is_no_markup),
		cmocka_unit_test(parts_become_what_latex_has_for_them),
		cmocka_unit_test(a_matrix_has_as_many_columns_as_it_needs),
		cmocka_unit_test(a_sentence_without_room_is_a_line_of_its_own),
	};
	return cmocka_run_group_tests_name("doc/tex", tests, NULL, NULL);
}
