/* cmd_bench.c: fathom bench step: how many updates a second a network makes, as JSON, through the code that trains. */
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/provenance.h"
#include "math/kernels.h"
#include "net/act.h"
#include "net/loss.h"
#include "optim/optim.h"
#include "sched/sched.h"

struct bench_args {
	const char *what;
	int64_t width, depth, batch, input, classes;
	int activation, loss, precision, optimizer;
	bool bias;
	int threads;
	double seconds, lr;
	metric_set metrics;
	int64_t every;
};

enum {
	OPTION_INPUT = 0x100,
	OPTION_CLASSES,
	OPTION_LOSS,
	OPTION_PRECISION,
	OPTION_SECONDS,
	OPTION_LR,
	OPTION_OPTIMIZER,
	OPTION_LOG,
	OPTION_NO_BIAS
};

static const struct argp_option options[] = {
	{"width", 'w', "N", 0, "Units of each hidden layer (default 64)", 0},
	{"depth", 'd', "N", 0, "Hidden layers (default 10)", 0},
	{"batch", 'b', "N", 0, "Examples of an update (default 64)", 0},
	{"input", OPTION_INPUT, "N", 0, "Inputs (default 64)", 0},
	{"classes", OPTION_CLASSES, "N", 0, "Classes of generated examples; 0: regression (default 2)", 0},
	{"activation", 'a', "NAME", 0, "Default: tanh", 0},
	{"loss", OPTION_LOSS, "NAME", 0, "Default: cross-entropy; mse for a regression", 0},
	{"optimizer", OPTION_OPTIMIZER, "NAME", 0, "Default: sgd", 0},
	{"lr", OPTION_LR, "X", 0, "Learning rate (default 1e-3)", 0},
	{"precision", OPTION_PRECISION, "NAME", 0, "float32 (default), float64", 0},
	{"no-bias", OPTION_NO_BIAS, NULL, 0, "Layers without biases", 0},
	{"log", OPTION_LOG, "N", 0, "Log every norm of every layer each N updates (default: only first and last)", 0},
	{"threads", 'j', "N", 0, "Threads, each training a run of its own", 0},
	{"seconds", OPTION_SECONDS, "X", 0, "How long to measure (default 2)", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct bench_args *args = state->input;
	switch (key) {
	case 'w':
		args->width = option_number(state, "--width", arg, 1, 1000000);
		return 0;
	case 'd':
		args->depth = option_number(state, "--depth", arg, 0, 10000);
		return 0;
	case 'b':
		args->batch = option_number(state, "--batch", arg, 1, 1000000);
		return 0;
	case OPTION_INPUT:
		args->input = option_number(state, "--input", arg, 1, 1000000);
		return 0;
	case OPTION_CLASSES:
		args->classes = option_number(state, "--classes", arg, 0, 10000);
		return 0;
	case 'a':
		args->activation = option_row(state, &act_table, arg);
		return 0;
	case OPTION_LOSS:
		args->loss = option_row(state, &loss_table, arg);
		return 0;
	case OPTION_OPTIMIZER:
		args->optimizer = option_row(state, &optim_table, arg);
		return 0;
	case OPTION_LR:
		args->lr = option_real(state, "--lr", arg, 0, 1e9);
		return 0;
	case OPTION_PRECISION:
		args->precision = option_row(state, &precision_table, arg);
		return 0;
	case OPTION_NO_BIAS:
		args->bias = false;
		return 0;
	case OPTION_LOG:
		args->every = option_number(state, "--log", arg, 1, 1000000000);
		return 0;
	case 'j':
		args->threads = (int)option_number(state, "--threads", arg, 1, 4096);
		return 0;
	case OPTION_SECONDS:
		args->seconds = option_real(state, "--seconds", arg, 0.01, 3600);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0 || strcmp(arg, "step") != 0)
			usage_fault(state, "unknown benchmark '%s': there is step", arg);
		args->what = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_fault(state, "no benchmark given: there is step");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* A batch of generated examples after another, eight to the epoch: gathering and shuffling are timed as in a study. */
static void bench_settings(const struct bench_args *args, struct settings *settings, double *numbers)
{
	settings_default(settings);
	settings->data.set = table_find(&dataset_table, args->classes > 0 ? "gaussians" : "teacher");
	settings->data.features = args->input;
	settings->data.noise = 0.1;
	settings->data.train = 8 * args->batch;
	settings->data.test = args->batch;
	if (args->classes > 2) {
		for (int64_t c = 0; c < args->classes; c++)
			numbers[1 + c] = (double)c;
		settings->data.classes = (struct numbers){(int)args->classes, numbers + 1};
	}
	numbers[0] = (double)args->width;
	settings->width = (struct numbers){1, numbers};
	settings->depth = args->depth;
	settings->activation = args->activation;
	settings->bias = args->bias;
	settings->loss =
		args->loss >= 0 ? args->loss : table_find(&loss_table, args->classes > 0 ? "cross-entropy" : "mse");
	settings->optim.optimizer = args->optimizer;
	settings->optim.lr = args->lr;
	settings->precision = args->precision;
	settings->batch = args->batch;
	settings->eval = args->batch;
	settings->steps = 1;
	settings->every = args->every;
	settings->metrics = args->every == 0 ? 0
					     : METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_BIAS_GRAD_NORM) |
						       METRIC_BIT(METRIC_DELTA_RMS) | METRIC_BIT(METRIC_WEIGHT_NORM) |
						       METRIC_BIT(METRIC_UPDATE_RATIO);
}

static void print_json(const struct bench_args *args, const struct settings *settings, double flop, double steps_per_s)
{
	struct pool pool = POOL_INIT;
	say("{\"bench\": \"step\", \"width\": %lld, \"depth\": %lld, \"batch\": %lld, \"input\": %lld, \"classes\": "
	    "%lld, "
	    "\"bias\": %s,\n \"activation\": \"%s\", \"loss\": \"%s\", \"optimizer\": \"%s\", \"precision\": \"%s\", "
	    "\"log_every\": %lld, \"threads\": %d,\n",
	    (long long)args->width, (long long)args->depth, (long long)args->batch, (long long)args->input,
	    (long long)args->classes, args->bias ? "true" : "false", acts[args->activation].name,
	    losses[settings->loss].name, optims[args->optimizer].name,
	    table_name(&precision_table, (size_t)args->precision), (long long)args->every, args->threads);
	say(" \"steps_per_s\": %.6g, \"flop_per_step\": %.6g, \"gflop_per_s\": %.6g,\n", steps_per_s, flop,
	    1e-9 * flop * steps_per_s);
	say(" \"cpu\": \"%s\", \"isa\": \"%s\", \"version\": \"%s\", \"commit\": \"%s\"}\n", processor_name(&pool),
	    kernels_isa(), version.number, version.commit);
	pool_release(&pool);
}

int cmd_bench(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"step",
		"Trains a network on generated examples, one run a thread, and prints as JSON how many updates a "
		"second all threads make "
		"together, through the same code that trains studies. flop_per_step counts the matrix products alone.",
		NULL,
		NULL,
		NULL};
	struct bench_args args = {
		.width = 64,
		.depth = 10,
		.batch = 64,
		.input = 64,
		.classes = 2,
		.loss = -1,
		.bias = true,
		.activation = table_find(&act_table, "tanh"),
		.optimizer = table_find(&optim_table, "sgd"),
		.precision = FLOAT32,
		.threads = sched_threads(),
		.seconds = 2,
		.lr = 1e-3,
	};
	struct settings settings;
	int inputs, classes, targets;
	double steps_per_s;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	double *numbers = calloc((size_t)args.classes + 1, sizeof *numbers);
	if (!numbers)
		return err_set(err, ERR_SYSTEM, "out of memory");
	bench_settings(&args, &settings, numbers);
	int failed = settings_check(&settings, err);
	if (!failed)
		failed = dataset_shape(&settings.data, &inputs, &classes, &targets, err);
	if (!failed)
		failed = sched_bench(&settings, args.threads, args.seconds, &steps_per_s, err);
	if (!failed) {
		const int outputs = loss_outputs(losses[settings.loss].kind, classes, targets);
		print_json(&args, &settings, train_flop(&settings, inputs, outputs, settings.data.train), steps_per_s);
	}
	free(numbers);
	return failed;
}
