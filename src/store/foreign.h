/* foreign.h: HDF5 files that do not bear our seal: changed by another program, or made by who knows whom. Crafted files crash HDF5,
 * hang it, use up the memory or make it read other files. So HDF5 meets them in a child process with little to lose: no other
 * file can be opened, nothing written, memory and time are limited. The child hands back what it understood, written anew by
 * itself: plain arrays of numbers and text, their attributes, groups; links, filters from elsewhere and data kept in other files
 * are left behind or refused. */
#ifndef FATHOM_FOREIGN_H
#define FATHOM_FOREIGN_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* *bytes: the image of an HDF5 file with the same content, malloced. ERR_INPUT: unreadable, hostile or too large. */
int foreign_read(const char *path, char **bytes, size_t *size, struct err *err);

/* Whether an array's values lie in this file, packed by nothing that HDF5 would have to load. */
bool foreign_is_plain(hid_t dataset);

#endif
