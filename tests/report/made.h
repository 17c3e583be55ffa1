/* made.h: a result whose numbers a test chooses: a study is parsed and planned, its traces filled by the test, stored, compacted and
 * opened, so that what is tested reads what users' files hold. */
#ifndef FATHOM_MADE_H
#define FATHOM_MADE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cm.h"

#include "base/file.h"
#include "store/store.h"

struct made {
	struct study study;
	struct plan plan;
	struct result result;
	char dir[64];
};

/* Fills the trace of one run. */
typedef void made_fill(struct trace *trace, const struct settings *settings);

#define must(call)                                                                                                     \
	do {                                                                                                           \
		if ((call) != 0)                                                                                       \
			fail_msg("%s: %s", #call, err.text);                                                           \
	} while (0)

static inline int made_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	*identity = 7;
	return 0;
}

static inline struct trace *made_trace(const struct settings *settings, made_fill *fill, struct err *err)
{
	int S, n[64];
	int64_t *step = settings_logged(settings, 20, &S);
	const int L = settings_layers(settings);
	settings_shape(settings, 2, 1, n);
	struct trace *trace = trace_new(S, step, L, n, 1, 32, settings->metrics, 0, err);
	free(step);
	if (!trace)
		fail_msg("%s", err->text);
	trace->status = STATUS_COMPLETED;
	trace_put(trace, METRIC_STEPS_DONE, 0, 0, (double)trace->step[S - 1]);
	fill(trace, settings);
	return trace;
}

static inline void made_open(struct made *made, const char *yaml, made_fill *fill)
{
	static struct err err; /* large */
	static const struct provenance none = {"", "", "", "", "", "", "", "", "", "", 1};
	struct store *store;
	memset(made, 0, sizeof *made);
	strcpy(made->dir, "/tmp/fathom-report-XXXXXX");
	assert_non_null(mkdtemp(made->dir));
	must(study_parse(&made->study, yaml, strlen(yaml), "made", "made.yaml", 0, NULL, &err));
	must(plan_build(&made->plan, &made->study, made_identity, &err));
	must(store_open(&store, made->dir, "made", true, NULL, &err));
	struct trace **trace = calloc(made->plan.R, sizeof *trace);
	size_t *run = calloc(made->plan.R, sizeof *run);
	for (size_t r = 0; r < made->plan.R; r++) {
		struct settings settings;
		plan_settings(&made->plan, r, &settings);
		run[r] = r;
		trace[r] = made_trace(&settings, fill, &err);
	}
	must(store_commit(store, &made->plan, made->plan.R, run, (const struct trace *const *)trace, &none, &err));
	must(store_compact(store, &made->plan, false, &none, &err));
	store_close(store);
	for (size_t r = 0; r < made->plan.R; r++)
		trace_free(trace[r]);
	free(trace);
	free(run);
	char path[128];
	snprintf(path, sizeof path, "%s/made.h5", made->dir);
	must(result_open(&made->result, path, &err));
}

static inline int made_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	return remove(path);
}

static inline void made_close(struct made *made)
{
	result_close(&made->result);
	plan_release(&made->plan);
	study_release(&made->study);
	nftw(made->dir, made_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
