/* sum_terms.h: what is summed, for sum_kernel.c and lane_sum_kernel.c only: a function of one or two vectors of doubles. */
#ifndef FATHOM_SUM_TERMS_H
#define FATHOM_SUM_TERMS_H

#include "math/simd.h"

typedef double vdouble __attribute__((vector_size(VECTOR_BYTES)));

typedef vdouble term(vdouble x, vdouble y);

INLINE vdouble itself(vdouble x, vdouble y)
{
	return x;
}

INLINE vdouble size(vdouble x, vdouble y)
{
	typedef int64_t bits __attribute__((vector_size(VECTOR_BYTES)));
	return (vdouble)((bits)x & INT64_MAX);
}

INLINE vdouble square(vdouble x, vdouble y)
{
	return x * x;
}

INLINE vdouble product(vdouble x, vdouble y)
{
	return x * y;
}

INLINE vdouble squared_difference(vdouble x, vdouble y)
{
	return (x - y) * (x - y);
}

#endif
