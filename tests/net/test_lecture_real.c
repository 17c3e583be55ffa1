/* test_lecture_real.c: what the lecture says of gradients, on small networks: the chain rule, sums over paths, the
 * exercise, bounds and slopes. Numbers of claims are those of the lecture's list. */
#include "fixture_real.h"

/* ---- the exercise, worked by hand (claim 10) ---- */

static void gives_the_exercise_values(void **state)
{
	static const int n[] = {5, 3, 1};
	static const double x[] = {1, -1, .5, 2, 0}, b2 = .1, W2[] = {.5, -.4, .3};
	static const double W1[] = {.1, .2, -.1, .1, .3, -.2, .1, .3, -.1, .2, .2, -.1, .1, .2, -.3};
	static const double A1[] = {.512497, .413382, .679179}, dW2[] = {-.206331, -.166427, -.273436};
	static const double dZ1[] = {-.050293, .039052, -.026317};
	const struct plan plan = {
		.L = 2, .n = n, .B = 1, .activation = table_find(&act_table, "sigmoid"), .keep_grads = true};
	struct fixture f;
	fixture_init(&f, &plan);
	struct FN(layer) *first = &f.mlp.layer[1], *last = &f.mlp.layer[2];
	for (int i = 0; i < 5; i++)
		f.X[i] = (real)x[i];
	for (int o = 0; o < 3; o++) {
		for (int i = 0; i < 5; i++)
			first->W[o * first->ldw + i] = (real)W1[o * 5 + i];
		first->b[o] = 0;
		last->W[o] = (real)W2[o];
	}
	last->b[0] = (real)b2;
	const int32_t one = 1;
	FN(mlp_forward)(&f.mlp, f.X, 1);
	for (int o = 0; o < 3; o++)
		assert_true(fabs((double)first->A[o] - A1[o]) < 0.6e-6);
	assert_true(fabs((double)last->D[0] - .394649) < 0.6e-6);
	const struct loss_sum sum = FN(mlp_backward)(&f.mlp, f.X, 1, (struct answers){&one, NULL}, no_sink);
	assert_true(fabs(sum.loss - .515166) < 0.6e-6);
	assert_int_equal(sum.correct, 1);
	assert_true(fabs((double)last->D[0] + .402599) < 0.6e-6);
	assert_true(last->db[0] == last->D[0]);
	for (int o = 0; o < 3; o++) {
		assert_true(fabs((double)last->dW[o] - dW2[o]) < 0.6e-6);
		assert_true(fabs((double)first->D[o] - dZ1[o]) < 0.6e-6);
		assert_true(first->db[o] == first->D[o]);
		for (int i = 0; i < 5; i++)
			assert_true(fabs((double)first->dW[o * first->ldw + i] - dZ1[o] * x[i]) < 1.2e-6);
		assert_true(first->dW[o * first->ldw + 4] == 0);
	}
	assert_int_equal(f.mlp.parameters, 22);
	fixture_release(&f);
}

/* ---- factors and paths (claims 1 to 3) ---- */

/* One unit a layer: each further layer is one further factor w[l+1] g'(z[l]) of dZ. */
static void a_chain_is_a_product(void **state)
{
	static const char *const names[] = {"sigmoid", "tanh", "gelu", "softplus"};
	static const int n[13] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	for (int L = 2; L <= 12; L++)
		for (int a = 0; a < 4; a++) {
			const struct plan plan = {.L = L,
						  .n = n,
						  .B = 1,
						  .activation = table_find(&act_table, names[a]),
						  .keep_grads = true,
						  .seed = (uint32_t)L};
			struct fixture f;
			fixture_init(&f, &plan);
			fixture_backward(&f, no_sink);
			naive_forward(&f.naive, plan.loss, f.answers);
			double product = f.naive.dZ[L][0];
			for (int l = L; l >= 1; l--) {
				assert_near((double)f.mlp.layer[l].D[0], product, 10 * ROUNDING, 0);
				assert_near((double)f.mlp.layer[l].dW[0], product * f.naive.A[l - 1][0], 10 * ROUNDING,
					    0);
				const double factor = f.naive.W[l][0] * (l > 1 ? f.naive.slope[l - 1][0] : 1);
				if (a == 0)
					assert_true(l == 1 || fabs(factor) <= 0.25 * fabs(f.naive.W[l][0]));
				product *= factor;
			}
			fixture_release(&f);
		}
}

/* 5-3-3-1: ∂loss/∂W[1]_ji is the sum over the paths j → k → output. */
static void the_matrix_form_is_the_sum_over_paths(void **state)
{
	static const int n[] = {5, 3, 3, 1};
	const struct plan plan = {
		.L = 3, .n = n, .B = 1, .activation = table_find(&act_table, "sigmoid"), .keep_grads = true};
	struct fixture f;
	fixture_init(&f, &plan);
	fixture_backward(&f, no_sink);
	naive_forward(&f.naive, plan.loss, f.answers);
	const struct naive *net = &f.naive;
	for (int j = 0; j < 3; j++)
		for (int i = 0; i < 5; i++) {
			double sum = 0;
			for (int k = 0; k < 3; k++)
				sum += net->dZ[3][0] * net->W[3][k] * net->slope[2][k] * net->W[2][k * 3 + j] *
				       net->slope[1][j] * net->A[0][i];
			const struct FN(layer) *first = &f.mlp.layer[1];
			assert_near((double)first->dW[j * first->ldw + i], sum, 10 * ROUNDING, 1e-3);
		}
	fixture_release(&f);
}

/* ---- bounds and slopes (claims 20 and 21) ---- */

/* ‖W‖₂ by power iteration, from below; 2000 steps are far more than 6 × 6 needs. */
static double spectral_norm(const struct FN(layer) *layer)
{
	double x[16], y[16], norm = 0;
	for (int i = 0; i < layer->in; i++)
		x[i] = 1 + 0.1 * i;
	for (int step = 0; step < 2000; step++) {
		norm = 0;
		for (int o = 0; o < layer->out; o++) {
			y[o] = 0;
			for (int i = 0; i < layer->in; i++)
				y[o] += (double)layer->W[o * layer->ldw + i] * x[i];
		}
		for (int i = 0; i < layer->in; i++) {
			x[i] = 0;
			for (int o = 0; o < layer->out; o++)
				x[i] += (double)layer->W[o * layer->ldw + i] * y[o];
			norm += x[i] * x[i];
		}
		norm = sqrt(norm);
		for (int i = 0; i < layer->in; i++)
			x[i] /= norm;
	}
	return sqrt(norm);
}

static double frobenius(const struct FN(layer) *layer, int B)
{
	double sum = 0;
	for (int i = 0; i < B; i++)
		for (int j = 0; j < layer->out; j++)
			sum += (double)layer->D[i * layer->lda + j] * (double)layer->D[i * layer->lda + j];
	return sqrt(sum);
}

/* Lecture, claim 21: sigmoid' ≤ 1/4, so ‖dZ[l]‖ ≤ ‖W[l+1]‖₂ ‖dZ[l+1]‖ / 4 whatever the weights. */
static void sigmoid_gradients_obey_the_hard_bound(void **state)
{
	static const int n[] = {6, 6, 6, 6, 6, 6, 1};
	static const double stds[] = {0.05, 0.5, 1, 4};
	double closest = 0;
	for (uint32_t seed = 0; seed < 40; seed++) {
		const struct plan plan = {.L = 6,
					  .n = n,
					  .B = 4,
					  .activation = table_find(&act_table, "sigmoid"),
					  .seed = seed,
					  .init_std = stds[seed % 4]};
		struct fixture f;
		fixture_init(&f, &plan);
		fixture_backward(&f, no_sink);
		for (int l = 1; l < 6; l++) {
			const double bound =
				0.25 * spectral_norm(&f.mlp.layer[l + 1]) * frobenius(&f.mlp.layer[l + 1], plan.B);
			const double share = frobenius(&f.mlp.layer[l], plan.B) / bound;
			assert_true(share <= 1 + ROUNDING);
			closest = fmax(closest, share);
		}
		fixture_release(&f);
	}
	assert_true(closest > 0.9); /* the bound is nearly reached: a factor of 0.28 in place of 0.25 would show */
}

/* Zero-mean weights: per layer back, ‖dZ‖ changes by ‖W‖_F/√n · rms g', within 10 % of its logarithm over 10 seeds. */
static void gradients_shrink_by_the_gain_of_a_layer(void **state)
{
	static const struct {
		const char *activation;
		double std;
	} cases[] = {{"sigmoid", 1}, {"tanh", 0.5}, {"relu", 1}, {"sigmoid", 3}};
	enum { DEPTH = 16, WIDTH = 48, SEEDS = 10 };
	int n[DEPTH + 2];
	for (int l = 0; l <= DEPTH; l++)
		n[l] = WIDTH;
	n[DEPTH + 1] = 1;
	for (int c = 0; c < 4; c++) {
		double measured = 0, predicted = 0;
		for (uint32_t seed = 0; seed < SEEDS; seed++) {
			const struct plan plan = {.L = DEPTH + 1,
						  .n = n,
						  .B = 16,
						  .activation = table_find(&act_table, cases[c].activation),
						  .no_bias = true,
						  .seed = seed,
						  .init_std = cases[c].std};
			struct fixture f;
			fixture_init(&f, &plan);
			fixture_backward(&f, no_sink);
			naive_forward(&f.naive, plan.loss, f.answers);
			measured += log10(frobenius(&f.mlp.layer[1], 16) / frobenius(&f.mlp.layer[DEPTH], 16));
			for (int l = 1; l < DEPTH; l++) { /* from dZ[l+1] to dZ[l] */
				double weights = 0, slopes = 0;
				for (int k = 0; k < WIDTH * WIDTH; k++)
					weights += pow(f.naive.W[l + 1][k], 2) / WIDTH;
				for (int k = 0; k < 16 * WIDTH; k++)
					slopes += pow(f.naive.slope[l][k], 2) / (16 * WIDTH);
				predicted += log10(sqrt(weights * slopes));
			}
			fixture_release(&f);
		}
		assert_near(measured, predicted, 0.1, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_exercise_values),
		cmocka_unit_test(a_chain_is_a_product),
		cmocka_unit_test(the_matrix_form_is_the_sum_over_paths),
		cmocka_unit_test(sigmoid_gradients_obey_the_hard_bound),
		cmocka_unit_test(gradients_shrink_by_the_gain_of_a_layer),
	};
	return cmocka_run_group_tests_name("net/lecture", tests, NULL, NULL);
}
