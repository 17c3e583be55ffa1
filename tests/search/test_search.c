/* What searches ask for and find, with answers made up: of an axis, of a map, of a study. */
#include <math.h>
#include <stdlib.h>

#include "cm.h"

#include "search/search.h"
#include "trace/trace.h"

/* ---- frontier ---- */

enum { AXIS = 190 };

struct made_axis {
	int stable[8]; /* pairs: stable from … to, ends included; −1 ends */
	int failed;    /* a position that is never answered; −1: none */
	int known;     /* positions up to here are answered */
	int questions;
};

static enum answer made_answer(void *self, int at)
{
	struct made_axis *made = self;
	made->questions++;
	if (at == made->failed || at > made->known)
		return ANSWER_NONE;
	for (int i = 0; made->stable[i] >= 0; i += 2)
		if (at >= made->stable[i] && at <= made->stable[i + 1])
			return ANSWER_STABLE;
	return ANSWER_UNSTABLE;
}

static int count(const bool *asked, int n)
{
	int asked_for = 0;
	for (int i = 0; i < n; i++)
		asked_for += asked[i];
	return asked_for;
}

static void every_frontier_is_found(void **state)
{
	for (int n = 2; n < 70; n++)
		for (int last = -1; last < n; last++)
			for (int coarse = 2; coarse < 9; coarse += 3) {
				struct made_axis made = {{last < 0 ? -1 : 0, last, -1}, -1, n, 0};
				bool asked[AXIS];
				int least, most;
				const struct frontier f = frontier_search(n, coarse, made_answer, &made, asked);
				frontier_bounds(n, coarse, &least, &most);
				assert_int_equal(f.open, 0);
				assert_int_equal(f.below, last);
				assert_int_equal(f.above, last + 1);
				assert_in_range(count(asked, n), least, most);
				assert_int_equal(made.questions, count(asked, n));
				/* both ends of the bracket were tried */
				assert_true(last < 0 || asked[last]);
				assert_true(last + 1 >= n || asked[last + 1]);
			}
}

static void a_range_has_few_values_tried(void **state)
{
	int least, most;
	frontier_bounds(AXIS, 5, &least, &most);
	assert_int_equal(least, 5);
	assert_int_equal(most, 11); /* 5 + log2 of 48, rounded up */
	frontier_bounds(3, 5, &least, &most);
	assert_int_equal(least, 3);
	assert_int_equal(most, 3);
}

/* Stable in the middle alone: the upper end of what the first values hit is found. */
static void an_island_is_found_from_inside(void **state)
{
	struct made_axis made = {{80, 120, -1}, -1, AXIS, 0};
	bool asked[AXIS];
	const struct frontier f = frontier_search(AXIS, 5, made_answer, &made, asked);
	assert_int_equal(f.below, 120);
	assert_int_equal(f.above, 121);
}

/* Stable again far above: the largest value that was tried and stable counts, and its neighbour is not. */
static void not_monotone_ends_at_a_crossing(void **state)
{
	struct made_axis made = {{0, 20, 40, 60, 130, 150, -1}, -1, AXIS, 0};
	bool asked[AXIS];
	struct frontier f = frontier_search(AXIS, 5, made_answer, &made, asked);
	assert_int_equal(f.below, 150); /* position 142 is among the first */
	made = (struct made_axis){{0, 20, 100, 110, -1}, -1, AXIS, 0};
	f = frontier_search(AXIS, 5, made_answer, &made, asked);
	assert_int_equal(f.below, 20); /* nothing between 95 and 142 was tried */
	assert_false(asked[105]);
	assert_int_equal(made_answer(&made, f.above), ANSWER_UNSTABLE);
}

static void a_missing_answer_keeps_it_open(void **state)
{
	struct made_axis made = {{0, 77, -1}, 95, AXIS, 0};
	bool asked[AXIS], later[AXIS];
	struct frontier f = frontier_search(AXIS, 5, made_answer, &made, asked);
	assert_int_equal(f.open, 1); /* one of the first five failed */
	assert_int_equal(count(asked, AXIS), 5);
	made.failed = -1;
	f = frontier_search(AXIS, 5, made_answer, &made, later);
	assert_int_equal(f.below, 77);
	for (int i = 0; i < AXIS; i++)
		assert_true(later[i] || !asked[i]);
}

/* ---- boundary ---- */

enum { SIDE = 64 };

typedef bool made_map(double x, double y); /* 0 … 1 */

struct made_points {
	made_map *map;
	int n1, n2, known; /* questions that are answered, then no more */
	int questions;
};

static enum answer point_answer(void *self, int at)
{
	struct made_points *made = self;
	if (made->questions++ >= made->known)
		return ANSWER_NONE;
	return made->map((double)(at / made->n2) / (made->n1 - 1), (double)(at % made->n2) / (made->n2 - 1))
		       ? ANSWER_STABLE
		       : ANSWER_UNSTABLE;
}

static bool line(double x, double y)
{
	return y < 0.2 + 0.55 * x;
}
static bool steps(double x, double y)
{
	return y < floor(6 * x) / 6;
}
static bool hump(double x, double y)
{
	return y < 0.1 + 0.8 * exp(-40 * (x - 0.4) * (x - 0.4));
}
static bool ring(double x, double y)
{
	const double r = hypot(x - 0.5, y - 0.5);
	return r > 0.15 && r < 0.4;
}
static bool spike(double x, double y)
{
	return y < 0.3 || (fabs(x - 0.437) < 0.02 && y < 0.9);
}
static bool all(double x, double y)
{
	return true;
}
static bool none(double x, double y)
{
	return false;
}
static bool islet(double x, double y)
{
	return hypot(x - 0.56, y - 0.56) < 0.03;
}

struct painted {
	bool asked[SIDE * SIDE];
	signed char paint[SIDE * SIDE];
	int tried, wrong;
};

static void paint(struct painted *p, made_map *map, int n1, int n2, int coarse)
{
	struct made_points made = {map, n1, n2, 1 << 30, 0};
	assert_int_equal(boundary_search(n1, n2, coarse, point_answer, &made, p->asked, p->paint), 0);
	p->tried = count(p->asked, n1 * n2), p->wrong = 0;
	assert_int_equal(made.questions, p->tried); /* none twice */
	for (int at = 0; at < n1 * n2; at++)
		p->wrong += p->paint[at] != point_answer(&made, at);
	for (int i = 0; i < n1; i++)
		for (int j = 0; j < n2; j++)
			for (int side = 0; side < 2; side++) {
				const int i2 = i + (side == 0), j2 = j + (side == 1);
				if (i2 < n1 && j2 < n2 && p->paint[i * n2 + j] != p->paint[i2 * n2 + j2])
					assert_true(p->asked[i * n2 + j] && p->asked[i2 * n2 + j2]);
			}
}

static void maps_are_those_of_the_whole_grid(void **state)
{
	static made_map *const maps[] = {line, steps, hump, ring, spike, all, none};
	static struct painted p;
	for (size_t m = 0; m < sizeof maps / sizeof *maps; m++)
		for (int n1 = 2; n1 <= SIDE; n1 += n1 < 8 ? 1 : 7)
			for (int n2 = 2; n2 <= SIDE; n2 += n2 < 8 ? 1 : 19) {
				paint(&p, maps[m], n1, n2, 9);
				if (maps[m] !=
				    spike) /* a spike between two of the first values is followed if it is hit */
					assert_int_equal(p.wrong, 0);
			}
}

static void a_line_takes_a_tenth(void **state)
{
	static struct painted p;
	paint(&p, line, SIDE, SIDE, 9);
	assert_in_range(p.tried, 100, SIDE * SIDE / 10);
	paint(&p, all, SIDE, SIDE, 9);
	assert_int_equal(p.tried, 81);
}

static void an_islet_between_the_first_values_is_not_seen(void **state)
{
	static struct painted p;
	paint(&p, islet, SIDE, SIDE, 9);
	assert_in_range(p.wrong, 1, 20); /* the price, as boundary.h says */
	paint(&p, islet, SIDE, SIDE, 33);
	assert_int_equal(p.wrong, 0);
}

/* Whatever is answered so far, it asks for no more than in the end, and for something. */
static void answers_may_come_bit_by_bit(void **state)
{
	static struct painted end, p;
	paint(&end, ring, 33, 20, 5);
	for (int known = 0; known < end.tried; known++) {
		struct made_points made = {ring, 33, 20, known, 0};
		const int open = boundary_search(33, 20, 5, point_answer, &made, p.asked, p.paint);
		assert_true(open > 0);
		for (int at = 0; at < 33 * 20; at++)
			assert_true(end.asked[at] || !p.asked[at]);
	}
}

/* ---- studies ---- */

static int plain_identity(const struct data_spec *spec, uint64_t *identity, struct err *err)
{
	*identity = 7;
	return 0;
}

static struct err err;

static void must_load(struct study *study, struct plan *plan, const char *yaml)
{
	err = (struct err){0};
	if (study_parse(study, yaml, strlen(yaml), "x", "x.yaml", 0, NULL, &err) != 0 ||
	    plan_build(plan, study, plain_identity, &err) != 0)
		fail_msg("%s", err.text);
}

/* Stable up to 0.3 / depth; a run is answered once it is known. */
struct trainer {
	const struct plan *whole;
	bool *known;
};

static enum answer trained_answer(void *self, size_t r)
{
	const struct trainer *trainer = self;
	struct settings settings;
	plan_settings(trainer->whole, r, &settings);
	if (!trainer->known[r])
		return ANSWER_NONE;
	return settings.optim.lr <= 0.3 / (double)settings.depth ? ANSWER_STABLE : ANSWER_UNSTABLE;
}

static size_t find(const struct plan *plan, const struct planned *run)
{
	for (size_t r = 0; r < plan->R; r++)
		if (plan->run[r].hash == run->hash && plan->run[r].grid == run->grid)
			return r;
	fail_msg("a run of the part is not one of the whole");
	return 0;
}

/* Rounds to the end; at most `most` runs become known in a round. Returns the hash of the final part. */
static uint64_t search(const struct plan *whole, size_t most, size_t *runs, struct search_state *end)
{
	struct trainer trainer = {whole, calloc(whole->R, 1)};
	uint64_t hash = 0;
	for (bool more = true; more;) {
		struct plan part;
		size_t new = 0;
		assert_int_equal(search_part(&part, whole, trained_answer, &trainer, end, &err), 0);
		for (size_t i = 0; i < part.R && new < most; i++) {
			const size_t r = find(whole, &part.run[i]);
			new += !trainer.known[r];
			trainer.known[r] = true;
		}
		more = new > 0;
		hash = part.hash, *runs = part.R;
		plan_release(&part);
	}
	free(trainer.known);
	return hash;
}

static const char two_grids[] = "model: {depth: [1, 2, 4]}\n"
				"train: {lr: {factor: [0.01, 10, 1.1]}, steps: 1}\n"
				"seed: {range: 2}\n"
				"search: {frontier: lr}\n"
				"also: [{lr: 0.05, depth: 8}]\n";

static void the_same_runs_in_any_portions(void **state)
{
	struct study study;
	struct plan whole;
	struct search_state end;
	size_t runs, other;
	must_load(&study, &whole, two_grids);
	const uint64_t hash = search(&whole, SIZE_MAX, &runs, &end);
	assert_int_equal(end.combinations, 6);
	assert_int_equal(end.settled, 6);
	assert_in_range(runs, end.least, end.most);
	assert_true(runs < whole.R / 6);
	assert_true(search(&whole, 1, &other, &end) == hash && other == runs);
	assert_true(search(&whole, 7, &other, &end) == hash && other == runs);
	plan_release(&whole);
	study_release(&study);
}

/* Answers that nobody asked for change nothing: a whole grid in the same folder. */
static void more_answers_ask_for_no_more(void **state)
{
	struct study study;
	struct plan whole, part;
	struct search_state end;
	size_t runs;
	must_load(&study, &whole, two_grids);
	const uint64_t hash = search(&whole, SIZE_MAX, &runs, &end);
	struct trainer trainer = {&whole, malloc(whole.R)};
	memset(trainer.known, 1, whole.R);
	assert_int_equal(search_part(&part, &whole, trained_answer, &trainer, &end, &err), 0);
	assert_true(part.hash == hash);
	free(trainer.known);
	plan_release(&part);
	plan_release(&whole);
	study_release(&study);
}

static void combinations_differ_in_what_is_not_searched(void **state)
{
	struct study study;
	struct plan whole;
	must_load(&study, &whole, two_grids);
	for (size_t a = 0; a < whole.R; a += 5)
		for (size_t b = 0; b < whole.R; b += 3) {
			struct settings x, y;
			plan_settings(&whole, a, &x), plan_settings(&whole, b, &y);
			assert_int_equal(
				search_combination(&study, &whole.run[a]) == search_combination(&study, &whole.run[b]),
				whole.run[a].grid == whole.run[b].grid && x.depth == y.depth && x.seed == y.seed);
		}
	plan_release(&whole);
	study_release(&study);
}

/* A whole number as an axis is refined to its neighbours. */
static void whole_numbers_are_searched_too(void **state)
{
	struct study study;
	struct plan whole;
	struct search_state end;
	size_t runs;
	must_load(&study, &whole,
		  "model: {depth: {range: [1, 40]}}\n"
		  "train: {lr: [0.01, 0.1], steps: 1}\n"
		  "search: {frontier: depth}\n");
	search(&whole, SIZE_MAX, &runs, &end);
	assert_int_equal(end.settled, 2);
	assert_int_equal(runs, 2 * (5 + 3)); /* depths 1, 11, 20, 30, 39, then three between two of them */
	plan_release(&whole);
	study_release(&study);
}

static void answers_are_what_the_study_says(void **state)
{
	struct search search = {.kind = SEARCH_FRONTIER, .measure = METRIC_N};
	assert_int_equal(search_answer(&search, -1, 0), ANSWER_NONE);
	assert_int_equal(search_answer(&search, STATUS_FAILED, 0), ANSWER_NONE);
	assert_int_equal(search_answer(&search, STATUS_DIVERGED, 0), ANSWER_UNSTABLE);
	assert_int_equal(search_answer(&search, STATUS_PLATEAU, NAN), ANSWER_STABLE);
	search.measure = METRIC_STEPS_TO_TARGET;
	assert_true(expect_parse("<= 10", &search.is));
	assert_int_equal(search_answer(&search, STATUS_COMPLETED, 10), ANSWER_STABLE);
	assert_int_equal(search_answer(&search, STATUS_COMPLETED, 11), ANSWER_UNSTABLE);
	assert_int_equal(search_answer(&search, STATUS_COMPLETED, NAN), ANSWER_UNSTABLE);
	assert_int_equal(search_answer(&search, STATUS_DIVERGED, 3), ANSWER_UNSTABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frontier_is_found),
		cmocka_unit_test(a_range_has_few_values_tried),
		cmocka_unit_test(an_island_is_found_from_inside),
		cmocka_unit_test(not_monotone_ends_at_a_crossing),
		cmocka_unit_test(a_missing_answer_keeps_it_open),
		cmocka_unit_test(maps_are_those_of_the_whole_grid),
		cmocka_unit_test(a_line_takes_a_tenth),
		cmocka_unit_test(an_islet_between_the_first_values_is_not_seen),
		cmocka_unit_test(answers_may_come_bit_by_bit),
		cmocka_unit_test(the_same_runs_in_any_portions),
		cmocka_unit_test(more_answers_ask_for_no_more),
		cmocka_unit_test(combinations_differ_in_what_is_not_searched),
		cmocka_unit_test(whole_numbers_are_searched_too),
		cmocka_unit_test(answers_are_what_the_study_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
