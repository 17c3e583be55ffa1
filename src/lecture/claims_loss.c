/* claims_loss.c: claim 12: the sigmoid with the log-loss, from the logit and as it stands in the lecture. */
#include <math.h>

#include "lecture/lecture.h"
#include "net/loss.h"

enum { QUARTERS = 4 * 760 };

/* Loss and derivative of an example with y = 0. */
struct reading {
	double loss, slope;
};

/* a = 1/(1 + e^−z), loss = −log(1 − a), dA = 1/(1 − a), dZ = dA · a(1 − a), in double */
static struct reading naive_f64(double z)
{
	const double a = 1 / (1 + exp(-z)), dA = 1 / (1 - a);
	return (struct reading){-log(1 - a), dA * (a * (1 - a))};
}

/* The same in float. */
static struct reading naive_f32(double z)
{
	const float a = 1 / (1 + expf(-(float)z)), dA = 1 / (1 - a);
	return (struct reading){(double)-logf(1 - a), (double)(dA * (a * (1 - a)))};
}

static struct reading ours_f64(double z)
{
	const int32_t zero = 0;
	double dZ;
	const struct loss_sum sum = loss_eval_f64(LOSS_BCE, 1, 1, &z, 1, (struct answers){&zero, NULL}, &dZ);
	return (struct reading){sum.loss, dZ};
}

static struct reading ours_f32(double z)
{
	const int32_t zero = 0;
	const float logit = (float)z;
	float dZ;
	const struct loss_sum sum = loss_eval_f32(LOSS_BCE, 1, 1, &logit, 1, (struct answers){&zero, NULL}, &dZ);
	return (struct reading){sum.loss, (double)dZ};
}

static const struct form {
	const char *name;
	struct reading (*at)(double z);
	bool naive;
} forms[] = {
	{"from the logit, float64", ours_f64, false},
	{"from the logit, float32", ours_f32, false},
	{"as written, float64", naive_f64, true},
	{"as written, float32", naive_f32, true},
};

enum { FORMS = sizeof forms / sizeof *forms };

/* The first logit of the sweep, from low to high, where it is not finite; NaN: it always is. */
static double breaks_at(const struct form *form, bool slope)
{
	for (int q = 0; q <= QUARTERS; q++) {
		const struct reading reading = form->at(q / 4.0);
		if (!isfinite(slope ? reading.slope : reading.loss))
			return q / 4.0;
	}
	return NAN;
}

static void tell_break(struct doc *doc, double z)
{
	if (isnan(z))
		doc_cell_marked(doc, MARK_GOOD, "%s", "never");
	else
		doc_cell_marked(doc, MARK_BAD, "%.4g", z);
}

/* The sigmoid stays in [0, 1], and inside it as far as the precision can say. */
static double largest_below_one(void)
{
	double z = 0;
	for (int q = 0; q <= QUARTERS; q++)
		if (1 / (1 + exp(-q / 4.0)) < 1)
			z = q / 4.0;
	return z;
}

static void tell_values(struct demonstration *of)
{
	static const double shown[] = {0, 10, 16, 17, 30, 36, 37, 40, 100, 709, 710, 760};
	static const char *const head[] = {"z", "loss, from the logit", "dZ", "loss, as written", "dZ"};
	doc_table(of->doc, "float64, y = 0", 5, "rrrrr", head);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const struct reading ours = ours_f64(shown[i]), naive = naive_f64(shown[i]);
		doc_cell(of->doc, "%g", shown[i]);
		doc_cell(of->doc, "%.12g", ours.loss);
		doc_cell(of->doc, "%.6g", ours.slope);
		doc_cell(of->doc, "%.12g", naive.loss);
		doc_cell(of->doc, "%.6g", isnan(naive.slope) ? NAN : naive.slope); /* not "-nan" */
	}
}

int claim_log_loss(struct demonstration *of, struct err *err)
{
	static const char *const head[] = {"form", "loss not finite from z =", "dZ not finite from z ="};
	of->what = "first logit at which the form as written breaks";
	of->expected = "in [30, 45]";
	doc_text(of->doc,
		 "A network that is very sure and wrong: logits z = 0, 0.25, ... 760 with y = 0. Written as in the "
		 "lecture, 1 - a is 0 as soon as a rounds to 1, so the loss is infinite and dA = 1/(1 - a) times g' "
		 "= a(1 - a) is infinity times zero. Taken from the logit, nothing breaks.");
	doc_formula(of->doc, "loss = max(z, 0) - y z + log(1 + e^-|z|),  dZ = sigmoid(z) - y",
		    "\\ell = \\max(z, 0) - y z + \\log(1 + e^{-|z|}), \\quad dZ = \\sigma(z) - y");
	doc_table(of->doc, NULL, 3, "lrr", head);
	for (int f = 0; f < FORMS; f++) {
		const double loss = breaks_at(&forms[f], false), slope = breaks_at(&forms[f], true);
		of->pass &= isnan(loss) == !forms[f].naive && isnan(slope) == !forms[f].naive;
		if (forms[f].at == naive_f64)
			of->number = slope;
		doc_cell(of->doc, "%s", forms[f].name);
		tell_break(of->doc, loss);
		tell_break(of->doc, slope);
	}
	tell_values(of);
	double apart = 0; /* from the exact limit, where the naive form is gone */
	for (int q = 4 * 40; q <= QUARTERS; q++)
		apart = fmax(apart, fabs(ours_f64(q / 4.0).loss / (q / 4.0) - 1));
	of->pass &= apart <= 1e-15;
	doc_text(of->doc,
		 "From z = 40 on the loss is z itself: largest relative difference %.1e. The sigmoid is in (0, 1) "
		 "for every real z; in float64 it rounds to 1 above z = %.4g.",
		 apart, largest_below_one());
	return 0;
}
