/* provenance.c: see provenance.h */
#include "cli/provenance.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/print.h"
#include "math/kernels.h"
#include "train/selftest.h"

const char *processor_name(struct pool *pool)
{
	char line[256];
	const char *name = "unknown";
	FILE *file = fopen("/proc/cpuinfo", "re");
	if (!file)
		return name;
	while (fgets(line, sizeof line, file))
		if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
			line[strcspn(line, "\n")] = '\0';
			name = pool_text(pool, strchr(line, ':') + 2);
			break;
		}
	fclose(file);
	return name;
}

const char *library_versions(struct pool *pool)
{
	return pool_format(pool, "%s, glibc %s; built with %s", store_library(), gnu_get_libc_version(),
			   version.libraries);
}

static const char *command_line(struct pool *pool, int argc, char **argv)
{
	struct text text = TEXT_INIT;
	for (int i = 0; i < argc; i++)
		text_add(&text, "%s%s", i ? " " : "", argv[i]);
	char *line = pool_text(pool, text.at);
	text_release(&text);
	make_harmless(line);
	return line;
}

int provenance_now(struct provenance *provenance, struct pool *pool, int threads, int argc, char **argv,
		   struct err *err)
{
	char hash[17];
	if (selftest(hash, err) != 0)
		return -1;
	char host[256] = "unknown";
	gethostname(host, sizeof host - 1);
	*provenance = (struct provenance){
		.fathom_version = version.number,
		.git_commit = version.commit,
		.host = pool_text(pool, host),
		.cpu = processor_name(pool),
		.isa = kernels_isa(),
		.compiler = version.compiler,
		.flags = version.flags,
		.libraries = library_versions(pool),
		.command_line = command_line(pool, argc, argv),
		.self_test = pool_text(pool, hash),
		.threads = threads,
	};
	return 0;
}
