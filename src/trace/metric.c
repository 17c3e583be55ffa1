/* metric.c: the metric table, see metric.h. Symbols are gnuplot enhanced text in UTF-8 ("@" stacks what follows with
 * the next script: the wider one stands last). A loss is in nats where it is a log-loss, else in the squared unit of
 * the targets: its unit in the file is therefore 1. */
#include "trace/metric.h"

#define LAYER "^{({/:Italic l})}"
#define LOSS "{/:Italic ℓ}"
#define W "{/:Italic W}" LAYER
#define A "{/:Italic a}" LAYER
#define GRAD "∂" LOSS "/∂" W

const struct metric metrics[METRIC_N] = {
	[METRIC_TRAIN_LOSS] = {"train_loss", "loss on the training set, mean over examples", METRIC_STEP, "1",
			       LOSS "_{train}", BETTER_LOW},
	[METRIC_TRAIN_ACCURACY] = {"train_accuracy", "share of the training set that is classified right", METRIC_STEP,
				   "1", "accuracy_{train}", BETTER_HIGH},
	[METRIC_TEST_LOSS] = {"test_loss", "loss on the test set, mean over examples", METRIC_STEP, "1", LOSS "_{test}",
			      BETTER_LOW},
	[METRIC_TEST_ACCURACY] = {"test_accuracy", "share of the test set that is classified right", METRIC_STEP, "1",
				  "accuracy_{test}", BETTER_HIGH},
	[METRIC_BATCH_LOSS] = {"batch_loss", "loss on the batch of the next update, mean over examples", METRIC_STEP,
			       "1", LOSS "_{batch}", BETTER_LOW},
	[METRIC_GRAD_NORM_TOTAL] = {"grad_norm_total",
				    "norm of the gradient of the mean batch loss over all parameters", METRIC_STEP, "1",
				    "‖∇" LOSS "‖", BETTER_NEITHER},

	[METRIC_GRAD_NORM] = {"grad_norm",
			      "Frobenius norm of the gradient of the mean batch loss by the layer's weights",
			      METRIC_LAYER, "1", "‖" GRAD "‖_F", BETTER_NEITHER},
	[METRIC_BIAS_GRAD_NORM] = {"bias_grad_norm",
				   "norm of the gradient of the mean batch loss by the layer's biases", METRIC_LAYER,
				   "1", "‖∂" LOSS "/∂{/:Italic b}" LAYER "‖", BETTER_NEITHER},
	[METRIC_DELTA_RMS] =
		{"delta_rms",
		 "root mean square over examples and units of the derivative of an example's own loss by the "
		 "layer's pre-activations",
		 METRIC_LAYER, "1", "rms ∂" LOSS "/∂{/:Italic z}" LAYER, BETTER_NEITHER},
	[METRIC_WEIGHT_NORM] = {"weight_norm", "Frobenius norm of the layer's weights", METRIC_LAYER, "1", "‖" W "‖_F",
				BETTER_NEITHER},
	[METRIC_WEIGHT_DISTANCE] = {"weight_distance", "Frobenius norm of the layer's weights less those of step 0",
				    METRIC_LAYER, "1", "‖" W " − {/:Italic W}@_0" LAYER "‖_F", BETTER_NEITHER},
	[METRIC_UPDATE_RATIO] = {"update_ratio",
				 "norm of the next update of the layer's weights over the norm of the weights",
				 METRIC_LAYER, "1", "‖Δ" W "‖_F / ‖" W "‖_F", BETTER_NEITHER},
	[METRIC_ACT_MEAN] = {"act_mean",
			     "mean over batch and units of the layer's activations (last layer: its outputs)",
			     METRIC_LAYER, "1", "mean " A, BETTER_NEITHER},
	[METRIC_ACT_STD] =
		{"act_std",
		 "standard deviation over batch and units of the layer's activations (last layer: its outputs)",
		 METRIC_LAYER, "1", "std " A, BETTER_NEITHER},
	[METRIC_ACT_RMS] =
		{"act_rms",
		 "root mean square over batch and units of the layer's activations (last layer: its outputs)",
		 METRIC_LAYER, "1", "rms " A, BETTER_NEITHER},
	[METRIC_ACT_ABS] =
		{"act_abs",
		 "mean absolute value over batch and units of the layer's activations (last layer: its outputs)",
		 METRIC_LAYER, "1", "mean |" A "|", BETTER_NEITHER},
	[METRIC_ACT_COSINE] =
		{"act_cosine",
		 "mean cosine between the layer's activations for two different examples (first 64 of the batch)",
		 METRIC_LAYER, "1", "mean cos({/:Italic a}@_i" LAYER ", {/:Italic a}@_j" LAYER ")", BETTER_NEITHER},
	[METRIC_SATURATION] = {"saturation", "share of activations within 1 % of a bound of the activation's range",
			       METRIC_LAYER, "1", "share saturated", BETTER_NEITHER},
	[METRIC_DEAD] = {"dead", "share of units whose activation is 0 on the whole batch", METRIC_LAYER, "1",
			 "share dead", BETTER_NEITHER},
	[METRIC_ROW_SPREAD] =
		{"row_spread",
		 "distance of the rows of the weight gradient from its first row over its norm; 0: all units hear "
		 "the same",
		 METRIC_LAYER, "1", "spread of rows of " GRAD, BETTER_NEITHER},
	[METRIC_WEIGHT_SPREAD] =
		{"weight_spread",
		 "distance of the rows of the weights from the first row over their norm; 0: all units are the same",
		 METRIC_LAYER, "1", "spread of rows of " W, BETTER_NEITHER},
	[METRIC_GRAD_COSINE] = {"grad_cosine",
				"cosine between the gradient of the layer's weights and that of the logged step before",
				METRIC_LAYER, "1",
				"cos(∂" LOSS "/∂{/:Italic W}@_t" LAYER ", ∂" LOSS "/∂{/:Italic W}@" LAYER "_{t−1})",
				BETTER_NEITHER},

	[METRIC_FINAL_TRAIN_LOSS] = {"final_train_loss", "loss on the training set after the last update", METRIC_RUN,
				     "1", "final " LOSS "_{train}", BETTER_LOW},
	[METRIC_FINAL_TEST_ACCURACY] = {"final_test_accuracy",
					"share of the test set classified right after the last update", METRIC_RUN, "1",
					"final accuracy_{test}", BETTER_HIGH},
	[METRIC_BEST_TEST_ACCURACY] = {"best_test_accuracy",
				       "largest share of the test set classified right at a logged step", METRIC_RUN,
				       "1", "best accuracy_{test}", BETTER_HIGH},
	[METRIC_STEPS_TO_TARGET] = {"steps_to_target", "updates done when the target loss was first met", METRIC_RUN,
				    "1", "updates to target", BETTER_LOW},
	[METRIC_DIVERGED_AT] = {"diverged_at", "updates done when the loss left all bounds", METRIC_RUN, "1",
				"updates to divergence", BETTER_NEITHER},
	[METRIC_STEPS_DONE] = {"steps_done", "updates done in all", METRIC_RUN, "1", "updates done", BETTER_NEITHER},
	[METRIC_WALL_TIME] = {"wall_time", "time that the run took; side by side with others: its share", METRIC_RUN,
			      "s", "wall time", BETTER_LOW},

	[METRIC_DELTA_PREDICTED] =
		{"delta_predicted",
		 "delta_rms as the gains of the layers predict it from that of the output layer: for each layer l on "
		 "the way, times the Frobenius norm of W(l+1) over the root of the units of l, times the rms slope of "
		 "l",
		 METRIC_LAYER, "1", "predicted rms ∂" LOSS "/∂{/:Italic z}" LAYER, BETTER_NEITHER},
	[METRIC_DELTA_BOUND] =
		{"delta_bound",
		 "norm of the derivatives by the layer's pre-activations over the most it can be, the "
		 "steepest slope times the spectral norm of W(l+1) times that norm of layer l+1: at most 1",
		 METRIC_LAYER, "1", "‖∂" LOSS "/∂{/:Italic Z}" LAYER "‖_F / its bound", BETTER_NEITHER},
	[METRIC_SPECTRAL_NORM] = {"spectral_norm", "largest singular value of the layer's weights", METRIC_LAYER, "1",
				  "‖" W "‖_2", BETTER_NEITHER},

	[METRIC_FRONTIER] =
		{"frontier",
		 "of a search: the largest stable value of the searched key, at the run that has it; 0 where none "
		 "is stable, +inf where all are; worked out when results are read",
		 METRIC_RUN, "1", "largest stable", BETTER_NEITHER, true},
	[METRIC_FRONTIER_ABOVE] =
		{"frontier_above",
		 "of a search: the next larger value that was tried, which is not stable: the other end of "
		 "the bracket",
		 METRIC_RUN, "1", "smallest unstable", BETTER_NEITHER, true},
	[METRIC_SEARCHED] = {"searched",
			     "of a search for a boundary: 1 at a run that it needs, 0 at one that is there to compare "
			     "(full: true); "
			     "worked out when results are read, as are the next two",
			     METRIC_RUN, "1", "share needed by the search", BETTER_NEITHER, true},
	[METRIC_MISTAKEN] = {"mistaken",
			     "of a search for a boundary with its whole grid beside it: 1 at a run that is other than "
			     "the search takes "
			     "it to be, 0 at the others",
			     METRIC_RUN, "1", "share mistaken by the search", BETTER_NEITHER, true},
	[METRIC_BOUNDARY_DISTANCE] =
		{"boundary_distance",
		 "of the same: at a run that has a neighbour of the other outcome, how many values of an axis away the "
		 "nearest such run of the searched map is; 0: the search has found this one",
		 METRIC_RUN, "1", "distance from the searched boundary", BETTER_NEITHER, true},
};

const struct table metric_table = TABLE("metric", metrics);
