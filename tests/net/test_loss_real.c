/* test_loss_real.c: losses against closed forms, far beyond where the textbook forms break. */
#include "cm.h"
#include "math/real.h"
#include "net/loss.h"

/* One example with O logits. */
static struct loss_sum one(enum loss_kind kind, int O, const real *z, int32_t label, real *dz)
{
	return FN(loss_eval)(kind, 1, O, z, 16, (struct answers){&label, NULL}, dz);
}

#define EPSILON (REAL_BITS == 32 ? 1.2e-7 : 4.5e-16)

/* log(1 + e^t) and sigmoid(t) by glibc in long double. */
static void bce_is_right_at_every_logit(void **state)
{
	for (double at = -760; at <= 760; at += 0.37)
		for (int32_t y = 0; y < 2; y++) {
			const real z = (real)at;
			const long double t = y ? -(long double)z : (long double)z;
			const long double loss = t > 0 ? t + log1pl(expl(-t)) : log1pl(expl(t));
			const long double p = t > 0 ? 1 / (1 + expl(-t)) : expl(t) / (1 + expl(t));
			real dz;
			const struct loss_sum sum = one(LOSS_BCE, 1, &z, y, &dz);
			assert_true(isfinite(sum.loss) && isfinite(dz));
			assert_near(sum.loss, (double)loss, 1e-15, 1e-300);
			if (p > (REAL_BITS == 32 ? 1e-37L : 1e-300L))
				assert_near((double)dz, (double)(y ? -p : p), 2 * EPSILON, 0);
			assert_int_equal(sum.correct, (z > 0) == y);
		}
}

static void bce_of_a_zero_logit_is_ln_2(void **state)
{
	const real z = 0;
	real dz;
	assert_near(one(LOSS_BCE, 1, &z, 1, &dz).loss, 0.69314718055994531, 2e-16, 0);
	assert_true(dz == (real)-0.5);
}

/* e_j / Σe by long double, without the shortcuts of the code. */
static void check_softmax(int O, const real *z, int32_t label)
{
	real dz[256];
	long double top = z[0], rest = 0, sum = 0;
	for (int j = 0; j < O; j++)
		top = z[j] > top ? z[j] : top;
	for (int j = 0; j < O; j++) {
		sum += expl(z[j] - top);
		rest += j == label ? 0 : expl(z[j] - top);
	}
	/* −log p = log(1 + rest / e_label): accurate when p is near 1; the top's way when e_label underflows */
	const long double e = expl(z[label] - top);
	const long double loss = z[label] == top ? log1pl(rest) : top - z[label] + logl(sum);
	const struct loss_sum got = one(LOSS_SOFTMAX, O, z, label, dz);
	assert_near(got.loss, (double)loss, 4e-15, 1e-300);
	for (int j = 0; j < O; j++) {
		const long double want = j == label ? -rest / (rest + e) : expl(z[j] - top) / sum;
		assert_near((double)dz[j], (double)want, REAL_BITS == 32 ? 2e-7 : 2e-14, 1e-30);
	}
}

static void softmax_is_right_far_from_zero(void **state)
{
	static const double spans[] = {0, 1e-3, 1, 30, 80, 700, 5000};
	real z[256];
	for (int O = 2; O <= 200; O = O * 3 / 2)
		for (int s = 0; s < 7; s++)
			for (int32_t label = 0; label < O; label += O / 2) {
				for (int j = 0; j < O; j++)
					z[j] = (real)(spans[s] * sin(j * 12.9898 + s) + 100 * s);
				check_softmax(O, z, label);
			}
}

static void equal_logits_give_ln_of_the_classes(void **state)
{
	const real z[10] = {0};
	real dz[10];
	assert_near(one(LOSS_SOFTMAX, 10, z, 3, dz).loss, 2.3025850929940457, 2e-16, 0);
	assert_near((double)dz[3], -0.9, EPSILON, 0);
	assert_near((double)dz[4], 0.1, EPSILON, 0);
}

/* Binary cross-entropy is softmax over (0, z). */
static void softmax_of_two_is_bce(void **state)
{
	for (double at = -40; at < 40; at += 0.7)
		for (int32_t y = 0; y < 2; y++) {
			const real pair[16] = {0, (real)at}, z = (real)at;
			real both[16], single;
			assert_near(one(LOSS_SOFTMAX, 2, pair, y, both).loss, one(LOSS_BCE, 1, &z, y, &single).loss,
				    1e-15, 0);
			assert_near((double)both[1], (double)single, 4 * EPSILON, 0);
			assert_near((double)both[0], -(double)single, 4 * EPSILON, 0);
		}
}

static void mse_is_the_mean_over_outputs(void **state)
{
	static const real f[] = {1, 2, 4, 99, 0, -1, 0.5, 99};
	static const double y[] = {0, 2, 1, 0, 1, 0};
	real dz[8];
	const struct loss_sum sum = FN(loss_eval)(LOSS_MSE, 2, 3, f, 4, (struct answers){NULL, y}, dz);
	assert_near(sum.loss, (1.0 + 0 + 9) / 3 + (0 + 4.0 + 0.25) / 3, 1e-15, 0);
	assert_int_equal(sum.correct, 0);
	assert_near((double)dz[0], 2.0 / 3, EPSILON, 0);
	assert_true(dz[1] == 0);
	assert_near((double)dz[2], 2.0, EPSILON, 0);
	assert_near((double)dz[5], -4.0 / 3, EPSILON, 0);
}

static void mse_learns_labels_as_one_hot_rows(void **state)
{
	static const real f[] = {0.9f, 0.2f, 0.1f, 0.3f, 0.4f, 0.2f};
	static const int32_t labels[] = {0, 2};
	const struct loss_sum sum = FN(loss_eval)(LOSS_MSE, 2, 3, f, 3, (struct answers){labels, NULL}, NULL);
	assert_near(sum.loss, (0.01 + 0.04 + 0.01 + 0.09 + 0.16 + 0.64) / 3, 1e-6, 0);
	assert_int_equal(sum.correct, 1);
	const real single[] = {0.6f, 0.4f};
	static const int32_t ones[] = {1, 1};
	const struct loss_sum two = FN(loss_eval)(LOSS_MSE, 2, 1, single, 1, (struct answers){ones, NULL}, NULL);
	assert_near(two.loss, 0.16 + 0.36, 1e-6, 0);
	assert_int_equal(two.correct, 1);
}

/* dZ may be Z; what lies between the rows is left alone. */
static void gradient_in_place(void **state)
{
	static const int32_t labels[] = {2, 0};
	for (int kind = LOSS_SOFTMAX; kind <= LOSS_MSE; kind++) {
		real z[8] = {1, -2, 3, 77, 0.5f, 0, -1, 88}, dz[8];
		FN(loss_eval)((enum loss_kind)kind, 2, 3, z, 4, (struct answers){labels, NULL}, dz);
		FN(loss_eval)((enum loss_kind)kind, 2, 3, z, 4, (struct answers){labels, NULL}, z);
		assert_memory_equal(z, dz, 3 * sizeof *z);
		assert_memory_equal(z + 4, dz + 4, 3 * sizeof *z);
		assert_true(z[3] == 77 && z[7] == 88);
	}
}

/* A diverged network must not look like one that is always right. */
static void infinite_logits_make_the_loss_nan(void **state)
{
	static const double bad[] = {INFINITY, -INFINITY, NAN};
	for (int k = 0; k < 3; k++)
		for (int32_t y = 0; y < 2; y++) {
			const real z[16] = {(real)bad[k], 1};
			assert_true(isnan(one(LOSS_BCE, 1, z, y, NULL).loss));
			assert_true(isnan(one(LOSS_SOFTMAX, 2, z, y, NULL).loss));
			assert_false(isfinite(one(LOSS_MSE, 2, z, y, NULL).loss));
		}
	const real nan[16] = {NAN, NAN};
	for (int32_t y = 0; y < 2; y++) {
		assert_int_equal(one(LOSS_BCE, 1, nan, y, NULL).correct, 0);
		assert_int_equal(one(LOSS_SOFTMAX, 2, nan, y, NULL).correct, 0);
		assert_int_equal(one(LOSS_MSE, 1, nan, y, NULL).correct, 0);
	}
}

static void outputs_follow_loss_and_data(void **state)
{
	assert_int_equal(loss_outputs(LOSS_BCE, 2, 0), 1);
	assert_int_equal(loss_outputs(LOSS_BCE, 10, 0), -1);
	assert_int_equal(loss_outputs(LOSS_BCE, 0, 1), -1);
	assert_int_equal(loss_outputs(LOSS_SOFTMAX, 2, 0), 2);
	assert_int_equal(loss_outputs(LOSS_SOFTMAX, 10, 0), 10);
	assert_int_equal(loss_outputs(LOSS_SOFTMAX, 0, 4), -1);
	assert_int_equal(loss_outputs(LOSS_MSE, 2, 0), 1);
	assert_int_equal(loss_outputs(LOSS_MSE, 10, 0), 10);
	assert_int_equal(loss_outputs(LOSS_MSE, 0, 4), 4);
	for (size_t k = 0; k < loss_table.n; k++)
		assert_int_equal(losses[k].kind, k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bce_is_right_at_every_logit),
		cmocka_unit_test(bce_of_a_zero_logit_is_ln_2),
		cmocka_unit_test(softmax_is_right_far_from_zero),
		cmocka_unit_test(equal_logits_give_ln_of_the_classes),
		cmocka_unit_test(softmax_of_two_is_bce),
		cmocka_unit_test(mse_is_the_mean_over_outputs),
		cmocka_unit_test(mse_learns_labels_as_one_hot_rows),
		cmocka_unit_test(gradient_in_place),
		cmocka_unit_test(infinite_logits_make_the_loss_nan),
		cmocka_unit_test(outputs_follow_loss_and_data),
	};
	return cmocka_run_group_tests_name("net/loss", tests, NULL, NULL);
}
