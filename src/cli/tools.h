/* tools.h: where the programs and scripts are that fathom calls. Text lives in the pool; NULL: not there. */
#ifndef FATHOM_TOOLS_H
#define FATHOM_TOOLS_H

#include "base/arena.h"

/* The path of a program, by PATH. */
const char *find_program(struct pool *pool, const char *name);

/* The folder of the gnuplot scripts: $FATHOM_SCRIPTS; ../scripts beside the program (a checkout); PREFIX/share/fathom/scripts,
 * by where the program lies or, failing that, by where it was to be installed. */
const char *find_scripts(struct pool *pool);

#endif
