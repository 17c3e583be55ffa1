/* version.c: how this program was built. The Makefile defines the words in capitals for this file alone and makes it anew when
 * one of them changes. */
#include "cli/cli.h"

#include <argp.h>

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const struct version version = {
	.number = VERSION,
	.commit = COMMIT,
	.compiler = COMPILER,
	.flags = CFLAGS_USED,
	.libraries = LIBRARIES,
	.prefix = PREFIX,
};

const char *argp_program_version = "fathom " VERSION " (" COMMIT ")";
