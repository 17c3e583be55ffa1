/* gather_real.c: examples into the rows of a batch, as the network sees them: (x − shift) · scale in double, rounded once.
 *
 * With one shift and scale for all inputs a byte has only 256 values: they are computed once a call. It includes nothing of
 * math/real.h, which this room does not know. */
#include "data/dataset.h"

#if REAL_BITS == 32
typedef float real;
#define GATHER dataset_gather_f32
#else
typedef double real;
#define GATHER dataset_gather_f64
#endif

static void gather_bytes(const struct dataset *dataset, const uint8_t *x, real *restrict row)
{
	for (int i = 0; i < dataset->I; i++)
		row[i] = (real)((x[i] - dataset->shift[i]) * dataset->scale[i]);
}

static void gather_values(const struct dataset *dataset, const double *x, real *restrict row)
{
	for (int i = 0; i < dataset->I; i++)
		row[i] = (real)((x[i] - dataset->shift[i]) * dataset->scale[i]);
}

static void gather_by_table(const real table[256], int I, const uint8_t *x, real *restrict row)
{
	for (int i = 0; i < I; i++)
		row[i] = table[x[i]];
}

void GATHER(const struct dataset *dataset, const struct examples *from, const uint32_t *index, int64_t first, int B,
	    real *X, int ldx)
{
	const int I = dataset->I;
	real table[256];
	if (from->bytes && dataset->one_scale)
		for (int v = 0; v < 256; v++)
			table[v] = (real)((v - dataset->shift[0]) * dataset->scale[0]);
	for (int b = 0; b < B; b++) {
		const int64_t e = index ? (int64_t)index[b] : first + b;
		real *row = X + (size_t)b * (size_t)ldx;
		if (!from->bytes)
			gather_values(dataset, from->values + e * I, row);
		else if (dataset->one_scale)
			gather_by_table(table, I, from->bytes + e * I, row);
		else
			gather_bytes(dataset, from->bytes + e * I, row);
	}
}
