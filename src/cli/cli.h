/* cli.h: the command table. Each command is one file, one row; all printing is in this room, and only main (and argp, for
 * --help and wrong usage) exits. To add a command: cmd_NAME.c, its declaration here, its row in commands.c. */
#ifndef FATHOM_CLI_H
#define FATHOM_CLI_H

#include "base/err.h"
#include "base/table.h"

/* Exit codes beside those of enum err_kind; an interrupted run leaves with 128 + the number of the signal. */
enum { EXIT_FINE = 0, EXIT_CLAIM = 1, EXIT_SIGNAL = 128 };

struct command {
	const char *name, *about;
	const char *usage; /* its arguments, for the list of commands */
	/* argv[0] is "fathom NAME". Returns the exit code, or −1 with err, which main prints and leaves with. */
	int (*run)(int argc, char **argv, struct err *err);
};

extern const struct command commands[];
extern const struct table command_table;

int cmd_plan(int argc, char **argv, struct err *err);
int cmd_run(int argc, char **argv, struct err *err);
int cmd_status(int argc, char **argv, struct err *err);
int cmd_show(int argc, char **argv, struct err *err);
int cmd_plot(int argc, char **argv, struct err *err);
int cmd_report(int argc, char **argv, struct err *err);
int cmd_check(int argc, char **argv, struct err *err);
int cmd_diff(int argc, char **argv, struct err *err);
int cmd_compact(int argc, char **argv, struct err *err);
int cmd_data(int argc, char **argv, struct err *err);
int cmd_explain(int argc, char **argv, struct err *err);
int cmd_gradcheck(int argc, char **argv, struct err *err);
int cmd_lecture(int argc, char **argv, struct err *err);
int cmd_bench(int argc, char **argv, struct err *err);
int cmd_list(int argc, char **argv, struct err *err);
int cmd_doctor(int argc, char **argv, struct err *err);
int cmd_help(int argc, char **argv, struct err *err);

/* How this program was built; set by the Makefile. */
struct version {
	const char *number, *commit, *compiler, *flags, *libraries, *prefix;
};
extern const struct version version;

#endif
