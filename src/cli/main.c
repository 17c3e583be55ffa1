/* main.c: the program. fathom COMMAND [ARGUMENT…]: one row of the command table does it.
 *
 * This file alone is compiled for any processor, so that an old one gets a message, not an illegal instruction. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/print.h"

static int processor_fits(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#else
	return 1;
#endif
}

static const struct command *find(const char *name)
{
	const int row = table_find(&command_table, name);
	return row < 0 ? NULL : &commands[row];
}

static int unknown(const char *name)
{
	const char *near = table_nearest(&command_table, name);
	complain("fathom: unknown command '%s'%s%s%s\n", name, near ? ": did you mean '" : "", near ? near : "",
		 near ? "'?" : "");
	complain("Try 'fathom --help'.\n");
	return ERR_INPUT;
}

/* The C library's complaints of options repeat them as they are, also to a terminal that obeys. */
static bool is_harmless_option(const char *word)
{
	if (word[0] != '-')
		return true;
	char *name = strndup(word, strcspn(word, "="));
	if (!name)
		NO_MEMORY("out of memory for a word");
	make_harmless(name);
	const bool same = strncmp(name, word, strlen(name)) == 0;
	free(name);
	return same;
}

/* Runs a command under the name "fathom COMMAND", which its usage and messages begin with. */
static int run(const struct command *command, int argc, char **argv)
{
	static char name[64];
	struct err err = {0};
	snprintf(name, sizeof name, "fathom %s", command->name);
	argv[0] = name;
	for (int i = 1; i < argc; i++)
		if (!is_harmless_option(argv[i])) {
			complain("%s: '%s' is no option\n", name, argv[i]);
			return ERR_INPUT;
		}
	int code = command->run(argc, argv, &err);
	if (code < 0)
		code = complain_fault(name, &err);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("%s: cannot write to standard output\n", name);
		code = ERR_SYSTEM;
	}
	return code;
}

int main(int argc, char **argv)
{
	if (!processor_fits()) {
		fputs("fathom: this processor has no AVX2 and FMA, which this program was compiled for\n", stderr);
		return ERR_SYSTEM;
	}
	argp_err_exit_status = ERR_INPUT;
	if (argc < 2) {
		char *help[] = {"fathom help", NULL};
		cmd_help(1, help, &(struct err){0});
		return ERR_INPUT;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		say("%s\n", argp_program_version);
		return EXIT_FINE;
	}
	const bool help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
	const struct command *command = find(help ? "help" : argv[1]);
	return command ? run(command, argc - 1, argv + 1) : unknown(argv[1]);
}
