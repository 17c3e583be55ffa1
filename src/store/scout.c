/* scout.c: see scout.h. All of this runs in the child, but scout(). */
#include "store/scout.h"

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/child.h"
#include "store/foreign.h"
#include "store/h5.h"

enum {
	DEPTH_MAX = 4,
	RANK_MAX = 3,
	CHUNK_MAX = 1 << 20,     /* bytes; content.c makes chunks of a quarter of that */
	TEXT_WIDTH = 16,         /* bytes that stand for a text in an array */
	TEXT_MAX = 1 << 22,      /* bytes of an attribute */
	NUMBERS_MAX = 1 << 12,   /* of an attribute */
	OBJECTS_MAX = 1 << 12,   /* in /, without the weights */
	WEIGHTS_MAX = INT32_MAX, /* in /weights */
};

struct look {
	hid_t file;
	hsize_t size; /* of the file */
	int depth, objects, most;
	bool weights;    /* only these; else all but these */
	bool system;     /* a fault of the system was among HDF5's */
	char fault[300]; /* "" while all is well */
};

static herr_t bad(struct look *look, const char *name, const char *what)
{
	if (look->fault[0] == '\0')
		snprintf(look->fault, sizeof look->fault, "'%.60s' %s", name, what);
	return -1;
}

/* HDF5 calls this when anything fails. Want of memory is the file's doing: the child has enough for any result. */
static herr_t note_fault(hid_t stack, void *with)
{
	struct look *look = with;
	look->system |= h5_blames_system(stack, false);
	return 0;
}

/* ---- attributes ---- */

/* What H5DS keeps for itself: nobody here reads it. */
static bool is_of_scales(const char *name)
{
	static const char *const own[] = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return true;
	return false;
}

static bool is_number(hid_t type)
{
	const H5T_class_t class = H5Tget_class(type);
	const size_t size = H5Tget_size(type);
	return (class == H5T_INTEGER && (size == 1 || size == 4 || size == 8)) ||
	       (class == H5T_FLOAT && (size == 4 || size == 8));
}

static bool text_is_readable(hid_t attribute, hid_t type)
{
	char *text = NULL;
	const bool fine = H5Tis_variable_str(type) > 0 && H5Aread(attribute, type, &text) >= 0 &&
			  (!text || strnlen(text, TEXT_MAX) < TEXT_MAX);
	H5free_memory(text);
	return fine;
}

static herr_t look_at_attribute(hid_t object, const char *name, const H5A_info_t *info, void *with)
{
	struct look *look = with;
	if (is_of_scales(name))
		return 0;
	const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = H5Aget_type(attribute);
	const hid_t space = H5Aget_space(attribute);
	const hssize_t n = H5Sget_simple_extent_npoints(space);
	const bool fine = H5Tget_class(type) == H5T_STRING ? n == 1 && text_is_readable(attribute, type)
							   : is_number(type) && (hsize_t)n <= NUMBERS_MAX;
	H5Sclose(space);
	H5Tclose(type);
	H5Aclose(attribute);
	return fine ? 0 : bad(look, name, "is an attribute that no result has");
}

static herr_t look_at_attributes(struct look *look, hid_t object)
{
	return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_attribute, look);
}

/* ---- arrays ---- */

/* All chunks that these sizes make are there; together they are no larger than the file. */
static bool chunks_are_there(const struct look *look, hid_t array, hid_t plan, int rank, const hsize_t *size,
			     size_t width)
{
	hsize_t chunk[RANK_MAX] = {0}, bytes = width, chunks = 1, found = 0;
	H5Pget_chunk(plan, RANK_MAX, chunk);
	for (int d = 0; d < rank; d++) {
		bytes *= chunk[d]; /* less than 2³² each */
		if (bytes - 1 >= CHUNK_MAX)
			return false;
		chunks *= (size[d] + chunk[d] - 1) / chunk[d]; /* no more than values */
	}
	if (H5Dget_storage_size(array) > look->size)
		return false;
	const hid_t space = H5Dget_space(array);
	H5Dget_num_chunks(array, space, &found);
	H5Sclose(space);
	return found == chunks;
}

static bool values_are_there(const struct look *look, hid_t array, int rank, const hsize_t *size, size_t width)
{
	hsize_t bytes = width;
	bool fine = true;
	for (int d = 0; d < rank; d++)
		if (__builtin_mul_overflow(bytes, size[d], &bytes))
			return false;
	const hid_t plan = H5Dget_create_plist(array);
	const haddr_t at = H5Dget_offset(array);
	switch (H5Pget_layout(plan)) {
	case H5D_CHUNKED:
		fine = chunks_are_there(look, array, plan, rank, size, width);
		break;
	case H5D_CONTIGUOUS:
		fine = bytes == 0 ||
		       (bytes <= look->size && at <= look->size - bytes && H5Dget_storage_size(array) == bytes);
		break;
	default:
		fine = H5Dget_storage_size(array) == bytes;
	}
	H5Pclose(plan);
	return fine;
}

/* Every one is read: they lie in heaps elsewhere in the file. */
static bool texts_are_readable(struct look *look, hid_t array, hid_t type, hid_t space)
{
	const hssize_t n = H5Sget_simple_extent_npoints(space);
	char **text = calloc((size_t)n + 1, sizeof *text);
	look->system |= !text;
	const bool fine = text && H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0;
	if (fine)
		H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
	free(text);
	return fine;
}

static herr_t look_at_array(struct look *look, hid_t array, const char *name)
{
	hsize_t size[RANK_MAX], most[RANK_MAX];
	const hid_t type = H5Dget_type(array), space = H5Dget_space(array);
	const bool text = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
	const int rank = H5Sget_simple_extent_ndims(space);
	const char *what = NULL;
	bool fixed = rank >= 1 && rank <= RANK_MAX && H5Sget_simple_extent_dims(space, size, most) == rank;
	for (int d = 0; fixed && d < rank; d++)
		fixed = size[d] == most[d];
	if (!text && !is_number(type))
		what = "holds what no result does";
	else if (!fixed)
		what = "has a shape that no result has";
	else if (!foreign_is_plain(array))
		what = "lies in another file, or is packed by an unknown filter";
	else if (!values_are_there(look, array, rank, size, text ? TEXT_WIDTH : H5Tget_size(type)))
		what = "claims more values than there are in the file";
	else if (text && !texts_are_readable(look, array, type, space))
		what = "has text that cannot be read";
	H5Sclose(space);
	H5Tclose(type);
	if (what)
		return bad(look, name, what);
	return look_at_attributes(look, array);
}

/* ---- groups ---- */

static herr_t look_at_link(hid_t from, const char *name, const H5L_info_t *info, void *with);

static herr_t look_at_group(struct look *look, hid_t group, const char *name)
{
	if (look->depth == DEPTH_MAX)
		return bad(look, name, "is a group in a group in a group, without end");
	look->depth++;
	herr_t done = look_at_attributes(look, group);
	if (done >= 0)
		done = H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_link, look);
	look->depth--;
	return done < 0 ? bad(look, name, "cannot be read") : 0;
}

static herr_t look_at_link(hid_t from, const char *name, const H5L_info_t *info, void *with)
{
	struct look *look = with;
	H5O_info_t object;
	herr_t done = -1;
	if (look->depth == 1 && (strcmp(name, "weights") == 0) != look->weights)
		return 0;
	if (info->type != H5L_TYPE_HARD)
		return bad(look, name, "is a link that leads elsewhere");
	if (++look->objects > look->most)
		return bad(look, name, "is one of more arrays than a result has");
	const hid_t id = H5Oopen(from, name, H5P_DEFAULT);
	if (id < 0 || H5Oget_info2(id, &object, H5O_INFO_BASIC) < 0)
		bad(look, name, "cannot be opened");
	else if (object.rc != 1)
		bad(look, name, "is in several places at once");
	else if (object.type == H5O_TYPE_DATASET)
		done = look_at_array(look, id, name);
	else if (object.type == H5O_TYPE_GROUP)
		done = look_at_group(look, id, name);
	else
		bad(look, name, "is neither array nor group");
	if (id >= 0)
		H5Oclose(id);
	return done < 0 ? bad(look, name, "cannot be read") : 0;
}

/* Fills look->fault if anything is wrong. */
static void look_at_file(struct look *look, const char *path)
{
	char said[200] = "";
	const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	H5Eset_auto2(H5E_DEFAULT, note_fault, look);
	H5Pset_file_locking(access, false, true);
	look->file = H5Fopen(path, H5F_ACC_RDONLY, access);
	if (look->file < 0 || H5Fget_filesize(look->file, &look->size) < 0)
		snprintf(look->fault, sizeof look->fault, "%s", h5_fault(said, sizeof said));
	else
		look_at_group(look, look->file, "/");
	H5Fclose(look->file);
	H5Pclose(access);
}

/* The answer: '+'; '!' and what is wrong with the file, '?' and what the system says. */
static void live(const char *path, int to, void *with)
{
	struct look look = {.weights = *(enum scout_part *)with == SCOUT_WEIGHTS};
	look.most = look.weights ? WEIGHTS_MAX : OBJECTS_MAX;
	h5_begin();
	look_at_file(&look, path);
	child_answer(to, look.fault[0] == '\0' ? '+' : look.system ? '?' : '!', look.fault, strlen(look.fault));
}

enum scout scout(const char *path, enum scout_part part, struct err *err)
{
	struct text said = TEXT_INIT;
	enum scout found = SCOUT_BAD;
	const enum child_end end = child_run(path, live, &part, &said, err);
	if (end == CHILD_SYSTEM) {
		found = SCOUT_SYSTEM;
	} else if (end == CHILD_SAID && said.at[0] == '+') {
		found = SCOUT_FINE;
	} else if (end == CHILD_SAID && said.at[0] == '?') {
		found = SCOUT_SYSTEM;
		err_set(err, ERR_SYSTEM, "cannot read '%s' (%s)", path, said.at + 1);
	} else if (end == CHILD_SAID) {
		err_set(err, ERR_INPUT, "'%s' is damaged, though its checksum is right: %s", path, said.at + 1);
	}
	text_release(&said);
	return found;
}

struct round {
	size_t n;
	const char *const *path;
};

/* A letter for each file: '+', or '!' if it is not fine. */
static void live_for_many(const char *first, int to, void *with)
{
	const struct round *round = with;
	h5_begin();
	for (size_t i = 0; i < round->n; i++) {
		struct look look = {.most = OBJECTS_MAX};
		look_at_file(&look, round->path[i]);
		child_say(to, look.fault[0] == '\0' ? "+" : "!", 1);
	}
	child_answer(to, '.', "", 0);
}

void scout_many(size_t n, const char *const *path, bool *fine)
{
	enum { AT_ONCE = 64 }; /* the child's limits are those for one file */
	size_t seen;
	for (size_t at = 0; at < n; at += seen) {
		struct text said = TEXT_INIT;
		struct err err = {0};
		struct round round = {n - at < AT_ONCE ? n - at : AT_ONCE, path + at};
		child_run(path[at], live_for_many, &round, &said, &err);
		seen = said.length < round.n ? said.length : round.n;
		for (size_t i = 0; i < seen; i++)
			fine[at + i] = said.at[i] == '+';
		if (seen < round.n) /* it died of this one */
			fine[at + seen++] = false;
		text_release(&said);
	}
}
