/* fig_boundary.c: the map that a search for a boundary draws: a place for each pair of values of the two keys, the outcome in it, lighter
 * where no run was trained, and the boundary as a line. Where the whole grid was trained it stands beside that map, drawn alike. A place is
 * stable when half or more of the seeds are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/drawing.h"
#include "report/plane.h"
#include "report/style.h"
#include "report/ticks.h"

/* One panel of the searched map or of the whole grid, over its seeds. */
struct picture_of {
	int n1, n2;
	const double *value[2];
	int seeds;
	int *trained, *stable, *mistaken; /* of each point: how many seeds */
};

enum { SEARCHED, GRID, HALVES };

struct maps {
	struct drawing *d;
	struct planes planes;
	int halves; /* 2: the whole grid is there as well */
	struct picture_of panel[PANELS_MAX][HALVES];
};

static int place_of(const struct drawing *d, size_t r)
{
	for (size_t g = 0; g < d->groups.G; g++)
		for (size_t i = d->groups.start[g]; i < d->groups.start[g + 1]; i++)
			if (d->groups.run[i] == r)
				return d->panel_of[g];
	return -1;
}

/* The panel of a plane, by the first of its runs that the figure has; −1: it has none of them. */
static int panel_of_plane(const struct drawing *d, const struct plane *p)
{
	int panel = -1;
	for (int at = 0; at < p->n1 * p->n2 && panel < 0; at++)
		if (p->run[at] != NO_RUN && d->result->status[p->run[at]] != STATUS_FAILED)
			panel = place_of(d, p->run[at]);
	return panel;
}

static void start_panel(struct maps *m, struct picture_of *picture, const struct plane *p)
{
	*picture = (struct picture_of){.n1 = p->n1, .n2 = p->n2, .value = {p->value[0], p->value[1]}};
	int **const counts[] = {&picture->trained, &picture->stable, &picture->mistaken};
	const int n = p->n1 * p->n2;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		memset(*counts[i] = POOL_TAKE(&m->planes.pool, int, n), 0, (size_t)n * sizeof(int));
}

static int add_plane(struct maps *m, struct picture_of panel[HALVES], const struct plane *p, struct err *err)
{
	for (int half = 0; half < HALVES; half++) {
		struct picture_of *picture = &panel[half];
		if (picture->seeds++ == 0)
			start_panel(m, picture, p), picture->seeds = 1;
		if (picture->n1 != p->n1 || picture->n2 != p->n2 || picture->value[1][0] != p->value[1][0])
			return err_set(err, ERR_INPUT, "one panel has grids of different axes: choose one by where");
		for (int at = 0; at < p->n1 * p->n2; at++) {
			picture->trained[at] += half == SEARCHED ? p->asked[at] : p->answer[at] != ANSWER_NONE;
			picture->stable[at] += (half == SEARCHED ? p->paint[at] : p->answer[at]) == ANSWER_STABLE;
			picture->mistaken[at] += half == SEARCHED && p->whole && p->answer[at] != p->paint[at];
		}
	}
	return 0;
}

static int gather(struct maps *m, struct err *err)
{
	planes_make(&m->planes, m->d->result, m->d->study);
	m->halves = HALVES;
	for (size_t k = 0; k < m->planes.n; k++) {
		const struct plane *p = &m->planes.plane[k];
		const int panel = panel_of_plane(m->d, p);
		if (panel < 0)
			continue;
		if (!p->settled)
			return err_set(err, ERR_INPUT,
				       "the search has not come to its end: fathom run goes on with it");
		m->halves = p->whole ? m->halves : 1;
		if (add_plane(m, m->panel[panel], p, err))
			return -1;
	}
	for (int panel = 0; panel < m->d->P; panel++)
		if (m->panel[panel][SEARCHED].seeds == 0)
			return err_set(err, ERR_INPUT,
				       "a panel has runs beside the search only: choose others by where");
	return 0;
}

/* ---- the table ---- */

static bool alike(const struct picture_of *p, int a, int b)
{
	return p->trained[a] == p->trained[b] && p->stable[a] == p->stable[b];
}

static bool is_stable(const struct picture_of *p, int at)
{
	return 2 * p->stable[at] >= p->seeds;
}

/* Neighbours of a row that are alike are one line of the table. */
static void write_row(const struct maps *m, int panel, int half, int i)
{
	struct drawing *d = m->d;
	const struct picture_of *p = &m->panel[panel][half];
	for (int j = 0, end; j < p->n2; j = end) {
		const int from = i * p->n2 + j;
		int mistaken = 0;
		for (end = j; end < p->n2 && alike(p, from, i * p->n2 + end); end++)
			mistaken += p->mistaken[i * p->n2 + end];
		text_add(&d->tsv, "%d\t1", panel + 1);
		for (int k = 0; k < d->panels; k++) {
			struct text word = TEXT_INIT;
			column_name(d->result, d->key[k], d->panel_run[panel], &word);
			text_add(&d->tsv, "\t");
			add_field(&d->tsv, word.at ? word.at : "");
			text_release(&word);
		}
		tsv_number(d, p->value[0][i]);
		tsv_number(d, p->value[1][j]);
		tsv_number(d, p->value[1][end - 1]);
		tsv_number(d, half);
		tsv_number(d, i);
		tsv_number(d, j);
		tsv_number(d, end - 1);
		tsv_number(d, end - j);
		tsv_number(d, p->seeds);
		tsv_number(d, (double)p->trained[from] * (end - j));
		tsv_number(d, (double)p->stable[from] / p->seeds);
		tsv_number(d, m->halves == HALVES && half == SEARCHED ? mistaken : NAN);
		tsv_end(d);
	}
}

/* ---- the line ---- */

static void write_line(const struct maps *m, int panel, int half, bool across, double at, double from, double to)
{
	text_add(&m->d->vars, "%d\t%d\t%g\t%g\t%g\t%g\n", panel + 1, half, across ? at : from, across ? from : at,
		 across ? at : to, across ? to : at);
}

/* Stretches between points of other outcomes, in places: along a row of points, then across. */
static void write_lines(const struct maps *m, int panel, int half)
{
	const struct picture_of *p = &m->panel[panel][half];
	for (int across = 0; across < 2; across++) {
		const int rows = across ? p->n2 : p->n1, places = across ? p->n1 : p->n2;
		const int down = across ? 1 : p->n2, along = across ? p->n2 : 1;
		for (int i = 1; i < rows; i++)
			for (int j = 0, end; j < places; j = end) {
				for (end = j; end < places; end++) {
					const int at = i * down + end * along;
					if (is_stable(p, at) == is_stable(p, at - down))
						break;
				}
				if (end > j)
					write_line(m, panel, half, across, i - 0.5, j - 0.5, end - 0.5);
				end += end == j;
			}
	}
}

/* ---- words ---- */

static void vars_ticks(struct drawing *d, const char *name, const double *value, int n, int most)
{
	struct ticks ticks;
	double rank[TICKS_MAX];
	char word[16];
	ticks_make(&ticks, value, n, most);
	for (int i = 0; i < ticks.n; i++)
		rank[i] = ticks.rank[i];
	snprintf(word, sizeof word, "%sAT", name), vars_numbers(d, word, ticks.n, ticks.at);
	snprintf(word, sizeof word, "%sVALUE", name), vars_numbers(d, word, ticks.n, ticks.value);
	snprintf(word, sizeof word, "%sRANK", name), vars_numbers(d, word, ticks.n, rank);
	snprintf(word, sizeof word, "%sTICKS", name), vars_number(d, word, ticks.n);
	snprintf(word, sizeof word, "%sDECADES", name), vars_number(d, word, ticks.decades);
}

/* "<= 1.3" as one writes it. */
static void add_relation(struct text *out, const char *is)
{
	static const char *const signs[][2] = {{"<=", "≤"}, {">=", "≥"}};
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(is, signs[i][0], 2) == 0) {
			text_add(out, "%s", signs[i][1]);
			is += 2;
		}
	text_add(out, "%s", is);
}

static void write_words(const struct maps *m)
{
	struct drawing *d = m->d;
	const struct search *search = &d->study->search;
	const struct picture_of *first = &m->panel[0][SEARCHED];
	struct label title = LABEL_INIT, x = LABEL_INIT, note = LABEL_INIT, stable = LABEL_INIT;
	struct text words = TEXT_INIT;
	if (search->measure < METRIC_N) {
		metric_words(search->measure, &words);
		text_add(&words, " ");
		add_relation(&words, search->is.text);
	} else {
		text_add(&words, "did not diverge");
	}
	key_label(search->key[0], &title);
	key_label(search->key[1], &x);
	label_words(&stable, "stable: ");
	label_words(&stable, words.at);
	text_release(&words);
	text_add(&words, first->seeds == 1 ? "one seed" : "%d seeds; stable: half or more are", first->seeds);
	label_words(&note, words.at);
	vars_label(d, "TITLE", &title);
	vars_label(d, "XTITLE", &x);
	vars_label(d, "NOTE", &note);
	vars_number(d, "NOTELINE", 0);
	vars_label(d, "STABLE", &stable);
	vars_number(d, "STABLEMM", label_mm(&stable, 8));
	vars_number(d, "SEEDS", first->seeds);
	vars_number(d, "HALVES", m->halves);
	vars_number(d, "N1", first->n1);
	vars_number(d, "N2", first->n2);
	vars_ticks(d, "Y", first->value[0], first->n1, 12);
	vars_ticks(d, "X", first->value[1], first->n2, 10);
	label_release(&title), label_release(&x), label_release(&note), label_release(&stable);
	text_release(&words);
}

static void write_counts(const struct maps *m)
{
	double trained[PANELS_MAX], all[PANELS_MAX];
	bool part = false;
	for (int panel = 0; panel < m->d->P; panel++) {
		const struct picture_of *p = &m->panel[panel][SEARCHED];
		trained[panel] = 0;
		all[panel] = (double)p->n1 * p->n2 * p->seeds;
		for (int at = 0; at < p->n1 * p->n2; at++)
			trained[panel] += p->trained[at];
		part |= trained[panel] < all[panel];
	}
	vars_numbers(m->d, "TRAINED", m->d->P, trained);
	vars_numbers(m->d, "ALL", m->d->P, all);
	vars_number(m->d, "PART", part);
}

static int write_figure(struct maps *m, struct err *err)
{
	struct drawing *d = m->d;
	if (gather(m, err))
		return -1;
	for (int panel = 1; panel < d->P; panel++)
		if (m->panel[panel][SEARCHED].n1 != m->panel[0][SEARCHED].n1 ||
		    m->panel[panel][SEARCHED].n2 != m->panel[0][SEARCHED].n2)
			return err_set(err, ERR_INPUT, "its panels have different axes: choose some with where");
	tsv_header(d, "last\tgrid\trow\tfrom\tto\tpoints\tseeds\ttrained\tstable\tmistaken");
	for (int panel = 0; panel < d->P; panel++)
		for (int half = 0; half < m->halves; half++)
			for (int i = 0; i < m->panel[panel][half].n1; i++)
				write_row(m, panel, half, i);
	write_words(m);
	write_counts(m);
	/* the first lies off the frame: a list of none would be a warning */
	text_add(&d->vars, "$LINES << END\n");
	for (int panel = 0; panel < d->P; panel++)
		for (int half = 0; half < m->halves; half++) {
			text_add(&d->vars, "%d\t%d\t-9\t-9\t-9\t-8\n", panel + 1, half);
			write_lines(m, panel, half);
		}
	text_add(&d->vars, "END\n");
	vars_layout(d, &(struct layout_options){AXIS_LINEAR, NULL, false, {m->halves == HALVES ? 1 : 2, 1}});
	return 0;
}

int fig_boundary(struct drawing *d, struct err *err)
{
	struct maps *m = calloc(1, sizeof *m);
	if (!m)
		NO_MEMORY("out of memory");
	m->d = d;
	const int failed = write_figure(m, err);
	planes_release(&m->planes);
	free(m);
	return failed;
}
