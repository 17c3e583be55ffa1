/* seal.c: see seal.h. Reads a file in pieces: it may be larger than memory. */
#include "store/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define SEAL_FORMAT "\nfathom xxh3-64 %016" PRIx64

uint64_t seal_put(char *bytes, size_t size)
{
	char seal[SEAL_SIZE + 1];
	const uint64_t hash = XXH3_64bits(bytes, size);
	snprintf(seal, sizeof seal, SEAL_FORMAT, hash);
	memcpy(bytes + size, seal, SEAL_SIZE);
	return hash;
}

/* Up to n bytes; fewer only at the end of the file; −1 with errno. */
static ssize_t read_fully(int fd, char *bytes, size_t n)
{
	size_t have = 0;
	while (have < n) {
		const ssize_t got = read(fd, bytes + have, n - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static enum seal compare(int fd, size_t sealed, XXH3_state_t *state, char *buffer, size_t room, uint64_t *hash)
{
	char seal[SEAL_SIZE + 1], expected[SEAL_SIZE + 1];
	for (size_t left = sealed; left > 0;) {
		const ssize_t got = read_fully(fd, buffer, left < room ? left : room);
		if (got < 0)
			return SEAL_SYSTEM;
		if (got == 0)
			return SEAL_BROKEN; /* shrank under our eyes */
		XXH3_64bits_update(state, buffer, (size_t)got);
		left -= (size_t)got;
	}
	const ssize_t got = read_fully(fd, seal, SEAL_SIZE);
	if (got < 0)
		return SEAL_SYSTEM;
	*hash = XXH3_64bits_digest(state);
	snprintf(expected, sizeof expected, SEAL_FORMAT, *hash);
	if (got == SEAL_SIZE && memcmp(seal, expected, SEAL_SIZE) == 0)
		return SEAL_GOOD;
	return got == SEAL_SIZE && memcmp(seal, expected, strcspn(expected, "-")) == 0 ? SEAL_BROKEN : SEAL_NONE;
}

static enum seal check_open(int fd, uint64_t *hash)
{
	static const char signature[8] = "\211HDF\r\n\032\n";
	enum { PIECE = 1 << 20 };
	struct stat info;
	char head[8];
	if (fstat(fd, &info) != 0)
		return SEAL_SYSTEM;
	if (!S_ISREG(info.st_mode))
		return SEAL_FOREIGN;
	const ssize_t got = read_fully(fd, head, sizeof head);
	if (got < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return SEAL_SYSTEM;
	const bool hdf5 = got == 8 && memcmp(head, signature, 8) == 0;
	if (info.st_size <= SEAL_SIZE)
		return info.st_size == 0 || hdf5 ? SEAL_NONE : SEAL_FOREIGN;
	char *buffer = malloc(PIECE);
	XXH3_state_t *state = XXH3_createState();
	enum seal found = SEAL_SYSTEM;
	if (buffer && state) {
		XXH3_64bits_reset(state);
		found = compare(fd, (size_t)info.st_size - SEAL_SIZE, state, buffer, PIECE, hash);
	} else {
		errno = ENOMEM;
	}
	XXH3_freeState(state);
	free(buffer);
	return found == SEAL_NONE && !hdf5 ? SEAL_FOREIGN : found;
}

enum seal seal_check(const char *path, uint64_t *hash, struct err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe is not waited for */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return SEAL_GONE;
	const enum seal found = fd < 0 ? SEAL_SYSTEM : check_open(fd, hash);
	if (found == SEAL_SYSTEM)
		err_errno(err, "cannot read '%s'", path);
	if (fd >= 0)
		close(fd);
	return found;
}
