/* provenance.h: by whom, where and how results were made; stored with them. */
#ifndef FATHOM_PROVENANCE_H
#define FATHOM_PROVENANCE_H

#include "base/arena.h"
#include "store/store.h"

/* Does the self-test, since nothing else shows that this is the program it says it is: −1 with err when the numbers are not
 * those of the numerics version. Text lives in the pool. */
int provenance_now(struct provenance *provenance, struct pool *pool, int threads, int argc, char **argv,
		   struct err *err);

/* As /proc/cpuinfo calls it, "unknown" where there is none. */
const char *processor_name(struct pool *pool);
const char *library_versions(struct pool *pool);

#endif
