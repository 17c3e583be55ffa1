/* cm.h: cmocka with what it needs before it, and a comparison that names both numbers. Never assert inside a parallel region:
 * cmocka fails by longjmp. */
#ifndef FATHOM_CM_H
#define FATHOM_CM_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* |a − b| ≤ tolerance · max(|a|, |b|, floor); an infinity is near itself alone. */
#define assert_near(a, b, tolerance, floor)                                                                            \
	do {                                                                                                           \
		const double a_ = (a), b_ = (b);                                                                       \
		const double most_ = fmax(fmax(fabs(a_), fabs(b_)), (floor));                                          \
		if (a_ != b_ && !(isfinite(most_) && fabs(a_ - b_) <= (tolerance)*most_))                              \
			fail_msg("%s = %.17g, but %s = %.17g", #a, a_, #b, b_);                                        \
	} while (0)

#endif
