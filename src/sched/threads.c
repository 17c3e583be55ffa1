/* threads.c: how many threads when the user does not say. */
#include <omp.h>
#include <sched.h>
#include <stdlib.h>

#include "sched/quota.h"
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

int sched_processors(void)
{
	cpu_set_t mask;
	const int most = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : omp_get_num_procs();
	return quota_processors("/proc/self/cgroup", "/sys/fs/cgroup", most);
}

int sched_threads(void)
{
	return at_most(at_most(sched_processors(), "SLURM_CPUS_PER_TASK"), "OMP_NUM_THREADS");
}
