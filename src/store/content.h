/* content.h: what a file of ours is to hold, and the one writer of such files: commits, orphans and NAME.h5 are the same
 * schema (docs/FORMAT.md). The bytes are a function of the content alone. */
#ifndef FATHOM_CONTENT_H
#define FATHOM_CONTENT_H

#include "store/h5.h"
#include "store/reader.h"

/* Where the numbers come from: asked for in pieces, first rows first. What is handed out stays valid until the next call. */
struct supply {
	/* Traces of rows first … first + n − 1; weights in them do not count. */
	const struct trace *const *(*traces)(void *self, size_t first, size_t n, struct err *err);
	/* The weights of one row: a trace of which only these count; NULL with err. The whole is NULL: no weights. */
	const struct trace *(*weights)(void *self, size_t row, struct err *err);
	void *self;
};

struct content {
	size_t R;
	const struct head *head; /* R */
	struct steps steps;
	struct columns *settings; /* all rows filled */
	const char *title, *question, *source, *spec;
	const struct provenance *provenance;
	bool packed;
	struct supply supply;
};

/* *bytes is malloced; hash is that of the seal. */
int content_write(const struct content *content, char **bytes, size_t *size, uint64_t *hash, struct err *err);

#endif
