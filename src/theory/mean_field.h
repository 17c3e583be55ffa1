/* mean_field.h: what an infinitely wide network does at its start (Poole et al. 2016, Schoenholz et al. 2017).
 *
 * z = W φ(z') + b with W ~ N(0, σw²/fan_in), b ~ N(0, σb²). q is the variance of a pre-activation, c the correlation of two
 * examples' pre-activations; δ = ∂loss/∂z. One layer back multiplies E‖δ‖² by χ₁: below 1 gradients vanish, above 1 they
 * explode.
 */
#ifndef FATHOM_MEAN_FIELD_H
#define FATHOM_MEAN_FIELD_H

#include "math/kernels.h"
#include "math/quadrature.h"

struct mean_field {
	enum vec_function phi;
	double sigma_w2, sigma_b2;
	double z[QUADRATURE_NODES], w[QUADRATURE_NODES];
};

void mean_field_init(struct mean_field *field, enum vec_function phi, double sigma_w2, double sigma_b2);

/* q of the next layer: σw² E φ(√q Z)² + σb² */
double mean_field_length(const struct mean_field *field, double q);

/* c of the next layer: (σw² E φ(u₁) φ(u₂) + σb²) / q at the fixed point q, u₁ and u₂ of variance q and correlation c. */
double mean_field_correlation(const struct mean_field *field, double q, double c);

/* χ at correlation c: σw² E φ'(u₁) φ'(u₂); χ₁ is that of c = 1, σw² E φ'(√q Z)². */
double mean_field_chi(const struct mean_field *field, double q, double c);

/* The stable fixed point q* reached from q = 1, c* reached from c = 0.5; NaN if the map runs away. */
double mean_field_fixed_length(const struct mean_field *field);
double mean_field_fixed_correlation(const struct mean_field *field, double q);

/* 1/|ln χ|: over how many layers a gradient (χ₁ at q*) or a difference of inputs (χ at c*) changes by a factor e. */
double mean_field_depth(double chi);

#endif
