/* sample.h: a small study with traces full of numbers that a formula makes, so that nothing needs to be trained; and a folder
 * that goes away again. */
#ifndef FATHOM_SAMPLE_H
#define FATHOM_SAMPLE_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cm.h"

#include "base/file.h"
#include "store/store.h"

static const struct provenance sample_provenance = {.fathom_version = "0.0-test",
						    .git_commit = "c0ffee",
						    .host = "host",
						    .cpu = "cpu",
						    .isa = "isa",
						    .compiler = "cc",
						    .flags = "-O2",
						    .libraries = "HDF5",
						    .command_line = "fathom run test",
						    .self_test = "0123456789abcdef",
						    .threads = 2};

#define SAMPLE_STUDY                                                                                                   \
	"title: A study of nothing — ∅\n"                                                                          \
	"question: Does what goes in come out?\n"                                                                      \
	"source: the tests\n"                                                                                          \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [1, 3], width: [4, [5, 6, 7]], activation: [tanh, relu] }\n"                                  \
	"train: { loss: bce, lr: [0.1, 0.01], batch: full, steps: 20 }\n"                                              \
	"seed: { range: 2 }\n"                                                                                         \
	"log: { every: 10, metrics: [train_loss, grad_norm, saturation], weights: [initial, final] }\n"                \
	"skip: [ { depth: 1, width: [[5, 6, 7]] } ]\n"

/* All widths plain numbers. */
#define PLAIN_STUDY                                                                                                    \
	"title: A study of nothing — ∅\n"                                                                          \
	"question: Does what goes in come out?\n"                                                                      \
	"source: the tests\n"                                                                                          \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [1, 3], width: [4, 8], activation: [tanh, relu] }\n"                                          \
	"train: { loss: bce, lr: [0.1, 0.01], batch: full, steps: 20 }\n"                                              \
	"seed: { range: 2 }\n"                                                                                         \
	"log: { every: 10, metrics: [train_loss, grad_norm, saturation], weights: [initial, final] }\n"

struct sample {
	struct study study;
	struct plan plan;
	struct trace **trace; /* plan.R */
	char dir[100];
};

static inline int sample_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	*identity = 42;
	return 0;
}

#define must(call)                                                                                                     \
	do {                                                                                                           \
		if ((call) != 0)                                                                                       \
			fail_msg("%s: %s", #call, err.text);                                                           \
	} while (0)

/* Some number in (−1, 1) that depends on everything; now and then a special one. */
static inline double sample_value(uint64_t hash, int id, int s, int l)
{
	uint64_t x = hash ^ ((uint64_t)id * 0x9E3779B97F4A7C15u) ^ ((uint64_t)s << 32) ^ (uint64_t)l;
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	x ^= x >> 31;
	if (x % 17 == 0)
		return NAN;
	if (x % 19 == 0)
		return -0.0;
	if (x % 23 == 0)
		return INFINITY;
	return (double)(int64_t)x * 0x1p-63;
}

/* The trace of a run: every fifth run diverged after its first logged steps. */
static inline struct trace *sample_trace(const struct plan *plan, size_t r)
{
	struct settings settings;
	struct err err = {0};
	int64_t step[] = {0, 10, 20};
	const uint64_t hash = plan->run[r].hash;
	plan_settings(plan, r, &settings);
	const int L = settings_layers(&settings), S = hash % 5 == 0 ? 2 : 3;
	int n[64];
	assert_in_range(L, 1, 63);
	settings_shape(&settings, 2, 1, n);
	if (S == 2)
		step[1] = 7;
	struct trace *trace = trace_new(S, step, L, n, settings.bias, settings.precision == FLOAT64 ? 64 : 32,
					settings.metrics, settings.weights, &err);
	trace->status = S == 2 ? STATUS_DIVERGED : STATUS_COMPLETED;
	for (int id = 0; id < METRIC_N; id++)
		for (int s = 0; s < S; s++)
			for (int l = 1; l <= L; l++)
				trace_put(trace, (enum metric_id)id, s, l, sample_value(hash, id, s, l));
	for (int w = 0; w < WEIGHTS_N; w++)
		for (size_t i = 0; trace->weights[w].values && i < trace->weights[w].n; i++)
			((float *)trace->weights[w].values)[i] = (float)sample_value(hash, 100 + w, (int)i, 0);
	return trace;
}

static inline void sample_init(struct sample *sample, const char *text)
{
	struct err err = {0};
	must(study_parse(&sample->study, text, strlen(text), "small", "", 0, NULL, &err));
	must(plan_build(&sample->plan, &sample->study, sample_identity, &err));
	sample->trace = malloc(sizeof *sample->trace * sample->plan.R);
	for (size_t r = 0; r < sample->plan.R; r++)
		sample->trace[r] = sample_trace(&sample->plan, r);
	const char *temporary = getenv("TMPDIR");
	snprintf(sample->dir, sizeof sample->dir, "%s/fathom-test-store-XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(sample->dir));
}

static inline int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
	return remove(path);
}

static inline void sample_release(struct sample *sample)
{
	for (size_t r = 0; r < sample->plan.R; r++)
		trace_free(sample->trace[r]);
	free(sample->trace);
	plan_release(&sample->plan);
	study_release(&sample->study);
	nftw(sample->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* DIR/what, in one of four static buffers: copy what must last. */
static inline const char *sample_path(const struct sample *sample, const char *what)
{
	static char path[4][400];
	static int next;
	next = (next + 1) % 4;
	snprintf(path[next], sizeof path[next], "%s/%s", sample->dir, what);
	return path[next];
}

/* Commits runs first … last − 1, `by` at a time. */
static inline void sample_commit(struct sample *sample, struct store *store, size_t first, size_t last, size_t by)
{
	struct err err = {0};
	for (size_t r = first; r < last; r += by) {
		size_t run[64], n = 0;
		for (; n < by && r + n < last; n++)
			run[n] = r + n;
		must(store_commit(store, &sample->plan, n, run, (const struct trace *const *)sample->trace + r,
				  &sample_provenance, &err));
	}
}

static inline struct store *sample_open(const struct sample *sample, struct text *notes)
{
	struct err err = {0};
	struct store *store;
	must(store_open(&store, sample->dir, "small", true, notes, &err));
	return store;
}

/* A finished study in the folder. */
static inline void sample_finish(struct sample *sample)
{
	struct err err = {0};
	struct store *store = sample_open(sample, NULL);
	sample_commit(sample, store, 0, sample->plan.R, 3);
	must(store_compact(store, &sample->plan, false, &sample_provenance, &err));
	store_close(store);
}

static inline char *sample_bytes(const char *path, size_t *size)
{
	struct err err = {0};
	char *bytes = NULL;
	must(file_read(path, SIZE_MAX / 2, &bytes, size, &err));
	return bytes;
}

/* The names in a folder that end in `end`; the last one goes to name. */
static inline int sample_count(const char *folder, const char *end, char name[256])
{
	int n = 0;
	DIR *open_folder = opendir(folder);
	for (struct dirent *entry; open_folder && (entry = readdir(open_folder));) {
		const size_t length = strlen(entry->d_name), tail = strlen(end);
		if (length < tail || strcmp(entry->d_name + length - tail, end) != 0)
			continue;
		if (name)
			snprintf(name, 256, "%s", entry->d_name);
		n++;
	}
	if (open_folder)
		closedir(open_folder);
	return n;
}

#endif
