/* train_from.h: what train_run is made of, for the train room and its tests. */
#ifndef FATHOM_TRAIN_FROM_H
#define FATHOM_TRAIN_FROM_H

#include "train/first_batch.h"
#include "train/train.h"

struct train_input {
	const struct settings *settings;
	const struct dataset *data;
	const struct weights
		*initial;       /* in the run's precision, laid out as in trace.h; NULL: drawn by the init scheme */
	const atomic_int *stop; /* NULL: never */
	struct team *team;      /* NULL: nobody helps */
};

/* train_run from given initial weights. */
int train_from(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err);

/* The two precisions of it (train_real.c), and of the two halves of the gradient check (gradcheck_real.c). */
int train_loop_f32(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err);
int train_loop_f64(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err);

/* group_real.c: train_group. */
int train_group_f32(const struct train_feed *feed, int seats, struct arena *arena, const atomic_int *stop);
int train_group_f64(const struct train_feed *feed, int seats, struct arena *arena, const atomic_int *stop);

/* The initial weights W[1], b[1], W[2] … without padding and the gradient of the mean loss of the first batch, as doubles. */
int gradcheck_gradient_f32(const struct train_input *input, struct arena *arena, double *weights, double *gradient,
			   struct err *err);
int gradcheck_gradient_f64(const struct train_input *input, struct arena *arena, double *weights, double *gradient,
			   struct err *err);
/* Compares with differences of the loss, float64, at those weights. floor: √ε of the gradient's precision. */
int gradcheck_compare_f64(const struct train_input *input, struct arena *arena, const double *weights,
			  const double *gradient, double floor, struct gradcheck *result, struct err *err);

/* first_batch.h: first->n and the most examples wanted in first->m are given. */
int first_batch_f32(const struct train_input *input, struct arena *arena, struct pool *pool, struct first_batch *first,
		    struct err *err);
int first_batch_f64(const struct train_input *input, struct arena *arena, struct pool *pool, struct first_batch *first,
		    struct err *err);

#endif
