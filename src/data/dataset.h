/* dataset.h: what the networks learn from. One row per data set in dataset_table.
 *
 * A loaded dataset is immutable and shared by all runs that name it. Letters: N examples, I inputs (features), B batch.
 * Files keep their bytes (uint8) in memory and are standardised on the way into a batch; generated sets are double.
 */
#ifndef FATHOM_DATASET_H
#define FATHOM_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/numbers.h"
#include "base/table.h"

enum standardize {
	STANDARDIZE_NONE,   /* as they are; bytes b as b/255 */
	STANDARDIZE_GLOBAL, /* one mean and deviation over all training inputs (default) */
	STANDARDIZE_FEATURE,
};
extern const struct table standardize_table;
extern const struct table dataset_table;
extern const struct table function_table; /* the 1-D functions of the set "function" */

/* What the section `data:` of a study says; the keys and their meaning are in spec/key.c. */
struct data_spec {
	int set;                    /* row of dataset_table */
	const char *path;           /* folder of IDX files or CSV file; "" = the default place */
	struct numbers classes;     /* labels to keep, relabelled 0 … in this order; n = 0: all */
	struct numbers class_ratio; /* weights of the kept classes; n = 0: as they come (files), equal (generated) */
	int64_t train, test;        /* examples; 0 = all there are (files) */
	int64_t features;           /* inputs of gaussians, parity and teacher */
	double noise;               /* standard deviation (share of flipped labels for parity) */
	int function;               /* row of function_table */
	int standardize;
	int64_t data_seed;
};

/* The defaults of the keys. A key that the set does not use is refused unless it is at its default, or 0. */
extern const struct data_spec data_spec_default;

struct examples {
	int64_t n;
	const uint8_t *bytes;  /* n × I, or NULL */
	const double *values;  /* n × I, or NULL: exactly one of both */
	const int32_t *labels; /* n class labels 0 … classes−1, or NULL for regression */
	const double *targets; /* n × targets (regression), or NULL */
};

struct dataset {
	int I;       /* inputs */
	int classes; /* 0 for regression */
	int targets; /* outputs of a regression, else 0 */
	struct examples train, test;
	const double *shift, *scale; /* I each: the network sees (x − shift) · scale */
	uint64_t identity;           /* as dataset_identity */
	void *memory;                /* owned */
};

/* Faults of a spec that need no data: impossible combinations, ranges. ERR_INPUT; one err_add a fault. */
int data_spec_check(const struct data_spec *spec, struct err *err);

/* What the data are, as a number: content of the files used (XXH3) or version of the generator, with all settings that
 * change the examples. Cheap enough for planning; equal identity ⇒ equal examples. */
int dataset_identity(const struct data_spec *spec, uint64_t *identity, struct err *err);

/* The number of classes (0 = regression), inputs and targets without loading the examples, where the set knows them. */
int dataset_shape(const struct data_spec *spec, int *inputs, int *classes, int *targets, struct err *err);

int dataset_load(const struct data_spec *spec, struct dataset *dataset, struct err *err);
void dataset_release(struct dataset *dataset);

/* X[b·ldx + i] = (x[index[b]][i] − shift[i]) · scale[i] for b < B, computed in double, rounded once; index NULL means
 * first … first + B − 1. Columns from I on are left alone. For *_real.c: see real.h. */
void dataset_gather_f32(const struct dataset *dataset, const struct examples *from, const uint32_t *index,
			int64_t first, int B, float *X, int ldx);
void dataset_gather_f64(const struct dataset *dataset, const struct examples *from, const uint32_t *index,
			int64_t first, int B, double *X, int ldx);

#endif
