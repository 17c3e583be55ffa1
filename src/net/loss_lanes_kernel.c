/* loss_lanes_kernel.c: the losses of loss_real.c in every lane: formulas, their reasons and the order of sums are there.
 *
 * In double the lanes are HALVES vectors; h is one of them.
 *
 * Letters: O outputs, T answers of an example. */
#include "math/simd.h"
#include "net/lanes_real.h"

/* One example in every lane. z, O × LANES, becomes dz; y: T × LANES. */
struct example {
	const struct kernels_f64 *kernels;
	int O;
	real *z;
	const double *y;
	double *scratch;
	struct lane_sums *sum;
};

typedef int64_t vmask __attribute__((vector_size(VECTOR_BYTES)));

/* Lane by lane: mask ? a : b. */
INLINE vdouble choose(vmask mask, vdouble a, vdouble b)
{
	return (vdouble)((mask & (vmask)a) | (~mask & (vmask)b));
}

INLINE vdouble v_doubles(const double *p)
{
	vdouble x;
	memcpy(&x, p, sizeof x);
	return x;
}

INLINE void v_put(double *p, vdouble x)
{
	memcpy(p, &x, sizeof x);
}

/* Rounded once. */
INLINE void v_put_narrow(real *p, vdouble x)
{
#if defined NATIVE && defined ISA_AVX512 && REAL_BITS == 32
	_mm256_storeu_ps(p, _mm512_cvtpd_ps(x));
#else
	const vhalf half = __builtin_convertvector(x, vhalf);
	memcpy(p, &half, sizeof half);
#endif
}

static void bce(const struct example *x)
{
	const vdouble none = {0};
	double t[LANES], each[LANES], p[LANES];
	for (int first = 0; first < LANES; first += HALF_LANES) {
		const vdouble z = v_load_wide(x->z + first);
		const vmask one = v_doubles(x->y + first) == 1.0;
		/* how far on the wrong side: the example is right below 0, and at 0 if the label is 0 */
		const vdouble far = choose(one, -z, z);
		double *correct = x->sum->correct + first;
		v_put(correct, v_doubles(correct) + choose((far < 0.0) | ((far == 0.0) & ~one), none + 1.0, none));
		v_put(t + first, far);
	}
	x->kernels->logistic_losses(LANES, t, each, p);
	for (int first = 0; first < LANES; first += HALF_LANES) {
		const vdouble slope = v_doubles(p + first);
		double *loss = x->sum->loss + first;
		v_put(loss, v_doubles(loss) + v_doubles(each + first));
		v_put_narrow(x->z + first, choose(v_doubles(x->y + first) == 1.0, -slope, slope));
	}
}

/* Of half h of the lanes the first of the largest logits: its value and, as a double, its index; and whether that is the answer. */
INLINE void largest(const struct example *x, int h, vdouble *value, vdouble *index)
{
	const int first = h * HALF_LANES;
	const vdouble none = {0}, y = v_doubles(x->y + first);
	double *correct = x->sum->correct + first;
	vdouble most = v_load_wide(x->z + first), at = none;
	for (int j = 1; j < x->O; j++) {
		const vdouble z = v_load_wide(x->z + j * LANES + first);
		const vmask more = z > most;
		most = choose(more, z, most);
		at = choose(more, none + (double)j, at);
	}
	v_put(correct, v_doubles(correct) + choose((y == at) & (most == most), none + 1.0, none));
	*value = most;
	*index = at;
}

static void cross_entropy(const struct example *x)
{
	const int O = x->O;
	const vdouble none = {0};
	vdouble m[HALVES], top[HALVES], rest[HALVES], e_y[HALVES], z_y[HALVES], finite[HALVES];
	double log[LANES];
	for (int h = 0; h < HALVES; h++) {
		const vdouble y = v_doubles(x->y + h * HALF_LANES);
		largest(x, h, &m[h], &top[h]);
		rest[h] = e_y[h] = z_y[h] = finite[h] = none;
		for (int j = 0; j < O; j++) {
			const int at = j * LANES + h * HALF_LANES;
			const vdouble z = v_load_wide(x->z + at);
			v_put(x->scratch + at, z - m[h]);
			finite[h] += 0 * z;
			z_y[h] = choose(y == (double)j, z, z_y[h]);
		}
	}
	x->kernels->exp((size_t)O * LANES, x->scratch, x->scratch);
	for (int h = 0; h < HALVES; h++) {
		const vdouble y = v_doubles(x->y + h * HALF_LANES);
		for (int j = 0; j < O; j++) {
			const vdouble e = v_doubles(x->scratch + j * LANES + h * HALF_LANES);
			rest[h] += choose(top[h] == (double)j, none, e);
			e_y[h] = choose(y == (double)j, e, e_y[h]);
		}
	}
	double rests[LANES];
	memcpy(rests, rest, sizeof rests);
	x->kernels->log1p(LANES, rests, log);
	for (int h = 0; h < HALVES; h++) {
		double *loss = x->sum->loss + h * HALF_LANES;
		const vdouble y = v_doubles(x->y + h * HALF_LANES), one_more = 1 + rest[h];
		const vdouble off = -choose(y == top[h], rest[h], 1 + (rest[h] - e_y[h]));
		v_put(loss, v_doubles(loss) + (m[h] - z_y[h] + v_doubles(log + h * HALF_LANES) + finite[h]));
		for (int j = 0; j < O; j++) {
			const int at = j * LANES + h * HALF_LANES;
			v_put_narrow(x->z + at, choose(y == (double)j, off, v_doubles(x->scratch + at)) / one_more);
		}
	}
}

static void mse(const struct example *x, bool targets)
{
	for (int h = 0; h < HALVES; h++) {
		double *loss = x->sum->loss + h * HALF_LANES;
		const vdouble none = {0};
		vdouble squares = none, value, index;
		if (!targets)
			largest(x, h, &value, &index);
		for (int j = 0; j < x->O; j++) {
			const int at = j * LANES + h * HALF_LANES;
			const vdouble y = v_doubles(x->y + (targets ? at : h * HALF_LANES));
			const vdouble error =
				v_load_wide(x->z + at) - (targets ? y : choose(y == (double)j, none + 1.0, none));
			squares += error * error;
			v_put_narrow(x->z + at, 2 * error / x->O);
		}
		v_put(loss, v_doubles(loss) + squares / x->O);
	}
}

/* mse of one output: sums stay in registers. */
static void mse_of_one(int m, bool targets, real *Z, const double *answers, struct lane_sums *sum)
{
	const vdouble none = {0};
	for (int first = 0; first < LANES; first += HALF_LANES) {
		vdouble loss = v_doubles(sum->loss + first), correct = v_doubles(sum->correct + first);
		for (int at = first; at < m * LANES; at += LANES) {
			const vdouble z = v_load_wide(Z + at), y = v_doubles(answers + at), error = z - y;
			const vdouble guess = choose(z > 0.5, none + 1.0, none);
			correct += choose((guess == y) & (z == z), none + 1.0, none);
			loss += error * error;
			v_put_narrow(Z + at, 2 * error);
		}
		v_put(sum->loss + first, loss);
		if (!targets)
			v_put(sum->correct + first, correct);
	}
}

void ISA_FN(loss_lanes)(const struct FN(lanes) *lanes, int m, real *Z, const double *answers, struct lane_sums *sum)
{
	const int O = lanes->shape.n[lanes->shape.L];
	if (lanes->shape.loss == LOSS_MSE && O == 1) {
		mse_of_one(m, lanes->targets, Z, answers, sum);
		return;
	}
	struct example x = {lanes->in_double, O, Z, answers, lanes->scratch, sum};
	for (int b = 0; b < m; b++, x.z += O * LANES, x.y += lanes->T * LANES)
		switch (lanes->shape.loss) {
		case LOSS_BCE:
			bce(&x);
			break;
		case LOSS_SOFTMAX:
			cross_entropy(&x);
			break;
		case LOSS_MSE:
			mse(&x, lanes->targets);
			break;
		}
}
