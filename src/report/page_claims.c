/* page_claims.c: claims, what was measured, and the verdict on them (page.h). */
#include <math.h>
#include <string.h>

#include "report/page.h"
#include "report/spell.h"

struct page_tally page_tally(const struct page_study *study)
{
	struct page_tally tally = {0};
	for (int c = 0; c < study->study->claims; c++) {
		const struct verdict *v = &study->verdict[c];
		++*(!v->evaluated ? &tally.open : v->pass ? &tally.hold : &tally.fail);
	}
	return tally;
}

void page_add_tally(struct text *out, const struct page_tally *tally)
{
	const size_t all = tally->hold + tally->fail + tally->open;
	if (tally->hold == all)
		text_add(out, all == 1 ? "its one claim holds" : "all %zu claims hold", all);
	else
		text_add(out, "of %zu claim%s %zu hold%s, %zu fail%s", all, all == 1 ? "" : "s", tally->hold,
			 tally->hold == 1 ? "s" : "", tally->fail, tally->fail == 1 ? "s" : "");
	if (tally->open)
		text_add(out, ", %zu cannot be evaluated", tally->open);
}

static void add_verdict(struct doc *doc, const struct verdict *v)
{
	if (!v->evaluated)
		doc_cell_marked(doc, MARK_OPEN, "not evaluated");
	else
		doc_cell_marked(doc, v->pass ? MARK_GOOD : MARK_BAD, v->pass ? "holds" : "FAILS");
}

static void add_number(struct doc *doc, double x)
{
	struct text plain = TEXT_INIT, tex = TEXT_INIT;
	spell_number(&plain, x, 4);
	spell_tex(&tex, x, 4);
	doc_cell_formula(doc, plain.at, tex.at);
	text_release(&plain);
	text_release(&tex);
}

static void add_interval(struct doc *doc, const struct estimate *x)
{
	struct text plain = TEXT_INIT, tex = TEXT_INIT;
	if (isnan(x->low) || isnan(x->high)) {
		doc_cell(doc, "–");
		return;
	}
	text_add(&plain, "["), spell_number(&plain, x->low, 3), text_add(&plain, ", "),
		spell_number(&plain, x->high, 3), text_add(&plain, "]");
	text_add(&tex, "["), spell_tex(&tex, x->low, 3), text_add(&tex, ", "), spell_tex(&tex, x->high, 3),
		text_add(&tex, "]");
	doc_cell_formula(doc, plain.at, tex.at);
	text_release(&plain);
	text_release(&tex);
}

static void add_measured(struct doc *doc, const struct claim *claim, const struct verdict *v)
{
	struct text expected = TEXT_INIT;
	if (v->evaluated) {
		add_number(doc, v->measured.value);
		add_interval(doc, &v->measured);
		doc_cell(doc, "%zu", v->measured.n);
	} else {
		for (int i = 0; i < 3; i++)
			doc_cell(doc, "–");
	}
	spell_relation(&expected, claim->expect.text);
	doc_cell(doc, "%s", expected.at ? expected.at : "");
	text_release(&expected);
}

/* The note (what was left out, why it cannot be evaluated) where it explains a verdict. */
static void add_claim(struct doc *doc, const struct claim *claim, const struct verdict *v)
{
	const bool explain = v->note[0] && !(v->evaluated && v->pass);
	struct text say = TEXT_INIT;
	for (const char *at = claim->say; *at; at++) {
		const bool dash = strncmp(at, " - ", 3) == 0; /* as keyboards have it */
		text_add(&say, dash ? " –" : "%c", *at);
		at += dash;
	}
	doc_cell(doc, "%s%s%s%s", say.at ? say.at : "", explain ? " (" : "", explain ? v->note : "",
		 explain ? ")" : "");
	text_release(&say);
}

static bool has_own_source(const struct study *study, const struct claim *claim)
{
	return claim->source && *claim->source && strcmp(claim->source, study->source) != 0;
}

void page_claims(struct doc *doc, const struct page_study *study)
{
	const struct study *s = study->study;
	static const char *const head[] = {"verdict", "claim", "measured", "95 % interval", "n", "expected", "source"};
	bool cited = false;
	for (int c = 0; c < s->claims; c++)
		cited |= has_own_source(s, &s->claim[c]);
	doc_table(doc, "What each claim measured, in n runs, pairs or fits", cited ? 7 : 6,
		  cited ? "llrrrll" : "llrrrl", head);
	for (int c = 0; c < s->claims; c++) {
		add_verdict(doc, &study->verdict[c]);
		add_claim(doc, &s->claim[c], &study->verdict[c]);
		add_measured(doc, &s->claim[c], &study->verdict[c]);
		if (cited)
			doc_cell(doc, "%s", has_own_source(s, &s->claim[c]) ? s->claim[c].source : "–");
	}
}

void page_failures(struct doc *doc, int n, const struct page_study *study)
{
	static const char *const head[] = {"verdict", "claim", "measured", "95 % interval", "n", "expected", "study"};
	bool any = false;
	for (int i = 0; i < n; i++)
		for (int c = 0; c < study[i].study->claims; c++) {
			const struct verdict *v = &study[i].verdict[c];
			if (v->evaluated && v->pass)
				continue;
			if (!any)
				doc_table(doc, "Claims that do not hold", 7, "llrrrll", head);
			any = true;
			add_verdict(doc, v);
			add_claim(doc, &study[i].study->claim[c], v);
			add_measured(doc, &study[i].study->claim[c], v);
			doc_cell(doc, "%s", study[i].study->name);
		}
}
