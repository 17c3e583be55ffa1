/* compact.c: many segments into one NAME.h5: see store.h. The order of the steps keeps every run on disk at any moment: runs
 * that the plan does not name go to a segment of their own, then NAME.h5 is replaced, and only then segments are removed
 * whose runs are all in one of the two. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/inside.h"

struct compaction {
	const struct plan *plan;
	const struct folder *folder;
	const struct provenance *provenance;
	struct sources sources;
	struct run_map map;
	size_t n;            /* runs of the plan that there are */
	size_t *run;         /* which of the plan */
	struct run_ref *ref; /* and where they lie */
	size_t orphans;      /* runs that must move */
	struct run_ref *orphan;
	bool *keep; /* by source: a segment that stays */
	size_t kept;
	struct text notes; /* files that were found damaged only now */
};

static void set_texts(const struct compaction *c, struct content *content)
{
	const struct study *study = c->plan->study;
	content->title = study->title;
	content->question = study->question;
	content->source = study->source;
	content->spec = study->resolved;
	content->provenance = c->provenance;
	content->packed = true;
}

/* Every run that lies twice must be the same in both places: otherwise one of the two is not what it says. */
static int check_twice(struct compaction *c, const struct pairs *twice, struct err *err)
{
	struct text lines = TEXT_INIT;
	struct differences all = {.out = &lines};
	int done = compare_runs(&c->sources, twice, &all, err);
	if (done == 0 && all.n > 0)
		done = err_set(err, ERR_INPUT,
			       "the same run has different results in '%s' and '%s'\n%s"
			       "try: find out which program made which, and move one of the two files away",
			       c->sources.source[twice->a[all.first].source].path,
			       c->sources.source[twice->b[all.first].source].path, lines.at);
	text_release(&lines);
	return done;
}

/* The runs of the plan, in its order. */
static int find_planned(struct compaction *c, bool partial, struct err *err)
{
	c->run = malloc(sizeof *c->run * (c->plan->R + 1));
	c->ref = malloc(sizeof *c->ref * (c->plan->R + 1));
	if (!c->run || !c->ref)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", c->plan->R);
	for (size_t r = 0; r < c->plan->R; r++) {
		struct run_place *place = run_map_find(&c->map, c->plan->run[r].hash);
		if (!place)
			continue;
		place->planned = true;
		c->run[c->n] = r;
		c->ref[c->n++] = (struct run_ref){place->source, place->row};
	}
	if (c->n == 0)
		return err_set(err, ERR_INPUT, "no run of '%s' is committed in '%s'\ntry: fathom run", c->folder->name,
			       c->folder->dir);
	if (c->n < c->plan->R && !partial)
		return err_set(
			err, ERR_INPUT, "%zu of the %zu runs of '%s' are not committed in '%s'\n%stry: fathom run",
			c->plan->R - c->n, c->plan->R, c->folder->name, c->folder->dir, c->notes.at ? c->notes.at : "");
	return 0;
}

/* Which segments stay (none of their runs is in the plan), and which runs must move since their file goes. */
static int find_orphans(struct compaction *c, struct err *err)
{
	const struct sources *sources = &c->sources;
	c->keep = calloc(sources->n, sizeof *c->keep);
	c->orphan = malloc(sizeof *c->orphan * (c->map.n + 1));
	if (!c->keep || !c->orphan)
		return err_set(err, ERR_SYSTEM, "out of memory for %zu runs", c->map.n);
	for (size_t s = 1; s < sources->n; s++) {
		const struct source *source = &sources->source[s];
		c->keep[s] = true;
		for (size_t r = 0; r < source->R; r++)
			c->keep[s] = c->keep[s] && !run_map_find(&c->map, source->hash[r])->planned;
		for (size_t r = 0; c->keep[s] && r < source->R; r++) {
			struct run_place *place = run_map_find(&c->map, source->hash[r]);
			place->safe = place->safe || source->status[r] == place->status;
		}
		c->kept += c->keep[s];
	}
	for (size_t i = 0; i < c->map.capacity; i++) {
		const struct run_place *place = &c->map.place[i];
		if (place->used && !place->planned && !place->safe)
			c->orphan[c->orphans++] = (struct run_ref){place->source, place->row};
	}
	return 0;
}

static int write_orphans(struct compaction *c, struct err *err)
{
	struct content content = {0};
	struct gathered gathered = {0};
	if (c->orphans == 0)
		return 0;
	if (gathered_init(&gathered, &content, &c->sources, c->orphans, c->orphan, NULL, NULL, err) != 0)
		return -1;
	set_texts(c, &content);
	const int done = store_segment(c->folder, &content, err);
	gathered_release(&gathered, &content);
	return done;
}

static int write_file(struct compaction *c, struct err *err)
{
	struct content content = {0};
	struct gathered gathered = {0};
	char *bytes;
	size_t size;
	uint64_t hash;
	if (gathered_init(&gathered, &content, &c->sources, c->n, c->ref, c->plan, c->run, err) != 0)
		return -1;
	set_texts(c, &content);
	int done = content_write(&content, &bytes, &size, &hash, err);
	gathered_release(&gathered, &content);
	if (done != 0)
		return -1;
	done = file_replace(c->folder->file, bytes, size, err);
	free(bytes);
	return done;
}

/* Whether NAME.h5 is already what it should be and no segment holds a run of it. */
static bool is_done(const struct compaction *c)
{
	const struct source *file = &c->sources.source[0];
	if (file->R != c->n || strcmp(file->spec, c->plan->study->resolved) != 0)
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (c->ref[i].source != 0 || c->ref[i].row != i ||
		    run_map_find(&c->map, c->plan->run[c->run[i]].hash)->in_segment)
			return false;
	return true;
}

/* What the folder holds after success; the store's next answers. */
static void remember(struct store *store, struct compaction *c)
{
	struct source file = {.R = c->n, .spec = c->plan->study->resolved};
	file.hash = malloc(sizeof *file.hash * (c->n + 1));
	if (!file.hash)
		NO_MEMORY("out of memory for %zu runs", c->n);
	for (size_t i = 0; i < c->n; i++)
		file.hash[i] = c->plan->run[c->run[i]].hash;
	for (size_t i = 0; i < c->map.capacity; i++)
		c->map.place[i].in_segment = c->map.place[i].used && !c->map.place[i].planned;
	store_take(store, c->map, &file, c->kept + (c->orphans > 0));
	c->map = (struct run_map){0};
	free(file.hash);
}

static int compact(struct compaction *c, bool partial, struct err *err)
{
	struct pairs twice = {0};
	if (sources_scan(&c->sources, c->folder, true, &c->notes, err) != 0)
		return -1;
	store_map(&c->map, &c->sources, &twice);
	const int same = check_twice(c, &twice, err);
	pairs_release(&twice);
	if (same != 0 || find_planned(c, partial, err) != 0 || find_orphans(c, err) != 0)
		return -1;
	if (!is_done(c) && (write_orphans(c, err) != 0 || write_file(c, err) != 0))
		return -1;
	for (size_t s = 1; s < c->sources.n; s++)
		if (!c->keep[s])
			unlink(c->sources.source[s].path);
	return 0;
}

int store_compact(struct store *store, const struct plan *plan, bool partial, const struct provenance *provenance,
		  struct err *err)
{
	struct compaction c = {.plan = plan, .folder = &store->folder, .provenance = provenance};
	int lock;
	if (folder_lock(&store->folder, &lock, err) != 0)
		return -1;
	const int done = compact(&c, partial, err);
	if (done == 0)
		remember(store, &c);
	folder_unlock(&store->folder, lock);
	sources_release(&c.sources);
	run_map_release(&c.map);
	text_release(&c.notes);
	free(c.run);
	free(c.ref);
	free(c.orphan);
	free(c.keep);
	return done;
}
