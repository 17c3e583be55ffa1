/* cost.c: every run of studies trained by itself, or where runs are trained side by side as many of it as there are lanes, as lines of: its processor time in seconds, the shortest of several times (nan: it diverged), and
 * how often each kind of work of train/cost.h occurs in it. bench/cost.py reads them. Processor time: others may use the machine.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/loss.h"
#include "spec/plan.h"
#include "train/cost.h"
#include "train/train.h"

enum { LEAST_TIMES = 4 };
static const double LEAST_SECONDS = 0.02;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The same run on every seat. */
struct alike {
	const struct settings *settings;
	const struct dataset *data;
	int left;
	bool whole;
};

static bool next_alike(void *self, int seat, const struct settings **settings, const struct dataset **data)
{
	struct alike *alike = self;
	*settings = alike->settings;
	*data = alike->data;
	return alike->left-- > 0;
}

static void alike_done(void *self, int seat, struct trace *trace, const struct err *why)
{
	struct alike *alike = self;
	alike->whole &= trace && trace->status == STATUS_COMPLETED;
	trace_free(trace);
}

/* Processor seconds a run; *whole: it completed. arena: 1 + TRAIN_SEATS. */
static int time_once(const struct settings *settings, const struct dataset *data, bool beside, struct arena *arena,
		     double *seconds, bool *whole, struct err *err)
{
	static const atomic_int never = 0;
	const int seats = beside ? train_seats(settings) : 1;
	struct alike alike = {settings, data, seats, true};
	const struct train_feed feed = {next_alike, alike_done, &alike};
	struct trace *trace = NULL;
	const double start = now();
	if (beside ? train_group(settings->precision, &feed, seats, arena, &never) != 0
		   : train_run(settings, data, arena, NULL, &trace, err) != 0)
		return -1;
	*seconds = (now() - start) / seats;
	*whole = beside ? alike.whole : trace->status == STATUS_COMPLETED;
	trace_free(trace);
	return 0;
}

static int time_run(const struct settings *settings, const struct dataset *data, struct arena *arena, struct err *err)
{
	bool whole = true; /* one that diverged did not do what is counted */
	double best = INFINITY, all = 0, count[COST_KINDS];
	const int outputs = loss_outputs(losses[settings->loss].kind, data->classes, data->targets);
	const bool beside = train_in_groups(settings, data->I, outputs, data->train.n);
	for (int i = 0; i < LEAST_TIMES || all < LEAST_SECONDS; i++) {
		double seconds;
		bool completed;
		if (time_once(settings, data, beside, arena, &seconds, &completed, err) != 0)
			return -1;
		best = fmin(best, seconds);
		all += seconds;
		whole &= completed;
	}
	cost_count(settings, data->I, outputs, data->train.n, count);
	printf("%.9g", whole ? best : NAN);
	for (int k = 0; k < COST_KINDS; k++)
		printf(" %.9g", count[k]);
	printf("\n");
	return 0;
}

static int time_study(const char *path, struct arena *arena, struct err *err)
{
	struct study study;
	struct plan plan;
	if (study_load(&study, path, 0, NULL, err) != 0)
		return -1;
	int failed = plan_build(&plan, &study, dataset_identity, err);
	for (size_t r = 0; r < plan.R && !failed; r++) {
		struct settings settings;
		struct dataset data;
		plan_settings(&plan, r, &settings);
		failed = dataset_load(&settings.data, &data, err);
		if (failed)
			break;
		failed = time_run(&settings, &data, arena, err);
		dataset_release(&data);
	}
	plan_release(&plan);
	study_release(&study);
	return failed;
}

int main(int argc, char **argv)
{
	struct arena arena[1 + TRAIN_SEATS] = {ARENA_INIT};
	struct err err = {0};
	printf("seconds");
	for (int k = 0; k < COST_KINDS; k++)
		printf(" %s", costs[k].name);
	printf("\nnow");
	for (int k = 0; k < COST_KINDS; k++)
		printf(" %g", costs[k].ns);
	printf("\n");
	for (int i = 1; i < argc; i++)
		if (time_study(argv[i], arena, &err) != 0) {
			fprintf(stderr, "cost: %s: %s\n", argv[i], err.text);
			return 3;
		}
	for (int i = 0; i <= TRAIN_SEATS; i++)
		arena_release(&arena[i]);
	return 0;
}
