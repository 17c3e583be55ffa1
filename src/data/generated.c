/* generated.c: sets made by formula. Deals the labels (exact counts, in a random order), then lets the row's paint
 * function draw inputs and targets. Train and test have streams of their own; the first examples of a larger set
 * without classes are those of a smaller one. */
#include <stdlib.h>

#include "data/sets.h"

static int generated_shape(const struct data_spec *spec, struct shape *shape, struct err *err)
{
	const struct dataset_row *row = dataset_row(spec);
	shape->inputs = row->inputs > 0 ? row->inputs : (int)spec->features;
	shape->classes = spec->classes.n > 0 ? spec->classes.n : row->classes;
	shape->targets = row->targets;
	return 0;
}

static int generated_content(const struct data_spec *spec, struct text *content, struct err *err)
{
	const struct dataset_row *row = dataset_row(spec);
	text_add(content, "%s=%d\n", row->name, row->version);
	return 0;
}

/* labels[order[j]] = class of the jth when they stand sorted by class, order a random permutation; nth[i] counts the
 * examples of the same class before i. */
static int deal_labels(const struct data_spec *spec, int p, int classes, int64_t n, int32_t *labels, int64_t *nth,
		       struct err *err)
{
	const struct rng rng = rng_stream((uint32_t)spec->data_seed, RNG_DATA, (uint32_t)p, 1);
	int64_t count[CLASSES_MAX], seen[CLASSES_MAX] = {0}, j = 0;
	uint32_t *order = malloc((size_t)n * sizeof *order);
	if (!order)
		return err_set(err, ERR_SYSTEM, "out of memory for the order of %lld examples", (long long)n);
	rng_permutation(&rng, (uint32_t)n, order);
	class_counts(n, classes, spec->class_ratio.n > 0 ? spec->class_ratio.v : NULL, count);
	for (int c = 0; c < classes; c++)
		for (int64_t k = 0; k < count[c]; k++)
			labels[order[j++]] = c;
	for (int64_t i = 0; i < n; i++)
		nth[i] = seen[labels[i]]++;
	free(order);
	return 0;
}

static int fill(const struct data_spec *spec, struct draft *draft, int p, struct err *err)
{
	const struct dataset_row *row = dataset_row(spec);
	struct part *part = &draft->part[p];
	int64_t *nth = NULL;
	if (part->labels) {
		nth = malloc((size_t)part->n * sizeof *nth);
		if (!nth)
			return err_set(err, ERR_SYSTEM, "out of memory for %lld labels", (long long)part->n);
		if (deal_labels(spec, p, draft->shape.classes, part->n, part->labels, nth, err) != 0) {
			free(nth);
			return -1;
		}
	}
	const struct canvas canvas = {
		.spec = spec,
		.data = rng_stream((uint32_t)spec->data_seed, RNG_DATA, (uint32_t)p, 0),
		.noise = rng_stream((uint32_t)spec->data_seed, RNG_NOISE, (uint32_t)p, 0),
		.n = part->n,
		.I = draft->shape.inputs,
		.labels = part->labels,
		.nth = nth,
		.x = part->values,
		.y = part->targets,
	};
	const int failed = row->paint(&canvas, err);
	free(nth);
	return failed;
}

static int generated_load(const struct data_spec *spec, struct draft *draft, struct err *err)
{
	const int64_t n[2] = {spec->train, spec->test};
	struct shape shape;
	if (generated_shape(spec, &shape, err) != 0 || draft_allocate(draft, shape, n, false, err) != 0)
		return -1;
	for (int p = TRAIN; p <= TEST; p++)
		if (fill(spec, draft, p, err) != 0)
			return -1;
	return 0;
}

const struct source generated_source = {generated_shape, generated_content, generated_load};
