/* quadrature.c: see quadrature.h */
#include "math/quadrature.h"

#include <math.h>

enum { POINTS = 10, PANELS = QUADRATURE_NODES / POINTS };

/* Nodes and weights of Gauss–Legendre on [−1, 1], by Newton's method on the Legendre polynomial. */
static void legendre(double x[POINTS], double w[POINTS])
{
	for (int i = 0; i < POINTS; i++) {
		double t = cos(M_PI * (i + 0.75) / (POINTS + 0.5)), slope = 1;
		for (int iteration = 0; iteration < 50; iteration++) {
			double p = 1, before = 0;
			for (int n = 1; n <= POINTS; n++) {
				const double next = ((2 * n - 1) * t * p - (n - 1) * before) / n;
				before = p;
				p = next;
			}
			slope = POINTS * (t * p - before) / (t * t - 1);
			t -= p / slope;
		}
		x[i] = t;
		w[i] = 2 / ((1 - t * t) * slope * slope);
	}
}

void quadrature_normal(double z[QUADRATURE_NODES], double w[QUADRATURE_NODES])
{
	const double reach = 12, width = 2 * reach / PANELS;
	double x[POINTS], v[POINTS];
	legendre(x, v);
	for (int p = 0; p < PANELS; p++)
		for (int i = 0; i < POINTS; i++) {
			const double at = -reach + width * (p + 0.5 * (1 + x[i]));
			z[p * POINTS + i] = at;
			w[p * POINTS + i] = 0.5 * width * v[i] * exp(-0.5 * at * at) / sqrt(2 * M_PI);
		}
}
