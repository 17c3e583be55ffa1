/* digest.c: what a file holds, as a number: XXH3 of its bytes as they lie there (a compressed file is not unpacked). */
#include <stdio.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/file.h"
#include "data/sets.h"

int content_file(struct text *content, const char *what, const char *path, struct err *err)
{
	static const size_t piece = 1 << 20;
	const int fd = file_open(path, err);
	FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
	if (fd >= 0 && !file) {
		err_errno(err, "cannot read '%s'", path);
		close(fd);
	}
	if (!file)
		return -1;
	char *buffer = malloc(piece);
	XXH3_state_t *state = XXH3_createState();
	int failed = -1;
	if (!buffer || !state) {
		err_set(err, ERR_SYSTEM, "out of memory for the digest of '%s'", path);
		goto done;
	}
	XXH3_64bits_reset(state);
	for (;;) {
		const size_t n = fread(buffer, 1, piece, file);
		if (n == 0)
			break;
		XXH3_64bits_update(state, buffer, n);
	}
	if (ferror(file)) {
		err_errno(err, "cannot read '%s'", path);
		goto done;
	}
	text_add(content, "%s=%016llx\n", what, (unsigned long long)XXH3_64bits_digest(state));
	failed = 0;
done:
	XXH3_freeState(state);
	free(buffer);
	fclose(file);
	return failed;
}
