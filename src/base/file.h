/* file.h: whole files in, whole files out. A file is written beside its place, synced, then renamed: it appears whole or
 * not at all, and is never left half-written by a full disk or a kill. */
#ifndef FATHOM_FILE_H
#define FATHOM_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Reads a file of at most limit bytes. *bytes is malloced, ends in a '\0' that *size does not count. */
int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *err);

/* Opens a file to read it: a descriptor, or −1 with err. What is no regular file is refused: pipes wait for ever, devices have
 * no end. */
int file_open(const char *path, struct err *err);

/* Writes path: temporary in the same folder (named .NAME.PID.tmp), fsync, rename over path, fsync of the folder. What is there and
 * no regular file (a device, a pipe, a folder) is never replaced. */
int file_replace(const char *path, const void *bytes, size_t size, struct err *err);

/* As file_replace, but never over an existing path: then *existed is set and the file stays as it was. On failure errno is what the
 * system said: ENOENT when the folder is gone. */
int file_create(const char *path, const void *bytes, size_t size, bool *existed, struct err *err);

/* mkdir -p, durable. Where other processes remove empty folders it may be gone again on return. */
int folder_make(const char *path, struct err *err);

bool file_exists(const char *path);

#endif
