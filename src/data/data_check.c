/* data_check.c: the faults of a data_spec that need no data to be seen. Every fault is one err_add, so that a study
 * shows them all. Whether the files are there and hold what is asked for is found out on loading (idx.c, csv.c). */
#include <math.h>

#include "data/sets.h"

static const int64_t examples_max = 1000000000;
static const int64_t features_max = 1000000;
static const double label_max = 2147483647;

static void check_unused(const struct data_spec *spec, const struct dataset_row *row, struct err *err)
{
	const struct data_spec *base = &data_spec_default;
	const struct {
		const char *key;
		unsigned use;
		bool given;
	} keys[] = {
		{"path", USE_PATH, spec->path && *spec->path},
		{"classes", USE_CLASSES, spec->classes.n > 0},
		{"class_ratio", USE_RATIO, spec->class_ratio.n > 0},
		{"features", USE_FEATURES, spec->features != 0 && spec->features != base->features},
		{"noise", USE_NOISE, spec->noise != 0 && spec->noise != base->noise},
		{"function", USE_FUNCTION, spec->function != base->function},
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].given && !(row->uses & keys[i].use))
			err_add(err, "the data set '%s' has no use for '%s'\ntry: leave it out", row->name,
				keys[i].key);
}

static void check_classes(const struct data_spec *spec, const struct dataset_row *row, struct err *err)
{
	const struct numbers *classes = &spec->classes;
	/* gaussians has two clouds if not told more, and centres for twice as many as features */
	const double known = row->uses & USE_FEATURES ? 2 * (double)spec->features : row->classes;
	if (!(row->uses & USE_CLASSES) || classes->n == 0)
		return;
	if (classes->n < 2)
		err_add(err, "'classes' names one label: a classifier needs two or more");
	if (classes->n > CLASSES_MAX)
		err_add(err, "'classes' names %d labels, more than %d", classes->n, CLASSES_MAX);
	for (int c = 0; c < classes->n; c++) {
		const double label = classes->v[c];
		char number[32];
		format_double(number, label);
		if (!(label >= 0 && label <= label_max && label == floor(label)))
			err_add(err, "%s in 'classes' is not a label: labels are whole numbers from 0", number);
		else if (known > 0 && label >= known)
			err_add(err, "the data set '%s'%s has no label %s: its labels are 0 … %.0f", row->name,
				row->uses & USE_FEATURES ? " with so many features" : "", number, known - 1);
		for (int d = 0; d < c; d++)
			if (classes->v[d] == label) {
				err_add(err, "'classes' names the label %s twice", number);
				break;
			}
	}
}

static void check_ratio(const struct data_spec *spec, const struct dataset_row *row, struct err *err)
{
	const struct numbers *ratio = &spec->class_ratio;
	const int classes = spec->classes.n > 0 ? spec->classes.n : row->classes;
	if (!(row->uses & USE_RATIO) || ratio->n == 0)
		return;
	if (ratio->n > CLASSES_MAX)
		err_add(err, "'class_ratio' has %d numbers, more than %d", ratio->n, CLASSES_MAX);
	else if (classes > 0 && ratio->n != classes)
		err_add(err,
			"'class_ratio' has %d numbers for %d classes\ntry: one for each class, in the order of "
			"'classes'",
			ratio->n, classes);
	for (int c = 0; c < ratio->n; c++)
		if (!(ratio->v[c] > 0 && isfinite(ratio->v[c]))) {
			char number[32];
			err_add(err, "%s in 'class_ratio' is not a share: shares are above 0",
				format_double(number, ratio->v[c]));
		}
}

static void check_counts(const struct data_spec *spec, const struct dataset_row *row, struct err *err)
{
	const int64_t n[2] = {spec->train, spec->test};
	static const char *const names[2] = {"train", "test"};
	for (int p = TRAIN; p <= TEST; p++) {
		if (n[p] < 0 || n[p] > examples_max)
			err_add(err, "'%s' is %lld: not in 0 … %lld", names[p], (long long)n[p],
				(long long)examples_max);
		if (n[p] == 0 && row->paint)
			err_add(err, "the data set '%s' is generated: it needs '%s', a number of examples", row->name,
				names[p]);
	}
	if (row->source == &csv_source && spec->train == 0 && spec->test == 0)
		err_add(err,
			"a CSV file has no test examples of its own: 'test' must say how many to set aside, or 'train' "
			"how many to train on");
}

static void check_numbers(const struct data_spec *spec, const struct dataset_row *row, struct err *err)
{
	char number[32];
	format_double(number, spec->noise);
	if (row->uses & USE_FEATURES && (spec->features < 1 || spec->features > features_max))
		err_add(err, "'features' is %lld: not in 1 … %lld", (long long)spec->features, (long long)features_max);
	if (!(spec->noise >= 0 && isfinite(spec->noise)))
		err_add(err, "'noise' is %s: it is a number from 0", number);
	else if (row->paint == paint_parity && spec->noise > 1)
		err_add(err, "'noise' is %s: for 'parity' it is the share of flipped labels, in 0 … 1", number);
	else if (row->paint == paint_gaussians && spec->noise == 0)
		err_add(err, "the data set 'gaussians' needs 'noise', the standard deviation of its clouds\n"
			     "try: noise: 1 (two clouds then overlap so that the best possible error is 16 %%)");
	if (spec->data_seed < 0 || spec->data_seed > UINT32_MAX)
		err_add(err, "'data_seed' is %lld: not in 0 … %lld", (long long)spec->data_seed, (long long)UINT32_MAX);
}

int data_spec_check(const struct data_spec *spec, struct err *err)
{
	const struct dataset_row *row = dataset_row(spec);
	struct err faults = {0};
	if (spec->function < 0 || (size_t)spec->function >= function_table.n || spec->standardize < 0 ||
	    (size_t)spec->standardize >= standardize_table.n)
		BUG("no function %d or standardisation %d", spec->function, spec->standardize);
	check_unused(spec, row, &faults);
	if (row->uses & USE_PATH && !row->folder && !(spec->path && *spec->path))
		err_add(&faults, "the data set '%s' needs 'path': where its %s", row->name,
			row->source == &csv_source ? "file is" : "four files are");
	check_classes(spec, row, &faults);
	check_ratio(spec, row, &faults);
	check_counts(spec, row, &faults);
	check_numbers(spec, row, &faults);
	return faults.length > 0 ? err_add(err, "%s", faults.text) : 0;
}
