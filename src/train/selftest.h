/* selftest.h: does this machine, with this build, compute the numbers that the program was tested for? */
#ifndef FATHOM_SELFTEST_H
#define FATHOM_SELFTEST_H

#include "base/err.h"

/* XXH3-64 of the numbers of two small networks; changes only with NUMERICS_VERSION (spec/settings.h): the same for every
 * instruction set, compiler and number of threads. */
#define SELFTEST_GOLDEN "0b627b2db67d072e"

/* Trains two small networks, one in each precision (about a millisecond); hash, of 17 bytes, gets what came out, "" if nothing
 * did. ERR_SYSTEM: not the golden one, or the processor does not round to nearest or flushes small numbers to zero, which a
 * library that was linked with -ffast-math switches on for the whole process. */
int selftest(char hash[17], struct err *err);

#endif
