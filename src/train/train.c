/* train.c: one run of either precision, and what it costs. The loop itself: train_real.c. */
#include "train/train.h"

#include <stdlib.h>

#include "net/loss.h"
#include "train/train_from.h"

int train_from(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err)
{
	const struct settings *settings = input->settings;
	const struct dataset *data = input->data;
	*trace = NULL;
	if (loss_outputs(losses[settings->loss].kind, data->classes, data->targets) < 1)
		return err_set(err, ERR_INPUT, "loss '%s' cannot learn this data set (%d classes, %d targets)",
			       losses[settings->loss].name, data->classes, data->targets);
	return settings->precision == FLOAT32 ? train_loop_f32(input, arena, trace, err)
					      : train_loop_f64(input, arena, trace, err);
}

int train_run(const struct settings *settings, const struct dataset *data, struct arena *arena,
	      const volatile sig_atomic_t *stop, struct trace **trace, struct err *err)
{
	const struct train_input input = {.settings = settings, .data = data, .stop = stop};
	return train_from(&input, arena, trace, err);
}

/* The width of layer l, n[0] … n[L], without a list of them. */
static double width(const struct settings *settings, int l, int inputs, int outputs)
{
	if (l == 0)
		return inputs;
	if (l == settings_layers(settings))
		return outputs;
	return settings->width.v[settings->width.n == 1 ? 0 : l - 1];
}

double train_flop(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	const double B = (double)settings_batch(settings, train_examples);
	double weights = 0;
	for (int l = 1; l <= settings_layers(settings); l++)
		weights += width(settings, l, inputs, outputs) * width(settings, l - 1, inputs, outputs);
	/* no derivative by the inputs */
	return 6 * B * weights - 2 * B * inputs * width(settings, 1, inputs, outputs);
}

/* Seconds on one thread of an ordinary machine with AVX2; wrong by a factor of two on another, by the same one for all runs. */
double train_cost(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	const bool wide = settings->precision == FLOAT64;
	const double N = (double)train_examples, B = (double)settings_batch(settings, train_examples);
	double products = 0, units = 0, weights = 0;
	for (int l = 1; l <= settings_layers(settings); l++) {
		const double in = width(settings, l - 1, inputs, outputs), out = width(settings, l, inputs, outputs);
		/* narrow products reach less of the peak: half of it at a width of 12 */
		const double rate = 80e9 * (out / (out + 12)) * (wide ? 0.5 : 1);
		products += (l > 1 ? 6 : 4) * in * out / rate;
		weights += in * out;
		units += out;
	}
	const double element = wide ? 2e-9 : 0.6e-9; /* an activation, its derivative, a bias; an input on its way in */
	const double example = products + (units + inputs) * element;
	const double update = weights * (wide ? 1.6e-9 : 0.8e-9) + 0.5e-6 * settings_layers(settings);
	const double steps = (double)settings_steps(settings, train_examples);
	int S;
	free(settings_logged(settings, train_examples, &S));
	const metric_set evaluated = METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY) |
				     METRIC_BIT(METRIC_TEST_LOSS) | METRIC_BIT(METRIC_TEST_ACCURACY);
	const double evaluations = settings->metrics & evaluated ? S : 1;
	const double measured = settings->eval > 0 && (double)settings->eval < N ? (double)settings->eval : N;
	return steps * (B * example + update) + evaluations * measured * 1.5 * example / 3 + weights * 60e-9 + 20e-6;
}
