/* cmd_check.c: fathom check: evaluates the claims of studies on their results, stores the verdicts, fails when one fails. */
#include <math.h>
#include <stdlib.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "report/claims.h"

struct check_args {
	int n;
	char **path;
	bool keep; /* do not store the verdicts */
};

struct tally {
	size_t hold, fail, open; /* open: could not be evaluated */
};

/* The note (what was left out, why it cannot be evaluated) is always stored, but shown only where it explains a failure. */
static void add_verdict(struct cells *cells, const struct claim *claim, const struct verdict *verdict)
{
	const struct estimate *x = &verdict->measured;
	cells_add(cells, "%s", !verdict->evaluated ? "NOT EVALUATED" : verdict->pass ? "holds" : "FAILS");
	if (verdict->evaluated) {
		cells_add(cells, "%.4g", x->value);
		if (isnan(x->low) || isnan(x->high))
			cells_add(cells, "%s", "");
		else
			cells_add(cells, "[%.4g, %.4g]", x->low, x->high);
		cells_add(cells, "%zu", x->n);
	} else
		for (int i = 0; i < 3; i++)
			cells_add(cells, "%s", "");
	cells_add(cells, "%s", claim->expect.text);
	const bool explain = verdict->note[0] && !(verdict->evaluated && verdict->pass);
	cells_add(cells, "%s%s%s", claim->say, explain ? " -- " : "", explain ? verdict->note : "");
	cells_end_row(cells);
}

static int store_verdicts(const char *path, const struct study *study, const struct verdict *verdict, struct err *err)
{
	struct verdict_row *row = calloc((size_t)study->claims + 1, sizeof *row);
	if (!row)
		return err_set(err, ERR_SYSTEM, "out of memory for %d claims", study->claims);
	for (int c = 0; c < study->claims; c++) {
		const struct estimate *x = &verdict[c].measured;
		const bool evaluated = verdict[c].evaluated;
		row[c] = (struct verdict_row){
			.say = study->claim[c].say,
			.source = study->claim[c].source,
			.expect = study->claim[c].expect.text,
			.measured = evaluated ? x->value : NAN,
			.low = evaluated ? x->low : NAN,
			.high = evaluated ? x->high : NAN,
			.n = evaluated ? (int64_t)x->n : 0,
			.pass = evaluated ? verdict[c].pass : -1,
			.note = verdict[c].note,
		};
	}
	const int failed = result_put_claims(path, (size_t)study->claims, row, err);
	free(row);
	return failed;
}

/* Results that cannot be written to are checked all the same: what could not be stored is told in *notes. */
static int check(const char *path, bool keep, struct cells *cells, struct tally *tally, struct text *notes,
		 struct err *err)
{
	struct opened opened;
	if (opened_load(&opened, path, 0, NULL, err) != 0)
		return -1;
	const struct study *study = &opened.study;
	struct verdict *verdict = calloc((size_t)study->claims + 1, sizeof *verdict);
	int failed = verdict ? claims_evaluate(&opened.result, study, verdict, err)
			     : err_set(err, ERR_SYSTEM, "out of memory for %d claims", study->claims);
	if (!failed) {
		cells_add(cells, "%s", study->name);
		cells_end_row(cells);
	}
	for (int c = 0; c < study->claims && !failed; c++) {
		add_verdict(cells, &study->claim[c], &verdict[c]);
		++*(!verdict[c].evaluated ? &tally->open : verdict[c].pass ? &tally->hold : &tally->fail);
	}
	result_close(&opened.result); /* before it is rewritten */
	if (!failed && !keep && study->claims > 0)
		if (store_verdicts(path, study, verdict, err) != 0)
			text_add(notes, "%s: the verdicts are not stored: %s\n", path, err->text);
	free(verdict);
	study_release(&opened.study);
	return failed;
}

static void print_verdicts(struct cells *cells, const struct tally *tally)
{
	const size_t claims = tally->hold + tally->fail + tally->open;
	cells_print(cells, "lrlrll");
	say("%zu claim%s: %zu hold%s, %zu fail%s", claims, claims == 1 ? "" : "s", tally->hold,
	    tally->hold == 1 ? "s" : "", tally->fail, tally->fail == 1 ? "s" : "");
	if (tally->open > 0)
		say(", %zu not evaluated", tally->open);
	say("\n");
	fflush(stdout);
}

static const struct argp_option options[] = {
	{"dry-run", 'n', NULL, 0, "Do not store the verdicts in the result file", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check_args *args = state->input;
	switch (key) {
	case 'n':
		args->keep = true;
		return 0;
	case ARGP_KEY_ARGS:
		args->path = state->argv + state->next;
		args->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no RESULT given: a result file, as results/vanishing.h5");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_check(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"RESULT...",
		"Holds the claims of a study against its results: what was measured (with its "
		"95 % interval and how many runs, pairs "
		"or fits are behind it), what was expected. The verdicts are stored in the "
		"file; one that cannot be written to is checked all the same, with a warning. Exit "
		"code 1 when a claim fails or cannot be evaluated. One bad result does not keep the "
		"others from being checked; the exit code is then that of the first fault.",
		NULL,
		NULL,
		NULL};
	static const char *const head[] = {"verdict", "measured", "95 %", "n", "expected", "claim"};
	struct check_args args = {0};
	struct cells cells = CELLS_INIT;
	struct tally tally = {0};
	struct text notes = TEXT_INIT;
	int code = EXIT_FINE, checked = 0;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		cells_add(&cells, "%s", head[i]);
	cells_end_row(&cells);
	for (int i = 0; i < args.n; i++)
		if (check(args.path[i], args.keep, &cells, &tally, &notes, err) == 0) {
			checked++;
		} else {
			const int fault = complain_fault(argv[0], err);
			code = code ? code : fault;
		}
	if (checked > 0)
		print_verdicts(&cells, &tally);
	else
		text_release(&cells.words);
	if (notes.at)
		complain("%s", notes.at);
	text_release(&notes);
	return code ? code : tally.fail + tally.open > 0 ? EXIT_CLAIM : EXIT_FINE;
}
