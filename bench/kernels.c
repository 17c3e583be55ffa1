/* kernels.c: a developer's micro-benchmark of the math room; prints a table, asserts nothing.
 *
 * Build:  gcc -O2 -march=x86-64-v3 -Isrc -o /tmp/kernels bench/kernels.c build/libmath.a -lsleef -lm
 * Run:    /tmp/kernels [milliseconds a measurement]       FATHOM_ISA=generic to compare
 *         /tmp/kernels peak [milliseconds]                only GFLOP/s of fused multiply-adds on one core, for bench.py
 *
 * Products: GFLOP/s of the three products of a w×w layer at batch B (forward, backward-data, backward-weights) and all three
 * together as a share of the peak, which is measured before each line by independent chains of fused multiply-adds, as the
 * clock moves. Vector functions: ns per element on 4096 elements, value alone and with slope. Best of several repetitions.
 */
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "math/kernels.h"

#define REAL_BITS 32
#include "math/sum_real.h"

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double budget = 0.02;

/* The best time of one pass over `work`, repeated for the budget. */
#define BEST(best, work)                                                                                               \
	do {                                                                                                           \
		int times = 1;                                                                                         \
		(best) = 1e9;                                                                                          \
		for (double start = seconds(), now = start; now - start < budget;) {                                   \
			for (int r = 0; r < times; r++) {                                                              \
				work;                                                                                  \
			}                                                                                              \
			const double then = now;                                                                       \
			now = seconds();                                                                               \
			if ((now - then) / times < (best))                                                             \
				(best) = (now - then) / times;                                                         \
			if (now - then < budget / 20)                                                                  \
				times *= 2;                                                                            \
		}                                                                                                      \
	} while (0)

/* GFLOP/s of float32 fused multiply-adds in chains that never leave the registers. */
#if defined __AVX512F__
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
typedef __m512 vector;
#else
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
typedef __m256 vector;
#endif
enum { CHAINS = 12, STEPS = 1000 };

static __attribute__((noinline)) float chains(void)
{
	__asm__ volatile(""); /* else a pure function, called once */
	vector c[CHAINS], x = (vector){0} + 0.999f;
	float sum = 0;
	for (int i = 0; i < CHAINS; i++)
		c[i] = (vector){0} + (float)i;
	for (int s = 0; s < STEPS; s++)
#pragma GCC unroll 12
		for (int i = 0; i < CHAINS; i++)
			c[i] = FMA(c[i], x, x);
#pragma GCC unroll 12
	for (int i = 0; i < CHAINS; i++)
		sum += c[i][0];
	return sum;
}

static double peak(void)
{
	volatile float sink;
	double best;
	BEST(best, sink = chains());
	(void)sink;
	return 2.0 * CHAINS * STEPS * (sizeof(vector) / sizeof(float)) / best / 1e9;
}

static float *numbers(size_t n)
{
	float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(i * 7919 % 1000) / 500 - 1;
	return x;
}

static void products(const struct kernels_f32 *k, int in, int out, int B)
{
	const int li = real_pad(in), lo = real_pad(out);
	float *X = numbers((size_t)B * li), *W = numbers((size_t)out * li), *Wt = numbers((size_t)in * lo);
	float *Z = numbers((size_t)B * lo), *dX = numbers((size_t)B * li), *dW = numbers((size_t)out * li);
	const double flop = 2e-9 * B * in * out, top = peak();
	double t[3];
	BEST(t[0], k->gemm(B, out, in, X, li, 1, Wt, lo, Z, lo, 1));
	BEST(t[1], k->gemm(B, in, out, Z, lo, 1, W, li, dX, li, 1));
	BEST(t[2], k->gemm(out, in, B, Z, 1, lo, X, li, dW, li, 1));
	printf("%4d %4d %4d  %6.1f %6.1f %6.1f  %6.1f  %5.1f %%\n", in, out, B, flop / t[0], flop / t[1], flop / t[2],
	       3 * flop / (t[0] + t[1] + t[2]), 100 * 3 * flop / (t[0] + t[1] + t[2]) / top);
	free(X), free(W), free(Wt), free(Z), free(dX), free(dW);
}

int main(int argc, char **argv)
{
	static const int shapes[][3] = {{16, 16, 16},    {16, 16, 64},      {32, 32, 64},    {64, 64, 64},
					{64, 64, 32},    {100, 100, 128},   {128, 128, 128}, {256, 256, 128},
					{256, 256, 32},  {512, 512, 256},   {784, 64, 64},   {784, 100, 128},
					{784, 512, 256}, {1024, 1024, 128}, {100, 10, 128}};
	static const char *const names[] = {"identity", "sigmoid",  "tanh",  "lecun-tanh", "softsign", "hardtanh",
					    "erf",      "relu",     "leaky", "elu",        "selu",     "gelu",
					    "silu",     "softplus", "abs",   "sin"};
	const struct kernels_f32 *k = kernels_f32();
	const struct kernels_f64 *k64 = kernels_f64();
	const int only_peak = argc > 1 && strcmp(argv[1], "peak") == 0;
	if (argc > 1 + only_peak)
		budget = atof(argv[1 + only_peak]) / 1e3;
	if (only_peak)
		return printf("%.2f\n", peak()) < 0;
	printf("%s, peak %.1f GFLOP/s\n  in  out    B      fwd  bwd-x  bwd-w     all  of peak\n", k->isa, peak());
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		products(k, shapes[i][0], shapes[i][1], shapes[i][2]);

	enum { N = 4096 };
	static float z[N], a[N];
	static double z64[N], a64[N];
	printf("ns per element: float32 value, with slope; float64 value, with slope\n");
	for (int f = 0; f <= VEC_FUNCTIONS; f++) {
		double t[4];
#define REFILL                                                                                                         \
	for (int i = 0; i < N; i++)                                                                                    \
	z64[i] = z[i] = (float)(i % 601) / 100 - 3
		REFILL;
		if (f == VEC_FUNCTIONS) {
			BEST(t[0], k->exp(N, z, a));
			BEST(t[2], k64->exp(N, z64, a64));
			printf("%-10s %6.3f         %6.3f\n", "exp", t[0] / N * 1e9, t[2] / N * 1e9);
			break;
		}
		BEST(t[0], k->vec[f].value(N, z, a));
		BEST(t[1], k->vec[f].value_slope(N, z, a)); /* slopes become arguments: the time is the same */
		BEST(t[2], k64->vec[f].value(N, z64, a64));
		BEST(t[3], k64->vec[f].value_slope(N, z64, a64));
		printf("%-10s %6.3f %6.3f  %6.3f %6.3f\n", names[f], t[0] / N * 1e9, t[1] / N * 1e9, t[2] / N * 1e9,
		       t[3] / N * 1e9);
	}
	double t[5];
	volatile double sink;
	BEST(t[0], sink = sum_f32(N, z));
	BEST(t[1], sink = sum_squares_f32(N, z));
	BEST(t[2], sink = dot_f32(N, z, a));
	(void)sink;
	float *from = numbers(512 * 528), *to = numbers(512 * 528);
	BEST(t[3], transpose_f32(512, 512, from, 528, to, 528));
	BEST(t[4], transpose_f32(100, 100, from, 112, to, 112));
	printf("sum %.3f, squares %.3f, dot %.3f; transpose of 512×512 %.3f, 100×100 %.3f\n", t[0] / N * 1e9,
	       t[1] / N * 1e9, t[2] / N * 1e9, t[3] / (512 * 512) * 1e9, t[4] / (100 * 100) * 1e9);
}
