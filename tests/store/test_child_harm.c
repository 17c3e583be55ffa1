/* test_child_harm.c: the child that looks at files first, and its parent: whatever becomes of it, there is one answer, and what is the
 * system's doing is not blamed on the file. */
#include "harm.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/child.h"

static void answer(const char *path, int to, void *with)
{
	child_answer(to, '+', "fine", 4);
}

static void ends_silently(const char *path, int to, void *with)
{
	_exit(0);
}

static void ends_early(const char *path, int to, void *with)
{
	child_say(to, "half", 4);
	_exit(3);
}

static void raises(const char *path, int to, void *with)
{
	raise(*(int *)with);
	_exit(4);
}

static void sleeps(const char *path, int to, void *with)
{
	pause();
	_exit(5);
}

/* Says so much that a single write does not hold it. */
static void talks(const char *path, int to, void *with)
{
	static char words[3 << 20];
	child_answer(to, 'x', words, sizeof words);
}

/* Has no more than the limits allow: descriptors for one file, nothing to write, memory for the work. */
static void tells_limits(const char *path, int to, void *with)
{
	struct rlimit files, size, memory, core;
	getrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_FSIZE, &size);
	getrlimit(RLIMIT_AS, &memory);
	getrlimit(RLIMIT_CORE, &core);
	const int one = __real_open("/dev/zero", O_RDONLY), two = __real_open("/dev/zero", O_RDONLY);
	const bool right = one >= 0 && two < 0 && size.rlim_cur == 0 && core.rlim_cur == 0 &&
			   (with || memory.rlim_cur != RLIM_INFINITY);
	child_answer(to, right ? '+' : '-', &files.rlim_cur, sizeof files.rlim_cur);
}

static enum child_end run(void (*work)(const char *, int, void *), void *with, struct text *said, struct err *err)
{
	*err = (struct err){0};
	text_release(said);
	return child_run("/dev/null", work, with, said, err);
}

static void each_end_has_its_answer(void **state)
{
	struct err err;
	struct text said = TEXT_INIT;
	assert_int_equal(run(answer, NULL, &said, &err), CHILD_SAID);
	assert_string_equal(said.at, "+fine");
	assert_int_equal(run(talks, NULL, &said, &err), CHILD_SAID);
	assert_int_equal(said.length, (3 << 20) + 1);
	assert_int_equal(run(ends_silently, NULL, &said, &err), CHILD_SYSTEM);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(run(ends_early, NULL, &said, &err), CHILD_SYSTEM);
	assert_non_null(strstr(err.text, "was ended"));
	assert_int_equal(run(raises, &(int){SIGXCPU}, &said, &err), CHILD_CRASHED);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "did not come to an end"));
	assert_int_equal(run(raises, &(int){SIGABRT}, &said, &err), CHILD_CRASHED);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "crashed on it (Aborted)"));
	assert_int_equal(run(raises, &(int){SIGKILL}, &said, &err),
			 CHILD_SYSTEM); /* of want of memory, by the kernel */
	assert_int_equal(err.kind, ERR_SYSTEM);
#ifdef __SANITIZE_ADDRESS__
	void *const without_memory = &said;
#else
	void *const without_memory = NULL;
#endif
	assert_int_equal(run(tells_limits, without_memory, &said, &err), CHILD_SAID);
	assert_int_equal(said.at[0], '+');
	text_release(&said);
}

/* A child that is in no time done is killed, and the file not blamed. */
static void a_late_child_is_killed(void **state)
{
	struct err err;
	struct text said = TEXT_INIT;
	harm.clock_jumps = true;
	assert_int_equal(run(sleeps, NULL, &said, &err), CHILD_SYSTEM);
	harm.clock_jumps = false;
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "came to no end"));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* there is none left */
	text_release(&said);
}

/* One call of the parent's or the child's fails: the answer, or a fault of the system. EINTR is none at all. */
static void calls_fail(void **state)
{
	static const int errors[] = {EIO, EINTR, ENOMEM};
	struct err err;
	struct text said = TEXT_INIT;
	harm.children = true;
	for (volatile size_t e = 0; e < sizeof errors / sizeof *errors; e++)
		HARM_EACH(
			HARM_CALLS, false, errors[e], 1,
			{
				harm.on = true;
				code = run(talks, NULL, &said, &err);
				harm.on = false;
				if (code == CHILD_SAID)
					assert_int_equal(said.length, (3 << 20) + 1);
				else
					assert_true(code == CHILD_SYSTEM && err.kind == ERR_SYSTEM &&
						    err.text[0] != '\0');
			},
			while (waitpid(-1, NULL, 0) > 0) /* where waiting failed */
			;);
	HARM_EACH(
		HARM_MEMORY, false, 0, 1,
		{
			harm.on = true;
			code = run(answer, NULL, &said, &err);
			harm.on = false;
			assert_true(code == CHILD_SAID || code == CHILD_SYSTEM || harm.lost);
		},
		;);
	harm.children = false;
	text_release(&said);
}

/* Limits that are as tight already stay. */
static void tighter_limits_stay(void **state)
{
	struct err err;
	struct text said = TEXT_INIT;
	assert_int_equal(prlimit(0, RLIMIT_CORE, &(struct rlimit){0, 0}, NULL), 0);
	assert_int_equal(run(answer, NULL, &said, &err), CHILD_SAID);
	assert_string_equal(said.at, "+fine");
	text_release(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_end_has_its_answer),
		cmocka_unit_test(a_late_child_is_killed),
		cmocka_unit_test(calls_fail),
		cmocka_unit_test(tighter_limits_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
