/* table.c: see table.h */
#include "base/table.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/err.h"

struct row_head {
	const char *name, *about;
};

static const struct row_head *row_at(const struct table *table, size_t row)
{
	if (row >= table->n)
		BUG("%s table has no row %zu", table->what, row);
	return (const struct row_head *)((const char *)table->rows + row * table->row_size);
}

const char *table_name(const struct table *table, size_t row)
{
	return row_at(table, row)->name;
}

const char *table_about(const struct table *table, size_t row)
{
	return row_at(table, row)->about;
}

int table_find(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(row_at(table, i)->name, name) == 0)
			return (int)i;
	return -1;
}

enum { NAME_MAX_COMPARED = 48 };

/* Edit distance of Damerau and Levenshtein (insert, delete, replace, swap neighbours); names longer than 48 are far. */
static size_t distance(const char *a, const char *b)
{
	const size_t n = strlen(a), m = strlen(b);
	size_t d[3][NAME_MAX_COMPARED + 1];
	if (n > NAME_MAX_COMPARED || m > NAME_MAX_COMPARED)
		return n + m;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = d[i % 3];
		const size_t *up = d[(i - 1) % 3], *upper = d[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);
			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && upper[j - 2] + 1 < best)
				best = upper[j - 2] + 1;
			now[j] = best;
		}
	}
	return d[n % 3][m];
}

/* Spelling habits do not count: ReLU is relu, kaiming_normal is kaiming-normal. */
static void fold(const char *name, char folded[NAME_MAX_COMPARED + 2])
{
	size_t n = 0;
	for (; n < NAME_MAX_COMPARED + 1 && name[n]; n++)
		folded[n] = name[n] == '_' ? '-' : (char)tolower((unsigned char)name[n]);
	folded[n] = '\0';
}

/* How far name may be from a candidate and still be taken for it; a prefix or a part of it counts as near. */
static size_t farness(const char *name, const char *candidate)
{
	char a[NAME_MAX_COMPARED + 2], b[NAME_MAX_COMPARED + 2];
	fold(name, a);
	fold(candidate, b);
	const size_t n = strlen(a), far = distance(a, b);
	const bool part = (n >= 3 && strstr(b, a) != NULL) || (n >= 2 && strncmp(a, b, n) == 0 && b[n] == '-');
	return part && far > 1 ? 1 : far;
}

static bool is_near(const char *name, size_t far)
{
	return far <= 1 + strlen(name) / 4;
}

const char *table_nearest(const struct table *table, const char *name)
{
	const char *best = NULL;
	size_t least = (size_t)-1;
	for (size_t i = 0; i < table->n; i++) {
		const size_t far = farness(name, row_at(table, i)->name);
		if (far < least) {
			least = far;
			best = row_at(table, i)->name;
		}
	}
	return best && is_near(name, least) ? best : NULL;
}

const char *nearest_name(const char *const *names, size_t n, const char *name)
{
	const char *best = NULL;
	size_t least = (size_t)-1;
	for (size_t i = 0; i < n; i++) {
		const size_t far = farness(name, names[i]);
		if (far < least) {
			least = far;
			best = names[i];
		}
	}
	return best && is_near(name, least) ? best : NULL;
}
