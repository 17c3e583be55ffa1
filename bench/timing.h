/* timing.h: what the micro-benchmarks share: CPU time of the thread, and the best time of many repetitions. */
#ifndef FATHOM_BENCH_TIMING_H
#define FATHOM_BENCH_TIMING_H

#include <stdlib.h>
#include <time.h>

static inline double timing_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The best time of one pass over `work`, repeated for `budget` seconds. */
#define TIMING_BEST(best, budget, work)                                                                                \
	do {                                                                                                           \
		int times = 1;                                                                                         \
		(best) = 1e9;                                                                                          \
		for (double start = timing_now(), before = start; before - start < (budget);) {                        \
			for (int r = 0; r < times; r++) {                                                              \
				work;                                                                                  \
			}                                                                                              \
			const double after = timing_now();                                                             \
			if ((after - before) / times < (best))                                                         \
				(best) = (after - before) / times;                                                     \
			if (after - before < (budget) / 20)                                                            \
				times *= 2;                                                                            \
			before = after;                                                                                \
		}                                                                                                      \
	} while (0)

/* n numbers in (−1, 1) of `size` bytes each, aligned to a page; the caller frees them. */
static inline void *timing_numbers(size_t n, size_t size)
{
	void *x = aligned_alloc(4096, (n * size + 4095) / 4096 * 4096);
	for (size_t i = 0; x && i < n; i++) {
		const double v = (double)(i * 7919 % 1000) / 500 - 0.999;
		if (size == sizeof(float))
			((float *)x)[i] = (float)v;
		else
			((double *)x)[i] = v;
	}
	return x;
}

/* GFLOP/s of fused multiply-adds in chains that never leave the registers, one core (micro_real.c). */
double peak_f32(double budget);
double peak_f64(double budget);
/* Three products of every shape by every library (micro_real.c); every vector function (functions_real.c): a line each. */
void products_f32(double budget);
void products_f64(double budget);
void functions_f32(double budget);
void functions_f64(double budget);

#endif
