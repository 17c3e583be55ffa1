/* idx_source.c: a dataset from a folder of four IDX files: train-images-idx3-ubyte, train-labels-idx1-ubyte and the
 * same two of t10k, each also with ".gz", and with "." for the last "-" but one. Images stay bytes; only those that
 * were chosen are kept. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "data/idx.h"
#include "data/sets.h"

enum { IMAGES, LABELS };

static const char *const stems[2][2] = {{"train-images", "train-labels"}, {"t10k-images", "t10k-labels"}};
static const char *const ends[2] = {"idx3-ubyte", "idx1-ubyte"};

static int find_file(const struct data_spec *spec, int p, int what, char path[PATH_MAX], struct err *err)
{
	static const char *const forms[] = {"%s/%s-%s", "%s/%s-%s.gz", "%s/%s.%s", "%s/%s.%s.gz"};
	const struct dataset_row *row = dataset_row(spec);
	const bool given = spec->path && *spec->path;
	const char *folder = given ? spec->path : row->folder;
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		const int n = snprintf(path, PATH_MAX, forms[f], folder, stems[p][what], ends[what]);
		if (n < PATH_MAX && file_exists(path))
			return 0;
	}
	err_set(err, ERR_INPUT, "there is no '%s-%s' nor '%s-%s.gz' in '%s'", stems[p][what], ends[what],
		stems[p][what], ends[what], folder);
	if (row->package && !given)
		return err_add(err,
			       "try: install the package '%s' (apt-get install %s), or say where the files are: path",
			       row->package, row->package);
	return err_add(err, "try: a 'path' to a folder with the four IDX files");
}

/* One part of the data: its files, its labels, what is chosen of it. */
struct half {
	char images[PATH_MAX], labels[PATH_MAX];
	int64_t N;
	int width;
	int32_t *label;    /* N, as in the file */
	int32_t *class_of; /* N */
	struct choice choice;
};

static int read_labels(struct half *half, struct err *err)
{
	struct idx idx;
	uint8_t *bytes = NULL;
	int failed = -1;
	if (idx_open(&idx, half->labels, IDX_LABELS, err) != 0)
		return -1;
	half->N = idx.N;
	bytes = malloc(idx.N);
	half->label = malloc(idx.N * sizeof *half->label);
	half->class_of = malloc(idx.N * sizeof *half->class_of);
	if (!bytes || !half->label || !half->class_of) {
		err_set(err, ERR_SYSTEM, "out of memory for the labels of '%s'", half->labels);
		goto done;
	}
	if (idx_rest(&idx, bytes, err) != 0 || idx_end(&idx, err) != 0)
		goto done;
	for (int64_t i = 0; i < half->N; i++)
		half->label[i] = bytes[i];
	failed = 0;
done:
	free(bytes);
	idx_close(&idx);
	return failed;
}

/* Finds the files of a part, reads its labels and the header of its images. */
static int half_open(const struct data_spec *spec, int p, struct half *half, struct err *err)
{
	struct idx idx;
	if (find_file(spec, p, IMAGES, half->images, err) != 0 || find_file(spec, p, LABELS, half->labels, err) != 0)
		return -1;
	if (idx_open(&idx, half->images, IDX_IMAGES, err) != 0)
		return -1;
	half->width = idx.width;
	idx_close(&idx);
	if (read_labels(half, err) != 0)
		return -1;
	if (half->N != idx.N)
		return err_set(
			err, ERR_INPUT,
			"'%s' has %lld labels, but '%s' has %lld images\ntry: fetch both files again, from one place",
			half->labels, (long long)half->N, half->images, (long long)idx.N);
	return 0;
}

static int half_choose(const struct data_spec *spec, int p, struct half *half, const int32_t *list, int classes,
		       struct err *err)
{
	char what[PATH_MAX + 64];
	const struct rng rng = rng_stream((uint32_t)spec->data_seed, RNG_SUBSET, (uint32_t)p, 0);
	class_map(half->label, half->N, list, classes, half->class_of);
	if (spec->classes.n == 0)
		for (int64_t i = 0; i < half->N; i++)
			if (half->class_of[i] < 0)
				return err_set(
					err, ERR_INPUT,
					"'%s' has the label %d, which no training example has\ntry: say which labels "
					"to keep: classes",
					half->labels, (int)half->label[i]);
	snprintf(what, sizeof what, "%s examples%s in '%s'", p == TRAIN ? "training" : "test",
		 spec->classes.n > 0 ? " of these classes" : "", half->labels);
	return choose_examples(half->class_of, half->N, classes, list, &spec->class_ratio,
			       p == TRAIN ? spec->train : spec->test, &rng, what, &half->choice, err);
}

/* Reads all images of a part and keeps the chosen ones, in the order chosen. */
static int half_read(const struct half *half, struct part *part, struct err *err)
{
	struct idx idx;
	uint32_t *place = calloc((size_t)half->N, sizeof *place); /* position in part + 1; 0: not chosen */
	uint8_t *unused = malloc((size_t)half->width);
	int failed = -1;
	if (idx_open(&idx, half->images, IDX_IMAGES, err) != 0)
		goto done;
	if (!place || !unused) {
		err_set(err, ERR_SYSTEM, "out of memory to read '%s'", half->images);
		goto done;
	}
	if (idx.N != half->N || idx.width != half->width) {
		err_set(err, ERR_INPUT, "'%s' changed while it was read", half->images);
		goto done;
	}
	for (int64_t k = 0; k < part->n; k++) {
		place[half->choice.index[k]] = (uint32_t)k + 1;
		part->labels[k] = half->class_of[half->choice.index[k]];
	}
	for (int64_t i = 0; i < half->N; i++) {
		uint8_t *to = place[i] > 0 ? part->bytes + (size_t)(place[i] - 1) * (size_t)half->width : unused;
		if (idx_item(&idx, to, err) != 0)
			goto done;
	}
	failed = idx_end(&idx, err);
done:
	idx_close(&idx);
	free(place);
	free(unused);
	return failed;
}

static void half_release(struct half *half)
{
	free(half->label);
	free(half->class_of);
	free(half->choice.index);
}

static int idx_shape(const struct data_spec *spec, struct shape *shape, struct err *err)
{
	struct idx idx;
	struct half train = {.N = 0};
	int32_t list[CLASSES_MAX];
	int failed = -1;
	*shape = (struct shape){.classes = spec->classes.n > 0 ? spec->classes.n : dataset_row(spec)->classes};
	if (find_file(spec, TRAIN, IMAGES, train.images, err) != 0 ||
	    idx_open(&idx, train.images, IDX_IMAGES, err) != 0)
		return -1;
	shape->inputs = idx.width;
	idx_close(&idx);
	if (shape->classes > 0)
		return 0;
	if (find_file(spec, TRAIN, LABELS, train.labels, err) == 0 && read_labels(&train, err) == 0)
		failed = class_list(spec, train.label, train.N, train.labels, list, &shape->classes, err);
	half_release(&train);
	return failed;
}

static int idx_content(const struct data_spec *spec, struct text *content, struct err *err)
{
	char path[PATH_MAX];
	text_add(content, "idx\n");
	for (int p = TRAIN; p <= TEST; p++)
		for (int what = IMAGES; what <= LABELS; what++)
			if (find_file(spec, p, what, path, err) != 0 ||
			    content_file(content, stems[p][what], path, err) != 0)
				return -1;
	return 0;
}

static int choose_and_read(const struct data_spec *spec, struct half half[2], struct draft *draft, struct err *err)
{
	const struct dataset_row *row = dataset_row(spec);
	int32_t list[CLASSES_MAX];
	int classes;
	if (half_open(spec, TRAIN, &half[TRAIN], err) != 0 || half_open(spec, TEST, &half[TEST], err) != 0)
		return -1;
	if (half[TRAIN].width != half[TEST].width)
		return err_set(err, ERR_INPUT, "the images of '%s' have %d bytes, those of '%s' %d", half[TRAIN].images,
			       half[TRAIN].width, half[TEST].images, half[TEST].width);
	if (class_list(spec, half[TRAIN].label, half[TRAIN].N, half[TRAIN].labels, list, &classes, err) != 0)
		return -1;
	if (spec->classes.n == 0 && row->classes > 0 && classes != row->classes)
		return err_set(err, ERR_INPUT, "'%s' has %d classes, the data set '%s' has %d\ntry: set: idx",
			       half[TRAIN].labels, classes, row->name, row->classes);
	for (int p = TRAIN; p <= TEST; p++)
		if (half_choose(spec, p, &half[p], list, classes, err) != 0)
			return -1;
	const int64_t n[2] = {half[TRAIN].choice.n, half[TEST].choice.n};
	if (draft_allocate(draft, (struct shape){half[TRAIN].width, classes, 0}, n, true, err) != 0)
		return -1;
	for (int p = TRAIN; p <= TEST; p++)
		if (half_read(&half[p], &draft->part[p], err) != 0)
			return -1;
	return 0;
}

static int idx_load(const struct data_spec *spec, struct draft *draft, struct err *err)
{
	struct half half[2] = {{.N = 0}, {.N = 0}};
	const int failed = choose_and_read(spec, half, draft, err);
	half_release(&half[TRAIN]);
	half_release(&half[TEST]);
	return failed;
}

const struct source idx_source = {idx_shape, idx_content, idx_load};
