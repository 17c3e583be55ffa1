/* test_mean_field.c: the maps against closed forms and against published values. */
#include "cm.h"

#include "theory/mean_field.h"

/* relu: E φ² = q/2, E φ'² = 1/2, so σw² = 2 is critical; correlation map J(c) = [√(1−c²) + (π − arccos c) c]/π. */
static void relu_closed_forms(void **state)
{
	static struct mean_field field;
	mean_field_init(&field, VEC_RELU, 2, 0);
	assert_near(mean_field_length(&field, 0.7), 0.7, 1e-12, 0);
	assert_near(mean_field_chi(&field, 0.7, 1), 1, 1e-12, 0);
	for (double c = 0; c < 1; c += 0.13) {
		const double expected = (sqrt(1 - c * c) + (M_PI - acos(c)) * c) / M_PI;
		assert_near(mean_field_correlation(&field, 1, c), expected, 2e-4, 0);
	}
}

static void identity_is_linear(void **state)
{
	static struct mean_field field;
	mean_field_init(&field, VEC_IDENTITY, 1.3, 0.2);
	assert_near(mean_field_length(&field, 2), 1.3 * 2 + 0.2, 1e-13, 0);
	assert_near(mean_field_chi(&field, 5, 1), 1.3, 1e-13, 0);
	mean_field_init(&field, VEC_IDENTITY, 2, 1);
	assert_true(isnan(mean_field_fixed_length(&field)));
}

/* tanh, σb² = 0.05 (Schoenholz et al. 2017, figures 2 and 5; four digits recomputed independently) */
static void tanh_fixed_points(void **state)
{
	static const struct {
		double sigma_w2, q, chi, c;
	} known[] = {
		{1.0, 0.1936, 0.7590, 1},      {1.5, 0.4180, 0.9386, 1},      {1.76095, 0.57005, 1, 1},
		{2.0, 0.7218, 1.0477, 0.7441}, {3.0, 1.4280, 1.2089, 0.2993},
	};
	static struct mean_field field;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		mean_field_init(&field, VEC_TANH, known[i].sigma_w2, 0.05);
		const double q = mean_field_fixed_length(&field);
		assert_near(q, known[i].q, 2e-4, 0);
		assert_near(mean_field_chi(&field, q, 1), known[i].chi, 1e-4, 0);
		if (known[i].c < 1)
			assert_near(mean_field_fixed_correlation(&field, q), known[i].c, 3e-4, 0);
	}
	mean_field_init(&field, VEC_TANH, 25. / 9, 0); /* gain 5/3 is chaotic */
	assert_near(mean_field_chi(&field, mean_field_fixed_length(&field), 1), 1.2098, 1e-4, 0);
}

static void sigmoid_loses_most_of_the_gradient(void **state)
{
	static const double sigma_w2[] = {1, 1. / 3, 16}, chi[] = {0.0557, 0.0200, 0.399};
	static struct mean_field field;
	for (int i = 0; i < 3; i++) {
		mean_field_init(&field, VEC_SIGMOID, sigma_w2[i], 0);
		assert_near(mean_field_chi(&field, mean_field_fixed_length(&field), 1), chi[i], 5e-3, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relu_closed_forms),
		cmocka_unit_test(identity_is_linear),
		cmocka_unit_test(tanh_fixed_points),
		cmocka_unit_test(sigmoid_loses_most_of_the_gradient),
	};
	return cmocka_run_group_tests_name("mean field", tests, NULL, NULL);
}
