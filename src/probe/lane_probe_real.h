/* lane_probe_real.h: the probes of probe_real.h for networks side by side (net/lanes_real.h): in the lanes, with the same bits. */
#ifndef FATHOM_LANE_PROBE_REAL_H
#define FATHOM_LANE_PROBE_REAL_H

#include "net/lanes_real.h"
#include "trace/trace.h"

struct FN(lane_probe) {
	metric_set wanted; /* of any lane that is watched at this update; 0: none is */
	struct {
		struct trace *trace; /* NULL: this lane is not watched */
		int s;
		metric_set wanted;
	} lane[KERNELS_LANES];
	real *before; /* W of the layer that is about to be updated, for update_ratio, and its norms */
	double weight_norm[KERNELS_LANES];
	double total[KERNELS_LANES];
};

/* After lanes_layout, and like it. */
void FN(lane_probe_layout)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, struct arena *arena);

/* This update is row s of the trace; until lane_probe_leave. */
void FN(lane_probe_watch)(struct FN(lane_probe) *probe, int lane, struct trace *trace, int s, metric_set wanted);
void FN(lane_probe_leave)(struct FN(lane_probe) *probe, int lane);

/* What lane_probe_forward wrote of this update is not to be known after all. */
void FN(lane_probe_erase)(struct FN(lane_probe) *probe, int lane);

/* After lanes_forward; in the sink ahead of the update of layer l = L … 1, and after it; after lanes_backward. */
void FN(lane_probe_forward)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes);
void FN(lane_probe_gradient)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l);
void FN(lane_probe_update)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes, int l);
void FN(lane_probe_batch)(struct FN(lane_probe) *probe, const struct FN(lanes) *lanes);

#endif
