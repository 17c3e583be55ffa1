/* test_quota.c: the tightest limit on the way up counts, rounded up; whatever cannot be read limits nothing. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sched/quota.h"

static char root[] = "/tmp/fathom-quota-XXXXXX";

static const char *in_root(const char *name)
{
	static char path[200];
	snprintf(path, sizeof path, "%s/%s", root, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *file = fopen(in_root(name), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int ask(int most)
{
	char proc[200];
	snprintf(proc, sizeof proc, "%s", in_root("cgroup"));
	return quota_processors(proc, root, most);
}

static void the_tightest_counts(void **state)
{
	assert_int_equal(ask(8), 8); /* no file */
	put("cgroup", "1:name=systemd:/elsewhere\n0::/job/step\n");
	assert_int_equal(ask(8), 8); /* no groups */
	mkdir(in_root("job"), 0700);
	mkdir(in_root("job/step"), 0700);
	put("job/step/cpu.max", "max 100000\n");
	assert_int_equal(ask(8), 8);
	put("job/cpu.max", "250000 100000\n");
	assert_int_equal(ask(8), 3);
	assert_int_equal(ask(2), 2);
	put("job/step/cpu.max", "200000 100000\n");
	assert_int_equal(ask(8), 2);
	put("cpu.max", "1000 100000\n");
	assert_int_equal(ask(8), 1);
	put("cpu.max", "0 0\n");
	assert_int_equal(ask(8), 2);
	put("cgroup", "0::/\n");
	put("cpu.max", "500000 100000\n");
	assert_int_equal(ask(8), 5);
	put("cgroup", "4:cpu:/old\n"); /* version 1 alone */
	assert_int_equal(ask(8), 8);
}

int main(void)
{
	static const char *const made[] = {"cgroup", "cpu.max", "job/cpu.max", "job/step/cpu.max"};
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_tightest_counts)};
	if (!mkdtemp(root))
		return 1;
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		unlink(in_root(made[i]));
	rmdir(in_root("job/step"));
	rmdir(in_root("job"));
	rmdir(root);
	return failed;
}
