/* test_mlp_real.c: the network against the lecture's loops, its memory plan, and the order of updates. */
#include "fixture_real.h"

static void check_against_naive(const struct plan *plan)
{
	struct fixture f;
	fixture_init(&f, plan);
	const struct loss_sum sum = fixture_backward(&f, no_sink);
	naive_forward(&f.naive, plan->loss, f.answers);
	naive_backward(&f.naive, SLIP_NONE);
	assert_near(sum.loss / plan->B, f.naive.loss, ROUNDING, 1);
	for (int l = 1; l <= plan->L; l++) {
		const struct FN(layer) *layer = &f.mlp.layer[l];
		const double dZ =
			distance(plan->B, layer->out, layer->D, layer->lda, f.naive.dZ[l], layer->out, 1e-300);
		const double dW =
			distance(layer->out, layer->in, layer->dW, layer->ldw, f.naive.dW[l], layer->in, 1e-300);
		const double db = plan->no_bias ? 0 : distance(1, layer->out, layer->db, 0, f.naive.db[l], 0, 1e-300);
		if (!(dZ <= 5 * ROUNDING && dW <= 5 * ROUNDING && db <= 5 * ROUNDING))
			fail_msg("%s, loss %d, L = %d, width %d, B = %d, layer %d: dZ off by %g, dW %g, db %g",
				 f.mlp.act->name, (int)plan->loss, plan->L, plan->n[1], plan->B, l, dZ, dW, db);
	}
	fixture_release(&f);
}

static void equals_naive_for_every_activation_and_loss(void **state)
{
	static const int shape[][8] = {{5, 1}, {5, 8, 1}, {4, 7, 9, 1}, {3, 16, 17, 5, 20, 33, 1}};
	for (size_t a = 0; a < act_table.n; a++)
		for (int loss = LOSS_BCE; loss <= LOSS_MSE; loss++)
			for (int k = 0; k < 4; k++) {
				const int L = k < 3 ? k + 1 : 6;
				int n[8];
				memcpy(n, shape[k], sizeof n);
				n[L] = loss == LOSS_BCE ? 1 : 3;
				check_against_naive(&(struct plan){.L = L,
								   .n = n,
								   .B = 6,
								   .activation = (int)a,
								   .loss = (enum loss_kind)loss,
								   .keep_grads = true,
								   .seed = (uint32_t)(a + 100)});
			}
}

static void equals_naive_for_every_width_and_batch(void **state)
{
	static const int widths[] = {1, 2, 3, 8, 15, 16, 17, 31, 48, 64, 100, 127, 128, 130};
	static const int batches[] = {1, 2, 5, 33};
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
		for (int k = 0; k < 4; k++) {
			const int width = widths[w], n[] = {k == 0 ? width : 20, width, width, k == 1 ? 1 : width + 1};
			check_against_naive(&(struct plan){.L = 3,
							   .n = n,
							   .B = batches[k],
							   .activation = table_find(&act_table, "tanh"),
							   .loss = LOSS_MSE,
							   .no_bias = k == 2,
							   .keep_grads = true,
							   .seed = 7});
		}
}

/* ---- updates ---- */

static void descend(struct FN(mlp) *mlp, int l)
{
	struct FN(layer) *layer = &mlp->layer[l];
	const real lr = (real)0.3;
	for (int i = 0; i < layer->out * layer->ldw; i++)
		layer->W[i] -= lr * layer->dW[i];
	for (int o = 0; o < layer->out && layer->b; o++)
		layer->b[o] -= lr * layer->db[o];
}

static void descend_at_once(void *self, struct FN(mlp) *mlp, int l)
{
	int *expected = self;
	assert_int_equal(l, *expected);
	*expected = l > 1 ? l - 1 : mlp->shape.L;
	descend(mlp, l);
}

static const int irregular[] = {9, 12, 12, 20, 12, 3};

static struct plan irregular_plan(bool keep_grads)
{
	return (struct plan){.L = 5,
			     .n = irregular,
			     .B = 7,
			     .activation = table_find(&act_table, "tanh"),
			     .loss = LOSS_SOFTMAX,
			     .keep_grads = keep_grads,
			     .seed = 3};
}

/* An update at once, in shared gradient blocks, gives the bits of all updates after backward, in blocks of their
 * own. */
static void immediate_and_deferred_updates_are_equal(void **state)
{
	const struct plan now = irregular_plan(false), later = irregular_plan(true);
	struct fixture f, g;
	int expected = 5;
	fixture_init(&f, &now);
	fixture_init(&g, &later);
	double first = 0, loss = 0;
	for (int step = 0; step < 200; step++) {
		loss = fixture_backward(&f, (struct FN(gradient_sink)){descend_at_once, &expected}).loss;
		assert_true(fixture_backward(&g, no_sink).loss == loss);
		for (int l = 1; l <= 5; l++)
			descend(&g.mlp, l);
		first = step == 0 ? loss : first;
	}
	assert_true(loss < 0.2 * first);
	for (int l = 1; l <= 5; l++) {
		const struct FN(layer) *a = &f.mlp.layer[l], *b = &g.mlp.layer[l];
		assert_memory_equal(a->W, b->W, sizeof(real) * (size_t)(a->out * a->ldw));
		assert_memory_equal(a->b, b->b, sizeof(real) * (size_t)a->out);
	}
	fixture_release(&f);
	fixture_release(&g);
}

/* The wrong order still trains, so the loss would not tell: dZ[L−1] must come from the W[L] before its update. */
static void gradients_come_from_the_old_weights(void **state)
{
	const struct plan plan = irregular_plan(false);
	struct fixture f;
	int expected = 5;
	fixture_init(&f, &plan);
	fixture_backward(&f, (struct FN(gradient_sink)){descend_at_once, &expected});
	const struct FN(layer) *layer = &f.mlp.layer[4];
	naive_forward(&f.naive, plan.loss, f.answers);
	naive_backward(&f.naive, SLIP_NONE);
	assert_true(distance(plan.B, layer->out, layer->D, layer->lda, f.naive.dZ[4], layer->out, 1e-300) <
		    5 * ROUNDING);
	fixture_copy(&f); /* the naive network takes dA from the updated weights: the slip */
	naive_backward(&f.naive, SLIP_NONE);
	assert_true(distance(plan.B, layer->out, layer->D, layer->lda, f.naive.dZ[4], layer->out, 1e-300) > 1e-3);
	fixture_release(&f);
}

/* ---- memory ---- */

static void padding_stays_zero(void **state)
{
	const struct plan plan = irregular_plan(false);
	struct fixture f;
	int expected = 5;
	fixture_init(&f, &plan);
	for (int step = 0; step < 3; step++)
		fixture_backward(&f, (struct FN(gradient_sink)){descend_at_once, &expected});
	for (int l = 1; l <= 5; l++) {
		const struct FN(layer) *layer = &f.mlp.layer[l];
		for (int o = 0; o < layer->out; o++)
			for (int i = layer->in; i < layer->ldw; i++) {
				assert_true(layer->W[o * layer->ldw + i] == 0);
				assert_true(layer->dW[o * layer->ldw + i] == 0);
			}
		for (int i = 0; l < 5 && i < plan.B;
		     i++) /* nobody reads these, but they must not grow: tanh and its slope at 0 */
			for (int o = layer->out; o < layer->lda; o++)
				assert_true(layer->A[i * layer->lda + o] == 0 && layer->D[i * layer->lda + o] == 1);
	}
	fixture_release(&f);
}

/* An example's outputs do not depend on its batch, nor on whether the cache is kept; predicting leaves the cache
 * alone. */
static void examples_are_independent(void **state)
{
	const struct plan plan = irregular_plan(true);
	struct fixture f;
	real whole[7][3];
	fixture_init(&f, &plan);
	const struct FN(layer) *last = &f.mlp.layer[5];
	const int row = real_pad(plan.n[0]);
	FN(mlp_forward)(&f.mlp, f.X, 7);
	for (int i = 0; i < 7; i++)
		memcpy(whole[i], last->D + i * last->lda, sizeof whole[i]);
	const real *predicted = FN(mlp_predict)(&f.mlp, f.X, 7);
	for (int i = 0; i < 7; i++) {
		assert_memory_equal(predicted + i * last->lda, whole[i], sizeof whole[i]);
		assert_memory_equal(last->D + i * last->lda, whole[i], sizeof whole[i]);
	}
	for (int i = 0; i < 7; i++) {
		FN(mlp_forward)(&f.mlp, f.X + i * row, 1);
		assert_memory_equal(last->D, whole[i], sizeof whole[i]);
		assert_memory_equal(FN(mlp_predict)(&f.mlp, f.X + i * row, 1), whole[i], sizeof whole[i]);
	}
	fixture_release(&f);
}

static void layout_takes_what_it_measured(void **state)
{
	const struct mlp_shape shape = {5, irregular, 7, 2, LOSS_SOFTMAX, true, false};
	struct arena arena = ARENA_INIT;
	struct FN(mlp) mlp;
	struct err err;
	arena_measure(&arena);
	FN(mlp_layout)(&mlp, &shape, &arena);
	const size_t measured = arena.used;
	assert_int_equal(mlp.parameters, 9 * 12 + 12 + 12 * 12 + 12 + 12 * 20 + 20 + 20 * 12 + 12 + 12 * 3 + 3);
	assert_int_equal(arena_reserve(&arena, &err), 0);
	FN(mlp_layout)(&mlp, &shape, &arena);
	assert_int_equal(arena.used, measured);
	for (int l = 1; l <= 5; l++)
		assert_true((uintptr_t)mlp.layer[l].W % 64 == 0 && (uintptr_t)mlp.layer[l].dW % 64 == 0);
	arena_release(&arena);
}

/* ---- initial weights from data ---- */

static void lsuv_makes_unit_preactivations(void **state)
{
	static const int n[] = {10, 24, 24, 24, 4};
	static const char *const names[] = {"tanh", "relu", "sigmoid"};
	for (int a = 0; a < 3; a++) {
		const struct plan plan = {
			.L = 4, .n = n, .B = 40, .activation = table_find(&act_table, names[a]), .loss = LOSS_MSE};
		struct fixture f;
		fixture_init(&f, &plan);
		FN(mlp_lsuv)(&f.mlp, f.X, plan.B);
		fixture_copy(&f);
		naive_forward(&f.naive, plan.loss, f.answers);
		for (int l = 1; l <= 4; l++) {
			const int units = plan.B * n[l];
			double mean = 0, variance = 0;
			for (int i = 0; i < units; i++)
				mean += f.naive.Z[l][i] / units;
			for (int i = 0; i < units; i++)
				variance += pow(f.naive.Z[l][i] - mean, 2) / units;
			assert_true(fabs(variance - 1) < 0.1 + ROUNDING);
		}
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_naive_for_every_activation_and_loss),
		cmocka_unit_test(equals_naive_for_every_width_and_batch),
		cmocka_unit_test(immediate_and_deferred_updates_are_equal),
		cmocka_unit_test(gradients_come_from_the_old_weights),
		cmocka_unit_test(padding_stays_zero),
		cmocka_unit_test(examples_are_independent),
		cmocka_unit_test(layout_takes_what_it_measured),
		cmocka_unit_test(lsuv_makes_unit_preactivations),
	};
	return cmocka_run_group_tests_name("net/mlp", tests, NULL, NULL);
}
