/* test_figures.c: the tables behind the figures hold the numbers worked out by hand; gnuplot draws them in every format without a word,
 * the same bytes twice; text from a study is never run; faults are told. */
#include "made.h"

#include <sys/stat.h>

#include "report/claims.h"
#include "report/drawing.h"
#include "report/figures.h"
#include "report/label.h"
#include "report/style.h"

#define HEAD                                                                                                           \
	"title: made\n"                                                                                                \
	"data: { set: circles, train: 20, test: 10 }\n"                                                                \
	"model: { depth: [1, 2], width: 3, activation: tanh, init: [zeros, he-normal] }\n"                             \
	"train: { loss: bce, lr: [0.1, 1], batch: full, steps: 20, target: 0.1, stop_at_target: false }\n"             \
	"log: { every: 10, metrics: [train_loss, test_accuracy, grad_norm, act_mean, batch_loss, delta_rms] }\n"

/* he-normal: grad_norm 10^−l (seed + 1), loss (seed + 1)/(step + 1); at lr 1 seed 0 diverges at step 10; seeds 0 … depth reach the target
 * at lr 0.1. zeros: gradient 0 but in the last layer, loss 0.7, never there. batch_loss: that of zeros is 0 from step 10 on. delta_rms, as if
 * it predicted grad_norm: 2 · 10^−l, in zeros 0. */
static void fill(struct trace *trace, const struct settings *s)
{
	const bool he = s->init.scheme == table_find(&init_table, "he-normal"),
		   gone = he && s->optim.lr == 1 && s->seed == 0;
	for (int i = 0; i < trace->S && !(gone && trace->step[i] >= 10); i++) {
		trace_put(trace, METRIC_TRAIN_LOSS, i, 0,
			  he ? (double)(s->seed + 1) / (double)(trace->step[i] + 1) : 0.7);
		trace_put(trace, METRIC_TEST_ACCURACY, i, 0, he ? 0.9 : 0.5);
		trace_put(trace, METRIC_BATCH_LOSS, i, 0, !he && trace->step[i] >= 10 ? 0 : pow(10, -i));
		for (int l = 1; l <= trace->L; l++) {
			trace_put(trace, METRIC_DELTA_RMS, i, l, he ? 2 * pow(10, -l) : 0);
			trace_put(trace, METRIC_GRAD_NORM, i, l,
				  he              ? pow(10, -l) * (double)(s->seed + 1)
				  : l == trace->L ? 0.5
						  : 0);
			trace_put(trace, METRIC_ACT_MEAN, i, l, l - 1.5);
		}
	}
	trace_put(trace, METRIC_FINAL_TRAIN_LOSS, 0, 0, gone ? NAN : he ? (double)(s->seed + 1) / 21 : 0.7);
	trace_put(trace, METRIC_STEPS_TO_TARGET, 0, 0,
		  he && s->optim.lr < 1 && s->seed <= s->depth ? 10 * (double)(s->seed + 1) : NAN);
	if (gone) {
		trace->status = STATUS_DIVERGED;
		trace_put(trace, METRIC_DIVERGED_AT, 0, 0, 10);
		trace_put(trace, METRIC_STEPS_DONE, 0, 0, 10);
	}
}

static struct draw_options options_for(const struct made *made, unsigned formats)
{
	static char folder[128];
	snprintf(folder, sizeof folder, "%s/figures", made->dir);
	return (struct draw_options){.folder = folder, .formats = formats, .scripts = "scripts", .gnuplot = "gnuplot"};
}

static void open_study(struct made *made, int seeds, const char *figures)
{
	char yaml[8192];
	snprintf(yaml, sizeof yaml, HEAD "seed: { range: %d }\nfigures:\n%s", seeds, figures);
	made_open(made, yaml, fill);
}

/* A file of the figures' folder; "" when there is none. */
static char *read_figure(const struct made *made, const char *name)
{
	struct err err;
	char path[512], *bytes;
	size_t size;
	snprintf(path, sizeof path, "%s/figures/%s", made->dir, name);
	if (file_read(path, 1 << 26, &bytes, &size, &err))
		return strdup("");
	return bytes;
}

static void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

/* Draws the figures without a format: the tables alone. */
static char *table_of(struct made *made, const char *name)
{
	static struct err err;
	const struct draw_options options = options_for(made, 0);
	struct text drawn = TEXT_INIT;
	must(figures_draw(&made->result, &made->study, &options, &drawn, &err));
	assert_null(drawn.at);
	return read_figure(made, name);
}

static void profiles_are_medians_with_zeros_counted(void **state)
{
	struct made made;
	open_study(&made, 7, "  - {kind: gradient-by-layer, where: {depth: 2, lr: 0.1}}\n");
	char *tsv = table_of(&made, "gradient-by-layer.tsv");
	assert_holds(tsv, "panel\tcurve\tinit\tlayer\ttwins\ttwins_before\tn\tn_zero\tmedian\tlow\thigh\n");
	assert_holds(tsv, "\the-normal\t2\t1\t0\t7\t0\t0.04\t0.01\t0.07\n");
	assert_holds(tsv, "\tzeros\t1\t1\t0\t7\t7\t0\t0\t0\n");
	assert_holds(tsv, "\tzeros\t3\t1\t0\t7\t0\t0.5\t0.5\t0.5\n");
	assert_holds(tsv, "\n\n1\t2\tzeros\t3\t"); /* the line of the others does not start from the zeros */
	free(tsv);
	tsv = read_figure(&made, "gradient-by-layer.gp");
	assert_holds(tsv, "ZERO = 1\n");
	assert_holds(tsv, "95\302\240%\302\240interval"); /* seven seeds have one */
	free(tsv);
	made_close(&made);
	open_study(&made, 5, "  - {kind: gradient-by-layer, where: {depth: 2, lr: 0.1}}\n");
	free(table_of(&made, "gradient-by-layer.tsv"));
	tsv = read_figure(&made, "gradient-by-layer.gp");
	assert_holds(tsv, "their\302\240range"); /* five have not */
	free(tsv);
	made_close(&made);
}

/* The gradients of the made study do not depend on the learning rate: its curves coincide, and know it. */
static void curves_that_coincide_take_turns(void **state)
{
	struct made made;
	open_study(&made, 7, "  - {kind: gradient-by-layer, by: lr, where: {depth: 2, init: he-normal}}\n");
	char *tsv = table_of(&made, "gradient-by-layer.tsv");
	assert_holds(tsv, "1\t1\t0.1\t1\t2\t0\t7\t0\t0.4\t");
	assert_holds(tsv, "1\t2\t1\t1\t2\t1\t7\t0\t0.4\t");
	free(tsv);
	made_close(&made);
}

static void diverged_seeds_are_infinite_in_a_loss(void **state)
{
	struct made made;
	open_study(&made, 7,
		   "  - {kind: convergence, where: {depth: 2, lr: 1}}\n  - {kind: convergence, name: accuracy, "
		   "measure: test_accuracy, "
		   "where: {depth: 2, lr: 1}}\n");
	char *tsv = table_of(&made, "convergence.tsv");
	assert_holds(tsv, "step\tdiverged\tnewly_diverged\tmarked\tn\tn_zero\tmedian\tlow\thigh\n");
	/* step 0: 1 … 7; step 10: inf and 2/11 … 7/11: median the 4th of 2/11 … 7/11, inf, 5/11 */
	assert_holds(tsv, "\the-normal\t0\t0\t0\t1\t7\t0\t4\t1\t7\n");
	assert_holds(tsv, "\the-normal\t10\t1\t1\t1\t7\t0\t0.454545454545454");
	assert_holds(tsv, "\tinf\n");
	assert_holds(tsv, "\the-normal\t20\t1\t0\t1\t7");
	free(tsv);
	tsv = read_figure(&made, "accuracy.tsv"); /* the worst of an accuracy is 0 */
	assert_holds(tsv, "\the-normal\t20\t1\t0\t1\t7\t1\t0.9\t0\t0.9\n");
	free(tsv);
	tsv = read_figure(&made, "accuracy.gp");
	assert_holds(tsv, "MODE_SHARE = 1\n");
	free(tsv);
	made_close(&made);
}

static void cells_count_who_reached_and_who_diverged(void **state)
{
	struct made made;
	open_study(&made, 7,
		   "  - {kind: trainability}\n  - {kind: trainability, name: loss, measure: final_train_loss}\n"
		   "  - {kind: trainability, name: slow, measure: steps_to_target}\n"
		   "  - {kind: steps-to-target, best: lr}\n");
	char *tsv = table_of(&made, "trainability.tsv");
	/* columns: init depth lr row from to n reached diverged value sign */
	assert_holds(tsv, "\the-normal\t1\t0.1\t1\t0.0316227766016");
	assert_holds(tsv, "\t7\t2\t0\t0.285714285714285");
	assert_holds(tsv, "\t7\t3\t0\t0.428571428571428");
	assert_holds(tsv, "\t7\t0\t1\t0\t2\n"); /* none reached, one diverged */
	free(tsv);
	/* updates to it: where half or more never get there the cell has the sign of that, and the note says what the target is */
	tsv = read_figure(&made, "slow.tsv");
	assert_holds(tsv, "\t7\t0\t0\tinf\t2\n");
	free(tsv);
	tsv = read_figure(&made, "slow.gp");
	assert_holds(tsv, "target: loss");
	free(tsv);
	tsv = read_figure(&made, "steps-to-target.tsv");
	/* depth 2: three of seven: the median is infinite, the band ends there */
	assert_holds(tsv, "\the-normal\t2\t3\t7\t0\tinf\t10\tinf\n");
	assert_holds(tsv, "\tzeros\t1\t0\t7\t0\tinf\tinf\tinf\n");
	free(tsv);
	made_close(&made);
}

/* Exact zeros have a strip in every kind with a logarithmic axis. */
static void zeros_have_their_strip(void **state)
{
	struct made made;
	open_study(&made, 7,
		   "  - {kind: convergence, measure: batch_loss, where: {depth: 1, lr: 0.1}}\n"
		   "  - {kind: convergence, name: none, measure: batch_loss, where: {depth: 1, lr: 0.1, init: "
		   "he-normal}}\n"
		   "  - {kind: metric-against-key, where: {lr: 0.1}}\n");
	free(table_of(&made, "convergence.tsv"));
	static const char *const files[] = {"convergence.gp", "none.gp", "metric-against-key.gp"};
	for (int i = 0; i < 3; i++) {
		char *vars = read_figure(&made, files[i]);
		assert_holds(vars, i == 1 ? "ZERO = 0\n" : "ZERO = 1\n");
		free(vars);
	}
	made_close(&made);
}

/* A place, a ratio of two, what is predicted; each against a key of numbers. */
static void metrics_against_a_key(void **state)
{
	struct made made;
	open_study(
		&made, 7,
		"  - {kind: metric-against-key, where: {lr: 0.1}}\n"
		"  - {kind: metric-against-key, name: ratio, layer: last, over: {layer: first}, predicted: delta_rms, "
		"where: {lr: 0.1}}\n"
		"  - {kind: metric-against-key, name: other, layer: 2, over: {measure: delta_rms, layer: 1}, where: "
		"{lr: "
		"0.1}}\n"
		"  - {kind: metric-against-key, name: rate, against: lr, measure: train_loss, step: last, where: "
		"{depth: "
		"1}}\n"
		"  - {kind: metric-against-key, name: straight, against: lr, scale: linear, measure: final_train_loss, "
		"panel: depth}\n"
		"  - {kind: steps-to-target, name: rates, against: lr, where: {depth: 2}}\n");
	char *text = table_of(&made, "metric-against-key.tsv");
	assert_holds(text, "panel\tcurve\tinit\tdepth\tfinite\tn\tn_zero\tmedian\tlow\thigh\n");
	assert_holds(text, "\the-normal\t1\t7\t7\t0\t0.4\t0.1");
	assert_holds(text, "\tzeros\t2\t7\t7\t7\t0\t0\t0\n");
	free(text);
	text = read_figure(&made, "ratio.tsv"); /* 10^−3 / 10^−1, and so the prediction; 0.5 / 0 */
	assert_holds(text, "\tpredicted\n");
	assert_holds(text, "\the-normal\t2\t7\t7\t0\t0.01\t0.0099");
	assert_holds(text, "\tzeros\t2\t0\t7\t0\tinf\tinf\tinf\tnan\n");
	free(text);
	text = read_figure(&made, "ratio.gp");
	assert_holds(text, ":\302\240output\302\240layer\302\240over\302\240layer\302\2401'");
	assert_holds(text, "NEVER = 1\n");
	assert_holds(text, "PREDICTED = 1\n");
	free(text);
	text = read_figure(&made, "other.tsv"); /* (s + 1) 10^−2 over 2 · 10^−1 */
	assert_holds(text, "\the-normal\t2\t7\t7\t0\t0.1999");
	free(text);
	text = read_figure(
		&made, "rate.tsv"); /* the last losses 1/21 … 7/21; at lr 1 seed 0 is infinite: the 4th of 2 … 7, inf */
	assert_holds(text, "\the-normal\t0.1\t7\t7\t0\t0.190476190476190");
	assert_holds(text, "\the-normal\t1\t6\t7\t0\t0.238095238095238");
	free(text);
	text = read_figure(&made, "rate.gp");
	assert_holds(text, "XLOG = 1\n");
	assert_holds(text, "XKEY = 'lr'\n");
	assert_holds(text, "last\302\240step'");
	free(text);
	text = read_figure(&made, "straight.gp");
	assert_holds(text, "XLOG = 0\n");
	free(text);
	text = read_figure(&made, "rates.tsv");
	assert_holds(text, "lr\treached\t");
	free(text);
	made_close(&made);
}

#define ALL_KINDS                                                                                                      \
	"  - {kind: gradient-by-layer, panel: [depth], where: {lr: 0.1}, caption: 'a <b> & c'}\n"                      \
	"  - {kind: gradient-by-layer, name: signed, measure: act_mean, by: lr, step: last, where: {depth: 2, init: "  \
	"zeros}}\n"                                                                                                    \
	"  - {kind: gradient-over-time, panel: [init, depth], where: {lr: 0.1}}\n"                                     \
	"  - {kind: gradient-over-time, name: film, where: {lr: 0.1, depth: 2, init: he-normal}}\n"                    \
	"  - {kind: convergence, panel: [depth, lr]}\n"                                                                \
	"  - {kind: convergence, name: ends, where: {depth: 1, lr: 1}}\n"                                              \
	"  - {kind: convergence, name: accuracy, measure: test_accuracy, by: lr, where: {depth: 1, init: "             \
	"he-normal}}\n"                                                                                                \
	"  - {kind: trainability}\n"                                                                                   \
	"  - {kind: trainability, name: loss, measure: final_train_loss, where: {init: zeros}}\n"                      \
	"  - {kind: trainability, name: slow, measure: steps_to_target}\n"                                             \
	"  - {kind: steps-to-target, best: lr}\n"                                                                      \
	"  - {kind: steps-to-target, name: never, where: {init: zeros}, panel: lr}\n"                                  \
	"  - {kind: convergence, name: nothing, measure: batch_loss, where: {depth: 1, lr: 0.1}}\n"                    \
	"  - {kind: gradient-by-layer, name: foretold, predicted: delta_rms, where: {depth: 2, lr: 0.1}}\n"            \
	"  - {kind: metric-against-key, panel: lr, predicted: delta_rms}\n"                                            \
	"  - {kind: metric-against-key, name: ratio, layer: last, over: {layer: first}, where: {lr: 1}}\n"             \
	"  - {kind: metric-against-key, name: signs, measure: act_mean, against: lr, by: depth, panel: init}\n"        \
	"  - {kind: metric-against-key, name: gone, measure: final_train_loss, against: lr, where: {depth: 1}}\n"      \
	"  - {kind: metric-against-key, name: one, where: {depth: 1, lr: 1, init: zeros}}\n"

static void gnuplot_draws_every_kind_without_a_word(void **state)
{
	static const char *const names[] = {"gradient-by-layer",
					    "signed",
					    "gradient-over-time",
					    "film",
					    "convergence",
					    "ends",
					    "accuracy",
					    "trainability",
					    "loss",
					    "slow",
					    "steps-to-target",
					    "never",
					    "nothing",
					    "foretold",
					    "metric-against-key",
					    "ratio",
					    "signs",
					    "gone",
					    "one"};
	enum { FILES = 2 * sizeof names / sizeof *names };
	static struct err err;
	struct made made;
	open_study(&made, 6, ALL_KINDS);
	const struct draw_options options = options_for(&made, 1);
	struct text drawn = TEXT_INIT;
	char *first[FILES];
	for (int pass = 0; pass < 2; pass++) {
		must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
		for (size_t i = 0; i < FILES; i++) {
			char name[64];
			snprintf(name, sizeof name, "%s%s.svg", names[i / 2], i % 2 ? "-narrow" : "");
			char *svg = read_figure(&made, name);
			assert_true(strlen(svg) > 5000);
			assert_holds(svg, "prefers-color-scheme: dark"); /* finished by sed */
			assert_holds(svg, "DejaVu Sans, sans-serif");
			if (pass == 0) {
				first[i] = svg;
				continue;
			}
			assert_string_equal(first[i], svg); /* the same bytes */
			free(svg);
			free(first[i]);
		}
	}
	char *svg = read_figure(&made, "gradient-by-layer.svg");
	assert_holds(svg, "<desc>a &lt;b&gt; &amp; c</desc>");
	free(svg);
	text_release(&drawn);
	made_close(&made);
}

static void every_format_is_drawn(void **state)
{
	static struct err err;
	struct made made;
	open_study(&made, 3, "  - {kind: convergence, panel: depth, where: {lr: 1}}\n  - {kind: trainability}\n");
	const struct draw_options options = options_for(&made, 15);
	struct text drawn = TEXT_INIT;
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	static const struct {
		const char *file, *start;
	} files[] = {{"convergence.png", "\211PNG"},       {"convergence-narrow.pdf", "%PDF"},
		     {"trainability-tex.pdf", "%PDF"},     {"trainability-narrow-tex.tex", "% GNUPLOT"},
		     {"convergence-tex.tex", "% GNUPLOT"}, {"trainability.svg", "<?xml"}};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *bytes = read_figure(&made, files[i].file);
		if (strncmp(bytes, files[i].start, strlen(files[i].start)) != 0)
			fail_msg("%s does not start with %s", files[i].file, files[i].start);
		if (strstr(files[i].file, ".tex")) { /* TeX, not gnuplot's markup */
			assert_null(strstr(bytes, "{/:"));
			assert_holds(bytes, "\\textbf{");
		}
		free(bytes);
	}
	assert_holds(drawn.at, "/figures/convergence-narrow.svg\n");
	text_release(&drawn);
	made_close(&made);
}

/* A path may be any text, and be a curve's or a panel's name. */
/* Seconds and nanoseconds of the last change. */
static double changed_at(const struct draw_options *options, const char *name)
{
	struct stat info;
	char path[256];
	snprintf(path, sizeof path, "%s/%s", options->folder, name);
	assert_int_equal(stat(path, &info), 0);
	return (double)info.st_mtim.tv_sec + 1e-9 * (double)info.st_mtim.tv_nsec;
}

static void what_still_shows_its_numbers_is_not_drawn_again(void **state)
{
	static struct err err;
	struct made made;
	struct text drawn = TEXT_INIT;
	open_study(&made, 6, "  - {kind: convergence, panel: [depth, lr]}\n");
	struct draw_options options = options_for(&made, 1);
	options.stale = true;
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	const double first = changed_at(&options, "convergence.svg");
	options.gnuplot = NULL; /* nobody could draw */
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	assert_true(changed_at(&options, "convergence.svg") == first);
	char path[256];
	snprintf(path, sizeof path, "%s/convergence.tsv", options.folder);
	must(file_replace(path, "other numbers", 13, &err));
	assert_int_equal(figures_draw(&made.result, &made.study, &options, &drawn, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_holds(err.text, "no gnuplot on the PATH");
	options.gnuplot = "gnuplot";
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	assert_true(changed_at(&options, "convergence.svg") > first);
	snprintf(path, sizeof path, "%s/convergence-narrow.svg", options.folder);
	assert_int_equal(remove(path), 0);
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	assert_true(changed_at(&options, "convergence-narrow.svg") > first);
	text_release(&drawn);
	made_close(&made);
}

static void text_of_a_study_is_never_run(void **state)
{
	static struct err err;
	struct made made;
	static const char *const names[] = {"`touch hostile` '.system('touch hostile').'",
					    "$(touch hostile) \"; !touch hostile", "a_b^{c}@&~\\x"};
	char dir[] = "/tmp/fathom-report-XXXXXX", yaml[4096];
	assert_non_null(mkdtemp(dir));
	struct text csv = TEXT_INIT, paths = TEXT_INIT;
	for (int i = 0; i < 40; i++)
		text_add(&csv, "%d,%d,%d\n", i, i * i % 7, i % 2);
	for (int i = 0; i < 3; i++) {
		char file[256];
		snprintf(file, sizeof file, "%s/%s", dir, names[i]);
		must(file_replace(file, csv.at, csv.length, &err));
		text_add(&paths, "%s'", i ? ", " : "");
		for (const char *at = file; *at; at++)
			text_add(&paths, *at == '\'' ? "''" : "%c", *at);
		text_add(&paths, "'");
	}
	snprintf(yaml, sizeof yaml,
		 "title: \"`touch hostile` $(touch hostile)\"\n"
		 "data: { set: csv, train: 20, test: 10, path: [%s] }\n"
		 "model: { depth: 1, width: 3, activation: tanh, init: he-normal }\n"
		 "train: { loss: bce, lr: 1, batch: full, steps: 20, target: 0.1, stop_at_target: false }\n"
		 "seed: { range: 2 }\n"
		 "log: { every: 10, metrics: [train_loss, test_accuracy, grad_norm, act_mean] }\n"
		 "figures:\n"
		 "  - {kind: convergence, by: path, caption: \"`touch hostile` \\\" ' \\e]0;x\\a </desc><script>\"}\n"
		 "  - {kind: gradient-by-layer, panel: path}\n",
		 paths.at);
	text_release(&csv);
	text_release(&paths);
	made_open(&made, yaml, fill);
	const struct draw_options options = options_for(&made, 15);
	struct text drawn = TEXT_INIT;
	must(figures_draw(&made.result, &made.study, &options, &drawn, &err));
	char path[512];
	snprintf(path, sizeof path, "%s/figures/hostile", made.dir);
	assert_false(file_exists(path) || file_exists("hostile"));
	char *svg = read_figure(&made, "convergence.svg");
	assert_holds(svg, "`touch");
	assert_null(strstr(svg, "<script>"));
	assert_null(strchr(svg, '\033'));
	free(svg);
	text_release(&drawn);
	made_close(&made);
	nftw(dir, made_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A word as gnuplot reads it back. */
static void labels_are_escaped(void **state)
{
	struct label label = LABEL_INIT;
	label_words(&label, "a_b^{c}@&~\\d\n$x$ %#");
	assert_string_equal(label.enhanced.at, "a\\_b\\^\\{c\\}\\@\\&\\~\\\\d\302\240$x$\302\240%#");
	assert_string_equal(label.tex.at, "a\\_b\\^{}\\{c\\}@\\&\\~{}\\textbackslash{}d \\$x\\$ \\%\\#");
	label_release(&label);
	label_symbol(&label, "‖∂{/:Italic ℓ}/∂{/:Italic W}^{({/:Italic l})}‖_F");
	assert_string_equal(label.tex.at, "$\\|\\partial {\\ell }/\\partial {W}^{({l})}\\|_\\mathrm{F}$");
	label_release(&label);
	struct text quoted = TEXT_INIT, field = TEXT_INIT;
	quote_gnuplot(&quoted, "it's `date` \"x\"\n\033");
	assert_string_equal(quoted.at, "'it''s `date` \"x\"  '");
	add_field(&field, "a\tb\"c\n");
	assert_string_equal(field.at, "a b'c ");
	text_release(&quoted);
	text_release(&field);
}

static void fails_with(int seeds, const char *figures, const char *message)
{
	static struct err err;
	struct made made;
	open_study(&made, seeds, figures);
	const struct draw_options options = options_for(&made, 0);
	struct text drawn = TEXT_INIT;
	assert_int_equal(figures_draw(&made.result, &made.study, &options, &drawn, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_holds(err.text, message);
	assert_holds(err.text, "in figure '");
	text_release(&drawn);
	made_close(&made);
}

static void faults_are_told(void **state)
{
	fails_with(2, "  - {kind: gradient-by-layers, name: x}\n",
		   "unknown figure kind 'gradient-by-layers': did you mean 'gradient-by-layer'?");
	fails_with(2, "  - {kind: convergence, where: {depth: 1}}\n", "'lr' varies inside one curve");
	fails_with(2, "  - {kind: convergence}\n", "'depth', 'lr' vary inside one curve");
	fails_with(2, "  - {kind: gradient-over-time, where: {lr: 1}}\n", "'depth', 'init' vary inside one cell");
	fails_with(2, "  - {kind: convergence, measure: grad_norm}\n",
		   "'convergence' cannot draw 'grad_norm', which is one number a step and layer");
	fails_with(2, "  - {kind: convergence, predicted: train_loss, where: {depth: 1, lr: 1}}\n",
		   "'convergence' draws nothing predicted");
	fails_with(2, "  - {kind: gradient-by-layer, predicted: train_loss, where: {depth: 1, lr: 1}}\n",
		   "'train_loss' is not measured at the same places as 'grad_norm'");
	fails_with(2, "  - {kind: metric-against-key, predicted: train_loss, where: {lr: 1}}\n",
		   "'train_loss' is not measured at the same places as 'grad_norm'");
	fails_with(2, "  - {kind: trainability, predicted: final_train_loss}\n",
		   "'trainability' draws nothing predicted");
	fails_with(2, "  - {kind: convergence, layer: 1, where: {depth: 1, lr: 1}}\n",
		   "'convergence' is not of one place: leave out 'layer', or draw a 'metric-against-key'");
	fails_with(2, "  - {kind: trainability, against: width}\n", "leave out 'against'");
	fails_with(2, "  - {kind: metric-against-key, measure: train_loss, layer: 2, where: {lr: 1}}\n",
		   "'train_loss' has no layers: leave out 'layer'");
	fails_with(2, "  - {kind: metric-against-key, over: {layer: first}, where: {lr: 1}}\n",
		   "'over' is the place of 'grad_norm' itself: the ratio is 1");
	fails_with(2, "  - {kind: metric-against-key, over: {measure: train_loss}, where: {lr: 1}}\n",
		   "'train_loss' is not measured at the same places as 'grad_norm'");
	fails_with(2, "  - {kind: metric-against-key, by: depth}\n",
		   "'depth' is an axis of 'metric-against-key' already");
	fails_with(2, "  - {kind: metric-against-key, against: lr, by: lr, where: {depth: 1}}\n",
		   "'lr' is an axis of 'metric-against-key' already");
	fails_with(2, "  - {kind: metric-against-key}\n", "'lr' varies inside one curve");
	fails_with(2, "  - {kind: metric-against-key, step: 7, where: {lr: 1}}\n", "was the step logged?");
	fails_with(2, "  - {kind: metric-against-key, layer: 9, where: {lr: 1}}\n", "none of its runs has 'grad_norm'");
	fails_with(2, "  - {kind: metric-against-key, against: seed, scale: log, where: {lr: 1, depth: 1}}\n",
		   "a value of 0 has no place on a logarithmic axis");
	fails_with(2, "  - {kind: trainability, by: init}\n", "'trainability' has no curves");
	fails_with(2, "  - {kind: trainability, panel: depth}\n", "'depth' is an axis of 'trainability' already");
	fails_with(2, "  - {kind: gradient-by-layer, measure: dead, where: {depth: 1, lr: 1}}\n",
		   "does not hold 'dead'");
	fails_with(2, "  - {kind: gradient-by-layer, step: 7, where: {depth: 1, lr: 1}}\n", "was it logged?");
	fails_with(2, "  - {kind: convergence, where: {depth: 1, lr: 0.5}}\n", "keeps no run");
}

/* Every scheme of the init table looks different from every other, whatever else a study holds. */
static void no_two_inits_look_alike(void **state)
{
	double code[64];
	const char *word[64];
	const int n = (int)init_table.n;
	for (int i = 0; i < n; i++)
		code[i] = i, word[i] = table_name(&init_table, (size_t)i);
	const struct column column = {&keys[table_find(&key_table, "init")], code, n, word};
	const struct result result = {.R = (size_t)n, .columns = 1, .column = &column};
	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++) {
			const struct style a = style_of(&result, 0, (size_t)i), b = style_of(&result, 0, (size_t)j);
			if (a.colour == b.colour && a.marker == b.marker)
				fail_msg("%s looks like %s", word[i], word[j]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_are_medians_with_zeros_counted),
		cmocka_unit_test(curves_that_coincide_take_turns),
		cmocka_unit_test(diverged_seeds_are_infinite_in_a_loss),
		cmocka_unit_test(cells_count_who_reached_and_who_diverged),
		cmocka_unit_test(zeros_have_their_strip),
		cmocka_unit_test(metrics_against_a_key),
		cmocka_unit_test(gnuplot_draws_every_kind_without_a_word),
		cmocka_unit_test(every_format_is_drawn),
		cmocka_unit_test(what_still_shows_its_numbers_is_not_drawn_again),
		cmocka_unit_test(text_of_a_study_is_never_run),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(no_two_inits_look_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
