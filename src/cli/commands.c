/* commands.c: the table of commands, in the order in which they are used. */
#include "cli/cli.h"

const struct command commands[] = {
	{"plan", "the runs of a study, their cost, and which are new, done or failed; trains nothing",
	 "STUDY [KEY=VALUE...]", cmd_plan},
	{"run", "train what is missing; interrupt it as you like, the same command continues", "STUDY [KEY=VALUE...]",
	 cmd_run},
	{"status", "how far a study is", "STUDY...", cmd_status},
	{"show", "results as a table: groups with n, a statistic and its 95 % interval", "RESULT", cmd_show},
	{"plot", "draw the figures of a study", "RESULT...", cmd_plot},
	{"report", "one page on studies: claims, figures, settings, origin", "RESULT...", cmd_report},
	{"check", "hold the claims of a study against its results", "RESULT...", cmd_check},
	{"diff", "compare two results bit by bit, times and provenance aside", "A B", cmd_diff},
	{"compact", "merge what is committed into one file", "STUDY [KEY=VALUE...]", cmd_compact},
	{"data", "write the exact inputs that the networks of a study see", "STUDY -o FILE", cmd_data},
	{"explain", "one backward pass worked out, number by number: the lecture's exercise, or a small network",
	 "[STUDY]", cmd_explain},
	{"gradcheck", "check every gradient against central differences", "[STUDY]", cmd_gradcheck},
	{"lecture", "the claims of the lecture, a verdict each: demonstrated here, or decided by studies",
	 "[RESULT...]", cmd_lecture},
	{"bench", "time the training steps of a network; prints JSON", "step", cmd_bench},
	{"list", "every named variant: activations, inits, data sets, keys, figures ...", "[TABLE]", cmd_list},
	{"doctor", "what this machine offers, and what is missing", "", cmd_doctor},
	{"help", "this list, or the options of a command", "[COMMAND]", cmd_help},
};

const struct table command_table = TABLE("command", commands);
