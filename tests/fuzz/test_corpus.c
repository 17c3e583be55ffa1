/* test_corpus.c: every target of fuzz.h on every file of corpus/NAME (FUZZ_CORPUS, else beside the sources), on each of them cut
 * short in several places, and on nothing. */
#include "cm.h"
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#include "base/file.h"

/* For a sanitised build: libfyaml 0.7.12 leaks 4 KiB on some faults, and has no frame pointers. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}

static void eat_file(const struct fuzz_target *target, const char *path)
{
	static struct err err;
	char *bytes;
	size_t size;
	if (file_read(path, 1 << 20, &bytes, &size, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t n = 0; n < 5; n++)
		fuzz_eat(target, (const uint8_t *)bytes, size * n / 4);
	free(bytes);
}

static void replay(void **state)
{
	const struct fuzz_target *target = *state;
	const char *corpus = getenv("FUZZ_CORPUS");
	char folder[512], path[1024];
	int files = 0;
	snprintf(folder, sizeof folder, "%s/%s", corpus ? corpus : "tests/fuzz/corpus", target->name);
	DIR *open = opendir(folder);
	if (!open)
		fail_msg("there is no corpus '%s'", folder);
	for (struct dirent *entry; (entry = readdir(open));) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		eat_file(target, path);
		files++;
	}
	closedir(open);
	assert_true(files > 0);
	fuzz_eat(target, NULL, 0);
}

int main(void)
{
	struct CMUnitTest test[32];
	assert_true(fuzz_targets_n <= 32);
	for (size_t i = 0; i < fuzz_targets_n; i++)
		test[i] = (struct CMUnitTest){.name = fuzz_targets[i].name,
					      .test_func = replay,
					      .initial_state = (void *)(uintptr_t)&fuzz_targets[i]};
	return _cmocka_run_group_tests("corpus", test, fuzz_targets_n, NULL, NULL);
}
