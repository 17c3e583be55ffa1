/* sets.h: what the rows of dataset_table are made of; for this room alone (others: dataset.h).
 *
 * A row names a source (IDX files, CSV file, generator) and its particulars. A source answers shape and content without
 * the examples, and loads them into a draft: the dataset while it is being built.
 */
#ifndef FATHOM_SETS_H
#define FATHOM_SETS_H

#include "base/rng.h"
#include "base/text.h"
#include "data/dataset.h"

/* The parts of a dataset, and the layer of their random streams: train and test never share a draw. */
enum { TRAIN, TEST };

enum { CLASSES_MAX = 1024 };

/* Keys of a data_spec that not every set uses. All use train, test, standardize and data_seed. */
enum data_use {
	USE_PATH = 1,
	USE_CLASSES = 2,
	USE_RATIO = 4,
	USE_FEATURES = 8,
	USE_NOISE = 16,
	USE_FUNCTION = 32,
};

struct shape {
	int inputs, classes, targets; /* as I, classes, targets of struct dataset */
};

struct part {
	int64_t n;
	uint8_t *bytes; /* n × I, or NULL */
	double *values; /* n × I, or NULL */
	int32_t *labels;
	double *targets; /* n × targets */
};

struct draft {
	struct shape shape;
	struct part part[2];
	double *shift, *scale; /* I each */
	void *memory;          /* all of the above */
};

/* Places n[TRAIN] and n[TEST] examples of that shape, bytes or values, zeroed, in one block: draft->memory. */
int draft_allocate(struct draft *draft, struct shape shape, const int64_t n[2], bool bytes, struct err *err);

struct source {
	int (*shape)(const struct data_spec *spec, struct shape *shape, struct err *err);
	/* What the examples come from, as text for the identity: digests of files, version of a generator. */
	int (*content)(const struct data_spec *spec, struct text *content, struct err *err);
	int (*load)(const struct data_spec *spec, struct draft *draft, struct err *err);
};

extern const struct source idx_source, csv_source, generated_source;

/* What a generator works on: the inputs and targets of one part, its labels already dealt. */
struct canvas {
	const struct data_spec *spec;
	struct rng data, noise; /* RNG_DATA, RNG_NOISE of this part, step 0 */
	int64_t n;
	int I;
	int32_t *labels;    /* n, or NULL */
	const int64_t *nth; /* n: this is the nth example of its class (0 …), or NULL */
	double *x;          /* n × I */
	double *y;          /* n × targets, or NULL */
};

struct dataset_row {
	const char *name, *about;
	const struct source *source;
	unsigned uses; /* enum data_use */
	int classes;   /* labels are 0 … classes−1; 0: regression, or known from the file alone */
	/* sets in files: */
	const char *folder;  /* the default path; NULL: path must be given */
	const char *package; /* of Debian, that installs it there */
	/* generated sets: */
	int version; /* raised whenever the same settings would give other examples */
	int inputs;  /* 0: spec->features */
	int targets;
	int (*paint)(const struct canvas *canvas, struct err *err);
};

const struct dataset_row *dataset_row(const struct data_spec *spec);

/* The generators (generators.c, regression.c); each formula stands at its function. */
int paint_circles(const struct canvas *canvas, struct err *err);
int paint_moons(const struct canvas *canvas, struct err *err);
int paint_spirals(const struct canvas *canvas, struct err *err);
int paint_gaussians(const struct canvas *canvas, struct err *err);
int paint_xor(const struct canvas *canvas, struct err *err);
int paint_parity(const struct canvas *canvas, struct err *err);
int paint_teacher(const struct canvas *canvas, struct err *err);
int paint_function(const struct canvas *canvas, struct err *err);

/* ---- choose.c: which examples of a file are used, and how many of each class ---- */

/* count[c] of n examples in shares of weight[c] (any positive weights): exact where the shares are whole, else the
 * largest remainders are rounded up, of equals the first. weight NULL: equal weights. */
void class_counts(int64_t n, int classes, const double *weight, int64_t *count);

struct choice {
	int64_t n;
	uint32_t *index; /* malloced; n positions in the file, in their order of use */
};

/* Chooses `want` examples (0: all there are) of those N whose class is not −1, in the order of a permutation drawn
 * from rng, so that the first few are a fair sample. With weights, exactly class_counts of each class; wanting all
 * then means as many as the scarcest class allows. label[c] and what ("training examples in 'file'") are for the
 * message when there are too few. */
int choose_examples(const int32_t *class_of, int64_t N, int classes, const int32_t *label, const struct numbers *weight,
		    int64_t want, const struct rng *rng, const char *what, struct choice *choice, struct err *err);

/* The labels that become classes 0 …: spec->classes or, if not given, all in labels, ascending. list holds
 * CLASSES_MAX. */
int class_list(const struct data_spec *spec, const int32_t *labels, int64_t N, const char *path, int32_t *list,
	       int *classes, struct err *err);

/* class_of[i] = position of labels[i] in list, −1 if it is not there. */
void class_map(const int32_t *labels, int64_t N, const int32_t *list, int classes, int32_t *class_of);

/* ---- digest.c ---- */

/* Adds "what=XXH3 of the file's bytes" as a line. */
int content_file(struct text *content, const char *what, const char *path, struct err *err);

/* ---- standardize.c ---- */

/* Fills shift and scale from the training part. */
void draft_standardize(struct draft *draft, enum standardize how);

#endif
