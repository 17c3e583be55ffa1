/* pace.c: how fast this machine is, against the one that the costs of train/cost.c were fitted on. */
#include <math.h>

#include "base/clock.h"
#include "net/loss.h"
#include "sched/sched.h"

/* Products, activations and updates in the shares of an ordinary study; a few milliseconds. */
static void small_work(struct settings *settings)
{
	static const double width = 64;
	settings_default(settings);
	settings->data.set = table_find(&dataset_table, "gaussians");
	settings->data.features = 64;
	settings->data.noise = 0.1;
	settings->data.train = 256;
	settings->data.test = 64;
	settings->depth = 6;
	settings->width = (struct numbers){1, &width};
	settings->batch = 64;
	settings->steps = 60;
	settings->metrics = METRIC_BIT(METRIC_GRAD_NORM);
}

int sched_pace(double *pace, struct err *err)
{
	enum { TRIES = 5 }; /* the fastest counts: whatever else the machine does only slows */
	struct settings settings;
	struct dataset data;
	struct arena arena = ARENA_INIT;
	double best = INFINITY;
	small_work(&settings);
	if (dataset_load(&settings.data, &data, err) != 0)
		return -1;
	int failed = 0;
	for (int i = 0; i < TRIES && !failed; i++) {
		struct trace *trace;
		const double start = clock_now();
		failed = train_run(&settings, &data, &arena, NULL, &trace, err);
		if (failed)
			break;
		best = fmin(best, clock_now() - start);
		trace_free(trace);
	}
	const int outputs = loss_outputs(losses[settings.loss].kind, data.classes, data.targets);
	*pace = best / train_cost(&settings, data.I, outputs, data.train.n);
	arena_release(&arena);
	dataset_release(&data);
	return failed;
}
