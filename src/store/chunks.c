/* chunks.c: see chunks.h. Threads work on bytes only: HDF5 is called by the one that called, which also allocates everything. */
#include "store/chunks.h"

#include <endian.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	CHUNK_VALUES = 32768, /* 256 KiB of doubles, a quarter of HDF5's cache of chunks */
	PACKED_FROM = 1024,   /* values; the index of the chunks would outweigh a smaller array */
	RANK = 3,             /* an array of fewer dimensions has 1 for the first ones */
	MOST_BYTES = 8,       /* of a value */
	BEGIN = 64,           /* more than gzip needs to change between packing and storing */
	CHECKSUM = 4,
};

struct packing {
	size_t value; /* bytes of one */
	hsize_t chunk[RANK], count[RANK];
	unsigned char missing[MOST_BYTES];
	const unsigned char *values;
	size_t n, bytes, room; /* chunks, the bytes of one, and the most when packed */
	unsigned char *packed; /* n × room */
	size_t *length;        /* n */
	_Atomic size_t next;
};

struct worker {
	struct packing *packing;
	unsigned char *plain, *planes; /* a chunk, and the same shuffled */
	z_stream stream;
	pthread_t thread;
};

/* ---- one chunk ---- */

/* The corner of a chunk, within what is put. */
static void corner(const struct packing *p, size_t chunk, hsize_t *at)
{
	for (int d = RANK - 1; d >= 0; d--) {
		const hsize_t across = (p->count[d] + p->chunk[d] - 1) / p->chunk[d];
		at[d] = chunk % across * p->chunk[d];
		chunk /= across;
	}
}

/* The values of a chunk, missing where it reaches over the end of the array. */
static void collect(const struct packing *p, size_t chunk, unsigned char *plain)
{
	hsize_t at[RANK], have[RANK];
	bool whole = true;
	corner(p, chunk, at);
	for (int d = 0; d < RANK; d++) {
		const hsize_t left = p->count[d] - at[d];
		have[d] = left < p->chunk[d] ? left : p->chunk[d];
		whole = whole && have[d] == p->chunk[d];
	}
	for (size_t i = 0; !whole && i < p->bytes; i += p->value)
		memcpy(plain + i, p->missing, p->value);
	for (hsize_t i = 0; i < have[0]; i++)
		for (hsize_t j = 0; j < have[1]; j++)
			memcpy(plain + (i * p->chunk[1] + j) * p->chunk[2] * p->value,
			       p->values + (((at[0] + i) * p->count[1] + at[1] + j) * p->count[2] + at[2]) * p->value,
			       have[2] * p->value);
}

/* First the first bytes of all values, then the second ones, … */
static void shuffle(const struct packing *p, const unsigned char *plain, unsigned char *planes)
{
	const size_t n = p->bytes / p->value;
	for (size_t b = 0; b < p->value; b++)
		for (size_t i = 0; i < n; i++)
			planes[b * n + i] = plain[i * p->value + b];
}

/* Whether gzip would take some 2 % off: bytes that differ in how often they come, or four in a row that were there before. Exact
 * in whole numbers, so that all machines agree. */
static bool shrinks(const unsigned char *plane, size_t n)
{
	enum { SLOTS = 4096 };
	uint32_t often[256] = {0}, seen[SLOTS] = {0};
	uint64_t squares = 0, again = 0;
	for (size_t i = 0; i < n; i++)
		often[plane[i]]++;
	for (int i = 0; i < 256; i++)
		squares += (uint64_t)often[i] * often[i];
	if (256 * squares > (uint64_t)n * n / 4 * 5 + 512 * (uint64_t)n)
		return true;
	for (size_t i = 1; i + 4 <= n; i++) {
		uint32_t now, then;
		memcpy(&now, plane + i, sizeof now);
		uint32_t *slot = &seen[now * UINT32_C(2654435761) >> 20];
		memcpy(&then, plane + *slot, sizeof then);
		again += now == then;
		*slot = (uint32_t)i;
	}
	return again > n / 64;
}

static uint32_t fold(uint32_t sum)
{
	return (sum & 0xFFFF) + (sum >> 16);
}

/* As HDF5 writes it behind a chunk: J. Fletcher, An arithmetic checksum for serial transmissions (1982), of big-endian words. */
static void put_checksum(unsigned char *bytes, size_t size)
{
	enum { WORDS = 360 }; /* that two sums in 32 bits hold */
	uint32_t low = 0, high = 0;
	for (size_t i = 0; i < size;) {
		for (const size_t end = i + 2 * WORDS; i < size && i < end; i += 2) {
			low += (uint32_t)bytes[i] << 8 | (i + 1 < size ? bytes[i + 1] : 0u);
			high += low;
		}
		low = fold(low);
		high = fold(high);
	}
	const uint32_t sum = htole32(fold(high) << 16 | fold(low));
	memcpy(bytes + size, &sum, sizeof sum);
}

static void pack(struct worker *worker, size_t chunk)
{
	struct packing *p = worker->packing;
	z_stream *stream = &worker->stream;
	unsigned char *to = p->packed + chunk * p->room;
	const size_t plane = p->bytes / p->value;
	collect(p, chunk, worker->plain);
	shuffle(p, worker->plain, worker->planes);
	deflateReset(stream);
	stream->next_out = to;
	stream->avail_out = (uInt)(p->room - CHECKSUM);
	for (size_t b = 0; b < p->value; b++) {
		stream->next_in = worker->planes + b * plane;
		stream->avail_in = 0;
		deflateParams(stream, shrinks(stream->next_in, plane) ? GZIP_LEVEL : 0, Z_DEFAULT_STRATEGY);
		stream->avail_in = (uInt)plane;
		deflate(stream, Z_NO_FLUSH);
	}
	if (deflate(stream, Z_FINISH) != Z_STREAM_END)
		BUG("no room for a chunk of %zu bytes in %zu", p->bytes, p->room);
	put_checksum(to, stream->total_out);
	p->length[chunk] = stream->total_out + CHECKSUM;
}

static void *work(void *with)
{
	struct worker *worker = with;
	struct packing *p = worker->packing;
	for (size_t chunk; (chunk = atomic_fetch_add(&p->next, 1)) < p->n;)
		pack(worker, chunk);
	return NULL;
}

/* ---- all chunks ---- */

static bool worker_init(struct worker *worker, struct packing *p)
{
	*worker = (struct worker){.packing = p, .plain = malloc(2 * p->bytes)};
	if (!worker->plain)
		return false;
	worker->planes = worker->plain + p->bytes;
	if (deflateInit(&worker->stream, GZIP_LEVEL) == Z_OK)
		return true;
	free(worker->plain);
	return false;
}

/* By as many threads as there are to be had, this one among them; false if there is not the memory for one. */
static bool pack_all(struct packing *p, int threads)
{
	const size_t most = p->n < (size_t)threads ? p->n : (size_t)threads;
	struct worker *worker = malloc(sizeof *worker * most);
	size_t ready = 0, started = 1;
	while (worker && ready < most && worker_init(&worker[ready], p))
		ready++;
	while (started < ready && pthread_create(&worker[started].thread, NULL, work, &worker[started]) == 0)
		started++;
	if (ready > 0)
		work(&worker[0]);
	for (size_t i = 0; i < ready; i++) {
		if (i > 0 && i < started)
			pthread_join(worker[i].thread, NULL);
		deflateEnd(&worker[i].stream);
		free(worker[i].plain);
	}
	free(worker);
	return ready > 0;
}

/* ---- the file ---- */

bool chunks_shape(const struct variable *variable, hsize_t *chunk)
{
	hsize_t room = CHUNK_VALUES, values = 1;
	for (int d = 0; d < variable->rank; d++)
		values *= variable->dim[d]->size;
	if (variable->kind == KIND_TEXT || values < PACKED_FROM)
		return false;
	for (int d = variable->rank - 1; d >= 0; d--) {
		const hsize_t size = variable->dim[d]->size;
		hsize_t most = 1;
		while (most * 2 <= room)
			most *= 2;
		chunk[d] = size < most ? size : most;
		room /= chunk[d];
	}
	return true;
}

static size_t values_of(const struct packing *p)
{
	return p->count[0] * p->count[1] * p->count[2];
}

/* Whether these are whole chunks, and which. */
static bool divide(const struct variable *variable, const hsize_t *first, const hsize_t *count, struct packing *p)
{
	hsize_t chunk[RANK];
	if (!chunks_shape(variable, chunk))
		return false;
	const size_t value = H5Tget_size(kind_in_file(variable->kind));
	*p = (struct packing){.chunk = {1, 1, 1}, .count = {1, 1, 1}, .value = value, .bytes = value, .n = 1};
	for (int d = 0; d < variable->rank; d++) {
		const hsize_t end = first[d] + count[d];
		if (first[d] % chunk[d] != 0 || (end % chunk[d] != 0 && end != variable->dim[d]->size))
			return false;
		p->chunk[d + RANK - variable->rank] = chunk[d];
		p->count[d + RANK - variable->rank] = count[d];
		p->bytes *= chunk[d];
		p->n *= (count[d] + chunk[d] - 1) / chunk[d];
	}
	return true;
}

static void write_all(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
		      const struct packing *p)
{
	for (size_t c = 0; c < p->n && image->fault[0] == '\0'; c++) {
		hsize_t at[RANK];
		corner(p, c, at);
		for (int d = 0; d < variable->rank; d++)
			at[d] = first[d] + at[d + RANK - variable->rank];
		if (H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at, p->length[c], p->packed + c * p->room) < 0)
			image_fail(image, "write", variable->name);
	}
}

/* memory: for the numbers, the lengths of the chunks, the chunks. */
static void put(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
		enum kind kind, const void *values, struct packing *p, unsigned char *memory)
{
	const size_t n = values_of(p);
	memcpy(memory, values, n * H5Tget_size(kind_in_memory(kind)));
	p->values = memory;
	p->length = (size_t *)(void *)(memory + n * MOST_BYTES);
	p->packed = (unsigned char *)(p->length + p->n);
	if (kind != variable->kind &&
	    H5Tconvert(kind_in_memory(kind), kind_in_file(variable->kind), n, memory, NULL, H5P_DEFAULT) < 0)
		image_fail(image, "convert", variable->name);
	else if (!pack_all(p, image->threads > 1 ? image->threads : 1))
		image_short(image, variable->name);
	else
		write_all(image, dataset, variable, first, p);
}

bool chunks_put(struct image *image, hid_t dataset, const struct variable *variable, const hsize_t *first,
		const hsize_t *count, enum kind kind, const void *values)
{
	const double missing = variable->kind == KIND_F64 ? NAN : 0; /* what h5.c has arrays filled with */
	struct packing p;
	if (!divide(variable, first, count, &p))
		return false;
	memcpy(p.missing, &missing, sizeof p.missing);
	p.room = compressBound(p.bytes) + p.value * BEGIN + CHECKSUM;
	unsigned char *memory = malloc(values_of(&p) * MOST_BYTES + p.n * (sizeof *p.length + p.room));
	if (memory)
		put(image, dataset, variable, first, kind, values, &p, memory);
	else
		image_short(image, variable->name);
	free(memory);
	return true;
}
