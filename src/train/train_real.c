/* train_real.c: the life of one run, alone. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "spec/key.h"
#include "train/loop_real.h"

/* The empty trace of a run. */
static struct trace *trace_make(const struct train_input *input, const int *n, struct err *err)
{
	const struct settings *settings = input->settings;
	int S = 0;
	int64_t *logged = settings_logged(settings, input->data->train.n, &S);
	struct trace *trace = trace_new(S, logged, settings_layers(settings), n, settings->bias, REAL_BITS,
					settings->metrics, settings->weights, err);
	free(logged);
	return trace;
}

int FN(loop_open)(struct FN(loop) *loop, const struct train_input *input, struct arena *arena, struct err *err)
{
	const struct settings *settings = input->settings;
	const struct dataset *data = input->data;
	*loop = (struct FN(loop)){.best_accuracy = NAN, .lowest = INFINITY};
	int *n = malloc(sizeof *n * (size_t)(settings_layers(settings) + 1));
	if (!n)
		return err_errno(err, "cannot train a network of %d layers", settings_layers(settings));
	settings_shape(settings, data->I, loss_outputs(losses[settings->loss].kind, data->classes, data->targets), n);
	struct trace *trace = trace_make(input, n, err);
	const int refused = trace ? FN(run_make)(&loop->run, input, n, settings->optim.clip > 0, arena, err) : -1;
	free(n);
	if (refused) {
		trace_free(trace);
		return -1;
	}
	loop->run.trace = trace;
	if (trace->weights[WEIGHTS_INITIAL].values)
		FN(weights_save)(&loop->run.mlp, trace->weights[WEIGHTS_INITIAL].values);
	return 0;
}

static bool stopped(const struct FN(run) *run)
{
	return run->stop && *run->stop;
}

int FN(train_loop)(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err)
{
	const double start = clock_now();
	struct FN(loop) loop;
	*trace = NULL;
	if (FN(loop_open)(&loop, input, arena, err) != 0)
		return -1;
	while (!stopped(&loop.run) && FN(loop_arrive)(&loop) && FN(loop_step)(&loop))
		team_tell(input->team, 1 - (double)loop.run.t / (double)loop.run.steps);
	if (!stopped(&loop.run))
		FN(loop_last)(&loop);
	if (stopped(&loop.run)) {
		trace_free(loop.run.trace);
		return 1;
	}
	trace_put(loop.run.trace, METRIC_WALL_TIME, 0, 0, clock_now() - start);
	*trace = loop.run.trace;
	return 0;
}
