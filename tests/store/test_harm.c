/* test_harm.c: the life of a study's results, with one call failing at every place of our code that calls for memory, the file system
 * or HDF5. Whatever fails: −1 and a message, or no harm at all; then the same life once more comes to the same result, with every
 * run that was committed. Nothing is silently less than it was. */
#include "harm_hdf5.h"
#include "sample.h"

#include "base/text.h"

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

static const struct verdict_row verdicts[] = {{"something is left", NULL, "> 0", 1, .5, 2, 4, 1, ""}};

/* How far a life came. */
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

/* A life: −1 with err at the first failure. *stage: what was reached. */
static int live(volatile int *stage, volatile size_t *known, struct err *err)
{
	struct store *store;
	struct text notes = TEXT_INIT, lines = TEXT_INIT;
	const char *path = sample_path(&whole, "small.h5");
	char own[300];
	int done = -1;
	snprintf(own, sizeof own, "%s", path);
	*stage = BORN;
	*known = 0;
	if (store_open(&store, whole.dir, "small", true, &notes, err) != 0) {
		assert_null(store);
		assert_null(notes.at);
		return -1;
	}
	*stage = OPENED;
	*known = store_committed(store);
	if (commit_missing(store, 0, err) != 0)
		goto out;
	*stage = FIRST;
	*known = store_committed(store);
	if (commit_missing(store, 3, err) != 0)
		goto out;
	*stage = SECOND;
	*known = store_committed(store);
	if (store_compact(store, &whole.plan, false, &sample_provenance, err) != 0)
		goto out;
	*stage = COMPACTED;
	if (result_put_claims(own, 1, verdicts, err) != 0)
		goto out;
	*stage = CHECKED;
	if (read_it(own, err) != 0)
		goto out;
	*stage = READ;
	if (store_compact(store, &less.plan, false, &sample_provenance, err) != 0)
		goto out;
	*stage = CUT;
	if (store_compact(store, &whole.plan, false, &sample_provenance, err) != 0)
		goto out;
	*stage = GROWN;
	if (access(reference, F_OK) == 0) {
		const int n = result_diff(reference, own, &lines, err);
		if (n > 0)
			fail_msg("silently wrong: %s", lines.at);
		if (n < 0)
			goto out;
	}
	*stage = END;
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

static void one_life(enum harm kind, bool ever, int error, int nth)
{
	volatile int stage = 0, unharmed = 0, harmed = 0;
	volatile size_t known = 0, again;
	HARM_EACH(
		kind, ever, error, nth,
		{
			struct err err = {0};
			clear();
			harm.on = true;
			code = live(&stage, &known, &err);
			harm.on = false;
			assert_true(code == 0 ? stage == END : err.text[0] != '\0' && err.kind != ERR_NONE);
			assert_null(strstr(err.text, "is damaged"));
			unharmed += code == 0;
			harmed += code != 0;
		},
		{
			struct err err = {0};
			struct store *store;
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
	assert_true(harm.places > 30); /* or hardly anything was harmed */
	assert_true(harmed > 0 || error == EINTR || error == 0 || nth > 1);
}

/* With HARM_ALL=N in the environment (make coverage: 2) more ways, and the first N calls of every place; without it the first call of
 * every eighth place. */
static int all;

static void hdf5_fails(void **state)
{
	for (int nth = 1; nth <= (all > 0 ? all : 1); nth++)
		one_life(HARM_HDF5, false, 0, nth);
	if (all > 0)
		one_life(HARM_HDF5, true, 0, 1);
}

static void calls_fail(void **state)
{
	one_life(HARM_CALLS, false, EIO, 1);
	one_life(HARM_CALLS, false, EINVAL, 1);
	one_life(HARM_CALLS, false, EINTR, 1);
	if (all == 0)
		return;
	for (int nth = 1; nth <= all; nth++)
		one_life(HARM_CALLS, false, ENOSPC, nth);
	one_life(HARM_CALLS, true, EIO, 1);
	one_life(HARM_CALLS, false, 0, 1);
}

static void memory_is_short(void **state)
{
	harm_last_look_for_leaks();
	one_life(HARM_MEMORY, false, 0, 1);
	for (int nth = 2; nth <= all; nth++)
		one_life(HARM_MEMORY, false, 0, nth);
	if (all > 0)
		one_life(HARM_MEMORY, true, 0, 1);
}

static int begin(void **state)
{
	volatile int stage;
	volatile size_t known;
	struct err err = {0};
	all = getenv("HARM_ALL") ? atoi(getenv("HARM_ALL")) : 0;
	harm.stride = all > 0 ? 0 : 8;
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
	};
	return cmocka_run_group_tests_name("harm to the store", tests, begin, end);
}
