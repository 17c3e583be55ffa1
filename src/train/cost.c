/* cost.c: what a run costs: see cost.h.
 *
 * The counts follow the code: a product is tiles of registers (math/gemm_kernel.c), everything else goes along rows of vectors of
 * 64 bytes; runs side by side (group_real.c) share each vector. Which are is taken from AVX-512 on any machine. What one of each takes was
 * fitted by scripts/fit-cost to 298 settings drawn at random, runs of 20 µs to 0.1 s, 49 of them side by side. Of 198 drawn anew, estimated/measured
 * had the median 0.97, from 0.71 (5 %) to 1.28 (95 %); the 43 side by side 1.05, from 0.69 to 1.53. Another machine is faster or slower by a
 * factor that sched_pace measures.
 */
#include "train/cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/kernels.h"
#include "net/act.h"
#include "net/init.h"
#include "train/train.h"

enum {
	PREDICTED = 128,     /* examples at a time when a set is measured (PREDICT_ROWS) */
	LANES_MEASURED = 16, /* and where runs are side by side (LANES_MEASURE) */
	NEAR_BYTES = 1 << 20,
};

/* What an activation's value takes of value and slope together. */
static const double VALUE_ALONE = 0.7;

const struct cost costs[COST_KINDS] = {
	[COST_RUN] = {"run", "a run: its trace", 12000},
	[COST_MEMORY] = {"memory", "64 bytes of a run's memory, cleared and first touched", 2.3},
	[COST_STEP] = {"step", "an update", 20},
	[COST_LAYER] = {"layer", "a layer in an update or evaluation", 156},
	[COST_PRODUCT] = {"product", "a fused multiply-add of 64 bytes", 0.126},
	[COST_TILE] = {"tile", "a tile of a product", 17.6},
	[COST_ACTIVATION] = {"activation", "64 bytes through tanh and its slope", 4.9},
	[COST_LOSS] = {"loss", "an output of an example", 19.6},
	[COST_ELEMENT] = {"error", "64 bytes of errors and biases", 0.3},
	[COST_UPDATE] = {"update", "64 bytes of weights, updated", 1.53},
	[COST_STATE] = {"state", "64 bytes of an optimiser's memory", 1.15},
	[COST_FAR] = {"far", "64 bytes beyond the second-level cache", 1.03},
	[COST_GATHER] = {"input", "a number of the examples", 0.139},
	[COST_SHUFFLE] = {"shuffle", "an example of an epoch's order", 4.9},
	[COST_VALUE] = {"value", "a logged number", 62},
	[COST_PROBE] = {"probe", "64 bytes measured for one", 0.53},
	[COST_SVD] = {"svd", "a multiply-add of a spectral norm", 5.5},
	[COST_DRAW] = {"draw", "an initial weight", 7.2},
	[COST_ORTHOGONAL] = {"orthogonal", "a multiply-add of an orthogonal init", 0.155},
	[COST_LANE] = {"lane", "a fused multiply-add of 64 bytes, of runs side by side", 0.18},
	[COST_SEAT] = {"seat", "an update of a run beside others", 8},
};

const struct table cost_table = TABLE("kind of work", costs);

/* The width of layer l, n[0] … n[L], without a list of them. */
static double width(const struct settings *settings, int l, int inputs, int outputs)
{
	if (l == 0)
		return inputs;
	if (l == settings_layers(settings))
		return outputs;
	return settings->width.v[settings->width.n == 1 ? 0 : l - 1];
}

double train_flop(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	const double B = (double)settings_batch(settings, train_examples);
	double weights = 0;
	for (int l = 1; l <= settings_layers(settings); l++)
		weights += width(settings, l, inputs, outputs) * width(settings, l - 1, inputs, outputs);
	/* no derivative by the inputs */
	return 6 * B * weights - 2 * B * inputs * width(settings, 1, inputs, outputs);
}

static double pieces(double n, double size)
{
	return (double)(int64_t)((n + size - 1) / size);
}

/* What the counts of a run are made of. */
struct counting {
	const struct settings *settings;
	double lanes;     /* of a vector */
	double B;         /* examples of a batch */
	double steps;     /* updates */
	double logged;    /* logged steps */
	double evaluated; /* examples measured in all */
	double vectors;   /* of weights and cache, of all layers */
	bool beside;      /* others, in the lanes of a vector (train_in_groups) */
	double *count;
};

/* One product M × N, K long, `times` times, as tiles of up to 14 × 2, 8 × 3 or 6 × 4 registers: a small one runs at the latency
 * of eight chains. */
static void product(struct counting *c, double M, double N, double K, double times)
{
	static const double most[] = {0, 14, 14, 8, 6};
	const double vectors = pieces(N, c->lanes), panels = pieces(vectors, 4);
	const double width = vectors / panels, parts = pieces(M, most[(int)pieces(vectors, panels)]);
	const double registers = M / parts * width;
	c->count[COST_PRODUCT] += times * parts * panels * K * (registers > 8 ? registers : 8);
	c->count[COST_TILE] += times * parts * panels * pieces(K, 256);
}

/* What an activation takes of what tanh does; of one that is not here (0): the same. */
static const double act_work[VEC_FUNCTIONS] = {
	[VEC_IDENTITY] = 0.3, [VEC_RELU] = 0.3,     [VEC_LEAKY_RELU] = 0.4, [VEC_HARDTANH] = 0.3,
	[VEC_ABS] = 0.3,      [VEC_SOFTSIGN] = 0.6, [VEC_ELU] = 1.6,        [VEC_SELU] = 2,
	[VEC_ERF] = 1.7,      [VEC_GELU] = 2.4,     [VEC_SILU] = 1.7,       [VEC_SOFTPLUS] = 1.5,
};

static void activation(struct counting *c, double vectors)
{
	const double share = act_work[acts[c->settings->activation].function];
	c->count[COST_ACTIVATION] += vectors * (share > 0 ? share : 1);
}

/* How often a metric looks at all weights of a layer, and at all units of a batch. */
static double looks_at_weights(metric_set set)
{
	static const struct {
		enum metric_id id;
		double looks;
	} looks[] = {{METRIC_GRAD_NORM, 1},    {METRIC_WEIGHT_NORM, 1},    {METRIC_WEIGHT_DISTANCE, 2},
		     {METRIC_UPDATE_RATIO, 3}, {METRIC_ROW_SPREAD, 2},     {METRIC_WEIGHT_SPREAD, 2},
		     {METRIC_GRAD_COSINE, 3},  {METRIC_DELTA_PREDICTED, 1}};
	double sum = 0;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
		sum += set & METRIC_BIT(looks[i].id) ? looks[i].looks : 0;
	return sum;
}

static double looks_at_units(metric_set set)
{
	static const enum metric_id ids[] = {METRIC_DELTA_RMS,  METRIC_ACT_MEAN,        METRIC_ACT_STD,
					     METRIC_ACT_RMS,    METRIC_ACT_ABS,         METRIC_ACT_COSINE,
					     METRIC_SATURATION, METRIC_DELTA_PREDICTED, METRIC_DELTA_BOUND};
	double sum = 0;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		sum += !!(set & METRIC_BIT(ids[i]));
	return sum;
}

/* What a layer does in all updates and evaluations, where vectors are of units, and rows are padded. */
static void layer_alone(struct counting *c, double in, double out, double times, bool first, bool last)
{
	const struct settings *s = c->settings;
	const double B = c->B, T = c->steps * times, evaluated = c->evaluated * times;
	const double out_vectors = pieces(out, c->lanes), weights = out * pieces(in, c->lanes);
	double *count = c->count;
	product(c, B, out, in, T);
	product(c, out, in, B, T);
	if (!first)
		product(c, B, in, out, T);
	product(c, PREDICTED, out, in, evaluated / PREDICTED);
	if (!last)
		activation(c, (T * B + VALUE_ALONE * evaluated) * out_vectors);
	count[COST_LAYER] += T + evaluated / PREDICTED;
	count[COST_ELEMENT] += T * B * out_vectors;
	count[COST_UPDATE] += T * weights;
	count[COST_STATE] += T * weights * optims[s->optim.optimizer].states;
	count[COST_PROBE] += c->logged * times *
			     (looks_at_weights(s->metrics) * (weights + (fmod(in, c->lanes) > 0 ? 2 * out : 0)) +
			      looks_at_units(s->metrics) * B * out_vectors);
}

/* The same where vectors are of runs: of each vector a run is one of the lanes, and what there is once an update is shared. */
static void layer_beside(struct counting *c, double in, double out, double times, bool first, bool last)
{
	const struct settings *s = c->settings;
	const double T = c->steps * times, evaluated = c->evaluated * times;
	const double units = out / c->lanes, weights = in * units, products = first ? 2 : 3;
	double *count = c->count;
	count[COST_LANE] += (products * T * c->B + evaluated) * weights;
	if (!last)
		activation(c, (T * c->B + VALUE_ALONE * evaluated) * units);
	count[COST_LAYER] += (T + evaluated / LANES_MEASURED) / c->lanes;
	count[COST_ELEMENT] += T * c->B * units;
	count[COST_UPDATE] += T * weights;
	count[COST_STATE] += T * weights * optims[s->optim.optimizer].states;
	count[COST_PROBE] += c->logged * times *
			     (looks_at_weights(s->metrics) * weights + looks_at_units(s->metrics) * c->B * units);
}

/* `times` equal layers of in inputs and out outputs. */
static void layer(struct counting *c, double in, double out, double times, bool first, bool last)
{
	const struct settings *s = c->settings;
	const double B = c->B, out_vectors = pieces(out, c->lanes), weights = out * pieces(in, c->lanes);
	const double small = in < out ? in : out, large = in < out ? out : in;
	double *count = c->count;
	(c->beside ? layer_beside : layer_alone)(c, in, out, times, first, last);
	if (init_work(s->init.scheme) != INIT_FILLS)
		count[COST_DRAW] += times * in * out;
	if (s->metrics & (METRIC_BIT(METRIC_SPECTRAL_NORM) | METRIC_BIT(METRIC_DELTA_BOUND)))
		count[COST_SVD] += c->logged * times * small * small * large;
	if (init_work(s->init.scheme) == INIT_ORTHOGONAL)
		count[COST_ORTHOGONAL] += times * small * small * large;
	c->vectors += times * (2 * weights + 2 * B * out_vectors);
	count[COST_MEMORY] += times * weights * optims[s->optim.optimizer].states;
}

/* Logged steps: without making the list of them where one rule alone makes it. */
static double logged_steps(const struct settings *s, int64_t train_examples, double steps)
{
	int S;
	if (s->points == 0 && !s->every_epoch) {
		const int64_t between = s->every > 0 ? (int64_t)(steps - 1) / s->every : 0;
		return steps == 0 ? 1 : 1 + (double)between + 1;
	}
	free(settings_logged(s, train_examples, &S));
	return S;
}

static double metrics_in(metric_set set, enum metric_shape shape)
{
	double n = 0;
	for (int id = 0; id < METRIC_N; id++)
		n += metrics[id].shape == shape && set & METRIC_BIT(id);
	return n;
}

void cost_count(const struct settings *s, int inputs, int outputs, int64_t train_examples, double count[COST_KINDS])
{
	static const metric_set of_train = METRIC_BIT(METRIC_TRAIN_LOSS) | METRIC_BIT(METRIC_TRAIN_ACCURACY),
				of_test = METRIC_BIT(METRIC_TEST_LOSS) | METRIC_BIT(METRIC_TEST_ACCURACY);
	const double N = (double)train_examples, B = (double)settings_batch(s, train_examples);
	const double tests = s->data.test > 0 ? (double)s->data.test : N / 6;
	const double most = s->eval > 0 ? (double)s->eval : N + tests;
	const int L = settings_layers(s);
	struct counting c = {.settings = s,
			     .lanes = s->precision == FLOAT64 ? 8 : 16,
			     .B = B,
			     .beside = train_in_groups_at(KERNELS_AVX512, s, inputs, outputs, train_examples),
			     .count = count};
	memset(count, 0, sizeof *count * COST_KINDS);
	const double steps = (double)settings_steps(s, train_examples), logged = logged_steps(s, train_examples, steps);
	/* metrics of the batch after the last update take a pass of their own */
	c.steps = steps + (s->metrics & ~(of_train | of_test) ? 1 : 0);
	c.logged = logged;
	/* a full batch is measured by its own forward pass */
	if (B < N || most < N)
		c.evaluated += fmin(N, most) * (s->metrics & of_train ? logged : 1);
	c.evaluated += fmin(tests, most) * (s->metrics & of_test ? logged : 1);

	for (int l = 1; l <= L; l++) {
		/* layers between the first and the last that are all of one width are counted once */
		const bool alike = l > 1 && l < L && s->width.n == 1;
		layer(&c, width(s, l - 1, inputs, outputs), width(s, l, inputs, outputs), alike ? L - 2 : 1, l == 1,
		      l == L);
		if (alike)
			l = L - 1;
	}
	count[COST_RUN] = 1;
	const double shared_by = c.beside ? c.lanes : 1;
	count[COST_STEP] = c.steps / shared_by;
	count[COST_SEAT] = c.beside ? c.steps : 0;
	count[COST_LOSS] = (c.steps * B + c.evaluated) * outputs / shared_by;
	count[COST_GATHER] = ((B < N ? c.steps * B : N) + c.evaluated / shared_by) * inputs;
	count[COST_SHUFFLE] = B < N ? N * pieces(steps * B, N) : 0;
	count[COST_VALUE] =
		logged * (metrics_in(s->metrics, METRIC_STEP) + metrics_in(s->metrics, METRIC_LAYER) * L) / shared_by;
	count[COST_MEMORY] += c.vectors + (B + PREDICTED) * pieces(inputs, c.lanes);
	if (64 * c.vectors > NEAR_BYTES)
		count[COST_FAR] = c.steps * (c.vectors - NEAR_BYTES / 64.0);
}

double cost_seconds(const double count[COST_KINDS])
{
	double ns = 0;
	for (int k = 0; k < COST_KINDS; k++)
		ns += count[k] * costs[k].ns;
	return 1e-9 * ns;
}

double train_cost(const struct settings *settings, int inputs, int outputs, int64_t train_examples)
{
	double count[COST_KINDS];
	cost_count(settings, inputs, outputs, train_examples, count);
	return cost_seconds(count);
}
