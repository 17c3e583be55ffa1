/* group_scores_real.c: losses and accuracies of sets, of many runs side by side: as run_evaluate, with the same bits. */
#include "train/group_real.h"

/* Whose weights are to be measured on the first n examples of a set of these data. */
struct due {
	bool lane[KERNELS_LANES];
	int lanes;
	const struct dataset *data;
	const struct examples *set;
	int64_t n;
};

/* Sums over PREDICT_ROWS examples, then over those, as run_evaluate has them. */
static void evaluate(struct FN(group) *group, const struct due *due, struct lane_sums *sum)
{
	struct FN(lanes) *lanes = &group->lanes;
	const struct examples *set = due->set;
	struct lane_sums part = {0};
	*sum = part;
	for (int64_t first = 0; first < due->n && !FN(group_stopped)(group); first += LANES_MEASURE) {
		const int64_t end = first + LANES_MEASURE < due->n ? first + LANES_MEASURE : due->n;
		const struct answers answers = {
			.labels = set->labels ? set->labels + first : NULL,
			.targets = set->labels ? NULL : set->targets + first * due->data->targets,
		};
		FN(dataset_gather)(due->data, set, NULL, first, (int)(end - first), lanes->rows, lanes->ldx);
		FN(lanes_measure)(lanes, (int)(end - first), answers, &part);
		if (end % PREDICT_ROWS != 0 && end < due->n)
			continue;
		for (int v = 0; v < lanes->V; v++) {
			sum->loss[v] += part.loss[v];
			sum->correct[v] += part.correct[v];
		}
		part = (struct lane_sums){0};
	}
}

/* Those that are measured on the same examples as the first that is left; they are left no longer. */
static struct due take_due(struct FN(group) *group, bool test, bool left[KERNELS_LANES])
{
	struct due due = {.data = NULL};
	for (int s = 0; s < group->lanes.V; s++) {
		if (!left[s])
			continue;
		const struct FN(run) *run = &group->seat[s].loop.run;
		const struct examples *set = test ? &run->data->test : &run->data->train;
		const int64_t n = set->n < run->eval ? set->n : run->eval;
		if (!due.data)
			due = (struct due){.data = run->data, .set = set, .n = n};
		if (due.data != run->data || due.n != n)
			continue;
		left[s] = false;
		due.lane[s] = true;
		due.lanes++;
	}
	return due;
}

static void measure(struct FN(group) *group, const struct due *due, bool test)
{
	struct FN(lanes) *lanes = &group->lanes;
	const bool few = due->lanes <= group->few;
	struct lane_sums sum;
	if (!few)
		evaluate(group, due, &sum);
	for (int s = 0; s < lanes->V; s++) {
		struct FN(loop) *loop = &group->seat[s].loop;
		if (!due->lane[s])
			continue;
		if (few)
			FN(lanes_get)(lanes, s, &loop->run.mlp);
		else
			*(test ? &loop->test : &loop->train) = FN(loop_score)(
				due->set, (struct loss_sum){sum.loss[s], (int64_t)sum.correct[s]}, due->n);
	}
}

void FN(group_measure)(struct FN(group) *group)
{
	for (int test = 0; test < 2; test++) {
		bool left[KERNELS_LANES] = {false}, any = false;
		for (int s = 0; s < group->lanes.V; s++) {
			const struct FN(loop) *loop = &group->seat[s].loop;
			left[s] =
				group->seat[s].taken && (test ? FN(loop_needs_test)(loop) : FN(loop_needs_train)(loop));
			any |= left[s];
		}
		while (any) {
			const struct due due = take_due(group, test, left);
			any = due.lanes > 0;
			if (any)
				measure(group, &due, test);
		}
	}
}
