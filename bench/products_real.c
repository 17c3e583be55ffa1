/* products_real.c: the peak of fused multiply-adds, and the three products of a w × w layer at batch B, by fathom's kernels and
 * by other libraries on the same memory, where they can be loaded: OpenBLAS, oneDNN, libxsmm. One core.
 *
 * Operands lie as in training, rows padded; for the forward product the other libraries get Wᵀ, which is faster for them than W,
 * fathom has W. libxsmm multiplies no transposed left factor: its
 * backward-weights transposes dZ first, within the time. A library that needs the operands otherwise (packed, tight) has no
 * better time here; none of the three was faster so.
 */
#include <dlfcn.h>
#include <immintrin.h>
#include <stdio.h>

#include "math/kernels.h"
#include "math/real.h"
#include "timing.h"

#if defined __AVX512F__
enum { VECTOR = 64 };
#else
enum { VECTOR = 32 };
#endif
typedef real vector __attribute__((vector_size(VECTOR)));
#if REAL_BITS == 32 && defined __AVX512F__
#define FMA _mm512_fmadd_ps
#elif REAL_BITS == 32
#define FMA _mm256_fmadd_ps
#elif defined __AVX512F__
#define FMA _mm512_fmadd_pd
#else
#define FMA _mm256_fmadd_pd
#endif
enum { CHAINS = 12, STEPS = 1000, LANES = VECTOR / sizeof(real) };

static __attribute__((noinline)) real chains(void)
{
	__asm__ volatile(""); /* else a pure function, called once */
	vector c[CHAINS], x = (vector){0} + (real)0.999;
	real sum = 0;
	for (int i = 0; i < CHAINS; i++)
		c[i] = (vector){0} + (real)i;
	for (int s = 0; s < STEPS; s++)
#pragma GCC unroll 12
		for (int i = 0; i < CHAINS; i++)
			c[i] = (vector)FMA(c[i], x, x);
#pragma GCC unroll 12
	for (int i = 0; i < CHAINS; i++)
		sum += c[i][0];
	return sum;
}

double FN(peak)(double budget)
{
	volatile real sink;
	double best;
	TIMING_BEST(best, budget, sink = chains());
	(void)sink;
	return 2.0 * CHAINS * STEPS * LANES / best / 1e9;
}

/* C = A·B, M × N, sums of K; if `turned`, a is Aᵀ, K × M. All row by row, ld apart. W: Bᵀ, where fathom is given that. */
struct product {
	int M, N, K, lda, ldb, ldc, turned;
	const real *a, *B, *W;
	real *C, *room; /* M × K */
};

static const struct FN(kernels) *kernels;

static void by_fathom(const struct product *p)
{
	if (p->W)
		kernels->linear(p->M, p->N, p->K, p->a, p->lda, p->W, p->ldb, p->C, p->ldc, NULL);
	else
		kernels->gemm(p->M, p->N, p->K, p->a, p->turned ? 1 : p->lda, p->turned ? p->lda : 1, p->B, p->ldb,
			      p->C, p->ldc, 1);
}

static void (*blas)(int order, int ta, int tb, int M, int N, int K, real alpha, const real *a, int lda, const real *B,
		    int ldb, real beta, real *C, int ldc);

static void by_openblas(const struct product *p)
{
	blas(101, p->turned ? 112 : 111, 111, p->M, p->N, p->K, 1, p->a, p->lda, p->B, p->ldb, 0, p->C, p->ldc);
}

static int (*dnnl)(char ta, char tb, int64_t M, int64_t N, int64_t K, real alpha, const real *a, int64_t lda,
		   const real *B, int64_t ldb, real beta, real *C, int64_t ldc);

static void by_onednn(const struct product *p)
{
	dnnl(p->turned ? 'T' : 'N', 'N', p->M, p->N, p->K, 1, p->a, p->lda, p->B, p->ldb, 0, p->C, p->ldc);
}

typedef void xsmm_kernel(const real *a, const real *b, real *c);
static xsmm_kernel *(*xsmm)(int m, int n, int k, const int *lda, const int *ldb, const int *ldc, const real *alpha,
			    const real *beta, const int *flags, const int *prefetch);
static void (*xsmm_turn)(void *out, const void *in, unsigned size, int m, int n, int ldi, int ldo);

static void by_libxsmm(const struct product *p)
{
	const real one = 1, zero = 0;
	const real *a = p->a;
	int lda = p->lda;
	if (p->turned) {
		lda = real_pad(p->K);
		xsmm_turn(p->room, a, sizeof(real), p->M, p->K, p->lda, lda);
		a = p->room;
	}
	/* columns first: Cᵀ = Bᵀ·Aᵀ. A kernel is made once and then found */
	xsmm(p->N, p->M, p->K, &p->ldb, &lda, &p->ldc, &one, &zero, NULL, NULL)(p->B, a, p->C);
}

static void *symbol(const char *library, const char *name)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	return handle ? dlsym(handle, name) : NULL;
}

static void one_shape(const char *name, void (*multiply)(const struct product *), int w, int B, double budget)
{
	const int ld = real_pad(w);
	real *X = timing_numbers((size_t)B * ld, sizeof(real)), *W = timing_numbers((size_t)w * ld, sizeof(real)),
	     *Wt = timing_numbers((size_t)w * ld, sizeof(real)), *Z = timing_numbers((size_t)B * ld, sizeof(real)),
	     *dX = timing_numbers((size_t)B * ld, sizeof(real)), *dW = timing_numbers((size_t)w * ld, sizeof(real)),
	     *room = timing_numbers((size_t)w * real_pad(B), sizeof(real));
	const struct product products[] = {
		{B, w, w, ld, ld, ld, 0, X, Wt, W, Z, room},
		{B, w, w, ld, ld, ld, 0, Z, W, NULL, dX, room},
		{w, w, B, ld, ld, ld, 1, Z, X, NULL, dW, room},
	};
	double t[3], top = FN(peak)(budget / 5);
	for (int i = 0; i < 3; i++)
		multiply(&products[i]); /* a library may make its code now */
	for (int i = 0; i < 3; i++)
		TIMING_BEST(t[i], budget, multiply(&products[i]));
	const double flop = 2e-9 * B * w * w;
	printf("product\tfloat%d\t%d\t%d\t%s\t%.2f\t%.2f\t%.2f\t%.2f\n", REAL_BITS, w, B, name, top, flop / t[0],
	       flop / t[1], flop / t[2]);
	free(X), free(W), free(Wt), free(Z), free(dX), free(dW), free(room);
}

void FN(products)(double budget)
{
	static const int shapes[][2] = {{16, 64},   {32, 64},   {64, 64},   {100, 128},
					{128, 128}, {256, 128}, {512, 256}, {1024, 128}};
	kernels = FN(kernels)();
	*(void **)&blas = symbol("libopenblas.so.0", REAL_BITS == 32 ? "cblas_sgemm" : "cblas_dgemm");
	*(void **)&dnnl = REAL_BITS == 32 ? symbol("libdnnl.so", "dnnl_sgemm") : NULL;
	*(void **)&xsmm = symbol("libxsmm.so.1", REAL_BITS == 32 ? "libxsmm_smmdispatch" : "libxsmm_dmmdispatch");
	*(void **)&xsmm_turn = symbol("libxsmm.so.1", "libxsmm_otrans");
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		const int w = shapes[i][0], B = shapes[i][1];
		one_shape("fathom", by_fathom, w, B, budget);
		if (blas)
			one_shape("OpenBLAS", by_openblas, w, B, budget);
		if (dnnl)
			one_shape("oneDNN", by_onednn, w, B, budget);
		if (xsmm && xsmm_turn)
			one_shape("libxsmm", by_libxsmm, w, B, budget);
	}
}
