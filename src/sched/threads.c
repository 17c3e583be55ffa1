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

/* Updates per second of one run with that many, set-up and first and last evaluation included. */
static int rate(const struct settings *settings, const struct dataset *data, struct arena *arena, double *steps_per_s,
		struct err *err)
{
	static const volatile sig_atomic_t never = 0;
	struct trace *trace = NULL;
	const double start = now();
	if (train_run(settings, data, arena, &never, &trace, err) != 0)
		return -1;
	const double seconds = now() - start;
	const bool whole = trace->status == STATUS_COMPLETED;
	if (!whole)
		err_set(err, ERR_INPUT, "the network to be timed ended as '%s': give it a smaller lr",
			table_name(&status_table, (size_t)trace->status));
	trace_free(trace);
	*steps_per_s = (double)settings->steps / seconds;
	return whole ? 0 : -1;
}

/* Doubles the updates until a run is long enough to be timed, then makes it as long as asked. */
static int lengthen(struct settings *settings, const struct dataset *data, double seconds, struct err *err)
{
	struct arena arena = ARENA_INIT;
	double steps_per_s = 0;
	int failed = 0;
	for (settings->steps = 1; !failed; settings->steps *= 2) {
		failed = rate(settings, data, &arena, &steps_per_s, err);
		if ((double)settings->steps >= 0.1 * seconds * steps_per_s)
			break;
	}
	if (!failed)
		settings->steps = (int64_t)(seconds * steps_per_s) + 1;
	arena_release(&arena);
	return failed;
}

int sched_bench(const struct settings *settings, int threads, double seconds, double *steps_per_s, struct err *err)
{
	struct settings timed = *settings;
	struct dataset data;
	double sum = 0;
	int failed = 0;
	timed.epochs = 0;
	if (dataset_load(&timed.data, &data, err) != 0)
		return -1;
	if (lengthen(&timed, &data, seconds, err) != 0) {
		dataset_release(&data);
		return -1;
	}
#pragma omp parallel num_threads(threads)
	{
		struct arena arena = ARENA_INIT;
		struct err mine = {0};
		double speed = 0;
#pragma omp barrier
		const int refused = rate(&timed, &data, &arena, &speed, &mine);
#pragma omp critical
		if (refused) {
			failed = -1;
			*err = mine;
		} else {
			sum += speed; /* in any order: a timing is not a result */
		}
		arena_release(&arena);
	}
	dataset_release(&data);
	*steps_per_s = sum;
	return failed;
}
