/* cli.h: the command table. Each command is one file, one row; all printing is in this room, and only main exits. */
#ifndef FATHOM_CLI_H
#define FATHOM_CLI_H

#include <signal.h>

#include "base/err.h"
#include "base/table.h"

/* Exit codes beside those of enum err_kind. */
enum { EXIT_FINE = 0, EXIT_CLAIM = 1 };

struct command {
	const char *name, *about;
	/* argv[0] is the command's name. Returns the exit code; a failure fills err (printed by main). */
	int (*run)(int argc, char **argv, struct err *err);
};

extern const struct command commands[];
extern const struct table command_table;

#endif
