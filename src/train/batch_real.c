/* batch_real.c: which examples an update sees, and the measuring of a whole set. See run_real.h. */
#include <string.h>

#include "base/rng.h"
#include "train/run_real.h"

/* Every epoch is a permutation of all examples of its own, cut into batches; the last one is short where B does not divide N. */
void FN(run_gather)(struct FN(run) *run, int64_t t)
{
	if (run->full)
		return;
	const struct examples *train = &run->data->train;
	const int64_t epoch = t / run->epoch_steps, B = run->mlp.shape.batch, first = t % run->epoch_steps * B;
	const int T = run->data->targets;
	if (run->epoch != epoch) {
		const struct rng rng = rng_stream((uint32_t)run->settings->seed, RNG_SHUFFLE, 0, (uint32_t)epoch);
		rng_permutation(&rng, (uint32_t)run->N, run->order);
		run->epoch = epoch;
	}
	const uint32_t *index = run->order + first;
	run->B = (int)(first + B <= run->N ? B : run->N - first);
	FN(dataset_gather)(run->data, train, index, 0, run->B, run->X, run->ldx);
	for (int b = 0; b < run->B; b++)
		if (run->labels)
			run->labels[b] = train->labels[index[b]];
		else
			memcpy(run->targets + (size_t)b * T, train->targets + (size_t)index[b] * T,
			       sizeof(double) * (size_t)T);
	run->answers = (struct answers){.labels = run->labels, .targets = run->targets};
}

void FN(run_copy_batch)(struct FN(run) *run, const struct FN(run) *other)
{
	run->B = other->B;
	memcpy(run->X, other->X, sizeof(real) * (size_t)other->B * (size_t)run->ldx);
	run->answers = other->answers;
}

struct loss_sum FN(run_evaluate)(struct FN(run) *run, const struct examples *set, int64_t *n)
{
	const struct FN(layer) *last = &run->mlp.layer[run->mlp.shape.L];
	struct loss_sum sum = {0};
	*n = set->n < run->eval ? set->n : run->eval;
	for (int64_t first = 0; first < *n && !(run->stop && *run->stop); first += PREDICT_ROWS) {
		const int B = (int)(*n - first < PREDICT_ROWS ? *n - first : PREDICT_ROWS);
		const struct answers answers = {
			.labels = set->labels ? set->labels + first : NULL,
			.targets = set->labels ? NULL : set->targets + first * run->data->targets,
		};
		FN(dataset_gather)(run->data, set, NULL, first, B, run->chunk, run->ldx);
		const real *Z = FN(mlp_predict)(&run->mlp, run->chunk, B);
		const struct loss_sum part = FN(loss_eval)(run->loss, B, last->out, Z, last->lda, answers, NULL);
		sum.loss += part.loss;
		sum.correct += part.correct;
	}
	return sum;
}
