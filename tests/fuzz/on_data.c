/* on_data.c: what the networks learn from. */
#include "fuzz.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "data/csv.h"
#include "data/idx.h"
#include "data/dataset.h"

/* A file in memory that holds these bytes: its descriptor, and the path by which it is opened again. */
static int file_of(const char *bytes, size_t size, char path[64])
{
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void check_idx(const char *bytes, size_t size, bool labels, bool by_item)
{
	static struct err err;
	struct idx idx;
	char path[64];
	const int fd = file_of(bytes, size, path);
	err = (struct err){0};
	if (idx_open(&idx, path, labels ? IDX_LABELS : IDX_IMAGES, &err) == 0) {
		REQUIRE(idx.N > 0 && idx.width > 0);
		const size_t room = (by_item ? 1 : (size_t)idx.N) * (size_t)idx.width;
		uint8_t *item = malloc(room);
		int failed = item ? 0 : -1;
		if (item && !by_item)
			failed = idx_rest(&idx, item, &err);
		for (uint32_t i = 0; item && by_item && i < idx.N && !failed; i++)
			failed = idx_item(&idx, item, &err);
		if (!failed)
			failed = idx_end(&idx, &err);
		REQUIRE(!item || (failed != 0) == (err.kind != ERR_NONE));
		idx_close(&idx);
		free(item);
	} else {
		REQUIRE(err.kind != ERR_NONE && err.length > 0);
	}
	close(fd);
}

void eat_idx(const char *bytes, size_t size)
{
	if (size > 0)
		check_idx(bytes + 1, size - 1, bytes[0] & 1, bytes[0] & 2);
}

/* The first three bytes: how it is read, and what of the gzip file is harmed. */
void eat_gzip(const char *bytes, size_t size)
{
	if (size < 3)
		return;
	const unsigned char how = (unsigned char)bytes[0], where = (unsigned char)bytes[1];
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)(bytes + 3), .avail_in = (unsigned)(size - 3)};
	REQUIRE(deflateInit2(&z, how & 8 ? 9 : 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	const size_t room = deflateBound(&z, (unsigned long)size) + 64;
	char *packed = malloc(room);
	REQUIRE(packed);
	z.next_out = (unsigned char *)packed;
	z.avail_out = (unsigned)room;
	REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
	size_t length = room - z.avail_out;
	deflateEnd(&z);
	if (how & 16)
		packed[where % length] ^= bytes[2];
	if (how & 32)
		length -= where % length;
	check_idx(packed, length, how & 1, how & 2);
	free(packed);
}

void eat_csv(const char *bytes, size_t size)
{
	static struct err err;
	struct csv csv;
	char *text = malloc(size + 1), path[64];
	REQUIRE(text);
	memcpy(text, bytes, size + 1);
	err = (struct err){0};
	const int failed = csv_parse(&csv, text, size, "x.csv", &err);
	free(text);
	REQUIRE((failed != 0) == (err.kind != ERR_NONE));
	if (failed)
		return;
	REQUIRE(csv.rows > 0 && csv.columns >= 2);
	for (int64_t i = 0; i < csv.rows * csv.columns; i++)
		REQUIRE(isfinite(csv.values[i]));
	csv_release(&csv);

	struct dataset data;
	struct data_spec spec = data_spec_default;
	const int fd = file_of(bytes, size, path);
	spec.set = table_find(&dataset_table, "csv");
	spec.path = path;
	spec.train = (int64_t)(size % 5);
	spec.test = 2 * (int64_t)(size % 3);
	spec.standardize = (int)(size % 3);
	if (dataset_load(&spec, &data, &err) == 0) {
		double x[1];
		if (data.I == 1)
			dataset_gather_f64(&data, &data.train, NULL, 0, 1, x, 1);
		for (int64_t i = 0; data.classes > 0 && i < data.train.n; i++)
			REQUIRE(data.train.labels[i] >= 0 && data.train.labels[i] < data.classes);
		dataset_release(&data);
	}
	close(fd);
}
