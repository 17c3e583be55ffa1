/* test_page.c: a report says what the claims measured, what figures show in words, what was varied, how runs ended; all worked out by hand. */
#include "made.h"

#include "report/page.h"
#include "report/spell.h"

#define STUDY                                                                                                          \
	"title: 'Made <script>alert(1)</script>'\n"                                                                    \
	"question: Does \"it\" hold?\n"                                                                                \
	"source: the lecture\n"                                                                                        \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [1, 2], width: 3, activation: tanh, init: [zeros, he-normal] }\n"                             \
	"train: { loss: bce, lr: [0.1, 1], batch: full, steps: 20, target: 0.1, stop_at_target: false }\n"             \
	"log: { every: 10, metrics: [train_loss, test_accuracy, grad_norm] }\n"                                        \
	"seed: { range: 6 }\n"                                                                                         \
	"claims:\n"                                                                                                    \
	"  - { say: zeros never learn - at all, measure: final_train_loss, where: { init: zeros }, reduce: min, "      \
	"expect: '>= 0.69' }\n"                                                                                        \
	"  - { say: nothing diverges, source: lecture 15, measure: diverged, reduce: share, expect: '== 0' }\n"        \
	"  - { say: He reaches the target at once, measure: steps_to_target, where: { init: zeros }, reduce: mean, "   \
	"expect: 'in [1e-5, 2]' }\n"                                                                                   \
	"figures:\n"                                                                                                   \
	"  - { kind: gradient-by-layer, panel: [depth, lr], caption: 'By <layer>' }\n"                                 \
	"  - { kind: gradient-over-time, where: { init: he-normal }, panel: [depth, lr] }\n"                           \
	"  - { kind: convergence, panel: [depth, lr] }\n"                                                              \
	"  - { kind: trainability }\n"                                                                                 \
	"  - { kind: trainability, name: accuracy, measure: test_accuracy }\n"                                         \
	"  - { kind: steps-to-target, panel: [lr] }\n"                                                                 \
	"  - { kind: metric-against-key, name: rate, against: lr, panel: [depth], over: {layer: last} }\n"

/* As in test_figures.c: he-normal: grad_norm 10^−l (seed + 1), loss (seed + 1)/(step + 1), seed 0 of lr 1 diverges at step 10, seeds
 * 0 … depth reach the target at lr 0.1; zeros: no gradient but in the last layer, loss 0.7. */
static void fill(struct trace *trace, const struct settings *s)
{
	const bool he = s->init.scheme == table_find(&init_table, "he-normal"),
		   gone = he && s->optim.lr == 1 && s->seed == 0;
	const double k = (double)s->seed + 1;
	for (int i = 0; i < trace->S && !(gone && trace->step[i] >= 10); i++) {
		trace_put(trace, METRIC_TRAIN_LOSS, i, 0, he ? k / (double)(trace->step[i] + 1) : 0.7);
		trace_put(trace, METRIC_TEST_ACCURACY, i, 0, he ? 0.9 : 0.5);
		for (int l = 1; l <= trace->L; l++)
			trace_put(trace, METRIC_GRAD_NORM, i, l, he ? pow(10, -l) * k : l == trace->L ? 0.5 : 0);
	}
	trace_put(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0, gone ? NAN : he ? k / 21 : 0.7);
	trace_put(trace, METRIC_STEPS_TO_TARGET, 0, 0, he && s->optim.lr < 1 && s->seed <= s->depth ? 10 * k : NAN);
	if (gone) {
		trace->status = STATUS_DIVERGED;
		trace_put(trace, METRIC_DIVERGED_AT, 0, 0, 10);
		trace_put(trace, METRIC_STEPS_DONE, 0, 0, 10);
	}
}

static void holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in\n%s", part, text);
}

/* The report on n times the same study; no pictures: tables alone. */
static void report(struct made *made, int n, bool numbers, void (*write)(const struct doc *, struct text *),
		   struct text *out)
{
	static struct err err;
	struct verdict verdict[3];
	struct page_study study[2];
	struct page_options options = {.numbers = numbers};
	struct doc doc;
	char folder[128];
	err = (struct err){0};
	snprintf(folder, sizeof folder, "%s/made", made->dir);
	must(claims_evaluate(&made->result, &made->study, verdict, &err));
	for (int i = 0; i < n; i++)
		study[i] = (struct page_study){&made->result, &made->study, verdict, "results/made.h5", folder, "made"};
	page_build(&doc, &options, n, study, &err);
	assert_int_equal(err.kind, ERR_NONE);
	write(&doc, out);
	doc_release(&doc);
}

static void a_report_holds_what_was_asked_and_found(void **state)
{
	struct made made;
	struct text out = TEXT_INIT;
	made_open(&made, STUDY, fill);
	report(&made, 1, false, doc_write_markdown, &out);
	const char *md = out.at;
	holds(md,
	      "# Made \\<script\\>alert(1)\\</script\\>\n\nDoes \"it\" hold?\n\n48 runs; of 3 claims 1 holds, 2 fail.");
	holds(md, "| ✓ holds | zeros never learn – at all | $0.7$ | – | 24 | ≥ 0.69 | – |");
	holds(md, "| ✗ FAILS | nothing diverges | $0.04167$ | $[0.0115, 0.14]$ | 48 | = 0 | lecture 15 |");
	holds(md, "$\\infty$");
	holds(md, "in \\[10⁻⁵, 2\\]");
	holds(md, "| init | zeros, he-normal |");
	holds(md, "| width | 3 |");
	assert_null(strstr(md, "| momentum |"));
	holds(md, "| completed | 46 | 95.8 % |");
	holds(md, "2 of 48 runs diverged, after 10 updates in the median (10 to 10); only with init he-normal and lr "
		  "1. They");
	holds(md, "](<made/gradient-by-layer.svg>)\n\n*By \\<layer\\>*");
	holds(md, "fathom run made.yaml -o results ");
	text_release(&out);
	made_close(&made);
}

static void figures_are_told_in_words(void **state)
{
	struct made made;
	struct text out = TEXT_INIT;
	made_open(&made, STUDY, fill);
	report(&made, 1, true, doc_write_html, &out);
	holds(out.at, "gradient-by-layer: median gradient norm at step 0, a curve per init, panels by depth and lr. "
		      "depth 1, lr 0.1: "
		      "zeros exactly 0 in layer 1, 0.5 in layer 2; he-normal 0.35 in layer 1, 0.035 in layer 2.");
	holds(out.at,
	      "depth 2, lr 1: layer 1 0.35 at step 0, 0.4 at step 20; layer 3 0.0035 at step 0, 0.004 at step 20.");
	holds(out.at,
	      "depth 1, lr 1: zeros 0.7 at step 0, 0.7 at step 20; he-normal 3.5 at step 0, 0.214 at step 20 (1 of 6 "
	      "diverged).");
	holds(out.at, "trainability: share of the seeds that reach the target, panels by init. zeros: all seeds reach "
		      "it in 0 of 4 "
		      "cells, none in 4, more than half diverge in 0.");
	holds(out.at,
	      "he-normal: from 0.9 (depth 1, learning rate 0.1) to 0.9 (depth 1, learning rate 0.1); more than half "
	      "diverge in 0 of 4 cells.");
	holds(out.at, "zeros never at depth 1, never at depth 2");
	holds(out.at, "in layer 1 at step 0 over gradient norm in the output layer at step 0");
	holds(out.at, "depth 2: zeros exactly 0 everywhere; he-normal 100 at lr 0.1, 100 at lr 1");
	holds(out.at, "<caption>made/convergence.tsv</caption>");
	holds(out.at, "Does &quot;it&quot; hold?");
	assert_null(strstr(out.at, "<script"));
	text_release(&out);
	made_close(&made);
}

static void several_studies_begin_with_a_summary(void **state)
{
	struct made made;
	struct text out = TEXT_INIT;
	made_open(&made, STUDY, fill);
	report(&made, 2, false, doc_write_text, &out);
	holds(out.at, "Report on 2 studies");
	holds(out.at, "96 runs; of 6 claims 2 hold, 4 fail.");
	holds(out.at, "1 of 3 hold");
	holds(out.at, "Claims that do not hold");
	text_release(&out);
	report(&made, 2, false, doc_write_html, &out);
	holds(out.at, "<a href=\"#made-claims-2\">");
	holds(out.at, "<h3 id=\"made-claims-2\">");
	text_release(&out);
	made_close(&made);
}

static void numbers_are_spelled_as_people_write_them(void **state)
{
	static const struct {
		double x;
		const char *plain, *tex;
	} cases[] = {
		{0.5, "0.5", "0.5"},
		{-0.25, "−0.25", "-0.25"},
		{1e-6, "10⁻⁶", "10^{-6}"},
		{-2.333e-8, "−2.33×10⁻⁸", "-2.33\\cdot 10^{-8}"},
		{1.5e13, "1.5×10¹³", "1.5\\cdot 10^{13}"},
		{-INFINITY, "−∞", "-\\infty"},
		{NAN, "–", "\\text{--}"},
	};
	struct text out = TEXT_INIT;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		spell_number(&out, cases[i].x, 3);
		assert_string_equal(out.at, cases[i].plain);
		text_release(&out);
		spell_tex(&out, cases[i].x, 3);
		assert_string_equal(out.at, cases[i].tex);
		text_release(&out);
	}
	spell_relation(&out, "0.6730116670092565 +- 1e-9, <= -1e-40 != 2 in [5e12, -3]");
	assert_string_equal(out.at, "0.6730116670092565 ± 10⁻⁹, ≤ −10⁻⁴⁰ ≠ 2 in [5×10¹², −3]");
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_holds_what_was_asked_and_found),
		cmocka_unit_test(figures_are_told_in_words),
		cmocka_unit_test(several_studies_begin_with_a_summary),
		cmocka_unit_test(numbers_are_spelled_as_people_write_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
