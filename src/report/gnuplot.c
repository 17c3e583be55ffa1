/* gnuplot.c: see gnuplot.h. Files are drawn in a folder of their own beside the results and moved when they are whole, since TeX output
 * is two files that name each other, and a killed gnuplot leaves half of one. */
#include "report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { SECONDS = 60 };

static const struct {
	const char *name, *about;
} formats[] = {
	[FORMAT_SVG] = {"svg", "for pages: 180 mm and, named -narrow, 85 mm wide; knows dark pages"},
	[FORMAT_PNG] = {"png", "for slides: 10 pixels a millimetre"},
	[FORMAT_PDF] = {"pdf", "for papers"},
	[FORMAT_TEX] = {"tex", "for papers, words set by LaTeX: NAME-tex.tex, to be \\input, and its NAME-tex.pdf"},
};

const struct table format_table = TABLE("format", formats);

/* Waits for the child; after the time limit it is killed. */
static int wait_for(pid_t child, const char *program, int *status, struct err *err)
{
	const struct timespec nap = {0, 2000000};
	const double start = clock_now();
	for (;;) {
		const pid_t done = waitpid(child, status, WNOHANG);
		if (done == child)
			return 0;
		if (done < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for %s", program);
		if (clock_now() - start > SECONDS) {
			kill(child, SIGKILL);
			waitpid(child, status, 0);
			return err_set(err, ERR_SYSTEM, "%s took more than %d s and was stopped", program, SECONDS);
		}
		nanosleep(&nap, NULL);
	}
}

/* Runs argv in a folder; output and complaints go to files there. */
static int run(char *const argv[], const char *folder, const char *out, const char *log, struct err *err)
{
	char path[64 + PATH_MAX];
	snprintf(path, sizeof path, "PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/local/bin:/usr/bin:/bin");
	char home[] = "HOME=/nonexistent", locale[] = "LC_ALL=C.UTF-8";
	char *const environment[] = {path, home, locale, NULL};
	posix_spawn_file_actions_t files;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addchdir_np(&files, folder);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (strcmp(out, log) == 0)
		posix_spawn_file_actions_adddup2(&files, 1, 2);
	else
		posix_spawn_file_actions_addopen(&files, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	posix_spawnattr_t attributes; /* signals blocked or ignored by us are not so in the child */
	sigset_t none, usual;
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	pid_t child;
	const int failed = posix_spawnp(&child, argv[0], &files, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	if (failed == ENOENT)
		return err_set(err, ERR_SYSTEM, "'%s' is not installed (Debian: apt-get install gnuplot-nox)", argv[0]);
	if (failed)
		return err_set(err, ERR_SYSTEM, "cannot start %s: %s", argv[0], strerror(failed));
	int status;
	if (wait_for(child, argv[0], &status, err))
		return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, ERR_SYSTEM, "%s failed", argv[0]);
	return 0;
}

/* What was said, less the lines of fontconfig, which complains of caches that it may not write. */
static int complaints(const char *log, struct text *said)
{
	char *bytes;
	size_t size;
	struct err ignored;
	if (file_read(log, 1 << 20, &bytes, &size, &ignored))
		return 0;
	for (char *line = bytes, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (strncmp(line, "Fontconfig ", 11) != 0 && strspn(line, " \n") < (size_t)(end - line))
			text_add_bytes(said, line, (size_t)(end - line));
	}
	free(bytes);
	return said->length > 0;
}

static void add_xml(struct text *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '<' || *at == '>' || *at == '&')
			text_add(out, *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : "&amp;");
		else
			text_add(out, "%c", (unsigned char)*at < 32 || *at == 127 ? ' ' : *at);
	}
}

/* gnuplot's own title and description of an svg give way to the figure's. */
static void describe(struct text *out, const char *svg, size_t size, const struct picture *picture)
{
	const char *from = strstr(svg, "<title>"), *to = from ? strstr(from, "</desc>") : NULL;
	if (!to) {
		text_add_bytes(out, svg, size);
		return;
	}
	text_add_bytes(out, svg, (size_t)(from - svg));
	text_add(out, "<title>");
	add_xml(out, picture->name);
	text_add(out, "</title>\n<desc>");
	add_xml(out, picture->caption);
	text_add_bytes(out, to, size - (size_t)(to - svg));
}

/* Moves a finished file to the results. */
static int publish(const struct picture *picture, const char *work, const char *file, struct text *drawn,
		   struct err *err)
{
	char *from, *to, *bytes;
	size_t size;
	if (asprintf(&from, "%s/%s", work, file) < 0 || asprintf(&to, "%s/%s", picture->folder, file) < 0)
		NO_MEMORY("out of memory");
	int failed = file_read(from, 1 << 30, &bytes, &size, err);
	if (!failed) {
		struct text svg = TEXT_INIT;
		const size_t n = strlen(file);
		if (n > 4 && strcmp(file + n - 4, ".svg") == 0)
			describe(&svg, bytes, size, picture);
		failed = size == 0 ? err_set(err, ERR_SYSTEM, "gnuplot drew nothing")
				   : file_replace(to, svg.at ? svg.at : bytes, svg.at ? svg.length : size, err);
		text_release(&svg);
		free(bytes);
	}
	if (!failed)
		text_add(drawn, "%s\n", to);
	unlink(from);
	free(from);
	free(to);
	return failed ? -1 : 0;
}

/* Everything happens in the folder work; paths are absolute. */
static int draw_in(const struct picture *picture, const char *work, const char *folder, const char *scripts,
		   enum format format, bool narrow, struct text *drawn, struct err *err)
{
	char *script, *tsv, *vars, *out, *pdf, *log, *sed, *raw;
	const char *suffix = narrow ? "-narrow" : "", *tex = format == FORMAT_TEX ? "-tex" : "";
	if (asprintf(&script, "%s/%s.gp", scripts, picture->kind) < 0 ||
	    asprintf(&tsv, "%s/%s.tsv", folder, picture->name) < 0 ||
	    asprintf(&vars, "%s/%s.gp", folder, picture->name) < 0 || asprintf(&log, "%s/log", work) < 0 ||
	    asprintf(&out, "%s%s%s.%s", picture->name, suffix, tex, formats[format].name) < 0 ||
	    asprintf(&pdf, "%s%s%s.pdf", picture->name, suffix, tex) < 0 ||
	    asprintf(&sed, "%s/svg-finish.sed", scripts) < 0 || asprintf(&raw, "raw-%s", out) < 0)
		NO_MEMORY("out of memory");
	char *const plot[] = {(char *)picture->gnuplot,
			      "-d",
			      "-c",
			      script,
			      tsv,
			      vars,
			      format == FORMAT_SVG ? raw : out,
			      (char *)formats[format].name,
			      narrow ? "85" : "180",
			      NULL};
	char *const finish[] = {"sed", "-f", sed, raw, NULL};
	struct text said = TEXT_INIT;
	int failed = run(plot, work, "log", "log", err);
	if (failed ? err->kind == ERR_SYSTEM && complaints(log, &said) : complaints(log, &said))
		failed = err_set(err, ERR_SYSTEM, "gnuplot complained while drawing '%s':\n%.*s", out, 2000, said.at);
	if (!failed && format == FORMAT_SVG)
		failed = run(finish, work, out, "log", err);
	if (!failed)
		failed = publish(picture, work, out, drawn, err);
	if (!failed && format == FORMAT_TEX)
		failed = publish(picture, work, pdf, drawn, err);
	const char *const left[] = {raw, out, pdf, "log"};
	for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
		char path[PATH_MAX];
		if ((size_t)snprintf(path, sizeof path, "%s/%s", work, left[i]) < sizeof path)
			unlink(path);
	}
	text_release(&said);
	free(script), free(tsv), free(vars), free(out), free(pdf), free(log), free(sed), free(raw);
	return failed ? -1 : 0;
}

int gnuplot_draw(const struct picture *picture, enum format format, bool narrow, struct text *drawn, struct err *err)
{
	char *folder = realpath(picture->folder, NULL), *scripts = realpath(picture->scripts, NULL), *work = NULL;
	int failed = 0;
	if (!folder || !scripts)
		failed = err_errno(err, "cannot find '%s'", folder ? picture->scripts : picture->folder);
	if (!failed && asprintf(&work, "%s/.drawing.%ld", folder, (long)getpid()) < 0)
		NO_MEMORY("out of memory");
	if (!failed && mkdir(work, 0777) && errno != EEXIST)
		failed = err_errno(err, "cannot make the folder '%s'", work);
	if (!failed) {
		failed = draw_in(picture, work, folder, scripts, format, narrow, drawn, err);
		rmdir(work);
	}
	free(folder);
	free(scripts);
	free(work);
	return failed ? -1 : 0;
}
