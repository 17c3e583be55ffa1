/* on_store.c: our own code around the result files; HDF5 itself meets harmed files in tests/store/test_foreign.c. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/folder.h"
#include "store/seal.h"

static enum seal seal_of(const char *bytes, size_t size)
{
	static struct err err;
	uint64_t hash;
	char path[64];
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	const enum seal seal = seal_check(path, &hash, &err);
	close(fd);
	REQUIRE(seal != SEAL_GONE && seal != SEAL_SYSTEM);
	return seal;
}

void eat_seal(const char *bytes, size_t size)
{
	seal_of(bytes, size);
	char *sealed = malloc(size + SEAL_SIZE);
	REQUIRE(sealed);
	memcpy(sealed, bytes, size);
	seal_put(sealed, size);
	REQUIRE(seal_of(sealed, size + SEAL_SIZE) == SEAL_GOOD || size == 0);
	if (size > 0) {
		sealed[(unsigned char)bytes[0] % size] ^= 1;
		REQUIRE(seal_of(sealed, size + SEAL_SIZE) == SEAL_BROKEN);
	}
	free(sealed);
}

static const char *place(void)
{
	static char path[64];
	if (!path[0]) {
		snprintf(path, sizeof path, "%s/fathom-fuzz.XXXXXX",
			 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		REQUIRE(mkdtemp(path));
	}
	return path;
}

static void empty(const char *path)
{
	DIR *folder = opendir(path);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(path);
}

/* Files with a hostile name lie among the segments. Those that look like segments are set aside, nothing else in or above the
 * folder is touched but temporaries of the dead. */
static void check_folder(const struct folder *folder, const char *keep, const char *bytes, size_t size)
{
	static struct err err;
	struct sources sources;
	struct text notes = TEXT_INIT;
	char *copy = malloc(size + 1), *rest = copy, *name;
	REQUIRE(copy && mkdir(folder->parts, 0777) == 0);
	memcpy(copy, bytes, size + 1);
	const int parts = open(folder->parts, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while ((name = strsep(&rest, "\n")) != NULL) {
		const int fd =
			*name && !strchr(name, '/') ? openat(parts, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;
		if (fd >= 0)
			close(fd);
	}
	err = (struct err){0};
	REQUIRE(sources_scan(&sources, folder, true, &notes, &err) == 0);
	REQUIRE(sources.n == 1);
	REQUIRE(file_exists(keep));
	memcpy(copy, bytes, size + 1);
	for (rest = copy; (name = strsep(&rest, "\n")) != NULL;) {
		const size_t n = strlen(name);
		struct stat info;
		if (*name && *name != '.' && !strchr(name, '/') && n < 200 &&
		    !(n > 3 && strcmp(name + n - 3, ".h5") == 0))
			REQUIRE(fstatat(parts, name, &info, AT_SYMLINK_NOFOLLOW) == 0);
	}
	close(parts);
	sources_release(&sources);
	text_release(&notes);
	free(copy);
}

void eat_folder(const char *bytes, size_t size)
{
	static struct err err;
	struct folder folder;
	char keep[80];
	if (memchr(bytes, '\0', size))
		return;
	folder_init(&folder, place(), "x");
	snprintf(keep, sizeof keep, "%s/keep", folder.dir);
	REQUIRE(file_exists(keep) || file_replace(keep, "x", 1, &err) == 0);
	check_folder(&folder, keep, bytes, size);
	empty(folder.corrupt);
	empty(folder.parts);
	unlink(keep);
	rmdir(folder.dir);
	mkdir(folder.dir, 0700);
	folder_release(&folder);
}
