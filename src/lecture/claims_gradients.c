/* claims_gradients.c: claims 4, 8 and 13: gradients against differences of the loss: those of the network that trains
 * studies, those with an old cache, and those of programs with a slip. */
#include <math.h>

#include "lecture/engine.h"
#include "lecture/lecture.h"
#include "lecture/trial.h"
#include "net/loss.h"
#include "train/train.h"

/* ---- 4 ---- */

enum { LOSSES_MAX = 8, ACTS_MAX = 32 };

struct all {
	double worst[ACTS_MAX][LOSSES_MAX];
	size_t checked, undecided;
};

static void take(void *self, const struct settings *settings, const struct gradcheck *check, bool last)
{
	struct all *all = self;
	double *worst = &all->worst[settings->activation][settings->loss];
	all->checked += check->checked;
	all->undecided += check->undecided;
	*worst = isnan(check->worst) ? INFINITY : fmax(*worst, check->worst);
}

static void tell_all(struct demonstration *of, const struct all *all)
{
	const char *head[1 + LOSSES_MAX] = {"activation"};
	char align[2 + LOSSES_MAX] = "l";
	for (size_t l = 0; l < loss_table.n; l++) {
		head[1 + l] = losses[l].name;
		align[1 + l] = 'r';
	}
	doc_table(of->doc, "largest relative error", 1 + (int)loss_table.n, align, head);
	for (size_t a = 0; a < act_table.n; a++) {
		doc_cell(of->doc, "%s", acts[a].name);
		for (size_t l = 0; l < loss_table.n; l++) {
			doc_cell(of->doc, "%.1e", all->worst[a][l]);
			of->number = fmax(of->number, all->worst[a][l]);
		}
	}
}

int claim_gradients_right(struct demonstration *of, struct err *err)
{
	struct all all = {0};
	struct arena arena = ARENA_INIT;
	struct plain plain;
	if (act_table.n > ACTS_MAX || loss_table.n > LOSSES_MAX)
		BUG("no room for %zu activations and %zu losses", act_table.n, loss_table.n);
	of->what = "largest relative error";
	of->expected = "<= 1e-07";
	doc_text(of->doc,
		 "Every weight and bias of small networks is moved a little up and down: the change of the loss must "
		 "be what the gradient says. Networks with 0, 1, 3 and 8 hidden layers, random biases, float64.");
	doc_formula(of->doc, "dJ/dw = (J(w + h) - J(w - h)) / 2h + O(h^2)",
		    "\\frac{\\partial J}{\\partial w} = \\frac{J(w+h) - J(w-h)}{2h} + O(h^2)");
	const int failed = train_gradcheck_all(1u << FLOAT64, &arena, (struct gradcheck_each){take, &all}, err);
	arena_release(&arena);
	if (failed)
		return -1;
	tell_all(of, &all);
	plain_init(&plain, &trial_equal);
	plain.slip = of->slip;
	const struct trial trial = trial_check(&plain);
	plain_release(&plain);
	for (int t = 0; t < TRIAL_CHECKED; t++)
		of->number = fmax(of->number, trial.error[t]);
	doc_text(of->doc,
		 "%zu derivatives were checked so; at %zu of them a kink or rounding spoils the difference, as a "
		 "second one with another h shows, and nothing can be said. The plain program, 5-5-5-1 with tanh: "
		 "%.1e at its first update.",
		 all.checked, all.undecided, trial.error[0]);
	return 0;
}

/* ---- 8 ---- */

/* Right updates; at the weights before each, the network's gradient against differences. */
static int check_engine(double error[TRIAL_CHECKED], struct err *err)
{
	struct plain right, differences;
	struct engine engine;
	plain_init(&right, &trial_equal);
	int failed = engine_make(&engine, &right, err);
	for (int t = 0; t < TRIAL_CHECKED && !failed; t++) {
		plain_copy(&differences, &right);
		plain_differences(&differences);
		engine_load(&engine, &right);
		engine_backward(&engine, (struct gradient_sink_f64){0});
		error[t] = engine_error(&engine, &differences);
		plain_release(&differences);
		plain_step(&right, 0.5);
	}
	if (!failed)
		engine_release(&engine);
	plain_release(&right);
	return failed;
}

static void tell_errors(struct doc *doc, const char *name, const double error[TRIAL_CHECKED])
{
	doc_cell(doc, "%s", name);
	for (int t = 0; t < TRIAL_CHECKED; t++)
		doc_cell_marked(doc, error[t] <= TRIAL_RIGHT ? MARK_GOOD : MARK_BAD, "%.1e", error[t]);
}

int claim_updated_weights(struct demonstration *of, struct err *err)
{
	static const enum slip tried[] = {SLIP_NONE, SLIP_STALE_CACHE, SLIP_FORWARD_ONCE};
	static const char *const head[] = {"program", "update 1", "update 2", "update 3"};
	struct trial trial[3];
	double ours[TRIAL_CHECKED];
	of->what = "error of the second gradient, its cache one update old";
	of->expected = ">= 0.001";
	if (check_engine(ours, err) != 0)
		return -1;
	doc_text(of->doc,
		 "The forward values belong to the weights that made them. A program that runs the forward pass of "
		 "the next step ahead of the update, or once and for all, has the right gradient at its first update "
		 "and a wrong one from the second on. The loss of the former does not tell (claim 13).");
	doc_table(of->doc, "relative error of the gradient used, 5-5-5-1", 4, "lrrr", head);
	for (int i = 0; i < 3; i++) {
		struct plain net;
		plain_init(&net, &trial_equal);
		net.slip = i == 0 ? of->slip : tried[i];
		trial[i] = trial_check(&net);
		tell_errors(of->doc, i == 0 ? "right program" : slips[tried[i]].name, trial[i].error);
		plain_release(&net);
	}
	tell_errors(of->doc, "network of the studies", ours);
	of->number = trial[1].error[1];
	for (int i = 0; i < 3; i++)
		of->pass &= trial_as_expected(&trial[i], tried[i]);
	for (int t = 0; t < TRIAL_CHECKED; t++)
		of->pass &= ours[t] <= TRIAL_RIGHT;
	return 0;
}

/* ---- 13 ---- */

/* A row of the table; whether the check found what it should. small: the same slip on 5-3-1. */
static bool tell_slip(struct doc *doc, enum slip slip, const struct trial *trial, const struct trial *right,
		      const struct trial *small)
{
	const bool expected = trial_as_expected(trial, slip);
	const int at = trial->caught_at;
	doc_cell(doc, "%s", slips[slip].name);
	doc_cell(doc, "%.3g", trial->loss);
	doc_cell(doc, "%s", slip == SLIP_NONE ? "" : trial_loss_tells(trial, right) ? "yes" : "NO");
	doc_cell(doc, "%.1e", trial->error[at > 0 ? at - 1 : 0]);
	if (at > 0)
		doc_cell_marked(doc, expected ? MARK_GOOD : MARK_BAD, "%d", at);
	else
		doc_cell_marked(doc, expected ? MARK_GOOD : MARK_BAD, "%s", "never");
	doc_cell(doc, "%.1e", small->error[small->caught_at > 0 ? small->caught_at - 1 : 0]);
	doc_cell(doc, "%s", slips[slip].about);
	return expected;
}

static void tell_intention(struct doc *doc)
{
	doc_text(doc,
		 "Each program below is the right one with one slip. It trains a network 5-5-5-1 (tanh, 24 examples, "
		 "learning rate 0.5) for %d updates. The loss tells of a slip when the last one is more than twice "
		 "or less than half that of the right program. The gradient check compares the gradients that "
		 "updates 1, 2 and 3 use with central differences, by layer: |a - n| / max(|a|, |n|), lengths of "
		 "whole matrices; up to %.0e is right, and a slip must be off by %.0e or more. 'from' is the first "
		 "update whose gradient is wrong.",
		 TRIAL_STEPS, TRIAL_RIGHT, TRIAL_WRONG);
}

static void tell_found(struct doc *doc, int silent, int hidden)
{
	doc_text(doc,
		 "Of %d slips, %d leave a loss that looks right. On 5-3-1, %d are nowhere to be seen: each puts a "
		 "matrix in the place of one of another shape, which does not fit there, so that they are only made "
		 "where widths are equal. Check on equal widths, with two hidden layers or more; and check the "
		 "second update too, since some slips only begin there.",
		 SLIP_N - 1, silent, hidden);
}

int claim_slips_caught(struct demonstration *of, struct err *err)
{
	static const char *const head[] = {"slip", "loss", "tells", "error", "from", "on 5-3-1", "what it does"};
	int silent = 0, hidden = 0;
	struct trial right = {0};
	of->what = "least error of a slip";
	of->expected = ">= 0.001";
	of->number = INFINITY;
	tell_intention(of->doc);
	doc_table(of->doc, NULL, 7, "lrlrrrl", head);
	for (int slip = 0; slip < SLIP_N; slip++) {
		const enum slip made = slip == SLIP_NONE ? of->slip : (enum slip)slip;
		const struct trial trial = trial_run(made, &trial_equal), small = trial_run(made, &trial_exercise);
		if (slip == SLIP_NONE)
			right = trial;
		of->pass &= tell_slip(of->doc, (enum slip)slip, &trial, &right, &small);
		if (slip == SLIP_NONE)
			continue;
		of->number = fmin(of->number, trial.error[slips[slip].caught_at - 1]);
		silent += !trial_loss_tells(&trial, &right);
		hidden += small.caught_at == 0;
	}
	tell_found(of->doc, silent, hidden);
	return 0;
}
