/* fixture_real.h: a network with random weights and biases, a random batch, and the naive network of the same
 * weights. */
#ifndef FATHOM_TEST_FIXTURE_REAL_H
#define FATHOM_TEST_FIXTURE_REAL_H

#include "cm.h"
#include "naive.h"

#include "base/rng.h"
#include "net/mlp_real.h"

/* Rounding of the run's precision, times what sums of some dozen terms make of it. */
#define ROUNDING (REAL_BITS == 32 ? 2e-5 : 2e-13)

struct fixture {
	struct arena arena;
	struct FN(mlp) mlp;
	real *X; /* rows real_pad(n[0]) apart */
	struct answers answers;
	struct naive naive;
};

struct plan {
	int L;
	const int *n;
	int B; /* examples in use; laid out for 2 more */
	int activation;
	enum loss_kind loss;
	bool no_bias, keep_grads;
	uint32_t seed;
	double init_std;
};

/* All of one block, the inputs too. */
static inline void fixture_layout(struct fixture *f, const struct plan *plan, int32_t **labels, double **targets)
{
	const struct mlp_shape shape = {plan->L,    plan->n,        plan->B + 2,     plan->activation,
					plan->loss, !plan->no_bias, plan->keep_grads};
	FN(mlp_layout)(&f->mlp, &shape, &f->arena);
	f->X = ARENA_TAKE(&f->arena, real, plan->B * real_pad(plan->n[0]));
	*labels = ARENA_TAKE(&f->arena, int32_t, plan->B);
	*targets = ARENA_TAKE(&f->arena, double, plan->B * plan->n[plan->L]);
}

/* The naive network gets the weights as the run's precision has them. */
static inline void fixture_copy(struct fixture *f)
{
	for (int l = 1; l <= f->mlp.shape.L; l++) {
		const struct FN(layer) *layer = &f->mlp.layer[l];
		for (int o = 0; o < layer->out; o++) {
			f->naive.b[l][o] = layer->b ? (double)layer->b[o] : 0;
			for (int i = 0; i < layer->in; i++)
				f->naive.W[l][o * layer->in + i] = (double)layer->W[o * layer->ldw + i];
		}
	}
}

static inline void fixture_init(struct fixture *f, const struct plan *plan)
{
	int32_t *labels;
	double *targets;
	struct err err;
	*f = (struct fixture){.arena = ARENA_INIT};
	arena_measure(&f->arena);
	fixture_layout(f, plan, &labels, &targets);
	assert_int_equal(arena_reserve(&f->arena, &err), 0);
	fixture_layout(f, plan, &labels, &targets);

	const int O = plan->n[plan->L], in = plan->n[0];
	const struct rng rng = rng_stream(plan->seed, RNG_CHECK, 0, 0), other = rng_stream(plan->seed, RNG_CHECK, 1, 0);
	f->naive = naive_new(plan->L, plan->n, plan->B, acts[plan->activation].function);
	for (int i = 0; i < plan->B; i++) {
		for (int k = 0; k < in; k++) {
			real *x = &f->X[i * real_pad(in) + k];
			*x = (real)rng_normal(&rng, (uint64_t)(i * in + k));
			f->naive.A[0][i * in + k] = (double)*x;
		}
		labels[i] = (int32_t)(rng_bits(&other, (uint64_t)i) % (uint64_t)(O == 1 ? 2 : O));
		for (int k = 0; k < O; k++)
			targets[i * O + k] = rng_normal(&other, (uint64_t)(1000 + i * O + k));
	}
	f->answers = plan->loss == LOSS_MSE ? (struct answers){NULL, targets} : (struct answers){labels, NULL};

	const struct init_spec spec = {.scheme = table_find(&init_table, "lecun-normal"),
				       .init_scale = plan->init_std > 0 ? plan->init_std : 1.5,
				       .bias_std = 0.3};
	double *scratch = malloc(sizeof *scratch * FN(mlp_init_scratch)(&f->mlp.shape));
	FN(mlp_init)(&f->mlp, &spec, plan->seed, scratch);
	free(scratch);
	fixture_copy(f);
}

static inline void fixture_release(struct fixture *f)
{
	arena_release(&f->arena);
	naive_free(&f->naive);
}

static inline struct loss_sum fixture_backward(struct fixture *f, struct FN(gradient_sink) sink)
{
	FN(mlp_forward)(&f->mlp, f->X, f->naive.B);
	return FN(mlp_backward)(&f->mlp, f->X, f->naive.B, f->answers, sink);
}

static const struct FN(gradient_sink) no_sink = {NULL, NULL};

/* ‖a − b‖ / max(‖a‖, ‖b‖, least) of rows ld_a, ld_b apart. */
static inline double distance(int rows, int columns, const real *a, int ld_a, const double *b, int ld_b, double least)
{
	double off = 0, aa = 0, bb = 0;
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++) {
			const double x = (double)a[i * ld_a + j], y = b[i * ld_b + j];
			off += (x - y) * (x - y);
			aa += x * x;
			bb += y * y;
		}
	return sqrt(off) / fmax(sqrt(fmax(aa, bb)), least);
}

#endif
