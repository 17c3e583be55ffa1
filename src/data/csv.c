/* csv.c: see csv.h. One pass over the text, cut into lines and fields in place. */
#include "data/csv.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { FAULTS_MAX = 10, COLUMNS_MAX = 1000001 };

static const size_t file_max = (size_t)1 << 32;

struct parser {
	struct csv *csv;
	const char *path;
	struct err *err;
	int64_t line; /* the current one, from 1 */
	int faults;
	size_t capacity; /* of csv->values, in numbers */
	bool begun;      /* a header or row has been seen */
};

/* One more fault at this line; column 0: the line as a whole. */
static void fault(struct parser *p, int column, const char *what, const char *field)
{
	if (p->faults++ >= FAULTS_MAX)
		return;
	char place[48] = "";
	if (column > 0)
		snprintf(place, sizeof place, ", column %d", column);
	err_add(p->err, "'%.40s'%s %s at %s:%lld%s", field, strlen(field) > 40 ? "…" : "", what, p->path,
		(long long)p->line, place);
}

static char *trim(char *field)
{
	while (*field == ' ' || *field == '\t')
		field++;
	size_t n = strlen(field);
	while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\t'))
		n--;
	field[n] = '\0';
	return field;
}

static bool is_header(const char *line)
{
	double number;
	char *copy = strdup(line), *rest = copy, *field;
	bool header = true;
	if (!copy)
		NO_MEMORY("out of memory for a line");
	while (header && (field = strsep(&rest, ",")) != NULL)
		header = !parse_double(trim(field), &number);
	free(copy);
	return header;
}

static int columns_of(const char *line)
{
	int columns = 1;
	for (; *line; line++)
		columns += *line == ',';
	return columns;
}

/* Room for one more row. */
static int reserve_row(struct parser *p)
{
	struct csv *csv = p->csv;
	const size_t need = (size_t)(csv->rows + 1) * (size_t)csv->columns;
	if (need <= p->capacity)
		return 0;
	const size_t capacity = need * 2;
	double *grown = realloc(csv->values, capacity * sizeof *grown);
	if (!grown)
		return err_set(p->err, ERR_SYSTEM, "out of memory for the numbers of '%s'", p->path);
	csv->values = grown;
	p->capacity = capacity;
	return 0;
}

/* Is this field of the last column a label? */
static bool is_label(const char *field, double value)
{
	return field[strspn(field, "0123456789")] == '\0' && value <= INT32_MAX;
}

static int parse_row(struct parser *p, char *line)
{
	struct csv *csv = p->csv;
	const int columns = columns_of(line);
	char *field;
	if (csv->columns == 0) {
		if (columns < 2)
			return err_set(
				p->err, ERR_INPUT,
				"one column only at %s:%lld: inputs and, last, what to learn, are separated by commas",
				p->path, (long long)p->line);
		if (columns > COLUMNS_MAX)
			return err_set(p->err, ERR_INPUT, "%d columns at %s:%lld, more than %d", columns, p->path,
				       (long long)p->line, COLUMNS_MAX);
		csv->columns = columns;
		csv->labelled = true;
	}
	if (columns != csv->columns) {
		char what[80];
		snprintf(what, sizeof what, "has %d columns, the rows before have %d,", columns, csv->columns);
		fault(p, 0, what, line);
		return 0;
	}
	if (reserve_row(p) != 0)
		return -1;
	double *row = csv->values + (size_t)csv->rows * (size_t)csv->columns;
	for (int c = 0; (field = strsep(&line, ",")) != NULL; c++) {
		field = trim(field);
		if (!parse_double(field, &row[c]))
			fault(p, c + 1, "is not a number", field);
		else if (!isfinite(row[c]))
			fault(p, c + 1, "is not a finite number", field);
		else if (c == columns - 1 && !is_label(field, row[c]))
			csv->labelled = false;
	}
	csv->rows++;
	return 0;
}

static int parse_line(struct parser *p, char *line)
{
	const size_t n = strlen(line);
	if (n > 0 && line[n - 1] == '\r')
		line[n - 1] = '\0';
	line = trim(line);
	if (*line == '\0' || *line == '#')
		return 0;
	const bool first = !p->begun;
	p->begun = true;
	if (first && is_header(line))
		return 0;
	return parse_row(p, line);
}

int csv_parse(struct csv *csv, char *text, size_t size, const char *path, struct err *err)
{
	struct parser p = {.csv = csv, .path = path, .err = err};
	*csv = (struct csv){0};
	if (memchr(text, '\0', size))
		return err_set(err, ERR_INPUT, "'%s' is not a text file: it has a zero byte", path);
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text) {
		char *line = strsep(&text, "\n");
		p.line++;
		if (parse_line(&p, line) != 0)
			goto failed;
	}
	if (p.faults > FAULTS_MAX)
		err_add(err, "and %d more faults in '%s'", p.faults - FAULTS_MAX, path);
	if (p.faults > 0)
		goto failed;
	if (csv->rows == 0) {
		err_set(err, ERR_INPUT, "'%s' has no rows of numbers", path);
		goto failed;
	}
	return 0;
failed:
	csv_release(csv);
	return -1;
}

int csv_read(struct csv *csv, const char *path, struct err *err)
{
	char *text;
	size_t size;
	*csv = (struct csv){0};
	if (file_read(path, file_max, &text, &size, err) != 0)
		return -1;
	const int failed = csv_parse(csv, text, size, path, err);
	free(text);
	return failed;
}

void csv_release(struct csv *csv)
{
	free(csv->values);
	*csv = (struct csv){0};
}
