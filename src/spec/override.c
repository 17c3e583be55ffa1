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

/* The value of one word; NULL after a fault. */
static struct node *value_node(struct reading *reading, const char *key, const struct source *source, const char *text)
{
	const int row = table_find(&key_table, key);
	const bool numbers = row >= 0 && keys[row].type != KEY_TEXT;
	if (*text != '\0' && strchr("[{\"'", *text)) {
		struct source *flow = POOL_TAKE(reading->pool, struct source, 1);
		*flow = (struct source){source->path, text, strlen(text), source->word, source->filter};
		return yaml_read(reading->pool, flow, &reading->faults);
	}
	struct node *node = numbers ? generator_node(reading->pool, source, text) : NULL;
	if (!node && strchr(text, ','))
		node = split(reading->pool, source, text, ',');
	return node ? node : node_scalar(reading->pool, source, text);
}

struct node *read_words(struct reading *reading, int n, const char *const *words)
{
	static const struct source line = {.path = "", .text = "", .word = "key=value"};
	struct node *map = node_list(reading->pool, &line, NODE_MAP);
	for (int i = 0; i < n; i++) {
		struct source *source = POOL_TAKE(reading->pool, struct source, 1);
		const char *word = pool_text(reading->pool, words[i]);
		const size_t length = strcspn(word, "=");
		*source = (struct source){"", word, strlen(word), shown(reading->pool, word), reading->filter};
		struct node *key =
			node_scalar(reading->pool, source, pool_format(reading->pool, "%.*s", (int)length, word));
		const size_t unreadable = yaml_unreadable(word, strlen(word));
		if (word[unreadable] != '\0') { /* the resolved study could not be read again */
			fault_at(&reading->faults, key, "not readable text: byte 0x%02x",
				 (unsigned)(unsigned char)word[unreadable]);
			continue;
		}
		if (word[length] == '\0') {
			fault_at(&reading->faults, key, "not of the form key=value");
			continue;
		}
		struct node *value = value_node(reading, key->text, source, word + length + 1);
		if (node_get(map, key->text))
			fault_at(&reading->faults, key, "key '%s' is given twice", shown(reading->pool, key->text));
		if (!value)
			continue;
		value->key = key;
		node_append(map, value);
	}
	return map;
}
