/* study.c: reads a study from the file to the grids, in layers (draft.h): the file is the first, each `also` entry lies on
 * it, the command line on top of all. What can be known without training is checked here or when the plan is made. */
#include "spec/study.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "spec/claim.h"
#include "spec/draft.h"
#include "spec/resolve.h"
#include "spec/sought.h"
#include "spec/uses.h"

enum { FILE_MAX = 1 << 20 };

/* What is needed while reading, and gone after it. */
struct parse {
	struct reading reading;
	struct pool nodes;
	const struct node *root;
	struct draft *draft;
	int drafts;
};

static void read_drafts(struct parse *p)
{
	const struct node *also = node_get(p->root, "also");
	const bool list = also && also->kind == NODE_LIST;
	if (also && !list)
		fault_at(&p->reading.faults, also, "'also' is a list of grids: also: [{depth: 64}]");
	p->draft = POOL_TAKE(&p->nodes, struct draft, 1 + (list ? also->n : 0));
	p->drafts = 1;
	draft_default(&p->draft[0], p->reading.pool);
	p->draft[0].at = p->root;
	draft_layer(&p->draft[0], p->root, false, &p->reading);
	for (const struct node *item = list ? also->first : NULL; item; item = item->next) {
		if (item->kind != NODE_MAP) {
			fault_at(&p->reading.faults, item,
				 "an entry of 'also' is a map: {depth: 64, init: orthogonal}");
			continue;
		}
		struct draft *draft = &p->draft[p->drafts++];
		*draft = p->draft[0];
		draft->at = item;
		draft_layer(draft, item, true, &p->reading);
	}
}

/* Returns what lies on the file's `search`, if it is given. */
static const struct node *apply_overrides(struct parse *p, int n, const char *const *words)
{
	const struct node *map = read_words(&p->reading, n, words);
	for (int g = 0; g < p->drafts; g++)
		draft_layer(&p->draft[g], map, true, &p->reading);
	return node_get(map, "search");
}

static const char *heading(struct parse *p, const char *name)
{
	const struct node *node = node_get(p->root, name);
	return node ? read_text(&p->reading, name, node) : "";
}

/* Claims about the value that a search has found say of which key. */
static void give_found(struct study *study)
{
	struct claim *claim = (struct claim *)(uintptr_t)study->claim;
	for (int c = 0; c < study->claims; c++)
		if (claim[c].measure == METRIC_FRONTIER || claim[c].measure == METRIC_FRONTIER_ABOVE)
			claim[c].found = study->search.key[0];
}

static void read_study(struct parse *p, struct study *study, int n, const char *const *words)
{
	const struct node *claims = node_get(p->root, "claims"), *figures = node_get(p->root, "figures"),
			  *search = node_get(p->root, "search");
	study->title = heading(p, "title");
	study->question = heading(p, "question");
	study->source = heading(p, "source");
	read_drafts(p);
	if (claims)
		read_claims(&p->reading, claims, study);
	if (figures)
		read_figures(&p->reading, figures, study);
	const struct node *other = apply_overrides(p, n, words);
	search = other ? other : search;
	read_search(&p->reading, search, study);
	give_found(study);
	if (p->reading.faults.n > 0)
		return;
	struct grid *grid = POOL_TAKE(&study->pool, struct grid, p->drafts);
	for (int g = 0; g < p->drafts; g++)
		draft_grid(&p->draft[g], &grid[g], &p->reading);
	/* a stored study has been run: what it lists may be shown */
	if (p->reading.faults.n == 0 && *study->path)
		check_uses(p->draft, p->drafts, &p->reading);
	study->grid = grid;
	study->grids = p->drafts;
	/* a command line that leaves one value of an axis has no search along it, unless it asks for that itself */
	if (p->reading.faults.n == 0)
		check_search(&p->reading, search, study, *study->path && (n == 0 || other));
}

int study_parse(struct study *study, const char *text, size_t length, const char *name, const char *path, int n,
		const char *const *overrides, struct err *err)
{
	*study = (struct study){0};
	struct parse parse = {.reading = {.pool = &study->pool}};
	const struct source source = {.path = *path ? path : name, .text = text, .length = length};
	if (!is_file_name(name))
		return err_add(err,
			       "'%s' cannot name a study: its file's name, without .yaml, names the results\n"
			       "try: letters, digits, '.', '_' and '-', the first a letter or digit, at most 64",
			       shown(&study->pool, name)),
		       study_release(study), -1;
	study->name = pool_text(&study->pool, name);
	study->path = pool_text(&study->pool, path);
	parse.root = yaml_read(&parse.nodes, &source, &parse.reading.faults);
	if (parse.root && parse.root->kind != NODE_MAP)
		fault_at(&parse.reading.faults, parse.root, "a study is a map: data: …, model: …, train: …");
	else if (parse.root)
		read_study(&parse, study, n, overrides);
	const int result = faults_tell(&parse.reading.faults, err);
	if (result == 0) {
		struct text resolved = TEXT_INIT;
		resolve(study, parse.draft, &resolved);
		study->resolved = pool_text(&study->pool, resolved.at);
		text_release(&resolved);
	}
	pool_release(&parse.nodes);
	if (result != 0)
		study_release(study);
	return result;
}

/* Whether the file begins with HDF5's signature. */
static bool is_result(const char *path)
{
	static const char signature[] = "\x89HDF\r\n\x1a\n";
	char start[sizeof signature - 1];
	struct err unused;
	const int fd = file_open(path, &unused);
	const ssize_t n = fd >= 0 ? read(fd, start, sizeof start) : 0;
	if (fd >= 0)
		close(fd);
	return n == sizeof start && memcmp(start, signature, n) == 0;
}

/* A name without its ending or its folder: where there is such a study. */
static void suggest(const char *path, struct err *err)
{
	static const struct {
		const char *before, *behind;
	} habits[] = {{"", ".yaml"}, {"experiments/", ".yaml"}, {"experiments/", ""}};
	char other[4096];
	if (file_exists(path))
		return;
	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		snprintf(other, sizeof other, "%s%s%s", habits[i].before, path, habits[i].behind);
		if (!file_exists(other))
			continue;
		err_add(err, "did you mean '%s'?", other);
		return;
	}
}

int study_load(struct study *study, const char *path, int n, const char *const *overrides, struct err *err)
{
	char *text, name[256];
	size_t length;
	*study = (struct study){0};
	if (is_result(path))
		return err_set(err, ERR_INPUT,
			       "'%s' is a result, not a study\ntry: its study file, or 'fathom show' for what is in it",
			       path);
	if (file_read(path, FILE_MAX, &text, &length, err) != 0)
		return suggest(path, err), -1;
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
	snprintf(name, sizeof name, "%.*s", (int)(dot && dot > base ? dot - base : (ptrdiff_t)strlen(base)), base);
	const int result = study_parse(study, text, length, name, path, n, overrides, err);
	free(text);
	return result;
}

const char *study_place(const struct study *study)
{
	return *study->path ? study->path : study->name;
}

void study_release(struct study *study)
{
	pool_release(&study->pool);
	*study = (struct study){0};
}
