/* settings.c: what the settings of one run mean together: combinations that cannot be, what follows from them, identity. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/loss.h"
#include "spec/value.h"
#include "trace/trace.h"

/* More logged steps than this are a slip, not a wish. */
enum { LOGGED_MAX = 1000000 };

/* Lists that must have an entry for every layer. */
static void check_layers(const struct settings *s, struct err *err)
{
	if (s->width.n != 1 && s->width.n != s->depth)
		err_add(err, "'width' lists %d layers, but 'depth' is %lld", s->width.n, (long long)s->depth);
	if (s->optim.layer_lr.n > 0 && s->optim.layer_lr.n != s->depth + 1)
		err_add(err, "'layer_lr' has %d factors, but depth %lld has %lld layers (the output layer counts)",
			s->optim.layer_lr.n, (long long)s->depth, (long long)s->depth + 1);
}

static void check_loss(const struct settings *s, struct data_shape shape, struct err *err)
{
	const struct loss *loss = &losses[s->loss];
	const char *set = table_name(&dataset_table, (size_t)s->data.set);
	if (loss_outputs(loss->kind, shape.classes, shape.targets) >= 0)
		return;
	if (shape.classes == 0)
		err_add(err, "loss '%s' cannot learn '%s', which has targets, not classes: 'mse' does", loss->name,
			set);
	else
		err_add(err,
			"loss '%s' cannot learn %d classes, only 2: 'cross-entropy' does, or keep two of the classes",
			loss->name, shape.classes);
}

static void check_budget(const struct settings *s, struct err *err)
{
	if (s->steps > 0 && s->epochs > 0)
		err_add(err, "both 'steps' %lld and 'epochs' %lld are given: one of them is the budget",
			(long long)s->steps, (long long)s->epochs);
	if (s->batch > 0 && s->data.train > 0 && s->batch > s->data.train)
		err_add(err, "'batch' %lld is more than the %lld training examples: 'batch: full' takes all",
			(long long)s->batch, (long long)s->data.train);
	if (s->stop_at_target && s->target == 0)
		err_add(err, "'stop_at_target' needs a 'target'");
	/* where only the file knows how many examples it has, a usual number will do: this is about slips */
	const int64_t N = s->data.train > 0 ? s->data.train : 60000, T = settings_steps(s, N);
	const int64_t logged = (s->every > 0 ? T / s->every : 0) + (s->every_epoch ? T / settings_epoch(s, N) : 0);
	if (logged > LOGGED_MAX)
		err_add(err, "%lld of %lld steps would be logged, more than %d: %s", (long long)logged, (long long)T,
			LOGGED_MAX, s->every > 0 ? "raise 'every'" : "'points' logs fewer than 'every_epoch'");
}

int settings_check_shape(const struct settings *settings, struct data_shape shape, struct err *err)
{
	const size_t before = err->length;
	check_layers(settings, err);
	check_loss(settings, shape, err);
	check_budget(settings, err);
	return err->length > before ? -1 : 0;
}

int settings_check(const struct settings *settings, struct err *err)
{
	struct data_shape shape;
	if (dataset_shape(&settings->data, &shape.inputs, &shape.classes, &shape.targets, err) != 0)
		return -1;
	return settings_check_shape(settings, shape, err);
}

int settings_layers(const struct settings *settings)
{
	return (int)settings->depth + 1;
}

void settings_shape(const struct settings *settings, int inputs, int outputs, int *n)
{
	const int L = settings_layers(settings);
	n[0] = inputs;
	for (int l = 1; l < L; l++)
		n[l] = (int)settings->width.v[settings->width.n == 1 ? 0 : l - 1];
	n[L] = outputs;
}

int64_t settings_batch(const struct settings *settings, int64_t train_examples)
{
	return settings->batch > 0 && settings->batch < train_examples ? settings->batch : train_examples;
}

int64_t settings_epoch(const struct settings *settings, int64_t train_examples)
{
	const int64_t B = settings_batch(settings, train_examples);
	return B > 0 ? (train_examples + B - 1) / B : 0;
}

int64_t settings_steps(const struct settings *settings, int64_t train_examples)
{
	return settings->epochs > 0 ? settings->epochs * settings_epoch(settings, train_examples) : settings->steps;
}

static int ascending(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The i-th of n steps from 1 to T, evenly on a logarithmic scale. Rounded to 9 digits before the last rounding, so that
 * the last bit of a processor's pow() decides nothing; digits are only made where they may: near the middle of two numbers. */
static int64_t log_step(int64_t T, int64_t i, int64_t n)
{
	const double exact = n > 1 ? pow((double)T, (double)i / (double)(n - 1)) : (double)T;
	char digits[32];
	if (i < n - 1 && fabs(exact - floor(exact) - 0.5) > 1e-8 * exact)
		return (int64_t)nearbyint(exact);
	snprintf(digits, sizeof digits, "%.9g", exact);
	return i == n - 1 ? T : (int64_t)nearbyint(strtod(digits, NULL));
}

int64_t *settings_logged(const struct settings *settings, int64_t train_examples, int *S)
{
	const int64_t T = settings_steps(settings, train_examples);
	const int64_t epoch = settings->every_epoch ? settings_epoch(settings, train_examples) : 0;
	const int64_t period[] = {settings->every, epoch};
	const int64_t points = T > 0 ? settings->points : 0;
	int64_t most = 2 + points, count = 0;
	for (int p = 0; p < 2; p++)
		most += period[p] > 0 ? T / period[p] : 0;
	int64_t *step = malloc((size_t)most * sizeof *step);
	if (!step)
		NO_MEMORY("out of memory for %lld logged steps", (long long)most);
	step[count++] = 0;
	for (int p = 0; p < 2; p++)
		for (int64_t t = period[p]; period[p] > 0 && t <= T; t += period[p])
			step[count++] = t;
	for (int64_t i = 0; i < points; i++)
		step[count++] = log_step(T, i, points);
	step[count++] = T;
	if (points > 0 || epoch > 0) /* the steps of one period are in order */
		qsort(step, (size_t)count, sizeof *step, ascending);
	int64_t kept = 1;
	for (int64_t i = 1; i < count; i++)
		if (step[i] != step[kept - 1])
			step[kept++] = step[i];
	*S = (int)kept;
	return step;
}

int keys_sorted(const struct key *order[KEYS_MAX])
{
	int n = 0;
	if (key_table.n > KEYS_MAX)
		BUG("KEYS_MAX is less than %zu", key_table.n);
	for (size_t k = 0; k < key_table.n; k++) {
		/* a folder is where the data lie; what they are is in their identity */
		if (keys[k].type == KEY_TEXT)
			continue;
		int at = n++;
		for (; at > 0 && strcmp(order[at - 1]->name, keys[k].name) > 0; at--)
			order[at] = order[at - 1];
		order[at] = &keys[k];
	}
	return n;
}

void identity_line(const struct key *key, struct value value, struct text *out)
{
	text_add(out, "%s=", key->name);
	value_print(key, value, out);
	text_add(out, "\n");
}

size_t identity_end(uint64_t data_identity, char out[IDENTITY_END])
{
	return (size_t)snprintf(out, IDENTITY_END, "data=%016llx\nnumerics=%d\n", (unsigned long long)data_identity,
				NUMERICS_VERSION);
}

void settings_identity_text(const struct settings *settings, uint64_t data_identity, struct text *out)
{
	const struct key *order[KEYS_MAX];
	struct settings plain;
	const int n = keys_sorted(order);
	settings_default(&plain);
	for (int k = 0; k < n; k++) {
		const struct value value = key_get(order[k], settings);
		if (!value_equal(order[k], value, key_get(order[k], &plain)))
			identity_line(order[k], value, out);
	}
	char end[IDENTITY_END];
	text_add_bytes(out, end, identity_end(data_identity, end));
}
