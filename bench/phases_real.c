/* phases_real.c: where the time of training goes. Linked with the product's own archives (scripts/run-bench) and the linker's
 * --wrap, it stands between the training loop and what that calls, and counts the processor's clock. On leaving, the program
 * prints a line for each phase to standard error: phase, precision, name, calls, seconds. For one thread. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "data/dataset.h"
#include "net/lanes_real.h"
#include "optim/optim.h"
#include "probe/lane_probe_real.h"
#include "train/run_real.h"
#include "train/train_from.h"

enum phase {
	WHOLE,
	SET_UP,
	FORWARD,
	ACTIVATION,
	BACK_DATA,
	MEANS,
	BACK_WEIGHTS,
	UPDATE,
	TRANSPOSE,
	GATHER,
	LOSS,
	NORMS,
	PHASES
};
static const char *const names[PHASES] = {
	"whole",  "set-up",     "forward", "activation", "backward-data", "times and means", "backward-weights",
	"update", "transposes", "gather",  "loss",       "norms"};
static uint64_t spent[PHASES], calls[PHASES], first_tick;
static double first_second;

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

#define TIMED(phase, call)                                                                                             \
	do {                                                                                                           \
		const uint64_t start = ticks();                                                                        \
		call;                                                                                                  \
		spent[phase] += ticks() - start;                                                                       \
		calls[phase]++;                                                                                        \
	} while (0)

static __attribute__((constructor)) void begin(void)
{
	first_second = seconds();
	first_tick = ticks();
}

static __attribute__((destructor)) void print(void)
{
	const double tick = (seconds() - first_second) / (double)(ticks() - first_tick);
	for (int p = 0; p < PHASES && calls[WHOLE]; p++)
		fprintf(stderr, "phase\tfloat%d\t%s\t%llu\t%.9f\n", REAL_BITS, names[p], (unsigned long long)calls[p],
			(double)spent[p] * tick);
}

/* ---- the kernels: a table whose entries are timed ---- */

static const struct FN(kernels) *real_kernels;

static void gemm(int M, int N, int K, const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *B, ptrdiff_t ldb,
		 real *C, ptrdiff_t ldc, real scale)
{
	TIMED(a_col == 1 ? BACK_DATA : BACK_WEIGHTS,
	      real_kernels->gemm(M, N, K, a, a_row, a_col, B, ldb, C, ldc, scale));
}

static void linear(int M, int N, int K, const real *a, ptrdiff_t lda, const real *W, ptrdiff_t ldw, real *C,
		   ptrdiff_t ldc, const real *row)
{
	TIMED(FORWARD, real_kernels->linear(M, N, K, a, lda, W, ldw, C, ldc, row));
}

/* Of networks side by side: which of the three it is, the strides tell. */
static void lane_product(int M, int N, int K, const real *a, ptrdiff_t a_m, ptrdiff_t a_k, const real *b, ptrdiff_t b_k,
			 ptrdiff_t b_n, real *c, ptrdiff_t ldc, const real *row, real scale)
{
	TIMED(a_m == 1   ? BACK_WEIGHTS
	      : b_k == 1 ? FORWARD
			 : BACK_DATA,
	      real_kernels->lane_product(M, N, K, a, a_m, a_k, b, b_k, b_n, c, ldc, row, scale));
}

static void times_and_means(int rows, int columns, const real *factor, real *x, ptrdiff_t ld, real *mean)
{
	TIMED(MEANS, real_kernels->times_and_means(rows, columns, factor, x, ld, mean));
}

static void tanh_slope(size_t n, real *z, real *a)
{
	TIMED(ACTIVATION, real_kernels->vec[VEC_TANH].value_slope(n, z, a));
}

/* One function, two names: __real_x is x, and calls of x come to __wrap_x. */
#define WRAP(type, name, ...)                                                                                          \
	type REAL_PASTE(__real_, FN(name))(__VA_ARGS__);                                                               \
	type REAL_PASTE(__wrap_, FN(name))(__VA_ARGS__);                                                               \
	type REAL_PASTE(__wrap_, FN(name))(__VA_ARGS__)
#define REAL(name) REAL_PASTE(__real_, FN(name))

WRAP(const struct FN(kernels) *, kernels, void)
{
	static struct FN(kernels) timed;
	real_kernels = REAL(kernels)();
	timed = *real_kernels;
	timed.gemm = gemm;
	timed.lane_product = lane_product;
	timed.linear = linear;
	timed.times_and_means = times_and_means;
	timed.vec[VEC_TANH].value_slope = tanh_slope;
	return &timed;
}

/* ---- the functions of other rooms ---- */

WRAP(int, train_loop, const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err)
{
	int result;
	TIMED(WHOLE, result = REAL(train_loop)(input, arena, trace, err));
	return result;
}

WRAP(int, train_group, const struct train_feed *feed, int seats, struct arena *arena, const atomic_int *stop)
{
	int result;
	TIMED(WHOLE, result = REAL(train_group)(feed, seats, arena, stop));
	return result;
}

WRAP(int, run_make, struct FN(run) *run, const struct train_input *input, const int *n, bool keep_grads,
     struct arena *arena, struct err *err)
{
	int result;
	TIMED(SET_UP, result = REAL(run_make)(run, input, n, keep_grads, arena, err));
	return result;
}

static FN(optim_update) *updater;

static void update(size_t n, real *w, const real *g, real *const state[OPTIM_STATES],
		   const struct FN(optim_coefs) *coefs)
{
	TIMED(UPDATE, updater(n, w, g, state, coefs));
}

WRAP(FN(optim_update) *, optim_updater, int optimizer)
{
	updater = REAL(optim_updater)(optimizer);
	return update;
}

WRAP(void, transpose, int rows, int columns, const real *src, ptrdiff_t ld_src, real *dst, ptrdiff_t ld_dst)
{
	TIMED(TRANSPOSE, REAL(transpose)(rows, columns, src, ld_src, dst, ld_dst));
}

WRAP(void, run_gather, struct FN(run) *run, int64_t t)
{
	TIMED(GATHER, REAL(run_gather)(run, t));
}

WRAP(struct loss_sum, loss_eval, enum loss_kind kind, int B, int O, const real *Z, int ldz, struct answers answers,
     real *dZ)
{
	struct loss_sum sum;
	TIMED(LOSS, sum = REAL(loss_eval)(kind, B, O, Z, ldz, answers, dZ));
	return sum;
}

WRAP(void, probe_forward, struct FN(probe) *probe, const struct FN(mlp) *mlp, int B, struct trace *trace, int s)
{
	TIMED(NORMS, REAL(probe_forward)(probe, mlp, B, trace, s));
}

WRAP(double, probe_gradient, struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace,
     int s)
{
	double norm;
	TIMED(NORMS, norm = REAL(probe_gradient)(probe, mlp, l, B, trace, s));
	return norm;
}

WRAP(void, probe_before_update, struct FN(probe) *probe, const struct FN(mlp) *mlp, int l)
{
	TIMED(NORMS, REAL(probe_before_update)(probe, mlp, l));
}

WRAP(void, probe_after_update, struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, struct trace *trace, int s)
{
	TIMED(NORMS, REAL(probe_after_update)(probe, mlp, l, trace, s));
}

WRAP(void, lanes_take_batches, struct FN(lanes) *lanes)
{
	const uint64_t turned = spent[TRANSPOSE];
	TIMED(GATHER, REAL(lanes_take_batches)(lanes));
	spent[GATHER] -= spent[TRANSPOSE] - turned;
}

WRAP(void, lanes_losses, struct FN(lanes) *lanes)
{
	TIMED(LOSS, REAL(lanes_losses)(lanes));
}

WRAP(void, lane_probe_forward, struct FN(lane_probe) *probe, const struct FN(lanes) *lanes)
{
	TIMED(NORMS, REAL(lane_probe_forward)(probe, lanes));
}

WRAP(void, lane_probe_gradient, struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	TIMED(NORMS, REAL(lane_probe_gradient)(probe, lanes, l));
}

WRAP(void, lane_probe_update, struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l)
{
	TIMED(NORMS, REAL(lane_probe_update)(probe, lanes, l));
}

WRAP(void, lane_probe_batch, struct FN(lane_probe) *probe, const struct FN(lanes) *lanes)
{
	TIMED(NORMS, REAL(lane_probe_batch)(probe, lanes));
}

/* A changed declaration is no undefined behaviour here: this file does not compile, and the section on phases is left out. */
#define SAME(name)                                                                                                     \
	_Static_assert(__builtin_types_compatible_p(__typeof__(FN(name)), __typeof__(REAL_PASTE(__wrap_, FN(name)))),  \
		       #name)
SAME(kernels);
SAME(train_loop);
SAME(train_group);
SAME(lanes_take_batches);
SAME(lanes_losses);
SAME(lane_probe_forward);
SAME(lane_probe_gradient);
SAME(lane_probe_update);
SAME(lane_probe_batch);
SAME(run_make);
SAME(optim_updater);
SAME(run_gather);
SAME(loss_eval);
SAME(probe_forward);
SAME(probe_gradient);
SAME(probe_before_update);
SAME(probe_after_update);
