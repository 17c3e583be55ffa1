/* test_group_real.c: a run leaves the same trace, bit for bit, alone and on a seat among others: over losses, optimisers,
 * schedules, batches, endings, and with more runs than seats, so that seats are taken again. */
#include "cm.h"

#include <stdbool.h>

#include "math/real.h"
#include "toy.h"
#include "train/train_from.h"

enum { RUNS = 45 };
static const enum precision PRECISION = REAL_BITS == 32 ? FLOAT32 : FLOAT64;

struct crowd {
	struct settings settings[RUNS];
	const struct dataset *data[RUNS];
	struct trace *trace[RUNS];
	int runs, next, done, seat[TRAIN_SEATS];
	int give_up_at;
	atomic_int stop;
};

static bool next(void *self, int seat, const struct settings **settings, const struct dataset **data)
{
	struct crowd *crowd = self;
	if (crowd->next == crowd->runs)
		return false;
	crowd->seat[seat] = crowd->next;
	*settings = &crowd->settings[crowd->next];
	*data = crowd->data[crowd->next];
	crowd->next++;
	return true;
}

static void done(void *self, int seat, struct trace *trace, const struct err *why)
{
	struct crowd *crowd = self;
	if (!trace)
		fail_msg("%s", why->text);
	assert_null(crowd->trace[crowd->seat[seat]]);
	crowd->trace[crowd->seat[seat]] = trace;
	if (++crowd->done == crowd->give_up_at)
		crowd->stop = 1;
}

static int train_crowd(struct crowd *crowd, int seats)
{
	struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
	const struct train_feed feed = {next, done, crowd};
	const int result = train_group(PRECISION, &feed, seats, arena, &crowd->stop);
	for (int i = 0; i <= TRAIN_SEATS; i++)
		arena_release(&arena[i]);
	return result;
}

static void assert_same(struct trace *a, struct trace *b, const char *what, int run)
{
	if (a->status != b->status)
		fail_msg("%s, run %d: status %d alone, %d in company", what, run, a->status, b->status);
	for (int m = 0; m < METRIC_N; m++) {
		const int n = metrics[m].shape == METRIC_RUN ? 1 : metrics[m].shape == METRIC_STEP ? a->S : a->S * a->L;
		if (m == METRIC_WALL_TIME || !a->value[m])
			continue;
		for (int i = 0; i < n; i++)
			if (memcmp(&a->value[m][i], &b->value[m][i], sizeof(double)) != 0 &&
			    !(isnan(a->value[m][i]) && isnan(b->value[m][i])))
				fail_msg("%s, run %d: %s[%d] is %a alone, %a in company", what, run, metrics[m].name, i,
					 a->value[m][i], b->value[m][i]);
	}
	for (int w = 0; w < WEIGHTS_N; w++)
		for (size_t i = 0; i < a->weights[w].n; i++)
			if (memcmp((real *)a->weights[w].values + i, (real *)b->weights[w].values + i, sizeof(real)) !=
				    0 &&
			    !isnan((double)((real *)a->weights[w].values)[i]))
				fail_msg("%s, run %d: weight %zu differs", what, run, i);
}

static void compare_with_alone(struct crowd *crowd, const char *what)
{
	int by_status[STATUS_N] = {0};
	assert_int_equal(train_crowd(crowd, train_seats(&crowd->settings[0])), 0);
	assert_int_equal(crowd->done, crowd->runs);
	for (int r = 0; r < crowd->runs; r++) {
		const struct toy toy = {.data = *crowd->data[r]};
		struct trace *alone = toy_train(&crowd->settings[r], &toy);
		assert_same(alone, crowd->trace[r], what, r);
		by_status[alone->status]++;
		trace_free(alone);
		trace_free(crowd->trace[r]);
		crowd->trace[r] = NULL;
	}
	crowd->next = crowd->done = 0;
}

static struct settings settings_of(int activation, const char *loss, const char *optimizer, const double *width)
{
	struct settings s = toy_settings(width);
	s.activation = activation;
	s.loss = toy_row(&loss_table, loss);
	s.optim.optimizer = toy_row(&optim_table, optimizer);
	s.precision = PRECISION;
	s.weights = 3;
	s.steps = 60;
	s.every = 17;
	s.optim.momentum = 0.8;
	s.optim.beta1 = 0.9;
	s.optim.beta2 = 0.99;
	s.optim.rho = 0.95;
	s.optim.epsilon = 1e-8;
	return s;
}

/* Every run its own seed, learning rate (up to divergence), length and more. */
static void spread(struct crowd *crowd, struct settings base, const struct toy *toy, int toys)
{
	static const double factors[] = {1, 0.5, 2};
	crowd->runs = RUNS;
	for (int r = 0; r < RUNS; r++) {
		struct settings *s = &crowd->settings[r];
		*s = base;
		s->seed = r / 3;
		s->optim.lr = base.optim.lr * exp2(r % 9 - 4) * (r % 11 == 10 ? 1e6 : 1);
		s->steps = base.steps - 7 * (r % 4);
		s->optim.weight_decay = r % 5 == 1 ? 1e-2 : 0;
		s->optim.momentum = 0.8 - 0.01 * r;
		if (base.optim.layer_lr.n > 0)
			s->optim.layer_lr = (struct numbers){3, factors};
		s->depth = 2;
		crowd->data[r] = &toy[r % toys].data;
	}
}

static const double widths[] = {1, 5, 16, 3};

static void every_loss_optimizer_and_activation(void **state)
{
	static const char *const loss[] = {"bce", "cross-entropy", "mse", "mse"};
	static const int classes[] = {2, 5, 4, 0};
	struct crowd crowd = {0};
	for (size_t i = 0; i < 24; i++) {
		const size_t k = i % 4;
		struct toy toy[2] = {toy_make(24, 9, 3, classes[k], classes[k] ? 0 : 2),
				     toy_make(24, 9, 3, classes[k], classes[k] ? 0 : 2)};
		struct settings base =
			settings_of((int)(i % act_table.n), loss[k], optims[i / 3 % 8].name, &widths[i % 4]);
		base.batch = i % 3 == 0 ? 0 : i % 3 == 1 ? 8 : 7; /* full, even, with a short one at the end */
		base.bias = i % 5 != 4;
		base.optim.schedule = (int)(i % 4);
		base.optim.warmup = i % 2 ? 5 : 0;
		base.optim.decay_every = 10;
		base.optim.decay_rate = 0.5;
		base.optim.layer_lr.n = i % 7 == 3 ? 3 : 0;
		spread(&crowd, base, toy, 1 + (int)(i / 12)); /* neighbours share batches, or do not */
		compare_with_alone(&crowd, loss[k]);
		toy_free(&toy[0]);
		toy_free(&toy[1]);
	}
}

/* Steps that the lanes measure themselves, beside runs that go home for it, or are logged elsewhere. */
static void logged_in_the_lanes(void **state)
{
	const metric_set scores = METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY) |
				  METRIC_BIT(METRIC_TEST_LOSS) | METRIC_BIT(METRIC_TEST_ACCURACY);
	const metric_set known = scores | METRIC_BIT(METRIC_BATCH_LOSS) | METRIC_BIT(METRIC_GRAD_NORM_TOTAL) |
				 METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_BIAS_GRAD_NORM) |
				 METRIC_BIT(METRIC_DELTA_RMS) | METRIC_BIT(METRIC_WEIGHT_NORM) |
				 METRIC_BIT(METRIC_UPDATE_RATIO) | METRIC_BIT(METRIC_ACT_MEAN) |
				 METRIC_BIT(METRIC_ACT_RMS) | METRIC_BIT(METRIC_ACT_ABS) |
				 METRIC_BIT(METRIC_ROW_SPREAD) | METRIC_BIT(METRIC_WEIGHT_SPREAD);
	static const char *const loss[] = {"bce", "cross-entropy", "mse"};
	static const int classes[] = {2, 5, 0};
	static const double wide[] = {16, 5, 33, 1, 17, 24};
	struct crowd crowd = {0};
	for (int i = 0; i < 12; i++) {
		struct toy toy = toy_make(24, 9, i % 4 ? 3 : 16, classes[i % 3], classes[i % 3] ? 0 : 2);
		struct settings base =
			settings_of((int)(i % act_table.n), loss[i % 3], optims[i % 8].name, &wide[i % 6]);
		base.batch = i % 4 == 1 ? 0 : i % 4 == 2 ? 7 : 8;
		base.every = 1;
		base.bias = i % 5 != 4;
		base.metrics = known;
		spread(&crowd, base, &toy, 1);
		for (int r = 0; r < RUNS; r++) {
			struct settings *s = &crowd.settings[r];
			s->every = 1 + r % 3;
			s->metrics = r % 7 == 3 ? known & ~(METRIC_BIT(r % METRIC_N)) : base.metrics;
			if (r % 13 == 5)
				s->metrics |= METRIC_BIT(METRIC_ACT_STD);
			if (r % 8 == 4)
				s->metrics &= ~scores;
			if (r % 10 >= 7)
				s->eval = r % 2 ? 10 : 20;
			if (r % 6 == 1) {
				s->target = 0.5;
				s->stop_at_target = r % 12 == 1;
				s->patience = 4;
			}
			if (r % 9 == 2) /* gradients whose squares a double cannot hold */
				s->init.init_scale = 1e-170;
		}
		compare_with_alone(&crowd, loss[i % 3]);
		toy_free(&toy);
	}
}

static void targets_plateaus_and_divergence(void **state)
{
	struct toy toy = toy_make(20, 6, 2, 2, 0);
	struct crowd crowd = {0};
	for (int full = 0; full < 2; full++) {
		struct settings base = settings_of(toy_row(&act_table, "relu"), "bce", "sgd", &widths[1]);
		base.batch = full ? 0 : 5;
		base.steps = 200;
		base.target = full ? 0.1 : 0.3;
		base.optim.lr = 0.8;
		base.stop_at_target = true;
		base.patience = full ? 2 : 3;
		base.every = full ? 17 : 3;
		base.diverge_loss = 3;
		spread(&crowd, base, &toy, 1);
		for (int r = 0; r < RUNS; r += 3)
			crowd.settings[r].patience = 0;
		for (int r = 0; r < RUNS; r += 4)
			crowd.settings[r].stop_at_target = false;
		assert_int_equal(train_crowd(&crowd, train_seats(&base)), 0);
		int by_status[STATUS_N] = {0};
		for (int r = 0; r < RUNS; r++) {
			by_status[crowd.trace[r]->status]++;
			trace_free(crowd.trace[r]);
			crowd.trace[r] = NULL;
		}
		crowd.next = crowd.done = 0;
		for (int status = STATUS_COMPLETED; status <= STATUS_DIVERGED; status++)
			if (by_status[status] == 0)
				fail_msg("no run ends as %s", table_name(&status_table, (size_t)status));
		compare_with_alone(&crowd, full ? "full batch" : "minibatch");
	}
	toy_free(&toy);
}

static void fewer_seats_and_fewer_runs(void **state)
{
	struct toy toy = toy_make(16, 6, 2, 2, 0);
	struct crowd crowd = {0};
	const struct settings base = settings_of(toy_row(&act_table, "tanh"), "bce", "adam", &widths[2]);
	for (int runs = 0; runs <= 5; runs++) {
		spread(&crowd, base, &toy, 1);
		crowd.runs = runs;
		compare_with_alone(&crowd, "few");
	}
	spread(&crowd, base, &toy, 1);
	assert_int_equal(train_crowd(&crowd, 2), 0);
	assert_int_equal(crowd.done, RUNS);
	for (int r = 0; r < RUNS; r++)
		trace_free(crowd.trace[r]);
	toy_free(&toy);
}

static void stopping_gives_up_what_sits(void **state)
{
	struct toy toy = toy_make(16, 6, 2, 2, 0);
	struct crowd crowd = {.give_up_at = 20};
	spread(&crowd, settings_of(toy_row(&act_table, "tanh"), "bce", "sgd", &widths[2]), &toy, 1);
	assert_int_equal(train_crowd(&crowd, train_seats(&crowd.settings[0])), 1);
	assert_int_equal(crowd.done, 20);
	for (int r = 0; r < RUNS; r++)
		trace_free(crowd.trace[r]);
	toy_free(&toy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_loss_optimizer_and_activation), cmocka_unit_test(logged_in_the_lanes),
		cmocka_unit_test(targets_plateaus_and_divergence),     cmocka_unit_test(fewer_seats_and_fewer_runs),
		cmocka_unit_test(stopping_gives_up_what_sits),
	};
	return cmocka_run_group_tests_name("train/group", tests, NULL, NULL);
}
