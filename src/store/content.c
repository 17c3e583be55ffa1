/* content.c: see content.h */
#include "store/content.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/columns.h"
#include "store/weights.h"

enum {
	BLOCK_BYTES = 4 << 20, /* of padded values on their way into an array */
	PIECE_BYTES = 32 << 20 /* of traces held at a time, themselves included */
};

/* A file being written. R runs, S steps, L layers; has: what any run recorded. */
struct writer {
	const struct content *content;
	struct image image;
	struct dim run, step, layer;
	int columns;
	const struct column *column; /* of content->settings */
	metric_set has;
	const char **failure; /* R, if any run failed */
	struct pool pool;
};

/* ---- attributes ---- */

/* Now, or the time of SOURCE_DATE_EPOCH, as reproducible builds ask. */
static void put_created(struct image *image)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds = 0;
	char text[32];
	struct tm utc;
	if (!epoch || !parse_int64(epoch, &seconds))
		seconds = (int64_t)time(NULL);
	const time_t now = (time_t)seconds;
	gmtime_r(&now, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
	image_text(image, image->file, "created", text);
}

/* The names of all settings: xarray takes them as coordinates, so that selections and groups carry them along. */
static void put_coordinates(struct writer *writer)
{
	struct text names = TEXT_INIT;
	text_add(&names, "run_hash status layers");
	for (int c = 0; c < writer->columns; c++)
		text_add(&names, " %s", writer->column[c].key->name);
	image_text(&writer->image, writer->image.file, "coordinates", names.at);
	text_release(&names);
}

static void put_root(struct writer *writer)
{
	const struct content *content = writer->content;
	const struct provenance *p = content->provenance;
	struct image *image = &writer->image;
	const int64_t schema = SCHEMA_VERSION, numerics = NUMERICS_VERSION, threads = p->threads;
	image_text(image, image->file, "Conventions", "CF-1.8");
	image_text(image, image->file, "title", content->title);
	image_text(image, image->file, "question", content->question);
	image_text(image, image->file, "source", content->source);
	image_numbers(image, image->file, "schema_version", KIND_I64, 0, &schema);
	image_numbers(image, image->file, "numerics_version", KIND_I64, 0, &numerics);
	image_text(image, image->file, "spec", content->spec);
	put_coordinates(writer);
	image_text(image, image->file, "fathom_version", p->fathom_version);
	image_text(image, image->file, "git_commit", p->git_commit);
	put_created(image);
	image_text(image, image->file, "host", p->host);
	image_text(image, image->file, "cpu", p->cpu);
	image_text(image, image->file, "isa", p->isa);
	image_text(image, image->file, "compiler", p->compiler);
	image_text(image, image->file, "flags", p->flags);
	image_text(image, image->file, "libraries", p->libraries);
	image_text(image, image->file, "command_line", p->command_line);
	image_numbers(image, image->file, "threads", KIND_I64, 0, &threads);
	image_text(image, image->file, "self_test", p->self_test);
}

/* ---- arrays of one value a run ---- */

static int64_t *counted(size_t n, int64_t first)
{
	int64_t *count = malloc(sizeof *count * (n + 1));
	if (!count)
		NO_MEMORY("out of memory for %zu numbers", n);
	for (size_t i = 0; i < n; i++)
		count[i] = first + (int64_t)i;
	return count;
}

static void put_dims(struct writer *writer)
{
	struct image *image = &writer->image;
	const struct content *content = writer->content;
	int64_t *runs = counted(content->R, 0), *layers = counted(writer->layer.size, 1);
	image_scale(image, image->file, &writer->run, "row of this run in the plan", runs);
	image_scale(image, image->file, &writer->step, "updates done when logged", content->steps.step);
	image_scale(image, image->file, &writer->layer, "layer; the output layer of a run is its number 'layers'",
		    layers);
	free(runs);
	free(layers);
}

/* One whole array along the runs. */
static void put_column(struct writer *writer, const struct variable *variable, enum kind kind, const void *values)
{
	const hid_t dataset = image_variable(&writer->image, writer->image.file, variable);
	image_put_all(&writer->image, dataset, variable, kind, values);
	image_close(&writer->image, dataset);
}

static const char *const *names_of(const struct table *table, struct pool *pool)
{
	const char **name = POOL_TAKE(pool, const char *, table->n);
	for (size_t i = 0; i < table->n; i++)
		name[i] = table_name(table, i);
	return name;
}

/* What identifies the runs. */
static void put_heads(struct writer *writer)
{
	const struct content *content = writer->content;
	const size_t R = content->R;
	struct variable v = {.units = "1", .rank = 1, .dim = {&writer->run}};
	uint64_t *hash = malloc(sizeof *hash * R), *recorded = malloc(sizeof *recorded * R);
	int64_t *layers = counted(R, 0), *status = counted(R, 0);
	if (!hash || !recorded)
		NO_MEMORY("out of memory for %zu runs", R);
	for (size_t r = 0; r < R; r++) {
		hash[r] = content->head[r].hash;
		recorded[r] = content->head[r].recorded;
		layers[r] = content->head[r].layers;
		status[r] = content->head[r].status;
	}
	v.name = "run_hash";
	v.long_name = "identity of the run: XXH3-64 of its settings, its data and the numerics version";
	v.kind = KIND_U64;
	put_column(writer, &v, KIND_U64, hash);
	v.name = "layers";
	v.long_name = "layers of the run's network, depth + 1; entries beyond are NaN";
	v.kind = KIND_I64;
	put_column(writer, &v, KIND_I64, layers);
	v.name = "status";
	v.long_name = "how the run ended";
	v.kind = KIND_I8;
	v.words = STATUS_N;
	v.word = names_of(&status_table, &writer->pool);
	put_column(writer, &v, KIND_I64, status);
	v.name = "recorded";
	v.long_name = "which metrics the run recorded, as bits";
	v.kind = KIND_U64;
	v.masks = true;
	v.words = METRIC_N;
	v.word = names_of(&metric_table, &writer->pool);
	put_column(writer, &v, KIND_U64, recorded);
	free(hash);
	free(recorded);
	free(layers);
	free(status);
}

static void put_settings(struct writer *writer, int c)
{
	enum { ROWS = BLOCK_BYTES / sizeof(double) };
	const struct column *column = &writer->column[c];
	const struct key *key = column->key;
	const size_t R = writer->content->R, rows = R < ROWS ? R : ROWS;
	const bool table = key->type == KEY_NAME || key->type == KEY_FLAG;
	const char **word = POOL_TAKE(&writer->pool, const char *, column->words);
	struct variable v = {.name = key->name,
			     .long_name = key->about,
			     .units = key->unit,
			     .kind = table                   ? KIND_I8
				     : column->words > 0     ? KIND_I32
				     : key->type == KEY_REAL ? KIND_F64
							     : KIND_I64,
			     .rank = 1,
			     .dim = {&writer->run},
			     .words = column->words,
			     .word = word};
	if (table && column->words > INT8_MAX)
		BUG("the table of '%s' has %d rows: too many for its codes", key->name, column->words);
	for (int w = 0; w < column->words; w++) {
		struct text escaped = TEXT_INIT;
		word_escape(column->word[w], &escaped);
		word[w] = pool_text(&writer->pool, escaped.at);
		text_release(&escaped);
	}
	const hid_t dataset = image_variable(&writer->image, writer->image.file, &v);
	if (key->zero_name)
		image_text(&writer->image, dataset, "zero_means", key->zero_name);
	double *block = malloc(sizeof *block * rows);
	if (!block)
		NO_MEMORY("out of memory for a block of %zu values", rows);
	for (size_t done = 0; done < R; done += rows) {
		const hsize_t first = done, n = R - done < rows ? R - done : rows;
		columns_numbers(writer->content->settings, c, done, n, block);
		image_put(&writer->image, dataset, &v, &first, &n, KIND_F64, block);
	}
	free(block);
	image_close(&writer->image, dataset);
}

/* ---- arrays of the traces ---- */

/* Dimensions of a metric's array; returns the values of one run. */
static size_t metric_shape(struct writer *writer, int id, struct variable *variable)
{
	const enum metric_shape shape = metrics[id].shape;
	*variable = (struct variable){.name = metrics[id].name,
				      .long_name = metrics[id].about,
				      .units = metrics[id].unit,
				      .kind = KIND_F64,
				      .rank = shape == METRIC_RUN    ? 1
					      : shape == METRIC_STEP ? 2
								     : 3,
				      .dim = {&writer->run, &writer->step, &writer->layer}};
	return (shape == METRIC_RUN ? 1 : (size_t)writer->step.size) *
	       (shape == METRIC_LAYER ? (size_t)writer->layer.size : 1);
}

static const struct variable *logged_variable(struct writer *writer, struct variable *variable)
{
	*variable = (struct variable){.name = "logged",
				      .long_name = "1 where the run was logged at this step",
				      .units = "1",
				      .kind = KIND_I8,
				      .rank = 2,
				      .dim = {&writer->run, &writer->step}};
	return variable;
}

static void make_arrays(struct writer *writer)
{
	struct variable variable;
	struct image *image = &writer->image;
	image_close(image, image_variable(image, image->file, logged_variable(writer, &variable)));
	for (int id = 0; id < METRIC_N; id++)
		if (writer->has & METRIC_BIT(id)) {
			metric_shape(writer, id, &variable);
			image_close(image, image_variable(image, image->file, &variable));
		}
}

/* Where a logged step lies among all; not before `at`. */
static int place(const struct writer *writer, int at, int64_t step)
{
	const struct steps *steps = &writer->content->steps;
	while (at + 1 < steps->S && steps->step[at] < step)
		at++;
	return at;
}

/* The values of one run into its row of a padded block. */
static void pad(const struct writer *writer, int id, const struct trace *trace, double *row)
{
	const double *value = trace->value[id];
	const size_t wide = metrics[id].shape == METRIC_LAYER ? writer->layer.size : 1;
	const size_t own = metrics[id].shape == METRIC_LAYER ? (size_t)trace->L : 1;
	const int rows = !value ? 0 : metrics[id].shape == METRIC_RUN ? 1 : trace->S;
	for (int s = 0, at = 0; s < rows; s++, value += own) {
		at = metrics[id].shape == METRIC_RUN ? 0 : place(writer, at, trace->step[s]);
		for (size_t l = 0; l < own; l++)
			row[(size_t)at * wide + l] = value[l];
	}
}

/* Rows first … first + n − 1 of one array. id METRIC_N: logged. */
static void put_rows(struct writer *writer, int id, size_t first, size_t n, const struct trace *const *trace)
{
	struct variable variable;
	struct image *image = &writer->image;
	const bool logged = id == METRIC_N;
	const size_t wide = logged ? (size_t)writer->step.size : metric_shape(writer, id, &variable);
	if (logged)
		logged_variable(writer, &variable);
	size_t rows = 1;
	while (rows < n && rows * 2 * wide * sizeof(double) <= BLOCK_BYTES)
		rows *= 2;
	double *block = malloc(sizeof *block * (rows * wide + 1));
	if (!block)
		NO_MEMORY("out of memory for a block of %zu values", rows * wide);
	const hid_t dataset = image->fault[0] == '\0' ? H5Dopen2(image->file, variable.name, H5P_DEFAULT) : -1;
	for (size_t done = 0; done < n; done += rows) {
		const size_t count = n - done < rows ? n - done : rows;
		const hsize_t start[3] = {first + done}, size[3] = {count, writer->step.size, writer->layer.size};
		for (size_t i = 0; i < count * wide; i++)
			block[i] = logged ? 0 : NAN;
		for (size_t i = 0; i < count; i++) {
			const struct trace *each = trace[done + i];
			if (!logged)
				pad(writer, id, each, block + i * wide);
			for (int s = 0, at = 0; logged && s < each->S; s++)
				block[i * wide + (size_t)(at = place(writer, at, each->step[s]))] = 1;
		}
		image_put(image, dataset, &variable, start, size, KIND_F64, block);
	}
	image_close(image, dataset);
	free(block);
}

static int put_traces(struct writer *writer, struct err *err)
{
	const struct content *content = writer->content;
	size_t bytes = sizeof(struct trace), piece = 1;
	struct variable unused;
	for (int id = 0; id < METRIC_N; id++)
		if (writer->has & METRIC_BIT(id))
			bytes += metric_shape(writer, id, &unused) * sizeof(double);
	while (piece < content->R && piece * 2 * bytes <= PIECE_BYTES)
		piece *= 2;
	for (size_t first = 0; first < content->R; first += piece) {
		const size_t n = content->R - first < piece ? content->R - first : piece;
		const struct trace *const *trace = content->supply.traces(content->supply.self, first, n, err);
		if (!trace)
			return -1;
		put_rows(writer, METRIC_N, first, n, trace);
		for (int id = 0; id < METRIC_N; id++)
			if (writer->has & METRIC_BIT(id))
				put_rows(writer, id, first, n, trace);
		for (size_t i = 0; writer->failure && i < n; i++)
			writer->failure[first + i] = pool_text(&writer->pool, trace[i]->failure);
	}
	return 0;
}

static int put_weights(struct writer *writer, struct err *err)
{
	const struct content *content = writer->content;
	hid_t group = H5I_INVALID_HID;
	int done = 0;
	for (size_t r = 0; content->supply.weights && r < content->R && done == 0; r++) {
		const struct trace *trace = content->supply.weights(content->supply.self, r, err);
		bool any = false;
		for (int w = 0; trace && w < WEIGHTS_N; w++)
			any = any || trace->weights[w].values;
		if (any && group < 0)
			group = image_group(&writer->image, writer->image.file, "weights");
		if (any)
			weights_write(&writer->image, group, r, trace);
		done = trace ? 0 : -1;
	}
	image_close(&writer->image, group);
	return done;
}

int content_write(const struct content *content, char **bytes, size_t *size, uint64_t *hash, struct err *err)
{
	struct writer writer = {.content = content,
				.run = {"run", content->R, H5I_INVALID_HID},
				.step = {"step", (hsize_t)content->steps.S, H5I_INVALID_HID},
				.layer = {"layer", 1, H5I_INVALID_HID}};
	writer.column = columns_finish(content->settings, &writer.columns);
	for (size_t r = 0; r < content->R; r++) {
		const struct head *head = &content->head[r];
		writer.has |= head->recorded;
		if ((hsize_t)head->layers > writer.layer.size)
			writer.layer.size = (hsize_t)head->layers;
		if (head->status == STATUS_FAILED && !writer.failure)
			writer.failure = POOL_TAKE(&writer.pool, const char *, content->R);
	}
	image_begin(&writer.image, content->packed);
	writer.image.threads = content->provenance->threads;
	put_root(&writer);
	put_dims(&writer);
	put_heads(&writer);
	for (int c = 0; c < writer.columns; c++)
		put_settings(&writer, c);
	make_arrays(&writer);
	int done = put_traces(&writer, err);
	if (done == 0 && writer.failure) {
		const struct variable failure = {.name = "failure",
						 .long_name = "why the run could not be trained; empty if it was",
						 .kind = KIND_TEXT,
						 .rank = 1,
						 .dim = {&writer.run}};
		put_column(&writer, &failure, KIND_TEXT, writer.failure);
	}
	if (done == 0)
		done = put_weights(&writer, err);
	image_close(&writer.image, writer.run.scale);
	image_close(&writer.image, writer.step.scale);
	image_close(&writer.image, writer.layer.scale);
	struct err ending;
	if (image_end(&writer.image, bytes, size, hash, done == 0 ? err : &ending) != 0)
		done = -1;
	else if (done != 0)
		free(*bytes);
	pool_release(&writer.pool);
	return done;
}
