/* optim.c: the optimiser and schedule tables, see optim.h; the updates themselves are in update_real.c.
 *
 * To add an optimiser: its update in update_real.c and update.h, its row here. To add a schedule: its function and
 * row here.
 */
#include "optim/optim.h"

#include <sleef.h>

#include "base/err.h"
#include "optim/update.h"

#define BOTH(update) update##_f32, update##_f64

const struct optim optims[] = {
	{"sgd", "w - lr g", 0, BOTH(update_sgd)},
	{"momentum", "v = momentum v + g; w - lr v (Polyak's heavy ball)", 1, BOTH(update_momentum)},
	{"nesterov", "v = momentum v + g; w - lr (g + momentum v)", 1, BOTH(update_nesterov)},
	{"adagrad", "s = s + g^2; w - lr g / (sqrt(s) + epsilon)", 1, BOTH(update_adagrad)},
	{"rmsprop", "s = rho s + (1 - rho) g^2; w - lr g / (sqrt(s) + epsilon)", 1, BOTH(update_rmsprop)},
	{"adam", "means of g (beta1) and g^2 (beta2), both corrected for their start; decay added to g", 2,
	 BOTH(update_adam)},
	{"adamw", "adam with decoupled weight decay", 2, BOTH(update_adamw)},
	{"sign-sgd", "w - lr sign(g)", 0, BOTH(update_sign_sgd)},
};

const struct table optim_table = TABLE("optimizer", optims);

/* A schedule is a factor on lr. after: updates since the first one at full lr (0, 1, …); share: the same as a share
 * of the budget, 0 at the first and 1 at the last update. */
struct schedule {
	const char *name, *about;
	double (*factor)(const struct optim_spec *spec, int64_t after, double share);
};

static double power(double base, double exponent)
{
	return Sleef_finz_powd1_u10purecfma(base, exponent);
}

static double constant(const struct optim_spec *spec, int64_t after, double share)
{
	return 1;
}

/* PyTorch's StepLR. */
static double step(const struct optim_spec *spec, int64_t after, double share)
{
	if (spec->decay_every < 1)
		BUG("schedule step needs decay_every of at least 1, not %lld", (long long)spec->decay_every);
	const int64_t decays = after / spec->decay_every; /* whole ones */
	return power(spec->decay_rate, (double)decays);
}

static double exponential(const struct optim_spec *spec, int64_t after, double share)
{
	return power(spec->decay_rate, share);
}

/* Loshchilov & Hutter 2017, one period, no restart. */
static double cosine(const struct optim_spec *spec, int64_t after, double share)
{
	return spec->lr_min + (1 - spec->lr_min) * 0.5 * (1 + Sleef_finz_cospid1_u05purecfma(share));
}

static const struct schedule schedules[] = {
	{"constant", "lr throughout", constant},
	{"step", "lr times decay_rate every decay_every updates", step},
	{"exponential", "from lr at the first update to decay_rate lr at the last, by a constant factor", exponential},
	{"cosine", "from lr at the first update to lr_min lr at the last, along half a cosine", cosine},
};

const struct table schedule_table = TABLE("schedule", schedules);

double schedule_lr(const struct optim_spec *spec, int64_t t, int64_t steps)
{
	const int64_t full = spec->warmup > 1 ? spec->warmup : 1; /* the first update at full lr */
	if (t < full)
		return spec->lr * (double)t / (double)full;
	const double share = steps > full ? (double)(t - full) / (double)(steps - full) : 0;
	return spec->lr * schedules[spec->schedule].factor(spec, t - full, share);
}
