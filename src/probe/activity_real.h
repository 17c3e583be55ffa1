/* activity_real.h: the metrics of one layer's activations, for probe_forward. */
#ifndef FATHOM_ACTIVITY_REAL_H
#define FATHOM_ACTIVITY_REAL_H

#include "probe/probe_real.h"

/* act_*, saturation and dead of layer l after a forward pass of B examples. The output layer has no activation: act_* are
 * of its Z, saturation and dead NaN. */
void FN(probe_activity)(struct FN(probe) *probe, const struct FN(mlp) *mlp, int l, int B, struct trace *trace, int s);

#endif
