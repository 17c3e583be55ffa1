/* fuzz.h: arbitrary bytes for every parser and every escaping of the program. One row a target; libfuzzer.c drives them with
 * libFuzzer (`make fuzz`), test_corpus.c with the files of corpus/NAME (`make test`). A target returns when all is well and
 * aborts, by REQUIRE, when what it promises does not hold; crashes and sanitisers tell the rest. */
#ifndef FATHOM_FUZZ_H
#define FATHOM_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct fuzz_target {
	const char *name;
	void (*eat)(const char *bytes, size_t size); /* bytes[size] is '\0' */
	size_t most;                                 /* bytes that libFuzzer makes */
};

extern const struct fuzz_target fuzz_targets[];
extern const size_t fuzz_targets_n;

/* By name; NULL: there is none. */
const struct fuzz_target *fuzz_find(const char *name);
/* Copies the bytes and ends the copy in '\0', so that reading behind them is seen. */
void fuzz_eat(const struct fuzz_target *target, const uint8_t *bytes, size_t size);

#define REQUIRE(what)                                                                                                  \
	do {                                                                                                           \
		if (!(what)) {                                                                                         \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what);                      \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

/* on_spec.c */
void eat_study(const char *bytes, size_t size);
void eat_claims(const char *bytes, size_t size);
void eat_words(const char *bytes, size_t size);
void eat_where(const char *bytes, size_t size);
void eat_number(const char *bytes, size_t size);
/* on_data.c */
void eat_idx(const char *bytes, size_t size);
void eat_gzip(const char *bytes, size_t size);
void eat_csv(const char *bytes, size_t size);
/* on_store.c */
void eat_seal(const char *bytes, size_t size);
void eat_folder(const char *bytes, size_t size);
/* on_text.c */
void eat_terminal(const char *bytes, size_t size);
void eat_document(const char *bytes, size_t size);
void eat_gnuplot(const char *bytes, size_t size);
void eat_table(const char *bytes, size_t size);

#endif
