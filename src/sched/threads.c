/* threads.c: how many threads when the user does not say, and how fast they are together. */
#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sched/sched.h"

/* The number an environment variable begins with ("4", or "4,2" of nested OpenMP), if it is one. */
static int at_most(int threads, const char *variable)
{
	const char *text = getenv(variable);
	char *end;
	if (!text)
		return threads;
	const long limit = strtol(text, &end, 10);
	const bool number = end != text && (*end == '\0' || *end == ',');
	return number && limit >= 1 && limit < threads ? (int)limit : threads;
}

int sched_threads(void)
{
	cpu_set_t mask;
	const int threads = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : omp_get_num_procs();
	return at_most(at_most(threads, "SLURM_CPUS_PER_TASK"), "OMP_NUM_THREADS");
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of one run of so many updates, set-up and first and last evaluation included. */
static int time_run(const struct settings *settings, int64_t steps, const struct dataset *data, struct arena *arena,
		    double *seconds, struct err *err)
{
	static const volatile sig_atomic_t never = 0;
	struct settings timed = *settings;
	struct trace *trace = NULL;
	timed.epochs = 0;
	timed.steps = steps;
	const double start = now();
	if (train_run(&timed, data, arena, &never, &trace, err) != 0)
		return -1;
	*seconds = now() - start;
	const bool whole = trace->status == STATUS_COMPLETED;
	if (!whole)
		err_set(err, ERR_INPUT, "the network to be timed ended as '%s': give it a smaller lr",
			table_name(&status_table, (size_t)trace->status));
	trace_free(trace);
	return whole ? 0 : -1;
}

/* How many updates take so long: doubled until a run, without its set-up, is long enough to tell. */
static int updates_for(const struct settings *settings, const struct dataset *data, double seconds, int64_t *steps,
		       struct err *err)
{
	struct arena arena = ARENA_INIT;
	double set_up = 0, whole = 0;
	int failed = time_run(settings, 1, data, &arena, &set_up, err);
	for (*steps = 1; !failed; *steps *= 2) {
		failed = time_run(settings, 1 + *steps, data, &arena, &whole, err);
		if (whole - set_up >= 0.1 * seconds)
			break;
	}
	if (!failed)
		*steps = (int64_t)((double)*steps * seconds / (whole - set_up)) + 1;
	arena_release(&arena);
	return failed;
}

int sched_bench(const struct settings *settings, int threads, double seconds, double *steps_per_s, struct err *err)
{
	struct dataset data;
	int64_t steps;
	double sum = 0;
	int failed = 0;
	if (dataset_load(&settings->data, &data, err) != 0)
		return -1;
	if (updates_for(settings, &data, seconds, &steps, err) != 0) {
		dataset_release(&data);
		return -1;
	}
#pragma omp parallel num_threads(threads)
	{
		struct arena arena = ARENA_INIT;
		struct err mine = {0};
		double set_up = 0, whole = 0;
		int refused = time_run(settings, 1, &data, &arena, &set_up, &mine);
#pragma omp barrier
		if (!refused)
			refused = time_run(settings, 1 + steps, &data, &arena, &whole, &mine);
#pragma omp critical
		if (refused) {
			failed = -1;
			*err = mine;
		} else {
			sum += (double)steps / (whole - set_up); /* in any order: a timing is not a result */
		}
		arena_release(&arena);
	}
	dataset_release(&data);
	*steps_per_s = sum;
	return failed;
}
