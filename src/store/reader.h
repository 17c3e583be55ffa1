/* reader.h: reading any file of ours, NAME.h5 or segment, in the room. store.h's result_* stand on it. */
#ifndef FATHOM_READER_H
#define FATHOM_READER_H

#include <hdf5.h>

#include "base/arena.h"
#include "store/h5.h"
#include "store/store.h"

/* One run as a file knows it, before its numbers are read. */
struct head {
	uint64_t hash;
	metric_set recorded;
	int layers;
	int status;
};

/* Logged steps of several runs: ascending, each once. Zero-initialise, steps_release. */
struct steps {
	int S;
	int64_t *step;
};
void steps_add(struct steps *steps, int S, const int64_t *step); /* these ascend as well */
void steps_release(struct steps *steps);

enum file_state {
	FILE_GOOD,
	FILE_DAMAGED, /* was ours, is broken; err says why */
	FILE_FOREIGN, /* not ours, or of another schema; err says so and what to do */
	FILE_GONE,    /* no such file */
	FILE_SYSTEM,  /* the system refused; err */
};

/* Checks the seal (and that the name is its hash, if `segment`), then opens: dimensions, hash, status, step, has, the root
 * texts; not the columns. A scout goes first unless `scouted`: it was there. Nothing is open unless FILE_GOOD. */
enum file_state reader_open(struct result *result, const char *path, bool segment, bool scouted, struct err *err);

/* The file again after reader_open has seen it whole: no second look at the seal, which it then bore or not. */
int reader_reopen(struct result *result, const char *path, bool sealed, struct err *err);

/* result->column; at most once. */
int reader_columns(struct result *result, struct err *err);

/* The heads of n rows, and the steps at which they were logged. */
int reader_heads(struct result *result, size_t n, const size_t *row, struct head *head, struct steps *steps,
		 struct err *err);

/* Whether there are any weights. */
bool reader_has_weights(const struct result *result);

/* The traces of n rows in ascending order, without weights; *trace are new, the caller frees them. */
int reader_traces(struct result *result, size_t n, const size_t *row, struct trace **trace, struct err *err);

/* Before the first weights of a sealed file are read, others look at them. */
int reader_scout_weights(struct result *result, struct err *err);

/* The trace of one row with its weights, without metrics but those of METRIC_RUN. */
struct trace *reader_weights(struct result *result, size_t row, struct err *err);

/* The whole array of that name, malloced, as values of `size` bytes; its dimensions must be these. NULL with err. */
void *reader_array(const struct result *result, const char *name, int rank, const hsize_t *dims, enum kind kind,
		   size_t size, struct err *err);
/* Whether an array of numbers has these dimensions. *sure: false when HDF5 cannot tell, which is no word on the file. */
bool reader_fits(hid_t dataset, int rank, const hsize_t *dims, bool *sure);
/* Whether there is such an object, and an attribute of text (a number as text) in the pool, NULL when absent. What HDF5 cannot
 * tell counts as absent for now, until result_sure is asked. */
bool reader_has(const struct result *result, const char *name);
char *reader_text(const struct result *result, hid_t object, const char *name);
/* layers, recorded and logged are there. */
int reader_runs(struct result *result, struct err *err);

struct store_reader {
	hid_t file;
	struct pool pool;
	uint64_t *hash; /* R; these four are what struct result shows */
	int8_t *status; /* R */
	int64_t *step;  /* S */
	struct column *column;
	int64_t *layers;         /* R; with recorded and logged read at first use */
	uint64_t *recorded;      /* R */
	int8_t *logged;          /* R × S */
	double *array[METRIC_N]; /* of result_metric */
	bool unsure;             /* for result_sure */
	bool scouted;            /* the weights; those of a file without a seal are what the child understood */
};

#endif
