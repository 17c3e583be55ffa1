/* test_golden.c: small networks, trained here and with PyTorch (scripts/make-golden.py, whose head explains the files): the same
 * losses and per-layer norms over 20 full-batch steps, to 1e-10. Needs no PyTorch. */
#include "cm.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "toy.h"
#include "train/train_from.h"

enum { STEPS = 20, LISTS = 8 };

struct list {
	char name[32];
	size_t n;
	double *v;
};

struct golden {
	struct settings settings;
	double width;
	int inputs, classes;
	struct list list[LISTS];
	int lists;
};

static const struct list *list_of(const struct golden *golden, const char *name)
{
	for (int k = 0; k < golden->lists; k++)
		if (strcmp(golden->list[k].name, name) == 0)
			return &golden->list[k];
	return NULL;
}

static void set_key(struct golden *golden, const char *name, const char *word)
{
	const int row = table_find(&key_table, name);
	if (row < 0)
		fail_msg("golden file: no key '%s'", name);
	const struct key *key = &keys[row];
	struct value value = {.numbers = {1, &golden->width}};
	if (key->type == KEY_NAME)
		value.i = toy_row(key->table, word);
	else if (key->type == KEY_FLAG)
		value.i = strcmp(word, "true") == 0;
	else if (key->type == KEY_INT)
		assert_true(parse_int64(word, &value.i));
	else
		assert_true(parse_double(word, key->type == KEY_WIDTHS ? &golden->width : &value.r));
	key_set(key, &golden->settings, value);
}

static void read_line(struct golden *golden, char *line)
{
	char *rest = NULL, *name = strtok_r(line, " ", &rest), *word = strtok_r(NULL, " ", &rest);
	if (!name || !word)
		fail_msg("golden file: a line of less than two words");
	if (strcmp(name, "inputs") == 0)
		golden->inputs = atoi(word);
	else if (strcmp(name, "classes") == 0)
		golden->classes = atoi(word);
	else if (*rest) { /* a list */
		assert_true(golden->lists < LISTS);
		struct list *list = &golden->list[golden->lists++];
		snprintf(list->name, sizeof list->name, "%s", name);
		list->n = (size_t)atoi(word);
		list->v = calloc(list->n + 1, sizeof(double));
		for (size_t i = 0; i < list->n; i++) {
			word = strtok_r(NULL, " ", &rest);
			assert_true(word && parse_double(word, &list->v[i]));
		}
	} else
		set_key(golden, name, word);
}

static void compare(const struct golden *golden, struct trace *trace, const char *name, enum metric_id id)
{
	const struct list *list = list_of(golden, name);
	const int L = trace->L;
	if (id == METRIC_BIAS_GRAD_NORM && !trace->bias) {
		assert_null(list);
		return;
	}
	/* step by step, in each of them layer by layer */
	assert_true(list && list->n == (size_t)(STEPS * L));
	for (size_t i = 0; i < list->n; i++) {
		const int s = (int)i / L, l = (int)i % L + 1;
		const double here = *trace_at(trace, id, s, l), there = list->v[i];
		if (!(fabs(here - there) <= 1e-10 * fabs(there)))
			fail_msg("%s of step %d, layer %d is %.17g, with PyTorch %.17g", name, s, l, here, there);
	}
}

static void read_file(struct golden *golden, const char *path)
{
	struct err err = {0};
	char *bytes, *rest = NULL;
	size_t size;
	*golden = (struct golden){0};
	settings_default(&golden->settings);
	if (file_read(path, 1000000, &bytes, &size, &err) != 0)
		fail_msg("%s", err.text);
	for (char *line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		read_line(golden, line);
	free(bytes);
	struct settings *s = &golden->settings;
	s->batch = 0;
	s->steps = STEPS;
	s->every = 1;
	s->precision = FLOAT64;
	s->metrics = METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_BATCH_LOSS) | METRIC_BIT(METRIC_GRAD_NORM) |
		     METRIC_BIT(METRIC_BIAS_GRAD_NORM) | METRIC_BIT(METRIC_DELTA_RMS);
}

/* The run of the file, trained here, on inputs as they are. */
static struct trace *train_again(const struct golden *golden)
{
	const struct list *X = list_of(golden, "X"), *labels = list_of(golden, "labels"),
			  *targets = list_of(golden, "targets"), *given = list_of(golden, "weights");
	assert_true(X && given && (labels || targets));
	const int I = golden->inputs, N = (int)X->n / I;
	int32_t *label = calloc((size_t)N, sizeof *label);
	double *shift = calloc((size_t)I, sizeof *shift), *scale = calloc((size_t)I, sizeof *scale);
	for (int i = 0; labels && i < N; i++)
		label[i] = (int32_t)labels->v[i];
	for (int i = 0; i < I; i++)
		scale[i] = 1;
	const struct examples train = {
		.n = N,
		.values = X->v,
		.labels = labels ? label : NULL,
		.targets = targets ? targets->v : NULL,
	};
	const struct dataset data = {
		.I = I,
		.classes = golden->classes,
		.targets = targets ? (int)targets->n / N : 0,
		.train = train,
		.test = train,
		.shift = shift,
		.scale = scale,
	};
	const struct weights initial = {.values = given->v, .n = given->n};
	const struct train_input input = {.settings = &golden->settings, .data = &data, .initial = &initial};
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct trace *trace;
	if (train_from(&input, &arena, &trace, &err) != 0)
		fail_msg("%s", err.text);
	arena_release(&arena);
	free(label);
	free(shift);
	free(scale);
	return trace;
}

static void check(const char *path)
{
	struct golden golden;
	read_file(&golden, path);
	struct trace *trace = train_again(&golden);
	const struct list *loss = list_of(&golden, "loss");
	assert_true(loss && loss->n == STEPS + 1);
	for (int t = 0; t <= STEPS; t++) {
		assert_near(*trace_at(trace, METRIC_TRAIN_LOSS, t, 0), loss->v[t], 1e-10, 1e-12);
		assert_near(*trace_at(trace, METRIC_BATCH_LOSS, t, 0), loss->v[t], 1e-10, 1e-12);
	}
	compare(&golden, trace, "grad_norm", METRIC_GRAD_NORM);
	compare(&golden, trace, "bias_grad_norm", METRIC_BIAS_GRAD_NORM);
	compare(&golden, trace, "delta_rms", METRIC_DELTA_RMS);
	trace_free(trace);
	for (int k = 0; k < golden.lists; k++)
		free(golden.list[k].v);
}

static void same_as_pytorch(void **state)
{
	static const char folder[] = "tests/golden";
	DIR *dir = opendir(folder);
	int files = 0;
	if (!dir)
		fail_msg("no folder '%s': run this from the root of the project", folder);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		char path[512];
		const size_t length = strlen(entry->d_name);
		if (length < 4 || strcmp(entry->d_name + length - 4, ".txt") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		print_message("%s\n", entry->d_name);
		check(path);
		files++;
	}
	closedir(dir);
	assert_true(files >= 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_pytorch)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
