/* file.c: see file.h */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is not there is the user's fault; any other refusal is the system's. */
static int err_missing(const char *path, struct err *err)
{
	const enum err_kind kind = errno == ENOENT || errno == ENOTDIR ? ERR_INPUT : ERR_SYSTEM;
	err_errno(err, "cannot open '%s'", path);
	err->kind = kind;
	return -1;
}

int file_open(const char *path, struct err *err)
{
	struct stat info;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* or a pipe without a writer is waited for */
	if (fd < 0 && (errno == ENXIO || errno == ENODEV))
		return err_set(err, ERR_INPUT, "'%s' is not a regular file", path);
	if (fd < 0)
		return err_missing(path, err);
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		return fd;
	err_set(err, ERR_INPUT, "'%s' is not a regular file", path);
	close(fd);
	return -1;
}

int file_read(const char *path, size_t limit, char **bytes, size_t *size, struct err *err)
{
	struct stat info;
	char *buffer = NULL;
	size_t have = 0;
	const int fd = file_open(path, err);
	if (fd < 0)
		return -1;
	if (fstat(fd, &info) != 0) {
		err_errno(err, "cannot read '%s'", path);
		goto failed;
	}
	if ((size_t)info.st_size > limit) {
		err_set(err, ERR_INPUT, "'%s' has %lld bytes, more than the %zu allowed here", path,
			(long long)info.st_size, limit);
		goto failed;
	}
	buffer = malloc((size_t)info.st_size + 1);
	if (!buffer) {
		err_set(err, ERR_SYSTEM, "out of memory for the %lld bytes of '%s'", (long long)info.st_size, path);
		goto failed;
	}
	while (have < (size_t)info.st_size) {
		const ssize_t n = read(fd, buffer + have, (size_t)info.st_size - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_errno(err, "cannot read '%s'", path);
			goto failed;
		}
		if (n == 0)
			break;
		have += (size_t)n;
	}
	close(fd);
	buffer[have] = '\0';
	*bytes = buffer;
	*size = have;
	return 0;
failed:
	free(buffer);
	close(fd);
	return -1;
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		const ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

static void folder_of(const char *path, char folder[PATH_MAX])
{
	char copy[PATH_MAX];
	snprintf(copy, sizeof copy, "%s", path);
	snprintf(folder, PATH_MAX, "%s", dirname(copy));
}

static int sync_folder(const char *folder)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	const int failed = fsync(fd);
	close(fd);
	return failed;
}

/* The bytes, durable, under a temporary name in the folder of path. */
static int write_temporary(const char *path, const void *bytes, size_t size, char temporary[PATH_MAX], struct err *err)
{
	char folder[PATH_MAX], copy[PATH_MAX];
	folder_of(path, folder);
	snprintf(copy, sizeof copy, "%s", path);
	if (snprintf(temporary, PATH_MAX, "%s/.%s.%ld.tmp", folder, basename(copy), (long)getpid()) >= PATH_MAX)
		return err_set(err, ERR_INPUT, "path too long: '%s'", path);
	unlink(temporary);
	const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_errno(err, "cannot create a file in '%s'", folder);
	if (write_all(fd, bytes, size) != 0 || fsync(fd) != 0) {
		err_errno(err, "cannot write '%s'", path);
		close(fd);
		unlink(temporary);
		return -1;
	}
	if (close(fd) != 0) {
		err_errno(err, "cannot write '%s'", path);
		unlink(temporary);
		return -1;
	}
	return 0;
}

/* A device, a pipe or a folder, where a file is to be: renamed over, /dev/null would be gone for everybody. */
static int refuse_others(const char *path, struct err *err)
{
	struct stat info;
	if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
		return 0;
	return err_set(err, ERR_INPUT, "'%s' is there, and not a regular file: it is not replaced", path);
}

/* Writes a temporary and moves it to its place. A process on another machine that shares the folder cannot see that we live
 * and may sweep our temporary away: then it is written again. */
static int settle(const char *path, const void *bytes, size_t size, int (*move)(const char *, const char *),
		  bool *existed, struct err *err)
{
	char temporary[PATH_MAX], folder[PATH_MAX];
	int failed = -1;
	*existed = false;
	if (refuse_others(path, err) != 0)
		return -1;
	folder_of(path, folder);
	for (int attempt = 0; attempt < 3; attempt++) {
		if (write_temporary(path, bytes, size, temporary, err) != 0)
			return -1;
		failed = move(temporary, path);
		if (!failed || errno != ENOENT)
			break;
	}
	if (failed) {
		*existed = errno == EEXIST;
		err_errno(err, "cannot write '%s'", path);
	}
	const int said = errno;
	if (failed || move != rename)
		unlink(temporary);
	errno = said;
	if (failed && !*existed)
		return -1;
	if (sync_folder(folder) != 0)
		return err_errno(err, "cannot sync '%s'", folder);
	return 0;
}

int file_replace(const char *path, const void *bytes, size_t size, struct err *err)
{
	bool existed;
	if (settle(path, bytes, size, rename, &existed, err) != 0)
		return -1;
	return existed ? -1 : 0; /* a folder that is not empty stands there */
}

int file_create(const char *path, const void *bytes, size_t size, bool *existed, struct err *err)
{
	return settle(path, bytes, size, link, existed, err);
}

/* One folder; what is new is made durable in the folder above: the files that are synced into it would go with it. */
static int make_one(const char *path, struct err *err)
{
	char above[PATH_MAX];
	if (mkdir(path, 0777) != 0)
		return errno == EEXIST ? 0 : err_errno(err, "cannot make the folder '%s'", path);
	folder_of(path, above);
	return sync_folder(above) == 0 ? 0 : err_errno(err, "cannot sync '%s'", above);
}

int folder_make(const char *path, struct err *err)
{
	char part[PATH_MAX];
	if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
		return err_set(err, ERR_INPUT, "path too long: '%s'", path);
	for (char *at = part + 1;; at++) {
		if (*at != '/' && *at != '\0')
			continue;
		const char end = *at;
		*at = '\0';
		if (make_one(part, err) != 0)
			return -1;
		if (end == '\0')
			break;
		*at = end;
	}
	/* Gone again is no fault: another process removed it while it was empty, and who needs it makes it anew. A link that leads
	 * nowhere is one: it would never be a folder. */
	struct stat info;
	const bool other =
		stat(path, &info) == 0 ? !S_ISDIR(info.st_mode) : lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
	return other ? err_set(err, ERR_INPUT, "'%s' is not a folder", path) : 0;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
