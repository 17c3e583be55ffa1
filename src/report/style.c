/* style.c: colours, markers and names (style.h). Okabe-Ito without its yellow, which white paper swallows. */
#include "report/style.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/init.h"

enum { LONGEST = 28 }; /* bytes of a value that is drawn */

enum { BLUE, VERMILLION, GREEN, PINK, ORANGE, SKY, GREY, INK };

static const struct {
	unsigned colour, shade;
	int marker;
} palette[STYLE_NAMES] = {
	[BLUE] = {0x0072B2, 0x0072B2, 7}, [VERMILLION] = {0xD55E00, 0xB84E00, 9}, [GREEN] = {0x009E73, 0x007A58, 13},
	[PINK] = {0xCC79A7, 0xA8507F, 5}, [ORANGE] = {0xE69F00, 0x8F6500, 11},    [SKY] = {0x56B4E9, 0x1F78A8, 15},
	[GREY] = {0x5C636B, 0x5C636B, 6}, [INK] = {0x1B1F24, 0x1B1F24, 4},
};

/* The init schemes: a colour for a family, a full marker for normal and a hollow one for uniform draws. An init without a row here is
 * drawn by its order, as any other name. */
static const struct {
	const char *init;
	int colour, marker;
	const char *label; /* NULL: the name, without hyphens */
} looks[] = {
	{"zeros", GREY, 6, NULL},
	{"constant", ORANGE, 4, NULL},
	{"uniform", ORANGE, 10, NULL},
	{"normal", ORANGE, 11, NULL},
	{"truncated-normal", ORANGE, 5, NULL},
	{"sparse", ORANGE, 15, NULL},
	{"uniform-0.1-symmetric", PINK, 5, "U(−0.1, 0.1)"},
	{"uniform-0.1-positive", PINK, 4, "U(0, 0.1)"},
	{"xavier-uniform", BLUE, 6, "Xavier uniform"},
	{"xavier-normal", BLUE, 7, "Xavier normal"},
	{"he-uniform", VERMILLION, 8, "He uniform"},
	{"he-normal", VERMILLION, 9, "He normal"},
	{"lecun-uniform", SKY, 14, "LeCun uniform"},
	{"lecun-normal", SKY, 15, "LeCun normal"},
	{"pytorch-default", INK, 4, "PyTorch default"},
	{"orthogonal", GREEN, 13, NULL},
	{"lsuv", INK, 13, "LSUV"}, /* begins as orthogonal: its marker, but told apart where both are drawn */
};

static int look_of(const struct result *result, int column, size_t r)
{
	const struct column *c = &result->column[column];
	if (c->key->table != &init_table || !c->words)
		return -1;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
		if (strcmp(looks[i].init, c->word[(int)c->number[r]]) == 0)
			return (int)i;
	return -1;
}

/* viridis (S. van der Walt, N. Smith; CC0), ten of its colours, linear between them. */
static unsigned sequence(double t)
{
	static const unsigned anchor[] = {0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E,
					  0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725};
	const int i = (int)(t * 9) < 8 ? (int)(t * 9) : 8;
	unsigned mixed = 0;
	for (int shift = 0; shift <= 16; shift += 8) {
		const double a = (double)(anchor[i] >> shift & 255), b = (double)(anchor[i + 1] >> shift & 255);
		mixed |= (unsigned)(a + (b - a) * (t * 9 - i) + 0.5) << shift;
	}
	return mixed;
}

/* The position of run r's value among the different values of the column, and how many there are. */
static int rank_of(const struct result *result, int column, size_t r, int *values)
{
	size_t *seen = calloc(result->R + 1, sizeof *seen);
	if (!seen)
		NO_MEMORY("out of memory");
	const bool words = result->column[column].words > 0;
	int n = 0, rank = 0;
	for (size_t i = 0; i < result->R && n < 1000; i++) {
		bool known = false;
		for (int k = 0; k < n && !known; k++)
			known = column_compare(result, column, seen[k], i) == 0;
		if (!known)
			seen[n++] = i;
	}
	for (int k = 0; k < n; k++) {
		const int c = column_compare(result, column, seen[k], r);
		if (words && c == 0)
			rank = k;
		rank += !words && c < 0;
	}
	free(seen);
	*values = n;
	return rank;
}

struct style style_of(const struct result *result, int column, size_t r)
{
	static const int markers[] = {7, 9, 13, 5, 11, 15};
	const int look = look_of(result, column, r);
	if (look >= 0)
		return (struct style){palette[looks[look].colour].colour, palette[looks[look].colour].shade,
				      looks[look].marker};
	int n;
	const int rank = rank_of(result, column, r, &n);
	if (result->column[column].words) {
		const int i = rank % STYLE_NAMES;
		return (struct style){palette[i].colour, palette[i].shade, palette[i].marker};
	}
	const double t = n < 2 ? 0.35 : 0.2 + 0.55 * rank / (n - 1);
	const unsigned colour = sequence(t), dark = t > 0.45 ? sequence(t) : colour;
	unsigned shade = dark;
	if (t > 0.45) { /* light colours are darkened for words */
		shade = 0;
		for (int shift = 0; shift <= 16; shift += 8)
			shade |= (unsigned)((double)(dark >> shift & 255) * (0.9 - 0.5 * (t - 0.45))) << shift;
	}
	return (struct style){colour, shade, markers[rank % 6]};
}

/* A number for reading, three digits where it has many: "0.1", "0.00316", "1e−05". */
static void number_words(struct label *label, const char *word)
{
	struct text out = TEXT_INIT;
	char shorter[32];
	double x;
	if (strlen(word) > 6 && parse_double(word, &x) && x != floor(x)) {
		snprintf(shorter, sizeof shorter, "%.3g", x);
		word = shorter;
	}
	for (const char *at = word; *at; at++)
		text_add(&out, *at == '-' ? "−" : "%c", *at);
	label_words(label, out.at ? out.at : "");
	text_release(&out);
}

/* "class ratio " */
static void key_words(const char *name, struct label *label)
{
	struct text words = TEXT_INIT;
	for (; *name; name++)
		text_add(&words, "%c", *name == '_' ? ' ' : *name);
	text_add(&words, " ");
	label_words(label, words.at);
	text_release(&words);
}

void style_label(const struct result *result, int column, size_t r, bool alone, struct label *label)
{
	const struct column *c = &result->column[column];
	const int look = look_of(result, column, r);
	struct text word = TEXT_INIT;
	column_name(result, column, r, &word);
	const char *w = word.at ? word.at : "";
	if (word.length > LONGEST) { /* a path: its end tells most */
		w += word.length - LONGEST;
		while (((unsigned char)*w & 0xC0) == 0x80)
			w++;
		label_words(label, "…");
	}
	if (look >= 0 && looks[look].label) {
		label_words(label, looks[look].label);
	} else if (c->words && c->key->type == KEY_NAME) {
		if (c->key->table == &gain_table && !alone)
			label_words(label, "gain ");
		for (char *at = word.at; c->key->table == &init_table && at && *at; at++)
			*at = *at == '-' ? ' ' : *at;
		label_words(label, w);
	} else {
		const bool symbol = c->key->symbol && *c->key->symbol && strcmp(c->key->name, "width") != 0;
		if (!alone && symbol)
			label_symbol(label, c->key->symbol), label_words(label, " = ");
		else if (!alone)
			key_words(c->key->name, label);
		number_words(label, w);
	}
	text_release(&word);
}

/* The words of a metric's name, abbreviations written out. */
static void name_words(const char *name, struct text *out)
{
	static const char *const full[][2] = {{"grad", "gradient"}, {"train", "training"}, {"act", "activation"},
					      {"std", "deviation"}, {"rms", "RMS"},        {"abs", "size"}};
	const size_t from = out->length;
	while (*name) {
		const size_t n = strcspn(name, "_");
		const char *word = NULL;
		for (size_t i = 0; i < sizeof full / sizeof *full; i++)
			if (strlen(full[i][0]) == n && strncmp(full[i][0], name, n) == 0)
				word = full[i][1];
		if (out->length > from)
			text_add(out, " ");
		if (word)
			text_add(out, "%s", word);
		else
			text_add_bytes(out, name, n);
		name += n + (name[n] == '_');
	}
}

void metric_words(int metric, struct text *out)
{
	name_words(metrics[metric].name, out);
}

const char *predicted_words(int metric)
{
	return metric == METRIC_DELTA_PREDICTED ? "predicted from the output layer" : "predicted";
}

void metric_label(int metric, struct label *label)
{
	const char *symbol = metrics[metric].symbol;
	struct text words = TEXT_INIT;
	name_words(metrics[metric].name, &words);
	const bool drawn = symbol && strstr(symbol, "{/:"), telling = drawn && islower((unsigned char)symbol[0]);
	if (!telling) /* else the symbol has words of its own: "mean |a|" */
		label_words(label, words.at);
	if (drawn && !telling)
		label_words(label, "  ");
	if (drawn)
		label_symbol(label, symbol);
	if (metrics[metric].unit && strcmp(metrics[metric].unit, "1") != 0) {
		label_words(label, " (");
		label_words(label, metrics[metric].unit);
		label_words(label, ")");
	}
	text_release(&words);
}

void key_label(const struct key *key, struct label *x)
{
	struct text name = TEXT_INIT;
	text_add(&name, "%s", strcmp(key->name, "lr") == 0 ? "learning rate" : key->name);
	for (char *at = name.at; *at; at++)
		*at = *at == '_' ? ' ' : *at;
	label_words(x, name.at);
	if (strcmp(key->name, "depth") == 0) {
		label_words(x, " "), label_symbol(x, "{/:Italic L}"), label_words(x, " (hidden layers)");
	} else if (key->symbol && *key->symbol) {
		label_words(x, " ");
		label_symbol(x, key->symbol);
	}
	text_release(&name);
}
