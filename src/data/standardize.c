/* standardize.c: shift and scale of the inputs, from the training examples that were chosen; the test examples never
 * count.
 *
 * (x − mean) / deviation, with mean = Σ x / n and deviation = √(Σ (x − mean)² / n) in double, in the order of the
 * examples, the sums taken relative to the first value so that a constant has exactly no variance. An input of no
 * variance keeps its unit: scale 1, of bytes 1/255. Regression targets are left alone. */
#include <math.h>

#include "data/sets.h"

static const char *const names[][2] = {
	{"none", "inputs as they are; bytes b as b/255"},
	{"global", "minus the mean, over the deviation, of all inputs of the training examples together"},
	{"feature", "each input by its own mean and deviation over the training examples"},
};
const struct table standardize_table = TABLE("standardisation", names);

/* Without bounds checks: k < n · I. */
static inline double value(const struct part *part, size_t k)
{
	return part->bytes ? part->bytes[k] : part->values[k];
}

static void by_feature(struct draft *draft, double unit)
{
	const struct part *train = &draft->part[TRAIN];
	const size_t I = (size_t)draft->shape.inputs, n = (size_t)train->n;
	double *shift = draft->shift, *scale = draft->scale;
	for (size_t i = 0; i < I; i++)
		shift[i] = scale[i] = 0;
	for (size_t b = 1; b < n; b++)
		for (size_t i = 0; i < I; i++)
			shift[i] += value(train, b * I + i) - value(train, i);
	for (size_t i = 0; i < I; i++)
		shift[i] = value(train, i) + shift[i] / (double)n;
	for (size_t b = 0; b < n; b++)
		for (size_t i = 0; i < I; i++) {
			const double d = value(train, b * I + i) - shift[i];
			scale[i] += d * d;
		}
	for (size_t i = 0; i < I; i++)
		scale[i] = scale[i] > 0 ? 1 / sqrt(scale[i] / (double)n) : unit;
}

static void global(struct draft *draft, double unit)
{
	const struct part *train = &draft->part[TRAIN];
	const size_t all = (size_t)train->n * (size_t)draft->shape.inputs;
	double sum = 0, squares = 0;
	for (size_t k = 1; k < all; k++)
		sum += value(train, k) - value(train, 0);
	const double mean = value(train, 0) + sum / (double)all;
	for (size_t k = 0; k < all; k++) {
		const double d = value(train, k) - mean;
		squares += d * d;
	}
	for (int i = 0; i < draft->shape.inputs; i++) {
		draft->shift[i] = mean;
		draft->scale[i] = squares > 0 ? 1 / sqrt(squares / (double)all) : unit;
	}
}

void draft_standardize(struct draft *draft, enum standardize how)
{
	const double unit = draft->part[TRAIN].bytes ? 1. / 255 : 1;
	switch (how) {
	case STANDARDIZE_NONE:
		for (int i = 0; i < draft->shape.inputs; i++) {
			draft->shift[i] = 0;
			draft->scale[i] = unit;
		}
		break;
	case STANDARDIZE_GLOBAL:
		global(draft, unit);
		break;
	case STANDARDIZE_FEATURE:
		by_feature(draft, unit);
		break;
	}
}
