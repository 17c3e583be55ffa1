/* server.c: see server.h. Most of the time of a process that trains eight tiny networks goes into loading forty libraries. So
 * they are loaded once: the constructor of the preloaded library stays in this loop and forks, and main runs in the children.
 *
 * A request is one packet of texts, each ended by a 0: seconds until SIGKILL, working folder, file for the output, n, n
 * settings NAME=VALUE of the environment, the words after the program's name. The answer is two numbers: what wait says, and
 * whether the time was over. */
#include "server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 32 }; /* which the server itself was given, so that there is room for so many */

static const char *next(char **at)
{
	const char *word = *at;
	*at += strlen(word) + 1;
	return word;
}

/* The child becomes what the request asks for. The system's own calls: those of the shim count. argc stands before argv. */
static void become(char *at, const char *end, char **argv, const char *folder, const char *output)
{
	const int out = (int)syscall(SYS_openat, AT_FDCWD, output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (out < 0 || chdir(folder) != 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(99);
	syscall(SYS_close, out);
	unsetenv("FAULT_SERVER");
	for (int n = atoi(next(&at)); n > 0; n--)
		putenv((char *)next(&at));
	long argc = 1;
	while (at < end && argc < WORDS)
		argv[argc++] = (char *)next(&at);
	argv[argc] = NULL;
	((long *)argv)[-1] = argc;
}

static int wait_for(pid_t child, double seconds, const sigset_t *set, int *late)
{
	const int64_t ns = (int64_t)(1e9 * seconds);
	const struct timespec limit = {ns / 1000000000, ns % 1000000000};
	int status = 0;
	*late = sigtimedwait(set, NULL, &limit) < 0;
	if (*late)
		kill(child, SIGKILL);
	waitpid(child, &status, 0);
	/* one that ended just when it was to be killed leaves a signal behind */
	static const struct timespec now = {0};
	while (*late && sigtimedwait(set, NULL, &now) > 0)
		;
	return status;
}

void serve(char **argv)
{
	static char request[1 << 16]; /* stays: the child's environment and words lie in it */
	const char *number = getenv("FAULT_SERVER");
	sigset_t set, before;
	if (!number)
		return;
	const int fd = atoi(number);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	for (;;) {
		const ssize_t size = recv(fd, request, sizeof request, 0);
		if (size <= 0)
			_exit(0);
		char *at = request;
		const double seconds = strtod(next(&at), NULL);
		const char *folder = next(&at), *output = next(&at);
		const pid_t child = fork();
		if (child == 0) {
			syscall(SYS_close, fd);
			sigprocmask(SIG_SETMASK, &before, NULL);
			become(at, request + size, argv, folder, output);
			return;
		}
		int answer[2];
		answer[0] = child < 0 ? 99 << 8 : wait_for(child, seconds, &set, &answer[1]);
		if (send(fd, answer, sizeof answer, 0) < 0)
			_exit(0);
	}
}
