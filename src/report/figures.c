/* figures.c: the table of figure kinds, and the way from a study's list of figures to files. A figure that cannot be drawn does not keep
 * the others from it: all faults are told at the end. */
#include "report/figures.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "report/drawing.h"
#include "report/gnuplot.h"

enum { RUN = 1 << METRIC_RUN, STEP = 1 << METRIC_STEP, LAYER = 1 << METRIC_LAYER };

/* To add one: its row, fig_NAME.c, scripts/NAME.gp. */
static const struct figure_kind kinds[] = {
	{"gradient-by-layer",
	 "a metric of every layer at one step, against the layer; a curve per init, small multiples",
	 LAYER,
	 METRIC_GRAD_NORM,
	 "init",
	 NULL,
	 {NULL},
	 true,
	 false,
	 false,
	 NULL,
	 fig_gradient_by_layer},
	{"gradient-over-time",
	 "a metric of every layer and step as a map, with the training loss above it",
	 LAYER,
	 METRIC_GRAD_NORM,
	 NULL,
	 NULL,
	 {NULL},
	 false,
	 false,
	 false,
	 NULL,
	 fig_gradient_over_time},
	{"convergence",
	 "a metric against the step, median and band over seeds; a curve per init",
	 STEP,
	 METRIC_TRAIN_LOSS,
	 "init",
	 NULL,
	 {NULL},
	 false,
	 false,
	 false,
	 NULL,
	 fig_convergence},
	{"trainability",
	 "depth x learning rate: share of the seeds that reach the target, or the median of a metric",
	 RUN | STEP,
	 -1,
	 NULL,
	 "init",
	 {"depth", "lr"},
	 false,
	 false,
	 false,
	 NULL,
	 fig_trainability},
	{"steps-to-target",
	 "updates to the target loss against depth; a curve per init",
	 RUN,
	 METRIC_STEPS_TO_TARGET,
	 "init",
	 NULL,
	 {"depth"},
	 false,
	 true,
	 false,
	 "against-key",
	 fig_against_key},
	{"metric-against-key",
	 "a metric at one layer and step, or a ratio of two, against depth, width or another key of numbers; a curve "
	 "per init",
	 RUN | STEP | LAYER,
	 METRIC_GRAD_NORM,
	 "init",
	 NULL,
	 {"depth"},
	 true,
	 true,
	 false,
	 "against-key",
	 fig_against_key},
	{"frontier",
	 "the largest stable value that a search has found, against depth or another key of numbers; a curve per init",
	 RUN,
	 METRIC_FRONTIER,
	 "init",
	 NULL,
	 {"depth"},
	 false,
	 true,
	 false,
	 "against-key",
	 fig_against_key},
	{"boundary",
	 "the map that a search for a boundary draws, the boundary as a line and what was not trained lighter; beside "
	 "it the "
	 "whole grid, where that is there (full: true)",
	 0,
	 -1,
	 NULL,
	 NULL,
	 {NULL},
	 false,
	 false,
	 true,
	 NULL,
	 fig_boundary},
};

const struct table figure_table = TABLE("figure kind", kinds);

static int where_it_is(const struct study *study, const struct figure *figure, struct err *err)
{
	if (!study->path || !*study->path) /* stored in a result: its lines are not the user's */
		return err_add(err, "in figure '%s' of study '%s'", figure->name, study->name);
	return err_add(err, "in figure '%s', %s:%d:%d", figure->name, study->path, figure->line, figure->column);
}

static void check_kind(const struct study *study, const struct figure *f, struct err *err)
{
	const char *nearest = table_nearest(&figure_table, f->kind);
	err_add(err, "unknown figure kind '%s'%s%s%s", f->kind, nearest ? ": did you mean '" : "",
		nearest ? nearest : "", nearest ? "'?" : "");
	where_it_is(study, f, err);
}

/* What is said of one place, and of what divides there. */
static int check_places(const struct figure *f, const struct figure_kind *kind, int measure, struct err *err)
{
	const enum metric_shape shape = measure >= 0 ? metrics[measure].shape : METRIC_RUN;
	const bool other = f->over_measure >= 0 && f->over_measure != measure;
	int faults = 0;
	if (!kind->places && (f->against || f->scale >= 0 || f->layer != PLACE_ANY || f->has_over)) {
		err_add(err, "'%s' is not of one place: leave out '%s', or draw a 'metric-against-key'", kind->name,
			f->against      ? "against"
			: f->scale >= 0 ? "scale"
			: f->has_over   ? "over"
					: "layer");
		return 1;
	}
	if (f->layer != PLACE_ANY && shape != METRIC_LAYER) {
		err_add(err, "'%s' has no layers: leave out 'layer'", metrics[measure].name);
		faults++;
	}
	if (other && metrics[f->over_measure].shape != shape) {
		err_add(err, "'%s' is not measured at the same places as '%s'", metrics[f->over_measure].name,
			metrics[measure].name);
		faults++;
	} else if (f->has_over && !other && (shape == METRIC_RUN || f->over.step == f->step) &&
		   (shape != METRIC_LAYER || f->over.layer == figure_layer(f))) {
		err_add(err, "'over' is the place of '%s' itself: the ratio is 1", metrics[measure].name);
		faults++;
	}
	return faults;
}

/* Faults of one figure; how many. */
static int check_figure(const struct study *study, const struct figure *f, struct err *err)
{
	const int row = table_find(&figure_table, f->kind);
	if (row < 0) {
		check_kind(study, f, err);
		return 1;
	}
	const struct figure_kind *kind = &kinds[row];
	const int measure = figure_measure(f, kind);
	int faults = 0;
	if (f->by && !kind->by) {
		err_add(err, "'%s' has no curves, so nothing for by: put '%s' under panel", kind->name, f->by->name);
		faults++;
	}
	if (measure >= 0 && !(kind->shapes & 1u << metrics[measure].shape)) {
		static const char *const shape[] = {"a run", "a step", "a step and layer"};
		err_add(err, "'%s' cannot draw '%s', which is one number %s", kind->name, metrics[measure].name,
			shape[metrics[measure].shape]);
		faults++;
	}
	if (f->predicted >= 0 && !kind->predicts) {
		err_add(err, "'%s' draws nothing predicted", kind->name);
		faults++;
	} else if (f->predicted >= 0 && metrics[f->predicted].shape != metrics[measure].shape) {
		err_add(err, "'%s' is not measured at the same places as '%s'", metrics[f->predicted].name,
			metrics[measure].name);
		faults++;
	}
	faults += check_places(f, kind, measure, err);
	if (kind->maps && !figure_axis(study, f, kind, 0)) {
		err_add(err, "'%s' is the map of a search, and the study has none: search: {boundary: [depth, lr]}",
			kind->name);
		faults++;
	}
	for (int a = 0; a < 2 && figure_axis(study, f, kind, a); a++)
		for (int p = 0; p <= f->panels; p++) {
			const struct key *key = p < f->panels ? f->panel[p] : f->by;
			if (key && key == figure_axis(study, f, kind, a)) {
				err_add(err, "'%s' is an axis of '%s' already: it cannot be %s too", key->name,
					kind->name, p < f->panels ? "a panel" : "a curve");
				faults++;
			}
		}
	if (!*f->name || *f->name == '.' || strchr(f->name, '/')) {
		err_add(err, "'%s' is no file name", f->name);
		faults++;
	}
	if (faults)
		where_it_is(study, f, err);
	return faults;
}

int figures_check(const struct study *study, struct err *err)
{
	int faults = 0;
	for (int i = 0; i < study->figures; i++)
		faults += check_figure(study, &study->figure[i], err);
	return faults ? -1 : 0;
}

const struct figure_kind *figure_kind_of(const struct figure *figure)
{
	const int row = table_find(&figure_table, figure->kind);
	return row < 0 ? NULL : &kinds[row];
}

/* ---- drawing ---- */

static bool holds_already(const char *path, const struct text *text)
{
	char *bytes;
	size_t size;
	struct err ignored;
	if (file_read(path, text->length + 1, &bytes, &size, &ignored))
		return false;
	const bool same = size == text->length && memcmp(bytes, text->at, size) == 0;
	free(bytes);
	return same;
}

/* A file that holds this already stays as old as it is. */
static int write_file(const char *folder, const char *name, const char *ending, const struct text *text,
		      struct err *err)
{
	char *path;
	if (asprintf(&path, "%s/%s.%s", folder, name, ending) < 0)
		NO_MEMORY("out of memory");
	const int failed = holds_already(path, text) ? 0 : file_replace(path, text->at, text->length, err);
	free(path);
	return failed;
}

/* Seconds of the last change; −1: the file is not there. */
static double age_of(const char *folder, const char *name, const char *ending)
{
	struct stat info;
	char *path;
	if (asprintf(&path, "%s/%s%s", folder, name, ending) < 0)
		NO_MEMORY("out of memory");
	const bool there = stat(path, &info) == 0;
	free(path);
	return there ? (double)info.st_mtim.tv_sec + 1e-9 * (double)info.st_mtim.tv_nsec : -1;
}

/* What scripts/ calls the script of a figure. */
static const char *script_of(const struct figure *f)
{
	const struct figure_kind *kind = figure_kind_of(f);
	return kind && kind->script ? kind->script : f->kind;
}

/* Whether a picture was drawn from the table, the names and the scripts that there are now. */
static bool is_fresh(const struct draw_options *options, const struct figure *f, const char *format, bool narrow)
{
	char ending[32];
	snprintf(ending, sizeof ending, "%s%s.%s", narrow ? "-narrow" : "", strcmp(format, "tex") == 0 ? "-tex" : "",
		 format);
	const double drawn = age_of(options->folder, f->name, ending);
	return drawn >= 0 && drawn >= age_of(options->folder, f->name, ".tsv") &&
	       drawn >= age_of(options->folder, f->name, ".gp") &&
	       (!options->scripts || (drawn >= age_of(options->scripts, script_of(f), ".gp") &&
				      drawn >= age_of(options->scripts, "common", ".gp")));
}

static int draw_pictures(const struct figure *f, const struct draw_options *options, struct text *drawn,
			 struct err *err)
{
	const struct picture picture = {options->folder, options->scripts, options->gnuplot,
					script_of(f),    f->name,          f->caption ? f->caption : ""};
	int failed = 0;
	for (int format = 0; format < (int)format_table.n && !failed; format++)
		for (int narrow = 0; narrow < 2 && !failed; narrow++) {
			if (!(options->formats & 1u << format) ||
			    (options->stale && is_fresh(options, f, table_name(&format_table, (size_t)format), narrow)))
				continue;
			if (!options->gnuplot || !options->scripts)
				return err_set(err, ERR_SYSTEM,
					       options->gnuplot
						       ? "the gnuplot scripts are not found"
						       : "no gnuplot on the PATH: install it (Debian: gnuplot-nox)");
			failed = gnuplot_draw(&picture, (enum format)format, narrow, drawn, err);
		}
	return failed;
}

static int draw_figure(struct result *result, const struct study *study, const struct figure *f,
		       const struct draw_options *options, struct text *drawn, struct err *err)
{
	const struct figure_kind *kind = figure_kind_of(f);
	struct drawing d;
	int failed = drawing_open(&d, result, study, f, kind, err);
	if (!failed)
		failed = kind->tabulate(&d, err) || result_sure(result, err);
	if (!failed)
		failed = folder_make(options->folder, err) ||
			 write_file(options->folder, f->name, "tsv", &d.tsv, err) ||
			 write_file(options->folder, f->name, "gp", &d.vars, err);
	drawing_release(&d);
	if (!failed)
		failed = draw_pictures(f, options, drawn, err);
	return failed ? -1 : 0;
}

int figures_draw(struct result *result, const struct study *study, const struct draw_options *options,
		 struct text *drawn, struct err *err)
{
	int wanted = 0, faults = 0;
	enum err_kind worst = ERR_INPUT;
	err->kind = ERR_NONE, err->length = 0, err->text[0] = '\0';
	for (int i = 0; i < study->figures; i++) {
		const struct figure *f = &study->figure[i];
		if (options->only && strcmp(options->only, f->kind) != 0 && strcmp(options->only, f->name) != 0)
			continue;
		wanted++;
		struct err *own = calloc(1, sizeof *own);
		if (!own)
			return err_set(err, ERR_SYSTEM, "out of memory");
		if (check_figure(study, f, own) ||
		    (draw_figure(result, study, f, options, drawn, own) && where_it_is(study, f, own))) {
			err_add(err, "%s", own->text);
			worst = own->kind == ERR_SYSTEM ? ERR_SYSTEM : worst;
			faults++;
		}
		free(own);
	}
	if (faults) {
		err->kind = worst;
		return -1;
	}
	if (wanted || !options->only)
		return 0;
	err_set(err, ERR_INPUT, "the study has no figure '%s'", options->only);
	for (int i = 0; i < study->figures; i++)
		err_add(err, "it has '%s' (%s)", study->figure[i].name, study->figure[i].kind);
	return -1;
}
