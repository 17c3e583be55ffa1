/* harm.h: a call fails. For programs named test_*harm.c alone, which the Makefile links so that the calls of our own code (not those of
 * the libraries) come here first.
 *
 * HARM_EACH(kind, ever, error, nth, body, after): finds the places in our code that make a call of the kind, by an unharmed life first,
 * and runs the body once for each of them (of every `stride` one), with the nth call from that place failing (0: the last, −1: the
 * one before; and with `ever` every call of that kind from then on); after it, unharmed, `after`. The body switches harm.on around what it tests, and sets `code`. Where
 * memory is short for a few bytes the program would end: the body is left then, what it held is lost, and its descriptors are closed.
 */
#ifndef FATHOM_HARM_H
#define FATHOM_HARM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "cm.h"

enum harm_kind { HARM_MEMORY, HARM_CALLS, HARM_HDF5 };

enum { HARM_PLACES = 1000, HARM_FILES = 1024 };

struct harm_state {
	enum harm_kind kind;
	int error; /* errno of a failing call; 0: a read or a write does half of what it should; −1: a read is at the end */
	bool ever, on, struck;
	bool there;                  /* for good, but only where it struck first */
	int at, nth, places, stride; /* stride: of so many places one is harmed; 0: all are */
	const void *place[HARM_PLACES];
	int seen[HARM_PLACES], most[HARM_PLACES]; /* calls so far; in a whole life */
	bool open[HARM_FILES];
	bool lost;         /* memory, where the program would have ended */
	bool to_come;      /* for the body: to be switched on later */
	bool children;     /* are harmed too; else only the parent is */
	char removes[400]; /* a file that goes away with the call that fails; "" for none */
	bool clock_jumps;  /* by an hour at every look */
	int hours;
	jmp_buf end;
};

/* Shared with the children, so that what is found in them is known to the parent. */
static struct harm_state *harm_shared;
static bool harm_in_child;
#define harm (*harm_shared)

__attribute__((constructor)) static void harm_begin(void)
{
	harm_shared = mmap(NULL, sizeof *harm_shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (harm_shared == MAP_FAILED)
		abort();
}

static inline bool harm_strikes(enum harm_kind kind, const void *caller)
{
	if (!harm.on || kind != harm.kind || (harm_in_child && !harm.children))
		return false;
	if (harm.struck)
		return harm.ever && (!harm.there || harm.place[harm.at] == caller);
	int p = 0;
	while (p < harm.places && harm.place[p] != caller)
		p++;
	if (p == harm.places) {
		assert_true(p < HARM_PLACES);
		harm.place[harm.places++] = caller;
	}
	harm.struck = ++harm.seen[p] == (harm.nth > 0 ? 0 : harm.most[p]) + harm.nth && p == harm.at;
	if (harm.struck && harm.removes[0] != '\0')
		unlink(harm.removes);
	return harm.struck;
}

static inline bool harm_fails(const void *caller)
{
	const bool strikes = harm_strikes(HARM_CALLS, caller) && harm.error > 0;
	if (strikes)
		errno = harm.error;
	return strikes;
}

#define HARM_EACH(which, for_good, with, number, body, after)                                                          \
	do {                                                                                                           \
		harm.kind = which;                                                                                     \
		harm.ever = for_good;                                                                                  \
		harm.error = with;                                                                                     \
		harm.nth = number;                                                                                     \
		memset(harm.most, 0, sizeof harm.most);                                                                \
		harm.places = 0;                                                                                       \
		for (harm.at = -1; harm.at < harm.places;                                                              \
		     harm.at += harm.at >= 0 && harm.stride > 0 ? harm.stride : 1) {                                   \
			volatile int code = 0;                                                                         \
			if (harm.at >= 0 && harm.most[harm.at] > 0 && harm.most[harm.at] < harm.nth)                   \
				continue;                                                                              \
			memset(harm.seen, 0, sizeof harm.seen);                                                        \
			harm.struck = false;                                                                           \
			if (setjmp(harm.end) == 0) {                                                                   \
				body;                                                                                  \
			} else {                                                                                       \
				code = 3;                                                                              \
				harm_close_files();                                                                    \
			}                                                                                              \
			harm.on = false;                                                                               \
			if (!harm.struck) { /* this place is never seen so often */                                    \
				assert_int_equal(code, 0);                                                             \
				memcpy(harm.most, harm.seen, sizeof harm.most);                                        \
				continue;                                                                              \
			}                                                                                              \
			after;                                                                                         \
		}                                                                                                      \
	} while (0)

#define WRAP(type, name, parameters, arguments, strikes, failed)                                                       \
	type __real_##name parameters;                                                                                 \
	type __wrap_##name parameters;                                                                                 \
	type __wrap_##name parameters                                                                                  \
	{                                                                                                              \
		return strikes ? failed : __real_##name arguments;                                                     \
	}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
	const pid_t child = harm.children && harm_fails(__builtin_return_address(0)) ? -1 : __real_fork();
	harm_in_child = harm_in_child || child == 0;
	return child;
}

/* The message of NO_MEMORY has been printed; the test goes on. */
_Noreturn void __wrap__Exit(int code);
_Noreturn void __real__Exit(int code);
_Noreturn void __wrap__Exit(int code)
{
	if (harm_in_child || !harm.on || code != 3)
		__real__Exit(code);
	harm.lost = true;
	longjmp(harm.end, 1);
}

/* What is lost at such an end is no leak; what was lost before it is. */
#ifdef __SANITIZE_ADDRESS__
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return harm.lost;
}
void __lsan_do_leak_check(void);
#define harm_last_look_for_leaks() __lsan_do_leak_check()
#else
#define harm_last_look_for_leaks() ((void)0)
#endif

#define CALLER __builtin_return_address(0)

#define MEMORY(type, name, parameters, arguments)                                                                      \
	WRAP(type, name, parameters, arguments, harm_strikes(HARM_MEMORY, CALLER), (errno = ENOMEM, (type)NULL))
MEMORY(void *, malloc, (size_t size), (size))
MEMORY(void *, calloc, (size_t n, size_t size), (n, size))
MEMORY(void *, realloc, (void *at, size_t size), (at, size))
MEMORY(void *, aligned_alloc, (size_t align, size_t size), (align, size))
MEMORY(char *, strdup, (const char *text), (text))
MEMORY(XXH3_state_t *, XXH3_createState, (void), ())

#define CALL(name, parameters, arguments) WRAP(int, name, parameters, arguments, harm_fails(CALLER), -1)
CALL(link, (const char *from, const char *to), (from, to))
CALL(rename, (const char *from, const char *to), (from, to))
CALL(renameat2, (int a, const char *from, int b, const char *to, unsigned how), (a, from, b, to, how))
CALL(mkdir, (const char *path, mode_t mode), (path, mode))
CALL(faccessat, (int at, const char *path, int mode, int flags), (at, path, mode, flags))
CALL(fsync, (int fd), (fd))
CALL(fstat, (int fd, struct stat *info), (fd, info))
CALL(stat, (const char *path, struct stat *info), (path, info))
CALL(flock, (int fd, int how), (fd, how))
/* What makes children and waits for them, where these are harmed as well. */
#define AROUND(name, parameters, arguments)                                                                            \
	WRAP(int, name, parameters, arguments, harm.children &&harm_fails(CALLER), -1)
AROUND(pipe2, (int fd[2], int flags), (fd, flags))
AROUND(poll, (struct pollfd * list, nfds_t n, int wait), (list, n, wait))
AROUND(waitpid, (pid_t child, int *status, int flags), (child, status, flags))
CALL(scandir,
     (const char *path, struct dirent ***list, int (*filter)(const struct dirent *),
      int (*order)(const struct dirent **, const struct dirent **)),
     (path, list, filter, order))
WRAP(DIR *, opendir, (const char *path), (path), harm_fails(CALLER), NULL)
WRAP(off_t, lseek, (int fd, off_t to, int from), (fd, to, from), harm_fails(CALLER), -1)

static inline size_t harm_part(size_t size, bool strikes)
{
	return strikes && size > 1 ? size / 2 : size;
}

#define MOVES(name, type)                                                                                              \
	ssize_t __real_##name(int fd, type bytes, size_t size);                                                        \
	ssize_t __wrap_##name(int fd, type bytes, size_t size);                                                        \
	ssize_t __wrap_##name(int fd, type bytes, size_t size)                                                         \
	{                                                                                                              \
		const bool before = harm.struck, strikes = harm_strikes(HARM_CALLS, CALLER);                           \
		if (strikes && harm.error > 0)                                                                         \
			errno = harm.error;                                                                            \
		return strikes && harm.error != 0 ? (harm.error > 0 ? -1 : 0)                                          \
						  : __real_##name(fd, bytes, harm_part(size, strikes && !before));     \
	}
MOVES(read, void *)
MOVES(write, const void *)

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode)
{
	const int fd = harm_fails(CALLER) ? -1 : __real_open(path, flags, mode);
	if (fd >= 0 && fd < HARM_FILES)
		harm.open[fd] = true;
	return fd;
}

/* The descriptor is gone also when close fails. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	const bool fails = harm_fails(CALLER);
	const int code = __real_close(fd);
	if (fd >= 0 && fd < HARM_FILES)
		harm.open[fd] = false;
	if (fails)
		errno = harm.error;
	return fails ? -1 : code;
}

double __real_clock_now(void);
double __wrap_clock_now(void);
double __wrap_clock_now(void)
{
	harm.hours += harm.clock_jumps;
	return __real_clock_now() + 3600 * harm.hours;
}

static inline void harm_close_files(void)
{
	for (int fd = 0; fd < HARM_FILES; fd++)
		if (harm.open[fd])
			__wrap_close(fd);
}

#endif
