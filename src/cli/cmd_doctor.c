/* cmd_doctor.c: fathom doctor: what this machine offers, and what is missing. Exit code 3 when a study could not be run. */
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

struct doctor {
	struct pool pool;
	struct cells cells;
	int missing; /* essential things */
	const char *dir;
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

static const struct argp_option options[] = {OPTION_DIR, {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct doctor *doctor = state->input;
	if (key == 'o') {
		doctor->dir = arg;
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		argp_error(state, "doctor takes no arguments");
	return ARGP_ERR_UNKNOWN;
}

int cmd_doctor(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Says what this machine offers and what is missing. Exit code 3 when a study could not be run.",
		NULL,
		NULL,
		NULL};
	struct doctor doctor = {.pool = POOL_INIT, .dir = "results"};
	argp_parse(&argp, argc, argv, 0, NULL, &doctor);
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
