/* lane_probe.c: what the lanes can measure. What needs to remember a matrix of a run's own, or looks at single values, cannot.
 * Losses and accuracies of whole sets are train/group_scores_real.c's. */
#include "probe/lane_probe.h"

static const metric_set known =
	METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY) | METRIC_BIT(METRIC_TEST_LOSS) |
	METRIC_BIT(METRIC_TEST_ACCURACY) | METRIC_BIT(METRIC_BATCH_LOSS) | METRIC_BIT(METRIC_GRAD_NORM_TOTAL) |
	METRIC_BIT(METRIC_GRAD_NORM) | METRIC_BIT(METRIC_BIAS_GRAD_NORM) | METRIC_BIT(METRIC_DELTA_RMS) |
	METRIC_BIT(METRIC_WEIGHT_NORM) | METRIC_BIT(METRIC_UPDATE_RATIO) | METRIC_BIT(METRIC_ACT_MEAN) |
	METRIC_BIT(METRIC_ACT_RMS) | METRIC_BIT(METRIC_ACT_ABS) | METRIC_BIT(METRIC_ROW_SPREAD) |
	METRIC_BIT(METRIC_WEIGHT_SPREAD);

bool lane_probe_knows(metric_set wanted)
{
	for (int id = 0; id < METRIC_N; id++)
		if (wanted & METRIC_BIT(id) & ~known && metrics[id].shape != METRIC_RUN && !metrics[id].derived)
			return false;
	return true;
}
