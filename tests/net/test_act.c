/* test_act.c: what the activation table says of its functions, against the functions. */
#define REAL_BITS 64
#include "cm.h"
#include "math/kernels.h"
#include "net/act.h"

static double value(const struct act *act, double z)
{
	double a;
	kernels_f64()->vec[act->function].value(1, &z, &a);
	return a;
}

static const struct act *find(const char *name)
{
	const int row = table_find(&act_table, name);
	assert_true(row >= 0);
	return &acts[row];
}

static void every_function_has_one_row(void **state)
{
	bool seen[VEC_FUNCTIONS] = {false};
	assert_int_equal(act_table.n, VEC_FUNCTIONS);
	for (size_t k = 0; k < act_table.n; k++) {
		assert_false(seen[acts[k].function]);
		seen[acts[k].function] = true;
		assert_int_equal(table_find(&act_table, acts[k].name), k);
	}
}

/* Names, by a value that no other activation has. */
static void names_fit_the_functions(void **state)
{
	static const struct {
		const char *name;
		double at, is;
	} known[] = {{"identity", -0.5, -0.5},
		     {"sigmoid", 1, 0.7310585786300049},
		     {"tanh", 1, 0.7615941559557649},
		     {"lecun-tanh", 1, 0.9999972559224791},
		     {"softsign", 1, 0.5},
		     {"hardtanh", 0.7, 0.7},
		     {"erf", 1, 0.8427007929497149},
		     {"relu", -1, 0},
		     {"leaky-relu", -1, -0.01},
		     {"elu", -1, -0.6321205588285577},
		     {"selu", -1, -1.1113307378125625},
		     {"gelu", 1, 0.8413447460685429},
		     {"silu", 1, 0.7310585786300049},
		     {"softplus", 1, 1.3132616875182228},
		     {"abs", -1, 1},
		     {"sin", 1, 0.8414709848078965}};
	for (size_t k = 0; k < sizeof known / sizeof *known; k++)
		assert_near(value(find(known[k].name), known[k].at), known[k].is, 1e-14, 0);
	assert_near(value(find("hardtanh"), 3), 1, 0, 0);
	assert_near(value(find("silu"), -1), -0.2689414213699951, 1e-12, 0);
}

/* Far out a saturating activation leaves (low, high), near 0 it does not; an open end means that it grows there. */
static void saturation_bounds_are_one_percent_from_the_range(void **state)
{
	for (size_t k = 0; k < act_table.n; k++) {
		const struct act *act = &acts[k];
		assert_int_equal(isnan(act->low), isnan(act->high));
		if (isnan(act->low))
			continue;
		const double bottom = value(act, -1e4), top = value(act, 1e4), width = top - bottom;
		const double one_percent = isinf(act->high) ? -0.01 * bottom
					   : act->low > 0   ? 0.01
							    : 0.005 * width; /* of each bound of (−r, r) */
		assert_near(act->low, bottom + one_percent, 1e-3, 0);
		if (isinf(act->high))
			assert_true(top > 1e3);
		else
			assert_near(act->high, top - one_percent, 1e-3, 0);
		assert_true(value(act, 0) > act->low && value(act, 0) < act->high);
	}
	for (const char *const *name =
		     (const char *const[]){"identity", "relu", "leaky-relu", "gelu", "abs", "sin", NULL};
	     *name; name++)
		assert_true(isnan(find(*name)->low));
}

static void only_relu_dies(void **state)
{
	for (size_t k = 0; k < act_table.n; k++)
		assert_int_equal(acts[k].can_die, value(&acts[k], -1) == 0 && value(&acts[k], -5) == 0);
}

/* sup |g'|: never passed, and come as near as numbers do, on a grid fine at 0 and wide. */
static void steepest_is_reached_and_never_passed(void **state)
{
	for (size_t k = 0; k < act_table.n; k++) {
		const struct act *act = &acts[k];
		double most = 0;
		for (int i = -400000; i <= 400000; i++) {
			double z = i * 1e-4, a;
			kernels_f64()->vec[act->function].value_slope(1, &z, &a);
			most = fmax(most, fabs(z));
		}
		for (int side = -1; side <= 1; side += 2) {
			double z = side * 1e-300, a;
			kernels_f64()->vec[act->function].value_slope(1, &z, &a);
			most = fmax(most, fabs(z));
		}
		assert_near(most, act->steepest, 1e-8, 0);
		if (most > act->steepest * (1 + 4e-16))
			fail_msg("%s: %.17g above %.17g", act->name, most, act->steepest);
	}
}

static void gains_are_pytorchs(void **state)
{
	assert_near(find("identity")->gain, 1, 0, 0);
	assert_near(find("sigmoid")->gain, 1, 0, 0);
	assert_near(find("tanh")->gain, 5.0 / 3, 0, 0);
	assert_near(find("relu")->gain, sqrt(2), 0, 0);
	assert_near(find("leaky-relu")->gain, sqrt(2 / (1 + 0.01 * 0.01)), 2e-16, 0);
	assert_near(find("selu")->gain, 0.75, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function_has_one_row),
		cmocka_unit_test(names_fit_the_functions),
		cmocka_unit_test(saturation_bounds_are_one_percent_from_the_range),
		cmocka_unit_test(only_relu_dies),
		cmocka_unit_test(steepest_is_reached_and_never_passed),
		cmocka_unit_test(gains_are_pytorchs),
	};
	return cmocka_run_group_tests_name("net/act", tests, NULL, NULL);
}
