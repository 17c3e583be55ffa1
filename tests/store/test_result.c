/* test_result.c: what is read is what was committed, bit for bit; settings are columns with words; diff sees one flipped bit;
 * claims and inputs are written. */
#include "sample.h"

#include <hdf5.h>
#include <time.h>

#include "store/columns.h"
#include "store/reader.h"

#define WIDTHS_STUDY(widths)                                                                                           \
	"title: t\nquestion: q\nsource: s\ndata: { set: circles, train: 20, test: 10 }\n"                              \
	"model: { depth: 2, width: " widths " }\ntrain: { loss: bce, batch: full, steps: 20 }\n"                       \
	"seed: { range: 2 }\nlog: { every: 10, metrics: [train_loss] }\n"

static struct sample sample;

static int set_up(void **state)
{
	sample_init(&sample, SAMPLE_STUDY);
	sample_finish(&sample);
	return 0;
}

static int tear_down(void **state)
{
	sample_release(&sample);
	return 0;
}

static bool same(double a, double b)
{
	return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void frame(void **state)
{
	struct err err = {0};
	struct result result;
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_int_equal(result.R, 24);
	assert_int_equal(result.L, 4);
	assert_int_equal(result.S, 4); /* 0, 7 of the diverged runs, 10, 20 */
	assert_int_equal(result.step[1], 7);
	assert_int_equal(result.step[3], 20);
	for (size_t r = 0; r < result.R; r++) {
		assert_true(result.hash[r] == sample.plan.run[r].hash);
		assert_int_equal(result.status[r], sample.trace[r]->status);
	}
	assert_string_equal(result.title, sample.study.title);
	assert_string_equal(result.question, "Does what goes in come out?");
	assert_string_equal(result.source, "the tests");
	assert_string_equal(result.spec, sample.study.resolved);
	assert_string_equal(result_attribute(&result, "git_commit"), "c0ffee");
	assert_string_equal(result_attribute(&result, "threads"), "2");
	assert_string_equal(result_attribute(&result, "self_test"), "0123456789abcdef");
	assert_string_equal(result_attribute(&result, "schema_version"), "1");
	assert_string_equal(result_attribute(&result, "nonsense"), "");
	result_close(&result);
}

/* Every number of every trace, and nothing but NaN elsewhere. */
static void numbers(void **state)
{
	struct err err = {0};
	struct result result;
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	for (int id = 0; id < METRIC_N; id++) {
		if (!(result.has & METRIC_BIT(id))) {
			assert_null(result_metric(&result, (enum metric_id)id, &err));
			assert_int_equal(err.kind, ERR_INPUT);
			continue;
		}
		const double *array = result_metric(&result, (enum metric_id)id, &err);
		assert_non_null(array);
		assert_ptr_equal(array, result_metric(&result, (enum metric_id)id, &err));
		const int S = metrics[id].shape == METRIC_RUN ? 1 : result.S;
		const int L = metrics[id].shape == METRIC_LAYER ? result.L : 1;
		for (size_t r = 0; r < result.R; r++) {
			struct trace *trace = sample.trace[r];
			for (int s = 0, own = 0; s < S; s++) {
				const bool logged = S == 1 || (own < trace->S && trace->step[own] == result.step[s]);
				for (int l = 1; l <= L; l++) {
					const double x =
						array[(r * (size_t)S + (size_t)s) * (size_t)L + (size_t)(l - 1)];
					const bool there = logged && l <= trace->L;
					assert_true(
						same(x, there ? *trace_at(trace, (enum metric_id)id, own, l) : NAN));
				}
				own += logged;
			}
		}
	}
	assert_true(result.has & METRIC_BIT(METRIC_SATURATION));
	assert_false(result.has & METRIC_BIT(METRIC_DELTA_RMS));
	result_close(&result);
}

static void settings_are_columns(void **state)
{
	struct err err = {0};
	struct result result;
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	int expected = 0;
	for (size_t k = 0; k < key_table.n; k++) {
		const struct column *column = result_column(&result, &keys[k]);
		assert_true((column != NULL) == (strcmp(keys[k].section, "log") != 0));
		expected += column != NULL;
		for (size_t r = 0; column && r < result.R; r++) {
			struct settings settings;
			struct text word = TEXT_INIT;
			plan_settings(&sample.plan, r, &settings);
			const struct value value = key_get(&keys[k], &settings);
			if (column->words == 0) {
				assert_true(same(column->number[r], value_number(&keys[k], value)));
				continue;
			}
			text_add(&word, "%s", "");
			value_word(&keys[k], value, &word);
			assert_string_equal(column->word[(int)column->number[r]], word.at);
			text_release(&word);
		}
	}
	assert_int_equal(result.columns, expected);
	const struct column *width = result_column(&result, &keys[table_find(&key_table, "width")]);
	assert_int_equal(width->words, 2);
	assert_string_equal(width->word[1], "5,6,7");
	const struct column *path = result_column(&result, &keys[table_find(&key_table, "path")]);
	assert_int_equal(path->words, 1);
	assert_string_equal(path->word[0], "");
	result_close(&result);
}

/* Words with blanks and percent signs survive flag_meanings. */
static void words_are_escaped(void **state)
{
	static const char *const word[] = {"a b%20/c", "", "%", "128,64", "\tü\n\x7f", "%zz%"};
	struct text all = TEXT_INIT;
	struct pool pool = POOL_INIT;
	int n;
	for (int i = 0; i < 6; i++) {
		text_add(&all, "%s", i > 0 ? " " : "");
		word_escape(word[i], &all);
	}
	assert_int_equal(strcspn(all.at, "\t\n\x7f"), all.length);
	const char *const *split = words_split(all.at, &pool, &n);
	assert_int_equal(n, 6);
	for (int i = 0; i < 6; i++)
		assert_string_equal(split[i], word[i]);
	static const char *const read[] = {"%zz", "4%2", "%4", "%4z%", "aA"}; /* what nobody escaped stays as it is */
	split = words_split("%zz 4%2 %4 %4z% a%41", &pool, &n);
	assert_int_equal(n, 5);
	for (int i = 0; i < 5; i++)
		assert_string_equal(split[i], read[i]);
	pool_release(&pool);
	text_release(&all);
}

/* Widths that are all numbers stay numbers; yes and no are words. */
static void plain_widths_are_numbers(void **state)
{
	struct sample other;
	struct err err = {0};
	struct result result;
	sample_init(&other, PLAIN_STUDY);
	sample_finish(&other);
	must(result_open(&result, sample_path(&other, "small.h5"), &err));
	const struct column *width = result_column(&result, &keys[table_find(&key_table, "width")]);
	const struct column *bias = result_column(&result, &keys[table_find(&key_table, "bias")]);
	assert_int_equal(width->words, 0);
	assert_true(width->number[0] == 4 && width->number[result.R - 1] == 8);
	assert_int_equal(bias->words, 2);
	assert_string_equal(bias->word[(int)bias->number[0]], "true");
	result_close(&result);
	sample_release(&other);
}

/* Orphans keep their settings and numbers through two rewrites without a plan that knows them. */
static void orphans_come_back_the_same(void **state)
{
	struct sample all;
	struct study less;
	struct plan plan;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	const char *cut[] = {"activation=tanh", "depth=3"};
	sample_init(&all, SAMPLE_STUDY);
	sample_finish(&all);
	for (int pass = 1; pass <= 2; pass++) {
		must(study_parse(&less, SAMPLE_STUDY, strlen(SAMPLE_STUDY), "small", "", pass, cut, &err));
		must(plan_build(&plan, &less, sample_identity, &err));
		struct store *store = sample_open(&all, NULL);
		must(store_compact(store, &plan, false, &sample_provenance, &err));
		store_close(store);
		plan_release(&plan);
		study_release(&less);
	}
	struct store *store = sample_open(&all, NULL);
	must(store_compact(store, &all.plan, false, &sample_provenance, &err));
	store_close(store);
	assert_int_equal(result_diff(sample_path(&sample, "small.h5"), sample_path(&all, "small.h5"), &lines, &err), 0);
	text_release(&lines);
	sample_release(&all);
}

/* Opens small.h5, lets HDF5 change it, and closes it: what another program would do. */
static hid_t open_to_change(const char *path)
{
	const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
	assert_true(file >= 0);
	return file;
}

static int diff_after(void (*change)(struct sample *), struct text *lines)
{
	struct sample other;
	struct err err = {0};
	sample_init(&other, SAMPLE_STUDY);
	change(&other);
	sample_finish(&other);
	const int n = result_diff(sample_path(&sample, "small.h5"), sample_path(&other, "small.h5"), lines, &err);
	sample_release(&other);
	return n;
}

static void change_nothing(struct sample *other)
{
	for (size_t r = 0; r < other->plan.R; r++)
		*other->trace[r]->value[METRIC_WALL_TIME] += 3;
}

static void change_one_bit(struct sample *other)
{
	uint64_t bits;
	double *value = trace_at(other->trace[17], METRIC_SATURATION, 1, 3);
	memcpy(&bits, value, sizeof bits);
	bits ^= isnan(*value) ? UINT64_C(1) << 62 : 1; /* of a NaN: one that makes it a number */
	memcpy(value, &bits, sizeof bits);
}

/* The first −0 there is becomes +0. */
static void change_zero_sign(struct sample *other)
{
	for (size_t r = 0; r < other->plan.R; r++)
		for (int s = 0; s < other->trace[r]->S; s++) {
			double *value = trace_at(other->trace[r], METRIC_TRAIN_LOSS, s, 0);
			if (*value == 0 && signbit(*value)) {
				*value = 0;
				return;
			}
		}
	fail_msg("no −0 in the sample");
}

static void change_status(struct sample *other)
{
	other->trace[5]->status = STATUS_PLATEAU;
}

static void change_weight(struct sample *other)
{
	((float *)other->trace[7]->weights[WEIGHTS_INITIAL].values)[0] = 9;
}

static void change_many(struct sample *other)
{
	for (size_t r = 0; r < other->plan.R; r++)
		*trace_at(other->trace[r], METRIC_GRAD_NORM, 0, 1) = 7;
}

static size_t changed; /* the run of which something is */

/* That run as it was, but for these. */
static void change_shape(struct sample *other, int S, int64_t step, int L, int extra, int bits, metric_set recorded,
			 unsigned weights)
{
	struct err err = {0};
	struct trace *old = other->trace[changed];
	int n[8];
	int64_t steps[8];
	for (int l = 0; l <= L; l++)
		n[l] = old->n[l < old->L ? l : old->L] + (l == 1 ? extra : 0);
	for (int s = 0; s < S; s++)
		steps[s] = s == 1 ? step : old->step[s];
	struct trace *new = trace_new(S, steps, L, n, old->bias, bits, recorded, weights, &err);
	assert_non_null(new);
	new->status = old->status;
	for (int id = 0; id < METRIC_N; id++)
		for (int s = 0; s < S && new->value[id] && old->value[id]; s++)
			for (int l = 1; l <= L && l <= old->L; l++)
				*trace_at(new, (enum metric_id)id, s, l) = *trace_at(old, (enum metric_id)id, s, l);
	for (int w = 0; w < WEIGHTS_N; w++)
		if (new->weights[w].values &&new->weights[w].n == old->weights[w].n && bits == old->precision_bits)
			memcpy(new->weights[w].values, old->weights[w].values, (size_t)bits / 8 * old->weights[w].n);
		else if (new->weights[w].values)
			memset(new->weights[w].values, 0, (size_t)bits / 8 * new->weights[w].n);
	trace_free(old);
	other->trace[changed] = new;
}

enum { BOTH = 1 << WEIGHTS_INITIAL | 1 << WEIGHTS_FINAL };
#define RECORDED (sample.trace[changed]->recorded)

static void change_steps(struct sample *other)
{
	change_shape(other, 3, 5, sample.trace[changed]->L, 0, 32, RECORDED, BOTH);
}

static void change_number_of_steps(struct sample *other)
{
	change_shape(other, 2, sample.trace[changed]->step[1], sample.trace[changed]->L, 0, 32, RECORDED, BOTH);
}

static void change_depth(struct sample *other)
{
	change_shape(other, 3, sample.trace[changed]->step[1], sample.trace[changed]->L - 1, 0, 32, RECORDED, 0);
}

static void change_metrics(struct sample *other)
{
	change_shape(other, 3, sample.trace[changed]->step[1], sample.trace[changed]->L, 0, 32,
		     RECORDED & ~METRIC_BIT(METRIC_SATURATION), BOTH);
}

static void change_width(struct sample *other)
{
	change_shape(other, 3, sample.trace[changed]->step[1], sample.trace[changed]->L, 2, 32, RECORDED, BOTH);
}

static void change_precision(struct sample *other)
{
	change_shape(other, 3, sample.trace[changed]->step[1], sample.trace[changed]->L, 0, 64, RECORDED, BOTH);
}

static void change_kept_weights(struct sample *other)
{
	change_shape(other, 3, sample.trace[changed]->step[1], sample.trace[changed]->L, 0, 32, RECORDED,
		     1 << WEIGHTS_FINAL);
}

/* Two values of a metric of a run, and one of a metric without steps. */
static void change_three(struct sample *other)
{
	for (int l = 1; l <= 2; l++)
		*trace_at(other->trace[changed], METRIC_GRAD_NORM, 1, l) = 1e9;
	*other->trace[changed]->value[METRIC_FINAL_TRAIN_LOSS] = 1e9;
}

/* What is said of one changed run, either way round. */
static void expect_said(void (*change)(struct sample *), int n, const char *words, const char *backwards)
{
	struct sample other;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	const char *a = sample_path(&sample, "small.h5");
	sample_init(&other, SAMPLE_STUDY);
	change(&other);
	sample_finish(&other);
	const char *b = sample_path(&other, "small.h5");
	assert_int_equal(result_diff(a, b, &lines, &err), n);
	if (!strstr(lines.at, words))
		fail_msg("says: %s", lines.at);
	text_release(&lines);
	assert_int_equal(result_diff(b, a, &lines, &err), n);
	if (!strstr(lines.at, backwards))
		fail_msg("says: %s", lines.at);
	text_release(&lines);
	sample_release(&other);
}

static void diff_sees_other_shapes(void **state)
{
	while (sample.trace[changed]->S != 3 || sample.trace[changed]->L != 4)
		assert_true(++changed < sample.plan.R);
	expect_said(change_steps, 1, "3 logged steps of 4 layers and 3 of 4, or not the same steps",
		    "not the same steps");
	expect_said(change_number_of_steps, 1, "3 logged steps of 4 layers and 2 of 4",
		    "2 logged steps of 4 layers and 3 of 4");
	expect_said(change_depth, 3, "3 logged steps of 4 layers and 3 of 3", "3 logged steps of 3 layers and 3 of 4");
	expect_said(change_metrics, 1, "saturation of run", "only in the second");
	expect_said(change_metrics, 1, "only in the first", "only in the second");
	expect_said(change_width, 2, "initial weights of run", "final weights of run");
	expect_said(change_precision, 2, "initial weights of run", "final weights of run");
	expect_said(change_kept_weights, 1, "initial weights of run", "initial weights of run");
	expect_said(change_three, 2, ", layer 1: ", ", and 1 more of its values");
	expect_said(change_three, 2, "final_train_loss of run", ": 1000000000 and ");
}

static void replace_column(const char *path, const char *name, double first, double second)
{
	double value[24];
	const hid_t file = open_to_change(path), at = H5Dopen2(file, name, H5P_DEFAULT);
	assert_true(H5Dread(at, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
	value[3] = first;
	value[4] = second;
	assert_true(H5Dwrite(at, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
	H5Dclose(at);
	H5Fclose(file);
}

/* The settings of equal runs differ, or one file has no such setting: somebody changed the file. Widths as words are those as numbers. */
static void diff_sees_other_settings(void **state)
{
	struct sample other, plain;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	char words[100];
	const char *a = sample_path(&sample, "small.h5");
	sample_init(&other, SAMPLE_STUDY);
	sample_finish(&other);
	char b[400];
	snprintf(b, sizeof b, "%s", sample_path(&other, "small.h5"));
	replace_column(b, "lr", 7, 8);
	assert_int_equal(result_diff(a, b, &lines, &err), 1);
	struct settings settings;
	const struct key *lr = &keys[table_find(&key_table, "lr")];
	plan_settings(&sample.plan, 3, &settings);
	snprintf(words, sizeof words, "setting lr of run %016llx: %g and 7, 2 of",
		 (unsigned long long)sample.plan.run[3].hash, value_number(lr, key_get(lr, &settings)));
	assert_non_null(strstr(lines.at, words));
	assert_non_null(strstr(lines.at, " and 7, 2 of 24 runs differ"));
	text_release(&lines);
	replace_column(b, "activation", 2, 2);
	assert_int_equal(result_diff(a, b, &lines, &err), 2);
	assert_non_null(strstr(lines.at, "setting activation of run "));
	text_release(&lines);
	const hid_t file = open_to_change(b);
	H5Ldelete(file, "lr", H5P_DEFAULT);
	H5Ldelete(file, "activation", H5P_DEFAULT);
	H5Fclose(file);
	assert_int_equal(result_diff(a, b, &lines, &err), 2);
	assert_non_null(strstr(lines.at, "setting lr is only in '"));
	assert_non_null(strstr(lines.at, a));
	text_release(&lines);
	assert_int_equal(result_diff(b, a, &lines, &err), 2);
	assert_non_null(strstr(lines.at, a));
	assert_null(strstr(lines.at, b));
	text_release(&lines);
	sample_release(&other);

	sample_init(&plain, PLAIN_STUDY);
	sample_finish(&plain);
	const int n = result_diff(a, sample_path(&plain, "small.h5"), &lines, &err);
	assert_int_equal(n, 24 + 32 - 2 * 16); /* the runs that one alone has: nothing else */
	assert_null(strstr(lines.at, "setting"));
	text_release(&lines);
	sample_release(&plain);
}

/* Weights without biases, and the file is the same again when it is merged anew. */
static void weights_without_biases(void **state)
{
	struct sample bare;
	struct err err = {0};
	struct result result;
	const char *text = "title: t\nquestion: q\nsource: s\ndata: { set: circles, train: 20, test: 10 }\n"
			   "model: { depth: 2, width: 3, bias: false }\n"
			   "train: { loss: bce, batch: full, steps: 20 }\nseed: { range: 2 }\n"
			   "log: { every: 10, metrics: [train_loss], weights: [initial, final] }\n";
	sample_init(&bare, text);
	assert_false(bare.trace[0]->bias);
	sample_finish(&bare);
	must(result_open(&result, sample_path(&bare, "small.h5"), &err));
	for (size_t r = 0; r < 2; r++) {
		struct trace *trace = reader_weights(&result, r, &err);
		assert_non_null(trace);
		assert_false(trace->bias);
		for (int w = 0; w < WEIGHTS_N; w++) {
			assert_int_equal(trace->weights[w].n, bare.trace[r]->weights[w].n);
			assert_memory_equal(trace->weights[w].values, bare.trace[r]->weights[w].values,
					    4 * trace->weights[w].n);
		}
		trace_free(trace);
	}
	result_close(&result);
	result_close(&result); /* does nothing more */
	sample_release(&bare);
}

/* A study instead of its result, under each of its names, from its own folder. */
static void studies_are_no_results(void **state)
{
	struct err err = {0};
	struct result result;
	const char *const name[] = {"a.yaml", "./a.yml"};
	char *here = getcwd(NULL, 0);
	assert_int_equal(chdir(sample.dir), 0);
	for (int i = 0; i < 2; i++) {
		must(file_replace(name[i], "title: no result, but longer than a seal is", 43, &err));
		assert_int_equal(result_open(&result, name[i], &err), -1);
		assert_non_null(strstr(err.text, "is a study, not its results"));
		assert_non_null(strstr(err.text, "try: results/a.h5, which"));
		unlink(name[i]);
		err = (struct err){0};
	}
	must(file_replace("plain", "no result either, and longer than a seal is", 43, &err));
	assert_int_equal(result_open(&result, "plain", &err), -1);
	assert_null(strstr(err.text, "is a study"));
	unlink("plain");
	assert_int_equal(chdir(here), 0);
	free(here);
}

/* One width is a number in a file of such widths, and a word beside a list. */
static void a_number_is_its_word(void **state)
{
	struct sample number, list;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	sample_init(&number, WIDTHS_STUDY("[4]"));
	sample_init(&list, WIDTHS_STUDY("[4, [4, 5]]"));
	sample_finish(&number);
	sample_finish(&list);
	const char *a = sample_path(&number, "small.h5"), *b = sample_path(&list, "small.h5");
	assert_int_equal(result_diff(a, b, &lines, &err), (int)(list.plan.R - number.plan.R));
	assert_null(strstr(lines.at, "setting"));
	text_release(&lines);
	assert_int_equal(result_diff(b, a, &lines, &err), (int)(list.plan.R - number.plan.R));
	assert_null(strstr(lines.at, "setting"));
	text_release(&lines);
	sample_release(&number);
	sample_release(&list);
}

/* A time that is none is not taken for one. */
static void time_of_no_number(void **state)
{
	struct sample other;
	struct err err = {0};
	struct result result;
	char before[32], after[32];
	struct tm utc;
	time_t now = time(NULL);
	strftime(before, sizeof before, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	sample_init(&other, SAMPLE_STUDY);
	setenv("SOURCE_DATE_EPOCH", "soon", 1);
	sample_finish(&other);
	unsetenv("SOURCE_DATE_EPOCH");
	now = time(NULL);
	strftime(after, sizeof after, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	must(result_open(&result, sample_path(&other, "small.h5"), &err));
	const char *created = result_attribute(&result, "created");
	assert_true(strcmp(before, created) <= 0 && strcmp(created, after) <= 0);
	result_close(&result);
	sample_release(&other);
}

/* Numbers that others derive from it: found like those that were measured, and freed with it. */
static void derived_numbers(void **state)
{
	struct err err = {0};
	struct result result;
	int id = 0;
	while (id < METRIC_N && !metrics[id].derived)
		id++;
	assert_true(id < METRIC_N);
	must(result_open(&result, sample_path(&sample, "small.h5"), &err));
	assert_null(result_metric(&result, (enum metric_id)id, &err));
	for (int i = 0; i < 2; i++) {
		double *number = malloc(sizeof *number);
		assert_non_null(number);
		result_derive(&result, (enum metric_id)id, number);
		assert_ptr_equal(result_metric(&result, (enum metric_id)id, &err), number);
	}
	result_close(&result);
}

static void diff_sees_everything_but_times(void **state)
{
	struct text lines = TEXT_INIT;
	assert_int_equal(diff_after(change_nothing, &lines), 0);
	assert_int_equal(lines.length, 0);
	assert_int_equal(diff_after(change_one_bit, &lines), 1);
	assert_non_null(strstr(lines.at, "saturation of run"));
	assert_non_null(strstr(lines.at, ", layer 3: "));
	assert_int_equal(diff_after(change_status, &lines), 1);
	assert_int_equal(diff_after(change_weight, &lines), 1);
	assert_non_null(strstr(lines.at, "initial weights of run"));
	assert_int_equal(diff_after(change_zero_sign, &lines), 1);
	assert_int_equal(diff_after(change_many, &lines), 24);
	assert_non_null(strstr(lines.at, "and 21 more"));
	text_release(&lines);
}

static void diff_matches_by_hash(void **state)
{
	struct sample other;
	struct err err = {0};
	struct text lines = TEXT_INIT;
	sample_init(&other, SAMPLE_STUDY);
	/* the same runs in another order, less two */
	for (size_t r = 0; r < 11; r++) {
		const struct planned run = other.plan.run[r];
		struct trace *trace = other.trace[r];
		other.plan.run[r] = other.plan.run[23 - r];
		other.trace[r] = other.trace[23 - r];
		other.plan.run[23 - r] = run;
		other.trace[23 - r] = trace;
	}
	sample_finish(&other);
	const char *a = sample_path(&sample, "small.h5"), *b = sample_path(&other, "small.h5");
	assert_int_equal(result_diff(a, b, &lines, &err), 0);
	unlink(b);
	struct store *store = sample_open(&other, NULL);
	sample_commit(&other, store, 0, 22, 22);
	must(store_compact(store, &other.plan, true, &sample_provenance, &err));
	store_close(store);
	assert_int_equal(result_diff(a, b, &lines, &err), 2);
	assert_int_equal(result_diff(b, a, &lines, &err), 2);
	assert_int_equal(result_diff(a, "/nowhere.h5", &lines, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	text_release(&lines);
	sample_release(&other);
}

/* A file that another program changed has no seal any more but is still read. */
static void changed_by_others_is_read(void **state)
{
	struct sample other;
	struct err err = {0};
	struct result result;
	sample_init(&other, SAMPLE_STUDY);
	sample_finish(&other);
	const char *path = sample_path(&other, "small.h5");
	const hid_t file = open_to_change(path), space = H5Screate(H5S_SCALAR);
	const hid_t attribute = H5Acreate2(file, "remark", H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT);
	const int value = 5;
	assert_true(H5Awrite(attribute, H5T_NATIVE_INT, &value) >= 0);
	H5Aclose(attribute);
	H5Sclose(space);
	H5Fclose(file);
	must(result_open(&result, path, &err));
	assert_int_equal(result.R, 24);
	assert_string_equal(result_attribute(&result, "remark"), "5");
	result_close(&result);
	struct store *store = sample_open(&other, NULL);
	assert_int_equal(store_committed(store), 24);
	store_close(store);
	sample_release(&other);
}

static void claims_are_stored(void **state)
{
	struct err err = {0};
	struct result result;
	struct text lines = TEXT_INIT;
	struct sample other;
	size_t size[2];
	sample_init(&other, SAMPLE_STUDY);
	sample_finish(&other);
	const char *path = sample_path(&other, "small.h5");
	const struct verdict_row row[] = {
		{"the gradient is ≤ 1", "lecture 15", "<= 1", .5, .4, .6, 12, 1, ""},
		{"it grows", NULL, "> 2", 1.5, NAN, NAN, 3, 0, NULL},
		{"nobody knows", "", "== 0", NAN, NAN, NAN, 0, -1, "no run matches"},
	};
	must(result_put_claims(path, 3, row, &err));
	char *first = sample_bytes(path, &size[0]);
	must(result_put_claims(path, 3, row, &err)); /* again: the file does not grow */
	char *second = sample_bytes(path, &size[1]);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(first, second, size[0]);
	free(first);
	free(second);
	must(result_open(&result, path, &err));
	result_close(&result);
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	int8_t pass[3];
	double measured[3];
	char *say[3], *source[3];
	hid_t array = H5Dopen2(file, "claims/pass", H5P_DEFAULT);
	assert_true(H5Dread(array, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, pass) >= 0);
	H5Dclose(array);
	array = H5Dopen2(file, "claims/measured", H5P_DEFAULT);
	assert_true(H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, measured) >= 0);
	H5Dclose(array);
	array = H5Dopen2(file, "claims/say", H5P_DEFAULT);
	const hid_t type = H5Dget_type(array);
	assert_true(H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, say) >= 0);
	H5Dclose(array);
	array = H5Dopen2(file, "claims/source", H5P_DEFAULT);
	assert_true(H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, source) >= 0);
	H5Tclose(type);
	H5Dclose(array);
	H5Fclose(file);
	assert_int_equal(pass[0], 1);
	assert_int_equal(pass[1], 0);
	assert_int_equal(pass[2], 2);
	assert_true(measured[1] == 1.5 && isnan(measured[2]));
	assert_string_equal(say[0], "the gradient is ≤ 1");
	assert_string_equal(source[0], "lecture 15");
	assert_string_equal(source[1], "");
	for (int i = 0; i < 3; i++)
		H5free_memory(say[i]), H5free_memory(source[i]);
	assert_int_equal(result_diff(sample_path(&sample, "small.h5"), path, &lines, &err), 0);
	must(result_put_claims(path, 0, NULL, &err));
	must(result_open(&result, path, &err));
	result_close(&result);
	assert_int_equal(result_put_claims("/nowhere.h5", 3, row, &err), -1);
	text_release(&lines);
	sample_release(&other);
}

/* Numbers of so many bytes, as the study trains. */
static void expect_width(hid_t file, const char *name, size_t bytes)
{
	const hid_t array = H5Dopen2(file, name, H5P_DEFAULT), type = H5Dget_type(array);
	assert_int_equal(H5Tget_class(type), H5T_FLOAT);
	assert_int_equal(H5Tget_size(type), bytes);
	H5Tclose(type);
	H5Dclose(array);
}

static void inputs_are_written(void **state)
{
	enum { N = 600, I = 3 };
	static double values[N * I], read[N * I];
	static int32_t labels[N], read_labels[N];
	const double shift[I] = {1, 2, 3}, scale[I] = {.5, .25, 2};
	struct err err = {0};
	for (int i = 0; i < N * I; i++)
		values[i] = i * .125;
	for (int i = 0; i < N; i++)
		labels[i] = i % 3;
	struct dataset data = {.I = I, .classes = 3, .shift = shift, .scale = scale, .identity = 7};
	data.train = (struct examples){.n = N, .values = values, .labels = labels};
	data.test = (struct examples){.n = 1, .values = values, .labels = labels};
	const char *path = sample_path(&sample, "inputs.h5");
	must(store_write_data(path, &data, 64, &err));
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	expect_width(file, "train/X", 8);
	expect_width(file, "test/X", 8);
	hid_t array = H5Dopen2(file, "train/X", H5P_DEFAULT);
	assert_true(H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0);
	H5Dclose(array);
	array = H5Dopen2(file, "train/y", H5P_DEFAULT);
	assert_true(H5Dread(array, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, read_labels) >= 0);
	H5Dclose(array);
	H5Fclose(file);
	for (int i = 0; i < N * I; i++)
		assert_true(read[i] == (values[i] - shift[i % I]) * scale[i % I]);
	assert_memory_equal(read_labels, labels, sizeof labels);
	double targets[2 * 2] = {1, 2, 3, 4}, read_targets[4];
	data.targets = 2;
	data.train = (struct examples){.n = 2, .values = values, .targets = targets};
	data.test = data.train;
	must(store_write_data(path, &data, 32, &err));
	const hid_t again = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	expect_width(again, "train/X", 4);
	expect_width(again, "test/X", 4);
	array = H5Dopen2(again, "test/y", H5P_DEFAULT);
	assert_true(H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read_targets) >= 0);
	assert_memory_equal(read_targets, targets, sizeof targets);
	H5Dclose(array);
	H5Fclose(again);
	assert_int_equal(store_write_data("/dev/null/x.h5", &data, 32, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
}

static void library_has_a_version(void **state)
{
	unsigned major, minor, release;
	char text[64];
	H5get_libversion(&major, &minor, &release);
	snprintf(text, sizeof text, "HDF5 %u.%u.%u", major, minor, release);
	assert_string_equal(store_library(), text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame),
		cmocka_unit_test(numbers),
		cmocka_unit_test(settings_are_columns),
		cmocka_unit_test(words_are_escaped),
		cmocka_unit_test(plain_widths_are_numbers),
		cmocka_unit_test(orphans_come_back_the_same),
		cmocka_unit_test(diff_sees_everything_but_times),
		cmocka_unit_test(diff_sees_other_shapes),
		cmocka_unit_test(diff_sees_other_settings),
		cmocka_unit_test(a_number_is_its_word),
		cmocka_unit_test(time_of_no_number),
		cmocka_unit_test(derived_numbers),
		cmocka_unit_test(weights_without_biases),
		cmocka_unit_test(studies_are_no_results),
		cmocka_unit_test(diff_matches_by_hash),
		cmocka_unit_test(changed_by_others_is_read),
		cmocka_unit_test(claims_are_stored),
		cmocka_unit_test(inputs_are_written),
		cmocka_unit_test(library_has_a_version),
	};
	return cmocka_run_group_tests_name("result", tests, set_up, tear_down);
}
