/* gradcheck.c: the gradient check: the gradient of a run's own precision against differences of the loss in float64. */
#include <math.h>
#include <stdlib.h>

#include "net/loss.h"
#include "train/train_from.h"

const double gradcheck_tolerance[] = {[FLOAT32] = 2e-3, [FLOAT64] = 1e-7};

/* Σ out·(in + bias). */
static size_t parameters(const struct settings *settings, int inputs, int outputs)
{
	const int L = settings_layers(settings);
	size_t total = 0;
	double in = inputs;
	for (int l = 1; l <= L; l++) {
		const double out = l == L ? outputs : settings->width.v[settings->width.n == 1 ? 0 : l - 1];
		total += (size_t)out * ((size_t)in + settings->bias);
		in = out;
	}
	return total;
}

int train_gradcheck(const struct settings *settings, const struct dataset *data, struct arena *arena,
		    struct gradcheck *result, struct err *err)
{
	const struct train_input input = {.settings = settings, .data = data};
	const int outputs = loss_outputs(losses[settings->loss].kind, data->classes, data->targets);
	if (outputs < 1)
		return err_set(err, ERR_INPUT, "loss '%s' cannot learn this data set (%d classes, %d targets)",
			       losses[settings->loss].name, data->classes, data->targets);
	const size_t n = parameters(settings, data->I, outputs);
	double *weights = calloc(n, sizeof *weights), *gradient = calloc(n, sizeof *gradient);
	int failed = -1;
	if (!weights || !gradient)
		err_errno(err, "cannot check %zu derivatives", n);
	else if (settings->precision == FLOAT32)
		failed = gradcheck_gradient_f32(&input, arena, weights, gradient, err) ||
			 gradcheck_compare_f64(&input, arena, weights, gradient, sqrt(1.19e-7), result, err);
	else
		failed = gradcheck_gradient_f64(&input, arena, weights, gradient, err) ||
			 gradcheck_compare_f64(&input, arena, weights, gradient, sqrt(2.22e-16), result, err);
	free(weights);
	free(gradient);
	return failed ? -1 : 0;
}
