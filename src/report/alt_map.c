/* alt_map.c: maps in words (alt.h): trainability by its cells, gradient-over-time by its corners, boundary by its counts. */
#include <math.h>
#include <string.h>

#include "report/alt.h"
#include "report/spell.h"

/* The deepest network of the panel that all seeds train, and at which learning rate; else the best cell. */
static void add_shares(struct text *out, const struct alt *alt, size_t from, size_t end)
{
	const struct tsv *tsv = alt->tsv;
	const int value = tsv_column(tsv, "value"), sign = tsv_column(tsv, "sign"), depth = tsv_column(tsv, "depth"),
		  lr = tsv_column(tsv, "lr");
	size_t all = 0, none = 0, gone = 0, deepest = end;
	for (size_t r = from; r < end; r++) {
		const double s = tsv_value(tsv, r, sign), v = tsv_value(tsv, r, value);
		all += s == 0 && v == 1, none += s == 2, gone += s == 1;
		if (s == 0 && v == 1 && (deepest == end || tsv_value(tsv, r, depth) > tsv_value(tsv, deepest, depth)))
			deepest = r;
	}
	text_add(out, "all seeds reach it in %zu of %zu cells, none in %zu, more than half diverge in %zu", all,
		 end - from, none, gone);
	if (deepest < end)
		text_add(out, "; the deepest that all reach it in: %s layers at learning rate %.3g",
			 tsv_word(tsv, deepest, depth), tsv_value(tsv, deepest, lr));
}

static void add_range(struct text *out, const struct alt *alt, size_t from, size_t end)
{
	const struct tsv *tsv = alt->tsv;
	const int value = tsv_column(tsv, "value"), sign = tsv_column(tsv, "sign");
	size_t least = end, most = end, gone = 0;
	for (size_t r = from; r < end; r++) {
		const double v = tsv_value(tsv, r, value);
		gone += tsv_value(tsv, r, sign) == 1;
		if (isnan(v) || tsv_value(tsv, r, sign) == 1)
			continue;
		least = least == end || v < tsv_value(tsv, least, value) ? r : least;
		most = most == end || v > tsv_value(tsv, most, value) ? r : most;
	}
	for (int i = 0; i < 2 && least < end; i++) {
		const size_t r = i ? most : least;
		text_add(out, i ? " to " : "from ");
		spell_measured(out, tsv_value(tsv, r, value));
		text_add(out, " (depth %s, learning rate %.3g)", tsv_word(tsv, r, tsv_column(tsv, "depth")),
			 tsv_value(tsv, r, tsv_column(tsv, "lr")));
	}
	text_add(out, "%smore than half diverge in %zu of %zu cells", least < end ? "; " : "", gone, end - from);
}

/* The lowest and the highest layer, at their first and last step; how many cells are exactly zero. */
static void add_corners(struct text *out, const struct alt *alt, size_t from, size_t end)
{
	const struct tsv *tsv = alt->tsv;
	const int layer = tsv_column(tsv, "layer"), step = tsv_column(tsv, "step"), y = tsv_column(tsv, "median");
	size_t zeros = 0, last = end - 1;
	for (size_t r = from; r < end; r++)
		zeros += tsv_value(tsv, r, y) == 0;
	while (last > from && tsv_value(tsv, last - 1, layer) == tsv_value(tsv, end - 1, layer))
		last--;
	const size_t corner[2][2] = {{from, alt_span(alt, from, "layer") - 1}, {last, end - 1}};
	for (int i = 0; i < 2 && (i == 0 || last > from); i++) {
		text_add(out, "%slayer %s ", i ? "; " : "", tsv_word(tsv, corner[i][0], layer));
		spell_measured(out, tsv_value(tsv, corner[i][0], y));
		text_add(out, " at step %s, ", tsv_word(tsv, corner[i][0], step));
		spell_measured(out, tsv_value(tsv, corner[i][1], y));
		text_add(out, " at step %s", tsv_word(tsv, corner[i][1], step));
	}
	if (zeros)
		text_add(out, "; exactly 0 in %zu of %zu cells", zeros, end - from);
}

void alt_map(struct text *out, const struct alt *alt)
{
	const bool cells = tsv_column(alt->tsv, "value") >= 0;
	for (size_t r = 0; r < alt->tsv->rows;) {
		const size_t end = alt_span(alt, r, "panel");
		text_add(out, " ");
		alt_settings(out, alt, r, 0, alt->panels);
		text_add(out, alt->panels ? ": " : "");
		if (!cells)
			add_corners(out, alt, r, end);
		else if (figure_measure(alt->figure, alt->kind) < 0)
			add_shares(out, alt, r, end);
		else
			add_range(out, alt, r, end);
		text_add(out, ".");
		r = end;
	}
}

/* One panel of the searched map, or of the whole grid. */
static void add_half(struct text *out, const struct alt *alt, size_t from, size_t end, bool compared)
{
	const struct tsv *tsv = alt->tsv;
	const int points = tsv_column(tsv, "points"), seeds = tsv_column(tsv, "seeds"),
		  stable = tsv_column(tsv, "stable"), trained = tsv_column(tsv, "trained"),
		  mistaken = tsv_column(tsv, "mistaken");
	double all = 0, runs = 0, light = 0, wrong = 0;
	for (size_t r = from; r < end; r++) {
		const double n = tsv_value(tsv, r, points) * tsv_value(tsv, r, seeds);
		all += n, runs += tsv_value(tsv, r, trained);
		light += n * tsv_value(tsv, r, stable), wrong += tsv_value(tsv, r, mistaken);
	}
	if (tsv_value(tsv, from, tsv_column(tsv, "grid")) == 1)
		text_add(out, "; of the whole grid %.0f are", light);
	else
		text_add(out, "%s search trains %.0f of %.0f runs and takes %.0f to be stable",
			 alt->panels ? "the" : "The", runs, all, light);
	if (compared)
		text_add(out, ", is mistaken in %.0f of all", wrong);
}

void alt_boundary(struct text *out, const struct alt *alt)
{
	for (size_t r = 0; r < alt->tsv->rows;) {
		const size_t end = alt_span(alt, r, "panel"), half = alt_span(alt, r, "grid");
		text_add(out, " ");
		alt_settings(out, alt, r, 0, alt->panels);
		text_add(out, alt->panels ? ": " : "");
		add_half(out, alt, r, half < end ? half : end, half < end);
		if (half < end)
			add_half(out, alt, half, end, false);
		text_add(out, ".");
		r = end;
	}
}
