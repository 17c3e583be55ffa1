/* trace.h: what one run leaves behind, in memory. One block of memory, made before training, filled by probes, handed
 * to the store. */
#ifndef FATHOM_TRACE_H
#define FATHOM_TRACE_H

#include <stdint.h>

#include "base/err.h"
#include "trace/metric.h"

enum status { STATUS_COMPLETED, STATUS_TARGET, STATUS_PLATEAU, STATUS_DIVERGED, STATUS_FAILED, STATUS_N };
extern const struct table status_table; /* "completed", "target", … in this order */

/* The weights of one moment: layer by layer, l = 1 … L: W[l] (out × in) then b[l] (out; absent without bias), in the
 * run's precision, no padding. */
struct weights {
	void *values; /* float or double; NULL: not asked for */
	size_t n;
};

enum { WEIGHTS_INITIAL, WEIGHTS_FINAL, WEIGHTS_N };
extern const struct table weights_table; /* "initial", "final" */

struct trace {
	enum status status;
	int S, L;
	int64_t *step;           /* S, ascending: updates done when logged */
	metric_set recorded;     /* which arrays there are */
	double *value[METRIC_N]; /* [1], [S] or [S × L] by shape, NaN until filled; NULL: not asked for */
	int precision_bits;      /* of the weights: 32 or 64 */
	int *n;                  /* n[0] … n[L] */
	int bias;
	struct weights weights[WEIGHTS_N];
	char failure[200]; /* status failed: why */
};

/* A trace with all values NaN; wanted: metrics beside those of METRIC_RUN; weights_wanted: bit w is WEIGHTS_w. */
struct trace *trace_new(int S, const int64_t *step, int L, const int *n, int bias, int precision_bits,
			metric_set wanted, unsigned weights_wanted, struct err *err);
void trace_free(struct trace *trace);

/* Where the value of a metric is: s < S, l = 1 … L (ignored where the shape has none). NULL if not recorded. */
double *trace_at(struct trace *trace, enum metric_id id, int s, int l);

/* value = x if it is recorded. */
void trace_put(struct trace *trace, enum metric_id id, int s, int l, double x);

#endif
