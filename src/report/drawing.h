/* drawing.h: one figure in the making. drawing_open finds its runs and sorts them into groups (a point, a curve or a cell each); the
 * figure's kind (fig_*.c) writes the table that is drawn, NAME.tsv, and names, ranges and ticks, NAME.gp, which the gnuplot script of
 * the kind loads. Sizes are not known here but for the two widths every figure is laid out for: 180 and 85 mm.
 */
#ifndef FATHOM_DRAWING_H
#define FATHOM_DRAWING_H

#include "report/label.h"
#include "report/runs.h"

struct drawing;

struct figure_kind {
	const char *name, *about;
	unsigned shapes;     /* bit s: `measure` may be of enum metric_shape s */
	int measure;         /* default; −1: what the kind says itself */
	const char *by;      /* default key of the curves; NULL: the kind has no curves */
	const char *panel;   /* default key of the panels; NULL: none */
	const char *axis[2]; /* keys that are axes of the kind */
	bool predicts;       /* can draw what is predicted beside what is measured */
	bool places;         /* is of one place: takes `layer`, `over`, and `against` for its axis */
	bool maps;           /* its axes are those of the study's search for a boundary */
	const char *script;  /* scripts/SCRIPT.gp; NULL: that of its name */
	int (*tabulate)(struct drawing *drawing, struct err *err);
};

enum { PANELS_MAX = 24, CURVES_MAX = 12 };

/* A range of an axis; empty while low > high. */
struct range {
	double low, high;
};

#define RANGE_INIT                                                                                                     \
	{                                                                                                              \
		INFINITY, -INFINITY                                                                                    \
	}

/* Median over seeds and its band: the 95 % interval, or the range where some group has fewer than six runs. */
struct band {
	size_t n, zeros;
	double median, low, high;
};

struct drawing {
	struct result *result;
	const struct study *study;
	const struct figure *figure;
	const struct figure_kind *kind;
	int measure;
	struct runs runs;
	int keys, key[5]; /* columns: panels, then by, then the kind's axes */
	int panels, by,
		axes; /* how many of them are panels; by: position in key or −1; axes: position of the first axis */
	struct groups groups;
	int *panel_of, *curve_of; /* of each group */
	int P, C;
	size_t panel_run[PANELS_MAX], curve_run[CURVES_MAX]; /* a run that shows the value */
	size_t n_low, n_high;                                /* runs in a group: least and most */
	bool ranged;                                         /* bands are ranges */
	struct text tsv, vars;
};

int drawing_open(struct drawing *drawing, struct result *result, const struct study *study, const struct figure *figure,
		 const struct figure_kind *kind, struct err *err);
void drawing_release(struct drawing *drawing);
/* The training loss to reach, where all runs have the same one; else 0. */
double target_of(const struct drawing *drawing);
/* The metric that a figure measures, −1: the kind's own. */
int figure_measure(const struct figure *figure, const struct figure_kind *kind);
/* NULL: no kind has that name. */
const struct figure_kind *figure_kind_of(const struct figure *figure);
/* The key of axis a, 0 or 1, of the kind in this study; NULL: it has none. */
const struct key *figure_axis(const struct study *study, const struct figure *figure, const struct figure_kind *kind,
			      int a);
/* The layer of a kind that draws one place. */
int64_t figure_layer(const struct figure *figure);

/* ---- the table ---- */

/* The header: panel, curve, the keys, then columns (between tabs). */
void tsv_header(struct drawing *drawing, const char *columns);
/* The start of a row of group g; then numbers, then the end of the line. */
void tsv_row(struct drawing *drawing, size_t g);
void tsv_number(struct drawing *drawing, double x);
void tsv_band(struct drawing *drawing, const struct band *band); /* n, zeros, median, low, high */
bool tsv_predicted(struct drawing *drawing, double x, bool log); /* whether it can be drawn */
void tsv_end(struct drawing *drawing);

struct band band_of(const struct drawing *drawing, size_t n, double *x); /* sorts x; NaN is left out */
/* Takes x up if it is finite (and, for a log axis, above 0). */
void range_take(struct range *range, double x);
void range_take_positive(struct range *range, double x);

/* ---- the variables ---- */

void vars_number(struct drawing *drawing, const char *name, double x);
void vars_label(struct drawing *drawing, const char *name, const struct label *label);
/* Arrays. */
void vars_labels(struct drawing *drawing, const char *name, int n, const struct label *label);
void vars_numbers(struct drawing *drawing, const char *name, int n, const double *x);
/* Reorders the curves: highest first. Before anything is written. height: one a curve. */
void drawing_sort_curves(struct drawing *drawing, const double *height);
/* CN CC CS CM: names, colours, shades and markers of the curves. */
void vars_curves(struct drawing *drawing);
/* For each panel the curves that have something, "1 2 4": a plot element without points would be a warning. */
void vars_lists(struct drawing *drawing, const char *name, bool (*has)[CURVES_MAX]);
/* "median of 20 seeds and its 95 % interval"; extra, a plain text or "", goes behind. */
void vars_note(struct drawing *drawing, const struct label *title, const char *extra);

/* Places panels and legend for both widths (layout.c): NP NC NR PC PR PB PL PNAME PREST, LINES LX LL, and for each row of panels its axis:
 * RLO RHI RSTEP with MODE. y: a range for each panel. */
enum axis_mode { AXIS_LOG, AXIS_LINEAR, AXIS_SHARE };
struct layout_options {
	enum axis_mode mode;
	const struct range *y; /* one a panel; NULL: no axis of numbers */
	bool legend;
	int most[2]; /* panels beside each other at 180 and 85 mm */
};
void vars_layout(struct drawing *drawing, const struct layout_options *options);
/* log axis, linear one, or the unit interval, by what the metric is and the numbers found */
enum axis_mode axis_mode_of(int metric, const struct range *all, const struct range *positive);

/* The step axis: logarithmic when the logged steps crowd at the start. XLOG FIRST LAST. */
bool vars_steps(struct drawing *drawing);

/* ---- the kinds ---- */

int fig_gradient_by_layer(struct drawing *drawing, struct err *err);
int fig_gradient_over_time(struct drawing *drawing, struct err *err);
int fig_convergence(struct drawing *drawing, struct err *err);
int fig_trainability(struct drawing *drawing, struct err *err);
int fig_against_key(struct drawing *drawing, struct err *err);
int fig_boundary(struct drawing *drawing, struct err *err);

#endif
