/* engine.c: see engine.h */
#include "lecture/engine.h"

#include <string.h>

static void layout(struct engine *engine, const struct plain *plain)
{
	const struct mlp_shape shape = {
		.L = plain->L,
		.n = plain->n,
		.batch = plain->m,
		.activation = plain->activation,
		.loss = LOSS_BCE,
		.bias = true,
		.keep_grads = true,
	};
	mlp_layout_f64(&engine->mlp, &shape, &engine->arena);
	engine->X = ARENA_TAKE(&engine->arena, double, plain->m *real_pad(plain->n[0]));
}

int engine_make(struct engine *engine, const struct plain *plain, struct err *err)
{
	*engine = (struct engine){.B = plain->m, .answers = {.labels = plain->y}};
	arena_measure(&engine->arena);
	layout(engine, plain);
	if (arena_reserve(&engine->arena, err) != 0)
		return -1;
	layout(engine, plain);
	for (int k = 0; k < plain->m; k++)
		memcpy(engine->X + k * real_pad(plain->n[0]), plain->A[0] + k * plain->n[0],
		       (size_t)plain->n[0] * sizeof(double));
	engine_load(engine, plain);
	return 0;
}

void engine_release(struct engine *engine)
{
	arena_release(&engine->arena);
	*engine = (struct engine){0};
}

void engine_load(struct engine *engine, const struct plain *plain)
{
	for (int l = 1; l <= plain->L; l++) {
		const struct layer_f64 *y = &engine->mlp.layer[l];
		for (int j = 0; j < y->out; j++)
			memcpy(y->W + j * y->ldw, plain->W[l] + j * y->in, (size_t)y->in * sizeof(double));
		memcpy(y->b, plain->b[l], (size_t)y->out * sizeof(double));
	}
}

void engine_gradients(const struct engine *engine, struct plain *plain)
{
	for (int l = 1; l <= plain->L; l++) {
		const struct layer_f64 *y = &engine->mlp.layer[l];
		for (int j = 0; j < y->out; j++)
			memcpy(plain->dW[l] + j * y->in, y->dW + j * y->ldw, (size_t)y->in * sizeof(double));
		memcpy(plain->db[l], y->db, (size_t)y->out * sizeof(double));
	}
}

double engine_backward(struct engine *engine, struct gradient_sink_f64 sink)
{
	mlp_forward_f64(&engine->mlp, engine->X, engine->B);
	return mlp_backward_f64(&engine->mlp, engine->X, engine->B, engine->answers, sink).loss / engine->B;
}

double engine_error(const struct engine *engine, const struct plain *right)
{
	struct plain net;
	plain_copy(&net, right);
	engine_gradients(engine, &net);
	const double error = plain_error(&net, right);
	plain_release(&net);
	return error;
}
