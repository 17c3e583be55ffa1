/* child.c: see child.h */
#include "store/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* of the processor, and a second for each MiB of the file; by the clock much more: other work is no fault of the file's */
enum { CPU_SECONDS = 8, WALL_FACTOR = 20, PIECE = 1 << 20 };

static const size_t memory_max = (size_t)2 << 30; /* of the child, beyond what this process has */

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#define SANITIZED 1 /* the address sanitiser takes 16 TiB of addresses */
#else
#define SANITIZED 0
#endif

size_t child_memory(void)
{
	return memory_max;
}

/* ---- its life ---- */

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit now = {RLIM_INFINITY, RLIM_INFINITY};
	getrlimit(what, &now);
	now.rlim_cur = now.rlim_max < most ? now.rlim_max : most;
	if (now.rlim_max > now.rlim_cur) /* at the latter comes a signal that tells, at the former SIGKILL */
		now.rlim_max = now.rlim_cur + (what == RLIMIT_CPU);
	setrlimit(what, &now);
}

static size_t memory_now(void)
{
	char pages[32] = "";
	const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	const ssize_t got = read(file, pages, sizeof pages - 1);
	close(file);
	return got > 0 ? strtoul(pages, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

/* One more file may be open at a time: the one to be read. */
static void confine(rlim_t seconds)
{
	const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC), next = nothing >= 0 ? dup(nothing) : -1;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	signal(SIGPIPE, SIG_IGN); /* a parent that no longer listens is no fault of the file's */
	if (nothing >= 0)
		dup2(nothing, 2); /* what the C library says of broken memory */
	close(next);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CPU, seconds);
	if (!SANITIZED)
		limit(RLIMIT_AS, memory_now() + memory_max);
	limit(RLIMIT_NOFILE, next >= 0 ? (rlim_t)next + 1 : 0);
}

void child_say(int to, const void *bytes, size_t size)
{
	for (const char *at = bytes; size > 0;) {
		const ssize_t sent = write(to, at, size < PIECE ? size : PIECE);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			_exit(2);
		at += sent;
		size -= (size_t)sent;
	}
}

void child_answer(int to, char kind, const void *bytes, size_t size)
{
	child_say(to, &kind, 1);
	child_say(to, bytes, size);
	_exit(0);
}

/* ---- the parent ---- */

/* Everything that the child says, until it ends, or is late: then false. */
static bool listen_to(int from, double seconds, struct text *said)
{
	char *piece = malloc(PIECE);
	bool alive = piece != NULL, late = false;
	const double start = clock_now();
	while (alive) {
		struct pollfd wait = {.fd = from, .events = POLLIN};
		errno = EINTR; /* of a poll in whose time nothing came */
		const ssize_t got = poll(&wait, 1, 200) > 0 ? read(from, piece, PIECE) : -1;
		const bool again = got < 0 && errno == EINTR;
		if (got > 0)
			text_add_bytes(said, piece, (size_t)got);
		late = clock_now() - start > seconds;
		alive = !late && (got > 0 || again);
	}
	free(piece);
	return !late;
}

/* What the child died of while HDF5 was at work: a signal, or a sanitiser's report. NULL: it did not. */
static const char *cause_of_death(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		return strsignal(WTERMSIG(status));
#if SANITIZED
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
		return "a sanitiser's report";
#endif
	return NULL;
}

/* What is no doing of the file's: that the child was killed or had no time, that it could not speak, or had no few bytes. */
static enum child_end judge(const char *path, const struct text *said, int status, bool late, struct err *err)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
		err_set(err, ERR_INPUT, "'%s' is damaged: HDF5 did not come to an end with it, and was stopped", path);
		return CHILD_CRASHED;
	}
	const char *cause = cause_of_death(status);
	if (cause) {
		err_set(err, ERR_INPUT, "'%s' is damaged: HDF5 crashed on it (%s), in a process of its own", path,
			cause);
		return CHILD_CRASHED;
	}
	if (status == 0 && said->length > 0)
		return CHILD_SAID;
	err_set(err, ERR_SYSTEM, "cannot read '%s': the process that looks at it first %s", path,
		late ? "came to no end" : "was ended");
	return CHILD_SYSTEM;
}

enum child_end child_run(const char *path, void (*work)(const char *path, int to, void *with), void *with,
			 struct text *said, struct err *err)
{
	int pipes[2], status = 0;
	struct stat info = {0};
	const rlim_t seconds = CPU_SECONDS + (stat(path, &info) == 0 ? (rlim_t)info.st_size >> 20 : 0);
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		err_errno(err, "cannot read '%s'", path);
		return CHILD_SYSTEM;
	}
	const pid_t child = fork();
	if (child == 0) {
		close(pipes[0]); /* or it would wait for itself to listen */
		confine(seconds);
		work(path, pipes[1], with);
	}
	close(pipes[1]);
	if (child < 0) {
		err_errno(err, "cannot start a process to read '%s'", path);
		close(pipes[0]);
		return CHILD_SYSTEM;
	}
	const bool in_time = listen_to(pipes[0], WALL_FACTOR * (double)seconds, said);
	close(pipes[0]);
	if (!in_time)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return judge(path, said, status, !in_time, err);
}
