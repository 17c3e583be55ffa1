/* shim.c: a library to be preloaded before the program under test: it counts the calls that change a file system and does
 * harm at the Nth. The program does not know. What to do stands in the environment:
 *
 * FAULT=before:N, after:N, torn:N   kill -9 at the Nth call: before it, after it, after half of a write
 * FAULT=once:N:E, ever:N:E          the Nth call, and with `ever` all later ones, fail with errno E; E = 0: writes are short
 * FAULT=alloc:N, allocs:N           the Nth allocation made by the program's own code (not a library's) finds no memory
 * FAULT_READS=1                     calls that only read count as well
 * FAULT_TRACE=FILE                  what succeeded is written there, a line a call, bytes of a write behind its line: what a
 *                                   power failure may undo (power.py); at the end how many calls and allocations there were
 * FAULT_SLOW=MS                     a slow disk: a sync takes MS milliseconds, a write one for every 20 KB
 * FAULT_SHUFFLE=1                   threads sleep a random while, up to 2 ms, before the program locks: any order
 * FAULT_SERVER=FD                   the program starts again and again, as server.c is told, each time with these in its
 *                                   environment anew
 */
#undef _FORTIFY_SOURCE /* or vasprintf here becomes the __vasprintf_chk below */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "server.h"

int __vasprintf_chk(char **at, int flag, const char *format, va_list values);
int __asprintf_chk(char **at, int flag, const char *format, ...);
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);

enum { NOTHING, BEFORE, AFTER, TORN, ONCE, EVER, ALLOC, ALLOCS };
static const char *const words[] = {"", "before", "after", "torn", "once", "ever", "alloc", "allocs"};

static int fault, fault_errno, reads, shuffle, trace = -1;
static atomic_int rests; /* what comes now is no doing of the program's (tests/count.c) */
static long fault_at, slow;
static atomic_long calls, allocations;
static uintptr_t own_from, own_to; /* the program's own code */
static char tracked[1024];         /* descriptors whose fsync, write and close count */

static void find_own_code(void)
{
	const ElfW(Phdr) *header = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	const size_t n = getauxval(AT_PHNUM);
	uintptr_t base = 0;
	for (size_t i = 0; i < n; i++)
		if (header[i].p_type == PT_PHDR)
			base = (uintptr_t)header - header[i].p_vaddr;
	for (size_t i = 0; i < n; i++)
		if (header[i].p_type == PT_LOAD && header[i].p_flags & PF_X) {
			own_from = base + header[i].p_vaddr;
			own_to = own_from + header[i].p_memsz;
		}
}

__attribute__((constructor)) static void begin(int argc, char **argv)
{
	serve(argv);
	const char *wish = getenv("FAULT"), *path = getenv("FAULT_TRACE");
	char word[16] = "";
	find_own_code();
	reads = getenv("FAULT_READS") != NULL;
	shuffle = getenv("FAULT_SHUFFLE") != NULL;
	slow = getenv("FAULT_SLOW") ? atol(getenv("FAULT_SLOW")) : 0;
	if (wish && sscanf(wish, "%15[a-z]:%ld:%d", word, &fault_at, &fault_errno) >= 2)
		for (int w = BEFORE; w <= ALLOCS; w++)
			if (strcmp(words[w], word) == 0)
				fault = w;
	if (path)
		trace = (int)syscall(SYS_open, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

/* One line; size bytes behind it. */
static void note(const void *bytes, size_t size, const char *format, ...)
{
	char line[2 * 4096];
	va_list values;
	if (trace < 0)
		return;
	va_start(values, format);
	const int length = vsnprintf(line, sizeof line, format, values);
	va_end(values);
	syscall(SYS_write, trace, line, (size_t)length);
	if (size > 0)
		syscall(SYS_write, trace, bytes, size);
}

__attribute__((destructor)) static void end(void)
{
	note(NULL, 0, "end %ld %ld\n", atomic_load(&calls), atomic_load(&allocations));
}

void fault_rests(void);
void fault_rests(void)
{
	rests = 1;
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* What is to happen to this call: 0: nothing, −1: it fails with errno, else its number if that is the Nth. */
static long strike(void)
{
	if (rests)
		return 0;
	const long number = atomic_fetch_add(&calls, 1) + 1;
	if (fault == BEFORE && number == fault_at)
		die();
	if (((fault == ONCE && number == fault_at) || (fault == EVER && number >= fault_at)) && fault_errno != 0) {
		errno = fault_errno;
		return -1;
	}
	return number == fault_at || (fault == EVER && number > fault_at) ? number : 0;
}

static long strike_read(void)
{
	return reads ? strike() : 0;
}

static void strike_after(long struck)
{
	if (struck > 0 && (fault == AFTER || fault == TORN))
		die();
}

/* A disk does not hurry for a signal. */
static void wait_for_disk(long ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};
	while (slow > 0 && nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

/* A call with one path or two; its line in the trace. */
#define CHANGES(name, parameters, arguments, format, ...)                                                              \
	int name parameters                                                                                            \
	{                                                                                                              \
		const long struck = strike();                                                                          \
		if (struck < 0)                                                                                        \
			return -1;                                                                                     \
		const int code = REAL(#name, int(*) parameters) arguments;                                             \
		const int kept = errno;                                                                                \
		if (code == 0)                                                                                         \
			note(NULL, 0, format "\n", __VA_ARGS__);                                                       \
		strike_after(struck);                                                                                  \
		errno = kept;                                                                                          \
		return code;                                                                                           \
	}

CHANGES(unlink, (const char *path), (path), "unlink\t%s", path)
CHANGES(rmdir, (const char *path), (path), "rmdir\t%s", path)
CHANGES(mkdir, (const char *path, mode_t mode), (path, mode), "mkdir\t%s", path)
CHANGES(link, (const char *from, const char *to), (from, to), "link\t%s\t%s", from, to)
CHANGES(rename, (const char *from, const char *to), (from, to), "rename\t%s\t%s", from, to)
CHANGES(renameat2, (int a, const char *from, int b, const char *to, unsigned how), (a, from, b, to, how),
	"rename\t%s\t%s", from, to)
CHANGES(unlinkat, (int at, const char *path, int how), (at, path, how), "unlinkat\t%d\t%s", at, path)
CHANGES(ftruncate, (int fd, off_t size), (fd, size), "truncate\t%d\t%ld", fd, (long)size)

static int tracks(int fd)
{
	return fd >= 0 && fd < (int)sizeof tracked && tracked[fd];
}

int open(const char *path, int flags, ...)
{
	va_list values;
	va_start(values, flags);
	const mode_t mode = flags & O_CREAT ? va_arg(values, mode_t) : 0;
	va_end(values);
	const int changes = !rests && (flags & (O_CREAT | O_DIRECTORY));
	const long struck = changes ? strike() : strike_read();
	if (struck < 0)
		return -1;
	const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fd >= 0 && fd < (int)sizeof tracked)
		tracked[fd] = (char)changes;
	const int kept = errno;
	if (fd >= 0 && changes)
		note(NULL, 0, "%s\t%d\t%s\n", flags & O_CREAT ? "create" : "open", fd, path);
	strike_after(struck);
	errno = kept;
	return fd;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	const long struck = tracks(fd) ? strike() : 0;
	if (struck < 0)
		return -1;
	if (struck > 0 && (fault == TORN || ((fault == ONCE || fault == EVER) && size > 1)))
		size = (size + 1) / 2;
	if (tracks(fd))
		wait_for_disk((long)size / 20000);
	const ssize_t n = syscall(SYS_write, fd, bytes, size);
	const int kept = errno;
	if (n > 0 && tracks(fd))
		note(bytes, (size_t)n, "write\t%d\t%zd\n", fd, n);
	strike_after(struck);
	errno = kept;
	return n;
}

int fsync(int fd)
{
	const long struck = strike();
	if (struck < 0)
		return -1;
	wait_for_disk(slow);
	note(NULL, 0, "fsync\t%d\n", fd); /* the disk of these tests is memory: nothing to wait for */
	strike_after(struck);
	return 0;
}

/* The descriptor is gone also when close fails. */
int close(int fd)
{
	const long struck = tracks(fd) ? strike() : strike_read();
	if (tracks(fd)) {
		note(NULL, 0, "close\t%d\n", fd);
		tracked[fd] = 0;
	}
	const int kept = errno, code = (int)syscall(SYS_close, fd);
	strike_after(struck);
	if (struck < 0)
		errno = kept;
	return struck < 0 ? -1 : code;
}

int flock(int fd, int how)
{
	return strike_read() < 0 ? -1 : (int)syscall(SYS_flock, fd, how);
}

ssize_t read(int fd, void *bytes, size_t size)
{
	return strike_read() < 0 ? -1 : syscall(SYS_read, fd, bytes, size);
}

ssize_t pread64(int fd, void *bytes, size_t size, off_t at)
{
	return strike_read() < 0 ? -1 : syscall(SYS_pread64, fd, bytes, size, at);
}

int fstat(int fd, struct stat *info)
{
	return strike_read() < 0 ? -1 : REAL("fstat", int (*)(int, struct stat *))(fd, info);
}

#define CALLER __builtin_return_address(0)

static int is_own(const void *caller)
{
	return (uintptr_t)caller >= own_from && (uintptr_t)caller < own_to;
}

/* ---- the order of threads ---- */

/* Not HDF5's own locks, which it takes thousands of times a commit. */
int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	static int (*real)(pthread_mutex_t *);
	if (!real)
		real = REAL("pthread_mutex_lock", int (*)(pthread_mutex_t *));
	if (shuffle && is_own(CALLER)) {
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		const struct timespec pause = {0, (now.tv_nsec * 2654435761L >> 8) % 2000000};
		nanosleep(&pause, NULL);
	}
	return real(mutex);
}

/* ---- memory ---- */

static int starve(const void *caller)
{
	if (rests || !is_own(caller))
		return 0;
	const long number = atomic_fetch_add(&allocations, 1) + 1;
	if ((fault != ALLOC || number != fault_at) && (fault != ALLOCS || number < fault_at))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return starve(CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return starve(CALLER) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *at, size_t size)
{
	return starve(CALLER) ? NULL : __libc_realloc(at, size);
}

int posix_memalign(void **at, size_t align, size_t size)
{
	return starve(CALLER) ? ENOMEM : REAL("posix_memalign", int (*)(void **, size_t, size_t))(at, align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return starve(CALLER) ? NULL : REAL("aligned_alloc", void *(*)(size_t, size_t))(align, size);
}

char *strdup(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = starve(CALLER) ? NULL : __libc_malloc(size);
	return copy ? memcpy(copy, text, size) : NULL;
}

int __vasprintf_chk(char **at, int flag, const char *format, va_list values)
{
	*at = NULL;
	return starve(CALLER) ? -1 : vasprintf(at, format, values);
}

int __asprintf_chk(char **at, int flag, const char *format, ...)
{
	*at = NULL;
	if (starve(CALLER))
		return -1;
	va_list values;
	va_start(values, format);
	const int n = vasprintf(at, format, values);
	va_end(values);
	return n;
}
