/* loss_real.c: the losses, see loss.h. From logits of the run's precision everything is done in double, and dZ is
 * rounded once.
 *
 * Both log-losses are written so that nothing cancels: also the gradient of an example that is almost right (p close
 * to 1) is accurate to a few ulp, since a vanishing gradient is what this program measures.
 *
 * A logit that is not finite makes the loss NaN, also where the limit would be finite (−∞ for a wrong class): the run
 * has diverged, and its loss must say so.
 */
#include <math.h>
#include <sleef.h>

#include "base/err.h"
#include "math/kernels.h"
#include "math/real.h"
#include "net/loss.h"

static double log_1p(double x)
{
	return Sleef_finz_log1pd1_u10purecfma(x);
}

enum { CHUNK = 64 };

/* Label y in {0, 1}, one logit z; t = −z if y = 1, else z: how far the example is on the wrong side.
 *   loss = log(1 + e^t),  ∂loss/∂z = sigmoid(z) − y = ±sigmoid(t) */
static struct loss_sum bce(int B, const real *Z, int ldz, const int32_t *labels, real *dZ)
{
	const struct kernels_f64 *kernels = kernels_f64();
	struct loss_sum sum = {0, 0};
	double t[CHUNK], loss[CHUNK], p[CHUNK];
	for (int from = 0; from < B; from += CHUNK) {
		const int n = B - from < CHUNK ? B - from : CHUNK;
		for (int i = 0; i < n; i++) {
			const double z = (double)Z[(ptrdiff_t)(from + i) * ldz];
			const int y = labels[from + i] == 1;
			sum.correct += y ? z > 0 : z <= 0;
			t[i] = y ? -z : z;
		}
		kernels->logistic_losses((size_t)n, t, loss, p);
		for (int i = 0; i < n; i++) {
			sum.loss += loss[i];
			if (dZ)
				dZ[(ptrdiff_t)(from + i) * ldz] = (real)(labels[from + i] == 1 ? -p[i] : p[i]);
		}
	}
	return sum;
}

/* The first of the largest; 0 if there is a NaN before any number. */
static int largest(int O, const real *z)
{
	int top = 0;
	for (int j = 1; j < O; j++)
		if (z[j] > z[top])
			top = j;
	return top;
}

/* One example: label y, top the index of the largest logit m, e_j = exp(z_j − m), rest = Σ_{j≠top} e_j.
 *   loss = m − z_y + log1p(rest),  ∂loss/∂z_j = e_j / (1 + rest),  ∂loss/∂z_y = −(1 + rest − e_y) / (1 + rest)
 * where 1 + rest − e_y is rest if y = top. The exponentials are taken twice rather than kept: O has no bound. */
static double softmax(const struct kernels_f64 *kernels, int O, const real *z, int y, int top, real *dz)
{
	const double m = (double)z[top], z_y = (double)z[y];
	double e[CHUNK], rest = 0, e_y = 0, finite = 0;
	for (int from = 0; from < O; from += CHUNK) {
		const int n = O - from < CHUNK ? O - from : CHUNK;
		for (int j = 0; j < n; j++) {
			e[j] = (double)z[from + j] - m;
			finite += 0 * (double)z[from + j];
		}
		kernels->exp((size_t)n, e, e);
		for (int j = 0; j < n; j++) {
			rest += from + j == top ? 0 : e[j];
			e_y = from + j == y ? e[j] : e_y;
		}
	}
	for (int from = 0; dz && from < O; from += CHUNK) {
		const int n = O - from < CHUNK ? O - from : CHUNK;
		for (int j = 0; j < n; j++)
			e[j] = (double)z[from + j] - m;
		kernels->exp((size_t)n, e, e);
		for (int j = 0; j < n; j++)
			dz[from + j] = (real)(e[j] / (1 + rest));
	}
	if (dz)
		dz[y] = (real)(-(y == top ? rest : 1 + (rest - e_y)) / (1 + rest));
	return m - z_y + log_1p(rest) + finite;
}

static struct loss_sum cross_entropy(int B, int O, const real *Z, int ldz, const int32_t *labels, real *dZ)
{
	const struct kernels_f64 *kernels = kernels_f64();
	struct loss_sum sum = {0, 0};
	for (int i = 0; i < B; i++) {
		const real *z = Z + (ptrdiff_t)i * ldz;
		const int top = largest(O, z);
		if (labels[i] < 0 || labels[i] >= O)
			BUG("label %d of %d classes", (int)labels[i], O);
		sum.correct += top == labels[i] && !isnan(z[top]);
		sum.loss += softmax(kernels, O, z, labels[i], top, dZ ? dZ + (ptrdiff_t)i * ldz : NULL);
	}
	return sum;
}

/* loss = Σ_j (f_j − y_j)² / O,  ∂loss/∂f_j = 2 (f_j − y_j) / O. A label is the one-hot row, or 0/1 if there is one
 * output. */
static struct loss_sum mse(int B, int O, const real *Z, int ldz, struct answers answers, real *dZ)
{
	struct loss_sum sum = {0, 0};
	for (int i = 0; i < B; i++) {
		const real *f = Z + (ptrdiff_t)i * ldz;
		double squares = 0;
		if (answers.labels) {
			const int guess = O == 1 ? f[0] > (real)0.5 : largest(O, f);
			sum.correct += guess == answers.labels[i] && !isnan(f[O == 1 ? 0 : guess]);
		}
		for (int j = 0; j < O; j++) {
			const double y = answers.targets ? answers.targets[(ptrdiff_t)i * O + j]
					 : O == 1        ? (double)answers.labels[i]
							 : (double)(answers.labels[i] == j);
			const double error = (double)f[j] - y;
			squares += error * error;
			if (dZ)
				dZ[(ptrdiff_t)i * ldz + j] = (real)(2 * error / O);
		}
		sum.loss += squares / O;
	}
	return sum;
}

struct loss_sum FN(loss_eval)(enum loss_kind kind, int B, int O, const real *Z, int ldz, struct answers answers,
			      real *dZ)
{
	if (!answers.labels == !answers.targets || (kind != LOSS_MSE && !answers.labels) ||
	    (kind == LOSS_BCE && O != 1))
		BUG("loss %d with %d outputs has the wrong kind of answers", (int)kind, O);
	switch (kind) {
	case LOSS_BCE:
		return bce(B, Z, ldz, answers.labels, dZ);
	case LOSS_SOFTMAX:
		return cross_entropy(B, O, Z, ldz, answers.labels, dZ);
	case LOSS_MSE:
		return mse(B, O, Z, ldz, answers, dZ);
	}
	BUG("no loss %d", (int)kind);
}
