/* folder.h: the files of one study's results, as they lie on disk: which there are, whether they are sound, and who is at work
 * among them. */
#ifndef FATHOM_FOLDER_H
#define FATHOM_FOLDER_H

#include "store/reader.h"

/* The places; DIR/NAME.h5 and so on. */
struct folder {
	const char *dir, *file, *parts, *corrupt, *lock;
	const char *name;
	struct pool pool;
};

void folder_init(struct folder *folder, const char *dir, const char *name);
void folder_release(struct folder *folder);

/* One file with runs. */
struct source {
	const char *path;
	size_t R;
	uint64_t *hash;
	int8_t *status;
	const char *spec;
	bool sealed;
	bool open; /* sources_result */
	struct result result;
};

/* source[0] is NAME.h5, of 0 runs if there is none; the others are segments in the order of their names. */
struct sources {
	size_t n, room, opened;
	struct source *source;
	struct pool pool;
};

/* Reads which runs lie where. What is damaged is named in *notes (may be NULL) and, if mend, moved to corrupt/; temporaries of
 * dead processes are removed if mend. ERR_INPUT: a file of another schema. */
int sources_scan(struct sources *sources, const struct folder *folder, bool mend, struct text *notes, struct err *err);
/* One more open file, no folder: for comparing two. The result is the sources' from then on, also on failure. */
int sources_add(struct sources *sources, const struct result *result, struct err *err);
void sources_release(struct sources *sources);

/* The open file of a source; stays open until sources_release, or until too many are. NULL with err. */
struct result *sources_result(struct sources *sources, size_t source, struct err *err);

/* Waits for another process that compacts the same study; a courtesy: safety does not rest on it. The descriptor, or −1
 * where file locks are not to be had. Makes parts/. */
int folder_lock(const struct folder *folder, int *lock, struct err *err);
/* Also removes parts/ when nothing is left in it. */
void folder_unlock(const struct folder *folder, int lock);
/* Removes parts/ if a process that was killed left it with nothing in it but its lock. */
void folder_tidy(const struct folder *folder);

#endif
