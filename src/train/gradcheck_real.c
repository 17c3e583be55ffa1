/* gradcheck_real.c: the two halves of the gradient check: the gradient as backward computes it, in either precision, and its
 * comparison with differences of the loss, in float64 only.
 *
 * A difference of the loss is itself only so good: too large a step and the curvature shows, too small and the rounding of the
 * loss does, and a step over the kink of a relu is wrong at any size. So each derivative n is taken with several steps h by the
 * five-point formula
 *   n = (8 (f(w + h) − f(w − h)) − (f(w + 2h) − f(w − 2h))) / 12h        (error h⁴ f⁽⁵⁾ / 30)
 * and the gradient a is judged by the one that is closest to it. Where the differences do not even agree among themselves
 * as well as that one agrees with a, they cannot judge: the derivative counts as undecided, not as wrong. A wrong gradient
 * is never undecided: the differences agree with each other, and not with it. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "spec/key.h"
#include "train/run_real.h"

/* At most so many derivatives of a layer are checked, spaced evenly. */
enum { PER_LAYER = 2000 };

/* A network on its first batch, gradients kept. n is malloced, for the caller to free; NULL when that failed. */
static int *make(struct FN(run) *run, const struct train_input *input, struct arena *arena, struct err *err)
{
	const struct settings *settings = input->settings;
	const int outputs = loss_outputs(losses[settings->loss].kind, input->data->classes, input->data->targets);
	int *n = malloc(sizeof *n * (size_t)(settings_layers(settings) + 1));
	if (!n) {
		err_errno(err, "cannot check a network of %d layers", settings_layers(settings));
		return NULL;
	}
	settings_shape(settings, input->data->I, outputs, n);
	if (FN(run_make)(run, input, n, true, arena, err) != 0) {
		free(n);
		return NULL;
	}
	FN(run_gather)(run, 0);
	return n;
}

int FN(gradcheck_gradient)(const struct train_input *input, struct arena *arena, double *weights, double *gradient,
			   struct err *err)
{
	struct FN(run) run;
	int *n = make(&run, input, arena, err);
	if (!n)
		return -1;
	FN(mlp_forward)(&run.mlp, run.X, run.B);
	FN(run_backward)(&run);
	for (int l = 1; l <= run.mlp.shape.L; l++) {
		const struct FN(layer) *y = &run.mlp.layer[l];
		for (int o = 0; o < y->out; o++)
			for (int i = 0; i < y->in; i++) {
				*weights++ = y->W[(size_t)o * y->ldw + i];
				*gradient++ = y->dW[(size_t)o * y->ldw + i];
			}
		for (int o = 0; y->b && o < y->out; o++) {
			*weights++ = y->b[o];
			*gradient++ = y->db[o];
		}
	}
	free(n);
	return 0;
}

#if REAL_BITS == 64

/* Number k of layer l: W row by row, then b. */
static double *parameter(const struct run_f64 *run, int l, size_t k)
{
	const struct layer_f64 *y = &run->mlp.layer[l];
	const size_t in = (size_t)y->in, weights = (size_t)y->out * in;
	return k < weights ? &y->W[k / in * (size_t)y->ldw + k % in] : &y->b[k - weights];
}

/* The mean loss with a parameter at w + by. */
static double loss_moved(struct run_f64 *run, double *w, double by)
{
	const struct layer_f64 *last = &run->mlp.layer[run->mlp.shape.L];
	const double before = *w;
	*w += by;
	mlp_forward_f64(&run->mlp, run->X, run->B);
	*w = before;
	return loss_eval_f64(run->loss, run->B, last->out, last->D, last->lda, run->answers, NULL).loss / run->B;
}

static double difference(struct run_f64 *run, double *w, double h)
{
	const double near = loss_moved(run, w, h) - loss_moved(run, w, -h);
	const double far = loss_moved(run, w, 2 * h) - loss_moved(run, w, -2 * h);
	return (8 * near - far) / (12 * h);
}

/* |a − n| / max(|a| + |n|, least) by the best of the differences; *decided: whether they are good enough to judge. rounding:
 * of the loss, which a difference divides by h. */
static double error_of(struct run_f64 *run, double *w, double a, double least, double rounding, bool *decided)
{
	static const double h[] = {2e-3, 2e-4, 2e-5, 2e-6, 2e-7};
	enum { STEPS = sizeof h / sizeof *h };
	const double fine = 1e-9, right = 1e-7; /* nothing to be gained by another step; nothing to be judged */
	double error = INFINITY, agreement = INFINITY, before = NAN;
	for (int k = 0; k < STEPS && error > fine; k++) {
		const double n = difference(run, w, h[k]);
		error = fmin(error, fabs(a - n) / fmax(fabs(a) + fabs(n), least));
		if (k > 0)
			agreement = fmin(agreement,
					 (fabs(n - before) + rounding / h[k]) / fmax(fabs(n) + fabs(before), least));
		before = n;
	}
	*decided = error <= right || error > 2 * agreement;
	return error;
}

int gradcheck_compare_f64(const struct train_input *input, struct arena *arena, const double *weights,
			  const double *gradient, double floor, struct gradcheck *result, struct err *err)
{
	struct run_f64 run;
	int *n = make(&run, input, arena, err);
	if (!n)
		return -1;
	weights_load_f64(&run.mlp, weights);
	*result = (struct gradcheck){.worst = 0};
	double nothing = 0;
	const double rounding = 4 * DBL_EPSILON * (1 + loss_moved(&run, &nothing, 0));
	for (int l = 1; l <= run.mlp.shape.L; l++) {
		const struct layer_f64 *y = &run.mlp.layer[l];
		const size_t numbers = (size_t)y->out * (size_t)(y->in + (y->b != NULL));
		const size_t checks = numbers < PER_LAYER ? numbers : PER_LAYER;
		double largest = 0;
		for (size_t k = 0; k < numbers; k++)
			largest = fmax(largest, fabs(gradient[k]));
		for (size_t c = 0; c < checks; c++) {
			const size_t k = c * numbers / checks;
			bool decided;
			const double error = error_of(&run, parameter(&run, l, k), gradient[k],
						      fmax(floor * largest, 1e-300), rounding, &decided);
			result->checked++;
			result->undecided += !decided;
			if (decided && !(error <= result->worst)) {
				result->worst = error;
				result->layer = l;
				result->index = k;
			}
		}
		gradient += numbers;
	}
	free(n);
	return 0;
}

#endif
