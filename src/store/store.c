/* store.c: a study's results as one place: which runs are committed, and committing more. See store.h. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/inside.h"

/* ---- which runs there are ---- */

void store_map(struct run_map *map, const struct sources *sources, struct pairs *twice)
{
	*map = (struct run_map){0};
	for (size_t s = 0; s < sources->n; s++) {
		for (size_t r = 0; r < sources->source[s].R; r++) {
			const int8_t status = sources->source[s].status[r];
			const struct run_ref ref = {s, r};
			bool is_new;
			struct run_place *place = run_map_put(map, sources->source[s].hash[r], &is_new);
			place->in_segment = place->in_segment || s > 0;
			if (!is_new && twice && place->status != STATUS_FAILED && status != STATUS_FAILED)
				pairs_add(twice, (struct run_ref){place->source, place->row}, ref);
			if (is_new || (place->status == STATUS_FAILED && status != STATUS_FAILED)) {
				place->source = (uint32_t)s;
				place->row = (uint32_t)r;
				place->status = status;
			}
		}
	}
}

void store_take(struct store *store, struct run_map map, const struct source *file, size_t segments)
{
	run_map_release(&store->map);
	free(store->listed);
	free(store->spec);
	store->map = map;
	store->segments = segments;
	store->R = file->R;
	store->listed = malloc(sizeof *store->listed * (file->R + 1));
	store->spec = strdup(file->spec);
	if (!store->listed || !store->spec)
		NO_MEMORY("out of memory for %zu runs", file->R);
	if (file->R > 0)
		memcpy(store->listed, file->hash, sizeof *store->listed * file->R);
}

static size_t segments_of(const struct sources *sources)
{
	return sources->n - 1;
}

static int make_place(const struct folder *folder, struct err *err)
{
	if (folder_make(folder->dir, err) != 0)
		return -1;
	if (faccessat(AT_FDCWD, folder->dir, W_OK | X_OK, AT_EACCESS) != 0)
		return err_errno(err, "cannot write to the folder '%s'", folder->dir);
	if (file_exists(folder->parts) && faccessat(AT_FDCWD, folder->parts, W_OK | X_OK, AT_EACCESS) != 0)
		return err_errno(err, "cannot write to the folder '%s'", folder->parts);
	return 0;
}

int store_open(struct store **opened, const char *dir, const char *name, bool create, struct text *notes,
	       struct err *err)
{
	struct sources sources;
	struct run_map map;
	struct store *store = calloc(1, sizeof *store);
	*opened = NULL;
	if (!store)
		return err_set(err, ERR_SYSTEM, "out of memory");
	folder_init(&store->folder, dir, name);
	if ((create && make_place(&store->folder, err) != 0) ||
	    sources_scan(&sources, &store->folder, create, notes, err) != 0) {
		store_close(store);
		return -1;
	}
	store_map(&map, &sources, NULL);
	store_take(store, map, &sources.source[0], segments_of(&sources));
	if (create && store->segments == 0)
		folder_tidy(&store->folder);
	sources_release(&sources);
	*opened = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	run_map_release(&store->map);
	free(store->listed);
	free(store->spec);
	folder_release(&store->folder);
	free(store);
}

int store_find(const struct store *store, uint64_t hash)
{
	const struct run_place *place = run_map_find(&store->map, hash);
	return place ? place->status : -1;
}

size_t store_committed(const struct store *store)
{
	return store->map.n;
}

size_t store_segments(const struct store *store)
{
	return store->segments;
}

bool store_is_current(const struct store *store, const struct plan *plan)
{
	if (store->R != plan->R || strcmp(store->spec, plan->study->resolved) != 0)
		return false;
	for (size_t r = 0; r < plan->R; r++) {
		const struct run_place *place = run_map_find(&store->map, plan->run[r].hash);
		if (store->listed[r] != plan->run[r].hash || place->in_segment)
			return false;
	}
	return true;
}

int store_measure(const struct store *store, const struct plan *plan, enum metric_id id, double *x, struct err *err)
{
	struct sources sources;
	struct run_map map;
	int failed = 0;
	for (size_t r = 0; r < plan->R; r++)
		x[r] = NAN;
	if (sources_scan(&sources, &store->folder, false, NULL, err) != 0)
		return -1;
	store_map(&map, &sources, NULL);
	for (size_t s = 0; s < sources.n && !failed; s++) {
		if (sources.source[s].R == 0) /* there is no NAME.h5 */
			continue;
		struct result *result = sources_result(&sources, s, err);
		const double *value = result ? result_metric(result, id, err) : NULL;
		failed = !value;
		for (size_t r = 0; r < plan->R && value; r++) {
			const struct run_place *place = run_map_find(&map, plan->run[r].hash);
			if (place && place->source == s)
				x[r] = value[place->row];
		}
	}
	run_map_release(&map);
	sources_release(&sources);
	return failed ? -1 : 0;
}

/* ---- committing ---- */

static const struct trace *const *given_traces(void *self, size_t first, size_t n, struct err *err)
{
	return (const struct trace *const *)self + first;
}

static const struct trace *given_weights(void *self, size_t row, struct err *err)
{
	return ((const struct trace *const *)self)[row];
}

int store_segment(const struct folder *folder, const struct content *content, struct err *err)
{
	char *bytes;
	size_t size;
	uint64_t hash;
	bool existed;
	int done = -1;
	if (content_write(content, &bytes, &size, &hash, err) != 0)
		return -1;
	struct text path = TEXT_INIT;
	text_add(&path, "%s/%016" PRIx64 ".h5", folder->parts, hash);
	/* another process that has just compacted may remove the empty folder between the two, and a third one make it anew */
	for (int attempt = 0; attempt < 100 && done != 0; attempt++) {
		if (folder_make(folder->parts, err) != 0)
			break;
		done = file_create(path.at, bytes, size, &existed, err);
		if (done != 0 && errno != ENOENT)
			break;
	}
	text_release(&path);
	free(bytes);
	return done;
}

int store_commit(struct store *store, const struct plan *plan, size_t n, const size_t *run,
		 const struct trace *const *trace, const struct provenance *provenance, struct err *err)
{
	if (n == 0)
		return 0;
	struct content content = {.R = n,
				  .title = plan->study->title,
				  .question = plan->study->question,
				  .source = plan->study->source,
				  .spec = plan->study->resolved,
				  .provenance = provenance,
				  .supply = {given_traces, given_weights, (void *)(uintptr_t)trace}};
	struct head *head = malloc(sizeof *head * n);
	struct columns *columns = head ? columns_new(n, err) : NULL;
	int done = -1;
	if (!head)
		err_set(err, ERR_SYSTEM, "out of memory for %zu runs", n);
	if (columns) {
		for (size_t i = 0; i < n; i++) {
			struct settings settings;
			plan_settings(plan, run[i], &settings);
			columns_put(columns, i, &settings);
			head[i] = (struct head){plan->run[run[i]].hash, trace[i]->recorded, trace[i]->L,
						trace[i]->status};
			steps_add(&content.steps, trace[i]->S, trace[i]->step);
		}
		content.head = head;
		content.settings = columns;
		done = store_segment(&store->folder, &content, err);
	}
	if (done == 0)
		run_map_reserve(&store->map, plan->R);
	for (size_t i = 0; i < n && done == 0; i++) {
		bool is_new;
		struct run_place *place = run_map_put(&store->map, head[i].hash, &is_new);
		if (is_new || place->status == STATUS_FAILED)
			place->status = (int8_t)head[i].status;
		place->in_segment = true;
	}
	store->segments += done == 0;
	steps_release(&content.steps);
	columns_free(columns);
	free(head);
	return done;
}

#define WORD(x) #x
#define NUMBER(x) WORD(x)

const char *store_library(void)
{
	return "HDF5 " NUMBER(H5_VERS_MAJOR) "." NUMBER(H5_VERS_MINOR) "." NUMBER(H5_VERS_RELEASE);
}
