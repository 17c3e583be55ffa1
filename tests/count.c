/* count.c: linked into all programs of a build with COUNT=1 (make coverage): what gcov keeps out of sight is counted too.
 *
 * - A process that leaves by _exit or _Exit, as every forked child does, writes its counts first.
 * - Limits that the program sets for itself bind it as ever, but do not stand in the way of that: they are its soft ones.
 * - Writing the counts is no doing of the program's: the shim of tests/faults, if it is there, is told to rest.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);

int setrlimit(__rlimit_resource_t what, const struct rlimit *to)
{
	struct rlimit now;
	if (getrlimit(what, &now) != 0)
		return -1;
	now.rlim_cur = to->rlim_cur < now.rlim_max ? to->rlim_cur : now.rlim_max;
	return prlimit(0, what, &now, NULL);
}

/* Before gcov's own, at every end. */
__attribute__((destructor)) static void make_way(void)
{
	static const __rlimit_resource_t what[] = {RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_AS};
	void (*rest)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "fault_rests");
	if (rest)
		rest();
	for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
		struct rlimit now;
		if (getrlimit(what[i], &now) != 0)
			continue;
		now.rlim_cur = now.rlim_max;
		prlimit(0, what[i], &now, NULL);
	}
}

static int left_with;

static void leave(int signal)
{
	syscall(SYS_exit_group, left_with);
}

/* A handler of a signal may come here in the middle of an allocation: then the counts wait for ever, and are given up. */
_Noreturn static void count_and_leave(int code)
{
	left_with = code;
	signal(SIGALRM, leave);
	alarm(5);
	make_way();
	__gcov_dump();
	for (;;)
		leave(0);
}

_Noreturn void _exit(int code)
{
	count_and_leave(code);
}

_Noreturn void _Exit(int code)
{
	count_and_leave(code);
}
