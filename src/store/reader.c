/* reader.c: see reader.h. Opening a file: its seal, its schema, its dimensions and what identifies its runs. What is read is
 * not trusted: every array must have the dimensions that the file's scales say. */
#include "store/reader.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "store/columns.h"
#include "store/foreign.h"
#include "store/scout.h"
#include "store/seal.h"

bool reader_has(const struct result *result, const char *name)
{
	const htri_t there = H5Lexists(result->reader->file, name, H5P_DEFAULT);
	result->reader->unsure |= there < 0;
	return there > 0;
}

int result_sure(const struct result *result, struct err *err)
{
	char said[200];
	if (!result->reader->unsure)
		return 0;
	return err_set(err, ERR_SYSTEM, "cannot read '%s' (%s)", result->path, h5_fault(said, sizeof said));
}

/* The value of an open attribute. *fine: false when it could not be read; NULL and fine: of a kind that is no text. */
static char *attribute_text(hid_t attribute, hid_t type, struct pool *pool, bool *fine)
{
	const hid_t space = H5Aget_space(attribute);
	const hssize_t values = H5Sget_simple_extent_npoints(space);
	const H5T_class_t class = H5Tget_class(type);
	const bool single = values == 1;
	char *text = NULL;
	*fine = values >= 0;
	if (single && class == H5T_STRING) {
		char *read = NULL;
		*fine = H5Tis_variable_str(type) > 0 && H5Aread(attribute, type, &read) >= 0;
		text = *fine ? pool_text(pool, read ? read : "") : NULL;
		H5free_memory(read);
	} else if (single && class == H5T_INTEGER) {
		int64_t number;
		*fine = H5Aread(attribute, H5T_NATIVE_INT64, &number) >= 0;
		text = *fine ? pool_format(pool, "%" PRId64, number) : NULL;
	}
	H5Sclose(space);
	return *fine ? text : NULL;
}

char *reader_text(const struct result *result, hid_t object, const char *name)
{
	const htri_t there = H5Aexists(object, name);
	bool fine = there == 0;
	char *text = NULL;
	if (there > 0) {
		const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = H5Aget_type(attribute);
		if (type >= 0)
			text = attribute_text(attribute, type, &result->reader->pool, &fine);
		H5Tclose(type);
		H5Aclose(attribute);
	}
	result->reader->unsure |= !fine;
	return text;
}

bool reader_fits(hid_t dataset, int rank, const hsize_t *dims, bool *sure)
{
	hsize_t found[3] = {0};
	const hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
	const H5T_class_t class = H5Tget_class(type);
	const int ranks = H5Sget_simple_extent_ndims(space);
	const bool told = ranks != rank || H5Sget_simple_extent_dims(space, found, NULL) == rank;
	bool fine = ranks == rank && told && (class == H5T_INTEGER || class == H5T_FLOAT);
	*sure = space >= 0 && type >= 0 && ranks >= 0 && told;
	for (int d = 0; fine && d < rank; d++)
		fine = found[d] == dims[d];
	H5Tclose(type);
	H5Sclose(space);
	return fine;
}

void *reader_array(const struct result *result, const char *name, int rank, const hsize_t *dims, enum kind kind,
		   size_t size, struct err *err)
{
	char said[200];
	void *values = NULL;
	size_t bytes = size;
	bool sure = true;
	const hid_t dataset = H5Dopen2(result->reader->file, name, H5P_DEFAULT);
	for (int d = 0; d < rank; d++)
		bytes *= (size_t)dims[d]; /* too many for any file: it has no such array */
	if (dataset < 0 || !reader_fits(dataset, rank, dims, &sure)) {
		err_set(err, !sure || h5_blames_system(H5E_DEFAULT, true) ? ERR_SYSTEM : ERR_INPUT,
			"'%s' has no array '%s' of the right shape", result->path, name);
	} else if (!(values = malloc(bytes + 1))) {
		err_set(err, ERR_SYSTEM, "out of memory for the %zu bytes of '%s' in '%s'", bytes, name, result->path);
	} else if (H5Dread(dataset, kind_in_memory(kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
		const enum err_kind blamed = h5_blames_system(H5E_DEFAULT, true) ? ERR_SYSTEM : ERR_INPUT;
		err_set(err, blamed, "cannot read '%s' of '%s' (%s)", name, result->path, h5_fault(said, sizeof said));
		free(values);
		values = NULL;
	}
	if (dataset >= 0)
		H5Dclose(dataset);
	result->reader->unsure |= !values && err->kind == ERR_SYSTEM;
	return values;
}

/* The length of a dimension: of its scale. −1: it has none, or HDF5 cannot tell, and the reader is not sure: whoever sent a
 * scout, or wrote the image, knows that every object can be opened. */
static int64_t length_of(const struct result *result, const char *name)
{
	hsize_t size = 0;
	int64_t length = -1;
	if (!reader_has(result, name))
		return -1;
	const hid_t object = H5Oopen(result->reader->file, name, H5P_DEFAULT);
	if (H5Iget_type(object) == H5I_DATASET) {
		const hid_t space = H5Dget_space(object);
		const int rank = H5Sget_simple_extent_ndims(space);
		if (rank == 1 && H5Sget_simple_extent_dims(space, &size, NULL) == 1)
			length = (int64_t)size;
		result->reader->unsure |= rank < 0 || (rank == 1 && length < 0);
		H5Sclose(space);
	}
	result->reader->unsure |= object < 0;
	H5Oclose(object);
	return length;
}

/* Dimensions, hash, status, step, has, texts of an open file of our schema. */
static int read_frame(struct result *result, struct err *err)
{
	struct store_reader *reader = result->reader;
	const int64_t R = length_of(result, "run"), S = length_of(result, "step"), L = length_of(result, "layer");
	if (result_sure(result, err) != 0)
		return -1;
	if (R < 1 || S < 0 || L < 1 || (S | L) > INT32_MAX)
		return err_set(err, ERR_INPUT, "'%s' lacks the dimensions run, step and layer", result->path);
	result->R = (size_t)R;
	result->S = (int)S;
	result->L = (int)L;
	const hsize_t runs = (hsize_t)R, steps = (hsize_t)S;
	reader->hash = reader_array(result, "run_hash", 1, &runs, KIND_U64, sizeof *reader->hash, err);
	reader->status = reader->hash ? reader_array(result, "status", 1, &runs, KIND_I8, 1, err) : NULL;
	reader->step =
		reader->status ? reader_array(result, "step", 1, &steps, KIND_I64, sizeof *reader->step, err) : NULL;
	if (!reader->step)
		return -1;
	for (int s = 0; s < result->S; s++)
		if (reader->step[s] < 0 || (s > 0 && reader->step[s] <= reader->step[s - 1]))
			return err_set(err, ERR_INPUT, "'%s': its steps are not ascending", result->path);
	for (size_t r = 0; r < result->R; r++)
		if (reader->status[r] < 0 || reader->status[r] >= STATUS_N)
			return err_set(err, ERR_INPUT, "'%s': run %zu has the unknown status %d", result->path, r,
				       reader->status[r]);
	result->hash = reader->hash;
	result->status = reader->status;
	result->step = reader->step;
	for (int id = 0; id < METRIC_N; id++)
		if (reader_has(result, metrics[id].name))
			result->has |= METRIC_BIT(id);
	result->title = result_attribute(result, "title");
	result->question = result_attribute(result, "question");
	result->source = result_attribute(result, "source");
	result->spec = result_attribute(result, "spec");
	return result_sure(result, err);
}

/* said: what HDF5 has to say when it fails. */
static hid_t open_file(const char *path, char *said, size_t size)
{
	const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	hid_t file = H5I_INVALID_HID;
	if (access >= 0 && H5Pset_file_locking(access, false, true) >= 0)
		file = H5Fopen(path, H5F_ACC_RDONLY, access);
	if (file < 0)
		h5_fault(said, size); /* before the next call makes it forget */
	H5Pclose(access);
	return file;
}

/* A file without our seal: what the child understood of it. */
static hid_t open_foreign(const char *path, struct err *err)
{
	char *bytes = NULL;
	size_t size;
	if (foreign_read(path, &bytes, &size, err) != 0)
		return H5I_INVALID_HID;
	const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	hid_t file = H5I_INVALID_HID;
	if (access >= 0 && H5Pset_fapl_core(access, 1 << 20, false) >= 0 && H5Pset_file_image(access, bytes, size) >= 0)
		file = H5Fopen("foreign", H5F_ACC_RDONLY, access);
	if (file < 0)
		err_set(err, ERR_SYSTEM, "out of memory to read '%s'", path);
	H5Pclose(access);
	free(bytes);
	return file;
}

/* It cannot be read: damaged, or the system's doing; or another process has just merged the file and removed it. */
static enum file_state unreadable(struct result *result, const char *path, bool sealed, struct err *err)
{
	result_close(result);
	if (sealed && !file_exists(path)) {
		err_set(err, ERR_INPUT, "no such file: '%s'", path);
		return FILE_GONE;
	}
	return err->kind == ERR_SYSTEM ? FILE_SYSTEM : FILE_DAMAGED;
}

/* Others look first at what is in a sealed file. */
static enum file_state send_scout(const char *path, struct err *err)
{
	const enum scout found = scout(path, SCOUT_RESULT, err);
	if (found != SCOUT_FINE && !file_exists(path)) {
		err_set(err, ERR_INPUT, "no such file: '%s'", path);
		return FILE_GONE;
	}
	return found == SCOUT_FINE ? FILE_GOOD : found == SCOUT_BAD ? FILE_DAMAGED : FILE_SYSTEM;
}

/* The seal was looked at before: sealed, or there is none. */
static enum file_state open_unchecked(struct result *result, const char *path, bool sealed, struct err *err)
{
	char said[200];
	h5_begin();
	*result = (struct result){.reader = calloc(1, sizeof *result->reader)};
	if (!result->reader) {
		err_set(err, ERR_SYSTEM, "out of memory");
		return FILE_SYSTEM;
	}
	result->path = pool_text(&result->reader->pool, path);
	result->reader->scouted = !sealed;
	result->reader->file = sealed ? open_file(path, said, sizeof said) : open_foreign(path, err);
	if (result->reader->file < 0) {
		if (sealed) /* it could a moment ago, to the scout */
			err_set(err, ERR_SYSTEM, "'%s' is unreadable, though its checksum is right (%s)", path, said);
		return unreadable(result, path, sealed, err);
	}
	const char *schema = reader_text(result, result->reader->file, "schema_version");
	int64_t version = 0;
	if (!schema && result_sure(result, err) != 0)
		return unreadable(result, path, sealed, err);
	if (!schema || !parse_int64(schema, &version))
		err_set(err, ERR_INPUT, "'%s' is an HDF5 file, but not a result file of fathom", path);
	else if (version != SCHEMA_VERSION)
		err_set(err, ERR_INPUT, "'%s' is of schema version %s, this fathom reads and writes version %d", path,
			schema, SCHEMA_VERSION);
	if (!schema || version != SCHEMA_VERSION) {
		result_close(result);
		return FILE_FOREIGN;
	}
	return read_frame(result, err) == 0 ? FILE_GOOD : unreadable(result, path, sealed, err);
}

/* A segment is named by the hash of its bytes: 0123456789abcdef.h5 */
static bool is_named(const char *path, uint64_t hash)
{
	char name[32];
	snprintf(name, sizeof name, "%016" PRIx64 ".h5", hash);
	return strcmp(strrchr(path, '/') + 1, name) == 0;
}

int reader_scout_weights(struct result *result, struct err *err)
{
	if (!result->reader->scouted && reader_has(result, "weights") &&
	    scout(result->path, SCOUT_WEIGHTS, err) != SCOUT_FINE)
		return -1;
	result->reader->scouted = true;
	return 0;
}

enum file_state reader_open(struct result *result, const char *path, bool segment, bool scouted, struct err *err)
{
	uint64_t hash = 0;
	*result = (struct result){0};
	const enum seal seal = seal_check(path, &hash, err);
	switch (seal) {
	case SEAL_GONE:
		err_set(err, ERR_INPUT, "no such file: '%s'", path);
		return FILE_GONE;
	case SEAL_SYSTEM:
		return FILE_SYSTEM;
	case SEAL_FOREIGN:
		err_set(err, ERR_INPUT, "'%s' is %s", path,
			segment ? "damaged: not readable as HDF5" : "not an HDF5 file");
		return segment ? FILE_DAMAGED : FILE_FOREIGN;
	case SEAL_BROKEN:
		err_set(err, ERR_INPUT, "'%s' is damaged: its checksum does not match its content", path);
		return FILE_DAMAGED;
	case SEAL_NONE:
	case SEAL_GOOD:
		break;
	}
	if (segment && (seal == SEAL_NONE || !is_named(path, hash))) {
		err_set(err, ERR_INPUT, "'%s' is damaged: its name is not the checksum of its content", path);
		return FILE_DAMAGED;
	}
	enum file_state state = seal == SEAL_GOOD && !scouted ? send_scout(path, err) : FILE_GOOD;
	if (state == FILE_GOOD)
		state = open_unchecked(result, path, seal == SEAL_GOOD, err);
	result->sealed = state == FILE_GOOD && seal == SEAL_GOOD;
	return state;
}

int reader_reopen(struct result *result, const char *path, bool sealed, struct err *err)
{
	return open_unchecked(result, path, sealed, err) == FILE_GOOD ? 0 : -1;
}

static int read_column(struct result *result, const struct key *key, struct column *column, struct err *err)
{
	const hsize_t runs = result->R;
	double *number = reader_array(result, key->name, 1, &runs, KIND_F64, sizeof *number, err);
	if (!number)
		return -1;
	const hid_t dataset = H5Dopen2(result->reader->file, key->name, H5P_DEFAULT);
	const char *meanings = reader_text(result, dataset, "flag_meanings");
	H5Dclose(dataset);
	*column = (struct column){.key = key, .number = number};
	if (meanings)
		column->word = words_split(meanings, &result->reader->pool, &column->words);
	for (size_t r = 0; meanings && r < result->R; r++)
		if (!(number[r] >= 0 && number[r] < column->words))
			return err_set(err, ERR_INPUT, "'%s': '%s' of run %zu is a code without meaning", result->path,
				       key->name, r);
	return 0;
}

int reader_columns(struct result *result, struct err *err)
{
	struct store_reader *reader = result->reader;
	if (reader->column)
		BUG("the settings of '%s' are read twice", result->path);
	reader->column = POOL_TAKE(&reader->pool, struct column, key_table.n);
	result->column = reader->column;
	for (size_t k = 0; k < key_table.n; k++) {
		if (!is_column(&keys[k]) || !reader_has(result, keys[k].name))
			continue;
		if (read_column(result, &keys[k], &reader->column[result->columns++], err) != 0)
			return -1;
	}
	return result_sure(result, err);
}
