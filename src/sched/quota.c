/* quota.c: see quota.h. The file proc has a line 0::/GROUP; ROOT/GROUP/cpu.max reads "QUOTA PERIOD" in microseconds, or "max PERIOD". */
#include "sched/quota.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool read_group(const char *proc, char group[PATH_MAX])
{
	char line[PATH_MAX];
	bool found = false;
	FILE *file = fopen(proc, "re");
	while (file && !found && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		found = strncmp(line, "0::/", 4) == 0;
		if (found)
			snprintf(group, PATH_MAX, "%s", line + 3);
	}
	if (file)
		fclose(file);
	return found;
}

/* Of one group. */
static int limit(const char *root, const char *group, int most)
{
	char path[2 * PATH_MAX];
	long long quota = 0, period = 0;
	snprintf(path, sizeof path, "%s%s/cpu.max", root, group);
	FILE *file = fopen(path, "re");
	const int numbers = file ? fscanf(file, "%lld %lld", &quota, &period) : 0; /* NOLINT(cert-err34-c) */
	if (file)
		fclose(file);
	if (numbers != 2 || quota < 1 || period < 1)
		return most;
	const long long processors = quota / period + (quota % period > 0);
	return processors < most ? (int)processors : most;
}

int quota_processors(const char *proc, const char *root, int most)
{
	char group[PATH_MAX];
	if (!read_group(proc, group))
		return most;
	for (char *slash = group + strlen(group); slash; slash = strrchr(group, '/')) {
		*slash = '\0';
		most = limit(root, group, most);
	}
	return most;
}
