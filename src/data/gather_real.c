/* gather_real.c: examples into the rows of a batch, as the network sees them: (x − shift) · scale in double, rounded
 * once.
 *
 * The loops are the compiler's to vectorise: for bytes a table of the 256 values is no faster. Includes nothing of
 * math/real.h, which this room does not know. */
#include "data/dataset.h"

#if REAL_BITS == 32
typedef float real;
#define GATHER dataset_gather_f32
#else
typedef double real;
#define GATHER dataset_gather_f64
#endif

static void row_of_bytes(int I, const uint8_t *restrict x, const double *restrict shift, const double *restrict scale,
			 real *restrict row)
{
	for (int i = 0; i < I; i++)
		row[i] = (real)((x[i] - shift[i]) * scale[i]);
}

static void row_of_values(int I, const double *restrict x, const double *restrict shift, const double *restrict scale,
			  real *restrict row)
{
	for (int i = 0; i < I; i++)
		row[i] = (real)((x[i] - shift[i]) * scale[i]);
}

/* Examples in the order of an epoch lie anywhere: no processor guesses the next one. */
enum { AHEAD = 2 };
static void fetch(const struct examples *from, int64_t at, int I)
{
	const char *row = from->bytes ? (const char *)(from->bytes + at) : (const char *)(from->values + at);
	const size_t size = (size_t)I * (from->bytes ? sizeof *from->bytes : sizeof *from->values);
	for (size_t i = 0; i < size; i += 64)
		__builtin_prefetch(row + i);
}

void GATHER(const struct dataset *dataset, const struct examples *from, const uint32_t *index, int64_t first, int B,
	    real *X, int ldx)
{
	const int I = dataset->I;
	for (int b = 0; b < B; b++) {
		const int64_t at = (index ? (int64_t)index[b] : first + b) * I;
		real *row = X + (size_t)b * (size_t)ldx;
		if (index && b + AHEAD < B)
			fetch(from, (int64_t)index[b + AHEAD] * I, I);
		if (from->bytes)
			row_of_bytes(I, from->bytes + at, dataset->shift, dataset->scale, row);
		else
			row_of_values(I, from->values + at, dataset->shift, dataset->scale, row);
	}
}
