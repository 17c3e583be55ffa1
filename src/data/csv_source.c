/* csv_source.c: a dataset from one CSV file (the grammar: csv.h), divided at random into training and test examples.
 *
 * train: n and test: m are drawn from the rows; the one that is 0 is what the other leaves. Both 0 is refused: nobody
 * said what to test on. No row is ever in both. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "data/sets.h"

/* The rows while they are divided. */
struct rows {
	struct csv csv;
	int classes;
	int32_t list[CLASSES_MAX]; /* label of each class */
	int32_t *class_of;         /* of each row; −1: not wanted, or chosen already. 0 for all in a regression */
};

static struct shape shape_of(const struct rows *rows)
{
	return (struct shape){rows->csv.columns - 1, rows->classes, rows->classes > 0 ? 0 : 1};
}

static void rows_release(struct rows *rows)
{
	csv_release(&rows->csv);
	free(rows->class_of);
}

static int regression_takes_no_classes(const struct data_spec *spec, struct err *err)
{
	if (spec->classes.n == 0 && spec->class_ratio.n == 0)
		return 0;
	return err_set(err, ERR_INPUT,
		       "'%s' has no classes to choose: its last column is not labels\n"
		       "labels are whole numbers from 0, written in digits alone",
		       spec->path);
}

static int find_classes(const struct data_spec *spec, struct rows *rows, struct err *err)
{
	const struct csv *csv = &rows->csv;
	const size_t n = (size_t)csv->rows;
	if (!csv->labelled)
		return regression_takes_no_classes(spec, err);
	int32_t *label = malloc(n * sizeof *label);
	if (!label)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu labels", n);
	for (size_t i = 0; i < n; i++)
		label[i] = (int32_t)csv->values[(i + 1) * (size_t)csv->columns - 1];
	const int failed = class_list(spec, label, csv->rows, spec->path, rows->list, &rows->classes, err);
	if (!failed)
		class_map(label, csv->rows, rows->list, rows->classes, rows->class_of);
	free(label);
	return failed;
}

static int rows_read(const struct data_spec *spec, struct rows *rows, struct err *err)
{
	*rows = (struct rows){.classes = 0};
	if (csv_read(&rows->csv, spec->path, err) != 0)
		return -1;
	if (rows->csv.rows > UINT32_MAX)
		return err_set(err, ERR_INPUT, "'%s' has %lld rows, more than 2^32", spec->path,
			       (long long)rows->csv.rows);
	rows->class_of = calloc((size_t)rows->csv.rows, sizeof *rows->class_of);
	if (!rows->class_of)
		return err_set(err, ERR_SYSTEM, "out of memory for %lld rows", (long long)rows->csv.rows);
	return find_classes(spec, rows, err);
}

static int csv_shape(const struct data_spec *spec, struct shape *shape, struct err *err)
{
	struct rows rows;
	const int failed = rows_read(spec, &rows, err);
	if (!failed)
		*shape = shape_of(&rows);
	rows_release(&rows);
	return failed;
}

static int csv_content(const struct data_spec *spec, struct text *content, struct err *err)
{
	return content_file(content, "csv", spec->path, err);
}

static int choose_part(const struct data_spec *spec, struct rows *rows, int p, struct choice *choice, struct err *err)
{
	char what[PATH_MAX + 64];
	const int64_t want = p == TRAIN ? spec->train : spec->test;
	const struct rng rng = rng_stream((uint32_t)spec->data_seed, RNG_SUBSET, (uint32_t)p, 0);
	snprintf(what, sizeof what, "rows for %s in '%s'", p == TRAIN ? "training" : "testing", spec->path);
	if (choose_examples(rows->class_of, rows->csv.rows, rows->classes > 0 ? rows->classes : 1, rows->list,
			    &spec->class_ratio, want, &rng, what, choice, err) != 0)
		return -1;
	return 0;
}

static void copy_part(const struct rows *rows, const struct choice *choice, struct part *part)
{
	const size_t columns = (size_t)rows->csv.columns, I = columns - 1;
	for (size_t k = 0; k < (size_t)choice->n; k++) {
		const double *row = rows->csv.values + choice->index[k] * columns;
		memcpy(part->values + k * I, row, I * sizeof *row);
		if (part->targets)
			part->targets[k] = row[I];
	}
}

/* Chooses one part and marks its rows as gone; the classes of the chosen are kept in class_of_chosen. */
static int choose_and_mark(const struct data_spec *spec, struct rows *rows, int p, struct choice *choice,
			   int32_t **class_of_chosen, struct err *err)
{
	if (choose_part(spec, rows, p, choice, err) != 0)
		return -1;
	*class_of_chosen = malloc((size_t)choice->n * sizeof **class_of_chosen);
	if (!*class_of_chosen)
		return err_set(err, ERR_SYSTEM, "out of memory for %lld labels", (long long)choice->n);
	for (int64_t k = 0; k < choice->n; k++) {
		int32_t *class = &rows->class_of[choice->index[k]];
		(*class_of_chosen)[k] = *class;
		*class = -1;
	}
	return 0;
}

static int csv_load(const struct data_spec *spec, struct draft *draft, struct err *err)
{
	struct rows rows;
	struct choice choice[2] = {{0}, {0}};
	int32_t *labels[2] = {NULL, NULL};
	const int first = spec->train > 0 ? TRAIN : TEST, second = TRAIN + TEST - first;
	int failed = -1;
	if (rows_read(spec, &rows, err) != 0 ||
	    choose_and_mark(spec, &rows, first, &choice[first], &labels[first], err) != 0 ||
	    choose_and_mark(spec, &rows, second, &choice[second], &labels[second], err) != 0)
		goto done;
	if (draft_allocate(draft, shape_of(&rows), (int64_t[]){choice[TRAIN].n, choice[TEST].n}, false, err) != 0)
		goto done;
	for (int p = TRAIN; p <= TEST; p++) {
		struct part *part = &draft->part[p];
		copy_part(&rows, &choice[p], part);
		if (part->labels)
			memcpy(part->labels, labels[p], (size_t)part->n * sizeof *part->labels);
	}
	failed = 0;
done:
	for (int p = TRAIN; p <= TEST; p++) {
		free(choice[p].index);
		free(labels[p]);
	}
	rows_release(&rows);
	return failed;
}

const struct source csv_source = {csv_shape, csv_content, csv_load};
