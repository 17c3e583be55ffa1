/* libfuzzer.c: one target, named by the environment variable FUZZ_TARGET (libFuzzer starts itself again with other arguments). */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");
	target = name ? fuzz_find(name) : NULL;
	if (target)
		return 0;
	fprintf(stderr, "FUZZ_TARGET is one of:");
	for (size_t i = 0; i < fuzz_targets_n; i++)
		fprintf(stderr, " %s:%zu", fuzz_targets[i].name, fuzz_targets[i].most);
	fprintf(stderr, "\n");
	exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_eat(target, bytes, size);
	return 0;
}
