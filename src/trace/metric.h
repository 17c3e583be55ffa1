/* metric.h: the table of everything that is logged. To add one: its row in metric.c, the function that measures it in
 * probe/; storage, tables, claims, figures, help and docs loop over the table.
 *
 * Letters: S logged steps, L layers (depth + 1), R runs.
 */
#ifndef FATHOM_METRIC_H
#define FATHOM_METRIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"

enum metric_shape {
	METRIC_RUN,   /* one number a run; always recorded */
	METRIC_STEP,  /* S */
	METRIC_LAYER, /* S × L */
};

enum metric_id {
	/* per step */
	METRIC_TRAIN_LOSS,
	METRIC_TRAIN_ACCURACY,
	METRIC_TEST_LOSS,
	METRIC_TEST_ACCURACY,
	METRIC_BATCH_LOSS,
	METRIC_GRAD_NORM_TOTAL,
	/* per layer */
	METRIC_GRAD_NORM,       /* ‖∂loss/∂W[l]‖_F */
	METRIC_BIAS_GRAD_NORM,  /* ‖∂loss/∂b[l]‖ */
	METRIC_DELTA_RMS,       /* √mean_ij (∂loss_i/∂z_ij)² */
	METRIC_WEIGHT_NORM,     /* ‖W[l]‖_F */
	METRIC_WEIGHT_DISTANCE, /* ‖W[l] − W[l] at step 0‖_F */
	METRIC_UPDATE_RATIO,    /* ‖ΔW[l]‖_F / ‖W[l]‖_F of the update that follows */
	METRIC_ACT_MEAN,        /* of A[l] over batch and units; l = L: of the output's Z */
	METRIC_ACT_STD,
	METRIC_ACT_RMS,    /* √q, q = ‖a‖²/numel */
	METRIC_ACT_ABS,    /* mean |a|: coordinate size */
	METRIC_ACT_COSINE, /* mean cosine between different examples (c); of the first 64 examples of the batch */
	METRIC_SATURATION, /* share of activations outside the activation's (low, high); NaN where it cannot saturate */
	METRIC_DEAD,       /* share of units that are 0 on the whole batch; NaN where units cannot die */
	METRIC_ROW_SPREAD, /* √Σ_o ‖dW[l]_o − dW[l]_1‖² / ‖dW[l]‖_F: 0 exactly iff all units hear the same */
	METRIC_WEIGHT_SPREAD, /* the same of the rows of W[l]; 0/0 is 0 in both */
	METRIC_GRAD_COSINE,   /* cosine between dW[l] and that of the logged step before; NaN at the first */
	/* per run */
	METRIC_FINAL_TRAIN_LOSS,
	METRIC_FINAL_TEST_ACCURACY,
	METRIC_BEST_TEST_ACCURACY,
	METRIC_STEPS_TO_TARGET, /* updates when the target was first met; NaN: never */
	METRIC_DIVERGED_AT,     /* updates done when the loss left; NaN: it did not */
	METRIC_STEPS_DONE,
	METRIC_WALL_TIME, /* s; not part of a result's identity, diff leaves it out */
	/* rows are bits in result files: what came later stands last. Per layer: */
	METRIC_DELTA_PREDICTED, /* d[L] = delta_rms[L], d[l] = d[l+1] · ‖W[l+1]‖_F/√n[l] · rms g'(Z[l]) */
	METRIC_DELTA_BOUND,     /* ‖dZ[l]‖_F / (sup|g'| · ‖W[l+1]‖₂ · ‖dZ[l+1]‖_F) ≤ 1 for l < L */
	METRIC_SPECTRAL_NORM,   /* ‖W[l]‖₂, the largest singular value */
	/* of a search, per run; worked out from the runs of a result, in no file */
	METRIC_FRONTIER, /* the largest stable value of the searched key, at the run that has it; NaN at the others */
	METRIC_FRONTIER_ABOVE, /* the next value tried, which is not stable; +inf: none above */
	METRIC_SEARCHED, /* 1 where the search for a boundary trains the run, 0 where it takes it to be like its surroundings */
	METRIC_MISTAKEN, /* 1 where the run is other than that, else 0; NaN where the whole grid was not trained */
	METRIC_BOUNDARY_DISTANCE, /* from a run at the boundary of the whole grid to the nearest one at that of the search */
	METRIC_N
};

/* Which way is better, for "each at its own best learning rate"; 0 where neither is. */
enum better { BETTER_NEITHER, BETTER_LOW, BETTER_HIGH };

struct metric {
	const char *name, *about; /* about: long_name in the file */
	enum metric_shape shape;
	const char *unit; /* "1", "s", "nat" … (CF) */
	const char *symbol; /* for axes, gnuplot enhanced text in UTF-8: "‖∂ℓ/∂{/:Italic W}^{({/:Italic l})}‖_F" */
	enum better better;
	bool derived; /* never recorded: worked out from the runs of a result */
};

extern const struct metric metrics[METRIC_N];
extern const struct table metric_table;

/* A set of metrics: bit m is metric m. METRIC_RUN rows are always in, derived ones never. */
typedef uint64_t metric_set;
#define METRIC_BIT(id) ((metric_set)1 << (id))

#endif
