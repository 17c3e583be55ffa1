/* sum_terms.h: what is summed, for sum_kernel.c and lane_sum_kernel.c only: a term of one or two vectors of reals, in double, is added
 * to a sum. */
#ifndef FATHOM_SUM_TERMS_H
#define FATHOM_SUM_TERMS_H

#include "math/simd.h"

typedef vdouble term(vdouble sum, vdouble x, vdouble y);

INLINE vdouble itself(vdouble sum, vdouble x, vdouble y)
{
	return sum + x;
}

INLINE vdouble size(vdouble sum, vdouble x, vdouble y)
{
	typedef int64_t bits __attribute__((vector_size(VECTOR_BYTES)));
	return sum + (vdouble)((bits)x & INT64_MAX);
}

INLINE vdouble square(vdouble sum, vdouble x, vdouble y)
{
	return v_add_product(sum, x, x);
}

INLINE vdouble product(vdouble sum, vdouble x, vdouble y)
{
	return v_add_product(sum, x, y);
}

/* A difference of floats has more digits than a float: its square is rounded. */
INLINE vdouble squared_difference(vdouble sum, vdouble x, vdouble y)
{
	return sum + (x - y) * (x - y);
}

#endif
