/* run_real.c: makes a run: memory, first weights, first batch. See run_real.h. */
#include "train/run_real.h"

#include <string.h>
#include <unistd.h>

#include "spec/key.h"

/* Bytes of a run, roughly and in double: to refuse the absurd before sizes overflow or the system gives memory that it
 * does not have. */
static double bytes_about(const struct FN(run) *run, const struct mlp_shape *shape)
{
	const int states = optims[run->settings->optim.optimizer].states;
	const metric_set wanted = run->settings->metrics;
	const int copies = 2 + states + shape->keep_grads + !!(wanted & METRIC_BIT(METRIC_WEIGHT_DISTANCE)) +
			   !!(wanted & METRIC_BIT(METRIC_GRAD_COSINE));
	double numbers = (double)shape->batch * shape->n[0];
	for (int l = 1; l <= shape->L; l++)
		numbers += (double)copies * shape->n[l] * shape->n[l - 1] + 2.0 * shape->batch * shape->n[l];
	return numbers * sizeof(real);
}

static int check_size(const struct FN(run) *run, const struct mlp_shape *shape, struct err *err)
{
	const double need = bytes_about(run, shape),
		     has = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
	if (need <= has)
		return 0;
	return err_set(err, ERR_SYSTEM,
		       "out of memory: a run of depth %lld with batches of %d needs %.1f GB, this machine has %.1f\n"
		       "try: fewer or narrower layers, a smaller batch",
		       (long long)run->settings->depth, shape->batch, need / 1e9, has / 1e9);
}

static void take_memory(struct FN(run) *run, const struct mlp_shape *shape, struct arena *arena)
{
	const int states = optims[run->settings->optim.optimizer].states;
	run->memory = ARENA_TAKE(arena, struct FN(memory), shape->L + 1);
	for (int l = 1; l <= shape->L; l++) {
		struct FN(memory) memory = {0};
		for (int k = 0; k < states; k++) {
			memory.W[k] = ARENA_TAKE(arena, real, (size_t)shape->n[l] * (size_t)real_pad(shape->n[l - 1]));
			memory.b[k] = shape->bias ? ARENA_TAKE(arena, real, shape->n[l]) : NULL;
		}
		if (run->memory)
			run->memory[l] = memory;
	}
}

static void layout(struct FN(run) *run, const struct mlp_shape *shape, struct arena *arena)
{
	const struct examples *train = &run->data->train;
	const size_t B = (size_t)shape->batch, ldx = (size_t)run->ldx;
	FN(mlp_layout)(&run->mlp, shape, arena);
	FN(probe_layout)(&run->probe, &run->mlp, run->settings->metrics, arena);
	take_memory(run, shape, arena);
	run->X = ARENA_TAKE(arena, real, B * ldx);
	run->chunk = ARENA_TAKE(arena, real, PREDICT_ROWS * ldx);
	run->scratch = ARENA_TAKE(arena, double, FN(mlp_init_scratch)(shape));
	if (run->full)
		return;
	run->order = ARENA_TAKE(arena, uint32_t, run->N);
	if (train->labels)
		run->labels = ARENA_TAKE(arena, int32_t, B);
	else
		run->targets = ARENA_TAKE(arena, double, B *(size_t)run->data->targets);
}

void FN(weights_save)(const struct FN(mlp) *mlp, real *values)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *y = &mlp->layer[l];
		for (int o = 0; o < y->out; o++, values += y->in)
			memcpy(values, y->W + (size_t)o * y->ldw, sizeof(real) * (size_t)y->in);
		if (y->b) {
			memcpy(values, y->b, sizeof(real) * (size_t)y->out);
			values += y->out;
		}
	}
}

void FN(weights_load)(struct FN(mlp) *mlp, const real *values)
{
	for (int l = 1; l <= mlp->shape.L; l++) {
		const struct FN(layer) *y = &mlp->layer[l];
		for (int o = 0; o < y->out; o++, values += y->in)
			memcpy(y->W + (size_t)o * y->ldw, values, sizeof(real) * (size_t)y->in);
		if (y->b) {
			memcpy(y->b, values, sizeof(real) * (size_t)y->out);
			values += y->out;
		}
	}
}

static void fill(struct FN(run) *run, const struct train_input *input)
{
	const struct settings *settings = run->settings;
	const struct examples *train = &run->data->train;
	run->epoch = -1;
	if (run->full) {
		run->B = (int)run->N;
		run->answers = (struct answers){.labels = train->labels, .targets = train->targets};
		FN(dataset_gather)(run->data, train, NULL, 0, run->B, run->X, run->ldx);
	}
	if (input->initial) {
		FN(weights_load)(&run->mlp, input->initial->values);
	} else {
		FN(mlp_init)(&run->mlp, &settings->init, (uint32_t)settings->seed, run->scratch);
		if (init_needs_data(settings->init.scheme)) {
			FN(run_gather)(run, 0);
			FN(mlp_lsuv)(&run->mlp, run->X, run->B);
		}
	}
	FN(probe_start)(&run->probe, &run->mlp);
}

int FN(run_make)(struct FN(run) *run, const struct train_input *input, const int *n, bool keep_grads,
		 struct arena *arena, struct err *err)
{
	const struct settings *settings = input->settings;
	const int64_t N = input->data->train.n, B = settings_batch(settings, N);
	if (N < 1 || N > UINT32_MAX || B > INT32_MAX)
		return err_set(err, ERR_INPUT, "cannot train on %lld examples in batches of %lld", (long long)N,
			       (long long)B);
	*run = (struct FN(run)){
		.settings = settings,
		.data = input->data,
		.stop = input->stop,
		.loss = losses[settings->loss].kind,
		.N = N,
		.steps = settings_steps(settings, N),
		.epoch_steps = settings_epoch(settings, N),
		.eval = settings->eval > 0 ? settings->eval : INT64_MAX,
		.full = B == N,
		.ldx = real_pad(n[0]),
		.updater = FN(optim_updater)(settings->optim.optimizer),
		.s = -1,
	};
	const struct mlp_shape shape = {
		.L = settings_layers(settings),
		.n = n,
		.batch = (int)B,
		.activation = settings->activation,
		.loss = run->loss,
		.bias = settings->bias,
		.keep_grads = keep_grads,
	};
	if (check_size(run, &shape, err) != 0)
		return -1;
	arena_measure(arena);
	layout(run, &shape, arena);
	if (arena_reserve(arena, err) != 0)
		return -1;
	layout(run, &shape, arena);
	run->mlp.team = input->team;
	fill(run, input);
	return 0;
}
