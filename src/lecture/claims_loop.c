/* claims_loop.c: claims 6 and 9: the training loop: when a layer may be updated, and how a run ends. */
#include <math.h>
#include <string.h>

#include "lecture/lecture.h"
#include "lecture/plain.h"
#include "net/loss.h"
#include "train/train.h"

enum { UPDATES = 1000 };
static const double rate = 0.5;

/* Training by the program that trains studies, on the examples of a plain network and in its shape. */
struct lesson {
	struct dataset data;
	double zero[PLAIN_LAYERS], one[PLAIN_LAYERS], width[PLAIN_LAYERS];
	struct settings settings;
};

static void lesson_init(struct lesson *lesson, const struct plain *net)
{
	*lesson = (struct lesson){0};
	struct settings *settings = &lesson->settings;
	const struct examples all = {.n = net->m, .values = net->A[0], .labels = net->y};
	for (int i = 0; i < net->n[0]; i++)
		lesson->one[i] = 1;
	for (int l = 1; l < net->L; l++)
		lesson->width[l - 1] = net->n[l];
	lesson->data = (struct dataset){
		.I = net->n[0], .classes = 2, .train = all, .test = all, .shift = lesson->zero, .scale = lesson->one};
	settings_default(settings);
	settings->depth = net->L - 1;
	settings->width = (struct numbers){net->L - 1, lesson->width};
	settings->activation = net->activation;
	settings->init.scheme = table_find(&init_table, "xavier-normal");
	settings->init.bias_std = 0.3;
	settings->loss = table_find(&loss_table, "bce");
	settings->optim.lr = rate;
	settings->batch = 0;
	settings->steps = UPDATES;
	settings->metrics = 0;
	settings->weights = 1u << WEIGHTS_INITIAL | 1u << WEIGHTS_FINAL;
	settings->precision = FLOAT64;
	settings->seed = 1;
}

static int lesson_train(const struct lesson *lesson, struct trace **trace, struct err *err)
{
	struct arena arena = ARENA_INIT;
	const int failed = train_run(&lesson->settings, &lesson->data, &arena, NULL, trace, err);
	arena_release(&arena);
	return failed;
}

/* ---- 6 ---- */

/* The plain program from the weights of a run's start. */
static void train_plain(struct plain *net, const struct plain *like, enum slip slip, const struct trace *start)
{
	plain_copy(net, like);
	net->slip = slip;
	plain_load(net, start->weights[WEIGHTS_INITIAL].values);
	while (net->steps < UPDATES)
		plain_step(net, rate);
	plain_forward(net);
}

static void tell_training(struct doc *doc, const char *how, double loss, double distance)
{
	doc_cell(doc, "%s", how);
	doc_cell(doc, "%.6g", loss);
	doc_cell(doc, "%.1e", distance);
}

/* at once and late: the final weights of the two runs; the plain programs' beside them. */
static void compare(struct demonstration *of, const struct plain *like, struct trace *at_once, struct trace *late)
{
	static const char *const head[] = {"updates", "last loss", "weights, from the first"};
	const struct weights *final = &at_once->weights[WEIGHTS_FINAL];
	struct plain first, second, right, wrong;
	plain_copy(&first, like);
	plain_load(&first, final->values);
	plain_copy(&second, like);
	plain_load(&second, late->weights[WEIGHTS_FINAL].values);
	train_plain(&right, like, of->slip, at_once);
	train_plain(&wrong, like, SLIP_WRONG_ORDER, at_once);
	const bool bitwise = memcmp(final->values, late->weights[WEIGHTS_FINAL].values, final->n * sizeof(double)) == 0;
	const double loss = *trace_at(at_once, METRIC_FINAL_TRAIN_LOSS, 0, 0), apart = plain_distance(&wrong, &first);
	doc_table(of->doc, NULL, 3, "lrr", head);
	tell_training(of->doc, "network: each layer at once", loss, 0);
	tell_training(of->doc, "network: all layers after backward", *trace_at(late, METRIC_FINAL_TRAIN_LOSS, 0, 0),
		      plain_distance(&second, &first));
	tell_training(of->doc, "plain program: at once, dA[l-1] taken before", right.loss,
		      plain_distance(&right, &first));
	tell_training(of->doc, "plain program: at once, dA[l-1] taken AFTER", wrong.loss, apart);
	of->number = plain_distance(&second, &first);
	of->pass &= bitwise && plain_distance(&right, &first) <= 1e-9 && apart >= 1e-3;
	doc_text(of->doc,
		 "The two runs of the network are %s. The wrong order still learns: its loss is %.2f times that of "
		 "the right one, which nobody would notice. Its weights are others, and the gradient check sees it "
		 "(claim 13).",
		 bitwise ? "the same, bit by bit" : "NOT the same", wrong.loss / loss);
	plain_release(&first);
	plain_release(&second);
	plain_release(&right);
	plain_release(&wrong);
}

int claim_update_at_once(struct demonstration *of, struct err *err)
{
	static const int n[] = {5, 5, 5, 1};
	struct plain net;
	struct lesson lesson;
	struct trace *at_once = NULL, *late = NULL;
	of->what = "weights apart after 1000 updates, at once or deferred";
	of->expected = "== 0";
	doc_text(of->doc,
		 "The network 5-5-5-1 is trained twice for %d updates from the same weights: every layer updated as "
		 "soon as its gradient is there, and all layers after the backward pass. It makes no difference, "
		 "provided that dA[l-1] = W[l]ᵀ dZ[l] is taken before W[l] changes.",
		 UPDATES);
	plain_init(&net, &(struct plain_shape){3, 24, n, "tanh", 1, 1});
	lesson_init(&lesson, &net);
	int failed = lesson_train(&lesson, &at_once, err);
	lesson.settings.optim.clip =
		1e300; /* never clips, but the norm of all layers is needed before the first update */
	failed = failed || lesson_train(&lesson, &late, err);
	if (!failed)
		compare(of, &net, at_once, late);
	trace_free(at_once);
	trace_free(late);
	plain_release(&net);
	return failed ? -1 : 0;
}

/* ---- 9 ---- */

struct ending {
	const char *what;
	enum status status;
	const char *activation, *init;
	double lr, target;
	int64_t steps, patience;
};

static const struct ending endings[] = {
	{"a budget of 50 updates", STATUS_COMPLETED, "tanh", "xavier-normal", 0.5, 0, 50, 0},
	{"until the loss is 0.1", STATUS_TARGET, "tanh", "xavier-normal", 0.5, 0.1, 5000, 0},
	{"from zeros, until 100 updates bring nothing", STATUS_PLATEAU, "tanh", "zeros", 0.5, 0.1, 5000, 100},
	{"linear, learning rate 1000", STATUS_DIVERGED, "identity", "xavier-normal", 1000, 0.1, 5000, 0},
};

static int end(struct lesson *lesson, const struct ending *ending, struct demonstration *of, struct err *err)
{
	struct settings *settings = &lesson->settings;
	struct trace *trace;
	settings->activation = table_find(&act_table, ending->activation);
	settings->init.scheme = table_find(&init_table, ending->init);
	settings->init.bias_std = 0;
	settings->optim.lr = ending->lr;
	settings->target = ending->target;
	settings->stop_at_target = ending->target > 0;
	settings->steps = ending->steps;
	settings->patience = ending->patience;
	if (lesson_train(lesson, &trace, err) != 0)
		return -1;
	const double loss = *trace_at(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0);
	/* what the status says must be so */
	const bool reached = loss <= ending->target, finite = isfinite(loss);
	const bool good = trace->status == ending->status && reached == (ending->status == STATUS_TARGET) &&
			  finite == (ending->status != STATUS_DIVERGED);
	of->number += good;
	doc_cell(of->doc, "%s", ending->what);
	doc_cell(of->doc, "%g", *trace_at(trace, METRIC_STEPS_DONE, 0, 0));
	doc_cell(of->doc, "%.4g", loss);
	doc_cell_marked(of->doc, good ? MARK_GOOD : MARK_BAD, "%s", table_name(&status_table, trace->status));
	trace_free(trace);
	return 0;
}

int claim_endings(struct demonstration *of, struct err *err)
{
	enum { ENDINGS = sizeof endings / sizeof *endings };
	static const int n[] = {5, 5, 5, 1};
	static const char *const head[] = {"run", "updates done", "last loss", "status"};
	struct plain net;
	struct lesson lesson;
	int failed = 0;
	of->what = "endings told as they were";
	of->expected = "== 4";
	doc_text(of->doc,
		 "Forward, backward and update are repeated until the loss is good enough. A run can end otherwise, "
		 "and its status must say how: four runs of the network 5-5-5-1.");
	plain_init(&net, &(struct plain_shape){3, 24, n, "tanh", 1, 1});
	lesson_init(&lesson, &net);
	lesson.settings.weights = 0;
	doc_table(of->doc, NULL, 4, "lrrl", head);
	for (int i = 0; i < ENDINGS && !failed; i++)
		failed = end(&lesson, &endings[i], of, err);
	plain_release(&net);
	return failed;
}
