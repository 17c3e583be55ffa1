/* test_show.c: the tables of fathom show on numbers chosen here. */
#include "made.h"

#include "net/act.h"
#include "report/show.h"

#define STUDY                                                                                                          \
	"title: made\n"                                                                                                \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [4, 2], width: 3, activation: [tanh, relu], init: he-normal }\n"                              \
	"train: { loss: bce, lr: 1, batch: full, steps: 20 }\n"                                                        \
	"seed: { range: 3 }\n"                                                                                         \
	"log: { every: 10, metrics: [train_loss, grad_norm, saturation] }\n"

/* final loss: depth + seed; the last seed of relu at depth 4 diverges at once. */
static void fill(struct trace *trace, const struct settings *s)
{
	const bool gone = s->depth == 4 && s->seed == 2 && s->activation == table_find(&act_table, "relu");
	trace_put(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0, gone ? NAN : (double)(s->depth + s->seed));
	for (int l = 1; l <= trace->L; l++)
		trace_put(trace, METRIC_GRAD_NORM, 0, l, l);
	if (gone) {
		trace->status = STATUS_DIVERGED;
		trace_put(trace, METRIC_DIVERGED_AT, 0, 0, 5);
	}
}

static char *shown(const struct show_options *options)
{
	static struct err err;
	struct made made;
	struct text out = TEXT_INIT;
	made_open(&made, STUDY, fill);
	must(show_table(&made.result, options, &out, &err));
	made_close(&made);
	return out.at;
}

static const struct place at_start = {PLACE_FIRST, 0};

static void every_key_that_varies_makes_lines(void **state)
{
	const enum metric_id loss = METRIC_FINAL_TRAIN_LOSS;
	char *csv = shown(&(struct show_options){
		.n_by = -1, .metrics = 1, .metric = &loss, .at = at_start, .stat = SHOW_MEDIAN, .format = SHOW_CSV});
	assert_string_equal(csv,
			    "depth,activation,n,diverged,final_train_loss,final_train_loss_low,final_train_loss_high\n"
			    "2,tanh,3,0,3,,\n"
			    "2,relu,3,0,3,,\n"
			    "4,tanh,3,0,5,,\n"
			    "4,relu,3,0.3333333333333333,5,,\n");
	free(csv);
}

static void pooled_keys_are_named(void **state)
{
	const struct key *const by[] = {&keys[table_find(&key_table, "depth")]};
	const enum metric_id gradient = METRIC_GRAD_NORM;
	struct show_options options = {.n_by = 1,
				       .by = by,
				       .metrics = 1,
				       .metric = &gradient,
				       .at = {PLACE_LAST, 0},
				       .stat = SHOW_MEAN,
				       .format = SHOW_JSON};
	char *json = shown(&options);
	assert_string_equal(json,
			    "{\"by\": [\"depth\"], \"pooled\": [\"activation\"], \"stat\": \"mean\",\n \"rows\": [\n"
			    "  {\"depth\": 2, \"n\": 6, \"diverged\": 0, \"grad_norm\": {\"n\": 6, \"mean\": 3, "
			    "\"low\": 3, \"high\": 3}},\n"
			    "  {\"depth\": 4, \"n\": 6, \"diverged\": 0.16666666666666666, \"grad_norm\": {\"n\": 6, "
			    "\"mean\": 5, \"low\": 5, "
			    "\"high\": 5}}\n]}\n");
	free(json);
	options.format = SHOW_TABLE;
	char *table = shown(&options);
	assert_string_equal(table, "depth  n  diverged  grad_norm\n"
				   "    2  6       0 %   3 [3, 3]\n"
				   "    4  6   16.67 %   5 [5, 5]\n"
				   "mean [95 % interval] over the n runs of a line\n"
				   "a line counts together the runs of every activation\n");
	free(table);
}

static void a_diverged_loss_is_infinite(void **state)
{
	const struct key *const by[] = {&keys[table_find(&key_table, "activation")]};
	const enum metric_id loss = METRIC_FINAL_TRAIN_LOSS;
	char *tsv = shown(&(struct show_options){.n_by = 1,
						 .by = by,
						 .metrics = 1,
						 .metric = &loss,
						 .at = at_start,
						 .stat = SHOW_MEDIAN,
						 .format = SHOW_TSV});
	/* six runs: 2 3 4 4 5 6, and 2 3 4 4 5 inf; the interval is the range */
	assert_string_equal(tsv,
			    "activation\tn\tdiverged\tfinal_train_loss\tfinal_train_loss_low\tfinal_train_loss_high\n"
			    "tanh\t6\t0\t4\t2\t6\n"
			    "relu\t6\t0.16666666666666666\t4\t2\tinf\n");
	free(tsv);
}

static void faults_are_told(void **state)
{
	static struct err err;
	struct made made;
	struct text out = TEXT_INIT;
	enum metric_id metric = METRIC_DEAD;
	struct show_options options = {.n_by = -1, .metrics = 1, .metric = &metric, .at = at_start, .format = SHOW_CSV};
	made_open(&made, STUDY, fill);
	assert_int_equal(show_table(&made.result, &options, &out, &err), -1);
	assert_non_null(strstr(err.text, "does not hold 'dead'"));
	metric = METRIC_GRAD_NORM;
	options.at.step = 7;
	assert_int_equal(show_table(&made.result, &options, &out, &err), -1);
	assert_string_equal(err.text, "step 7 was not logged");
	options.at.step = PLACE_ANY;
	assert_int_equal(show_table(&made.result, &options, &out, &err), -1);
	assert_non_null(strstr(err.text, "needs one step and layer"));
	made_close(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_that_varies_makes_lines),
		cmocka_unit_test(pooled_keys_are_named),
		cmocka_unit_test(a_diverged_loss_is_infinite),
		cmocka_unit_test(faults_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
