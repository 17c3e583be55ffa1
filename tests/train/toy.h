/* toy.h: settings and small data sets for the tests of this room, made by hand. */
#ifndef FATHOM_TOY_H
#define FATHOM_TOY_H

#include <stdlib.h>

#include "base/rng.h"
#include "net/act.h"
#include "net/loss.h"
#include "optim/optim.h"
#include "spec/key.h"
#include "train/train.h"

/* X ~ N(0, 1); labels by the sign (or the largest) of some of the inputs, so that there is something to learn. */
struct toy {
	struct dataset data;
	double *shift, *scale;
};

static inline struct examples toy_examples(int n, int I, int classes, int targets, uint32_t which)
{
	const struct rng rng = rng_stream(7, RNG_CHECK, which, 0);
	double *x = calloc((size_t)n * (size_t)I, sizeof *x), *y = calloc((size_t)n * (size_t)(targets + 1), sizeof *y);
	int32_t *labels = calloc((size_t)n, sizeof *labels);
	rng_fill_normal(&rng, (size_t)n * (size_t)I, x);
	for (int i = 0; i < n; i++) {
		const double *row = x + (ptrdiff_t)i * I;
		for (int j = 0; j < targets; j++)
			y[i * targets + j] = sin(row[j % I]) + 0.5 * row[(j + 1) % I];
		for (int k = 1; k < classes && classes > 2; k++)
			if (row[k % I] > row[labels[i] % I])
				labels[i] = k;
		if (classes == 2)
			labels[i] = row[0] + row[1 % I] * row[1 % I] > 0.5;
	}
	if (targets > 0) {
		free(labels);
		return (struct examples){.n = n, .values = x, .targets = y};
	}
	free(y);
	return (struct examples){.n = n, .values = x, .labels = labels};
}

static inline struct toy toy_make(int train, int test, int I, int classes, int targets)
{
	struct toy toy = {.shift = calloc((size_t)I, sizeof(double)), .scale = calloc((size_t)I, sizeof(double))};
	for (int i = 0; i < I; i++) {
		toy.shift[i] = 0.1 * i;
		toy.scale[i] = 1 + 0.05 * i;
	}
	toy.data = (struct dataset){
		.I = I,
		.classes = classes,
		.targets = targets,
		.train = toy_examples(train, I, classes, targets, 0),
		.test = toy_examples(test, I, classes, targets, 1),
		.shift = toy.shift,
		.scale = toy.scale,
	};
	return toy;
}

static inline void toy_free(struct toy *toy)
{
	const struct examples *sets[] = {&toy->data.train, &toy->data.test};
	for (int k = 0; k < 2; k++) {
		free((void *)sets[k]->values);
		free((void *)sets[k]->labels);
		free((void *)sets[k]->targets);
	}
	free(toy->shift);
	free(toy->scale);
}

/* The row of that name, which must be there. */
static inline int toy_row(const struct table *table, const char *name)
{
	const int row = table_find(table, name);
	if (row < 0)
		fail_msg("no %s '%s'", table->what, name);
	return row;
}

/* One width for all hidden layers; v must outlive the settings. */
static inline struct settings toy_settings(const double *v)
{
	struct settings s;
	settings_default(&s);
	s.depth = 2;
	s.width = (struct numbers){1, v};
	s.activation = toy_row(&act_table, "tanh");
	s.loss = toy_row(&loss_table, "bce");
	s.batch = 0;
	s.steps = 20;
	s.every = 1;
	s.metrics = METRIC_BIT(METRIC_N) - 1;
	s.init.bias_std = 0.1;
	s.optim.lr = 0.1;
	s.precision = FLOAT64;
	return s;
}

/* A run that must not fail; and the numbers of its trace. */
static inline struct trace *toy_train(const struct settings *s, const struct toy *toy)
{
	struct arena arena = ARENA_INIT;
	struct err err = {0};
	struct trace *trace;
	if (train_run(s, &toy->data, &arena, NULL, &trace, &err) != 0)
		fail_msg("%s", err.text);
	arena_release(&arena);
	return trace;
}

static inline double at(struct trace *trace, enum metric_id id, int s, int l)
{
	return *trace_at(trace, id, s, l);
}

static inline double of_run(struct trace *trace, enum metric_id id)
{
	return at(trace, id, 0, 0);
}

#endif
