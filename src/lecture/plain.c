/* plain.c: see plain.h. Whoever looks for the right program reads it with SLIP_NONE in mind. */
#include "lecture/plain.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

/* ---- a network ---- */

size_t plain_weights(const struct plain *net, int l)
{
	return (size_t)net->n[l] * (size_t)net->n[l - 1];
}

static void take(struct plain *net, int L, int m, const int *n)
{
	net->L = L;
	net->m = m;
	net->y = POOL_TAKE(&net->pool, int32_t, m);
	for (int l = 0; l <= L; l++) {
		const size_t units = (size_t)m * (size_t)n[l];
		net->n[l] = n[l];
		net->A[l] = POOL_TAKE(&net->pool, double, units);
		if (l == 0)
			continue;
		net->Z[l] = POOL_TAKE(&net->pool, double, units);
		net->dA[l] = POOL_TAKE(&net->pool, double, units);
		net->dZ[l] = POOL_TAKE(&net->pool, double, units);
		net->W[l] = POOL_TAKE(&net->pool, double, plain_weights(net, l));
		net->dW[l] = POOL_TAKE(&net->pool, double, plain_weights(net, l));
		net->b[l] = POOL_TAKE(&net->pool, double, n[l]);
		net->db[l] = POOL_TAKE(&net->pool, double, n[l]);
	}
}

void plain_init(struct plain *net, const struct plain_shape *shape)
{
	if (shape->L < 1 || shape->L > PLAIN_LAYERS || shape->n[shape->L] != 1)
		BUG("a plain network of %d layers with %d outputs", shape->L, shape->n[shape->L]);
	*net = (struct plain){.activation = table_find(&act_table, shape->activation)};
	take(net, shape->L, shape->m, shape->n);
	const int I = shape->n[0];
	const struct rng inputs = rng_stream(shape->seed, RNG_CHECK, 0, 0);
	rng_fill_normal(&inputs, (size_t)shape->m * (size_t)I, net->A[0]);
	for (int k = 0; k < shape->m; k++) {
		const double first = net->A[0][k * I], second = net->A[0][k * I + (I > 1)];
		net->y[k] = first + second * second > 0.7;
	}
	for (int l = 1; l <= shape->L; l++) {
		const struct rng weights = rng_stream(shape->seed, RNG_WEIGHT, (uint32_t)l, 0);
		const struct rng biases = rng_stream(shape->seed, RNG_BIAS, (uint32_t)l, 0);
		rng_fill_normal(&weights, plain_weights(net, l), net->W[l]);
		rng_fill_normal(&biases, (size_t)net->n[l], net->b[l]);
		for (size_t i = 0; i < plain_weights(net, l); i++)
			net->W[l][i] *= shape->scale / sqrt(net->n[l - 1]);
		for (int j = 0; j < net->n[l]; j++)
			net->b[l][j] *= 0.3;
	}
}

static void copy_weights(struct plain *net, const struct plain *from)
{
	for (int l = 1; l <= net->L; l++) {
		memcpy(net->W[l], from->W[l], plain_weights(net, l) * sizeof(double));
		memcpy(net->b[l], from->b[l], (size_t)net->n[l] * sizeof(double));
	}
}

void plain_copy(struct plain *net, const struct plain *from)
{
	*net = (struct plain){.activation = from->activation};
	take(net, from->L, from->m, from->n);
	memcpy(net->A[0], from->A[0], (size_t)net->m * (size_t)net->n[0] * sizeof(double));
	memcpy(net->y, from->y, (size_t)net->m * sizeof *net->y);
	copy_weights(net, from);
}

void plain_load(struct plain *net, const double *weights)
{
	for (int l = 1; l <= net->L; l++) {
		memcpy(net->W[l], weights, plain_weights(net, l) * sizeof(double));
		weights += plain_weights(net, l);
		memcpy(net->b[l], weights, (size_t)net->n[l] * sizeof(double));
		weights += net->n[l];
	}
}

void plain_release(struct plain *net)
{
	pool_release(&net->pool);
	*net = (struct plain){0};
}

/* ---- g ---- */

double plain_g(int activation, double z)
{
	switch (acts[activation].function) {
	case VEC_IDENTITY:
		return z;
	case VEC_SIGMOID:
		return 1 / (1 + exp(-z));
	case VEC_TANH:
		return tanh(z);
	case VEC_RELU:
		return z > 0 ? z : 0;
	default:
		BUG("the plain program does not know '%s'", acts[activation].name);
	}
}

double plain_slope(int activation, double z)
{
	switch (acts[activation].function) {
	case VEC_IDENTITY:
		return 1;
	case VEC_SIGMOID:
		return 1 / (1 + exp(-z)) * (1 / (1 + exp(z)));
	case VEC_TANH:
		return 1 / (cosh(z) * cosh(z));
	case VEC_RELU:
		return z > 0;
	default:
		BUG("the plain program does not know '%s'", acts[activation].name);
	}
}

/* ---- forward ---- */

void plain_forward(struct plain *net)
{
	const int L = net->L, m = net->m;
	for (int l = 1; l <= L; l++) {
		const int in = net->n[l - 1], out = net->n[l];
		for (int k = 0; k < m; k++)
			for (int j = 0; j < out; j++) {
				double z = net->b[l][j];
				for (int i = 0; i < in; i++)
					z += net->W[l][j * in + i] * net->A[l - 1][k * in + i];
				net->Z[l][k * out + j] = z;
				net->A[l][k * out + j] = l < L ? plain_g(net->activation, z) : 1 / (1 + exp(-z));
			}
	}
	net->loss = 0;
	for (int k = 0; k < m; k++) {
		const double z = net->Z[L][k];
		net->loss += (fmax(z, 0) - net->y[k] * z + log1p(exp(-fabs(z)))) / m;
	}
}

/* ---- backward ---- */

/* dZ[L] = A[L] − Y */
static void loss_backward(struct plain *net)
{
	const int L = net->L, m = net->m;
	for (int k = 0; k < m; k++) {
		const double a = net->A[L][k];
		double dz = a - net->y[k];
		if (net->slip == SLIP_SIGN)
			dz = -dz;
		if (net->slip == SLIP_SLOPE_AT_LOSS)
			dz *= a * (1 - a);
		if (net->slip == SLIP_MEAN_TWICE)
			dz /= m;
		net->dZ[L][k] = dz;
	}
}

/* dZ[l] = dA[l] ∘ g'(Z[l]) */
static void activation_backward(struct plain *net, int l)
{
	const bool one_off = net->slip == SLIP_SLOPE_ONE_OFF && net->n[l + 1] == net->n[l];
	const double *of = one_off ? net->Z[l + 1] : net->slip == SLIP_SLOPE_OF_OUTPUT ? net->A[l] : net->Z[l];
	for (int u = 0; u < net->m * net->n[l]; u++)
		net->dZ[l][u] = net->dA[l][u] * (net->slip == SLIP_NO_SLOPE ? 1 : plain_slope(net->activation, of[u]));
}

/* dW[l] = dZ[l] A[l-1]ᵀ / m,  db[l] = row mean of dZ[l] */
static void gradients(struct plain *net, int l)
{
	const int in = net->n[l - 1], out = net->n[l], m = net->m;
	const double *A = net->slip == SLIP_OWN_OUTPUT && in == out ? net->A[l] : net->A[l - 1];
	const int first = net->slip == SLIP_LAST_EXAMPLE ? m - 1 : 0;
	const double over = net->slip == SLIP_NO_MEAN ? 1 : m;
	const double over_b = net->slip == SLIP_NO_BIAS_MEAN ? 1 : over;
	for (int j = 0; j < out; j++) {
		if (net->slip != SLIP_NOT_CLEARED) {
			net->db[l][j] = 0;
			memset(net->dW[l] + j * in, 0, (size_t)in * sizeof(double));
		}
		for (int k = first; k < m; k++) {
			const double dz = net->dZ[l][k * out + j];
			net->db[l][j] += dz / over_b;
			for (int i = 0; i < in; i++)
				net->dW[l][j * in + i] += dz * A[k * in + i] / over;
		}
	}
}

/* dA[l-1] = W[l]ᵀ dZ[l] */
static void inputs_backward(struct plain *net, int l)
{
	const int in = net->n[l - 1], out = net->n[l];
	const bool turned = net->slip == SLIP_TRANSPOSE && in == out;
	for (int k = 0; k < net->m; k++)
		for (int i = 0; i < in; i++) {
			double da = 0;
			for (int j = 0; j < out; j++)
				da += net->W[l][turned ? i * out + j : j * in + i] * net->dZ[l][k * out + j];
			net->dA[l - 1][k * in + i] = da;
		}
}

static void update(struct plain *net, int l, double lr)
{
	for (size_t i = 0; i < plain_weights(net, l); i++)
		net->W[l][i] -= lr * net->dW[l][i];
	for (int j = 0; j < net->n[l]; j++)
		net->b[l][j] -= lr * net->db[l][j];
}

void plain_backward(struct plain *net, double lr)
{
	loss_backward(net);
	for (int l = net->L; l >= 1; l--) {
		if (l < net->L)
			activation_backward(net, l);
		gradients(net, l);
		if (net->slip == SLIP_WRONG_ORDER)
			update(net, l, lr);
		if (l > 1)
			inputs_backward(net, l);
		if (net->slip != SLIP_WRONG_ORDER)
			update(net, l, lr);
	}
}

void plain_step(struct plain *net, double lr)
{
	if (net->steps++ == 0 || (net->slip != SLIP_STALE_CACHE && net->slip != SLIP_FORWARD_ONCE))
		plain_forward(net);
	if (net->slip == SLIP_STALE_CACHE) {
		plain_backward(net, 0);
		plain_forward(net); /* of the next step, too early */
		for (int l = net->L; l >= 1; l--)
			update(net, l, lr);
		return;
	}
	plain_backward(net, lr);
}

/* ---- checks ---- */

static double difference(struct plain *net, double *w)
{
	const double h = 1e-5, at = *w;
	*w = at + h;
	plain_forward(net);
	const double above = net->loss;
	*w = at - h;
	plain_forward(net);
	*w = at;
	return (above - net->loss) / (2 * h);
}

void plain_differences(struct plain *net)
{
	for (int l = 1; l <= net->L; l++) {
		for (size_t i = 0; i < plain_weights(net, l); i++)
			net->dW[l][i] = difference(net, &net->W[l][i]);
		for (int j = 0; j < net->n[l]; j++)
			net->db[l][j] = difference(net, &net->b[l][j]);
	}
}

double plain_apart(double a, double b)
{
	const double off = fabs(a - b) / fmax(fabs(a), fabs(b));
	return a == b ? 0 : isfinite(off) ? off : INFINITY;
}

/* ‖a − b‖ / max(‖a‖, ‖b‖), or so_far if that is larger. */
static double worst(size_t n, const double *a, const double *b, double so_far)
{
	double off = 0, aa = 0, bb = 0;
	for (size_t i = 0; i < n; i++) {
		off += (a[i] - b[i]) * (a[i] - b[i]);
		aa += a[i] * a[i];
		bb += b[i] * b[i];
	}
	if (off == 0)
		return so_far;
	const double error = sqrt(off / fmax(aa, bb));
	return isfinite(error) ? fmax(so_far, error) : INFINITY;
}

double plain_error(const struct plain *net, const struct plain *right)
{
	double error = 0;
	for (int l = 1; l <= net->L; l++) {
		error = worst(plain_weights(net, l), net->dW[l], right->dW[l], error);
		error = worst((size_t)net->n[l], net->db[l], right->db[l], error);
	}
	return error;
}

double plain_checked_step(struct plain *net, double lr)
{
	struct plain right;
	plain_copy(&right, net);
	plain_differences(&right);
	plain_step(net, lr);
	const double error = plain_error(net, &right);
	plain_release(&right);
	return error;
}

double plain_distance(const struct plain *net, const struct plain *other)
{
	double most = 0;
	for (int l = 1; l <= net->L; l++)
		most = worst(plain_weights(net, l), net->W[l], other->W[l], most);
	return most;
}
