/* test_harm.c: the life of a study's results, with one call failing at every place of our code that calls for memory, the file system
 * or HDF5. Whatever fails: −1 and a message, or no harm at all; then the same life once more comes to the same result, with every
 * run that was committed. Nothing is silently less than it was. */
#include "harm_hdf5.h"
#include "sample.h"

#include "base/text.h"
#include "store/folder.h"
#include "store/h5.h"

#define STUDY(depth)                                                                                                   \
	"title: A study to be harmed\n"                                                                                \
	"question: What is left?\n"                                                                                    \
	"source: the tests\n"                                                                                          \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: " depth ", width: [3, [3, 4]], activation: [tanh, relu] }\n"                                  \
	"train: { loss: bce, lr: 0.1, batch: full, steps: 20 }\n"                                                      \
	"log: { every: 10, metrics: [train_loss, grad_norm], weights: [initial, final] }\n"                            \
	"skip: [ { depth: 1, width: [[3, 4]] } ]\n"

static struct sample whole, less; /* 6 runs, and 4 of them */
static char reference[300];

static void fail_one(struct sample *sample)
{
	struct trace *trace = sample->trace[1];
	trace->status = STATUS_FAILED;
	snprintf(trace->failure, sizeof trace->failure, "its data were gone");
}

static const struct verdict_row no_verdicts[] = {{"nothing is left", NULL, "> 0", 0, 0, 0, 0, 0, NULL}};
static const struct verdict_row verdicts[] = {{"something is left", NULL, "> 0", 1, .5, 2, 4, 1, ""}};

/* How far a life came; and from where on it is harmed. */
static int from;
enum { BORN, OPENED, FIRST, SECOND, COMPACTED, CHECKED, READ, CUT, GROWN, END };

static int read_it(const char *path, struct err *err)
{
	struct result result;
	if (result_open(&result, path, err) != 0)
		return -1;
	int done = 0;
	for (int id = 0; id < METRIC_N && done == 0; id++)
		if (result.has & METRIC_BIT(id))
			done = result_metric(&result, (enum metric_id)id, err) ? 0 : -1;
	result_close(&result);
	return done;
}

static int commit_missing(struct store *store, size_t first, struct err *err)
{
	size_t run[3], n = 0;
	const struct trace *trace[3];
	for (size_t r = first; r < first + 3; r++)
		if (store_find(store, whole.plan.run[r].hash) < 0) {
			run[n] = r;
			trace[n++] = whole.trace[r];
		}
	return store_commit(store, &whole.plan, n, run, trace, &sample_provenance, err);
}

static void reach(volatile int *stage, int reached)
{
	*stage = reached;
	if (harm.to_come && reached == from)
		harm.on = true;
}

/* A life: −1 with err at the first failure. *stage: what was reached; *known: runs that were said to be committed. */
static int live(volatile int *stage, volatile size_t *known, struct err *err)
{
	struct store *store;
	struct text notes = TEXT_INIT, lines = TEXT_INIT;
	const char *path = sample_path(&whole, "small.h5");
	char own[300];
	int done = -1;
	snprintf(own, sizeof own, "%s", path);
	reach(stage, BORN);
	*known = 0;
	if (store_open(&store, whole.dir, "small", true, &notes, err) != 0) {
		assert_null(store);
		assert_null(notes.at);
		return -1;
	}
	reach(stage, OPENED);
	if (commit_missing(store, 0, err) != 0)
		goto out;
	reach(stage, FIRST);
	*known = 3;
	store_close(store);
	if (store_open(&store, whole.dir, "small", true, &notes, err) != 0)
		goto out;
	if (commit_missing(store, 3, err) != 0)
		goto out;
	reach(stage, SECOND);
	*known = 6;
	if (store_compact(store, &whole.plan, false, &sample_provenance, err) != 0)
		goto out;
	reach(stage, COMPACTED);
	if (result_put_claims(own, 1, no_verdicts, err) != 0 || result_put_claims(own, 1, verdicts, err) != 0)
		goto out;
	reach(stage, CHECKED);
	if (read_it(own, err) != 0)
		goto out;
	reach(stage, READ);
	if (store_compact(store, &less.plan, false, &sample_provenance, err) != 0)
		goto out;
	reach(stage, CUT);
	if (store_compact(store, &whole.plan, false, &sample_provenance, err) != 0)
		goto out;
	reach(stage, GROWN);
	if (access(reference, F_OK) == 0) {
		const int n = result_diff(reference, own, &lines, err);
		if (n > 0)
			fail_msg("silently wrong: %s", lines.at);
		if (n < 0)
			goto out;
	}
	reach(stage, END);
	done = 0;
out:
	if (notes.at)
		fail_msg("a sound file was thought damaged: %s", notes.at);
	text_release(&lines);
	text_release(&notes);
	store_close(store);
	return done;
}

/* The undisturbed life after a harmed one: what was harmed is said when it fails. */
#define must_live(call)                                                                                                \
	do {                                                                                                           \
		if ((call) != 0)                                                                                       \
			fail_msg("after harm %d at %d (%p), stage %d: %s", harm.kind, harm.at, harm.place[harm.at],    \
				 stage, err.text);                                                                     \
	} while (0)

static void clear(void)
{
	nftw(whole.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(whole.dir, 0777), 0);
}

/* Nothing but the result is left. */
static void expect_tidy(void)
{
	assert_int_equal(sample_count(whole.dir, "", NULL), 3); /* ., .. and small.h5 */
}

static void one_life(enum harm_kind kind, bool ever, int error, int nth)
{
	volatile int stage = 0, unharmed = 0, harmed = 0;
	volatile size_t known = 0, again;
	HARM_EACH(
		kind, ever, error, nth,
		{
			struct err err = {0};
			clear();
			harm.to_come = true;
			code = live(&stage, &known, &err);
			harm.to_come = harm.on = false;
			assert_true(code == 0 ? stage == END : err.text[0] != '\0' && err.kind != ERR_NONE);
			assert_null(strstr(err.text, "is damaged"));
			unharmed += code == 0;
			harmed += code != 0;
		},
		{
			struct err err = {0};
			struct store *store;
			harm.to_come = false;   /* also where the life was left */
			if (code == ERR_SYSTEM) /* the program would have ended */
				H5close();
			must(store_open(&store, whole.dir, "small", true, NULL, &err));
			if (store_committed(store) < known)
				fail_msg("%zu runs of %zu are left: nth %d at %d (%p), stage %d",
					 store_committed(store), known, harm.nth, harm.at, harm.place[harm.at], stage);
			store_close(store);
			must_live(live(&stage, &again, &err));
			expect_tidy();
		});
	assert_true(harm.places > 30 || from > BORN); /* or hardly anything was harmed */
	assert_true(harmed > 0 || error == EINTR || error == 0 || nth > 1 || from > BORN);
}

/* With HARM_ALL in the environment (make coverage) more ways, and at every place the first call in each part of a life; without it the
 * first call of every eighth place. */
static bool all;

static const int parts[] = {SECOND, COMPACTED, CHECKED, READ, CUT, GROWN};

static void parts_of_a_life(enum harm_kind kind, int error)
{
	for (size_t i = 0; all && i < sizeof parts / sizeof *parts; i++) {
		from = parts[i];
		one_life(kind, false, error, 1);
	}
	from = BORN;
}

static void hdf5_fails(void **state)
{
	one_life(HARM_HDF5, false, 0, 1);
	parts_of_a_life(HARM_HDF5, 0);
	if (all)
		one_life(HARM_HDF5, true, 0, 1);
}

static void calls_fail(void **state)
{
	one_life(HARM_CALLS, false, EIO, 1);
	one_life(HARM_CALLS, false, EINVAL, 1);
	one_life(HARM_CALLS, false, EINTR, 1);
	if (!all)
		return;
	parts_of_a_life(HARM_CALLS, EIO);
	one_life(HARM_CALLS, true, EIO, 1);
	one_life(HARM_CALLS, false, 0, 1);
}

static void memory_is_short(void **state)
{
	harm_last_look_for_leaks();
	one_life(HARM_MEMORY, false, 0, 1);
	parts_of_a_life(HARM_MEMORY, 0);
	if (all)
		one_life(HARM_MEMORY, true, 0, 1);
}

/* ---- shorter lives ---- */

/* A result that another program has changed: HDF5 is harmed in the child that looks at it too, and so are its memory and calls. */
static void foreign_file_is_read(void **state)
{
	static const struct {
		enum harm_kind kind;
		int error;
	} ways[] = {{HARM_HDF5, 0}, {HARM_MEMORY, 0}, {HARM_CALLS, EIO}, {HARM_CALLS, -1}};
	char path[400];
	size_t size;
	struct err said = {0}, err = {0};
	snprintf(path, sizeof path, "%s", sample_path(&whole, "changed.h5"));
	clear();
	harm.children = true;
	for (volatile int sealed = 0; sealed < 2; sealed++) {
		char *bytes = sample_bytes(reference, &size);
		must(file_replace(path, bytes, size - (sealed ? 0 : 32), &err));
		free(bytes);
		for (volatile size_t w = 0; w < sizeof ways / sizeof *ways; w++)
			HARM_EACH(
				ways[w].kind, false, ways[w].error, 1,
				{
					said = (struct err){0};
					harm.on = true;
					code = read_it(path, &said);
					harm.on = false;
					assert_true(code == 0 || said.text[0] != '\0');
				},
				{
					while (waitpid(-1, NULL, 0) > 0)
						;
					if (code == ERR_SYSTEM)
						H5close();
					must(read_it(path, &err));
				});
	}
	harm.children = false;
	unlink(path);
}

/* The file goes away, as when another process has merged it, at any call: it is said to be gone, or it was read. */
static void file_goes_away(void **state)
{
	static const enum harm_kind kinds[] = {HARM_HDF5, HARM_CALLS};
	char path[400];
	size_t size;
	struct err said = {0}, err = {0};
	volatile int gone = 0;
	snprintf(path, sizeof path, "%s", sample_path(&whole, "gone.h5"));
	snprintf(harm.removes, sizeof harm.removes, "%s", path);
	char *bytes = sample_bytes(reference, &size);
	clear();
	harm.children = true;
	for (volatile size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		HARM_EACH(
			kinds[k], false, EIO, 1,
			{
				must(file_replace(path, bytes, size, &err));
				said = (struct err){0};
				harm.on = true;
				code = read_it(path, &said);
				harm.on = false;
				gone += code != 0 && strstr(said.text, "no such file") != NULL;
			},
			{
				while (waitpid(-1, NULL, 0) > 0)
					;
			});
	assert_true(gone > 0);
	harm.children = false;
	harm.removes[0] = '\0';
	free(bytes);
	unlink(path);
}

/* A damaged file, beside an older one of the same name in corrupt/ or none: it is set aside under a name of its own, or it stays and
 * that is said. */
static void set_aside(bool older)
{
	static const int errors[] = {EIO, EINVAL, ENOENT, EINTR};
	const char *name = older ? "small.parts/corrupt/a.h5.1" : "small.parts/corrupt/a.h5";
	struct err said = {0}, err = {0};
	for (volatile size_t e = 0; e < sizeof errors / sizeof *errors; e++)
		HARM_EACH(
			HARM_CALLS, false, errors[e], 1,
			{
				struct store *store;
				struct text notes = TEXT_INIT;
				clear();
				must(folder_make(sample_path(&whole, older ? "small.parts/corrupt" : "small.parts"),
						 &err));
				if (older)
					must(file_replace(sample_path(&whole, "small.parts/corrupt/a.h5"), "older", 5,
							  &err));
				must(file_replace(sample_path(&whole, "small.parts/a.h5"), "bad", 3, &err));
				said = (struct err){0};
				harm.on = true;
				code = store_open(&store, whole.dir, "small", true, &notes, &said);
				harm.on = false;
				assert_true(code == 0 || said.text[0] != '\0');
				store_close(store);
				text_release(&notes);
			},
			{
				struct store *store;
				must(store_open(&store, whole.dir, "small", true, NULL, &err));
				store_close(store);
				assert_true(file_exists(sample_path(&whole, name)));
				assert_false(file_exists(sample_path(&whole, "small.parts/a.h5")));
				size_t size;
				free(sample_bytes(sample_path(&whole, "small.parts/corrupt/a.h5"), &size));
				assert_int_equal(size, older ? 5 : 3);
			});
	clear();
}

static void damage_is_set_aside(void **state)
{
	set_aside(true);
	set_aside(false);
}

/* A child that cannot look at a sound result, or at sound segments, is no fault of theirs: they stay where they are, and count, or that
 * is said. */
static void children_that_look_fail(void **state)
{
	static const int errors[] = {EIO, -1};
	struct err said = {0}, err = {0};
	struct store *store;
	clear();
	must(store_open(&store, whole.dir, "small", true, NULL, &err));
	must(commit_missing(store, 0, &err));
	must(store_compact(store, &whole.plan, true, &sample_provenance, &err));
	must(commit_missing(store, 3, &err));
	store_close(store);
	harm.children = true;
	for (volatile size_t e = 0; e < sizeof errors / sizeof *errors; e++)
		HARM_EACH(
			HARM_CALLS, false, errors[e], 1,
			{
				struct text notes = TEXT_INIT;
				said = (struct err){0};
				harm.on = true;
				code = store_open(&store, whole.dir, "small", true, &notes, &said);
				harm.on = false;
				if (code == 0)
					assert_int_equal(store_committed(store), 6);
				else
					assert_int_equal(said.kind, ERR_SYSTEM);
				if (notes.at && harm.error > 0)
					fail_msg("a sound file was thought damaged: %s", notes.at);
				text_release(&notes);
				store_close(store);
			},
			{
				while (waitpid(-1, NULL, 0) > 0)
					;
			});
	harm.children = false;
	clear();
}

/* The same run in two segments is compared before they are merged: that fails, or they are one. */
static void the_same_run_twice(void **state)
{
	static const enum harm_kind kinds[] = {HARM_HDF5, HARM_MEMORY, HARM_CALLS};
	struct err said = {0}, err = {0};
	for (volatile size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		HARM_EACH(
			kinds[k], false, EIO, 1,
			{
				struct store *store;
				const struct trace *trace[] = {whole.trace[0]};
				clear();
				must(store_open(&store, whole.dir, "small", true, NULL, &err));
				for (int i = 1; i <= 2; i++) {
					*whole.trace[0]->value[METRIC_WALL_TIME] = i;
					must(store_commit(store, &whole.plan, 1, (size_t[]){0}, trace,
							  &sample_provenance, &err));
				}
				said = (struct err){0};
				harm.on = true;
				code = store_compact(store, &whole.plan, true, &sample_provenance, &said);
				harm.on = false;
				assert_true(code == 0 || said.text[0] != '\0');
				store_close(store);
			},
			{
				struct store *store;
				if (code == ERR_SYSTEM)
					H5close();
				must(store_open(&store, whole.dir, "small", true, NULL, &err));
				assert_int_equal(store_committed(store), 1);
				must(store_compact(store, &whole.plan, true, &sample_provenance, &err));
				assert_int_equal(store_segments(store), 0);
				store_close(store);
				expect_tidy();
			});
	clear();
}

/* Traces and weights of an open result: they are read, or that it is the system's fault is said. */
static void traces_are_read(void **state)
{
	static const struct {
		enum harm_kind kind;
		int error;
	} ways[] = {{HARM_HDF5, 0}, {HARM_MEMORY, 0}, {HARM_CALLS, EIO}};
	struct err said = {0}, err = {0};
	for (volatile int children = 0; children < 2; children++)
		for (volatile size_t w = 0; w < sizeof ways / sizeof *ways; w++)
			HARM_EACH(
				ways[w].kind, false, ways[w].error, 1,
				{
					struct result result;
					struct trace *trace[1] = {NULL};
					struct trace *weights = NULL;
					must(result_open(&result, reference, &err));
					must(reader_runs(&result, &err));
					said = (struct err){0};
					harm.children = children;
					harm.on = true;
					code = reader_traces(&result, 1, (size_t[]){0}, trace, &said);
					if (code == 0 && !(weights = reader_weights(&result, 0, &said)))
						code = -1;
					harm.on = false;
					harm.children = false;
					assert_true(code == 0 || said.text[0] != '\0');
					if (code == 0)
						assert_memory_equal(weights->weights[WEIGHTS_FINAL].values,
								    whole.trace[0]->weights[WEIGHTS_FINAL].values,
								    4 * weights->weights[WEIGHTS_FINAL].n);
					if (trace[0] && said.text[0] == '\0')
						trace_free(trace[0]);
					trace_free(weights);
					result_close(&result);
				},
				{
					while (waitpid(-1, NULL, 0) > 0)
						;
					if (code == ERR_SYSTEM)
						H5close();
				});
}

/* What is removed by others between two calls: it is made again, once; and a folder that is never there is a fault in the end. */
static void folder_goes_away(void **state)
{
	struct err said = {0}, err = {0};
	for (volatile int ever = 0; ever < 2; ever++)
		HARM_EACH(
			HARM_CALLS, ever != 0, ENOENT, 1,
			{
				clear();
				struct store *store = NULL;
				said = (struct err){0};
				must(store_open(&store, whole.dir, "small", true, NULL, &err));
				harm.on = true;
				code = commit_missing(store, 0, &said);
				harm.on = false;
				assert_true(code == 0 || said.text[0] != '\0');
				store_close(store);
			},
			;);
	harm.there = true; /* for good, but the folder above is there */
	HARM_EACH(
		HARM_CALLS, true, ENOENT, 1,
		{
			clear();
			struct store *store = NULL;
			said = (struct err){0};
			must(store_open(&store, whole.dir, "small", true, NULL, &err));
			harm.on = true;
			code = commit_missing(store, 0, &said);
			harm.on = false;
			assert_true(code == 0 || said.text[0] != '\0');
			store_close(store);
		},
		;);
	harm.there = false;
	struct folder folder;
	folder_init(&folder, whole.dir, "small");
	HARM_EACH(
		HARM_CALLS, false, ENOENT, 1,
		{
			int lock;
			clear();
			said = (struct err){0};
			harm.on = true;
			code = folder_lock(&folder, &lock, &said);
			harm.on = false;
			assert_true(code == 0 || said.text[0] != '\0');
			if (code == 0)
				folder_unlock(&folder, lock);
		},
		;);
	folder_release(&folder);
	clear();
}

/* An image of its own, with an array in three chunks, of another type than its values, and one without values; and the inputs of a
 * study. */
static int write_image(struct err *err)
{
	static const double value[70000];
	const struct dim many = {"many", 70000, H5I_INVALID_HID}, none = {"none", 0, H5I_INVALID_HID};
	struct variable variable = {
		.name = "x", .long_name = "x", .units = "1", .kind = KIND_F32, .rank = 1, .dim = {&many}};
	struct image image;
	char *bytes = NULL;
	size_t size;
	uint64_t hash;
	image_begin(&image, true);
	const hid_t large = image_variable(&image, image.file, &variable);
	image_put_all(&image, large, &variable, KIND_F64, value);
	image_close(&image, large);
	variable.name = "y";
	variable.dim[0] = &none;
	const hid_t empty = image_variable(&image, image.file, &variable);
	image_put_all(&image, empty, &variable, KIND_F64, value);
	image_close(&image, empty);
	const int done = image_end(&image, &bytes, &size, &hash, err);
	if (done == 0)
		free(bytes);
	return done;
}

static int write_inputs(struct err *err)
{
	static const double values[300], shift[1], scale[1] = {1};
	struct dataset data = {.I = 1, .targets = 1, .shift = shift, .scale = scale, .identity = 7};
	data.train = (struct examples){.n = 300, .values = values, .targets = values};
	data.test = (struct examples){.n = 1, .values = values, .targets = values};
	return store_write_data(sample_path(&whole, "inputs.h5"), &data, 32, err);
}

static void other_files_are_written(void **state)
{
	static int (*const write[])(struct err *) = {write_image, write_inputs};
	static const enum harm_kind kinds[] = {HARM_HDF5, HARM_MEMORY, HARM_CALLS};
	volatile int untold = 0; /* faults of HDF5 behind which the file is written all the same */
	struct err said = {0};
	harm.stride = 0; /* all places: they are few */
	clear();
	for (volatile int w = 0; w < 2; w++)
		for (volatile int k = 0; k < 3; k++)
			HARM_EACH(
				kinds[k], false, EIO, 1,
				{
					said = (struct err){0};
					harm.on = true;
					code = write[w](&said);
					harm.on = false;
					assert_true(code == 0 || said.text[0] != '\0');
				},
				{
					untold += harm.kind == HARM_HDF5 && code == 0;
					if (code == ERR_SYSTEM)
						H5close();
				});
	assert_int_equal(untold, 2); /* once a file: whether plugins are on, which no library says */
	harm.stride = all ? 0 : 8;
	clear();
}

static int begin(void **state)
{
	volatile int stage;
	volatile size_t known;
	struct err err = {0};
	all = getenv("HARM_ALL") != NULL;
	harm.stride = all ? 0 : 8;
	sample_init(&whole, STUDY("[1, 2]"));
	sample_init(&less, STUDY("[2]"));
	whole.trace[1]->status = STATUS_COMPLETED;
	fail_one(&whole);
	if (live(&stage, &known, &err) != 0)
		fail_msg("%s", err.text);
	snprintf(reference, sizeof reference, "%s/reference.h5", less.dir);
	return rename(sample_path(&whole, "small.h5"), reference);
}

static int end(void **state)
{
	sample_release(&whole);
	sample_release(&less);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hdf5_fails),
		cmocka_unit_test(calls_fail),
		cmocka_unit_test(memory_is_short),
		cmocka_unit_test(foreign_file_is_read),
		cmocka_unit_test(file_goes_away),
		cmocka_unit_test(damage_is_set_aside),
		cmocka_unit_test(folder_goes_away),
		cmocka_unit_test(other_files_are_written),
		cmocka_unit_test(children_that_look_fail),
		cmocka_unit_test(the_same_run_twice),
		cmocka_unit_test(traces_are_read),
	};
	return cmocka_run_group_tests_name("harm to the store", tests, begin, end);
}
