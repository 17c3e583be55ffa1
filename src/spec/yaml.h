/* yaml.h: a YAML text as a tree of nodes that know where they stand, and faults told at that place. The only part of the
 * program that knows libfyaml. No tags, anchors, aliases or merge keys: a study needs none, and they let a small file grow
 * without bound. */
#ifndef FATHOM_YAML_H
#define FATHOM_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { YAML_DEPTH_MAX = 32, YAML_KEYS_MAX = 1000 };

/* Where text comes from: a file or a word of the command line. */
struct source {
	const char *path; /* for messages: "experiments/x.yaml" */
	const char *text;
	size_t length;
	const char *word; /* "lr=log:1:2": of the command line; NULL: a file */
	bool filter;      /* such a word is a condition, not an override */
};

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	const struct source *source;
	size_t at, width; /* in bytes of the source, for the caret */
	const char *text; /* of a scalar, without quotes; "" if there is none */
	bool quoted;
	int n; /* children of a list or map */
	struct node *first, *last;
	struct node *key;  /* of a map's child: its key, a scalar */
	struct node *next; /* in the parent */
};

/* All faults of an input, each once and no more than FAULTS_MAX, in the order of their places: gathered, then told. */
enum { FAULTS_MAX = 50 };
struct fault {
	const struct source *source;
	size_t at;
	const char *text;
};
struct faults {
	struct pool pool;
	int n; /* found; of more than FAULTS_MAX only the number is known */
	struct fault fault[FAULTS_MAX];
};

/* Adds them to err as lines, releases them. Returns −1 if there are any, else 0. */
int faults_tell(struct faults *faults, struct err *err);

/* A fault at a node: path:line:column: message, source line, caret; or override 'word': message. */
void fault_at(struct faults *faults, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text of the user in a message: control characters replaced, cut to a readable length. Lives in the pool. */
const char *shown(struct pool *pool, const char *text);

/* The first byte that is not UTF-8 or is a control character YAML has no place for; the length if there is none. */
size_t yaml_unreadable(const char *text, size_t length);

/* The root of a text that is one document, or NULL with faults. Nodes live in the pool; the source must outlive them. */
struct node *yaml_read(struct pool *pool, const struct source *source, struct faults *faults);

/* A child of a map, or NULL. */
struct node *node_get(const struct node *map, const char *key);

/* Nodes made by hand, for the short forms of the command line; all stand where the source stands. */
struct node *node_scalar(struct pool *pool, const struct source *source, const char *text);
struct node *node_list(struct pool *pool, const struct source *source, enum node_kind kind);
void node_append(struct node *parent, struct node *child);

#endif
