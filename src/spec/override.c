/* override.c: the short forms of the command line, turned into the nodes that a study file would give:
 *   depth=2,4        depth: [2, 4]
 *   lr=log:1e-3:1:5  lr: {log: [1e-3, 1, 5]}
 *   classes=[0, 1]   as in the file, also [[0, 1], [2, 3]] and {range: 5} */
#include <string.h>

#include "base/text.h"
#include "spec/read.h"

/* The parts of text between separators, as scalars of a list. */
static struct node *split(struct pool *pool, const struct source *source, const char *text, char separator)
{
	struct node *list = node_list(pool, source, NODE_LIST);
	const char stop[] = {separator, '\0'};
	for (;; text++) {
		const size_t n = strcspn(text, stop);
		char *part = pool_take(pool, n + 1);
		memcpy(part, text, n);
		node_append(list, node_scalar(pool, source, part));
		text += n;
		if (*text == '\0')
			return list;
	}
}

static struct node *generator_node(struct pool *pool, const struct source *source, const char *text)
{
	const size_t n = strcspn(text, ":");
	if (text[n] == '\0')
		return NULL;
	const char *name = pool_format(pool, "%.*s", (int)n, text);
	if (table_find(&generator_table, name) < 0)
		return NULL;
	struct node *map = node_list(pool, source, NODE_MAP), *arguments = split(pool, source, text + n + 1, ':');
	arguments->key = node_scalar(pool, source, name);
	node_append(map, arguments);
	return map;
}

int read_override(struct reading *reading, const struct key *key, const struct source *source, const char *text,
		  struct values *values)
{
	struct node *node = NULL;
	if (*text != '\0' && strchr("[{\"'", *text)) {
		struct source *flow = POOL_TAKE(reading->pool, struct source, 1);
		*flow = (struct source){source->path, text, strlen(text), source->word};
		node = yaml_read(reading->pool, flow, &reading->faults);
		if (!node)
			return -1;
	} else if (key->type != KEY_TEXT) {
		node = generator_node(reading->pool, source, text);
	}
	if (!node && strchr(text, ','))
		node = split(reading->pool, source, text, ',');
	if (!node)
		node = node_scalar(reading->pool, source, text);
	return read_values(reading, key, node, values);
}
