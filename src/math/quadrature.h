/* quadrature.h: means over a standard normal. */
#ifndef FATHOM_QUADRATURE_H
#define FATHOM_QUADRATURE_H

#include <stddef.h>

/* Nodes z and weights w with Σ w f(z) ≈ E f(Z), Z ~ N(0, 1): Gauss–Legendre on panels that meet at 0, where many activations
 * have a kink. Exact to about 1e-13 for smooth f and for f smooth on either side of 0. The cut beyond |z| = 12 drops less
 * than 1e-32 of the mass. */
enum { QUADRATURE_NODES = 960 };
void quadrature_normal(double z[QUADRATURE_NODES], double w[QUADRATURE_NODES]);

#endif
