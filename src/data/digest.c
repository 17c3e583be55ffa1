/* digest.c: what a file holds, as a number: XXH3 of its bytes as they lie there (a compressed file is not unpacked). */
#include <errno.h>
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "data/sets.h"

int content_file(struct text *content, const char *what, const char *path, struct err *err)
{
	static const size_t piece = 1 << 20;
	FILE *file = fopen(path, "rbe");
	if (!file) {
		const enum err_kind kind = errno == ENOENT || errno == ENOTDIR ? ERR_INPUT : ERR_SYSTEM;
		err_errno(err, "cannot open '%s'", path);
		err->kind = kind;
		return -1;
	}
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
