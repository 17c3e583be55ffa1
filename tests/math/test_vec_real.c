/* The vector functions: accuracy over the whole range against quadruple precision, the same bits in every build, tails,
 * infinities and NaN. */
#include "cm.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "math/kernels_table.h"
#include "math/real.h"
#include "quad.h"

#if REAL_BITS == 32
enum { DIGITS = FLT_MANT_DIG, LOWEST_EXPONENT = FLT_MIN_EXP, HIGHEST_EXPONENT = FLT_MAX_EXP, EXPONENT_STEP = 1 };
#define MOST FLT_MAX
#define EDGE 112 /* where exp ends, and a little more */
#else
enum { DIGITS = DBL_MANT_DIG, LOWEST_EXPONENT = DBL_MIN_EXP, HIGHEST_EXPONENT = DBL_MAX_EXP, EXPONENT_STEP = 5 };
#define MOST DBL_MAX
#define EDGE 760
#endif

#define ULPS 4.0

enum { SWEEP = 2000, AROUND = 200, MOST_POINTS = 20000 };
static real points[MOST_POINTS], value[MOST_POINTS], slope[MOST_POINTS];
static size_t n_points;

static void add(double x)
{
	assert_true(n_points + 2 <= MOST_POINTS);
	points[n_points++] = (real)x;
	points[n_points++] = (real)-x;
}

/* Every magnitude from denormal to the largest; [0, EDGE] and [0, 6] evenly and jittered; densely around the roots of the slopes
 * of silu and gelu, and where formulas change. */
static int make_points(void **state)
{
	static const double special[] = {1.2784645427610738,
					 0.7517915246935645,
					 1,
					 0.25,
					 37,
					 1.3767915246935645,
					 0.1267915246935645,
					 0.75,
					 32768,
					 1.5284645427610738,
					 1.0284645427610738,
					 0.34657359027997264,
					 0.17328679513998632};
	const struct rng rng = rng_stream(1, RNG_CHECK, 0, 0);
	size_t draw = 0;
	add(0);
	for (int e = LOWEST_EXPONENT - DIGITS; e < HIGHEST_EXPONENT; e += EXPONENT_STEP)
		for (int i = 0; i < 3; i++)
			add(ldexp(1 + rng_uniform(&rng, draw++), e));
	for (int i = 0; i < SWEEP; i++) {
		const double at = (i + rng_uniform(&rng, draw++)) / SWEEP;
		add(at * EDGE);
		add(at * 6);
	}
	for (size_t s = 0; s < sizeof special / sizeof *special; s++) {
		add(special[s]);
		for (int i = 0; i < AROUND; i++) { /* from a quarter down to an ulp away */
			const double away = ldexp(1 + rng_uniform(&rng, draw++), -3 - (DIGITS - 3) * i / AROUND);
			add(special[s] * (1 + (i % 2 ? away : -away)));
		}
	}
	return 0;
}

/* |got − expected| in units of the last place of expected; an infinity where one is due is exact. */
static double ulps(real got, quad expected)
{
	int exponent;
	frexp((double)quad_abs(expected), &exponent);
	if (expected == 0 || (double)expected == 0 || exponent < LOWEST_EXPONENT)
		exponent = LOWEST_EXPONENT;
	if (quad_abs(expected) > (quad)MOST)
		return isinf(got) || quad_abs(got) == (quad)MOST ? 0 : INFINITY;
	if (!isfinite(got))
		return INFINITY;
	return (double)(quad_abs((quad)got - expected) / (quad)ldexp(1, exponent - DIGITS));
}

struct worst {
	double ulps;
	real at, got;
};

static void worst_add(struct worst *worst, double error, real at, real got)
{
	if (error > worst->ulps)
		*worst = (struct worst){error, at, got};
}

static void test_accuracy(void **state)
{
	const struct FN(kernels) *kernels = FN(kernels)();
	for (int f = 0; f < VEC_FUNCTIONS; f++) {
		struct worst of_value = {0}, of_slope = {0};
		memcpy(slope, points, sizeof slope);
		kernels->vec[f].value_slope(n_points, slope, value);
		for (size_t i = 0; i < n_points; i++) {
			quad exact_slope;
			if (f == VEC_SIN && fabs((double)points[i]) > 1e6)
				continue; /* the reference knows π to 34 digits only */
			const quad exact = quad_function((enum vec_function)f, (quad)points[i], &exact_slope);
			worst_add(&of_value, ulps(value[i], exact), points[i], value[i]);
			worst_add(&of_slope, ulps(slope[i], exact_slope), points[i], slope[i]);
		}
		print_message("function %2d: value %.2f ulp at %.9g, slope %.2f ulp at %.9g\n", f, of_value.ulps,
			      (double)of_value.at, of_slope.ulps, (double)of_slope.at);
		if (!(of_value.ulps <= ULPS))
			fail_msg("value of function %d at %.17g: %.17g", f, (double)of_value.at, (double)of_value.got);
		if (!(of_slope.ulps <= ULPS))
			fail_msg("slope of function %d at %.17g: %.17g", f, (double)of_slope.at, (double)of_slope.got);
	}
}

static void test_exp(void **state)
{
	struct worst worst = {0};
	FN(kernels)()->exp(n_points, points, value);
	for (size_t i = 0; i < n_points; i++)
		worst_add(&worst, ulps(value[i], quad_exp((quad)points[i])), points[i], value[i]);
	print_message("exp: %.2f ulp at %.9g\n", worst.ulps, (double)worst.at);
	assert_true(worst.ulps <= 2);
	real ends[] = {-INFINITY, INFINITY, NAN, (real)-EDGE, (real)EDGE};
	FN(kernels)()->exp(5, ends, ends);
	assert_true(ends[0] == 0 && isinf(ends[1]) && isnan(ends[2]) && ends[3] == 0 && isinf(ends[4]));
}

/* Bits, but any NaN equals any other. */
static void assert_same(const real *a, const real *b, size_t n, const char *what, int f)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i])))
			fail_msg("%s of function %d differs at %.17g: %.17g, %.17g", what, f, (double)points[i],
				 (double)a[i], (double)b[i]);
}

/* The generic build against the best one this machine has and the one between. */
static void test_same_bits_in_every_build(void **state)
{
#if defined __x86_64__
	const struct FN(kernels) *generic = &REAL_PASTE(FN(kernels), _generic);
	const struct FN(kernels) *others[] = {&REAL_PASTE(FN(kernels), _avx2), FN(kernels)()};
	static real value_2[MOST_POINTS], slope_2[MOST_POINTS];
	for (int o = 0; o < 2; o++) {
		for (int f = 0; f < VEC_FUNCTIONS; f++) {
			memcpy(slope, points, sizeof slope);
			memcpy(slope_2, points, sizeof slope);
			generic->vec[f].value_slope(n_points, slope, value);
			others[o]->vec[f].value_slope(n_points, slope_2, value_2);
			assert_same(value, value_2, n_points, "value", f);
			assert_same(slope, slope_2, n_points, "slope", f);
		}
		generic->exp(n_points, points, value);
		others[o]->exp(n_points, points, value_2);
		assert_same(value, value_2, n_points, "exp", -1);
	}
#else
	print_message("one build only: NOTHING COMPARED\n");
#endif
}

/* Any n and any place in the array give what the whole array gives; nothing behind is touched; value works in place. */
static void test_any_length(void **state)
{
	const struct FN(kernels) *kernels = FN(kernels)();
	enum { LONGEST = 150 };
	for (int f = 0; f < VEC_FUNCTIONS; f++) {
		memcpy(slope, points, sizeof slope);
		kernels->vec[f].value_slope(n_points, slope, value);
		for (size_t n = 0; n <= LONGEST; n++) {
			const size_t from = 4000 + 7 * n;
			real z[LONGEST + 1], a[LONGEST + 1];
			memcpy(z, points + from, sizeof z);
			a[n] = 77;
			kernels->vec[f].value(n, z, a);
			assert_same(a, value + from, n, "value of a part", f);
			assert_true(a[n] == 77);
			kernels->vec[f].value_slope(n, z, a);
			assert_same(a, value + from, n, "value with slope of a part", f);
			assert_same(z, slope + from, n, "slope of a part", f);
			assert_true(a[n] == 77 && z[n] == points[from + n]);
			memcpy(z, points + from, sizeof z);
			kernels->vec[f].value(n, z, z);
			assert_same(z, value + from, n, "value in place", f);
			assert_true(z[n] == points[from + n]);
		}
	}
}

static void test_infinity_and_nan(void **state)
{
	const real inf = INFINITY;
	/* g(−∞), g(∞), g'(−∞), g'(∞); NaN where there is no limit */
	static const double limits[VEC_FUNCTIONS][4] = {
		[VEC_IDENTITY] = {-INFINITY, INFINITY, 1, 1},
		[VEC_SIGMOID] = {0, 1, 0, 0},
		[VEC_TANH] = {-1, 1, 0, 0},
		[VEC_LECUN_TANH] = {(real)-1.7159, (real)1.7159, 0, 0},
		[VEC_SOFTSIGN] = {-1, 1, 0, 0},
		[VEC_HARDTANH] = {-1, 1, 0, 0},
		[VEC_ERF] = {-1, 1, 0, 0},
		[VEC_RELU] = {0, INFINITY, 0, 1},
		[VEC_LEAKY_RELU] = {-INFINITY, INFINITY, (real)0.01, 1},
		[VEC_ELU] = {-1, INFINITY, 0, 1},
		[VEC_SELU] = {(real)-1.7580993408473766, INFINITY, 0, (real)1.0507009873554805},
		[VEC_GELU] = {0, INFINITY, 0, 1},
		[VEC_SILU] = {0, INFINITY, 0, 1},
		[VEC_SOFTPLUS] = {0, INFINITY, 0, 1},
		[VEC_ABS] = {INFINITY, INFINITY, -1, 1},
		[VEC_SIN] = {NAN, NAN, NAN, NAN},
	};
	for (int f = 0; f < VEC_FUNCTIONS; f++) {
		real z[3] = {-inf, inf, NAN}, a[3];
		FN(kernels)()->vec[f].value_slope(3, z, a);
		const double got[4] = {(double)a[0], (double)a[1], (double)z[0], (double)z[1]};
		for (int i = 0; i < 4; i++)
			if (got[i] != limits[f][i] && !(isnan(got[i]) && isnan(limits[f][i])))
				fail_msg("limit %d of function %d is %.17g, not %.17g", i, f, got[i], limits[f][i]);
		assert_true(isnan(a[2]) && isnan(z[2]));
	}
}

/* Kinks: the header's word and PyTorch's. */
static void test_slope_at_kinks(void **state)
{
	real z[3] = {0, (real)-0., 0}, a[3];
	FN(kernels)()->vec[VEC_RELU].value_slope(2, z, a);
	assert_true(z[0] == 0 && z[1] == 0 && a[0] == 0 && a[1] == 0);
	z[0] = 0, z[1] = (real)-0.;
	FN(kernels)()->vec[VEC_ABS].value_slope(2, z, a);
	assert_true(z[0] == 0 && z[1] == 0 && a[0] == 0 && a[1] == 0);
	z[0] = -1, z[1] = 1;
	FN(kernels)()->vec[VEC_HARDTANH].value_slope(2, z, a);
	assert_true(z[0] == 0 && z[1] == 0 && a[0] == -1 && a[1] == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_exp),
		cmocka_unit_test(test_same_bits_in_every_build),
		cmocka_unit_test(test_any_length),
		cmocka_unit_test(test_infinity_and_nan),
		cmocka_unit_test(test_slope_at_kinks),
	};
	return cmocka_run_group_tests(tests, make_points, NULL);
}
