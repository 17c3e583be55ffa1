/* cmd_doctor.c: fathom doctor: what this machine offers, and what is missing: exit code 3 when a study could not be run. Given
 * result files, whether they are whole instead: exit code 2 if one is not. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/provenance.h"
#include "cli/tools.h"
#include "math/kernels.h"
#include "sched/sched.h"
#include "store/store.h"
#include "train/selftest.h"

struct doctor {
	struct pool pool;
	struct cells cells;
	int missing; /* essential things */
	const char *dir;
	char **file; /* NULL-terminated: look at these, not at the machine */
};

__attribute__((format(printf, 4, 5))) static void finding(struct doctor *doctor, const char *what, const char *verdict,
							  const char *format, ...)
{
	va_list values;
	char *text = NULL;
	va_start(values, format);
	if (vasprintf(&text, format, values) < 0)
		NO_MEMORY("out of memory for a line");
	va_end(values);
	cells_add(&doctor->cells, "%s", what);
	cells_add(&doctor->cells, "%s", verdict);
	cells_add(&doctor->cells, "%s", text);
	cells_end_row(&doctor->cells);
	free(text);
}

static void look_at_machine(struct doctor *doctor)
{
	const double gib = 1.0 / (1 << 30);
	const double all = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) * gib;
	const double rest = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) * gib;
	finding(doctor, "fathom", "ok", "%s (%s), %s", version.number, version.commit, version.compiler);
	finding(doctor, "libraries", "ok", "%s", library_versions(&doctor->pool));
	finding(doctor, "processor", "ok", "%s", processor_name(&doctor->pool));
	finding(doctor, "instructions", kernels_supported() ? "ok" : "MISSING", "%s", kernels_isa());
	if (!kernels_supported())
		doctor->missing++;
	struct err err = {0};
	char hash[17];
	if (selftest(hash, &err) == 0)
		finding(doctor, "numbers", "ok", "self-test %s", hash);
	else
		finding(doctor, "numbers", "WRONG", "%.*s", (int)strcspn(err.text, "\n"), err.text);
	doctor->missing += err.kind != ERR_NONE;
	finding(doctor, "threads", "ok", "%d", sched_threads());
	finding(doctor, "memory", "ok", "%.1f GiB, %.1f GiB of it unused", all, rest);
}

static void look_at_programs(struct doctor *doctor)
{
	const char *gnuplot = find_program(&doctor->pool, "gnuplot"), *scripts = find_scripts(&doctor->pool);
	if (gnuplot)
		finding(doctor, "gnuplot", "ok", "%s", gnuplot);
	else
		finding(doctor, "gnuplot", "missing", "no figures can be drawn (Debian: gnuplot-nox)");
	if (scripts)
		finding(doctor, "scripts", "ok", "%s", scripts);
	else
		finding(doctor, "scripts", "missing", "no figures can be drawn: set FATHOM_SCRIPTS to their folder");
}

/* The default set of studies; others may do without it. */
static void look_at_data(struct doctor *doctor)
{
	struct settings settings;
	struct err err = {0};
	uint64_t identity;
	settings_default(&settings);
	if (dataset_identity(&settings.data, &identity, &err) == 0)
		finding(doctor, "data", "ok", "%s", table_name(&dataset_table, (size_t)settings.data.set));
	else
		finding(doctor, "data", "missing", "%s", err.text);
}

/* The folder itself or, as `run` would make it, the nearest one above that is there. */
static void look_at_folder(struct doctor *doctor)
{
	struct statvfs disk;
	char *path = pool_text(&doctor->pool, doctor->dir);
	while (access(path, F_OK) != 0 && strrchr(path, '/') && strrchr(path, '/') != path)
		*strrchr(path, '/') = '\0';
	if (access(path, F_OK) != 0)
		path = pool_text(&doctor->pool, ".");
	if (access(path, W_OK | X_OK) != 0 || statvfs(path, &disk) != 0) {
		finding(doctor, "results", "MISSING", "cannot write to %s: %s", doctor->dir, strerror(errno));
		doctor->missing++;
		return;
	}
	finding(doctor, "results", "ok", "%s can be written, %.1f GiB free", doctor->dir,
		(double)disk.f_bavail * (double)disk.f_frsize / (1 << 30));
}

/* Every byte against the seal, then what every command reads first. */
static int look_at_files(struct doctor *doctor, struct err *err)
{
	int bad = 0;
	for (char **file = doctor->file; *file; file++) {
		struct result result;
		struct err why = {0};
		if (result_open(&result, *file, &why) != 0) {
			finding(doctor, *file, "BAD", "%.*s", (int)strcspn(why.text, "\n"), why.text);
			bad++;
			continue;
		}
		if (result.sealed)
			finding(doctor, *file, "ok", "%zu runs, whole: every byte is the one that was written",
				result.R);
		else
			finding(doctor, *file, "unsealed",
				"%zu runs; changed by another program, which took the checksum off", result.R);
		result_close(&result);
	}
	cells_print(&doctor->cells, "lll");
	return bad == 0 ? EXIT_FINE : err_set(err, ERR_INPUT, "%d file%s not whole", bad, bad == 1 ? " is" : "s are");
}

static const struct argp_option options[] = {OPTION_DIR, {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct doctor *doctor = state->input;
	if (key == 'o') {
		doctor->dir = arg;
		return 0;
	}
	if (key == ARGP_KEY_ARGS) {
		doctor->file = state->argv + state->next;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_doctor(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		"[RESULT...]",
		"Says what this machine offers and what is missing: exit code 3 when a study could not be run. With "
		"result files: checks every byte of them against their checksums; exit code 2 when one is damaged.",
		NULL,
		NULL,
		NULL};
	struct doctor doctor = {.pool = POOL_INIT, .dir = "results"};
	argp_parse(&argp, argc, argv, 0, NULL, &doctor);
	if (doctor.file) {
		const int code = look_at_files(&doctor, err);
		pool_release(&doctor.pool);
		return code;
	}
	look_at_machine(&doctor);
	look_at_programs(&doctor);
	look_at_data(&doctor);
	look_at_folder(&doctor);
	cells_print(&doctor.cells, "lll");
	pool_release(&doctor.pool);
	if (doctor.missing > 0)
		return err_set(err, ERR_SYSTEM, "%d thing%s missing that every study needs", doctor.missing,
			       doctor.missing == 1 ? " is" : "s are");
	return EXIT_FINE;
}
