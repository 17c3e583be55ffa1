/* test_reads_harm.c: a file is read in pieces, or for one metric, and a read on the way fails, is at the end, or is interrupted. */
#include "harm_hdf5.h"
#include "sample.h"

#include "store/seal.h"

static struct sample sample;

/* A seal is good only when every byte was seen: what the disk does not give is the system's fault, what it lacks is the file's. */
static void seal_is_checked(void **state)
{
	static const int errors[] = {EIO, EINTR, 0, -1};
	char path[400];
	uint64_t hash = 0, sound;
	struct err said = {0}, err = {0};
	volatile int count[SEAL_SYSTEM + 1] = {0}, found = SEAL_GOOD, interrupted = 0;
	snprintf(path, sizeof path, "%s", sample_path(&sample, "small.h5"));
	assert_int_equal(seal_check(path, &sound, &err), SEAL_GOOD);
	for (volatile size_t e = 0; e < sizeof errors / sizeof *errors; e++)
		for (volatile int nth = 1; nth <= 3; nth++) /* of the head, of the content, of the seal */
			HARM_EACH(
				HARM_CALLS, false, errors[e], nth,
				{
					said = (struct err){0};
					hash = 0;
					harm.on = true;
					found = (int)seal_check(path, &hash, &said);
					harm.on = false;
					assert_true(found != SEAL_GOOD || hash == sound);
					assert_true((found == SEAL_SYSTEM) == (said.text[0] != '\0'));
					count[found]++;
					code = found == SEAL_GOOD ? 0 : -1;
				},
				{
					if (harm.error == EIO) /* good: when it is closed */
						assert_true(found == SEAL_SYSTEM || found == SEAL_GOOD);
					if (harm.error == 0)
						assert_int_equal(found, SEAL_GOOD);
					interrupted += harm.error == EINTR && found == SEAL_GOOD;
				});
	assert_true(count[SEAL_SYSTEM] >= 4 && interrupted >= 3); /* a read goes on, unlike an open */
	assert_true(count[SEAL_BROKEN] > 0);                      /* shorter than it was said to be */
	assert_true(count[SEAL_NONE] > 0);                        /* its last bytes are none */
	assert_int_equal(seal_check(path, &hash, &err), SEAL_GOOD);
}

/* What a search learns of the runs so far: all of it, or the system's fault. */
static void one_metric_is_gathered(void **state)
{
	static const enum harm_kind kinds[] = {HARM_HDF5, HARM_MEMORY, HARM_CALLS};
	struct err said = {0}, err = {0};
	struct store *store = sample_open(&sample, NULL);
	double *const x = malloc(sizeof *x * sample.plan.R);
	volatile int harmed = 0;
	assert_non_null(x);
	for (volatile size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (volatile int nth = 0; nth < 2; nth++)
			HARM_EACH(
				kinds[k], false, EIO, nth,
				{
					said = (struct err){0};
					harm.on = true;
					code = store_measure(store, &sample.plan, METRIC_FINAL_TRAIN_LOSS, x, &said);
					harm.on = false;
					if (code != 0 && said.kind != ERR_SYSTEM)
						fail_msg("kind %d: %s", harm.kind, said.text);
					for (size_t r = 0; code == 0 && r < sample.plan.R; r++) {
						const double is = *sample.trace[r]->value[METRIC_FINAL_TRAIN_LOSS];
						assert_true(x[r] == is || (isnan(x[r]) && isnan(is)));
					}
					harmed += code != 0;
				},
				{
					while (waitpid(-1, NULL, 0) > 0)
						;
					if (code == ERR_SYSTEM)
						H5close();
				});
	assert_true(harmed > 10);
	must(store_measure(store, &sample.plan, METRIC_FINAL_TRAIN_LOSS, x, &err));
	free(x);
	store_close(store);
}

static int begin(void **state)
{
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	return 0;
}

static int end(void **state)
{
	sample_release(&sample);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seal_is_checked),
		cmocka_unit_test(one_metric_is_gathered),
	};
	return cmocka_run_group_tests_name("harm to what is read", tests, begin, end);
}
