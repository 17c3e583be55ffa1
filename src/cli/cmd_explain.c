/* cmd_explain.c: fathom explain: one forward and backward pass, worked out number by number: the lecture's exercise, a small
 * network of the user's choice, or the first batch of a run of a study. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "lecture/derivation.h"
#include "net/act.h"
#include "train/first_batch.h"

/* More than this nobody follows by hand. */
enum { PARAMETERS_MAX = 400, EXAMPLES_MAX = 16 };

/* What KEY=VALUE change when there is no STUDY. The noise is that of gaussians: other data have their own. */
static const char small_study[] = "title: A small network\n"
				  "data:  { set: gaussians, %strain: 8, test: 8 }\n"
				  "model: { depth: 2, width: 2, activation: sigmoid, init: xavier-normal }\n"
				  "train: { loss: bce, lr: 0.1, batch: full, steps: 1, precision: float64 }\n";

struct explain_args {
	struct study_args study; /* dir: the file to write */
	int64_t run;             /* −1: not asked for */
	int examples;            /* 0: not asked for */
	int format;              /* −1: by the file's ending, or text */
};

enum { OPTION_RUN = 0x100 };

static const struct argp_option options[] = {
	{"run", OPTION_RUN, "N", 0, "Of a STUDY the run N of its plan, from 0 (default: 0)", 0},
	{"examples", 'm', "M", 0, "Take the first M examples of the first batch, 1 to 16 (default: 2)", 0},
	{"format", 'F', "FORMAT", 0, "text, html, md or tex (default: by the ending of FILE, else text)", 0},
	{"output", 'o', "FILE", 0, "Write to FILE, not to the terminal", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct explain_args *args = state->input;
	switch (key) {
	case OPTION_RUN:
		args->run = option_number(state, "--run", arg, 0, INT64_MAX);
		return 0;
	case 'm':
		args->examples = (int)option_number(state, "--examples", arg, 1, EXAMPLES_MAX);
		return 0;
	case 'F':
		args->format = option_row(state, &doc_format_table, arg);
		return 0;
	case ARGP_KEY_INIT:
		args->study.dir = NULL;
		return 0;
	case ARGP_KEY_ARG: /* a study is optional here */
		if (!strchr(arg, '=') || args->study.n == OVERRIDES_MAX)
			break;
		args->study.overrides[args->study.n++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (!args->study.path && args->run >= 0)
			usage_fault(state, "--run %lld of which study? Name its file", (long long)args->run);
		if (!args->study.path && args->study.n == 0 && args->examples > 1)
			usage_fault(state, "the exercise has one example: --examples goes with a STUDY or KEY=VALUE");
		return 0;
	}
	return study_args_parse(key, arg, state, &args->study);
}

/* ---- what to explain ---- */

/* Parameters of the network of these settings with that depth and width, for data of that shape. */
static double parameters(const struct settings *settings, int64_t depth, double width, int inputs, int outputs)
{
	const double bias = settings->bias;
	if (depth == 0)
		return outputs * (inputs + bias);
	return width * (inputs + bias) + (double)(depth - 1) * width * (width + bias) + outputs * (width + bias);
}

static int refuse(const struct settings *settings, double count, int inputs, int outputs, struct err *err)
{
	double width = floor(sqrt(PARAMETERS_MAX)), depth = (double)settings->depth;
	err_set(err, ERR_INPUT, "this network has %.0f parameters: more than the %d that can be followed by hand",
		count, PARAMETERS_MAX);
	while (width >= 1 && parameters(settings, settings->depth, width, inputs, outputs) > PARAMETERS_MAX)
		width--;
	if (width >= 1)
		return err_add(err, "try: width=%.0f", width);
	while (depth >= 1 && parameters(settings, (int64_t)depth, 1, inputs, outputs) > PARAMETERS_MAX)
		depth = depth > 1000 ? floor(depth / 2) : depth - 1;
	if (depth >= 1)
		return err_add(err, "try: depth=%.0f width=1", depth);
	return err_add(err,
		       "%d inputs and %d output%s alone are too many\ntry: other data, as set=gaussians noise=1 "
		       "features=3 depth=2 width=2",
		       inputs, outputs, outputs == 1 ? "" : "s");
}

static int check_size(const struct settings *settings, struct err *err)
{
	int inputs, classes, targets;
	if (dataset_shape(&settings->data, &inputs, &classes, &targets, err) != 0)
		return -1;
	const int outputs = loss_outputs(losses[settings->loss].kind, classes, targets);
	double count = 0, in = inputs;
	if (outputs < 1)
		return 0; /* train_first_batch says why */
	for (int64_t l = 0; l <= settings->depth; l++) {
		const double out = l == settings->depth     ? outputs
				   : settings->width.n == 1 ? settings->width.v[0]
							    : settings->width.v[l];
		count += out * (in + settings->bias);
		in = out;
	}
	return count <= PARAMETERS_MAX ? 0 : refuse(settings, count, inputs, outputs, err);
}

/* The title and what is to be known of the run. */
static void begin(struct doc *doc, const struct subject *subject, const struct explain_args *args,
		  const struct settings *settings, const struct first_batch *first)
{
	struct text title = TEXT_INIT, lead = TEXT_INIT;
	const bool plain = strcmp(optims[settings->optim.optimizer].name, "sgd") == 0;
	text_add(&title, "One backward pass, worked out: %s", subject->study.title);
	if (args->study.path)
		text_add(&lead, "Run %lld of %zu, before its first update. ",
			 (long long)(args->run < 0 ? 0 : args->run), subject->plan.R);
	text_add(&lead,
		 "Activation %s, initial weights %s, loss %s, seed %lld, data %s; the first %d of the batch's "
		 "examples. Every "
		 "number is that of the program that trains, in float64.",
		 acts[settings->activation].name, table_name(&init_table, (size_t)settings->init.scheme),
		 losses[settings->loss].name, (long long)settings->seed,
		 table_name(&dataset_table, (size_t)settings->data.set), first->m);
	if (!plain)
		text_add(&lead,
			 " The update at the end is plain gradient descent; %s, the run's optimizer, takes another "
			 "step.",
			 optims[settings->optim.optimizer].name);
	doc_init(doc, title.at, lead.at);
	text_release(&title);
	text_release(&lead);
}

static int derive(const struct problem *problem, struct doc *doc, struct err *err)
{
	struct derivation derivation;
	if (derivation_make(&derivation, problem, err) != 0)
		return -1;
	derivation_write(&derivation, doc);
	bool right = true;
	for (int l = 1; l <= derivation.L; l++)
		right = right && derivation.layer[l].judgement != DIFFERS;
	derivation_release(&derivation);
	return right ? EXIT_FINE : EXIT_CLAIM;
}

static int explain_exercise(struct doc *doc, struct err *err)
{
	const struct problem problem = exercise();
	doc_init(doc, "The exercise: one backward pass, worked out",
		 "Five inputs, three hidden units, one output, sigmoid everywhere, one example. Take pen and paper: "
		 "every line "
		 "can be recomputed with a pocket calculator. The numbers are those of the program that trains, in "
		 "float64.");
	return derive(&problem, doc, err);
}

static int explain_run(const struct subject *subject, const struct explain_args *args, struct doc *doc, struct err *err)
{
	const size_t run = args->run < 0 ? 0 : (size_t)args->run;
	struct pool pool = POOL_INIT;
	struct settings settings;
	struct dataset data;
	struct first_batch first;
	if (run >= subject->plan.R)
		return err_set(err, ERR_INPUT, "there is no run %zu: the plan has %zu, from 0 to %zu", run,
			       subject->plan.R, subject->plan.R - 1);
	plan_settings(&subject->plan, run, &settings);
	if (check_size(&settings, err) != 0 || dataset_load(&settings.data, &data, err) != 0)
		return -1;
	int failed = train_first_batch(&settings, &data, args->examples ? args->examples : 2, &pool, &first, err);
	if (!failed) {
		const struct problem problem = {
			.L = first.L,
			.m = first.m,
			.n = first.n,
			.activation = settings.activation,
			.loss = losses[settings.loss].kind,
			.bias = settings.bias,
			.weights = first.weights,
			.X = first.X,
			.answers = first.answers,
			.lr = settings.optim.lr,
		};
		begin(doc, subject, args, &settings, &first);
		failed = derive(&problem, doc, err);
	}
	pool_release(&pool);
	dataset_release(&data);
	return failed;
}

/* The study to be overridden, read. */
static int small_load(struct subject *subject, const struct study_args *args, struct err *err)
{
	struct text text = TEXT_INIT;
	bool gaussians = true;
	for (int i = 0; i < args->n; i++)
		if (strncmp(args->overrides[i], "set=", 4) == 0)
			gaussians = strcmp(args->overrides[i], "set=gaussians") == 0;
	text_add(&text, small_study, gaussians ? "noise: 1, " : "");
	const int failed =
		study_parse(&subject->study, text.at, text.length, "small", "", args->n, args->overrides, err);
	text_release(&text);
	if (failed)
		return -1;
	if (plan_build(&subject->plan, &subject->study, dataset_identity, err) == 0)
		return 0;
	study_release(&subject->study);
	return -1;
}

static int explain_study(const struct explain_args *args, struct doc *doc, struct err *err)
{
	struct subject subject = {0}; /* small_load makes no whole plan */
	const int failed =
		args->study.path ? subject_load(&subject, &args->study, err) : small_load(&subject, &args->study, err);
	if (failed)
		return -1;
	const int code = explain_run(&subject, args, doc, err);
	subject_release(&subject);
	return code;
}

/* ---- where to ---- */

static int format_of(const struct explain_args *args)
{
	const char *dot = args->study.dir ? strrchr(args->study.dir, '.') : NULL;
	if (args->format >= 0)
		return args->format;
	for (size_t f = 0; dot && f < doc_format_table.n; f++)
		if (strcmp(dot, doc_formats[f].ending) == 0)
			return (int)f;
	return table_find(&doc_format_table, "text");
}

int cmd_explain(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"[STUDY] [KEY=VALUE...]",
		"Works out one forward and one backward pass, number by number: every Z, A and g'(Z) and what is kept "
		"of them, the "
		"loss, dZ, dW, db and dA from the last layer to the first, the factors of the chain rule, what is "
		"exactly 0 and "
		"why, one update; every derivative beside differences of the loss.\v"
		"Without arguments: the lecture's exercise. With KEY=VALUE alone: a small network, as in\n"
		"  fathom explain depth=3 width=2 activation=tanh init=xavier-normal\n"
		"With a STUDY: a run of its plan, before its first update. Networks of more than 400 parameters are "
		"refused.\n"
		"Exit code 1 when a derivative is wrong.",
		NULL,
		NULL,
		NULL};
	struct explain_args args = {.run = -1, .format = -1};
	struct doc doc = {0};
	struct text out = TEXT_INIT;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	int code = args.study.path || args.study.n > 0 ? explain_study(&args, &doc, err) : explain_exercise(&doc, err);
	if (code >= 0) {
		doc_formats[format_of(&args)].write(&doc, &out);
		make_harmless(out.at);
		if (!args.study.dir)
			say("%s", out.at);
		else if (file_replace(args.study.dir, out.at, out.length, err) != 0)
			code = -1;
	}
	text_release(&out);
	doc_release(&doc);
	return code;
}
