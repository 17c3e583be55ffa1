/* group.c: which runs are trained side by side, see train.h; how, in group_real.c. */
#include "net/loss.h"
#include "probe/lane_probe.h"
#include "train/train_from.h"

/* Where lanes are faster (CPU time alone over side by side, 16 runs, layers 2 to 7, batches 16 and 64): AVX-512 1.1 to 2.6 up to a
 * width of 24, 0.8 to 1.2 from 32 on; AVX2, whose tiles are smaller, 1.2 to 2.6 up to 24 and still 1.4 at 64; not with the four
 * lanes of the generic build. Beyond MOST_BYTES a group is too large for the second-level cache. */
static const double MOST_BYTES = 2e6;
static const int widest_of_level[] = {
	[KERNELS_GENERIC] = 0,
	[KERNELS_AVX2] = 64,
	[KERNELS_AVX512] = 24,
};
enum { RARELY = 8 };

/* Bytes of the lanes for a run: its weights and what the optimiser keeps, its batch. */
static double bytes_of(const struct settings *settings, int inputs, int outputs, double B, double *widest)
{
	const double copies = 2 + optims[settings->optim.optimizer].states;
	double before = inputs, numbers = B * inputs;
	*widest = 0;
	for (int l = 1; l <= settings_layers(settings); l++) {
		const double n = l == settings_layers(settings) ? outputs
								: settings->width.v[settings->width.n == 1 ? 0 : l - 1];
		numbers += copies * n * before + 2 * B * n;
		*widest = n > *widest ? n : *widest;
		before = n;
	}
	return numbers * (settings->precision == FLOAT32 ? 4 : 8);
}

static int64_t logged_at_most(const struct settings *settings, int64_t train_examples)
{
	const int64_t steps = settings_steps(settings, train_examples);
	return 2 + settings->points + (settings->every > 0 ? steps / settings->every : 0) +
	       (settings->every_epoch ? steps / settings_epoch(settings, train_examples) : 0);
}

bool train_in_groups(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	const int64_t B = settings_batch(settings, train_examples), steps = settings_steps(settings, train_examples);
	double widest;
	const double bytes = bytes_of(settings, inputs, outputs, (double)B, &widest);
	if (settings->optim.clip > 0 || widest > widest_of_level[kernels_level()] ||
	    bytes * train_seats(settings) > MOST_BYTES)
		return false;
	/* a batch that is short, and a step whose measurement the lanes do not know, is done alone */
	if (train_examples % B != 0 && settings_epoch(settings, train_examples) < RARELY)
		return false;
	return lane_probe_knows(settings->metrics) || logged_at_most(settings, train_examples) * RARELY <= steps;
}

static bool same_numbers(const struct numbers *a, const struct numbers *b)
{
	for (int i = 0; a->n == b->n && i < a->n; i++)
		if (a->v[i] != b->v[i])
			return false;
	return a->n == b->n;
}

bool train_alike(const struct settings *a, const struct settings *b)
{
	return a->depth == b->depth && same_numbers(&a->width, &b->width) && a->activation == b->activation &&
	       a->bias == b->bias && a->loss == b->loss && a->optim.optimizer == b->optim.optimizer &&
	       !a->optim.layer_lr.n == !b->optim.layer_lr.n && a->batch == b->batch && a->precision == b->precision;
}

int train_seats(const struct settings *settings)
{
	return settings->precision == FLOAT32 ? kernels_f32()->lanes : kernels_f64()->lanes;
}

int train_group(enum precision precision, const struct train_feed *feed, int seats, struct arena *arena,
		const atomic_int *stop)
{
	return precision == FLOAT32 ? train_group_f32(feed, seats, arena, stop)
				    : train_group_f64(feed, seats, arena, stop);
}
