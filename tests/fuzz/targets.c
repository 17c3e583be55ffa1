/* targets.c: the table of fuzz.h */
#include "fuzz.h"

#include <string.h>

const struct fuzz_target fuzz_targets[] = {
	{"study", eat_study, 4096},       /* a study file: its plan and its resolved form; faults */
	{"claims", eat_claims, 2048},     /* claims and figures of a fixed study */
	{"words", eat_words, 512},        /* KEY=VALUE of the command line, one a line */
	{"where", eat_where, 512},        /* conditions (--where), one a line, and the text of `expect` */
	{"number", eat_number, 64},       /* numbers: reading and writing */
	{"idx", eat_idx, 4096},           /* the bytes of an IDX file, plain or gzipped */
	{"gzip", eat_gzip, 4096},         /* the same, gzipped here: what is inside of the compression */
	{"csv", eat_csv, 4096},           /* a CSV file */
	{"seal", eat_seal, 1024},         /* the checksum of a result file */
	{"folder", eat_folder, 512},      /* names of files in a folder of segments, one a line */
	{"terminal", eat_terminal, 1024}, /* text on its way to a terminal */
	{"document", eat_document, 1024}, /* text on its way into HTML, TeX, Markdown and plain text */
	{"gnuplot", eat_gnuplot, 1024},   /* text on its way into a drawing */
	{"table", eat_table, 2048},       /* the table behind a figure, read back */
};

const size_t fuzz_targets_n = sizeof fuzz_targets / sizeof *fuzz_targets;

const struct fuzz_target *fuzz_find(const char *name)
{
	for (size_t i = 0; i < fuzz_targets_n; i++)
		if (strcmp(fuzz_targets[i].name, name) == 0)
			return &fuzz_targets[i];
	return NULL;
}

void fuzz_eat(const struct fuzz_target *target, const uint8_t *bytes, size_t size)
{
	char *copy = malloc(size + 1);
	REQUIRE(copy);
	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	target->eat(copy, size);
	free(copy);
}
