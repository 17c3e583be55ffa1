/* test_team.c: a run that a team helps with leaves the same bits as alone, whatever the team's size, the precision, the optimiser
 * and what is logged; it can be stopped. */
#include "cm.h"

#include <signal.h>
#include <sys/time.h>

#include "base/members.h"
#include "toy.h"

enum { MOST = 8 };

/* train_in_team with so many others; parts of any size, so that small networks are cut too. */
static int train_together(int others, const struct settings *s, const struct toy *toy, const atomic_int *stop,
			  struct trace **trace)
{
	struct team team;
	struct member member[MOST];
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	team_init(&team, others < 2);
	team.part_work = 1;
	team_open(&team);
	members_join(&team, others, member);
	const int result = train_in_team(s, &toy->data, &team, &arena, stop, trace, &err);
	members_leave(&team, others, member);
	team_release(&team);
	arena_release(&arena);
	return result;
}

static void compare(struct settings *s, const struct toy *toy)
{
	static const int others[] = {1, 2, 7};
	s->weights = 1u << WEIGHTS_INITIAL | 1u << WEIGHTS_FINAL;
	struct trace *alone = toy_train(s, toy);
	const size_t bytes = alone->weights[WEIGHTS_FINAL].n * (size_t)(alone->precision_bits / 8);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct trace *trace;
		assert_int_equal(train_together(others[i], s, toy, NULL, &trace), 0);
		assert_int_equal(trace->status, alone->status);
		for (int w = 0; w < WEIGHTS_N; w++)
			assert_memory_equal(trace->weights[w].values, alone->weights[w].values, bytes);
		for (int id = 0; id < METRIC_N; id++)
			for (int row = 0; alone->value[id] && id != METRIC_WALL_TIME && row < alone->S; row++) {
				const int layers = metrics[id].shape == METRIC_LAYER ? alone->L : 1;
				if (metrics[id].shape != METRIC_RUN || row == 0)
					assert_memory_equal(trace_at(trace, id, row, layers > 1),
							    trace_at(alone, id, row, layers > 1),
							    sizeof(double) * (size_t)layers);
			}
		trace_free(trace);
	}
	trace_free(alone);
}

static void every_optimiser(void **state)
{
	static const double widths[] = {133, 40, 70};
	struct toy toy = toy_make(50, 30, 21, 3, 0);
	for (int precision = FLOAT32; precision <= FLOAT64; precision++)
		for (size_t optimizer = 0; optimizer < optim_table.n; optimizer++) {
			struct settings s = toy_settings(widths);
			s.depth = 3;
			s.width = (struct numbers){3, widths};
			s.loss = toy_row(&loss_table, "cross-entropy");
			s.precision = precision;
			s.optim.optimizer = (int)optimizer;
			s.optim.lr = 0.01;
			s.batch = optimizer % 2 ? 0 : 23; /* the last of an epoch is short */
			s.optim.clip = optimizer % 3 == 0 ? 0.05 : 0;
			s.bias = optimizer != 1;
			s.steps = 6;
			s.every = 2;
			s.metrics &= ~(METRIC_BIT(METRIC_SPECTRAL_NORM) | METRIC_BIT(METRIC_DELTA_BOUND)); /* slow */
			compare(&s, &toy);
		}
	toy_free(&toy);
}

/* Weights that depend on the data, a run that diverges, parts of their usual size. */
static void wide(void **state)
{
	static const double width = 512;
	struct toy toy = toy_make(640, 64, 32, 2, 0);
	struct settings s = toy_settings(&width);
	s.init.scheme = toy_row(&init_table, "lsuv");
	s.precision = FLOAT32;
	s.steps = 2;
	s.metrics = METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_TRAIN_LOSS);
	assert_int_equal(train_hands(&s, &toy.data), TEAM_MOST);
	compare(&s, &toy);
	s.activation = toy_row(&act_table, "relu");
	s.optim.lr = 1e30;
	s.steps = 10;
	compare(&s, &toy);
	s.batch = 2;
	assert_int_equal(train_hands(&s, &toy.data), 1);
	toy_free(&toy);
}

static atomic_int stop;

static void set_stop(int signal)
{
	stop = 1;
}

static void stops_when_told(void **state)
{
	static const double width = 40;
	struct toy toy = toy_make(40, 10, 5, 2, 0);
	struct settings s = toy_settings(&width);
	struct trace *trace;
	s.steps = 1000000000000;
	s.every = 0;
	signal(SIGALRM, set_stop);
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 30000}, NULL);
	assert_int_equal(train_together(2, &s, &toy, &stop, &trace), 1);
	assert_null(trace);
	toy_free(&toy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_optimiser),
		cmocka_unit_test(wide),
		cmocka_unit_test(stops_when_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
