/* bench.c: how many updates a second a network makes, through the code that trains a grid. */
#include <malloc.h>
#include <omp.h>
#include <stdlib.h>

#include "base/clock.h"
#include "net/loss.h"
#include "sched/sched.h"

/* What one thread trains: a run, or as many side by side as there are seats. */
struct timed {
	struct settings settings;
	const struct dataset *data;
	int runs, next;
	struct err *err;
	bool failed;
};

static bool next_run(void *self, int seat, const struct settings **settings, const struct dataset **data)
{
	struct timed *timed = self;
	*settings = &timed->settings;
	*data = timed->data;
	return timed->next++ < timed->runs;
}

static void run_done(void *self, int seat, struct trace *trace, const struct err *why)
{
	struct timed *timed = self;
	if (why)
		*timed->err = *why;
	else if (trace->status != STATUS_COMPLETED)
		err_set(timed->err, ERR_INPUT, "the network to be timed ended as '%s': give it a smaller lr",
			table_name(&status_table, (size_t)trace->status));
	timed->failed |= why || trace->status != STATUS_COMPLETED;
	trace_free(trace);
}

/* A long measurement is many runs, one after the other, and the trace of one is the memory of the next, as in a grid: otherwise what
 * logging costs is what a system takes to find fresh memory. */
enum { MOST_UPDATES = 4096, KEPT_BYTES = 256 << 20, BLOCK_BYTES = 32 << 20 };

static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	mallopt(M_MMAP_THRESHOLD, BLOCK_BYTES);
}

/* Seconds of so many updates of `runs` runs at a time, set-up and first and last evaluation included. arena: 1 + TRAIN_SEATS. */
static int time_runs(const struct settings *settings, int runs, int64_t steps, const struct dataset *data,
		     struct arena *arena, double *seconds, struct err *err)
{
	static const atomic_int never = 0;
	const int parts = (int)((steps + MOST_UPDATES - 1) / MOST_UPDATES);
	struct timed timed = {.settings = *settings, .data = data, .runs = runs * parts, .err = err};
	const struct train_feed feed = {next_run, run_done, &timed};
	struct trace *trace = NULL;
	timed.settings.epochs = 0;
	timed.settings.steps = (steps + parts - 1) / parts;
	const double start = clock_now();
	if (runs > 1)
		timed.failed |= train_group(settings->precision, &feed, runs, arena, &never) < 0;
	for (int i = 0; i < parts && runs == 1 && !timed.failed; i++)
		if (train_run(&timed.settings, data, arena, &never, &trace, err) == 0)
			run_done(&timed, 0, trace, NULL);
		else
			timed.failed = true;
	*seconds = clock_now() - start;
	return timed.failed ? -1 : 0;
}

static void release(struct arena *arena)
{
	for (int i = 0; i <= TRAIN_SEATS; i++)
		arena_release(&arena[i]);
}

/* How many updates take so long: doubled until a run, without its set-up, is long enough to tell. */
static int updates_for(const struct settings *settings, int runs, const struct dataset *data, double seconds,
		       int64_t *steps, struct err *err)
{
	struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
	double set_up = 0, whole = 0;
	int failed = time_runs(settings, runs, 1, data, arena, &set_up, err);
	for (*steps = 1; !failed; *steps *= 2) {
		failed = time_runs(settings, runs, 1 + *steps, data, arena, &whole, err);
		if (whole - set_up >= 0.1 * seconds)
			break;
	}
	if (!failed)
		*steps = (int64_t)((double)*steps * seconds / (whole - set_up)) + 1;
	release(arena);
	return failed;
}

/* How many runs a worker would train at a time, if they are long. */
static int runs_at_a_time(const struct settings *settings, const struct dataset *data)
{
	struct settings many = *settings;
	many.epochs = 0;
	many.steps = 1000000;
	const int outputs = loss_outputs(losses[settings->loss].kind, data->classes, data->targets);
	return train_in_groups(&many, data->I, outputs, data->train.n) ? train_seats(settings) : 1;
}

int sched_bench(const struct settings *settings, int threads, double seconds, double *steps_per_s, struct err *err)
{
	struct dataset data;
	int64_t steps;
	double sum = 0;
	int failed = 0;
	if (dataset_load(&settings->data, &data, err) != 0)
		return -1;
	const int runs = runs_at_a_time(settings, &data);
	keep_memory();
	if (updates_for(settings, runs, &data, seconds, &steps, err) != 0) {
		dataset_release(&data);
		return -1;
	}
#pragma omp parallel num_threads(threads)
	{
		struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
		struct err mine = {0};
		double set_up = 0, whole = 0;
		int refused = time_runs(settings, runs, 1, &data, arena, &set_up, &mine);
#pragma omp barrier
		if (!refused)
			refused = time_runs(settings, runs, 1 + steps, &data, arena, &whole, &mine);
#pragma omp critical
		if (refused) {
			failed = -1;
			*err = mine;
		} else {
			sum += runs * (double)steps / (whole - set_up); /* in any order: a timing is not a result */
		}
		release(arena);
	}
	dataset_release(&data);
	*steps_per_s = sum;
	return failed;
}
