/* test_shortage.c: calls of the system that fail, at any place and for good, as two mended defects need them: sound files must
 * stay where they are when descriptors run out, and the lock of a merge must come to an end on a failing disk. open and fstat are
 * replaced for the whole program, HDF5 included. */
#undef _FORTIFY_SOURCE /* or open becomes an inline function */
#include "sample.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "store/folder.h"

static int *opens_left; /* until one fails; negative: none. Shared with the children that look at files first */
static int fstat_fault;

static bool strikes(void)
{
	return opens_left && *opens_left >= 0 && (*opens_left)-- == 0;
}

int open(const char *path, int flags, ...)
{
	va_list values;
	va_start(values, flags);
	const mode_t mode = flags & O_CREAT ? va_arg(values, mode_t) : 0;
	va_end(values);
	if (strikes()) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int fstat(int fd, struct stat *info)
{
	if (fstat_fault) {
		errno = fstat_fault;
		return -1;
	}
	return (int)syscall(SYS_newfstatat, fd, "", info, AT_EMPTY_PATH);
}

static void sound_files_stay(void **state)
{
	struct sample sample;
	int struck = 0;
	opens_left = mmap(NULL, sizeof *opens_left, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(opens_left != MAP_FAILED);
	*opens_left = -1;
	sample_init(&sample, SAMPLE_STUDY);
	struct store *store = sample_open(&sample, NULL);
	struct err failed_to = {0};
	sample_commit(&sample, store, 4, 6, 2);
	assert_int_equal(store_compact(store, &sample.plan, true, &sample_provenance, &failed_to), 0);
	sample_commit(&sample, store, 0, 4, 2);
	store_close(store);
	for (int n = 0; n < 100; n++) {
		struct err err = {0};
		struct text notes = TEXT_INIT;
		*opens_left = n;
		const int failed = store_open(&store, sample.dir, "small", true, &notes, &err);
		const bool hit = *opens_left < 0;
		*opens_left = -1;
		struck += hit;
		assert_null(notes.at);
		assert_int_equal(sample_count(sample_path(&sample, "small.parts"), ".h5", NULL), 2);
		assert_true(file_exists(sample_path(&sample, "small.h5")));
		assert_false(file_exists(sample_path(&sample, "small.parts/corrupt")));
		if (failed)
			assert_int_equal(err.kind, ERR_SYSTEM);
		else
			store_close(store);
		text_release(&notes);
		if (!hit)
			break;
	}
	assert_true(struck >= 6); /* three files, by us and by HDF5 */
	munmap(opens_left, sizeof *opens_left);
	opens_left = NULL;
	sample_release(&sample);
}

static void lock_comes_to_an_end(void **state)
{
	struct sample sample;
	struct folder folder;
	struct err err = {0};
	int lock;
	sample_init(&sample, SAMPLE_STUDY);
	folder_init(&folder, sample.dir, "small");
	fstat_fault = EIO;
	alarm(20); /* it went round for ever */
	assert_int_equal(folder_lock(&folder, &lock, &err), 0);
	alarm(0);
	fstat_fault = 0;
	folder_unlock(&folder, lock);
	assert_false(file_exists(folder.parts));
	folder_release(&folder);
	sample_release(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_files_stay),
		cmocka_unit_test(lock_comes_to_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
