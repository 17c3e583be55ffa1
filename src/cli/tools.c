/* tools.c: see tools.h */
#include "cli/tools.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"

const char *find_program(struct pool *pool, const char *name)
{
	const char *path = getenv("PATH");
	if (!path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*path) {
		const size_t n = strcspn(path, ":");
		const char *candidate = pool_format(pool, "%.*s/%s", (int)n, path, name);
		if (n > 0 && access(candidate, X_OK) == 0)
			return candidate;
		path += n + (path[n] == ':');
	}
	return NULL;
}

/* The folder of this program, "" if it cannot be known. */
static const char *own_folder(struct pool *pool)
{
	char path[PATH_MAX];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return "";
	path[n] = '\0';
	*strrchr(path, '/') = '\0';
	return pool_text(pool, path);
}

const char *find_scripts(struct pool *pool)
{
	const char *named = getenv("FATHOM_SCRIPTS"), *own = own_folder(pool);
	if (named && named[0])
		return pool_text(pool, named);
	const char *const candidate[] = {
		pool_format(pool, "%s/../scripts", own),
		pool_format(pool, "%s/../share/fathom/scripts", own),
		pool_format(pool, "%s/share/fathom/scripts", version.prefix),
	};
	for (size_t i = 0; i < sizeof candidate / sizeof *candidate; i++)
		if (file_exists(pool_format(pool, "%s/common.gp", candidate[i])))
			return candidate[i];
	return NULL;
}
