/* cmd_report.c: fathom report: one page, or a part of a paper, from the results of studies. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/tools.h"
#include "report/page.h"

struct report_args {
	struct path_args results;
	const char *output, *title;
	int format; /* row of doc_format_table, −1: by the ending of the output */
	int n;      /* results that could be opened */
	struct opened *opened;
	struct page_study *study;
	struct pool pool;
};

/* Opens a result and reaches its verdicts; it stays open until the page is written. */
static int take(const char *path, void *with, struct err *err)
{
	struct report_args *args = with;
	struct opened *opened = &args->opened[args->n];
	if (opened_load(opened, path, 0, NULL, err) != 0)
		return -1;
	struct verdict *verdict = POOL_TAKE(&args->pool, struct verdict, opened->study.claims + 1);
	if (claims_evaluate(&opened->result, &opened->study, verdict, err) != 0) {
		opened_release(opened);
		return -1;
	}
	args->study[args->n++] = (struct page_study){
		.result = &opened->result, .study = &opened->study, .verdict = verdict, .path = path};
	return 0;
}

static int format_by_ending(const char *path)
{
	const char *dot = strrchr(path, '.');
	for (int f = 0; dot && f < (int)doc_format_table.n; f++)
		if (strcmp(doc_formats[f].ending, dot) == 0)
			return f;
	return -1;
}

/* Where the document goes and how it is written. Never over a result. */
static int choose_output(struct report_args *args, struct err *err)
{
	struct stat output, result;
	const int html = table_find(&doc_format_table, "html");
	if (!args->output) {
		const char *first = args->results.path[0], *slash = strrchr(first, '/');
		args->format = args->format < 0 ? html : args->format;
		args->output = pool_format(&args->pool, "%.*sreport%s", slash ? (int)(slash + 1 - first) : 0, first,
					   doc_formats[args->format].ending);
	}
	if (args->format < 0 && strcmp(args->output, "-") == 0)
		args->format = html;
	else if (args->format < 0 && (args->format = format_by_ending(args->output)) < 0)
		return err_set(err, ERR_INPUT,
			       "the ending of '%s' names no format: .html, .md, .tex, .txt, or say which by --format",
			       args->output);
	for (int i = 0; i < args->results.n; i++)
		if (stat(args->output, &output) == 0 && stat(args->results.path[i], &result) == 0 &&
		    output.st_ino == result.st_ino && output.st_dev == result.st_dev)
			return err_set(err, ERR_INPUT, "'%s' is a result: a report does not go over it", args->output);
	return 0;
}

/* A folder as seen from another one: what they share is left out. Both are absolute. */
static const char *seen_from(struct pool *pool, const char *folder, const char *from)
{
	size_t shared = 0; /* up to the end of a name in both */
	for (size_t i = 0;; i++) {
		const bool a = folder[i] == '/' || !folder[i], b = from[i] == '/' || !from[i];
		if (a && b)
			shared = i;
		if (folder[i] != from[i] || !folder[i])
			break;
	}
	const char *way = "";
	for (const char *at = from + shared; *at; at++)
		if (*at == '/' && at[1])
			way = pool_format(pool, "../%s", way);
	return pool_format(pool, "%s%s", way, folder + shared + (folder[shared] == '/'));
}

/* Folders of figures; what is drawn is drawn there, what refers to them does so from the folder of the document. */
static void place_figures(struct report_args *args)
{
	char *slash, *absolute, *copy = pool_text(&args->pool, args->output);
	const bool here = strcmp(copy, "-") == 0 || !(slash = strrchr(copy, '/'));
	if (!here)
		slash[slash == copy] = '\0';
	char *from = realpath(here ? "." : copy, NULL);
	for (int i = 0; i < args->n; i++) {
		struct page_study *study = &args->study[i];
		study->folder = study->link = result_folder(&args->pool, study->path);
		const char *last = strrchr(study->folder, '/');
		char *parent = pool_format(&args->pool, "%.*s",
					   last ? (int)(last - study->folder) + (last == study->folder) : 1,
					   last ? study->folder : ".");
		absolute = realpath(parent, NULL); /* the folder itself need not be there yet */
		if (from && absolute)
			study->link = seen_from(&args->pool,
						pool_format(&args->pool, "%s/%s", strcmp(absolute, "/") ? absolute : "",
							    last ? last + 1 : study->folder),
						from);
		free(absolute);
	}
	free(from);
}

/* Writes the page of what could be opened. */
static int write_report(struct report_args *args, struct err *err)
{
	const struct doc_format *format = &doc_formats[args->format];
	const bool html = strcmp(format->name, "html") == 0, tex = strcmp(format->name, "tex") == 0;
	const struct page_options options = {
		.title = args->title,
		.draw = {.formats = 1u << table_find(&format_table, tex ? "pdf" : "svg"),
			 .scripts = find_scripts(&args->pool),
			 .gnuplot = find_program(&args->pool, "gnuplot")},
		.numbers = html,
	};
	struct doc doc;
	struct text out = TEXT_INIT;
	page_build(&doc, &options, args->n, args->study, err);
	format->write(&doc, &out);
	doc_release(&doc);
	const bool missing = err->kind != ERR_NONE;
	int failed = 0;
	if (strcmp(args->output, "-") == 0) {
		say("%s", out.at);
	} else {
		struct err *own = calloc(1, sizeof *own);
		if (!own)
			NO_MEMORY("out of memory");
		failed = file_replace(args->output, out.at, out.length, own);
		if (failed)
			*err = *own;
		else
			say("%s\n", args->output);
		free(own);
	}
	text_release(&out);
	return failed || missing ? -1 : 0;
}

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0,
	 "Where to: a file, or - for standard output (default: report.html beside the first RESULT)", 0},
	{"format", 'F', "FORMAT", 0, "html, md, tex, text (default: by the ending of FILE, else html)", 0},
	{"title", 't', "TEXT", 0, "Title of the document (default: the study's, or how many studies there are)", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_args *args = state->input;
	switch (key) {
	case 'o':
		args->output = arg;
		return 0;
	case 'F':
		args->format = option_row(state, &doc_format_table, arg);
		return 0;
	case 't':
		args->title = arg;
		return 0;
	}
	return path_args_parse(key, state, &args->results, NO_RESULT);
}

int cmd_report(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"RESULT...",
		"Writes one document on the results of studies: what each asked, its claims with what was measured, "
		"its "
		"figures, settings, how the runs ended, and where they were made. An HTML page needs no other file: "
		"send "
		"it, print it, keep it. Markdown and TeX are parts of a paper, and refer to the figures' files beside "
		"the "
		"results. Figures that are missing, or older than what they show, are drawn first. The path of the "
		"document is printed. " ONE_BAD,
		NULL,
		NULL,
		NULL};
	struct report_args args = {.format = -1};
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	args.opened = POOL_TAKE(&args.pool, struct opened, args.results.n);
	args.study = POOL_TAKE(&args.pool, struct page_study, args.results.n);
	int failed = choose_output(&args, err), code = EXIT_FINE;
	if (!failed)
		code = path_args_each(&args.results, argv[0], take, &args, err);
	if (!failed && args.n > 0) {
		*err = (struct err){0};
		place_figures(&args);
		failed = write_report(&args, err);
	}
	for (int i = 0; i < args.n; i++)
		opened_release(&args.opened[i]);
	pool_release(&args.pool);
	return code ? (failed ? complain_fault(argv[0], err), code : code) : failed;
}
