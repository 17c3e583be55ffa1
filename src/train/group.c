/* group.c: which runs are trained side by side, see train.h; how, in group_real.c. */
#include <math.h>

#include "net/loss.h"
#include "probe/lane_probe.h"
#include "train/train_from.h"

/* Where lanes are faster (CPU time alone over side by side, all lanes taken, layers 2 to 7, batches 16 and 64, hidden layers as wide as the
 * input): AVX-512 1.3 to 9 up to a width of 24, 1.0 to 1.8 at 40, below 1 at 48 (float64: 1.0 to 5 up to 28, 0.9 to 1.4 at 40); AVX2, whose
 * tiles are smaller, 1.3 to 6 up to 64; not with the four lanes of the generic build. Beyond MOST_BYTES a group is too large for the
 * second-level cache. */
static const double MOST_BYTES = 2e6;
static const int widest_of_level[][2] = {
	[KERNELS_GENERIC] = {0, 0},
	[KERNELS_AVX2] = {64, 64},
	[KERNELS_AVX512] = {[FLOAT32] = 40, [FLOAT64] = 28},
};
static const int lanes_of_level[] = {
	[KERNELS_GENERIC] = 4,
	[KERNELS_AVX2] = 8,
	[KERNELS_AVX512] = 16,
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

bool train_in_groups_at(enum kernels_level level, const struct settings *settings, int inputs, int outputs,
			int64_t train_examples)
{
	const int lanes = lanes_of_level[level] / (settings->precision == FLOAT32 ? 1 : 2);
	const int64_t B = settings_batch(settings, train_examples), steps = settings_steps(settings, train_examples);
	double widest;
	const double bytes = bytes_of(settings, inputs, outputs, (double)B, &widest);
	if (settings->optim.clip > 0 || widest > widest_of_level[level][settings->precision] ||
	    bytes * lanes > MOST_BYTES)
		return false;
	/* a batch that is short, and a step whose measurement the lanes do not know, is done alone */
	if (train_examples % B != 0 && settings_epoch(settings, train_examples) < RARELY)
		return false;
	return lane_probe_knows(settings->metrics) || logged_at_most(settings, train_examples) * RARELY <= steps;
}

bool train_in_groups(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	return train_in_groups_at(kernels_level(), settings, inputs, outputs, train_examples);
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

/* Measured as widest_of_level: what all lanes take over what a run alone takes is a fifth of the lanes at a width of 4, three quarters from 40
 * on. A run alone fills its own vectors the better the wider it is. */
int train_few(const struct settings *settings)
{
	double widest = 0;
	for (int i = 0; i < settings->width.n && settings->depth > 0; i++)
		widest = fmax(widest, settings->width.v[i]);
	return (int)(train_seats(settings) * fmin(8 + widest, 48) / 64);
}

int train_group(enum precision precision, const struct train_feed *feed, int seats, struct arena *arena,
		const atomic_int *stop)
{
	return precision == FLOAT32 ? train_group_f32(feed, seats, arena, stop)
				    : train_group_f64(feed, seats, arena, stop);
}
