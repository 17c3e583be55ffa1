/* study.h: a study file, read, checked and resolved. */
#ifndef FATHOM_STUDY_H
#define FATHOM_STUDY_H

#include "base/arena.h"
#include "spec/key.h"

/* Keys that vary together through n values (one key, or several under zip). value[k * n + i]: key k, value i. */
struct axis {
	int keys;
	const struct key *const *key;
	int n;
	const struct value *value;
};

/* A partial setting: for skip, where and versus. A key may be given several values: any of them matches. */
struct condition {
	int n;
	const struct key *const *key;
	const int *values; /* how many values of each */
	const struct value *const *value;
};

/* One full product of axes; the study's own is grid[0], each `also` entry one more. */
struct grid {
	struct settings base;
	int axes;
	const struct axis *axis;
	int skips;
	const struct condition *skip;
};

/* A place in the traces: which step, which layer. */
enum { PLACE_ANY = -1, PLACE_FIRST = -2, PLACE_LAST = -3 }; /* or a number ≥ 0; ANY: each is a number of its own */
struct place {
	int64_t layer, step; /* step counts updates */
};

enum reduce { REDUCE_MEDIAN, REDUCE_MEAN, REDUCE_GEOMEAN, REDUCE_MIN, REDUCE_MAX, REDUCE_SHARE, REDUCE_COUNT };
extern const struct table reduce_table;

enum relation { BELOW, AT_MOST, ABOVE, AT_LEAST, EQUAL, NOT_EQUAL, WITHIN };
struct expect {
	enum relation relation;
	double low, high; /* WITHIN: low ≤ x ≤ high; the others use low */
	const char *text; /* as written */
};

/* A claim, as in docs/STUDY.md. What is measured in each run r that `where` keeps:
 *   x_r = measure at `at`, divided by measure (or the metric that `over` names) at `over` in the same run if given (0/0 is NaN);
 *   slope: the slope of log10 x (or of x, `scale: linear`) over layer, step or a numeric key: per run, or over the runs that
 *     agree in all other settings; if `over` names another metric, divided by the slope of that one;
 *   versus: x_r divided by that of the run equal in all settings but those named in versus (paired by seed);
 *   best: before all that, keep of each combination of the other settings (seed aside) only the value of that key whose
 *     median over seeds of `best_by` is best.
 * Then one number: reduce over all x (share and count: of those for which `is` holds; NaN never holds), and expect. */
struct claim {
	const char *say;
	const char *source; /* where it is from: its own, else the study's; may be "" */
	int measure;        /* row of metric_table; METRIC_N: the share of `status` */
	int status;         /* measure: diverged, target, … (names of status_table): 1 or 0 a run */
	struct place at;
	bool has_over;
	struct place over;
	int over_measure;  /* row of metric_table: what is divided by; measure, unless over names another */
	const char *slope; /* NULL, "layer", "step" or a key's name */
	bool linear;
	struct condition where;
	bool has_versus;
	struct condition versus;
	const struct key *best;
	int best_by; /* row of metric_table */
	const struct key *
		found; /* measure is what a search has found of this key, which then is no setting to tell runs apart */
	bool has_is;
	struct expect is;
	enum reduce reduce;
	struct expect expect;
	int line; /* in the study file */
};

/* A figure to draw: kind is a row of the report room's figure table, checked there. */
struct figure {
	const char *kind;
	const char *name;     /* file name without ending; default: kind, numbered if not unique */
	const struct key *by; /* a curve each; NULL: the kind's default */
	int panels;           /* 0 … 2: columns, rows */
	const struct key *panel[2];
	int measure;   /* row of metric_table; −1: the kind's default */
	int predicted; /* row of metric_table: what theory says of the measure, drawn dashed; −1: none */
	struct condition where;
	const struct key *best; /* as in a claim */
	int best_by;
	int64_t step; /* for profiles and places: PLACE_FIRST (default), PLACE_LAST or a step */
	/* for kinds that draw one place of each network against a key of numbers: */
	const struct key *against; /* NULL: the kind's default */
	int scale;                 /* of that key's axis: row of scale_table; −1: as its values are spaced */
	int64_t layer;             /* PLACE_ANY: not given, that is PLACE_FIRST */
	bool has_over;             /* what divides: as in a claim */
	int over_measure;          /* row of metric_table; −1: the metric drawn */
	struct place over;
	const char *caption; /* may be "" */
	int line, column;
};

/* Which runs of the grids are trained: all, or those that a search comes to (room search). */
enum search_kind { SEARCH_NONE, SEARCH_FRONTIER, SEARCH_BOUNDARY };
struct search {
	enum search_kind kind;
	const struct key *key[2]; /* the searched axes: one of a frontier, two of a boundary */
	int coarse;               /* values of each axis that are tried first */
	int measure; /* row of metric_table, of a whole run: stable is what did not diverge and `is`; METRIC_N: that did not diverge */
	struct expect is;
	bool full; /* the other runs of the grid are trained as well */
};

struct study {
	const char *name; /* of the file, without ending: names the results */
	const char *path; /* of the file, "" for a stored study */
	const char *title, *question, *source;
	int grids;
	const struct grid *grid;
	int claims;
	const struct claim *claim;
	int figures;
	const struct figure *figure;
	struct search search;
	const char *resolved; /* the whole study as YAML, all defaults and overrides in, that study_parse reads back */
	struct pool pool;     /* owns everything above */
};

/* Reads a study file. overrides: "key=value" words in the same grammar ("depth=2,4", "lr=log:1e-3:1:5", "seed=range:5");
 * an override replaces the key in every grid. All faults are reported at once, each as
 *   FILE:LINE:COLUMN: unknown key 'widht': did you mean 'width'?
 *     model: { widht: 64 }
 *              ^^^^^ */
int study_load(struct study *study, const char *path, int n, const char *const *overrides, struct err *err);
int study_parse(struct study *study, const char *text, size_t length, const char *name, const char *path, int n,
		const char *const *overrides, struct err *err);
void study_release(struct study *study);

/* For messages: the path of the file, the name of a stored study. */
const char *study_place(const struct study *study);

/* Whether the settings have, for every key of the condition, one of its values; real numbers match in six digits. */
bool condition_holds(const struct condition *condition, const struct settings *settings);

/* A condition from "key=value" words in the grammar of overrides (--where depth=2,4 init=zeros); lives in the pool. */
int condition_parse(struct pool *pool, int n, const char *const *words, struct condition *condition, struct err *err);

/* "<= 1e-6", "== 0", "> .5", "in [0.9, 1.1]", "1 +- 0.1" */
bool expect_parse(const char *text, struct expect *expect);
bool expect_holds(const struct expect *expect, double x);

#endif
