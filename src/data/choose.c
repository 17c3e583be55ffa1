/* choose.c: which examples of a file are used, and how many of each class.
 *
 * Depends on the labels in the file and the spec alone. Without class_ratio a smaller choice is the beginning of a
 * larger one of equal seed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/sets.h"

void class_counts(int64_t n, int classes, const double *weight, int64_t *count)
{
	double sum = 0, rest[CLASSES_MAX];
	int64_t left = n;
	for (int c = 0; c < classes; c++)
		sum += weight ? weight[c] : 1;
	for (int c = 0; c < classes; c++) {
		const double share = (double)n * (weight ? weight[c] : 1) / sum;
		count[c] = (int64_t)floor(share);
		rest[c] = share - floor(share);
		left -= count[c];
	}
	while (left > 0) {
		int most = 0;
		for (int c = 1; c < classes; c++)
			if (rest[c] > rest[most])
				most = c;
		count[most]++;
		rest[most] -= 1;
		left--;
	}
}

static bool fits(const int64_t *count, const int64_t *have, int classes)
{
	for (int c = 0; c < classes; c++)
		if (count[c] > have[c])
			return false;
	return true;
}

/* The most examples of which every class has its share. */
static int64_t most_in_ratio(const struct numbers *weight, const int64_t *have, int classes, int64_t *count)
{
	double sum = 0, most = INFINITY;
	for (int c = 0; c < classes; c++)
		sum += weight->v[c];
	for (int c = 0; c < classes; c++)
		most = fmin(most, (double)have[c] * (sum / weight->v[c]));
	/* rounding a remainder up may help by less than one example of each class */
	for (int64_t n = (int64_t)most + classes; n > 0; n--) {
		class_counts(n, classes, weight->v, count);
		if (fits(count, have, classes))
			return n;
	}
	return 0;
}

static int too_few(const int64_t *count, const int64_t *have, int classes, const int32_t *label, const char *what,
		   struct err *err)
{
	for (int c = 0; c < classes; c++)
		if (count[c] > have[c])
			return err_set(err, ERR_INPUT,
				       "class %d has %lld %s, and 'class_ratio' takes %lld\ntry: fewer examples or "
				       "another ratio",
				       (int)label[c], (long long)have[c], what, (long long)count[c]);
	BUG("no class is short");
}

/* Walks the permutation, taking an example while its class has some left in count. */
static int take(const int32_t *class_of, int64_t N, int64_t *count, const struct rng *rng, struct choice *choice,
		struct err *err)
{
	uint32_t *order = malloc((size_t)N * sizeof *order);
	int64_t n = 0;
	choice->index = malloc((size_t)choice->n * sizeof *choice->index);
	if (!order || !choice->index) {
		free(order);
		free(choice->index);
		choice->index = NULL;
		return err_set(err, ERR_SYSTEM, "out of memory for the order of %lld examples", (long long)N);
	}
	rng_permutation(rng, (uint32_t)N, order);
	for (int64_t i = 0; i < N && n < choice->n; i++) {
		const int32_t class = class_of[order[i]];
		if (class < 0 || (count && count[class] == 0))
			continue;
		if (count)
			count[class]--;
		choice->index[n++] = order[i];
	}
	free(order);
	if (n != choice->n)
		BUG("chose %lld of %lld examples", (long long)n, (long long)choice->n);
	return 0;
}

int choose_examples(const int32_t *class_of, int64_t N, int classes, const int32_t *label, const struct numbers *weight,
		    int64_t want, const struct rng *rng, const char *what, struct choice *choice, struct err *err)
{
	int64_t have[CLASSES_MAX] = {0}, count[CLASSES_MAX], all = 0;
	const bool ratio = weight->n > 0;
	*choice = (struct choice){0};
	for (int64_t i = 0; i < N; i++)
		if (class_of[i] >= 0) {
			have[class_of[i]]++;
			all++;
		}
	if (ratio && weight->n != classes)
		return err_set(err, ERR_INPUT, "'class_ratio' has %d numbers for %d classes of the %s", weight->n,
			       classes, what);
	if (all == 0)
		return err_set(err, ERR_INPUT, "there are no %s", what);
	choice->n = want > 0 ? want : ratio ? most_in_ratio(weight, have, classes, count) : all;
	if (choice->n > all)
		return err_set(err, ERR_INPUT, "%lld examples asked for, but there are %lld %s", (long long)want,
			       (long long)all, what);
	if (ratio) {
		class_counts(choice->n, classes, weight->v, count);
		if (choice->n == 0)
			class_counts(classes, classes, NULL, count);
		if (choice->n == 0 || !fits(count, have, classes))
			return too_few(count, have, classes, label, what, err);
	}
	return take(class_of, N, ratio ? count : NULL, rng, choice, err);
}

static int by_value(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

/* The distinct labels, ascending. */
static int distinct(const int32_t *labels, int64_t N, const char *path, int32_t *list, int *classes, struct err *err)
{
	int n = 0;
	for (int64_t i = 0; i < N; i++) {
		int at = 0;
		if (bsearch(&labels[i], list, (size_t)n, sizeof *list, by_value))
			continue;
		if (n == CLASSES_MAX)
			return err_set(
				err, ERR_INPUT,
				"'%s' has more than %d different labels\ntry: fewer classes; in a CSV file numbers "
				"written with a decimal point are the target of a regression",
				path, CLASSES_MAX);
		while (at < n && list[at] < labels[i])
			at++;
		memmove(list + at + 1, list + at, (size_t)(n - at) * sizeof *list);
		list[at] = labels[i];
		n++;
	}
	if (n < 2)
		return err_set(err, ERR_INPUT, "'%s' has one class only: every label is %d", path, (int)list[0]);
	*classes = n;
	return 0;
}

int class_list(const struct data_spec *spec, const int32_t *labels, int64_t N, const char *path, int32_t *list,
	       int *classes, struct err *err)
{
	int32_t there[CLASSES_MAX] = {0};
	int known = 0;
	if (distinct(labels, N, path, there, &known, err) != 0)
		return -1;
	if (spec->classes.n == 0) {
		memcpy(list, there, (size_t)known * sizeof *list);
		*classes = known;
		return 0;
	}
	*classes = spec->classes.n;
	for (int c = 0; c < *classes; c++) {
		list[c] = (int32_t)spec->classes.v[c];
		if (bsearch(&list[c], there, (size_t)known, sizeof *there, by_value))
			continue;
		struct text all = TEXT_INIT;
		for (int k = 0; k < known && k < 20; k++)
			text_add(&all, k > 0 ? ", %d" : "%d", (int)there[k]);
		err_set(err, ERR_INPUT, "no example in '%s' has the label %d of 'classes'\nits labels: %s%s", path,
			(int)list[c], all.at, known > 20 ? ", …" : "");
		text_release(&all);
		return -1;
	}
	return 0;
}

void class_map(const int32_t *labels, int64_t N, const int32_t *list, int classes, int32_t *class_of)
{
	for (int64_t i = 0; i < N; i++) {
		class_of[i] = -1;
		for (int c = 0; c < classes; c++)
			if (list[c] == labels[i]) {
				class_of[i] = c;
				break;
			}
	}
}
