/* store.h: results on disk. The only room that knows HDF5; it knows settings, traces and plans, not networks.
 *
 * DIR/NAME.h5        the finished study (docs/FORMAT.md); appears whole or not at all
 * DIR/NAME.parts/    segments: small files of the same schema, each with the runs of one commit, immutable, named by the
 *                    hash of their bytes; present while a study is unfinished, or holding runs that it no longer names
 * DIR/NAME.parts/corrupt/   segments whose bytes do not match their name: set aside, named, trained again
 *
 * A commit: HDF5 image in memory → temporary → fsync → rename → fsync of the folder. No HDF5 file is open while training.
 * A run is found by its hash, wherever it lies.
 */
#ifndef FATHOM_STORE_H
#define FATHOM_STORE_H

#include "spec/plan.h"
#include "trace/trace.h"

enum { SCHEMA_VERSION = 1 };

/* Where and by what results were made: root attributes. All text may be "". */
struct provenance {
	const char *fathom_version, *git_commit, *host, *cpu, *isa, *compiler, *flags, *libraries, *command_line;
	const char *self_test; /* hash of train/selftest.h; "": not done */
	int threads;
};

struct store;

/* Opens the place of a study's results: reads which runs are committed. With create it makes the folder, sweeps stale
 * temporaries of dead processes and sets damaged files aside (each named in a line of *notes, which may be NULL); without, it
 * only looks, and damaged files do not count. ERR_INPUT: NAME.h5 or a segment is not ours or of another schema, nothing is
 * changed; ERR_SYSTEM: unwritable, unreadable. */
int store_open(struct store **store, const char *dir, const char *name, bool create, struct text *notes,
	       struct err *err);
void store_close(struct store *store);

/* The status of a committed run, or −1 when there is none. */
int store_find(const struct store *store, uint64_t hash);
size_t store_committed(const struct store *store);
/* How many segments, and whether NAME.h5 holds exactly the plan's runs and this resolved study, and no segment holds any. */
size_t store_segments(const struct store *store);
bool store_is_current(const struct store *store, const struct plan *plan);

/* x[r]: the number of a metric of a whole run of each run of the plan that is committed; NaN of the others. */
int store_measure(const struct store *store, const struct plan *plan, enum metric_id id, double *x, struct err *err);

/* Commits n runs of the plan as one segment; on return they are durable. run[i] is an index into the plan. A run that failed
 * before may be committed again: success replaces failure. */
int store_commit(struct store *store, const struct plan *plan, size_t n, const size_t *run,
		 const struct trace *const *trace, const struct provenance *provenance, struct err *err);

/* Merges all that is committed (re-reading the folder: other processes may have added) into NAME.h5 with the runs of the
 * plan, in its order; runs that the plan does not name stay in a segment. ERR_INPUT naming the count when runs are missing,
 * unless partial. Two runs of the same hash with different content are an error (wall_time may differ, and failed runs give
 * way). Does nothing when there is nothing to do; the bytes of NAME.h5 are a function of plan and traces, provenance aside. */
int store_compact(struct store *store, const struct plan *plan, bool partial, const struct provenance *provenance,
		  struct err *err);

/* ---- reading a result file ---- */

/* One setting of every run. Numbers stay numbers; names, flags, texts and lists are codes into words (widths only if any run
 * has a list). */
struct column {
	const struct key *key;
	const double *number; /* R */
	int words;            /* 0: plain numbers */
	const char *const *word;
};

struct result {
	const char *path;
	size_t R;
	int S, L;
	const uint64_t *hash; /* R */
	const int8_t *status; /* R */
	const int64_t *step;  /* S */
	int columns;
	const struct column *column; /* in the order of key_table */
	metric_set has;
	bool sealed;                                  /* every byte was checked */
	const char *title, *question, *source, *spec; /* root attributes */
	struct store_reader *reader;
};

/* Opens DIR/NAME.h5. ERR_INPUT when it is no result file or of another schema version. */
int result_open(struct result *result, const char *path, struct err *err);
void result_close(struct result *result);

/* The whole array of a metric, R, R × S or R × S × L doubles, NaN where missing; read at first use, kept. NULL with err when
 * the file has none. */
const double *result_metric(struct result *result, enum metric_id id, struct err *err);
/* Puts in the numbers of a metric that is worked out from others, R of them, malloced: the result's from then on. */
void result_derive(struct result *result, enum metric_id id, double *number);
const struct column *result_column(const struct result *result, const struct key *key);

/* A root attribute of text, "" when absent; lives until result_close. */
const char *result_attribute(struct result *result, const char *name);

/* What could not be read, as the disk failed, counts as absent at first: whoever has made something of a result asks here before it
 * is shown. −1 with err if it may lack something that the file holds. */
int result_sure(const struct result *result, struct err *err);

/* Replaces /claims of a result file by these rows (file rewritten whole: temporary, rename). */
struct verdict_row {
	const char *say, *source, *expect;
	double measured, low, high;
	int64_t n;
	int pass; /* 1, 0; −1: could not be evaluated */
	const char *note;
};
int result_put_claims(const char *path, size_t n, const struct verdict_row *row, struct err *err);

/* Compares two result files bit by bit, runs matched by hash, wall_time and provenance aside. Differences are added to
 * *out as lines (at most a few of each kind); returns their number, −1 with err. */
int result_diff(const char *a, const char *b, struct text *out, struct err *err);

/* Writes the exact inputs: /train/X, /train/y, /test/X, /test/y as the network sees them. */
int store_write_data(const char *path, const struct dataset *data, int bits, struct err *err);

/* "HDF5 1.10.8" */
const char *store_library(void);

#endif
