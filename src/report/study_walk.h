/* study_walk.h: questions about the runs of a plan, for study_check.c: which values there are, what varies, what is logged. */
#ifndef FATHOM_STUDY_WALK_H
#define FATHOM_STUDY_WALK_H

#include "spec/plan.h"

enum { KEYS_MOST = 128, LOGGINGS_MAX = 64 };

struct survey {
	const struct plan *plan;
	size_t R;   /* runs looked at: the first of the plan */
	bool whole; /* these are all of them */
	int n;      /* keys that vary in the study and are columns of its results; seeds aside */
	const struct key *key[KEYS_MOST];
	metric_set metrics; /* logged by some grid */
	bool target;        /* some run has one */
	int64_t depth;      /* the largest */
	int loggings; /* settings that differ in when they log; −1: too many, or how long an epoch is only the files know */
	struct settings logging[LOGGINGS_MAX];
};

void survey_take(struct survey *survey, const struct plan *plan);

/* Whether a run logs that step; if none does, *steps tells which are: "are 0, 50, …, 500". What cannot be known is true. */
bool survey_logs(const struct survey *survey, int64_t step, struct text *steps);

/* Runs that where keeps. */
size_t survey_count(const struct survey *survey, const struct condition *where);

/* The keys that vary among runs equal in the used ones: how many; their names are added to *names. Not best: of each combination of the
 * others its best value will be left, and no other key varies less for that. *kept: runs that where keeps. */
int survey_mixed(const struct survey *survey, const struct condition *where, const struct key *best, int n_used,
		 const struct key *const *used, size_t *kept, struct text *names);

/* Whether some grid, before skipping, has the value; as conditions match. */
bool study_has(const struct study *study, const struct key *key, struct value value);
/* "is only 0", "are 0, 0.5, 0.9" */
void study_values(const struct study *study, const struct key *key, struct text *out);
/* "init: zeros, depth: [2, 4]" */
void condition_text(const struct condition *condition, struct text *out);
/* The fault "its filter keeps no run: …"; −1. */
int condition_keeps_none(const struct condition *condition, struct err *err);

#endif
