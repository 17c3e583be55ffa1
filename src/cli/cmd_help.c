/* cmd_help.c: the list of commands, from their table; the options of one are told by its own parser. */
#include <string.h>

#include "cli/cli.h"
#include "cli/print.h"

static void list_commands(void)
{
	struct cells cells = CELLS_INIT;
	say("fathom trains grids of neural networks on all cores, logs what happens in every layer, and draws it.\n\n"
	    "Usage: fathom COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < command_table.n; i++) {
		cells_add(&cells, "  %s %s", commands[i].name, commands[i].usage);
		cells_add(&cells, "%s", commands[i].about);
		cells_end_row(&cells);
	}
	cells_print(&cells, "ll");
	say("\n'fathom COMMAND --help' tells the options of a command, 'fathom list manual' all that a study file can "
	    "say.\n"
	    "Exit code: 0 fine, 1 a claim or comparison failed, 2 wrong usage or input, 3 the system failed,\n"
	    "130 or 143 interrupted.\n");
}

int cmd_help(int argc, char **argv, struct err *err)
{
	if (argc < 2 || argv[1][0] == '-') {
		list_commands();
		return EXIT_FINE;
	}
	const int row = table_find(&command_table, argv[1]);
	if (row < 0) {
		const char *near = table_nearest(&command_table, argv[1]);
		return err_set(err, ERR_INPUT, "unknown command '%s'%s%s%s", argv[1], near ? ": did you mean '" : "",
			       near ? near : "", near ? "'?" : "");
	}
	char name[64], option[] = "--help", *words[] = {name, option, NULL};
	snprintf(name, sizeof name, "fathom %s", commands[row].name);
	return commands[row].run(2, words, err);
}
