/* test_every_byte.c: every byte of a small segment and of a result file is flipped, in two ways, and both are cut at every length:
 * each such file is refused, or holds the very same numbers. Under a sanitiser, which takes half an hour for all, one place in
 * PACE. */
#include "sample.h"

#include "store/reader.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { PACE = 101 };
#else
enum { PACE = 1 };
#endif

#define TINY_STUDY                                                                                                     \
	"title: A study of next to nothing\n"                                                                          \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: 1, width: 4, activation: [tanh, relu] }\n"                                                    \
	"train: { loss: bce, batch: full, steps: 20 }\n"                                                               \
	"log: { every: 10, metrics: [train_loss, grad_norm], weights: [final] }\n"

/* A file that is changed in place, and what it should say. */
struct victim {
	char path[400], good[400];
	bool segment;
	char *bytes;
	size_t size;
	int fd;
	size_t refused, harmless;
};

static void look(struct victim *victim, const char *how, size_t at)
{
	struct err err = {0};
	struct result result;
	struct text lines = TEXT_INIT;
	const enum file_state state = reader_open(&result, victim->path, victim->segment, false, &err);
	if (state != FILE_GOOD) {
		victim->refused++;
		assert_int_equal(err.kind, ERR_INPUT);
		return;
	}
	result_close(&result);
	const int n = result_diff(victim->good, victim->path, &lines, &err);
	if (n != 0)
		fail_msg("%s at byte %zu of %zu passes unseen: %s", how, at, victim->size, n < 0 ? err.text : lines.at);
	victim->harmless++;
	text_release(&lines);
}

static void put(struct victim *victim, const char *bytes, size_t n, size_t at)
{
	assert_int_equal(pwrite(victim->fd, bytes, n, (off_t)at), (ssize_t)n);
}

static void flip_and_cut(struct sample *sample, const char *file, bool segment)
{
	struct victim victim = {.segment = segment};
	struct err err = {0};
	snprintf(victim.path, sizeof victim.path, "%s", sample_path(sample, file));
	snprintf(victim.good, sizeof victim.good, "%s", sample_path(sample, "good.h5"));
	victim.bytes = sample_bytes(victim.path, &victim.size);
	must(file_replace(victim.good, victim.bytes, victim.size, &err));
	victim.fd = open(victim.path, O_WRONLY | O_CLOEXEC);
	assert_true(victim.fd >= 0);
	for (size_t at = 0; at < victim.size; at += PACE) {
		const char bit = (char)(victim.bytes[at] ^ (1 << at % 8)), all = (char)~victim.bytes[at];
		put(&victim, &bit, 1, at);
		look(&victim, "a flipped bit", at);
		put(&victim, &all, 1, at);
		look(&victim, "a flipped byte", at);
		put(&victim, victim.bytes + at, 1, at);
	}
	for (size_t cut = 1; cut <= victim.size; cut += PACE) {
		assert_int_equal(ftruncate(victim.fd, (off_t)(victim.size - cut)), 0);
		look(&victim, "a cut", victim.size - cut);
	}
	print_message("%s of %zu bytes: %zu damages refused, %zu harmless\n", segment ? "segment" : "result file",
		      victim.size, victim.refused, victim.harmless);
	/* only the 32 bytes of the seal may go unnoticed, and never those of a segment */
	assert_true(victim.harmless <= (segment ? 0 : 3 * 32));
	assert_int_equal(victim.refused + victim.harmless, 3 * ((victim.size + PACE - 1) / PACE));
	close(victim.fd);
	free(victim.bytes);
}

static void segment(void **state)
{
	struct sample sample;
	char name[256], inside[300];
	sample_init(&sample, TINY_STUDY);
	struct store *store = sample_open(&sample, NULL);
	sample_commit(&sample, store, 0, 2, 2);
	store_close(store);
	assert_int_equal(sample_count(sample_path(&sample, "small.parts"), ".h5", name), 1);
	snprintf(inside, sizeof inside, "small.parts/%s", name);
	flip_and_cut(&sample, inside, true);
	sample_release(&sample);
}

static void result_file(void **state)
{
	struct sample sample;
	sample_init(&sample, TINY_STUDY);
	sample_finish(&sample);
	flip_and_cut(&sample, "small.h5", false);
	sample_release(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segment),
		cmocka_unit_test(result_file),
	};
	return cmocka_run_group_tests_name("every byte", tests, NULL, NULL);
}
