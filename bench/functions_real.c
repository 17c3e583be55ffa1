/* functions_real.c: ns per element of every activation, value alone and value with slope, and of libmvec (glibc) and SLEEF where
 * they have the same function: 4096 elements, which stay in the first-level cache. One core. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "math/kernels.h"
#include "math/real.h"
#include "net/act.h"
#include "timing.h"

enum { N = 4096 };
#if defined __AVX512F__
enum { VECTOR = 64 };
#define MVEC "_ZGVeN"
#else
enum { VECTOR = 32 };
#define MVEC "_ZGVdN"
#endif
typedef real vector __attribute__((vector_size(VECTOR)));
enum { LANES = VECTOR / sizeof(real) };
typedef vector function(vector x);

static void apply(function *f, const real *z, real *a)
{
	for (int i = 0; i < N; i += LANES)
		*(vector *)(a + i) = f(*(const vector *)(z + i));
}

/* ns per element of the libraries' function of this name, or NaN. */
static double by_library(const char *library, const char *symbol, const real *z, real *a, double budget)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	function *f;
	double best;
	*(void **)&f = handle ? dlsym(handle, symbol) : NULL;
	if (!f)
		return __builtin_nan("");
	TIMING_BEST(best, budget, apply(f, z, a));
	return best / N * 1e9;
}

static void line(const char *name, double value, double slope, const real *z, real *a, double budget)
{
	char mvec[64], sleef[64];
	snprintf(mvec, sizeof mvec, MVEC "%dv_%s%s", (int)LANES, name, REAL_BITS == 32 ? "f" : "");
	snprintf(sleef, sizeof sleef, "Sleef_%s%c%d_u10", name, REAL_BITS == 32 ? 'f' : 'd', (int)LANES);
	printf("function\tfloat%d\t%s\t%.4f\t%.4f\t%.4f\t%.4f\n", REAL_BITS, name, value, slope,
	       by_library("libmvec.so.1", mvec, z, a, budget), by_library("libsleef.so.3", sleef, z, a, budget));
}

void FN(functions)(double budget)
{
	static _Alignas(64) real z[N], a[N], from[N];
	const struct FN(kernels) *k = FN(kernels)();
	double value, slope;
	for (int i = 0; i < N; i++)
		from[i] = (real)(i * 7919 % 601) / 100 - 3;
	for (size_t i = 0; i < act_table.n; i++) {
		memcpy(z, from, sizeof z);
		TIMING_BEST(value, budget, k->vec[acts[i].function].value(N, z, a));
		/* slopes become arguments: the time is the same */
		TIMING_BEST(slope, budget, k->vec[acts[i].function].value_slope(N, z, a));
		line(acts[i].name, value / N * 1e9, slope / N * 1e9, from, a, budget);
	}
	TIMING_BEST(value, budget, k->exp(N, from, a));
	line("exp", value / N * 1e9, __builtin_nan(""), from, a, budget);
}
