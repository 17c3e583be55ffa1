/* optim.c: the optimiser and schedule tables, see optim.h; the updates themselves are in update_kernel.c.
 *
 * To add an optimiser: its formula in update_kernel.c and update.h, its row here. To add a schedule: its function and
 * row here.
 */
#include "optim/optim.h"

#include <math.h>
#include <sleef.h>

#include "base/err.h"
#include "optim/update.h"

/* ---- optimisers ---- */

static double power(double base, double exponent)
{
	return Sleef_finz_powd1_u10purecfma(base, exponent);
}

static void momentum(const struct optim_step *step, double coef[COEFS])
{
	coef[COEF_FIRST] = step->spec->momentum;
}

static void rmsprop(const struct optim_step *step, double coef[COEFS])
{
	coef[COEF_SECOND] = step->spec->rho;
	coef[COEF_SECOND_REST] = 1 - step->spec->rho;
}

static void adam(const struct optim_step *step, double coef[COEFS])
{
	const struct optim_spec *spec = step->spec;
	coef[COEF_LR] = step->lr / (1 - power(spec->beta1, (double)step->t));
	coef[COEF_CORRECTION] = sqrt(1 - power(spec->beta2, (double)step->t));
	coef[COEF_FIRST] = spec->beta1;
	coef[COEF_FIRST_REST] = 1 - spec->beta1;
	coef[COEF_SECOND] = spec->beta2;
	coef[COEF_SECOND_REST] = 1 - spec->beta2;
}

static void adamw(const struct optim_step *step, double coef[COEFS])
{
	adam(step, coef);
	coef[COEF_DECAY] = 0;
	coef[COEF_KEEP] = 1 - step->lr * step->spec->weight_decay;
}

const struct optim optims[] = {
	{"sgd", "w - lr g", 0, UPDATE_SGD, NULL},
	{"momentum", "v = momentum v + g; w - lr v (Polyak's heavy ball)", 1, UPDATE_MOMENTUM, momentum},
	{"nesterov", "v = momentum v + g; w - lr (g + momentum v)", 1, UPDATE_NESTEROV, momentum},
	{"adagrad", "s = s + g^2; w - lr g / (sqrt(s) + epsilon)", 1, UPDATE_ADAGRAD, NULL},
	{"rmsprop", "s = rho s + (1 - rho) g^2; w - lr g / (sqrt(s) + epsilon)", 1, UPDATE_RMSPROP, rmsprop},
	{"adam", "means of g (beta1) and g^2 (beta2), both corrected for their start; decay added to g", 2, UPDATE_ADAM,
	 adam},
	{"adamw", "adam with decoupled weight decay", 2, UPDATE_ADAM, adamw},
	{"sign-sgd", "w - lr sign(g)", 0, UPDATE_SIGN_SGD, NULL},
};

static void coefs_of(const struct optim_step *step, double coef[COEFS])
{
	const struct optim *optim = &optims[step->spec->optimizer];
	for (int k = 0; k < COEFS; k++)
		coef[k] = 0;
	coef[COEF_LR] = step->lr;
	coef[COEF_DECAY] = step->spec->weight_decay;
	coef[COEF_KEEP] = 1;
	coef[COEF_EPSILON] = step->spec->epsilon;
	if (optim->special)
		optim->special(step, coef);
}

void optim_coefs_f32(struct optim_coefs_f32 *coefs, const struct optim_step *step, int first, int stride)
{
	double coef[COEFS];
	coefs_of(step, coef);
	for (int k = 0; k < COEFS; k++)
		for (int i = first; i < KERNELS_LANES; i += stride)
			coefs->of[k][i] = (float)coef[k];
}

void optim_coefs_f64(struct optim_coefs_f64 *coefs, const struct optim_step *step, int first, int stride)
{
	double coef[COEFS];
	coefs_of(step, coef);
	for (int k = 0; k < COEFS; k++)
		for (int i = first; i < KERNELS_LANES; i += stride)
			coefs->of[k][i] = coef[k];
}

#if defined __x86_64__
#define CHOOSE(updates, update)                                                                                        \
	kernels_level() == KERNELS_AVX512 ? updates##_avx512[update]                                                   \
	: kernels_level() == KERNELS_AVX2 ? updates##_avx2[update]                                                     \
					  : updates##_generic[update]
#else
#define CHOOSE(updates, update) updates##_generic[update]
#endif

optim_update_f32 *optim_updater_f32(int optimizer)
{
	return CHOOSE(updates_f32, optims[optimizer].update);
}

optim_update_f64 *optim_updater_f64(int optimizer)
{
	return CHOOSE(updates_f64, optims[optimizer].update);
}

const struct table optim_table = TABLE("optimizer", optims);

/* ---- schedules ---- */

/* A schedule is a factor on lr. after: updates since the first one at full lr (0, 1, …); share: the same as a share
 * of the budget, 0 at the first and 1 at the last update. */
struct schedule {
	const char *name, *about;
	double (*factor)(const struct optim_spec *spec, int64_t after, double share);
};

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

bool optim_steady(const struct optim_spec *spec)
{
	return optims[spec->optimizer].update != UPDATE_ADAM && schedules[spec->schedule].factor == constant &&
	       spec->warmup <= 1;
}
