/* weights.h: the weights of a run in a file: /weights/ROW/initial/W1, b1, W2, … and final; W[l] of shape n[l] × n[l−1],
 * with dimensions n0 … nL of /weights/ROW. */
#ifndef FATHOM_WEIGHTS_H
#define FATHOM_WEIGHTS_H

#include "store/h5.h"
#include "trace/trace.h"

/* Writes those of a trace that has some, as group `row` of the group `weights`. */
void weights_write(struct image *image, hid_t weights, size_t row, const struct trace *trace);

/* A trace with no metrics but the weights of a row of an open file. */
struct trace *weights_read(hid_t file, size_t row, int layers, struct err *err);

#endif
