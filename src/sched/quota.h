/* quota.h: how much processor time the control group of this process may take (Linux, cgroup v2): what containers and batch systems
 * limit beside the affinity mask. */
#ifndef FATHOM_QUOTA_H
#define FATHOM_QUOTA_H

/* Processors, rounded up, of the tightest cpu.max on the way from this process's group to the root; `most` if none is tighter or
 * there is no saying. proc: /proc/self/cgroup; root: where the groups are mounted. */
int quota_processors(const char *proc, const char *root, int most);

#endif
