/* test_html.c: documents as HTML and Markdown: nothing that a user wrote is markup, tags are closed, ids are the page's own, drawings
 * bring names and nothing that runs. */
#include "doc_fixture.h"

#include <ctype.h>

#include "doc/html_svg.h"

#define SVG                                                                                                            \
	"<?xml version=\"1.0\"?>\n<svg width=\"9\" role=\"img\">\n<title>old</title>\n<desc>old</desc>\n"              \
	"<style>\n[fill] { fill: red }\n</style>\n<g id=\"canvas\"><circle id='dot' r='1'/>"                           \
	"<use xlink:href='#dot'/><rect fill='url(#dot)'/><text>id='mine' &lt;</text></g></svg>\n"

static int count(const char *text, const char *word)
{
	int n = 0;
	for (; (text = strstr(text, word)) != NULL; text += strlen(word))
		n++;
	return n;
}

/* Every element that is opened is closed, in order; no attribute is left open. */
static void assert_nested(const char *html)
{
	static const char *const empty[] = {"meta", "link", "!DOCTYPE"};
	char open[64][16];
	int depth = 0;
	for (const char *at = strchr(html, '<'); at; at = strchr(at, '<')) {
		char name[16] = "", quote = '\0';
		const bool closes = at[1] == '/';
		sscanf(at + 1 + closes, "%15[a-zA-Z0-9!]", name);
		assert_true(name[0] != '\0');
		for (; *at && (quote || *at != '>'); at++)
			if (*at == '"' || *at == '\'')
				quote = !quote ? *at : quote == *at ? '\0' : quote;
		assert_int_equal(*at, '>');
		bool none = at[-1] == '/';
		for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
			none |= strcmp(name, empty[i]) == 0;
		if (closes) {
			assert_true(depth > 0);
			assert_string_equal(open[--depth], name);
		} else if (!none) {
			assert_true(depth < 64);
			strcpy(open[depth++], name);
		}
	}
	assert_int_equal(depth, 0);
}

static void a_page_is_well_formed_whatever_users_write(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	every_part(&doc);
	doc_heading(&doc, 1, "a", "Once \033[31m more\xc2\x9b<script>alert('1')</script>");
	doc_heading(&doc, 2, "a", "Again");
	doc_table(&doc, NULL, 2, "lr", NULL);
	doc_write_html(&doc, &out);
	assert_nested(out.at);
	assert_null(strstr(out.at, "<script"));
	assert_null(strchr(out.at, '\033'));
	assert_null(strstr(out.at, "\xc2\x9b"));
	assert_int_equal(count(out.at, "<h1>"), 1);
	assert_int_equal(count(out.at, " id=\"a\""), 1);
	assert_int_equal(count(out.at, " id=\"a-2\""), 1);
	assert_int_equal(count(out.at, "href=\"#a-2\""), 1);
	assert_int_equal(count(out.at, "<table"), count(out.at, "role=\"region\"") - count(out.at, "class=\"matrix\""));
	assert_non_null(strstr(out.at, "<td colspan=\"2\">none</td>"));
	text_release(&out);
	doc_release(&doc);
}

static void formulas_are_set(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "F", "");
	doc_formula(&doc, "dZ[1] = dA[l+1] ∘ g'(Z_ij) - x^{-2} < tanh(η)", "");
	doc_write_html(&doc, &out);
	assert_non_null(strstr(
		out.at, "<p class=\"formula\"><var>dZ</var><sup>[1]</sup> = <var>dA</var><sup>[<var>l</var>+1]</sup> ∘ "
			"<var>g</var>′(<var>Z</var><sub><var>ij</var></sub>) − <var>x</var><sup>−2</sup> &lt; "
			"tanh(<var>η</var>)</p>"));
	text_release(&out);
	doc_release(&doc);
}

static void drawings_share_neither_ids_nor_styles(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "D", "");
	for (int i = 0; i < 2; i++)
		doc_figure(&doc, &(struct doc_figure){"loss & co", "falls to \"0\" <fast>", "", SVG, SVG, "r/loss"});
	doc_write_html(&doc, &out);
	assert_nested(out.at);
	assert_int_equal(count(out.at, "<svg "), 4);
	assert_int_equal(count(out.at, "id='f1-broad-dot'"), 1);
	assert_int_equal(count(out.at, "xlink:href='#f2-slim-dot'"), 1);
	assert_int_equal(count(out.at, "url(#f2-broad-dot)"), 1);
	assert_int_equal(count(out.at, "<text>id='mine' &lt;</text>"), 4);
	assert_int_equal(count(out.at, "[fill] { fill: red }"), 1);
	assert_int_equal(count(out.at, "<style>"), 1);
	assert_null(strstr(out.at, "old"));
	assert_int_equal(count(out.at, "role=\"img\""), 4);
	assert_non_null(strstr(out.at, "aria-labelledby=\"f1-slim-title\""));
	assert_non_null(strstr(out.at, "<title id=\"f1-slim-title\">loss &amp; co</title>"
				       "<desc id=\"f1-slim-desc\">falls to &quot;0&quot; &lt;fast&gt;</desc>"));
	assert_int_equal(count(out.at, "id=\"figure-loss-co\""), 1);
	assert_int_equal(count(out.at, "id=\"figure-loss-co-2\""), 1);
	text_release(&out);
	doc_release(&doc);
}

static void a_drawing_that_runs_or_loads_is_left_out(void **state)
{
	static const char *const bad[] = {
		"<svg><script>1</script></svg>",
		"<svg><SCRIPT>1</SCRIPT></svg>",
		"<svg onload='x()'></svg>",
		"<svg><g\nonclick=x></g></svg>",
		"<svg><image href='http://x/'/></svg>",
		"<svg><use xlink:href='http://x/#a'/></svg>",
		"<svg></svg><p>behind it</p>",
		"<svg><!-- --></svg>",
		"<svg><g",
		"no svg",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct text out = TEXT_INIT, style = TEXT_INIT;
		if (html_svg(&out, &style, &(struct html_drawing){bad[i], "p-", "broad", "t", "a"}))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(out.length + style.length, 0);
	}
}

/* Every sign of the user's that Markdown knows stands behind a backslash. */
static void markdown_obeys_no_user(void **state)
{
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "# *T*", "1. <b>");
	doc_text(&doc, "- a_b\n# c");
	doc_code(&doc, "```\nx\n```");
	doc_table(&doc, "c|d", 2, "lr", (const char *const[]){"a|b", "n"});
	doc_cell_marked(&doc, MARK_BAD, "FAILS | [x](y)");
	doc_cell_formula(&doc, "|x|", "|x|");
	doc_table(&doc, NULL, 1, "c", NULL);
	doc_figure(&doc, &(struct doc_figure){"f", "[alt]", "cap*", NULL, NULL, "r/a b>"});
	doc_fold(&doc, "<more>");
	doc_fold_end(&doc);
	doc_write_markdown(&doc, &out);
	assert_string_equal(
		out.at, "# \\# \\*T\\*\n\n1\\. \\<b\\>\n\n\\- a\\_b # c\n\n````\n```\nx\n```\n````\n\n"
			"**c\\|d**\n\n| a\\|b | n |\n| --- | ---: |\n| ✗ FAILS \\| \\[x\\](y) | $\\vert x\\vert $ |\n\n"
			"|  |\n| :---: |\n\n![\\[alt\\]](<r/a b\\>.svg>)\n\n*cap\\**\n\n"
			"<details>\n<summary>&lt;more></summary>\n\n</details>\n\n");
	text_release(&out);
	doc_release(&doc);
}

static void the_table_has_every_writer(void **state)
{
	assert_int_equal(doc_format_table.n, 4);
	for (size_t i = 0; i < doc_format_table.n; i++) {
		struct doc doc;
		struct text out = TEXT_INIT;
		every_part(&doc);
		doc_formats[i].write(&doc, &out);
		assert_true(out.length > 500);
		assert_int_equal(doc_formats[i].ending[0], '.');
		text_release(&out);
		doc_release(&doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_well_formed_whatever_users_write),
		cmocka_unit_test(formulas_are_set),
		cmocka_unit_test(drawings_share_neither_ids_nor_styles),
		cmocka_unit_test(a_drawing_that_runs_or_loads_is_left_out),
		cmocka_unit_test(markdown_obeys_no_user),
		cmocka_unit_test(the_table_has_every_writer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
