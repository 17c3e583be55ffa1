/* test_gradient.c: every gradient against central differences of the loss, in float64; and the slips that such a
 * check must catch (lecture, claims 4 and 13). float32 is compared with the naive network in test_mlp_real.c. */
#define REAL_BITS 64
#include "fixture_real.h"

static double mean_loss(struct fixture *f)
{
	const struct FN(layer) *last = &f->mlp.layer[f->mlp.shape.L];
	FN(mlp_forward)(&f->mlp, f->X, f->naive.B);
	return FN(loss_eval)(f->mlp.shape.loss, f->naive.B, last->out, last->D, last->lda, f->answers, NULL).loss /
	       f->naive.B;
}

/* The derivative of the mean loss by one parameter: h = 1e-5. */
static double difference(struct fixture *f, double *parameter)
{
	const double h = 1e-5, at = *parameter;
	*parameter = at + h;
	const double above = mean_loss(f);
	*parameter = at - h;
	const double below = mean_loss(f);
	*parameter = at;
	return (above - below) / (2 * h);
}

/* Sets the naive network's dW and db of all layers to differences. */
static void differences(struct fixture *f)
{
	for (int l = 1; l <= f->mlp.shape.L; l++) {
		struct FN(layer) *layer = &f->mlp.layer[l];
		for (int o = 0; o < layer->out; o++) {
			f->naive.db[l][o] = layer->b ? difference(f, &layer->b[o]) : 0;
			for (int i = 0; i < layer->in; i++)
				f->naive.dW[l][o * layer->in + i] = difference(f, &layer->W[o * layer->ldw + i]);
		}
	}
}

/* A difference carries the loss's rounding over h, about 1e-16 / 1e-5: below a norm of 1e-3 that is no longer 1e-7 of
 * it. */
#define LEAST 1e-3

/* The largest relative error of a layer's dW or db. */
static double worst_layer(const struct fixture *f)
{
	double worst = 0;
	for (int l = 1; l <= f->mlp.shape.L; l++) {
		const struct FN(layer) *layer = &f->mlp.layer[l];
		worst = fmax(worst,
			     distance(layer->out, layer->in, layer->dW, layer->ldw, f->naive.dW[l], layer->in, LEAST));
		if (layer->b)
			worst = fmax(worst, distance(1, layer->out, layer->db, 0, f->naive.db[l], 0, LEAST));
	}
	return worst;
}

static void every_gradient_is_a_difference(void **state)
{
	static const int depths[] = {0, 1, 2, 5};
	for (size_t a = 0; a < act_table.n; a++)
		for (int loss = LOSS_BCE; loss <= LOSS_MSE; loss++)
			for (int k = 0; k < 8; k++) {
				const int L = depths[k / 2] + 1, out = loss == LOSS_BCE ? 1 : 3;
				int n[] = {4, 5, 3, 6, 4, 5, 0};
				n[L] = out;
				const struct plan plan = {.L = L,
							  .n = n,
							  .B = k % 2 ? 1 : 3,
							  .activation = (int)a,
							  .loss = (enum loss_kind)loss,
							  .no_bias = k == 3 || k == 4,
							  .keep_grads = true,
							  .seed = (uint32_t)k + 40};
				struct fixture f;
				fixture_init(&f, &plan);
				differences(&f);
				fixture_backward(&f, no_sink);
				const double off = worst_layer(&f);
				if (!(off <= 1e-7))
					fail_msg("%s with %s, depth %d, batch %d: relative error %g", acts[a].name,
						 losses[loss].name, depths[k / 2], plan.B, off);
				fixture_release(&f);
			}
}

static void slips_are_caught(void **state)
{
	static const int n[] = {5, 5, 5, 5, 5};
	for (int slip = SLIP_NONE; slip <= SLIP_TRANSPOSE; slip++) {
		const struct plan plan = {.L = 4,
					  .n = n,
					  .B = 3,
					  .activation = table_find(&act_table, "tanh"),
					  .loss = LOSS_SOFTMAX,
					  .keep_grads = true};
		struct fixture f;
		fixture_init(&f, &plan);
		naive_forward(&f.naive, plan.loss, f.answers);
		naive_backward(&f.naive, (enum slip)slip);
		for (int l = 1; l <= 4; l++) { /* the slip's gradient takes the network's place */
			struct FN(layer) *layer = &f.mlp.layer[l];
			for (int o = 0; o < layer->out; o++) {
				layer->db[o] = f.naive.db[l][o];
				for (int i = 0; i < layer->in; i++)
					layer->dW[o * layer->ldw + i] = f.naive.dW[l][o * layer->in + i];
			}
		}
		differences(&f);
		if (slip == SLIP_NONE)
			assert_true(worst_layer(&f) <= 1e-7);
		else
			assert_true(worst_layer(&f) >= 1e-3);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_gradient_is_a_difference),
		cmocka_unit_test(slips_are_caught),
	};
	return cmocka_run_group_tests_name("net/gradient", tests, NULL, NULL);
}
