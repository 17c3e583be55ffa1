/* micro.c: times the inner loops; prints lines of fields between tabs, asserts nothing. scripts/run-bench builds it.
 *
 * micro peak float32|float64 MS    GFLOP/s of fused multiply-adds on one core
 * micro memory MS                  level, bytes, GB/s: reading on one core, by the size of what is read
 * micro products MS                precision, width, batch, library, peak before, GFLOP/s forward, backward-data, backward-weights
 * micro functions MS               precision, activation, ns per element: value, with slope, libmvec, SLEEF
 *
 * MS: milliseconds of a measurement, of which the best repetition counts. FATHOM_ISA=avx2 or generic to compare.
 */
#include <stdio.h>
#include <string.h>

#include "timing.h"

#if defined __AVX512F__
enum { VECTOR = 64 };
#else
enum { VECTOR = 32 }; /* a wider one would go through memory */
#endif

static float read_all(const float *x, size_t n)
{
	typedef float vector __attribute__((vector_size(VECTOR)));
	const vector *v = (const vector *)x;
	vector a = {0}, b = {0}, c = {0}, d = {0};
	for (size_t i = 0; i + 4 <= n * sizeof *x / VECTOR; i += 4) {
		a += v[i];
		b += v[i + 1];
		c += v[i + 2];
		d += v[i + 3];
	}
	return (a + b + c + d)[0];
}

/* The size of a cache of data as the system knows it, or what is usual. */
static size_t cache_bytes(int index, size_t usual)
{
	char path[80];
	size_t kilobytes = 0;
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", index);
	FILE *file = fopen(path, "r");
	if (file && fscanf(file, "%zuK", &kilobytes) != 1)
		kilobytes = 0;
	if (file)
		fclose(file);
	return kilobytes ? kilobytes << 10 : usual;
}

/* Two thirds of every cache are read, of memory eight times the last one. */
static void memory(double budget)
{
	const size_t size[] = {cache_bytes(0, 32 << 10), cache_bytes(2, 512 << 10), cache_bytes(3, 8 << 20)};
	static const char *const names[] = {"L1", "L2", "L3", "memory"};
	for (size_t i = 0; i < 4; i++) {
		const size_t bytes = i < 3 ? size[i] / 3 * 2 : 8 * size[2], n = bytes / sizeof(float);
		float *x = timing_numbers(n, sizeof *x);
		volatile float sink;
		double best;
		TIMING_BEST(best, budget, sink = read_all(x, n));
		(void)sink;
		printf("memory\t%s\t%zu\t%.1f\n", names[i], i < 3 ? size[i] : 0, (double)bytes / best / 1e9);
		free(x);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const double budget = argc > 2 ? atof(argv[argc - 1]) / 1e3 : 0;
	if (strcmp(what, "peak") == 0 && budget > 0)
		printf("%.2f\n", strcmp(argv[2], "float64") == 0 ? peak_f64(budget) : peak_f32(budget));
	else if (strcmp(what, "memory") == 0 && budget > 0)
		memory(budget);
	else if (strcmp(what, "products") == 0 && budget > 0)
		products_f32(budget), products_f64(budget);
	else if (strcmp(what, "functions") == 0 && budget > 0)
		functions_f32(budget), functions_f64(budget);
	else
		return fprintf(stderr, "usage: micro peak float32|float64 MS, micro memory|products|functions MS\n"), 2;
	return 0;
}
