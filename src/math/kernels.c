/* kernels.c: which of the builds of the kernels this processor gets.
 *
 * The choice is made anew at every call (a few nanoseconds, once a run), so that there is no state to guard. The environment
 * variable FATHOM_ISA lowers it, for comparisons; a name that is unknown or beyond the processor leaves the best one.
 */
#include "math/kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "math/kernels_table.h"

struct choice {
	const char *isa;
	enum kernels_level level;
	const struct kernels_f32 *f32;
	const struct kernels_f64 *f64;
};

/* To add an instruction set: a row here, best first, its line in supported(), in simd.h and in the Makefile. */
static const struct choice choices[] = {
#if defined __x86_64__
	{"avx512", KERNELS_AVX512, &kernels_f32_avx512, &kernels_f64_avx512},
	{"avx2", KERNELS_AVX2, &kernels_f32_avx2, &kernels_f64_avx2},
#endif
	{"generic", KERNELS_GENERIC, &kernels_f32_generic, &kernels_f64_generic},
};

static bool supported(const char *isa)
{
#if defined __x86_64__
	const bool v3 =
		__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
	if (strcmp(isa, "avx512") == 0)
		return v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("avx512vl");
	return v3; /* the generic build too is compiled for x86-64-v3 */
#else
	return true;
#endif
}

static const struct choice *choose(void)
{
	const char *wish = getenv("FATHOM_ISA");
	const struct choice *best = NULL;
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		if (!supported(choices[i].isa))
			continue;
		if (wish && strcmp(wish, choices[i].isa) == 0)
			return &choices[i];
		if (!best)
			best = &choices[i];
	}
	return best ? best : &choices[sizeof choices / sizeof *choices - 1];
}

const struct kernels_f32 *kernels_f32(void)
{
	return choose()->f32;
}

const struct kernels_f64 *kernels_f64(void)
{
	return choose()->f64;
}

enum kernels_level kernels_level(void)
{
	return choose()->level;
}

const char *kernels_isa(void)
{
	return choose()->isa;
}

int kernels_supported(void)
{
	return supported("generic");
}
