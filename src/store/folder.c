/* folder.c: see folder.h. Segments are listed before NAME.h5 is read: a compaction between the two moves runs from segments
 * into NAME.h5, never the other way, so none is missed. */
#include "store/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/scout.h"

void folder_init(struct folder *folder, const char *dir, const char *name)
{
	struct pool *pool = &folder->pool;
	*pool = (struct pool)POOL_INIT;
	folder->dir = pool_text(pool, dir);
	folder->name = pool_text(pool, name);
	folder->file = pool_format(pool, "%s/%s.h5", dir, name);
	folder->parts = pool_format(pool, "%s/%s.parts", dir, name);
	folder->corrupt = pool_format(pool, "%s/corrupt", folder->parts);
	folder->lock = pool_format(pool, "%s/lock", folder->parts);
}

void folder_release(struct folder *folder)
{
	pool_release(&folder->pool);
}

/* ---- stale temporaries ---- */

/* ".NAME.PID.tmp" of file.h; 0 if it is not one. */
static long temporary_pid(const char *file)
{
	const size_t length = strlen(file);
	size_t at = length - (length > 4 ? 4 : length);
	if (file[0] != '.' || length < 7 || strcmp(file + at, ".tmp") != 0)
		return 0;
	while (isdigit((unsigned char)file[at - 1])) /* the name begins with a full stop */
		at--;
	return at > 1 && file[at - 1] == '.' ? strtol(file + at, NULL, 10) : 0;
}

/* Removes what processes that no longer live left half-written. only: the beginning of their names. A process on another
 * machine looks dead from here: its write then starts again (base/file.c). */
static void sweep(const char *path, const char *only)
{
	DIR *folder = opendir(path);
	if (!folder)
		return;
	for (struct dirent *entry; (entry = readdir(folder));) {
		const long pid = temporary_pid(entry->d_name);
		if (pid > 0 && strncmp(entry->d_name, only, strlen(only)) == 0 && getpgid((pid_t)pid) < 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	closedir(folder);
}

/* ---- damaged files ---- */

/* To a name that must be free. File systems without RENAME_NOREPLACE say EINVAL. */
static int move(const char *path, const char *to)
{
	if (renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
	if (!file_exists(to))
		return rename(path, to);
	errno = EEXIST;
	return -1;
}

/* Moves a file to corrupt/, under a name that is free there. */
static int set_aside(const struct folder *folder, const char *path, char to[PATH_MAX], struct err *err)
{
	if (folder_make(folder->corrupt, err) != 0)
		return -1;
	const int length = snprintf(to, PATH_MAX, "%s%s", folder->corrupt, strrchr(path, '/'));
	int failed = move(path, to);
	for (int i = 1; failed && errno == EEXIST; i++) {
		snprintf(to + length, PATH_MAX - (size_t)length, ".%d", i);
		failed = move(path, to);
	}
	if (!failed)
		return 0;
	if (errno != ENOENT)
		return err_errno(err, "cannot set the damaged '%s' aside in '%s'", path, folder->corrupt);
	rmdir(folder->corrupt); /* another process was faster */
	return 0;
}

static int quarantine(const struct folder *folder, const char *path, const char *why, bool mend, struct text *notes,
		      struct err *err)
{
	char to[PATH_MAX] = "";
	char reason[500];
	snprintf(reason, sizeof reason, "%s", why);
	if (mend && set_aside(folder, path, to, err) != 0)
		return -1;
	if (notes && mend)
		text_add(notes, "%s; set aside as '%s', its runs are trained again\n", reason, to);
	else if (notes)
		text_add(notes, "%s; its runs do not count\n", reason);
	return 0;
}

/* ---- sources ---- */

static struct source *new_source(struct sources *sources, const char *path)
{
	if (sources->n == sources->room) {
		sources->room = sources->room * 2 + 16;
		sources->source = realloc(sources->source, sizeof *sources->source * sources->room);
		if (!sources->source)
			NO_MEMORY("out of memory for %zu files", sources->room);
	}
	struct source *source = &sources->source[sources->n++];
	*source = (struct source){.path = pool_text(&sources->pool, path), .spec = ""};
	return source;
}

static int take_runs(struct sources *sources, struct source *source, const struct result *result, struct err *err)
{
	source->hash = malloc(sizeof *source->hash * result->R);
	source->status = malloc(result->R);
	if (!source->hash || !source->status)
		return err_set(err, ERR_SYSTEM, "out of memory for the %zu runs of '%s'", result->R, source->path);
	memcpy(source->hash, result->hash, sizeof *source->hash * result->R);
	memcpy(source->status, result->status, result->R);
	source->R = result->R;
	source->sealed = result->sealed;
	return 0;
}

int sources_add(struct sources *sources, const struct result *result, struct err *err)
{
	struct source *source = new_source(sources, result->path);
	source->result = *result;
	source->open = true;
	sources->opened++;
	return take_runs(sources, source, result, err);
}

static int add_file(struct sources *sources, const struct folder *folder, const char *path, bool scouted, bool mend,
		    struct text *notes, struct err *err)
{
	const bool segment = path != folder->file;
	struct result result;
	switch (reader_open(&result, path, segment, scouted, err)) {
	case FILE_GOOD:
		break;
	case FILE_DAMAGED:
		return quarantine(folder, path, err->text, mend, notes, err);
	case FILE_GONE:
		return 0;
	case FILE_FOREIGN:
		return err_add(
			err, "try: move it away, or choose another folder (-o DIR) or study name; nothing was changed");
	case FILE_SYSTEM:
		return -1;
	}
	struct source *source = segment ? new_source(sources, path) : &sources->source[0];
	if (!segment)
		source->spec = pool_text(&sources->pool, result.spec);
	const int done = take_runs(sources, source, &result, err);
	result_close(&result);
	return done;
}

static int is_segment(const struct dirent *entry)
{
	const size_t length = strlen(entry->d_name);
	return entry->d_name[0] != '.' && length > 3 && strcmp(entry->d_name + length - 3, ".h5") == 0;
}

/* By bytes, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_segments(struct sources *sources, const struct folder *folder, size_t n, struct dirent **entry,
			bool mend, struct text *notes, struct err *err)
{
	const char **path = calloc(n, sizeof *path);
	bool *fine = calloc(n, sizeof *fine);
	int done = path && fine ? 0 : err_set(err, ERR_SYSTEM, "out of memory for %zu files", n);
	for (size_t i = 0; i < n && done == 0; i++)
		path[i] = pool_format(&sources->pool, "%s/%s", folder->parts, entry[i]->d_name);
	if (done == 0)
		scout_many(n, path, fine);
	for (size_t i = 0; i < n && done == 0; i++)
		done = add_file(sources, folder, path[i], fine[i], mend, notes, err);
	free(path);
	free(fine);
	return done;
}

int sources_scan(struct sources *sources, const struct folder *folder, bool mend, struct text *notes, struct err *err)
{
	struct dirent **entry = NULL;
	int done = 0;
	*sources = (struct sources){0};
	new_source(sources, folder->file);
	if (mend) {
		char *mine = pool_format(&sources->pool, ".%s.h5.", folder->name);
		sweep(folder->dir, mine);
		sweep(folder->parts, ".");
	}
	const int n = scandir(folder->parts, &entry, is_segment, by_name);
	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		done = err_errno(err, "cannot read the folder '%s'", folder->parts);
	if (done == 0 && n > 0)
		done = add_segments(sources, folder, (size_t)n, entry, mend, notes, err);
	for (int i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	if (done == 0)
		done = add_file(sources, folder, folder->file, false, mend, notes, err);
	if (done != 0)
		sources_release(sources);
	return done;
}

static void close_all(struct sources *sources)
{
	for (size_t s = 0; s < sources->n; s++)
		if (sources->source[s].open) {
			result_close(&sources->source[s].result);
			sources->source[s].open = false;
		}
	sources->opened = 0;
}

void sources_release(struct sources *sources)
{
	close_all(sources);
	for (size_t s = 0; s < sources->n; s++) {
		free(sources->source[s].hash);
		free(sources->source[s].status);
	}
	free(sources->source);
	pool_release(&sources->pool);
	*sources = (struct sources){0};
}

struct result *sources_result(struct sources *sources, size_t number, struct err *err)
{
	enum { OPEN_AT_ONCE = 64 };
	struct source *source = &sources->source[number];
	if (source->open)
		return &source->result;
	if (sources->opened == OPEN_AT_ONCE)
		close_all(sources);
	if (reader_reopen(&source->result, source->path, source->sealed, err) != 0)
		return NULL;
	source->open = true;
	sources->opened++;
	return &source->result;
}

/* ---- the courtesy ---- */

/* Another process may have removed the file, and the folder, between open and flock. What cannot be looked at counts as there. */
static bool still_there(const char *path, int fd)
{
	struct stat here, there;
	if (fstat(fd, &here) != 0)
		return true;
	return stat(path, &there) == 0 ? here.st_ino == there.st_ino : errno != ENOENT; /* one folder, one device */
}

int folder_lock(const struct folder *folder, int *lock, struct err *err)
{
	for (;;) {
		if (folder_make(folder->parts, err) != 0)
			return -1;
		*lock = open(folder->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (*lock < 0 && errno == ENOENT)
			continue;
		if (*lock < 0)
			return err_errno(err, "cannot create a file in '%s'", folder->parts);
		int failed;
		while ((failed = flock(*lock, LOCK_EX)) != 0 && errno == EINTR)
			;
		if (failed || still_there(folder->lock, *lock))
			return 0;
		close(*lock);
	}
}

void folder_unlock(const struct folder *folder, int lock)
{
	unlink(folder->lock);
	rmdir(folder->parts);
	close(lock);
}

void folder_tidy(const struct folder *folder)
{
	const int lock = open(folder->lock, O_RDWR | O_CLOEXEC);
	if (lock < 0)
		rmdir(folder->parts);
	else if (flock(lock, LOCK_EX | LOCK_NB) == 0)
		folder_unlock(folder, lock);
	else
		close(lock);
}
