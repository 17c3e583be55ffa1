/* child.h: a process with little to lose, for HDF5 to meet files in that somebody may have crafted. They crash it, hang it, use
 * up the memory or make it read other files: so no other file can be opened in the child, nothing written, and memory and time
 * are limited. It says what it found over a pipe, and ends. */
#ifndef FATHOM_CHILD_H
#define FATHOM_CHILD_H

#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

/* How the child's life ended. */
enum child_end {
	CHILD_SAID,    /* it came to its answer */
	CHILD_CRASHED, /* died in HDF5, or ran away; err, ERR_INPUT: what the file is blamed for */
	CHILD_SYSTEM,  /* it could not begin, or not end; err */
};

/* Runs work(path, to, with) in a child that may have one more file open at a time. It must end in child_answer. *said: what it
 * said, until it died if it did. */
enum child_end child_run(const char *path, void (*work)(const char *path, int to, void *with), void *with,
			 struct text *said, struct err *err);

/* In the child: something for the parent; more may follow. */
void child_say(int to, const void *bytes, size_t size);
/* In the child: a letter and what it stands for, to the parent; ends the child. */
void child_answer(int to, char kind, const void *bytes, size_t size) __attribute__((noreturn));

/* Bytes that the child may take beyond what this process has. */
size_t child_memory(void);

#endif
