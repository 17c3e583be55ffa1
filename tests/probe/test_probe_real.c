/* test_probe_real.c: every metric of a layer against its definition in plain loops, on arrays filled by hand whose padding is
 * poisoned where it may hold anything. */
#include "cm.h"

#include "base/rng.h"
#include "probe/norm_real.h"
#include "probe/probe_real.h"

enum { L = 3, B = 70 };
static const int n[L + 1] = {3, 5, 20, 2};
static const double EPS = REAL_BITS == 32 ? 1e-6 : 1e-13;

struct fixture {
	struct arena arena;
	struct FN(mlp) mlp;
	struct FN(probe) probe;
	struct trace *trace;
};

static void fill(real *x, int rows, int columns, int ld, real padding, uint32_t which)
{
	const struct rng rng = rng_stream(1, RNG_CHECK, which, 0);
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < ld; i++)
			x[r * ld + i] = i < columns ? (real)rng_normal(&rng, (uint64_t)(r * columns + i)) : padding;
}

static struct fixture make(const char *activation, bool bias, metric_set wanted)
{
	static const int64_t step[] = {0, 10, 20};
	struct fixture f = {.arena = ARENA_INIT};
	struct err err = {0};
	const struct mlp_shape shape = {
		.L = L,
		.n = n,
		.batch = B,
		.activation = table_find(&act_table, activation),
		.loss = LOSS_MSE,
		.bias = bias,
		.keep_grads = true,
	};
	f.trace = trace_new(3, step, L, n, bias, REAL_BITS, wanted, 0, &err);
	arena_measure(&f.arena);
	FN(mlp_layout)(&f.mlp, &shape, &f.arena);
	FN(probe_layout)(&f.probe, &f.mlp, wanted, &f.arena);
	assert_int_equal(arena_reserve(&f.arena, &err), 0);
	FN(mlp_layout)(&f.mlp, &shape, &f.arena);
	FN(probe_layout)(&f.probe, &f.mlp, wanted, &f.arena);
	for (int l = 1; l <= L; l++) {
		const struct FN(layer) *y = &f.mlp.layer[l];
		fill(y->W, y->out, y->in, y->ldw, 0, (uint32_t)l);
		fill(y->dW, y->out, y->in, y->ldw, 0, (uint32_t)l + 10);
		fill(y->D, B, y->out, y->lda, NAN, (uint32_t)l + 20);
		if (y->A)
			fill(y->A, B, y->out, y->lda, NAN, (uint32_t)l + 30);
		if (bias) {
			fill(y->b, 1, y->out, y->out, 0, (uint32_t)l + 40);
			fill(y->db, 1, y->out, y->out, 0, (uint32_t)l + 50);
		}
	}
	FN(probe_start)(&f.probe, &f.mlp);
	return f;
}

static void drop(struct fixture *f)
{
	trace_free(f->trace);
	arena_release(&f->arena);
}

static const metric_set ALL = METRIC_BIT(METRIC_N) - 1;

static double at(const struct fixture *f, enum metric_id id, int s, int l)
{
	return *trace_at(f->trace, id, s, l);
}

/* √Σ x², plainly. */
static double norm_of(const real *x, int rows, int columns, int ld)
{
	double squares = 0;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++)
			squares += (double)x[r * ld + i] * x[r * ld + i];
	return sqrt(squares);
}

static double spread_of(const real *x, int rows, int columns, int ld)
{
	double squares = 0;
	for (int r = 0; r < rows; r++)
		for (int i = 0; i < columns; i++)
			squares += ((double)x[r * ld + i] - x[i]) * ((double)x[r * ld + i] - x[i]);
	return sqrt(squares) / norm_of(x, rows, columns, ld);
}

static void gradients(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	double squares = 0, total = 0;
	for (int l = L; l >= 1; l--) {
		const struct FN(layer) *y = &f.mlp.layer[l];
		FN(probe_gradient)(&f.probe, &f.mlp, l, B, f.trace, 1);
		const double dW = norm_of(y->dW, y->out, y->in, y->ldw), db = norm_of(y->db, 1, y->out, 0);
		assert_near(at(&f, METRIC_GRAD_NORM, 1, l), dW, EPS, 0);
		assert_near(at(&f, METRIC_BIAS_GRAD_NORM, 1, l), db, EPS, 0);
		assert_near(at(&f, METRIC_DELTA_RMS, 1, l), norm_of(y->D, B, y->out, y->lda) / sqrt(B * y->out), EPS,
			    0);
		assert_near(at(&f, METRIC_ROW_SPREAD, 1, l), spread_of(y->dW, y->out, y->in, y->ldw), EPS, 0);
		assert_true(isnan(at(&f, METRIC_GRAD_NORM, 0, l)) && isnan(at(&f, METRIC_GRAD_NORM, 2, l)));
		total = FN(norm_join)(total, FN(probe_gradient_norm)(&f.mlp, l));
		squares += dW * dW + db * db;
	}
	assert_near(total, sqrt(squares), EPS, 0);
	drop(&f);
}

/* A batch shorter than the network was laid out for: the rows behind it do not count. */
static void short_batch(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[2];
	for (int i = 7 * y->lda; i < B * y->lda; i++)
		y->D[i] = y->A[i] = NAN;
	FN(probe_gradient)(&f.probe, &f.mlp, 2, 7, f.trace, 0);
	FN(probe_forward)(&f.probe, &f.mlp, 7, f.trace, 0);
	assert_near(at(&f, METRIC_DELTA_RMS, 0, 2), norm_of(y->D, 7, y->out, y->lda) / sqrt(7 * y->out), EPS, 0);
	assert_near(at(&f, METRIC_ACT_RMS, 0, 2), norm_of(y->A, 7, y->out, y->lda) / sqrt(7 * y->out), EPS, 0);
	assert_true(isfinite(at(&f, METRIC_ACT_COSINE, 0, 2)));
	drop(&f);
}

static void activations(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	FN(probe_forward)(&f.probe, &f.mlp, B, f.trace, 0);
	for (int l = 1; l <= L; l++) {
		const struct FN(layer) *y = &f.mlp.layer[l];
		const real *a = l < L ? y->A : y->D;
		const double numel = B * y->out;
		double sum = 0, abs_sum = 0, squares = 0, outside = 0, cosines = 0;
		for (int b = 0; b < B; b++)
			for (int i = 0; i < y->out; i++) {
				const double x = a[b * y->lda + i];
				sum += x;
				abs_sum += fabs(x);
				outside += fabs(x) > 0.99;
			}
		for (int b = 0; b < B; b++)
			for (int i = 0; i < y->out; i++)
				squares += pow(a[b * y->lda + i] - sum / numel, 2);
		for (int b = 0; b < 64; b++)
			for (int c = 0; c < b; c++) {
				const real *u = a + b * y->lda, *v = a + c * y->lda;
				double dot = 0;
				for (int i = 0; i < y->out; i++)
					dot += (double)u[i] * v[i];
				cosines += dot / norm_of(u, 1, y->out, 0) / norm_of(v, 1, y->out, 0);
			}
		assert_near(at(&f, METRIC_ACT_MEAN, 0, l), sum / numel, EPS, 1e-2);
		assert_near(at(&f, METRIC_ACT_ABS, 0, l), abs_sum / numel, EPS, 0);
		assert_near(at(&f, METRIC_ACT_STD, 0, l), sqrt(squares / numel), EPS, 0);
		assert_near(at(&f, METRIC_ACT_RMS, 0, l), norm_of(a, B, y->out, y->lda) / sqrt(numel), EPS, 0);
		assert_near(at(&f, METRIC_ACT_COSINE, 0, l), cosines / (64 * 63 / 2), EPS, 1e-2);
		if (l < L)
			assert_true(at(&f, METRIC_SATURATION, 0, l) == outside / numel);
		else
			assert_true(isnan(at(&f, METRIC_SATURATION, 0, l)));
		assert_true(isnan(at(&f, METRIC_DEAD, 0, l)));
	}
	drop(&f);
}

/* A deviation far smaller than the mean is not lost to cancellation. */
static void small_deviation(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[1];
	for (int b = 0; b < B; b++)
		for (int i = 0; i < y->out; i++)
			y->A[b * y->lda + i] = b % 2 ? 1 : 1 - (real)0x1p-20;
	FN(probe_forward)(&f.probe, &f.mlp, B, f.trace, 0);
	assert_near(at(&f, METRIC_ACT_STD, 0, 1), 0x1p-21, 1e-9, 0);
	drop(&f);
}

static void dead_and_silent(void **state)
{
	struct fixture f = make("relu", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[1];
	for (int b = 0; b < B; b++) {
		y->A[b * y->lda] = 0;                      /* dead: 0 on the whole batch */
		y->A[b * y->lda + 1] = b == B - 1 ? 1 : 0; /* alive: once */
		for (int i = 0; i < 20; i++)
			f.mlp.layer[2].A[b * f.mlp.layer[2].lda + i] = 0;
	}
	FN(probe_forward)(&f.probe, &f.mlp, B, f.trace, 0);
	assert_near(at(&f, METRIC_DEAD, 0, 1), 0.2, 1e-15, 0);
	assert_true(at(&f, METRIC_DEAD, 0, 2) == 1);
	assert_true(isnan(at(&f, METRIC_DEAD, 0, L)));
	assert_true(isnan(at(&f, METRIC_SATURATION, 0, 1)));
	assert_true(at(&f, METRIC_ACT_RMS, 0, 2) == 0 && at(&f, METRIC_ACT_STD, 0, 2) == 0);
	assert_true(isnan(at(&f, METRIC_ACT_COSINE, 0, 2))); /* no direction */
	drop(&f);
}

static void cosines(void **state)
{
	struct fixture f = make("relu", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[1];
	/* b even: along unit 0, b odd: along unit 1, one in four zero; beyond the 64th anything */
	for (int b = 0; b < 64; b++)
		for (int i = 0; i < y->out; i++)
			y->A[b * y->lda + i] = b % 4 != 3 && i == b % 2 ? (real)(b + 1) : 0;
	FN(probe_forward)(&f.probe, &f.mlp, B, f.trace, 0);
	const double even = 32, odd = 16, all = 48;
	assert_near(at(&f, METRIC_ACT_COSINE, 0, 1), (even * (even - 1) + odd * (odd - 1)) / (all * (all - 1)), 1e-13,
		    0);
	drop(&f);
}

static void weights(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[2];
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 0);
	assert_near(at(&f, METRIC_WEIGHT_NORM, 0, 2), norm_of(y->W, y->out, y->in, y->ldw), EPS, 0);
	assert_near(at(&f, METRIC_WEIGHT_SPREAD, 0, 2), spread_of(y->W, y->out, y->in, y->ldw), EPS, 0);
	assert_true(at(&f, METRIC_WEIGHT_DISTANCE, 0, 2) == 0);
	const double before = norm_of(y->W, y->out, y->in, y->ldw);
	FN(probe_before_update)(&f.probe, &f.mlp, 2);
	y->W[3] += 3;
	y->W[y->ldw] += 4;
	FN(probe_after_update)(&f.probe, &f.mlp, 2, f.trace, 0);
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 1);
	assert_near(at(&f, METRIC_UPDATE_RATIO, 0, 2), 5 / before, EPS, 0);
	assert_near(at(&f, METRIC_WEIGHT_DISTANCE, 1, 2), 5, EPS, 0);
	/* 0/0 is 0, anything else over 0 is infinite */
	memset(y->W, 0, sizeof(real) * (size_t)(y->out * y->ldw));
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 2);
	FN(probe_before_update)(&f.probe, &f.mlp, 2);
	FN(probe_after_update)(&f.probe, &f.mlp, 2, f.trace, 1);
	assert_true(at(&f, METRIC_UPDATE_RATIO, 1, 2) == 0);
	assert_true(at(&f, METRIC_WEIGHT_SPREAD, 2, 2) == 0);
	FN(probe_before_update)(&f.probe, &f.mlp, 2);
	y->W[0] = 1;
	FN(probe_after_update)(&f.probe, &f.mlp, 2, f.trace, 1);
	assert_true(isinf(at(&f, METRIC_UPDATE_RATIO, 1, 2)));
	drop(&f);
}

/* Exactly 0 iff all rows are equal, however small the difference. */
static void spread_of_equal_rows(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[2];
	const real smallest = REAL_BITS == 32 ? (real)0x1p-149 : (real)0x1p-1060;
	for (int o = 0; o < y->out; o++)
		memcpy(y->dW + o * y->ldw, y->dW, sizeof(real) * (size_t)y->in);
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 0);
	assert_true(at(&f, METRIC_ROW_SPREAD, 0, 2) == 0);
	for (int o = 0; o < y->out; o++)
		y->dW[o * y->ldw + 4] = o == 7 ? smallest : 0;
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 0);
	assert_true(at(&f, METRIC_ROW_SPREAD, 0, 2) > 0);
	memset(y->dW, 0, sizeof(real) * (size_t)(y->out * y->ldw));
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 0);
	assert_true(at(&f, METRIC_ROW_SPREAD, 0, 2) == 0);
	drop(&f);
}

static void cosine_with_the_step_before(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	const struct FN(layer) *y = &f.mlp.layer[2];
	for (int l = L; l >= 1; l--)
		FN(probe_gradient)(&f.probe, &f.mlp, l, B, f.trace, 0);
	assert_true(isnan(at(&f, METRIC_GRAD_COSINE, 0, 2)));
	for (int i = 0; i < y->out * y->ldw; i++)
		y->dW[i] *= -2;
	for (int l = L; l >= 1; l--)
		FN(probe_gradient)(&f.probe, &f.mlp, l, B, f.trace, 1);
	assert_near(at(&f, METRIC_GRAD_COSINE, 1, 1), 1, 1e-12, 0);
	assert_near(at(&f, METRIC_GRAD_COSINE, 1, 2), -1, 1e-12, 0);
	memset(y->dW, 0, sizeof(real) * (size_t)(y->out * y->ldw));
	FN(probe_gradient)(&f.probe, &f.mlp, 2, B, f.trace, 2);
	assert_true(isnan(at(&f, METRIC_GRAD_COSINE, 2, 2)));
	/* a new run starts anew */
	FN(probe_start)(&f.probe, &f.mlp);
	FN(probe_gradient)(&f.probe, &f.mlp, 1, B, f.trace, 2);
	assert_true(isnan(at(&f, METRIC_GRAD_COSINE, 2, 1)));
	drop(&f);
}

static void without_biases(void **state)
{
	struct fixture f = make("tanh", false, ALL);
	const struct FN(layer) *y = &f.mlp.layer[1];
	FN(probe_gradient)(&f.probe, &f.mlp, 1, B, f.trace, 0);
	assert_near(FN(probe_gradient_norm)(&f.mlp, 1), norm_of(y->dW, y->out, y->in, y->ldw), EPS, 0);
	assert_true(isnan(at(&f, METRIC_BIAS_GRAD_NORM, 0, 1)));
	drop(&f);
}

/* Only what is asked for is measured, and only that memory taken. */
static void only_what_is_wanted(void **state)
{
	struct fixture f = make("tanh", true, METRIC_BIT(METRIC_ACT_STD) | METRIC_BIT(METRIC_DELTA_RMS));
	assert_null(f.probe.start);
	assert_null(f.probe.last);
	assert_null(f.probe.before);
	for (int l = L; l >= 1; l--) {
		FN(probe_gradient)(&f.probe, &f.mlp, l, B, f.trace, 0);
		FN(probe_before_update)(&f.probe, &f.mlp, l);
		FN(probe_after_update)(&f.probe, &f.mlp, l, f.trace, 0);
	}
	FN(probe_forward)(&f.probe, &f.mlp, B, f.trace, 0);
	assert_true(isfinite(at(&f, METRIC_ACT_STD, 0, 1)) && isfinite(at(&f, METRIC_DELTA_RMS, 0, 1)));
	drop(&f);
}

static void finite_or_not(void **state)
{
	struct fixture f = make("tanh", true, ALL);
	assert_true(FN(probe_finite)(&f.mlp));
	f.mlp.layer[2].b[19] = NAN;
	assert_false(FN(probe_finite)(&f.mlp));
	f.mlp.layer[2].b[19] = 0;
	f.mlp.layer[1].W[f.mlp.layer[1].ldw + 2] = INFINITY;
	assert_false(FN(probe_finite)(&f.mlp));
	drop(&f);
}

/* The range of norms is that of numbers: nothing is lost to squares that underflow or overflow. */
static void norms_of_extremes(void **state)
{
	const real tiny = REAL_BITS == 32 ? (real)1e-40 : (real)1e-200,
		   huge = REAL_BITS == 32 ? (real)1e38 : (real)1e200;
	const real x[] = {3 * tiny, 0, 4 * tiny}, y[] = {huge / 10 * 3, huge / 10 * 4, 0}, zero[] = {0, 0, 0};
	assert_near(FN(norm)(FN(kernels)(), 1, 3, x, 3), 5.0 * tiny, 1e-4, 0); /* 1e-40 is a float of few digits */
	assert_near(FN(norm)(FN(kernels)(), 3, 1, x, 1), 5.0 * tiny, 1e-4, 0);
	assert_true(isfinite(FN(norm)(FN(kernels)(), 1, 3, y, 3)) &&
		    isfinite(FN(distance)(FN(kernels)(), 1, 3, y, 3, zero, 3)));
	assert_near(FN(norm)(FN(kernels)(), 1, 3, y, 3), 0.5 * huge, 1e-6, 0);
	assert_near(FN(distance)(FN(kernels)(), 1, 3, x, 3, zero, 3), 5.0 * tiny, 1e-4, 0);
	assert_near(FN(distance)(FN(kernels)(), 1, 3, y, 3, zero, 3), 0.5 * huge, 1e-6, 0);
	assert_true(FN(norm)(FN(kernels)(), 1, 3, zero, 3) == 0 && FN(distance)(FN(kernels)(), 1, 3, y, 3, y, 3) == 0);
	const real odd[] = {1, NAN, INFINITY}, endless[] = {1, -INFINITY, 2};
	assert_true(isnan(FN(norm)(FN(kernels)(), 1, 3, odd, 3)));
	assert_true(isinf(FN(norm)(FN(kernels)(), 1, 3, endless, 3)));
	assert_near(FN(norm_join)(3e-200, 4e-200), 5e-200, 1e-15, 0);
	assert_near(FN(norm_join)(4e200, 3e200), 5e200, 1e-15, 0);
	assert_true(FN(norm_join)(0, 0) == 0 && FN(norm_join)(0, 2) == 2 && isinf(FN(norm_join)(INFINITY, 1)));
	assert_true(isnan(FN(norm_join)(NAN, 1)) && isnan(FN(norm_join)(1, NAN)) && isnan(FN(norm_join)(0, NAN)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gradients),
		cmocka_unit_test(short_batch),
		cmocka_unit_test(activations),
		cmocka_unit_test(small_deviation),
		cmocka_unit_test(dead_and_silent),
		cmocka_unit_test(cosines),
		cmocka_unit_test(weights),
		cmocka_unit_test(spread_of_equal_rows),
		cmocka_unit_test(cosine_with_the_step_before),
		cmocka_unit_test(without_biases),
		cmocka_unit_test(only_what_is_wanted),
		cmocka_unit_test(finite_or_not),
		cmocka_unit_test(norms_of_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
