/* test_derivation.c: the exercise's numbers as the lecture gives them, through what `fathom explain` prints; and that the document
 * would tell if a derivative were wrong. */
#include "cm.h"

#include "lecture/derivation.h"
#include "lecture/formulas.h"

/* To all digits of the lecture's list. */
#define assert_digits(values, n, ...)                                                                                  \
	do {                                                                                                           \
		static const double want_[] = {__VA_ARGS__};                                                           \
		assert_int_equal(sizeof want_ / sizeof *want_, (n));                                                   \
		for (int k_ = 0; k_ < (int)(n); k_++)                                                                  \
			if (!(fabs((values)[k_] - want_[k_]) <= 0.51e-6))                                              \
				fail_msg("%s[%d] = %.9g, not %.9g", #values, k_, (values)[k_], want_[k_]);             \
	} while (0)

static struct derivation make(const struct problem *problem)
{
	struct derivation d;
	struct err err = {0};
	if (derivation_make(&d, problem, &err) != 0)
		fail_msg("%s", err.text);
	return d;
}

static void the_exercise_has_the_lectures_numbers(void **state)
{
	const struct problem problem = exercise();
	struct derivation d = make(&problem);
	const struct derived *first = &d.layer[1], *last = &d.layer[2];
	assert_int_equal(d.parameters, 22);
	assert_digits(first->Z, 3, .05, -.35, .75);
	assert_digits(first->A, 3, .512497, .413382, .679179);
	assert_digits(last->Z, 1, .394649);
	assert_digits(last->A, 1, .597401);
	assert_digits(&d.loss, 1, .515166);
	assert_digits(last->dZ, 1, -.402599);
	assert_digits(last->db, 1, -.402599);
	assert_digits(last->dW, 3, -.206331, -.166427, -.273436);
	assert_digits(first->dA, 3, -.201299, .161039, -.120780);
	assert_digits(first->dZ, 3, -.050293, .039052, -.026317);
	assert_digits(first->db, 3, -.050293, .039052, -.026317);
	for (int o = 0; o < 3; o++)
		for (int i = 0; i < 5; i++)
			assert_near(first->dW[o * 5 + i], first->dZ[o] * problem.X[i], 1e-15, 0);
	for (int o = 0; o < 3; o++)
		assert_true(first->dW[o * 5 + 4] == 0);
	derivation_release(&d);
}

/* Another W[2] gives none of the numbers behind it. */
static void a_wrong_weight_shows(void **state)
{
	struct problem problem = exercise();
	double weights[22];
	memcpy(weights, problem.weights, sizeof weights);
	weights[18] += 1e-4; /* W[2]₁₁ */
	problem.weights = weights;
	struct derivation d = make(&problem);
	assert_true(fabs(d.layer[1].A[0] - .512497) < 1e-6);
	assert_true(fabs(d.layer[2].Z[0] - .394649) > 1e-5);
	assert_true(fabs(d.loss - .515166) > 1e-5);
	assert_true(fabs(d.layer[1].dA[0] + .201299) > 1e-5);
	derivation_release(&d);
}

static void forward_and_backward_hang_together(void **state)
{
	const struct problem problem = exercise();
	struct derivation d = make(&problem);
	for (int o = 0; o < 3; o++) {
		double z = 0;
		for (int i = 0; i < 5; i++)
			z += d.layer[1].W[o * 5 + i] * problem.X[i];
		assert_near(d.layer[1].Z[o], z, 1e-15, 1);
		assert_near(d.layer[1].slope[o], d.layer[1].A[o] * (1 - d.layer[1].A[o]), 1e-15, 0);
		assert_near(d.layer[1].dZ[o], d.layer[1].dA[o] * d.layer[1].slope[o], 1e-15, 0);
	}
	assert_near(d.layer[2].dZ[0], d.layer[2].A[0] - 1, 1e-15, 0);
	derivation_release(&d);
}

static void an_update_goes_against_the_gradient(void **state)
{
	struct problem problem = exercise();
	problem.lr = 0.5;
	struct derivation d = make(&problem);
	assert_near(d.layer[2].W_new[1], -.4 + .5 * .166427, 1e-6, 0);
	assert_near(d.layer[1].b_new[0], .5 * .050293, 1e-4, 0);
	problem.weights = NULL;
	double weights[22];
	memcpy(weights, d.layer[1].W_new, 15 * sizeof *weights);
	memcpy(weights + 15, d.layer[1].b_new, 3 * sizeof *weights);
	memcpy(weights + 18, d.layer[2].W_new, 3 * sizeof *weights);
	weights[21] = d.layer[2].b_new[0];
	problem.weights = weights;
	struct derivation next = make(&problem);
	assert_true(next.loss == d.loss_new);
	assert_true(d.loss_new < d.loss);
	derivation_release(&next);
	derivation_release(&d);
}

/* ---- the check ---- */

static void differences_agree_with_every_activation_and_loss(void **state)
{
	static const int n[] = {2, 3, 2, 2};
	static const double X[] = {0.7, -1.3, 0.2, 0.9};
	static const int32_t labels[] = {1, 0};
	double weights[6 + 3 + 6 + 2 + 4 + 2];
	for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
		weights[i] = sin(1.0 + 3.0 * (double)i);
	for (size_t a = 0; a < act_table.n; a++)
		for (int loss = LOSS_SOFTMAX; loss <= LOSS_MSE; loss++) {
			const struct problem problem = {.L = 3,
							.m = 2,
							.n = n,
							.activation = (int)a,
							.loss = (enum loss_kind)loss,
							.bias = true,
							.weights = weights,
							.X = X,
							.answers = {.labels = labels},
							.lr = NAN};
			struct derivation d = make(&problem);
			for (int l = 1; l <= 3; l++) {
				if (d.layer[l].judgement != AGREES)
					fail_msg("%s, loss %d, layer %d: judgement %d, %.2g", acts[a].name, loss, l,
						 (int)d.layer[l].judgement, d.layer[l].error);
				assert_true(d.layer[l].error < 1e-9);
			}
			assert_true(isnan(d.loss_new));
			derivation_release(&d);
		}
}

static void a_wrong_derivative_is_told(void **state)
{
	const struct problem problem = exercise();
	struct derivation d = make(&problem);
	assert_int_equal(d.layer[1].judgement, AGREES);
	assert_true(d.layer[1].error < 1e-11);
	d.layer[1].dW[7] *= 1 + 1e-5;
	derivation_judge(&d, 1);
	assert_int_equal(d.layer[1].judgement, DIFFERS);
	d.layer[2].db[0] = NAN;
	derivation_judge(&d, 2);
	assert_int_equal(d.layer[2].judgement, DIFFERS);
	struct doc doc;
	struct text out = TEXT_INIT;
	doc_init(&doc, "T", "");
	derivation_write(&d, &doc);
	doc_write_text(&doc, &out);
	assert_non_null(strstr(out.at, "THEY DO NOT AGREE"));
	text_release(&out);
	doc_release(&doc);
	derivation_release(&d);
}

/* A relu exactly at 0 has a derivative from each side, and none of its own. */
static void a_kink_is_no_fault(void **state)
{
	static const int n[] = {1, 1, 1};
	static const double X[] = {1}, weights[] = {0.5, -0.5, 1, 0};
	static const int32_t labels[] = {1};
	const struct problem problem = {.L = 2,
					.m = 1,
					.n = n,
					.activation = table_find(&act_table, "relu"),
					.loss = LOSS_BCE,
					.bias = true,
					.weights = weights,
					.X = X,
					.answers = {.labels = labels},
					.lr = NAN};
	struct derivation d = make(&problem);
	assert_int_equal(d.layer[1].judgement, AT_KINK);
	assert_int_equal(d.layer[2].judgement, AGREES);
	derivation_release(&d);
}

/* The formulas that are shown are those that are computed: each kink is one, and no slope is above the steepest. */
static void every_activation_has_its_formula(void **state)
{
	for (size_t a = 0; a < act_table.n; a++) {
		const struct act_formula *formula = act_formula_find((int)a);
		if (!formula)
			fail_msg("no formula of %s", acts[a].name);
		double steepest = 0;
		for (int i = -8000; i <= 8000; i++) {
			double z[16] = {i / 1000.0}, value[16];
			kernels_f64()->vec[acts[a].function].value_slope(16, z, value);
			steepest = fmax(steepest, fabs(z[0]));
		}
		assert_true(steepest <= formula->steepest * (1 + 1e-4));
		assert_true(steepest >= formula->steepest * (1 - 1e-3));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exercise_has_the_lectures_numbers),
		cmocka_unit_test(a_wrong_weight_shows),
		cmocka_unit_test(forward_and_backward_hang_together),
		cmocka_unit_test(an_update_goes_against_the_gradient),
		cmocka_unit_test(differences_agree_with_every_activation_and_loss),
		cmocka_unit_test(a_wrong_derivative_is_told),
		cmocka_unit_test(a_kink_is_no_fault),
		cmocka_unit_test(every_activation_has_its_formula),
	};
	return cmocka_run_group_tests_name("lecture/derivation", tests, NULL, NULL);
}
