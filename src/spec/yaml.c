/* yaml.c: see yaml.h. The tree is built from libfyaml's events, so that depth and forbidden features are refused as soon as
 * they appear, before they cost anything. */
#include "spec/yaml.h"

#include <libfyaml.h>
#include <string.h>

struct node *node_get(const struct node *map, const char *key)
{
	for (struct node *child = map->first; child; child = child->next)
		if (strcmp(child->key->text, key) == 0)
			return child;
	return NULL;
}

struct node *node_list(struct pool *pool, const struct source *source, enum node_kind kind)
{
	struct node *node = POOL_TAKE(pool, struct node, 1);
	node->kind = kind;
	node->source = source;
	node->text = "";
	return node;
}

struct node *node_scalar(struct pool *pool, const struct source *source, const char *text)
{
	struct node *node = node_list(pool, source, NODE_SCALAR);
	node->text = pool_text(pool, text);
	return node;
}

void node_append(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->n++;
}

/* ---- libfyaml's own messages -------------------------------------------------------------------------------------- */

struct complaint {
	bool heard;
	int line, column;
	char text[200];
};

/* libfyaml tells "<memory…>:LINE:COLUMN: error: MESSAGE\n", then an excerpt piece by piece, which we draw ourselves; without a
 * place "[ERR]: MESSAGE\n". Warnings are none of ours. */
static void hear(struct fy_diag *diag, void *user, const char *bytes, size_t length)
{
	struct complaint *complaint = user;
	char line[512];
	if (complaint->heard)
		return;
	snprintf(line, sizeof line, "%.*s", (int)length, bytes);
	const char *placed = strstr(line, "error: "), *message = placed ? placed : strstr(line, "[ERR]: ");
	if (!message)
		return;
	complaint->heard = true;
	snprintf(complaint->text, sizeof complaint->text, "%.*s", (int)strcspn(message + 7, "\n"), message + 7);
	(void)sscanf(line, "%*[^>]>:%d:%d:", &complaint->line, &complaint->column);
}

/* The byte where a line (from 1) and column (from 1, in characters) of the source is. */
static size_t byte_of(const struct source *source, int line, int column)
{
	size_t at = 0;
	for (; at < source->length && line > 1; at++)
		line -= source->text[at] == '\n';
	for (; at < source->length && column > 1; column--) {
		at++;
		while (at < source->length && ((unsigned char)source->text[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

/* ---- the tree ----------------------------------------------------------------------------------------------------- */

struct builder {
	struct pool *pool;
	const struct source *source;
	struct faults *faults;
	struct node *open[YAML_DEPTH_MAX]; /* lists and maps not closed yet */
	int depth;
	struct node *waiting[YAML_DEPTH_MAX]; /* of an open map: the key whose value comes next */
	struct node *root;
	size_t last; /* where the last event with a place ended */
};

static struct node *place_node(struct builder *b, struct fy_event *event, enum node_kind kind)
{
	struct node *node = node_list(b->pool, b->source, kind);
	const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
	node->at = b->last;
	if (start) { /* of what stands in the text */
		node->at = start->input_pos;
		node->width = kind == NODE_SCALAR ? end->input_pos - start->input_pos : 1;
		b->last = end->input_pos;
	}
	return node;
}

/* Puts a node into the open list or map, or as key of the map. Returns −1 after a fault. */
static int place(struct builder *b, struct node *node)
{
	if (b->depth == 0) {
		if (b->root) {
			fault_at(b->faults, node, "a second document: a study is one");
			return -1;
		}
		b->root = node;
		return 0;
	}
	struct node *parent = b->open[b->depth - 1], **waiting = &b->waiting[b->depth - 1];
	if (parent->kind == NODE_LIST) {
		node_append(parent, node);
		return 0;
	}
	if (*waiting) {
		node->key = *waiting;
		*waiting = NULL;
		node_append(parent, node);
		return 0;
	}
	if (node->kind != NODE_SCALAR) {
		fault_at(b->faults, node, "a key must be a word");
		return -1;
	}
	if (parent->n >= YAML_KEYS_MAX) {
		fault_at(b->faults, node, "more than %d keys in one place", YAML_KEYS_MAX);
		return -1;
	}
	if (node_get(parent, node->text))
		fault_at(b->faults, node, "key '%s' is given twice", shown(b->pool, node->text));
	*waiting = node;
	return 0;
}

static int open_node(struct builder *b, struct node *node)
{
	if (b->depth == YAML_DEPTH_MAX) {
		fault_at(b->faults, node, "nested more than %d deep", YAML_DEPTH_MAX);
		return -1;
	}
	if (place(b, node) != 0)
		return -1;
	b->open[b->depth] = node;
	b->waiting[b->depth++] = NULL;
	return 0;
}

/* The pieces of a scalar's text one behind the other, from `to` on unless it is NULL: how long they are together. */
static size_t join_pieces(struct fy_token *token, char *to)
{
	struct fy_token_iter *pieces = fy_token_iter_create(token);
	int fault; /* ends the text early */
	if (!pieces)
		BUG("libfyaml gives no pieces of a text");
	size_t n = 0;
	for (const struct fy_iter_chunk *piece = NULL;
	     (piece = fy_token_iter_chunk_next(pieces, piece, &fault)) != NULL;) {
		if (to)
			memcpy(to + n, piece->str, piece->len);
		n += piece->len;
	}
	fy_token_iter_destroy(pieces);
	return n;
}

/* The text of a scalar; NULL if it is not as long as libfyaml counts it beforehand. 0.7.12 counts wrongly, and then
 * fy_token_get_text cuts the text off or adds bytes of nothing: quotes in a row within '…', some blank lines in "…" and behind '>'. */
static const char *scalar_text(struct builder *b, struct fy_token *token)
{
	const size_t length = join_pieces(token, NULL);
	char *text = pool_take(b->pool, length + 1);
	join_pieces(token, text);
	return length == fy_token_get_text_length(token) ? text : NULL;
}

static struct node *scalar_node(struct builder *b, struct fy_event *event)
{
	struct node *node = place_node(b, event, NODE_SCALAR);
	const enum fy_node_style style = fy_event_get_node_style(event);
	node->quoted = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;
	/* the place of a quoted scalar is behind its quote; that of a block scalar is its first line */
	if (node->quoted) {
		node->at--;
		node->width += 2;
	}
	node->text = event->scalar.value ? scalar_text(b, event->scalar.value) : "";
	if (!node->text)
		fault_at(b->faults, node, "libfyaml misreads this text: write it in one line, in \"…\"");
	return node;
}

static int take_event(struct builder *b, struct fy_event *event)
{
	const bool tagged = (event->type == FYET_SCALAR || event->type == FYET_SEQUENCE_START ||
			     event->type == FYET_MAPPING_START) &&
			    fy_event_get_tag_token(event) != NULL;
	const bool anchored = event->type != FYET_ALIAS && fy_event_get_anchor_token(event) != NULL;
	if (tagged || anchored || event->type == FYET_ALIAS) {
		fault_at(b->faults, place_node(b, event, NODE_SCALAR), "a study has no %s",
			 tagged ? "tags ('!')" : "anchors ('&') and aliases ('*')");
		return -1;
	}
	switch (event->type) {
	case FYET_SCALAR:;
		struct node *scalar = scalar_node(b, event);
		return scalar->text ? place(b, scalar) : -1;
	case FYET_SEQUENCE_START:
		return open_node(b, place_node(b, event, NODE_LIST));
	case FYET_MAPPING_START:
		return open_node(b, place_node(b, event, NODE_MAP));
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		b->depth--;
		return 0;
	default:
		return 0;
	}
}

/* A place in the source that is no node. */
static struct node *spot(struct pool *pool, const struct source *source, size_t at)
{
	struct node *node = node_list(pool, source, NODE_SCALAR);
	node->at = at;
	return node;
}

size_t yaml_unreadable(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		const unsigned char c = (unsigned char)text[i];
		const size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : 3;
		if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || (c < ' ' && c != '\t' && c != '\n' && c != '\r') ||
		    i + more >= length + (more == 0))
			return i;
		for (size_t k = 1; k <= more; k++)
			if (((unsigned char)text[i + k] & 0xc0) != 0x80)
				return i;
		i += 1 + more;
	}
	return length;
}

/* What a text with the marks of YAML in it needs: expect: > 0.5 begins a block. */
static const char *remedy(const char *complaint)
{
	static const struct {
		const char *part, *remedy;
	} remedies[] = {
		{"on the same line", ": a text with ': ' in it needs quotes"},
		{"block scalar", ": a text that begins with > or | needs quotes"},
		{"plain scalar cannot start", ": quote it"},
		{"version number", ": a study needs no %YAML"},
	};
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (strstr(complaint, remedies[i].part))
			return remedies[i].remedy;
	return "";
}

/* What libfyaml could not read. A bracket that is missed at the end of the text is told where it was opened. */
static void tell_complaint(struct builder *b, const struct complaint *complaint)
{
	const size_t at = byte_of(b->source, complaint->line, complaint->column);
	const struct node *open = b->depth > 0 ? b->open[b->depth - 1] : NULL;
	if (open && at >= b->source->length && strchr("[{", b->source->text[open->at]))
		fault_at(b->faults, open, "not YAML: this '%c' is not closed", b->source->text[open->at]);
	else
		fault_at(b->faults, spot(b->pool, b->source, at), "not YAML: %s%s", complaint->text,
			 remedy(complaint->text));
}

struct node *yaml_read(struct pool *pool, const struct source *source, struct faults *faults)
{
	struct complaint complaint = {.line = 1, .column = 1, .text = "it cannot be read"};
	struct builder builder = {.pool = pool, .source = source, .faults = faults};
	const size_t unreadable = yaml_unreadable(source->text, source->length);
	if (unreadable < source->length) {
		fault_at(faults, spot(pool, source, unreadable), "not readable text: byte 0x%02x",
			 (unsigned)(unsigned char)source->text[unreadable]);
		return NULL;
	}
	struct fy_diag_cfg listen;
	fy_diag_cfg_default(&listen);
	listen.fp = NULL;
	listen.output_fn = hear;
	listen.user = &complaint;
	listen.colorize = false;
	struct fy_diag *diag = fy_diag_create(&listen);
	const struct fy_parse_cfg how = {.flags = FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE, .diag = diag};
	if (!diag)
		BUG("libfyaml gives no place for its complaints");
	struct fy_parser *parser = fy_parser_create(&how);
	if (!parser)
		BUG("libfyaml gives no parser");
	fy_parser_set_string(parser, source->text, source->length);

	int stop = 0;
	for (struct fy_event *event; !stop && (event = fy_parser_parse(parser)) != NULL;) {
		stop = take_event(&builder, event);
		fy_parser_event_free(parser, event);
	}
	const bool broken = fy_parser_get_stream_error(parser);
	fy_parser_destroy(parser);
	fy_diag_destroy(diag);
	if (stop)
		return NULL;
	if (broken) {
		tell_complaint(&builder, &complaint);
		return NULL;
	}
	if (!builder.root)
		fault_at(faults, spot(pool, source, 0), "nothing is written here");
	return builder.root;
}
