/* idx.c: reading one IDX file, plain or gzipped (zlib reads both). See idx.h. */
#include "data/idx.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>

enum {
	IDX_BYTE = 0x08,      /* the type code of unsigned bytes */
	DEFLATE_RATIO = 1032, /* no deflate stream unpacks to more bytes than so many for one */
	WIDTH_MAX = 1 << 24,  /* bytes of one item */
	PIECE = 1 << 20,
};

static int fault(const struct idx *idx, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "'%s' %s\ntry: fetch the file again", idx->path, what);
}

/* Reads exactly n ≤ PIECE or WIDTH_MAX bytes. */
static int read_bytes(struct idx *idx, void *to, unsigned n, struct err *err)
{
	int code = Z_OK;
	errno = 0;
	const int got = gzread(idx->gz, to, n);
	if (got == (int)n)
		return 0;
	gzerror(idx->gz, &code);
	if (code == Z_ERRNO)
		return err_errno(err, "cannot read '%s'", idx->path);
	if (code == Z_MEM_ERROR)
		return err_set(err, ERR_SYSTEM, "out of memory to unpack '%s'", idx->path);
	if (code == Z_DATA_ERROR || code == Z_STREAM_ERROR)
		return fault(idx, "is corrupt: its gzip data do not unpack", err);
	if (code == Z_BUF_ERROR)
		return fault(idx, "is truncated: its gzip data end too early", err);
	return fault(idx, "is truncated: it holds less than its header promises", err);
}

static uint32_t big_endian(const uint8_t at[4])
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The promised bytes must be there: exactly in a plain file; in a gzip file as far as its size can tell. */
static int check_size(const struct idx *idx, int rank, uint64_t items, int64_t file_size, struct err *err)
{
	const unsigned long long promised = 4 + 4 * (uint64_t)rank + items, size = (uint64_t)file_size;
	if (gzdirect(idx->gz) && size != promised)
		return err_set(err, ERR_INPUT,
			       "'%s' is %s: its header promises %llu bytes, it has %llu\ntry: fetch the file again",
			       idx->path, size < promised ? "truncated" : "too long", promised, size);
	if (!gzdirect(idx->gz) && items / DEFLATE_RATIO > size)
		return err_set(
			err, ERR_INPUT,
			"'%s' is corrupt: its header promises %llu bytes, more than its %llu gzipped bytes can hold\n"
			"try: fetch the file again",
			idx->path, (unsigned long long)items, size);
	return 0;
}

static int read_header(struct idx *idx, enum idx_kind kind, int64_t file_size, struct err *err)
{
	uint8_t magic[4], number[4];
	if (read_bytes(idx, magic, 4, err) != 0)
		return -1;
	const int rank = magic[3];
	if (magic[0] != 0 || magic[1] != 0)
		return fault(idx, "is not an IDX file: it does not begin with two zero bytes", err);
	if (magic[2] != IDX_BYTE)
		return err_set(err, ERR_INPUT,
			       "'%s' holds numbers of IDX type 0x%02x; only unsigned bytes (0x08) are read", idx->path,
			       magic[2]);
	if (kind == IDX_LABELS ? rank != 1 : rank < 2 || rank > 8)
		return err_set(err, ERR_INPUT, "'%s' has %d dimensions; %s", idx->path, rank,
			       kind == IDX_LABELS ? "labels have 1" : "images have 2 or more");
	uint64_t width = 1;
	for (int d = 0; d < rank; d++) {
		if (read_bytes(idx, number, 4, err) != 0)
			return -1;
		const uint32_t extent = big_endian(number);
		if (d == 0)
			idx->N = extent;
		else if (extent == 0 || (width *= extent) > WIDTH_MAX)
			return err_set(err, ERR_INPUT, "'%s' is corrupt: its header promises images of %s bytes",
				       idx->path, extent == 0 ? "0" : "more than 16 million");
	}
	idx->width = (int)width;
	if (idx->N == 0)
		return fault(idx, "holds no examples", err);
	return check_size(idx, rank, (uint64_t)idx->N * width, file_size, err);
}

int idx_open(struct idx *idx, const char *path, enum idx_kind kind, struct err *err)
{
	struct stat info;
	*idx = (struct idx){.path = path};
	if (stat(path, &info) != 0) {
		const bool missing = errno == ENOENT || errno == ENOTDIR;
		err_errno(err, "cannot open '%s'", path);
		err->kind = missing ? ERR_INPUT : ERR_SYSTEM;
		return -1;
	}
	if (!S_ISREG(info.st_mode))
		return err_set(err, ERR_INPUT, "'%s' is not a regular file", path);
	errno = 0;
	idx->gz = gzopen(path, "rbe");
	if (!idx->gz)
		return err_errno(err, "cannot open '%s'", path);
	if (read_header(idx, kind, info.st_size, err) == 0)
		return 0;
	idx_close(idx);
	return -1;
}

int idx_item(struct idx *idx, uint8_t *to, struct err *err)
{
	return read_bytes(idx, to, (unsigned)idx->width, err);
}

int idx_rest(struct idx *idx, uint8_t *to, struct err *err)
{
	size_t left = (size_t)idx->N * (size_t)idx->width;
	while (left > 0) {
		const unsigned n = left < PIECE ? (unsigned)left : PIECE;
		if (read_bytes(idx, to, n, err) != 0)
			return -1;
		to += n;
		left -= n;
	}
	return 0;
}

int idx_end(struct idx *idx, struct err *err)
{
	uint8_t more;
	int code;
	const int got = gzread(idx->gz, &more, 1);
	gzerror(idx->gz, &code);
	if (got > 0)
		return fault(idx, "is too long: it holds more than its header promises", err);
	if (got == 0 && code == Z_OK)
		return 0;
	return fault(idx,
		     code == Z_BUF_ERROR ? "is truncated: its gzip data end too early"
					 : "is corrupt: its checksum is wrong",
		     err);
}

void idx_close(struct idx *idx)
{
	if (idx->gz)
		gzclose(idx->gz);
	idx->gz = NULL;
}
