/* update_layers_real.c: from gradients to new weights. A layer is updated as soon as its gradient is there, while it is still
 * in the cache, and one dW serves all layers; only clipping, which needs the norm over all layers first, keeps them. */
#include <math.h>

#include "probe/norm_real.h"
#include "train/run_real.h"

struct optim_step FN(run_update)(const struct FN(run) *run, int l)
{
	const struct optim_spec *spec = &run->settings->optim;
	/* the update after the budget is only measured (update_ratio), at the last learning rate */
	const int64_t t = run->t < run->steps ? run->t + 1 : (run->steps > 0 ? run->steps : 1);
	const double factor = spec->layer_lr.n > 0 ? spec->layer_lr.v[l - 1] : 1;
	return (struct optim_step){
		.lr = schedule_lr(spec, t, run->steps) * factor,
		.t = run->t + 1,
		.spec = spec,
	};
}

struct update {
	const struct FN(run) *run;
	int l;
	struct FN(optim_coefs) coefs;
};

/* Some rows of W: elementwise, wherever they are cut. */
static void update_part(void *what, int part, int parts)
{
	const struct update *update = what;
	const struct FN(run) *run = update->run;
	const struct FN(layer) *y = &run->mlp.layer[update->l];
	real *state[OPTIM_STATES];
	int from;
	const int rows = team_cut(y->out, REAL_PAD, part, parts, &from);
	const ptrdiff_t at = (ptrdiff_t)from * y->ldw;
	if (rows <= 0)
		return;
	for (int k = 0; k < OPTIM_STATES; k++)
		state[k] = run->memory[update->l].W[k] ? run->memory[update->l].W[k] + at : NULL;
	run->updater((size_t)rows * (size_t)y->ldw, y->W + at, y->dW + at, state, &update->coefs);
}

static void update_layer(struct FN(run) *run, int l)
{
	const struct FN(layer) *y = &run->mlp.layer[l];
	const struct FN(memory) *memory = &run->memory[l];
	const struct optim_step step = FN(run_update)(run, l);
	struct update update = {.run = run, .l = l};
	FN(optim_coefs)(&update.coefs, &step, 0, 1);
	if (run->s >= 0)
		FN(probe_before_update)(&run->probe, &run->mlp, l);
	const double work = 20.0 * y->out * y->in * sizeof(real) / 64;
	team_share(run->mlp.team, team_parts(run->mlp.team, work), update_part, &update);
	if (y->b)
		run->updater((size_t)y->out, y->b, y->db, memory->b, &update.coefs);
	if (run->s >= 0)
		FN(probe_after_update)(&run->probe, &run->mlp, l, run->trace, run->s);
}

/* What backward calls for l = L … 1. */
static void take_gradient(void *self, struct FN(mlp) *mlp, int l)
{
	struct FN(run) *run = self;
	double norm = 0;
	if (run->s >= 0)
		norm = FN(probe_gradient)(&run->probe, mlp, l, run->B, run->trace, run->s);
	else if (run->settings->optim.clip > 0)
		norm = FN(probe_gradient_norm)(mlp, l);
	run->total = FN(norm_join)(run->total, norm);
	if (run->update && run->settings->optim.clip == 0)
		update_layer(run, l);
}

/* g ← g · min(1, clip / (‖g‖ + 1e-6)), as torch.nn.utils.clip_grad_norm_. */
static void clip_and_update(struct FN(run) *run)
{
	const double factor = run->settings->optim.clip / (run->total + 1e-6);
	for (int l = run->mlp.shape.L; l >= 1; l--) {
		const struct FN(layer) *y = &run->mlp.layer[l];
		const size_t numbers = (size_t)y->out * (size_t)y->ldw;
		if (!(factor >= 1)) {
			for (size_t i = 0; i < numbers; i++)
				y->dW[i] *= (real)factor;
			for (int o = 0; y->db && o < y->out; o++)
				y->db[o] *= (real)factor;
		}
		update_layer(run, l);
	}
}

struct loss_sum FN(run_backward)(struct FN(run) *run)
{
	const bool clip = run->settings->optim.clip > 0;
	run->total = 0;
	const struct loss_sum sum = FN(mlp_backward)(&run->mlp, run->X, run->B, run->answers,
						     (struct FN(gradient_sink)){take_gradient, run});
	if (clip && run->update)
		clip_and_update(run);
	return sum;
}
