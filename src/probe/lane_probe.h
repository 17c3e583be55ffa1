/* lane_probe.h: which metrics can be measured of networks side by side; how, in lane_probe_real.h. */
#ifndef FATHOM_LANE_PROBE_H
#define FATHOM_LANE_PROBE_H

#include "trace/metric.h"

/* Whether all of these, of a step or a layer, can be measured in the lanes. */
bool lane_probe_knows(metric_set wanted);

#endif
