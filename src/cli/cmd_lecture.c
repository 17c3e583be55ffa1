/* cmd_lecture.c: fathom lecture: the 29 claims of the lecture, a line each: those on backpropagation demonstrated on the spot,
 * those on initial weights decided by the claims of studies that cite them. */
#include <math.h>
#include <stdlib.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "lecture/lecture.h"
#include "report/claims.h"

/* A claim of a study that cites the lecture, as its results decide it. */
struct cited {
	int claim; /* of the lecture, from 1 */
	const char *study, *say, *expected;
	struct verdict verdict;
	struct cited *next;
};

/* What was found out: per claim of the lecture. */
struct findings {
	struct cited *first, **last; /* in the order of the results */
	struct pool pool;
	int results, hold, fail, open; /* open: not run */
};

static bool holds(const struct cited *cited)
{
	return cited->verdict.evaluated && cited->verdict.pass;
}

/* ---- results ---- */

static int gather(const char *path, void *with, struct err *err)
{
	struct findings *findings = with;
	struct opened opened;
	if (opened_load(&opened, path, 0, NULL, err) != 0)
		return -1;
	const struct study *study = &opened.study;
	struct verdict *verdict = calloc((size_t)study->claims + 1, sizeof *verdict);
	const int failed = verdict ? claims_evaluate(&opened.result, study, verdict, err)
				   : err_set(err, ERR_SYSTEM, "out of memory for %d claims", study->claims);
	for (int c = 0; c < study->claims && !failed; c++) {
		const struct claim *claim = &study->claim[c];
		const int n = lecture_cited(claim->source);
		if (n == 0)
			continue;
		struct cited *cited = POOL_TAKE(&findings->pool, struct cited, 1);
		*cited = (struct cited){
			.claim = n,
			.study = pool_text(&findings->pool, study->name),
			.say = pool_text(&findings->pool, claim->say),
			.expected = pool_text(&findings->pool, claim->expect.text),
			.verdict = verdict[c],
		};
		*findings->last = cited;
		findings->last = &cited->next;
	}
	free(verdict);
	opened_release(&opened);
	findings->results += !failed;
	return failed;
}

/* ---- the list ---- */

static void add_row(struct cells *cells, const struct lecture_claim *claim, const char *verdict)
{
	cells_add(cells, "%s", claim->name);
	cells_add(cells, "%s", verdict);
}

static int list_demonstration(struct findings *findings, struct cells *cells, const struct lecture_claim *claim,
			      struct err *err)
{
	struct doc doc;
	struct demonstration made;
	doc_init(&doc, "", "");
	const int failed = lecture_demonstrate(claim, SLIP_NONE, &doc, &made, err);
	doc_release(&doc);
	if (failed)
		return -1;
	++*(made.pass ? &findings->hold : &findings->fail);
	add_row(cells, claim, made.pass ? "holds" : "FAILS");
	cells_add(cells, "%.2g", made.number);
	cells_add(cells, "%s", made.expected);
	cells_add(cells, "%s", "");
	cells_add(cells, "%s", claim->about);
	cells_end_row(cells);
	return 0;
}

/* An expectation for a line: "0.6931471805599453 +- 1e-12" as "0.6931 +- 1e-12". */
static void add_expected(struct cells *cells, const char *expected)
{
	enum { LONG = 9 };
	struct text text = TEXT_INIT;
	for (const char *at = expected; *at;) {
		char *end;
		const double number = strtod(at, &end);
		if (end - at > LONG) {
			text_add(&text, "%s%.4g", *at == ' ' ? " " : "", number);
			at = end;
		} else {
			const size_t n = end > at ? (size_t)(end - at) : 1;
			text_add_bytes(&text, at, n);
			at += n;
		}
	}
	cells_add(cells, "%s", text.at ? text.at : "");
	text_release(&text);
}

/* The number shown is that of the first claim that fails, or of the first. */
static void list_studies(struct findings *findings, struct cells *cells, const struct lecture_claim *claim, int n)
{
	const struct cited *shown = NULL;
	int all = 0, good = 0;
	for (const struct cited *cited = findings->first; cited; cited = cited->next) {
		if (cited->claim != n)
			continue;
		if (!shown || (holds(shown) && !holds(cited)))
			shown = cited;
		all++;
		good += holds(cited);
	}
	++*(!shown ? &findings->open : good == all ? &findings->hold : &findings->fail);
	add_row(cells, claim, !shown ? "not run" : good == all ? "holds" : "FAILS");
	if (shown && shown->verdict.evaluated)
		cells_add(cells, "%.3g", shown->verdict.measured.value);
	else
		cells_add(cells, "%s", shown ? "?" : "");
	add_expected(cells, shown ? shown->expected : "");
	if (shown)
		cells_add(cells, "%d of %d", good, all);
	else
		cells_add(cells, "%s", "");
	cells_add(cells, "%s", claim->about);
	cells_end_row(cells);
}

static void say_failed(const struct findings *findings)
{
	for (const struct cited *cited = findings->first; cited; cited = cited->next)
		if (!holds(cited)) {
			say("%d FAILS in %s: %s", cited->claim, cited->study, cited->say);
			say(cited->verdict.note[0] ? " -- %s\n" : "%s\n", cited->verdict.note);
		}
}

static int list_all(struct findings *findings, struct err *err)
{
	static const char *const head[] = {"", "verdict", "measured", "expected", "claims", "the lecture says"};
	struct cells cells = CELLS_INIT;
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		cells_add(&cells, "%s", head[i]);
	cells_end_row(&cells);
	for (size_t i = 0; i < lecture_table.n; i++) {
		const struct lecture_claim *claim = &lecture_claims[i];
		if (!claim->demonstrate) {
			list_studies(findings, &cells, claim, (int)i + 1);
		} else if (list_demonstration(findings, &cells, claim, err) != 0) {
			text_release(&cells.words);
			return -1;
		}
	}
	cells_print(&cells, "rlrlrl");
	say_failed(findings);
	say("%zu claims: %d hold%s, %d fail%s", lecture_table.n, findings->hold, findings->hold == 1 ? "s" : "",
	    findings->fail, findings->fail == 1 ? "s" : "");
	if (findings->open > 0 && findings->results > 0)
		say(", %d not run: no claim of these results cites them", findings->open);
	else if (findings->open > 0)
		say(", %d not run: 'make lecture' trains their studies, then: fathom lecture results/lecture/*.h5",
		    findings->open);
	say("\n");
	return 0;
}

/* ---- one claim ---- */

static const char *verdict_word(const struct cited *cited)
{
	return !cited->verdict.evaluated ? "NOT EVALUATED" : cited->verdict.pass ? "holds" : "FAILS";
}

static void tell_studies(struct doc *doc, struct findings *findings, int n)
{
	static const char *const head[] = {"study", "verdict", "measured", "n", "expected", "claim"};
	int all = 0, good = 0;
	for (const struct cited *cited = findings->first; cited; cited = cited->next) {
		if (cited->claim != n)
			continue;
		if (all++ == 0)
			doc_table(doc, NULL, 6, "llrrll", head);
		good += holds(cited);
		doc_cell(doc, "%s", cited->study);
		doc_cell_marked(doc, holds(cited) ? MARK_GOOD : MARK_BAD, "%s", verdict_word(cited));
		if (cited->verdict.evaluated) {
			doc_cell(doc, "%.4g", cited->verdict.measured.value);
			doc_cell(doc, "%zu", cited->verdict.measured.n);
		} else {
			doc_cell(doc, "%s", "");
			doc_cell(doc, "%s", "");
		}
		doc_cell(doc, "%s", cited->expected);
		doc_cell(doc, "%s%s%s", cited->say, cited->verdict.note[0] ? " -- " : "", cited->verdict.note);
	}
	++*(all == 0 ? &findings->open : good == all ? &findings->hold : &findings->fail);
	if (all == 0)
		doc_text(doc,
			 "Not run: the claims of studies decide it, those with the key 'source: lecture %d'. 'make "
			 "lecture' trains "
			 "them; then: fathom lecture --claim %d results/lecture/*.h5",
			 n, n);
	else
		doc->lead = pool_format(&doc->pool, "%s: %d of %d claims of studies.", good == all ? "Holds" : "FAILS",
					good, all);
}

static int tell_demonstration(struct doc *doc, struct findings *findings, const struct lecture_claim *claim,
			      struct err *err)
{
	struct demonstration made;
	if (lecture_demonstrate(claim, SLIP_NONE, doc, &made, err) != 0)
		return -1;
	++*(made.pass ? &findings->hold : &findings->fail);
	doc->lead = pool_format(&doc->pool, "%s: %.2g (expected %s): %s.", made.pass ? "Holds" : "FAILS", made.number,
				made.expected, made.what);
	return 0;
}

static int tell_one(struct findings *findings, int n, const struct doc_format *format, struct err *err)
{
	const struct lecture_claim *claim = &lecture_claims[n - 1];
	struct doc doc;
	struct text text = TEXT_INIT;
	char title[200];
	int failed = 0;
	snprintf(title, sizeof title, "Claim %d of the lecture: %s", n, claim->about);
	doc_init(&doc, title, "");
	if (claim->demonstrate)
		failed = tell_demonstration(&doc, findings, claim, err);
	else
		tell_studies(&doc, findings, n);
	if (!failed) {
		format->write(&doc, &text);
		say("%s", text.at);
	}
	text_release(&text);
	doc_release(&doc);
	return failed;
}

/* ---- the command ---- */

struct lecture_args {
	struct path_args results;
	int claim;  /* 0: all */
	int format; /* row of doc_format_table; −1: not said */
};

static const struct argp_option options[] = {
	{"claim", 'c', "N", 0, "The whole account of one claim: what was done, every number, the verdict", 0},
	{"format", 'F', "FORMAT", 0, "Of the account: text (default), html, md, tex", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lecture_args *args = state->input;
	switch (key) {
	case 'c':
		args->claim = (int)option_number(state, "--claim", arg, 1, (int64_t)lecture_table.n);
		return 0;
	case 'F':
		args->format = option_row(state, &doc_format_table, arg);
		return 0;
	case ARGP_KEY_END:
		if (args->format >= 0 && !args->claim)
			usage_fault(state, "--format is of one account: it goes with --claim N");
		return 0;
	}
	return path_args_parse(key, state, &args->results, NULL);
}

int cmd_lecture(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"[RESULT...]",
		"Holds the 29 claims of the lecture against this program: a verdict each, what was "
		"measured, what was expected. Claims 1 to 13, on backpropagation, are demonstrated on "
		"the spot; 14 to 29, on initial weights, are decided by those claims of the RESULTs that "
		"cite them, as 'source: lecture 15'. Exit code 1 when a claim fails, or is not run "
		"though results were given.",
		NULL,
		NULL,
		NULL};
	struct lecture_args args = {.format = -1};
	struct findings findings = {0};
	findings.last = &findings.first;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	const int code = path_args_each(&args.results, argv[0], gather, &findings, err);
	const int failed =
		args.claim ? tell_one(&findings, args.claim, &doc_formats[args.format < 0 ? 0 : args.format], err)
			   : list_all(&findings, err);
	pool_release(&findings.pool);
	if (failed)
		return -1;
	return code ? code : findings.fail > 0 || (args.results.n > 0 && findings.open > 0) ? EXIT_CLAIM : EXIT_FINE;
}
