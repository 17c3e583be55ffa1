/* selftest.c: see selftest.h. The networks use what the results of studies rest on: random numbers, products, exp, both
 * losses' kinds of output, momentum and Adam, layers whose widths are no multiple of a vector. */
#include "train/selftest.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

#if defined __x86_64__
#include <xmmintrin.h>
#else
#include <fenv.h>
#endif

#include "net/act.h"
#include "net/loss.h"
#include "spec/key.h"
#include "train/train.h"

enum { EXAMPLES = 24, INPUTS = 5, CLASSES = 3 };

static bool rounds_as_it_should(void)
{
#if defined __x86_64__
	enum { FLAGS = 0x3f, DEFAULT = 0x1f80 };
	return (_mm_getcsr() & ~(unsigned)FLAGS) == DEFAULT;
#else
	return fegetround() == FE_TONEAREST;
#endif
}

struct subject {
	const char *activation, *optimizer;
	int precision;
};

static const struct subject subjects[] = {{"gelu", "adam", FLOAT32}, {"tanh", "momentum", FLOAT64}};

static int row(const struct table *table, const char *name)
{
	const int found = table_find(table, name);
	if (found < 0)
		BUG("no %s '%s'", table->what, name);
	return found;
}

static int train_one(const struct subject *subject, const struct dataset *data, struct arena *arena,
		     XXH3_state_t *state, struct err *err)
{
	static const double width = 11;
	struct settings settings;
	struct trace *trace;
	settings_default(&settings);
	settings.depth = 3;
	settings.width = (struct numbers){1, &width};
	settings.activation = row(&act_table, subject->activation);
	settings.loss = row(&loss_table, "cross-entropy");
	settings.optim.optimizer = row(&optim_table, subject->optimizer);
	settings.optim.lr = 0.05;
	settings.batch = 10;
	settings.steps = 6;
	settings.every = 3;
	settings.precision = subject->precision;
	settings.metrics = METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_DELTA_RMS);
	settings.weights = 1u << WEIGHTS_FINAL;
	if (train_run(&settings, data, arena, NULL, &trace, err) != 0)
		return -1;
	const struct weights *weights = &trace->weights[WEIGHTS_FINAL];
	XXH3_64bits_update(state, weights->values, weights->n * (size_t)trace->precision_bits / 8);
	for (int s = 0; s < trace->S; s++) {
		XXH3_64bits_update(state, trace_at(trace, METRIC_TRAIN_LOSS, s, 0), sizeof(double));
		for (int l = 1; l <= trace->L; l++) {
			XXH3_64bits_update(state, trace_at(trace, METRIC_GRAD_NORM, s, l), sizeof(double));
			XXH3_64bits_update(state, trace_at(trace, METRIC_DELTA_RMS, s, l), sizeof(double));
		}
	}
	trace_free(trace);
	return 0;
}

static int compute(XXH3_state_t *state, struct err *err)
{
	static const double shift[INPUTS], scale[INPUTS] = {1, 1, 1, 1, 1};
	double values[EXAMPLES * INPUTS];
	int32_t labels[EXAMPLES];
	struct arena arena = ARENA_INIT;
	int done = 0;
	for (int i = 0; i < EXAMPLES * INPUTS; i++)
		values[i] = (double)(i * 37 % 64 - 32) / 16;
	for (int i = 0; i < EXAMPLES; i++)
		labels[i] = i % CLASSES;
	const struct examples examples = {.n = EXAMPLES, .values = values, .labels = labels};
	const struct dataset data = {
		.I = INPUTS, .classes = CLASSES, .train = examples, .test = examples, .shift = shift, .scale = scale};
	for (size_t i = 0; done == 0 && i < sizeof subjects / sizeof *subjects; i++)
		done = train_one(&subjects[i], &data, &arena, state, err);
	arena_release(&arena);
	return done;
}

int selftest(char hash[17], struct err *err)
{
	hash[0] = '\0';
	if (!rounds_as_it_should())
		return err_set(err, ERR_SYSTEM,
			       "the processor is switched to other rounding than IEEE 754's, or small numbers to zero: "
			       "no result would be what it should\ntry: without LD_PRELOAD; a library that was linked "
			       "with -ffast-math does this");
	XXH3_state_t *state = XXH3_createState();
	if (!state)
		return err_set(err, ERR_SYSTEM, "out of memory for the self-test");
	XXH3_64bits_reset(state);
	const int done = compute(state, err);
	snprintf(hash, 17, "%016" PRIx64, (uint64_t)XXH3_64bits_digest(state));
	XXH3_freeState(state);
	if (done == 0 && strcmp(hash, SELFTEST_GOLDEN) != 0)
		return err_set(err, ERR_SYSTEM,
			       "this build computes other numbers here than the program was tested for: self-test %s, "
			       "which should be %s\ntry: make clean, make, make test",
			       hash, SELFTEST_GOLDEN);
	return done;
}
