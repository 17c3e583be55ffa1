/* verdicts.c: /claims of a result file: see store.h. The file is changed in memory and written whole. */
#include <string.h>
#include <xxhash.h>

#include "base/file.h"
#include "store/h5.h"
#include "store/reader.h"
#include "store/seal.h"

enum { PASS_FAILED, PASS_PASSED, PASS_NOT_EVALUATED, PASS_N };
static const char *const pass_words[PASS_N] = {"failed", "passed", "not_evaluated"};

/* One array along the claims. */
static void put(struct image *image, hid_t group, const struct dim *claim, const char *name, const char *about,
		enum kind kind, const void *values)
{
	struct variable variable = {
		.name = name, .long_name = about, .units = "1", .kind = kind, .rank = 1, .dim = {claim}};
	if (kind == KIND_I8) {
		variable.words = PASS_N;
		variable.word = pass_words;
	}
	const hid_t dataset = image_variable(image, group, &variable);
	image_put_all(image, dataset, &variable, kind, values);
	image_close(image, dataset);
}

static const char *word_of(const char *text)
{
	return text ? text : "";
}

/* What stands in /claims as one word: it need not be written again, and the file does not grow. */
static void fingerprint(size_t n, const struct verdict_row *row, char word[32])
{
	struct text all = TEXT_INIT;
	for (size_t i = 0; i < n; i++)
		text_add(&all, "%s\n%s\n%s\n%s\n%a %a %a %lld %d\n", word_of(row[i].say), word_of(row[i].source),
			 word_of(row[i].expect), word_of(row[i].note), row[i].measured, row[i].low, row[i].high,
			 (long long)row[i].n, row[i].pass);
	snprintf(word, 32, "%016llx", (unsigned long long)XXH3_64bits(all.at ? all.at : "", all.length));
	text_release(&all);
}

static bool are_there(const struct result *result, size_t n, const char *word)
{
	if (!reader_has(result, "claims"))
		return n == 0;
	const hid_t group = H5Gopen2(result->reader->file, "claims", H5P_DEFAULT);
	const char *found = reader_text(result, group, "xxh3");
	H5Gclose(group);
	return found && strcmp(found, word) == 0;
}

static void put_claims(struct image *image, size_t n, const struct verdict_row *row, const char *word,
		       struct pool *pool)
{
	const char **text[4] = {POOL_TAKE(pool, const char *, n), POOL_TAKE(pool, const char *, n),
				POOL_TAKE(pool, const char *, n), POOL_TAKE(pool, const char *, n)};
	double *number[3] = {POOL_TAKE(pool, double, n), POOL_TAKE(pool, double, n), POOL_TAKE(pool, double, n)};
	int64_t *index = POOL_TAKE(pool, int64_t, n), *count = POOL_TAKE(pool, int64_t, n);
	int8_t *pass = POOL_TAKE(pool, int8_t, n);
	struct dim claim = {"claim", n, H5I_INVALID_HID};
	for (size_t i = 0; i < n; i++) {
		text[0][i] = word_of(row[i].say);
		text[1][i] = word_of(row[i].source);
		text[2][i] = word_of(row[i].expect);
		text[3][i] = word_of(row[i].note);
		number[0][i] = row[i].measured;
		number[1][i] = row[i].low;
		number[2][i] = row[i].high;
		index[i] = (int64_t)i;
		count[i] = row[i].n;
		pass[i] = row[i].pass < 0 ? PASS_NOT_EVALUATED : row[i].pass ? PASS_PASSED : PASS_FAILED;
	}
	const hid_t group = image_group(image, image->file, "claims");
	image_text(image, group, "xxh3", word);
	image_scale(image, group, &claim, "place of the claim in the study", index);
	put(image, group, &claim, "say", "what is claimed", KIND_TEXT, text[0]);
	put(image, group, &claim, "source", "where the claim is from", KIND_TEXT, text[1]);
	put(image, group, &claim, "expect", "what the number must be", KIND_TEXT, text[2]);
	put(image, group, &claim, "measured", "the number that was measured", KIND_F64, number[0]);
	put(image, group, &claim, "low", "lower end of its 95 % interval", KIND_F64, number[1]);
	put(image, group, &claim, "high", "upper end of its 95 % interval", KIND_F64, number[2]);
	put(image, group, &claim, "n", "runs, pairs or fits behind the number", KIND_I64, count);
	put(image, group, &claim, "pass", "verdict", KIND_I8, pass);
	put(image, group, &claim, "note", "why it could not be evaluated, or a remark", KIND_TEXT, text[3]);
	image_close(image, claim.scale);
	image_close(image, group);
}

int result_put_claims(const char *path, size_t n, const struct verdict_row *row, struct err *err)
{
	struct result result;
	struct image image;
	struct pool pool = POOL_INIT;
	char *bytes = NULL, *changed = NULL, word[32];
	size_t size, new_size;
	uint64_t hash;
	if (reader_open(&result, path, false, false, err) != FILE_GOOD)
		return -1;
	fingerprint(n, row, word);
	const bool done_before = are_there(&result, n, word), sealed = result.sealed;
	const int sure = result_sure(&result, err);
	result_close(&result);
	if (sure != 0 || done_before)
		return sure;
	if (!sealed) /* to seal it would be to vouch for what another program did */
		return err_set(err, ERR_INPUT, "another program has changed '%s': it has no checksum", path);
	if (file_read(path, SIZE_MAX / 2, &bytes, &size, err) != 0)
		return -1;
	image_reopen(&image, bytes, size);
	if (image.fault[0] == '\0' && H5Lexists(image.file, "claims", H5P_DEFAULT) > 0 &&
	    H5Ldelete(image.file, "claims", H5P_DEFAULT) < 0)
		image_fail(&image, "replace", "claims");
	if (n > 0)
		put_claims(&image, n, row, word, &pool);
	int done = image_end(&image, &changed, &new_size, &hash, err);
	if (done == 0)
		done = file_replace(path, changed, new_size, err);
	pool_release(&pool);
	free(changed);
	free(bytes);
	return done;
}
