/* lanes_real.h: several networks of one shape side by side, one in each lane of the processor's vectors.
 *
 * Every number of mlp_real.h is a vector here, and no matrix is padded or transposed: W[o][i] is V networks' weight of unit o
 * for input i. All operations keep the order that mlp_real.c gives them, so a network has the same bits here as there; which
 * of the two trains it is a matter of speed alone. Small networks gain, as a vector is full whatever the width.
 *
 * Letters: V lanes, B examples of a batch, L layers, n[l] units, T answers of an example (1: a label; else targets).
 */
#ifndef FATHOM_LANES_REAL_H
#define FATHOM_LANES_REAL_H

#include "net/mlp_real.h"

/* Sums over examples, one a lane (loss_sum). */
struct lane_sums {
	double loss[KERNELS_LANES], correct[KERNELS_LANES];
};

/* How many examples lanes_measure takes at most at a time: so few that two layers of them are in the first-level cache. */
enum { LANES_MEASURE = 16 };

struct FN(lane_layer) {
	int in, out;   /* n[l−1], n[l] */
	real *W, *b;   /* out × in × V, out × V; b NULL without bias */
	real *A;       /* B × out × V; NULL for the output layer */
	real *D;       /* B × out × V: Z, then g'(Z), then dZ */
	real *dW, *db; /* of the mean loss; shared by all layers */
};

struct FN(lanes);
typedef void FN(lane_losses)(const struct FN(lanes) *lanes, int m, real *Z, const double *answers,
			     struct lane_sums *sum);

struct FN(lanes) {
	struct mlp_shape shape; /* keep_grads is not looked at */
	const struct act *act;
	const struct FN(kernels) *kernels;
	FN(lane_losses) *losses;
	int V;
	struct FN(lane_layer) *layer; /* layer[1] … layer[L] */
	int ldx;
	real *batch; /* V × B × n[0], rows ldx apart: as examples come */
	real *X;     /* B × n[0] × V */
	int T;
	bool targets;         /* whether answers are targets, or labels */
	double *answers;      /* B × T × V */
	struct lane_sums sum; /* over the batch, of the last lanes_losses */
	real *work;           /* B × widest × V, for dA */
	double *scratch;      /* n[L] × V, for losses */
	const struct kernels_f64 *in_double;
	/* for lanes_measure: examples as they come, LANES_MEASURE × n[0], rows ldx apart; then in all lanes */
	real *rows, *rows_in_lanes, *predict[2];
	double *their_answers;
};

/* What backward calls as soon as the gradient of layer l is there: dW and db of the layer; it may change W and b. */
struct FN(lane_sink) {
	void (*take)(void *self, int l);
	void *self;
};

/* Takes all its memory from the arena: on a measuring arena first, then again (base/arena.h). */
void FN(lanes_layout)(struct FN(lanes) *lanes, const struct mlp_shape *shape, int targets, struct arena *arena);

/* Numbers of one lane in and out: rows × columns of a matrix whose rows are ld apart. */
void FN(lane_put)(int V, int lane, int rows, int columns, const real *matrix, int ld, real *in_lanes);
void FN(lane_get)(int V, int lane, int rows, int columns, const real *in_lanes, real *matrix, int ld);

/* The weights and biases of mlp, of the same shape. */
void FN(lanes_put)(struct FN(lanes) *lanes, int lane, const struct FN(mlp) *mlp);
void FN(lanes_get)(const struct FN(lanes) *lanes, int lane, struct FN(mlp) *mlp);

/* Where the batch of a lane is to be put: B × n[0], rows real_pad(n[0]) apart, and what its examples should give. */
real *FN(lanes_batch)(const struct FN(lanes) *lanes, int lane);
void FN(lanes_answers)(struct FN(lanes) *lanes, int lane, struct answers answers);

/* Takes what lies there into the lanes, of all of them. */
void FN(lanes_take_batches)(struct FN(lanes) *lanes);

/* A, g'(Z), and of the output layer Z, in all lanes for B = shape.batch examples. */
void FN(lanes_forward)(struct FN(lanes) *lanes);

/* Then lanes->sum, and Z of the output layer becomes dZ. */
void FN(lanes_losses)(struct FN(lanes) *lanes);

/* Right to left every gradient, after lanes_losses. */
void FN(lanes_backward)(struct FN(lanes) *lanes, struct FN(lane_sink) sink);

/* Of the m ≤ LANES_MEASURE examples in lanes->rows, the same for all lanes, what mlp_predict and loss_eval say of each network:
 * added to *sum. The cache is left alone. */
void FN(lanes_measure)(struct FN(lanes) *lanes, int m, struct answers answers, struct lane_sums *sum);

/* loss_lanes_kernel.c, once per instruction set: loss_eval in every lane of m examples: Z, m × n[L] × V, becomes dZ; *sum is added to, one
 * example after the other. answers: m × T × V. */
FN(lane_losses) REAL_PASTE(FN(loss_lanes), _generic);
FN(lane_losses) REAL_PASTE(FN(loss_lanes), _avx2); /* this and the next only on x86 */
FN(lane_losses) REAL_PASTE(FN(loss_lanes), _avx512);

#endif
