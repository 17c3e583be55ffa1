/* test_file.c: folders that come and go under the feet of the program. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cm.h"

#include "base/file.h"

static char place[64];

static const char *in_place(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", place, name);
	return path;
}

/* A process that compacts removes the empty folder of segments while others make it. */
static void a_folder_that_goes_again_is_no_fault(void **state)
{
	static struct err err;
	const char *path = in_place("parts");
	const pid_t remover = fork();
	if (remover == 0)
		for (;;)
			rmdir(path);
	assert_true(remover > 0);
	int failed = 0;
	for (int i = 0; i < 3000 && !failed; i++)
		failed = folder_make(path, &err);
	kill(remover, SIGKILL);
	waitpid(remover, NULL, 0);
	rmdir(path);
	if (failed)
		fail_msg("%s", err.text);
}

static void what_is_no_folder_is_told(void **state)
{
	static struct err err;
	const int fd = open(in_place("file"), O_WRONLY | O_CREAT, 0666);
	assert_true(fd >= 0 && close(fd) == 0);
	assert_int_equal(folder_make(in_place("file"), &err), -1);
	assert_non_null(strstr(err.text, "is not a folder"));
	assert_int_equal(symlink("nowhere", in_place("link")), 0);
	assert_int_equal(folder_make(in_place("link"), &err), -1);
	assert_non_null(strstr(err.text, "is not a folder"));
	unlink(in_place("file"));
	unlink(in_place("link"));
}

/* What store_segment asks before it tries again. */
static void a_missing_folder_shows_in_errno(void **state)
{
	static struct err err;
	bool existed;
	errno = 0;
	assert_int_equal(file_create(in_place("gone/file"), "x", 1, &existed, &err), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_that_goes_again_is_no_fault),
		cmocka_unit_test(what_is_no_folder_is_told),
		cmocka_unit_test(a_missing_folder_shows_in_errno),
	};
	strcpy(place, "/tmp/fathom-file-XXXXXX");
	if (!mkdtemp(place))
		return 1;
	const int failed = cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
	rmdir(place);
	return failed;
}
