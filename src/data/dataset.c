/* dataset.c: the table of data sets and what is common to all: shape, identity, loading.
 *
 * To add a set: a row at the end of dataset_rows. A generated one needs a paint function (generators.c, regression.c);
 * a new file format needs a source (idx.c is the example). Everything else loops over the table. */
#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "data/sets.h"

/* clang-format off */
static const struct dataset_row dataset_rows[] = {
	{"fashion-mnist", "70,000 clothes of 10 classes, 28 × 28 bytes (Debian: dataset-fashion-mnist)", &idx_source,
	 .uses = USE_PATH | USE_CLASSES | USE_RATIO, .classes = 10,
	 .folder = "/usr/share/datasets/fashion-mnist", .package = "dataset-fashion-mnist"},
	{"idx", "a folder of the four files of MNIST and its kin, plain or gzipped: path", &idx_source,
	 .uses = USE_PATH | USE_CLASSES | USE_RATIO},
	{"csv", "a file of numbers separated by commas, label or target last: path", &csv_source,
	 .uses = USE_PATH | USE_CLASSES | USE_RATIO},
	{"circles", "two concentric rings, radius 1 and 0.5, plus noise", &generated_source,
	 .uses = USE_RATIO | USE_NOISE, .classes = 2, .version = 1, .inputs = 2, .paint = paint_circles},
	{"moons", "two interleaving half circles, plus noise", &generated_source,
	 .uses = USE_RATIO | USE_NOISE, .classes = 2, .version = 1, .inputs = 2, .paint = paint_moons},
	{"spirals", "two interleaving spirals of 1.75 turns, plus noise", &generated_source,
	 .uses = USE_RATIO | USE_NOISE, .classes = 2, .version = 1, .inputs = 2, .paint = paint_spirals},
	{"gaussians", "round clouds of deviation noise, centres 1 from the origin, one a label", &generated_source,
	 .uses = USE_CLASSES | USE_RATIO | USE_FEATURES | USE_NOISE, .classes = 2, .version = 1,
	 .paint = paint_gaussians},
	{"xor", "the four corners (±1, ±1), equal signs against unequal, plus noise", &generated_source,
	 .uses = USE_RATIO | USE_NOISE, .classes = 2, .version = 1, .inputs = 2, .paint = paint_xor},
	{"parity", "signs ±1: is the number of +1 odd? noise is the share of flipped labels", &generated_source,
	 .uses = USE_RATIO | USE_FEATURES | USE_NOISE, .classes = 2, .version = 1, .paint = paint_parity},
	{"teacher", "regression on the output of a random tanh network, plus noise", &generated_source,
	 .uses = USE_FEATURES | USE_NOISE, .version = 1, .targets = 1, .paint = paint_teacher},
	{"function", "regression on a function of one number in [-1, 1], plus noise: function", &generated_source,
	 .uses = USE_NOISE | USE_FUNCTION, .version = 1, .inputs = 1, .targets = 1, .paint = paint_function},
};
/* clang-format on */

const struct table dataset_table = TABLE("data set", dataset_rows);

const struct data_spec data_spec_default = {
	.path = "",
	.train = 2000,
	.test = 1000,
	.features = 2,
	.standardize = STANDARDIZE_GLOBAL,
};

const struct dataset_row *dataset_row(const struct data_spec *spec)
{
	if (spec->set < 0 || (size_t)spec->set >= dataset_table.n)
		BUG("no data set %d", spec->set);
	return &dataset_rows[spec->set];
}

int dataset_shape(const struct data_spec *spec, int *inputs, int *classes, int *targets, struct err *err)
{
	struct shape shape = {0};
	if (data_spec_check(spec, err) != 0 || dataset_row(spec)->source->shape(spec, &shape, err) != 0)
		return -1;
	*inputs = shape.inputs;
	*classes = shape.classes;
	*targets = shape.targets;
	return 0;
}

/* classes: [0, 1, … all of them] is what is meant without it. */
static bool classes_all(const struct dataset_row *row, const struct numbers *classes)
{
	if (classes->n != row->classes)
		return classes->n == 0;
	for (int c = 0; c < classes->n; c++)
		if (classes->v[c] != c)
			return false;
	return true;
}

static void add_numbers(struct text *text, const char *name, const struct numbers *numbers, double divisor)
{
	text_add(text, "%s=", name);
	for (int i = 0; i < numbers->n; i++) {
		text_add(text, i > 0 ? "," : "");
		text_add_double(text, numbers->v[i] / divisor);
	}
	text_add(text, "\n");
}

/* The settings that change the examples or how the network sees them; one a line, never reordered. */
static void add_settings(const struct data_spec *spec, struct text *text)
{
	const struct dataset_row *row = dataset_row(spec);
	double sum = 0;
	text_add(text, "train=%lld\ntest=%lld\nseed=%lld\nstandardize=%s\n", (long long)spec->train,
		 (long long)spec->test, (long long)spec->data_seed,
		 table_name(&standardize_table, (size_t)spec->standardize));
	if (row->uses & USE_CLASSES && !classes_all(row, &spec->classes))
		add_numbers(text, "classes", &spec->classes, 1);
	for (int c = 0; c < spec->class_ratio.n; c++)
		sum += spec->class_ratio.v[c];
	if (row->uses & USE_RATIO && spec->class_ratio.n > 0)
		add_numbers(text, "ratio", &spec->class_ratio, sum);
	if (row->uses & USE_FEATURES)
		text_add(text, "features=%lld\n", (long long)spec->features);
	if (row->uses & USE_NOISE)
		add_numbers(text, "noise", &(struct numbers){1, &spec->noise}, 1);
	if (row->uses & USE_FUNCTION)
		text_add(text, "function=%s\n", table_name(&function_table, (size_t)spec->function));
}

int dataset_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	struct text text = TEXT_INIT;
	if (data_spec_check(spec, err) != 0)
		return -1;
	const int failed = dataset_row(spec)->source->content(spec, &text, err);
	if (!failed) {
		add_settings(spec, &text);
		*identity = XXH3_64bits(text.at, text.length);
	}
	text_release(&text);
	return failed;
}

/* Bytes of the pieces of a block, each on a cache line of its own; −1 when that is more than a size_t holds. */
static int block_add(size_t *size, int64_t n, int64_t width, size_t bytes)
{
	size_t piece;
	if (__builtin_mul_overflow((size_t)n, (size_t)width, &piece) || __builtin_mul_overflow(piece, bytes, &piece) ||
	    __builtin_add_overflow(*size, piece + 63, size) || piece > SIZE_MAX / 2)
		return -1;
	*size &= ~(size_t)63;
	return 0;
}

/* Where everything lies from block on, and how much that is: called once to measure (block NULL), once to place. */
static int layout(struct draft *draft, const int64_t n[2], bool bytes, char *block, size_t *size)
{
	const struct shape shape = draft->shape;
	*size = 0;
#define PLACE(pointer, count, width)                                                                                   \
	do {                                                                                                           \
		(pointer) = block ? (void *)(block + *size) : NULL;                                                    \
		if (block_add(size, (count), (width), sizeof *(pointer)) != 0)                                         \
			return -1;                                                                                     \
	} while (0)
	PLACE(draft->shift, 1, shape.inputs);
	PLACE(draft->scale, 1, shape.inputs);
	for (int p = TRAIN; p <= TEST; p++) {
		struct part *part = &draft->part[p];
		part->n = n[p];
		if (bytes)
			PLACE(part->bytes, n[p], shape.inputs);
		else
			PLACE(part->values, n[p], shape.inputs);
		if (shape.classes > 0)
			PLACE(part->labels, n[p], 1);
		else
			PLACE(part->targets, n[p], shape.targets);
	}
#undef PLACE
	return 0;
}

int draft_allocate(struct draft *draft, struct shape shape, const int64_t n[2], bool bytes, struct err *err)
{
	size_t size;
	*draft = (struct draft){.shape = shape};
	if (layout(draft, n, bytes, NULL, &size) != 0 || (draft->memory = aligned_alloc(64, size)) == NULL)
		return err_set(err, ERR_SYSTEM,
			       "out of memory for %lld + %lld examples of %d inputs\ntry: smaller 'train' and 'test'",
			       (long long)n[TRAIN], (long long)n[TEST], shape.inputs);
	memset(draft->memory, 0, size);
	layout(draft, n, bytes, draft->memory, &size);
	return 0;
}

static struct examples finished(const struct part *part)
{
	return (struct examples){part->n, part->bytes, part->values, part->labels, part->targets};
}

int dataset_load(const struct data_spec *spec, struct dataset *dataset, struct err *err)
{
	struct draft draft = {0};
	*dataset = (struct dataset){0};
	if (dataset_identity(spec, &dataset->identity, err) != 0)
		return -1;
	if (dataset_row(spec)->source->load(spec, &draft, err) != 0) {
		free(draft.memory);
		return -1;
	}
	draft_standardize(&draft, (enum standardize)spec->standardize);
	dataset->I = draft.shape.inputs;
	dataset->classes = draft.shape.classes;
	dataset->targets = draft.shape.targets;
	dataset->train = finished(&draft.part[TRAIN]);
	dataset->test = finished(&draft.part[TEST]);
	dataset->shift = draft.shift;
	dataset->scale = draft.scale;
	dataset->memory = draft.memory;
	return 0;
}

void dataset_release(struct dataset *dataset)
{
	free(dataset->memory);
	*dataset = (struct dataset){0};
}
