/* cmd_check.c: fathom check: evaluates the claims of studies on their results, stores the verdicts, fails when one fails. */
#include <math.h>
#include <stdlib.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "report/claims.h"

struct tally {
	size_t hold, fail, open; /* open: could not be evaluated */
};

struct check_args {
	struct path_args results;
	bool keep; /* do not store the verdicts */
	int checked;
	struct cells cells;
	struct tally tally;
	struct text notes; /* results that cannot be written to are checked all the same: what could not be stored */
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

static int check(const char *path, void *with, struct err *err)
{
	struct check_args *args = with;
	struct opened opened;
	if (opened_load(&opened, path, 0, NULL, err) != 0)
		return -1;
	const struct study *study = &opened.study;
	struct verdict *verdict = calloc((size_t)study->claims + 1, sizeof *verdict);
	int failed = verdict ? claims_evaluate(&opened.result, study, verdict, err)
			     : err_set(err, ERR_SYSTEM, "out of memory for %d claims", study->claims);
	if (!failed) {
		cells_add(&args->cells, "%s", study->name);
		cells_end_row(&args->cells);
		args->checked++;
	}
	for (int c = 0; c < study->claims && !failed; c++) {
		struct tally *tally = &args->tally;
		add_verdict(&args->cells, &study->claim[c], &verdict[c]);
		++*(!verdict[c].evaluated ? &tally->open : verdict[c].pass ? &tally->hold : &tally->fail);
	}
	result_close(&opened.result); /* before it is rewritten */
	if (!failed && !args->keep && study->claims > 0)
		if (store_verdicts(path, study, verdict, err) != 0)
			text_add(&args->notes, "%s: the verdicts are not stored: %s\n", path, err->text);
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
	}
	return path_args_parse(key, state, &args->results, NO_RESULT);
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
		"code 1 when a claim fails or cannot be evaluated. " ONE_BAD,
		NULL,
		NULL,
		NULL};
	static const char *const head[] = {"verdict", "measured", "95 %", "n", "expected", "claim"};
	struct check_args args = {0};
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		cells_add(&args.cells, "%s", head[i]);
	cells_end_row(&args.cells);
	const int code = path_args_each(&args.results, argv[0], check, &args, err);
	if (args.checked > 0)
		print_verdicts(&args.cells, &args.tally);
	else
		text_release(&args.cells.words);
	if (args.notes.at)
		complain("%s", args.notes.at);
	text_release(&args.notes);
	return code ? code : args.tally.fail + args.tally.open > 0 ? EXIT_CLAIM : EXIT_FINE;
}
