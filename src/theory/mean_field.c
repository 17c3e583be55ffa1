/* mean_field.c: see mean_field.h */
#include "theory/mean_field.h"

#include <math.h>
#include <stdbool.h>

void mean_field_init(struct mean_field *field, enum vec_function phi, double sigma_w2, double sigma_b2)
{
	field->phi = phi;
	field->sigma_w2 = sigma_w2;
	field->sigma_b2 = sigma_b2;
	quadrature_normal(field->z, field->w);
}

/* φ or φ' at n points */
static void evaluate(const struct mean_field *field, bool slope, size_t n, const double *u, double *out)
{
	double z[QUADRATURE_NODES], value[QUADRATURE_NODES];
	for (size_t i = 0; i < n; i++)
		z[i] = u[i];
	kernels_f64()->vec[field->phi].value_slope(n, z, value);
	for (size_t i = 0; i < n; i++)
		out[i] = slope ? z[i] : value[i];
}

/* E f(√q Z)², f = φ or φ' */
static double mean_square(const struct mean_field *field, bool slope, double q)
{
	double u[QUADRATURE_NODES], f[QUADRATURE_NODES], sum = 0;
	for (int i = 0; i < QUADRATURE_NODES; i++)
		u[i] = sqrt(q) * field->z[i];
	evaluate(field, slope, QUADRATURE_NODES, u, f);
	for (int i = 0; i < QUADRATURE_NODES; i++)
		sum += field->w[i] * f[i] * f[i];
	return sum;
}

/* E f(u₁) f(u₂): with u = √q (√c T + √(1−c) Z), u₁ and u₂ share T and differ in Z, so it is E_T (E_Z f)². Needs c ≥ 0. */
static double mean_product(const struct mean_field *field, bool slope, double q, double c)
{
	double u[QUADRATURE_NODES], f[QUADRATURE_NODES], sum = 0;
	if (c >= 1)
		return mean_square(field, slope, q);
	for (int i = 0; i < QUADRATURE_NODES; i++) {
		double inner = 0;
		if (field->w[i] < 1e-18)
			continue;
		for (int j = 0; j < QUADRATURE_NODES; j++)
			u[j] = sqrt(q) * (sqrt(c) * field->z[i] + sqrt(1 - c) * field->z[j]);
		evaluate(field, slope, QUADRATURE_NODES, u, f);
		for (int j = 0; j < QUADRATURE_NODES; j++)
			inner += field->w[j] * f[j];
		sum += field->w[i] * inner * inner;
	}
	return sum;
}

double mean_field_length(const struct mean_field *field, double q)
{
	return field->sigma_w2 * mean_square(field, false, q) + field->sigma_b2;
}

double mean_field_correlation(const struct mean_field *field, double q, double c)
{
	return (field->sigma_w2 * mean_product(field, false, q, c) + field->sigma_b2) / q;
}

double mean_field_chi(const struct mean_field *field, double q, double c)
{
	return field->sigma_w2 * mean_product(field, true, q, c);
}

/* Iterates x ← map(x) with Aitken's acceleration until it stands still; NaN if it runs away. */
static double fixed_point(const struct mean_field *field, double q, double x, bool correlation)
{
	for (int i = 0; i < 2000; i++) {
		const double a = correlation ? mean_field_correlation(field, q, x) : mean_field_length(field, x);
		const double b = correlation ? mean_field_correlation(field, q, a) : mean_field_length(field, a);
		const double bend = b - 2 * a + x;
		double next = b;
		if (!isfinite(b) || b > 1e12)
			return NAN;
		if (fabs(bend) > 1e-14 * fabs(b) && fabs(b - a) < fabs(a - x)) {
			next = x - (a - x) * (a - x) / bend;
			if (!(next >= 0) || (correlation && next > 1))
				next = b;
		}
		if (fabs(next - x) <= 1e-13 * fmax(fabs(next), 1e-300))
			return next;
		x = next;
	}
	return x;
}

double mean_field_fixed_length(const struct mean_field *field)
{
	return fixed_point(field, 0, 1, false);
}

double mean_field_fixed_correlation(const struct mean_field *field, double q)
{
	return fixed_point(field, q, 0.5, true);
}

double mean_field_depth(double chi)
{
	return 1 / fabs(log(chi));
}
