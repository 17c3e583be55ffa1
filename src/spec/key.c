/* key.c: the rows of the key table, and the access to a setting by its row. How a value is written is in value.c, what the
 * settings of a run mean together in settings.c. */
#include "spec/key.h"

#include <string.h>

#include "net/act.h"
#include "net/loss.h"
#include "trace/trace.h"

enum precision_row { PRECISION_ROWS = 2 };

static const struct {
	const char *name, *about;
} precisions[PRECISION_ROWS] = {
	[FLOAT32] = {"float32", "single precision"},
	[FLOAT64] = {"float64", "double precision"},
};

const struct table precision_table = TABLE("precision", precisions);

static const double default_width[] = {64};

enum { BILLION = 1000000000 };
#define SEED_MAX 4294967295.0 /* 2^32 − 1 */
#define HUGE_REAL 1e300

#define AT(member) offsetof(struct settings, member)
#define INTEGER(low_, high_) .unit = "1", .type = KEY_INT, .low = (low_), .high = (high_)
#define REAL(low_, high_) .unit = "1", .type = KEY_REAL, .low = (low_), .high = (high_)
#define FLAG .unit = "1", .type = KEY_FLAG, .low = 0, .high = 1
#define NAME(table_) .unit = "1", .type = KEY_NAME, .table = &(table_)
#define NUMBERS(low_, high_) .unit = "1", .type = KEY_NUMBERS, .low = (low_), .high = (high_)

/* name, about, section, symbol, offset, type with its range or table, default. To add a key: see key.h. The order is that of
 * axes (the last varies fastest), columns, tables and docs/STUDY.md. */
const struct key keys[] = {
	{"set", "data set", "data", "", .offset = AT(data.set), NAME(dataset_table), .fallback = "fashion-mnist"},
	{"path", "folder or file to read; \"\" is the set's usual place", "data", "", .offset = AT(data.path),
	 .unit = "1", .type = KEY_TEXT, .fallback = "\"\""},
	{"classes", "labels to keep, relabelled 0, 1, … in this order; [] keeps all", "data", "",
	 .offset = AT(data.classes), NUMBERS(0, 1e6), .fallback = "[]"},
	{"class_ratio", "share of each kept class; [] as they come (files) or equal (generated)", "data", "",
	 .offset = AT(data.class_ratio), NUMBERS(0, 1), .fallback = "[]"},
	{"train", "training examples; all: every one of the file", "data", "", .offset = AT(data.train),
	 INTEGER(0, BILLION), .fallback = "2000", .zero_name = "all"},
	{"test", "test examples; all: every one of the file", "data", "", .offset = AT(data.test), INTEGER(0, BILLION),
	 .fallback = "1000", .zero_name = "all"},
	{"features", "inputs of the generated sets that have a choice", "data", "", .offset = AT(data.features),
	 INTEGER(1, 1000000), .fallback = "2"},
	{"noise", "noise of generated sets: standard deviation; parity: share of flipped labels", "data",
	 "{/:Italic σ}", .offset = AT(data.noise), REAL(0, 1e6), .fallback = "0"},
	{"function", "the function that the set 'function' samples", "data", "", .offset = AT(data.function),
	 NAME(function_table), .fallback = "sine"},
	{"standardize", "how inputs are shifted and scaled", "data", "", .offset = AT(data.standardize),
	 NAME(standardize_table), .fallback = "global"},
	{"data_seed", "seed of the examples drawn or generated, apart from seed", "data", "",
	 .offset = AT(data.data_seed), INTEGER(0, SEED_MAX), .fallback = "0", .replicate = true},

	{"depth", "hidden layers; the output layer is one more", "model", "", .offset = AT(depth), INTEGER(0, 10000),
	 .fallback = "2"},
	{"width", "units of every hidden layer; a nested list gives one number for each layer", "model", "{/:Italic n}",
	 .offset = AT(width), .unit = "1", .type = KEY_WIDTHS, .low = 1, .high = 1000000, .fallback = "64",
	 .fallback_numbers = {1, default_width}},
	{"activation", "activation of the hidden layers", "model", "", .offset = AT(activation), NAME(act_table),
	 .fallback = "tanh"},
	{"init", "scheme of the initial weights", "model", "", .offset = AT(init.scheme), NAME(init_table),
	 .fallback = "xavier-normal"},
	{"bias", "whether layers have biases", "model", "", .offset = AT(bias), FLAG, .fallback = "true"},
	{"gain", "which gain multiplies the scheme's weights", "model", "", .offset = AT(init.gain), NAME(gain_table),
	 .fallback = "scheme"},
	{"init_scale", "a further factor on all initial weights", "model", "", .offset = AT(init.init_scale),
	 REAL(0, 1e6), .fallback = "1"},
	{"init_value", "the weight of init 'constant'", "model", "", .offset = AT(init.init_value), REAL(-1e6, 1e6),
	 .fallback = "0.5"},
	{"init_std", "standard deviation of the inits without a rule of their own: normal, uniform, sparse", "model",
	 "{/:Italic σ}_w", .offset = AT(init.init_std), REAL(0, 1e6), .fallback = "0.01"},
	{"sparsity", "share of zero weights of init 'sparse'", "model", "", .offset = AT(init.sparsity), REAL(0, 1),
	 .fallback = "0.9"},
	{"bias_std", "standard deviation of initial biases; 0: zeros", "model", "{/:Italic σ}_b",
	 .offset = AT(init.bias_std), REAL(0, 1e6), .fallback = "0"},

	{"loss", "loss function", "train", "", .offset = AT(loss), NAME(loss_table), .fallback = "cross-entropy"},
	{"optimizer", "update rule", "train", "", .offset = AT(optim.optimizer), NAME(optim_table), .fallback = "sgd"},
	{"lr", "learning rate", "train", "{/:Italic η}", .offset = AT(optim.lr), REAL(0, 1e9), .fallback = "0.1"},
	{"layer_lr", "factors on lr, one for each layer, the output layer last; [] is 1 for all", "train", "",
	 .offset = AT(optim.layer_lr), NUMBERS(0, 1e9), .fallback = "[]"},
	{"momentum", "momentum of the optimizers momentum and nesterov", "train", "{/:Italic β}",
	 .offset = AT(optim.momentum), REAL(0, 1), .fallback = "0.9"},
	{"beta1", "decay of adam's first moment", "train", "{/:Italic β}_1", .offset = AT(optim.beta1), REAL(0, 1),
	 .fallback = "0.9"},
	{"beta2", "decay of adam's second moment", "train", "{/:Italic β}_2", .offset = AT(optim.beta2), REAL(0, 1),
	 .fallback = "0.999"},
	{"rho", "decay of rmsprop's mean square", "train", "{/:Italic ρ}", .offset = AT(optim.rho), REAL(0, 1),
	 .fallback = "0.99"},
	{"epsilon", "added to the denominators of adagrad, rmsprop, adam and adamw", "train", "{/:Italic ε}",
	 .offset = AT(optim.epsilon), REAL(1e-30, 1e6), .fallback = "1e-8"},
	{"weight_decay", "λ: adds λw to the gradient; adamw: decoupled", "train", "{/:Italic λ}",
	 .offset = AT(optim.weight_decay), REAL(0, 1e6), .fallback = "0"},
	{"clip", "largest norm of the whole gradient; none: no clipping", "train", "", .offset = AT(optim.clip),
	 REAL(0, HUGE_REAL), .fallback = "0", .zero_name = "none"},
	{"schedule", "how the learning rate changes", "train", "", .offset = AT(optim.schedule), NAME(schedule_table),
	 .fallback = "constant"},
	{"warmup", "updates over which the learning rate rises linearly", "train", "", .offset = AT(optim.warmup),
	 INTEGER(0, 1e15), .fallback = "0"},
	{"decay_every", "updates between decays of schedule 'step'", "train", "", .offset = AT(optim.decay_every),
	 INTEGER(1, 1e15), .fallback = "100"},
	{"decay_rate", "factor on the learning rate: a decay of schedule 'step', the whole budget of 'exponential'",
	 "train", "", .offset = AT(optim.decay_rate), REAL(0, 1e6), .fallback = "0.1"},
	{"lr_min", "last learning rate of schedule 'cosine', as a share of lr", "train", "", .offset = AT(optim.lr_min),
	 REAL(0, 1), .fallback = "0"},
	{"batch", "examples of an update; full: all", "train", "{/:Italic B}", .offset = AT(batch), INTEGER(0, BILLION),
	 .fallback = "64", .zero_name = "full"},
	{"steps", "budget in updates; not given when epochs are", "train", "", .offset = AT(steps), INTEGER(0, 1e15),
	 .fallback = "500"},
	{"epochs", "budget in epochs, instead of steps", "train", "", .offset = AT(epochs), INTEGER(0, BILLION),
	 .fallback = "0"},
	{"target", "training loss to reach, for steps_to_target", "train", "", .offset = AT(target), REAL(0, HUGE_REAL),
	 .fallback = "0", .zero_name = "none"},
	{"stop_at_target", "stop when the target is reached", "train", "", .offset = AT(stop_at_target), FLAG,
	 .fallback = "false"},
	{"patience", "stop when train_loss did not fall for so many updates; none: never", "train", "",
	 .offset = AT(patience), INTEGER(0, 1e15), .fallback = "0", .zero_name = "none"},
	{"diverge_loss", "a batch loss above this counts as diverged; none: only one that is not finite", "train", "",
	 .offset = AT(diverge_loss), REAL(0, HUGE_REAL), .fallback = "0", .zero_name = "none"},
	{"precision", "of weights, gradients and activations", "train", "", .offset = AT(precision),
	 NAME(precision_table), .fallback = "float32"},

	{"seed", "seed of initial weights and of the order of examples", "", "", .offset = AT(seed),
	 INTEGER(0, SEED_MAX), .fallback = "0", .replicate = true},

	{"every", "log every so many updates; none: not so", "log", "", .offset = AT(every), INTEGER(0, 1e15),
	 .fallback = "0", .zero_name = "none"},
	{"points", "log so many steps, spaced evenly on a logarithmic scale; none: not so", "log", "",
	 .offset = AT(points), INTEGER(0, 1000000), .fallback = "0", .zero_name = "none"},
	{"every_epoch", "log at the end of every epoch", "log", "", .offset = AT(every_epoch), FLAG,
	 .fallback = "false"},
	{"eval",
	 "examples of each set that train_* and test_* are measured on: the first so many, or all; every logged step "
	 "runs through them, while batch_loss costs nothing",
	 "log", "", .offset = AT(eval), INTEGER(0, BILLION), .fallback = "0", .zero_name = "all"},
	{"metrics",
	 "what is logged; all: every metric, of which spectral_norm and delta_bound take long in wide layers", "log",
	 "", .offset = AT(metrics), .unit = "1", .type = KEY_METRICS, .table = &metric_table,
	 .fallback = "[train_loss, train_accuracy, test_loss, test_accuracy, grad_norm, delta_rms]"},
	{"weights", "weights to keep: initial, final", "log", "", .offset = AT(weights), .unit = "1",
	 .type = KEY_WEIGHTS, .table = &weights_table, .fallback = "[]"},
};

const struct table key_table = TABLE("key", keys);

struct value key_get(const struct key *key, const struct settings *settings)
{
	const void *at = (const char *)settings + key->offset;
	struct value value = {0};
	switch (key->type) {
	case KEY_INT:
		value.i = *(const int64_t *)at;
		return value;
	case KEY_REAL:
		value.r = *(const double *)at;
		return value;
	case KEY_FLAG:
		value.i = *(const bool *)at;
		return value;
	case KEY_NAME:
		value.i = *(const int *)at;
		return value;
	case KEY_TEXT:
		value.text = *(const char *const *)at;
		return value;
	case KEY_NUMBERS:
	case KEY_WIDTHS:
		value.numbers = *(const struct numbers *)at;
		return value;
	case KEY_METRICS:
		value.i = (int64_t) * (const metric_set *)at;
		return value;
	case KEY_WEIGHTS:;
	}
	value.i = *(const unsigned *)at;
	return value;
}

void key_set(const struct key *key, struct settings *settings, struct value value)
{
	void *at = (char *)settings + key->offset;
	switch (key->type) {
	case KEY_INT:
		*(int64_t *)at = value.i;
		return;
	case KEY_REAL:
		*(double *)at = value.r;
		return;
	case KEY_FLAG:
		*(bool *)at = value.i != 0;
		return;
	case KEY_NAME:
		*(int *)at = (int)value.i;
		return;
	case KEY_TEXT:
		*(const char **)at = value.text;
		return;
	case KEY_NUMBERS:
	case KEY_WIDTHS:
		*(struct numbers *)at = value.numbers;
		return;
	case KEY_METRICS:
		*(metric_set *)at = (metric_set)value.i;
		return;
	case KEY_WEIGHTS:;
	}
	*(unsigned *)at = (unsigned)value.i;
}

/* A bit for every name of "[a, b]". */
static uint64_t names_in(const struct key *key)
{
	uint64_t bits = 0;
	char copy[256], *rest = NULL;
	snprintf(copy, sizeof copy, "%s", key->fallback);
	for (char *name = strtok_r(copy, "[], ", &rest); name; name = strtok_r(NULL, "[], ", &rest)) {
		const int row = table_find(key->table, name);
		if (row < 0)
			BUG("default of '%s': no %s '%s'", key->name, key->table->what, name);
		bits |= (uint64_t)1 << row;
	}
	return bits;
}

static struct value key_fallback(const struct key *key)
{
	struct value value = {.text = ""};
	bool fine = true;
	switch (key->type) {
	case KEY_INT:
		fine = parse_int64(key->fallback, &value.i);
		break;
	case KEY_REAL:
		fine = parse_double(key->fallback, &value.r);
		break;
	case KEY_FLAG:
		value.i = strcmp(key->fallback, "true") == 0;
		break;
	case KEY_NAME:
		value.i = table_find(key->table, key->fallback);
		fine = value.i >= 0;
		break;
	case KEY_METRICS:
	case KEY_WEIGHTS:
		value.i = (int64_t)names_in(key);
		break;
	case KEY_NUMBERS:
	case KEY_WIDTHS:
		value.numbers = key->fallback_numbers;
		break;
	case KEY_TEXT:;
	}
	if (!fine)
		BUG("default '%s' of key '%s'", key->fallback, key->name);
	return value;
}

void settings_default(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	for (size_t k = 0; k < key_table.n; k++)
		key_set(&keys[k], settings, key_fallback(&keys[k]));
}
