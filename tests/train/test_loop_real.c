/* test_loop_real.c: the loop against one written out by hand here: batches by permutation, deferred updates (all gradients first,
 * then all layers), schedule, layer factors and clipping. Same bits. */
#include "cm.h"

#include "toy.h"
#include "train/run_real.h"

static const double width = 6;
enum { LAYERS = 3, PRECISION = REAL_BITS == 32 ? FLOAT32 : FLOAT64 };

static struct FN(run) make(const struct settings *s, const struct toy *toy, struct arena *arena)
{
	static const int n[] = {5, 6, 6, 1};
	const struct train_input input = {.settings = s, .data = &toy->data};
	struct FN(run) run;
	struct err err = {0};
	assert_int_equal(FN(run_make)(&run, &input, n, true, arena, &err), 0);
	return run;
}

/* All layers at once, from gradients that were kept. */
static void update_all(struct FN(run) *run, int64_t t, double factor)
{
	const struct optim_spec *spec = &run->settings->optim;
	for (int l = 1; l <= LAYERS; l++) {
		const struct FN(layer) *y = &run->mlp.layer[l];
		const struct optim_step step = {
			.lr = schedule_lr(spec, t + 1, run->steps) *
			      (spec->layer_lr.n > 0 ? spec->layer_lr.v[l - 1] : 1),
			.t = t + 1,
			.spec = spec,
		};
		struct FN(optim_coefs) coefs;
		FN(optim_coefs)(&coefs, &step, 0, 1);
		for (int o = 0; o < y->out && factor < 1; o++) {
			for (int i = 0; i < y->in; i++)
				y->dW[o * y->ldw + i] *= (real)factor;
			y->db[o] *= (real)factor;
		}
		for (int o = 0; o < y->out; o++) {
			real *state[] = {run->memory[l].W[0] ? run->memory[l].W[0] + o * y->ldw : NULL,
					 run->memory[l].W[1] ? run->memory[l].W[1] + o * y->ldw : NULL};
			run->updater((size_t)y->in, y->W + o * y->ldw, y->dW + o * y->ldw, state, &coefs);
		}
		run->updater((size_t)y->out, y->b, y->db, run->memory[l].b, &coefs);
	}
}

/* ‖(dW, db)‖ of all layers, plainly. */
static double total_norm(const struct FN(run) *run)
{
	double squares = 0;
	for (int l = 1; l <= LAYERS; l++) {
		const struct FN(layer) *y = &run->mlp.layer[l];
		for (int o = 0; o < y->out; o++) {
			for (int i = 0; i < y->in; i++)
				squares += (double)y->dW[o * y->ldw + i] * y->dW[o * y->ldw + i];
			squares += (double)y->db[o] * y->db[o];
		}
	}
	return sqrt(squares);
}

/* Mean loss of the first n examples of a set, at once. */
static double loss_of(struct FN(run) *run, const struct examples *set, int n)
{
	FN(dataset_gather)(run->data, set, NULL, 0, n, run->chunk, run->ldx);
	const real *Z = FN(mlp_predict)(&run->mlp, run->chunk, n);
	const struct answers answers = {.labels = set->labels};
	return FN(loss_eval)(run->loss, n, 1, Z, run->mlp.layer[LAYERS].lda, answers, NULL).loss / n;
}

/* slack: 0, the same bits; clipping looks at a norm that is summed in another order here. */
static void compare_with_hand(struct settings *s, const struct toy *toy, double slack)
{
	s->precision = PRECISION;
	s->weights = 1u << WEIGHTS_INITIAL | 1u << WEIGHTS_FINAL;
	struct trace *trace = toy_train(s, toy);
	struct arena arena = ARENA_INIT;
	struct FN(run) run = make(s, toy, &arena);
	const int N = (int)toy->data.train.n, B = (int)settings_batch(s, N), epoch_steps = (N + B - 1) / B;
	const size_t bytes = trace->weights[0].n * sizeof(real);
	real *now = malloc(bytes);
	uint32_t *order = malloc(sizeof *order * (size_t)N);
	FN(weights_save)(&run.mlp, now);
	assert_memory_equal(now, trace->weights[WEIGHTS_INITIAL].values, bytes);
	for (int t = 0, row = 0; t <= s->steps; t++) {
		const struct rng rng = rng_stream((uint32_t)s->seed, RNG_SHUFFLE, 0, (uint32_t)(t / epoch_steps));
		const int first = t % epoch_steps * B, b = first + B < N ? B : N - first;
		int32_t labels[64];
		rng_permutation(&rng, (uint32_t)N, order);
		for (int i = 0; i < N && run.full; i++)
			order[i] = (uint32_t)i;
		for (int i = 0; i < b; i++)
			labels[i] = toy->data.train.labels[order[first + i]];
		if (t == s->steps)
			FN(weights_save)(&run.mlp, now);
		const double train = loss_of(&run, &toy->data.train, s->eval > 0 ? (int)s->eval : N),
			     test = loss_of(&run, &toy->data.test, s->eval > 0 ? (int)s->eval : (int)toy->data.test.n);
		FN(dataset_gather)(&toy->data, &toy->data.train, order + first, 0, b, run.X, run.ldx);
		FN(mlp_forward)(&run.mlp, run.X, b);
		const struct loss_sum sum = FN(mlp_backward)(&run.mlp, run.X, b, (struct answers){.labels = labels},
							     (struct FN(gradient_sink)){0});
		const double total = total_norm(&run);
		if (row < trace->S && trace->step[row] == t) {
			assert_near(at(trace, METRIC_BATCH_LOSS, row, 0), sum.loss / b, slack, 0);
			assert_near(at(trace, METRIC_TRAIN_LOSS, row, 0), train, slack, 0);
			assert_near(at(trace, METRIC_TEST_LOSS, row, 0), test, slack, 0);
			assert_near(at(trace, METRIC_GRAD_NORM_TOTAL, row, 0), total, fmax(slack, 1e-13), 0);
			const struct FN(layer) *y = &run.mlp.layer[2];
			double dW = 0, W = 0;
			for (int i = 0; i < y->out * y->ldw; i++) {
				dW += (double)y->dW[i] * y->dW[i];
				W += (double)y->W[i] * y->W[i];
			}
			assert_near(at(trace, METRIC_GRAD_NORM, row, 2), sqrt(dW), fmax(slack, 1e-13), 0);
			assert_near(at(trace, METRIC_WEIGHT_NORM, row, 2), sqrt(W), fmax(slack, 1e-13), 0);
			row++;
		}
		if (t == s->steps) {
			assert_near(of_run(trace, METRIC_FINAL_TRAIN_LOSS), train, slack, 0);
			assert_int_equal(row, trace->S);
		}
		update_all(&run, t, s->optim.clip > 0 ? s->optim.clip / (total + 1e-6) : 1);
	}
	const real *final = trace->weights[WEIGHTS_FINAL].values;
	for (size_t i = 0; i < trace->weights[0].n; i++)
		assert_near(final[i], now[i], slack, slack > 0 ? 0.1 : 0);
	free(now);
	free(order);
	arena_release(&arena);
	trace_free(trace);
}

static void full_batch(void **state)
{
	struct toy toy = toy_make(40, 30, 5, 2, 0);
	struct settings s = toy_settings(&width);
	compare_with_hand(&s, &toy, 0);
	s.optim.optimizer = toy_row(&optim_table, "adam");
	s.eval = 17;
	compare_with_hand(&s, &toy, 0);
	toy_free(&toy);
}

/* 40 examples by 12: the fourth batch of an epoch has 4. */
static void minibatches(void **state)
{
	static const double factors[] = {0.5, 2, 0.1};
	struct toy toy = toy_make(40, 30, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.batch = 12;
	s.steps = 30;
	s.every = 7;
	s.seed = 5;
	s.optim.optimizer = toy_row(&optim_table, "nesterov");
	compare_with_hand(&s, &toy, 0);
	s.optim.schedule = toy_row(&schedule_table, "cosine");
	s.optim.warmup = 4;
	s.optim.layer_lr = (struct numbers){3, factors};
	compare_with_hand(&s, &toy, 0);
	toy_free(&toy);
}

static void clipping(void **state)
{
	struct toy toy = toy_make(40, 30, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.batch = 12;
	s.optim.clip = 0.05;
	compare_with_hand(&s, &toy, REAL_BITS == 32 ? 1e-4 : 1e-11);
	/* the logged norm is that before clipping */
	struct trace *trace = toy_train(&s, &toy);
	assert_true(at(trace, METRIC_GRAD_NORM_TOTAL, 0, 0) > 0.1);
	trace_free(trace);
	s.optim.clip = 1e6;
	compare_with_hand(&s, &toy, 0);
	toy_free(&toy);
}

/* An epoch visits every example once, with its own label, in an order of its own; the last batch is what is left. */
static void epochs(void **state)
{
	struct toy toy = toy_make(40, 30, 5, 2, 0);
	struct settings s = toy_settings(&width);
	struct arena arena = ARENA_INIT;
	s.batch = 12;
	s.precision = PRECISION;
	struct FN(run) run = make(&s, &toy, &arena);
	real all[40 * 16] __attribute__((aligned(64)));
	int orders[2][40];
	FN(dataset_gather)(&toy.data, &toy.data.train, NULL, 0, 40, all, 16);
	for (int e = 0; e < 2; e++) {
		int seen[40] = {0}, k = 0;
		for (int t = 0; t < 4; t++) {
			FN(run_gather)(&run, 4 * e + t);
			assert_int_equal(run.B, t < 3 ? 12 : 4);
			for (int b = 0; b < run.B; b++) {
				int which = 0;
				while (which < 40 &&
				       memcmp(all + which * 16, run.X + b * run.ldx, 5 * sizeof(real)) != 0)
					which++;
				assert_in_range(which, 0, 39);
				assert_int_equal(seen[which]++, 0);
				assert_int_equal(run.answers.labels[b], toy.data.train.labels[which]);
				orders[e][k++] = which;
			}
		}
		assert_int_equal(k, 40);
	}
	assert_memory_not_equal(orders[0], orders[1], sizeof orders[0]);
	/* a batch depends on its number alone */
	FN(run_gather)(&run, 1);
	assert_memory_equal(run.X, all + orders[0][12] * 16, 5 * sizeof(real));
	arena_release(&arena);
	toy_free(&toy);
}

/* A regression's targets come along with their examples. */
static void targets(void **state)
{
	static const int n[] = {5, 6, 6, 2};
	struct toy toy = toy_make(20, 5, 5, 0, 2);
	struct settings s = toy_settings(&width);
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct FN(run) run;
	s.batch = 8;
	s.loss = toy_row(&loss_table, "mse");
	const struct train_input input = {.settings = &s, .data = &toy.data};
	assert_int_equal(FN(run_make)(&run, &input, n, false, &arena, &err), 0);
	FN(run_gather)(&run, 4);
	for (int b = 0; b < run.B; b++)
		assert_memory_equal(run.answers.targets + 2 * b, toy.data.train.targets + 2 * run.order[8 + b],
				    2 * sizeof(double));
	assert_null(run.answers.labels);
	arena_release(&arena);
	toy_free(&toy);
}

/* Sets larger than a chunk of mlp_predict. */
static void large_sets(void **state)
{
	struct toy toy = toy_make(300, 200, 5, 2, 0);
	struct settings s = toy_settings(&width);
	s.precision = PRECISION;
	s.steps = 0;
	struct trace *whole = toy_train(&s, &toy);
	s.batch = 10;
	struct trace *parts = toy_train(&s, &toy);
	assert_near(of_run(parts, METRIC_FINAL_TRAIN_LOSS), of_run(whole, METRIC_FINAL_TRAIN_LOSS), 1e-12, 0);
	assert_true(at(parts, METRIC_TRAIN_ACCURACY, 0, 0) == at(whole, METRIC_TRAIN_ACCURACY, 0, 0));
	assert_true(at(parts, METRIC_TEST_LOSS, 0, 0) == at(whole, METRIC_TEST_LOSS, 0, 0));
	trace_free(whole);
	trace_free(parts);
	toy_free(&toy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_batch), cmocka_unit_test(minibatches), cmocka_unit_test(clipping),
		cmocka_unit_test(epochs),     cmocka_unit_test(targets),     cmocka_unit_test(large_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
