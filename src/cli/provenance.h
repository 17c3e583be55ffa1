/* provenance.h: by whom, where and how results were made; stored with them. */
#ifndef FATHOM_PROVENANCE_H
#define FATHOM_PROVENANCE_H

#include "base/arena.h"
#include "store/store.h"

/* Text lives in the pool. */
struct provenance provenance_now(struct pool *pool, int threads, int argc, char **argv);

/* As /proc/cpuinfo calls it, "unknown" where there is none. */
const char *processor_name(struct pool *pool);
const char *library_versions(struct pool *pool);

#endif
