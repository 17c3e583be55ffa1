/* inside.h: what the files of this room that work on a study's folder share: the store itself, and runs gathered from where
 * they lie. */
#ifndef FATHOM_INSIDE_H
#define FATHOM_INSIDE_H

#include <fcntl.h>

#include "store/columns.h"
#include "store/content.h"
#include "store/folder.h"
#include "store/runmap.h"

struct store {
	struct folder folder;
	struct run_map map; /* status and in_segment; source and row are those of the scan, long released */
	size_t segments;
	size_t R; /* of NAME.h5: its runs in order, and its resolved study */
	uint64_t *listed;
	char *spec;
};

/* Bit by bit; all NaN are one. */
bool same_number(double a, double b);

/* Where a run lies. */
struct run_ref {
	size_t source, row;
};

/* Runs that lie in two places. Zero-initialise; free a and b. */
struct pairs {
	size_t n, room;
	struct run_ref *a, *b;
};
void pairs_add(struct pairs *pairs, struct run_ref a, struct run_ref b);
void pairs_release(struct pairs *pairs);

/* All runs of the sources; of a run that lies twice the first place counts, but one that did not fail before one that did.
 * twice (may be NULL): the pairs of places that must hold the same. */
void store_map(struct run_map *map, const struct sources *sources, struct pairs *twice);

/* The store now knows this; the map becomes its own. */
void store_take(struct store *store, struct run_map map, const struct source *file, size_t segments);

/* Writes a segment, durably. */
int store_segment(const struct folder *folder, const struct content *content, struct err *err);

/* n new traces, in the order of ref, without weights. */
int gather(struct sources *sources, size_t n, const struct run_ref *ref, struct trace **trace, struct err *err);
/* A new trace of which only the weights count. */
struct trace *gather_weights(struct sources *sources, struct run_ref ref, struct err *err);

/* Heads and settings of runs, and a supply of their traces, in the order of ref: all that content_write asks for but the
 * texts. If plan is not NULL, ref[i] is the run plan_run[i] of it, whose settings are the plan's; else the file's. */
struct gathered {
	struct sources *sources;
	size_t n;
	const struct run_ref *ref;
	struct head *head;
	struct columns *columns;
	struct trace **piece; /* handed out last */
	size_t pieces;
	struct trace *weights;
};
int gathered_init(struct gathered *gathered, struct content *content, struct sources *sources, size_t n,
		  const struct run_ref *ref, const struct plan *plan, const size_t *plan_run, struct err *err);
void gathered_release(struct gathered *gathered, struct content *content);

/* Differences between runs, collected as lines: the first few of each kind. */
struct differences {
	struct text *out;
	int n;
	size_t pair, first;      /* compared now; the one of the first difference */
	int shown[METRIC_N + 4]; /* by metric; then steps, status, weights, others */
};
enum { DIFFERENT_STEPS = METRIC_N, DIFFERENT_STATUS, DIFFERENT_WEIGHTS, DIFFERENT_OTHER };
void difference_add(struct differences *differences, int kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Compares runs pair by pair, bit by bit (NaN is NaN), all but wall_time and settings. */
int compare_runs(struct sources *sources, const struct pairs *pairs, struct differences *differences, struct err *err);

#endif
