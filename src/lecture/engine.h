/* engine.h: the network that trains studies, on the weights and examples of a plain one, in float64: the two are to say the
 * same. For the demonstrations; never included beside a *_real.h of another precision. */
#ifndef FATHOM_ENGINE_H
#define FATHOM_ENGINE_H

#define REAL_BITS 64
#include "lecture/plain.h"
#include "net/mlp_real.h"

struct engine {
	struct arena arena;
	struct mlp_f64 mlp; /* keeps the gradients of all layers */
	double *X;
	struct answers answers;
	int B;
};

/* The answers are those of the plain network, which must outlive this one. ERR_SYSTEM when memory is short. */
int engine_make(struct engine *engine, const struct plain *plain, struct err *err);
void engine_release(struct engine *engine);

/* Weights from the plain network; weights and gradients to it. */
void engine_load(struct engine *engine, const struct plain *plain);
void engine_gradients(const struct engine *engine, struct plain *plain);

/* Forward and backward; the mean loss. sink.take may be NULL. */
double engine_backward(struct engine *engine, struct gradient_sink_f64 sink);

/* plain_error of its gradients against those of a plain network. */
double engine_error(const struct engine *engine, const struct plain *right);

#endif
