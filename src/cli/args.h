/* args.h: what several commands share: STUDY [key=value…] -o DIR on the command line, and the plan that comes of it. */
#ifndef FATHOM_ARGS_H
#define FATHOM_ARGS_H

#include <argp.h>

#include "search/search.h"
#include "spec/plan.h"
#include "store/store.h"

enum { OVERRIDES_MAX = 128 };

struct study_args {
	const char *path;                     /* of the study file */
	int n;                                /* overrides */
	const char *overrides[OVERRIDES_MAX]; /* key=value */
	const char *dir;                      /* of results */
};

#define STUDY_ARGS "STUDY [KEY=VALUE...]"
#define OPTION_DIR                                                                                                     \
	{                                                                                                              \
		"output", 'o', "DIR", 0, "Folder of results (default: results)", 0                                     \
	}

/* For the parser of a command: what it does not know itself it gives to this one. */
error_t study_args_parse(int key, char *arg, struct argp_state *state, struct study_args *args);

/* The value of an option as a whole number, or leaves with a message. */
int64_t option_number(const struct argp_state *state, const char *option, const char *arg, int64_t low, int64_t high);
double option_real(const struct argp_state *state, const char *option, const char *arg, double low, double high);
/* The row that the value of an option names, or leaves with a message that lists what there is. */
int option_row(const struct argp_state *state, const struct table *table, const char *arg);
/* Adds the rows named in "svg,png" to a set of bits. */
unsigned option_rows(const struct argp_state *state, const struct table *table, const char *arg);

/* A list of files, each of which is worked on alike. */
struct path_args {
	int n;
	char **path;
};

/* For the parser of a command, as study_args_parse. what: "no RESULT given: …", when there is none; NULL: there need be none. */
error_t path_args_parse(int key, struct argp_state *state, struct path_args *args, const char *what);

/* Does work with each. One that fails is told and does not keep the others from theirs; returns the exit code of the first
 * fault, or 0. */
int path_args_each(const struct path_args *args, const char *name,
		   int (*work)(const char *path, void *with, struct err *err), void *with, struct err *err);

#define NO_RESULT "no RESULT given: a result file, as results/vanishing.h5"
#define ONE_BAD                                                                                                        \
	"One that is bad does not keep the others from their turn; the exit code is then that of the first fault."

/* A study, checked, with its plan. Where it searches, the plan is what is known to be trained so far, and `whole` the grid. */
struct subject {
	struct study study;
	struct plan plan, whole;
	struct search_state search;
};

int subject_load(struct subject *subject, const struct study_args *args, struct err *err);
/* study_check. Under overrides its faults are only told: a claim about a value that was overridden is no reason not to try a
 * smaller grid. */
int subject_check(const struct subject *subject, const struct study_args *args, struct err *err);
/* The plan anew, from what is committed by now. Does nothing where the study does not search. */
int subject_search(struct subject *subject, const struct store *store, struct err *err);
void subject_release(struct subject *subject);

/* A result file with the study stored in it. */
struct opened {
	struct result result;
	struct study study;
};

/* Also works out what a search has found (report/found.h). */
int opened_load(struct opened *opened, const char *path, int n, const char *const *overrides, struct err *err);
void opened_release(struct opened *opened);

/* "results/vanishing.h5" → "results/vanishing": its folder of figures. In the pool. */
char *result_folder(struct pool *pool, const char *path);

#endif
