/* test_study_check.c: what can never work is refused before a run is trained; what drawing takes is not. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"

#include "base/err.h"
#include "report/study_check.h"

#define DATA "data: { set: circles, train: 20, test: 10 }\n"
#define LOG "log: { every: 10, metrics: [train_loss, grad_norm] }\n"
/* lr varies, and momentum with it; no target */
#define GRID                                                                                                           \
	DATA "model: { depth: [1, 2], width: 3, init: [zeros, he-normal] }\n"                                          \
	     "train: { loss: bce, lr: [0.1, 1], batch: full, steps: 30 }\nseed: { range: 2 }\n" LOG
#define ONE                                                                                                            \
	DATA "model: { depth: [1, 2], width: 3, init: [zeros, he-normal] }\n"                                          \
	     "train: { loss: bce, lr: 0.1, batch: full, steps: 30 }\nseed: { range: 2 }\n" LOG
#define FIGURE(words) "figures:\n  - { " words " }\n"
#define CLAIM(words) "claims:\n  - { say: it is so, expect: \"< 1\", " words " }\n"

static int identity(const struct data_spec *spec, uint64_t *id, struct err *err)
{
	*id = 7;
	return 0;
}

/* The faults of a study, "" for none. */
static const char *faults(const char *yaml)
{
	static struct err err;
	struct study study;
	struct plan plan;
	err = (struct err){0};
	if (study_parse(&study, yaml, strlen(yaml), "s", "s.yaml", 0, NULL, &err) ||
	    plan_build(&plan, &study, identity, &err))
		fail_msg("%s", err.text);
	const int failed = study_check(&study, &plan, &err);
	assert_int_equal(failed, err.length ? -1 : 0);
	plan_release(&plan);
	study_release(&study);
	return err.text;
}

#define refused(yaml, words)                                                                                           \
	do {                                                                                                           \
		const char *told = faults(yaml);                                                                       \
		if (!strstr(told, words))                                                                              \
			fail_msg("'%s' is not in:\n%s", words, told);                                                  \
	} while (0)
#define fine(yaml) assert_string_equal(faults(yaml), "")

static void test_mixtures(void **state)
{
	refused(GRID FIGURE("kind: convergence, panel: depth"),
		"'lr' varies inside one curve, which may only differ by seed\nname it under where");
	refused(GRID FIGURE("kind: convergence"), "'depth', 'lr' vary inside one curve");
	refused(GRID FIGURE("kind: gradient-over-time, panel: [depth, init]"), "'lr' varies inside one cell");
	refused(GRID FIGURE("kind: convergence, panel: depth, where: { lr: [0.1, 1] }"), "'lr' varies");
	refused(GRID FIGURE("kind: convergence, panel: depth"), "in figure 'convergence', s.yaml:7:5");
	refused(ONE FIGURE("kind: convergence, panel: init"), "'init' is used twice");
	fine(GRID FIGURE("kind: convergence, panel: [depth, lr]"));
	fine(GRID FIGURE("kind: convergence, panel: depth, where: { lr: 1 }"));
	fine(GRID FIGURE("kind: convergence, panel: depth, best: lr"));
	fine(GRID FIGURE("kind: gradient-by-layer, by: lr, panel: [depth, init]"));
}

/* Keys that vary together: one of them says all; but where best chooses one, the other still tells runs apart. */
static void test_zip(void **state)
{
#define ZIPPED                                                                                                         \
	DATA "model: { width: 3 }\ntrain: { loss: bce, optimizer: momentum, lr: [0.1, 1], momentum: [0.9, 0.5], "      \
	     "batch: full, steps: 30 }\nzip: [[lr, momentum]]\nseed: { range: 2 }\n" LOG
	fine(ZIPPED FIGURE("kind: convergence, panel: lr"));
	fine(ZIPPED FIGURE("kind: convergence, by: momentum, panel: []"));
	fine(ZIPPED FIGURE("kind: convergence, where: { momentum: 0.5 }"));
	refused(ZIPPED FIGURE("kind: convergence"), "'lr', 'momentum' vary");
	refused(ZIPPED FIGURE("kind: convergence, best: lr"), "'momentum' varies");
	/* `skip` may leave only one */
	fine(GRID "skip: [ { lr: 1 } ]\n" FIGURE("kind: convergence, panel: depth"));
	/* another grid brings another value */
	refused(ONE "also: [ { lr: 1 } ]\n" FIGURE("kind: convergence, panel: depth"), "'lr' varies");
	fine(ONE "also: [ { lr: 1 } ]\n" FIGURE("kind: convergence, panel: depth, where: { lr: 1 }"));
}

static void test_metrics(void **state)
{
	refused(ONE FIGURE("kind: convergence, measure: test_loss, panel: depth"),
		"'test_loss' is not logged: add it to log: {metrics: […]}");
	refused(ONE CLAIM("measure: act_rms, at: { layer: 1, step: 0 }"), "'act_rms' is not logged");
	refused(ONE CLAIM("measure: test_loss, at: { step: last }"), "in claim 'it is so', s.yaml:7");
	refused(DATA "model: { width: 3 }\ntrain: { loss: bce, batch: full, steps: 3 }\n"
		     "log: { metrics: [grad_norm] }\n" FIGURE("kind: convergence"),
		"'train_loss' is not logged");
	fine(ONE CLAIM("measure: final_test_accuracy"));
	fine(ONE CLAIM("measure: diverged"));
	fine(ONE CLAIM("measure: grad_norm, at: { layer: any, step: any }"));
	/* one grid that logs it is enough */
	fine(ONE "also: [ { lr: 1, metrics: [train_loss, grad_norm, test_loss] } ]\n" CLAIM(
		"measure: test_loss, at: { step: last }"));
}

static void test_target(void **state)
{
#define AIMED                                                                                                          \
	DATA "model: { depth: [1, 2], width: 3 }\ntrain: { loss: bce, lr: [0.1, 1], batch: full, steps: 30, target: "  \
	     "0.1 }\n" LOG
	refused(GRID FIGURE("kind: trainability"), "no 'target' is set, which trainability needs");
	refused(ONE FIGURE("kind: steps-to-target"), "no 'target' is set");
	refused(ONE CLAIM("measure: steps_to_target"), "no 'target' is set");
	refused(GRID CLAIM("measure: final_train_loss, best: lr, best_by: steps_to_target"), "no 'target' is set");
	fine(GRID FIGURE("kind: trainability, measure: final_train_loss"));
	fine(AIMED FIGURE("kind: trainability") "  - { kind: steps-to-target, best: lr }\n" CLAIM(
		"measure: steps_to_target"));
}

static void test_values(void **state)
{
	refused(ONE CLAIM("measure: final_train_loss, where: { momentum: 0.8 }"),
		"where: no run has momentum: 0.8; there is only 0");
	refused(ONE CLAIM("measure: final_train_loss, where: { depth: [1, 3] }"),
		"no run has depth: 3; there are 1, 2");
	refused(ONE CLAIM("measure: final_train_loss, versus: { init: xavier-normal }"),
		"versus: no run has init: xavier-normal; there are zeros, he-normal");
	refused(ONE FIGURE("kind: convergence, panel: depth, where: { lr: 0.2 }"), "no run has lr: 0.2");
	refused(ONE "skip: [ { depth: 5 } ]\n", "skip: no run has depth: 5");
	refused(ONE "skip: [ { depth: 1, init: zeros } ]\n" CLAIM(
			"measure: final_train_loss, where: { depth: 1, init: zeros }"),
		"no run has all of depth: 1, init: zeros");
	refused(ONE FIGURE("kind: convergence, by: every, panel: depth"), "'every' says what is logged");
	fine(ONE "skip: [ { depth: 1, init: zeros } ]\n" CLAIM(
		"measure: final_train_loss, where: { init: he-normal }, versus: { init: zeros }"));
	/* six digits are the number */
	fine(DATA
	     "model: { width: 3 }\ntrain: { loss: bce, lr: {log: [1e-3, 1, 7]}, batch: full, steps: 3 }\n" LOG CLAIM(
		     "measure: final_train_loss, where: { lr: 0.00316228 }"));
	/* a value of another grid */
	fine(ONE "also: [ { depth: 5 } ]\n" CLAIM("measure: final_train_loss, where: { depth: 5 }"));
}

static void test_places(void **state)
{
	refused(ONE CLAIM("measure: train_loss, at: { step: 15 }"), "step 15 is not logged: there are 0, 10, 20, 30");
	refused(ONE CLAIM("measure: train_loss, at: { step: last }, over: { step: 40 }"), "step 40 is not logged");
	refused(ONE CLAIM("measure: grad_norm, at: { layer: 4, step: 0 }"),
		"no network has a layer 4: the deepest has 3");
	refused(ONE FIGURE("kind: gradient-by-layer, panel: depth, step: 7"), "step 7 is not logged");
	refused(ONE FIGURE("kind: metric-against-key, step: 7"), "step 7 is not logged");
	refused(ONE FIGURE("kind: metric-against-key, layer: 9"), "no network has a layer 9: the deepest has 3");
	refused(ONE FIGURE("kind: metric-against-key, over: { layer: 4 }"), "no network has a layer 4");
	refused(ONE FIGURE("kind: metric-against-key, over: { measure: dead }"), "'dead' is not logged");
	refused(ONE FIGURE("kind: metric-against-key, predicted: dead"), "'dead' is not logged");
	refused(ONE FIGURE("kind: metric-against-key, against: every"), "'every' says what is logged");
	refused(ONE FIGURE("kind: metric-against-key, against: width"), "'depth' varies inside one curve");
	fine(ONE FIGURE("kind: metric-against-key, layer: 2, over: { layer: first }"));
	refused(DATA "model: { width: 3 }\ntrain: { loss: bce, batch: full, steps: 90 }\n" LOG CLAIM(
			"measure: train_loss, at: { step: 91 }"),
		"there are 0, 10, 20, 30, 40, …, 90");
	fine(ONE CLAIM("measure: train_loss, at: { step: 20 }, over: { step: 0 }"));
	fine(ONE CLAIM("measure: grad_norm, at: { layer: 3, step: 30 }"));
	fine(ONE FIGURE("kind: gradient-by-layer, panel: depth, step: 10"));
	/* an epoch of 20 examples in batches of 10 is two updates; of a whole file, nobody knows yet */
	fine(DATA "model: { width: 3 }\ntrain: { loss: bce, batch: 10, epochs: 3 }\n"
		  "log: { every_epoch: true, metrics: [train_loss] }\n" CLAIM("measure: train_loss, at: { step: 4 }"));
	refused(DATA
		"model: { width: 3 }\ntrain: { loss: bce, batch: 10, epochs: 3 }\n"
		"log: { every_epoch: true, metrics: [train_loss] }\n" CLAIM("measure: train_loss, at: { step: 5 }"),
		"step 5 is not logged: there are 0, 2, 4, 6");
}

/* All faults of all figures and claims come together. */
static void test_all_at_once(void **state)
{
	const char *told =
		faults(GRID FIGURE("kind: convergence, panel: depth") CLAIM("measure: test_loss, at: { step: 15 }"));
	assert_non_null(strstr(told, "'lr' varies"));
	assert_non_null(strstr(told, "'test_loss' is not logged"));
	assert_non_null(strstr(told, "step 15 is not logged"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mixtures),    cmocka_unit_test(test_zip),    cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_target),      cmocka_unit_test(test_values), cmocka_unit_test(test_places),
		cmocka_unit_test(test_all_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
