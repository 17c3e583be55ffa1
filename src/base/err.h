/* err.h: what went wrong, where, and what to do about it.
 *
 * A function that can fail takes a struct err * last and returns 0, or -1 with the err filled. Nothing below the
 * command line prints or exits. A bug of ours is not an err: BUG() aborts; nor is the want of a few bytes: NO_MEMORY() ends
 * the program with code 3. A diverged run is not an err: it is data.
 *
 * Style of a message: fault first, lower case, 'quoted' names, no full stop; then lines of context added by the
 * callers on the way up ("in experiments/x.yaml", "try: ...").
 */
#ifndef FATHOM_ERR_H
#define FATHOM_ERR_H

#ifdef __FAST_MATH__
#error "-ffast-math changes sums and what is NaN: results would not be those of the numerics version"
#endif

#include <stdio.h>
#include <stdlib.h>

/* The kind is the exit code of the program. */
enum err_kind {
	ERR_NONE = 0,
	ERR_INPUT = 2,  /* wrong usage or input: the user can mend it */
	ERR_SYSTEM = 3, /* the system refused: memory, disk, a missing program */
};

struct err {
	enum err_kind kind;
	size_t length;
	char text[16384]; /* lines, the last one without a newline; cut with "…" when full */
};

/* err_set(err, kind, format, ...) sets the fault, forgetting an earlier one. Returns -1. */
#define err_set(...) (err_put(__VA_ARGS__), err_told())

/* err_errno(err, format, ...): err_set(ERR_SYSTEM) with ": " and strerror(errno) behind; errno stays. Returns -1. */
#define err_errno(...) (err_put_errno(__VA_ARGS__), err_told())

/* err_add(err, format, ...) adds a line: context, or one more fault of the same input; sets ERR_INPUT if there was no fault yet.
 * Returns -1. */
#define err_add(...) (err_put_line(__VA_ARGS__), err_told())

/* Their parts: that -1 comes back is seen where it is used, by whoever reads a single file: gcc -fanalyzer (make analyze). */
void err_put(struct err *err, enum err_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
void err_put_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void err_put_line(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline int err_told(void)
{
	return -1;
}

#define BUG(...)                                                                                                       \
	do {                                                                                                           \
		fprintf(stderr, "fathom: bug at %s:%d: ", __FILE__, __LINE__);                                         \
		fprintf(stderr, __VA_ARGS__);                                                                          \
		fputc('\n', stderr);                                                                                   \
		abort();                                                                                               \
	} while (0)

/* Memory is short for something so small that nothing sensible is left to do: not a bug, but the end, with the exit code and
 * the look of every other refusal of the system. What is committed is safe. */
#define NO_MEMORY(...)                                                                                                 \
	do {                                                                                                           \
		fprintf(stderr, "fathom: ");                                                                           \
		fprintf(stderr, __VA_ARGS__);                                                                          \
		fputc('\n', stderr);                                                                                   \
		_Exit(ERR_SYSTEM);                                                                                     \
	} while (0)

#endif
