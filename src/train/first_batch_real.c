/* first_batch_real.c: makes a run as for training and copies what its first update would see. See first_batch.h. */
#include <string.h>

#include "train/run_real.h"

int FN(first_batch)(const struct train_input *input, struct arena *arena, struct pool *pool, struct first_batch *first,
		    struct err *err)
{
	struct FN(run) run;
	if (FN(run_make)(&run, input, first->n, false, arena, err) != 0)
		return -1;
	FN(run_gather)(&run, 0);
	const int T = input->data->targets, I = first->n[0];
	first->m = run.B < first->m ? run.B : first->m;
	const size_t m = (size_t)first->m, P = run.mlp.parameters;
	real *weights = POOL_TAKE(pool, real, P);
	FN(weights_save)(&run.mlp, weights);
	first->weights = POOL_TAKE(pool, double, P);
	for (size_t k = 0; k < P; k++)
		first->weights[k] = (double)weights[k];
	first->X = POOL_TAKE(pool, double, m *(size_t)I);
	for (size_t b = 0; b < m; b++)
		for (int i = 0; i < I; i++)
			first->X[b * (size_t)I + (size_t)i] = (double)run.X[b * (size_t)run.ldx + (size_t)i];
	if (run.answers.labels) {
		int32_t *labels = POOL_TAKE(pool, int32_t, m);
		first->answers.labels = memcpy(labels, run.answers.labels, sizeof *labels * m);
	} else {
		double *targets = POOL_TAKE(pool, double, m *(size_t)T);
		first->answers.targets = memcpy(targets, run.answers.targets, sizeof *targets * m * (size_t)T);
	}
	return 0;
}
