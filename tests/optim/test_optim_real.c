/* test_optim_real.c: the updates against PyTorch, against formulas, and on problems whose optimum is known. */
#include "cm.h"
#include "math/real.h"
#include "optim/optim.h"

enum { N = 5 };

static const struct optim_spec defaults = {
	.lr = 0.1, .momentum = 0.9, .beta1 = 0.9, .beta2 = 0.999, .rho = 0.99, .epsilon = 1e-8};

static void update(const struct optim_spec *spec, size_t n, real *w, const real *g, real *const state[OPTIM_STATES],
		   int64_t t, double lr)
{
	struct FN(optim_coefs) coefs;
	FN(optim_coefs)(&coefs, &(struct optim_step){lr, t, spec}, 0, 1);
	FN(optim_updater)(spec->optimizer)(n, w, g, state, &coefs);
}

/* Three updates by torch.optim 1.13 in float64: lr 0.1, momentum 0.9, alpha 0.99, betas 0.9 and 0.999, eps 1e-8. */
static const double start[N] = {1, -2, .5, 0, 3e-3};
static const double gradients[3][N] = {{.1, -.2, .3, 0, 1e-6}, {.4, .1, -.3, 0, -2e-6}, {-.2, .25, .05, 1, 1e-6}};
static const struct {
	const char *name;
	double weight_decay, w[N];
} pytorch[] = {
	{"sgd", 0, {0.97, -2.015, 0.495, -0.1, 0.0030000000000000005}},
	{"sgd", 0.05, {0.955374625, -1.98529925, 0.48768668749999994, -0.1, 0.0029552246225}},
	{"momentum", 0, {0.9168999999999999, -1.9898, 0.47069999999999995, -0.1, 0.0030000090000000005}},
	{"momentum", 0.05, {0.8893596249999999, -1.9342692499999998, 0.4571541875, -0.1, 0.0029162195225}},
	{"nesterov", 0, {0.89521, -2.00582, 0.46863, -0.19, 0.0030000081}},
	{"nesterov", 0.05, {0.856547027875, -1.92686955575, 0.44967897706249993, -0.19, 0.0028803151497275}},
	{"adagrad",
	 0,
	 {0.8466293394332245, -2.0192569595777665, 0.45900656533968087, -0.09999999900000002, -0.04762424102716104}},
	{"adagrad",
	 0.05,
	 {0.8374422919318592, -1.9475439327029136, 0.44843616159439365, -0.09999999900000002, -0.00010811362342211684}},
	{"rmsprop",
	 0,
	 {-0.5321095450644855, -2.1973553435321596, 0.09096769207030286, -0.9999999000000096, -0.4432610429610994}},
	{"rmsprop",
	 0.05,
	 {-0.4344827547030824, -1.702292704717944, 0.07752631160274615, -0.9999999000000096, -5.1892252414231874e-05}},
	{"adam",
	 0,
	 {0.7779524247222998, -1.9072812840046773, 0.40182131115324926, -0.06388135883394713, -0.05988869594019763}},
	{"adam",
	 0.05,
	 {0.7613874646243358, -1.81912756040585, 0.38589603268547107, -0.06388135883394713, 0.045206251358973826}},
	{"adamw",
	 0,
	 {0.7779524247222998, -1.9072812840046773, 0.40182131115324926, -0.06388135883394713, -0.05988869594019763}},
	{"adamw",
	 0.05,
	 {0.7644669878526743, -1.8785617024662087, 0.39532993283140283, -0.06388135883394713, -0.059127749042916726}},
};

static void three_updates_are_pytorchs(void **state)
{
	for (size_t k = 0; k < sizeof pytorch / sizeof *pytorch; k++) {
		struct optim_spec spec = defaults;
		spec.optimizer = table_find(&optim_table, pytorch[k].name);
		spec.weight_decay = pytorch[k].weight_decay;
		assert_true(spec.optimizer >= 0);
		real w[N], g[N], memory[OPTIM_STATES][N] = {{0}};
		for (int i = 0; i < N; i++)
			w[i] = (real)start[i];
		for (int t = 0; t < 3; t++) {
			for (int i = 0; i < N; i++)
				g[i] = (real)gradients[t][i];
			update(&spec, N, w, g, (real *const[]){memory[0], memory[1]}, t + 1, spec.lr);
		}
		for (int i = 0; i < N; i++)
			assert_near((double)w[i], pytorch[k].w[i], REAL_BITS == 32 ? 4e-6 : 2e-15, 1);
		for (int s = optims[spec.optimizer].states; s < OPTIM_STATES; s++)
			for (int i = 0; i < N; i++)
				assert_true(memory[s][i] == 0);
	}
}

static void sign_sgd_goes_one_step_in_every_direction(void **state)
{
	struct optim_spec spec = defaults;
	spec.optimizer = table_find(&optim_table, "sign-sgd");
	real w[4] = {1, 1, 1, 1};
	const real g[4] = {1e-20f, -1e20f, 0, -3};
	update(&spec, 4, w, g, (real *const[]){NULL, NULL}, 1, 0.25);
	assert_true(w[0] == 0.75 && w[1] == 1.25 && w[2] == 1 && w[3] == 1.25);
	spec.weight_decay = 2; /* g + 2w: 2, −, 2, − */
	real decayed[4] = {1, 1, 1, 1};
	update(&spec, 4, decayed, g, (real *const[]){NULL, NULL}, 1, 0.25);
	assert_true(decayed[0] == 0.75 && decayed[1] == 1.25 && decayed[2] == 0.75 && decayed[3] == 1.25);
}

/* Closed forms of the first step: adam and rmsprop go by the sign of g, whatever its size; adagrad too. */
static void first_steps_have_closed_forms(void **state)
{
	const real g[3] = {1e-3f, -40, 7};
	const struct {
		const char *name;
		double step; /* along sign(g), at lr 0.1 */
	} known[] = {{"adam", 0.1}, {"adamw", 0.1}, {"adagrad", 0.1}, {"rmsprop", 0.1 / sqrt(1 - 0.99)}};
	for (size_t k = 0; k < 4; k++) {
		struct optim_spec spec = defaults;
		spec.optimizer = table_find(&optim_table, known[k].name);
		spec.epsilon = 1e-12;
		real w[3] = {0, 0, 0}, memory[OPTIM_STATES][3] = {{0}};
		update(&spec, 3, w, g, (real *const[]){memory[0], memory[1]}, 1, spec.lr);
		for (int i = 0; i < 3; i++)
			assert_near((double)w[i], g[i] > 0 ? -known[k].step : known[k].step,
				    REAL_BITS == 32 ? 3e-5 : 1e-7, 0);
	}
}

/* Elementwise: blocks may be cut anywhere, and padding of zeros stays zero. */
static void blocks_may_be_cut_anywhere(void **state)
{
	enum { LONG = 77 };
	for (size_t k = 0; k < optim_table.n; k++) {
		struct optim_spec spec = defaults;
		spec.optimizer = (int)k;
		spec.weight_decay = 0.01;
		real w[2][LONG], g[LONG], memory[2][OPTIM_STATES][LONG] = {{{0}}};
		for (int i = 0; i < LONG; i++) {
			w[0][i] = w[1][i] = i % 5 == 0 ? 0 : (real)sin(i);
			g[i] = i % 5 == 0 ? 0 : (real)cos(3 * i);
		}
		for (int t = 1; t <= 3; t++) {
			update(&spec, LONG, w[0], g, (real *const[]){memory[0][0], memory[0][1]}, t, 0.1);
			for (int from = 0, n = 1; from < LONG; from += n, n = n * 2 + 1) {
				n = n < LONG - from ? n : LONG - from;
				update(&spec, (size_t)n, w[1] + from, g + from,
				       (real *const[]){memory[1][0] + from, memory[1][1] + from}, t, 0.1);
			}
		}
		assert_memory_equal(w[0], w[1], sizeof w[0]);
		for (int i = 0; i < LONG; i += 5)
			assert_true(w[0][i] == 0);
		assert_true(w[0][1] != (real)sin(1));
	}
}

/* f(w) = ½ Σ a_i (w_i − c_i)²; returns the largest distance from c after so many updates. */
static double minimise(struct optim_spec spec, const double *a, int64_t steps)
{
	static const double c[N] = {1, -2, 0.5, 3, 0};
	real w[N] = {0, 0, 0, 0, 2}, g[N], memory[OPTIM_STATES][N] = {{0}};
	double worst = 0;
	for (int64_t t = 1; t <= steps; t++) {
		for (int i = 0; i < N; i++)
			g[i] = (real)(a[i] * ((double)w[i] - c[i]));
		update(&spec, N, w, g, (real *const[]){memory[0], memory[1]}, t, schedule_lr(&spec, t, steps));
	}
	for (int i = 0; i < N; i++)
		worst = fmax(worst, fabs((double)w[i] - c[i]));
	return worst;
}

static void each_reaches_the_optimum(void **state)
{
	static const double round_[N] = {1, 1.5, 2, 1, 0.8},
			    narrow[N] = {1, 100, 10, 1, 50}; /* condition 2.5 and 100 */
	static const struct {
		const char *name, *schedule;
		double lr, narrow_lr; /* for sgd: 2/(1 + 100); momentum: near (2/(1 + 10))² */
	} table[] = {
		{"sgd", "constant", 0.5, 0.0198},     {"momentum", "constant", 0.1, 0.03},
		{"nesterov", "constant", 0.1, 0.01},  {"adagrad", "constant", 1, 1},
		{"rmsprop", "exponential", 0.1, 0.1}, {"adam", "exponential", 0.1, 0.1},
		{"adamw", "exponential", 0.1, 0.1},   {"sign-sgd", "exponential", 0.1, 0.1},
	};
	assert_int_equal(sizeof table / sizeof *table, optim_table.n);
	for (size_t k = 0; k < optim_table.n; k++) {
		struct optim_spec spec = defaults;
		spec.optimizer = table_find(&optim_table, table[k].name);
		spec.schedule = table_find(&schedule_table, table[k].schedule);
		spec.decay_rate = 1e-8;
		for (int narrowly = 0; narrowly < 2; narrowly++) {
			spec.lr = narrowly ? table[k].narrow_lr : table[k].lr;
			const double off = minimise(spec, narrowly ? narrow : round_, 3000);
			if (!(off < (REAL_BITS == 32 ? 1e-5 : 2e-6))) /* half an ulp of w over lr */
				fail_msg("%s ends %g from the optimum of the %s bowl", table[k].name, off,
					 narrowly ? "narrow" : "round");
		}
	}
}

/* With a constant rate sign-sgd ends up stepping over the optimum: within one step of it, and never nearer for good. */
static void sign_sgd_stays_within_its_step(void **state)
{
	static const double a[N] = {1, 100, 10, 1, 50};
	struct optim_spec spec = defaults;
	spec.optimizer = table_find(&optim_table, "sign-sgd");
	spec.lr = 0.03;
	const double off = minimise(spec, a, 400);
	assert_true(off <= 0.03 + 1e-5);
	assert_true(off > 0.003);
}

/* Twice the largest curvature's inverse: below it sgd converges, above it diverges. */
static void sgd_diverges_beyond_two_over_the_curvature(void **state)
{
	static const double a[N] = {1, 100, 10, 1, 50};
	struct optim_spec spec = defaults;
	spec.optimizer = table_find(&optim_table, "sgd");
	spec.lr = 0.0199;
	assert_true(minimise(spec, a, 3000) < 1e-5);
	spec.lr = 0.0201;
	assert_true(minimise(spec, a, 3000) > 1e6);
}

/* adamw shrinks w by 1 − lr λ whatever the gradient; adam's decay drowns in a large one. */
static void decoupled_decay(void **state)
{
	struct optim_spec spec = defaults;
	spec.optimizer = table_find(&optim_table, "adamw");
	spec.weight_decay = 0.5;
	real w = 2, memory[OPTIM_STATES] = {0, 0};
	const real zero = 0;
	update(&spec, 1, &w, &zero, (real *const[]){&memory[0], &memory[1]}, 1, 0.1);
	assert_near((double)w, 2 * (1 - 0.05), REAL_BITS == 32 ? 1e-7 : 1e-15, 0);
}

/* Runs side by side, each with its own learning rate, number of the update and coefficients, get the bits that each gets alone. */
static void lanes_are_runs_of_their_own(void **state)
{
	enum { EACH = 7 };
	const int lanes = FN(kernels)()->lanes;
	for (size_t k = 0; k < optim_table.n; k++) {
		_Alignas(64) real w[EACH * KERNELS_LANES], g[EACH * KERNELS_LANES];
		_Alignas(64) real memory[OPTIM_STATES][EACH * KERNELS_LANES] = {{0}};
		struct FN(optim_coefs) coefs;
		for (int i = 0; i < EACH * lanes; i++) {
			w[i] = (real)(0.3 * i - 2);
			g[i] = (real)(1 - 0.1 * i);
			for (int s = 0; s < optims[k].states; s++)
				memory[s][i] = (real)(0.01 * (i + s));
		}
		real alone_w[KERNELS_LANES][EACH], alone_memory[KERNELS_LANES][OPTIM_STATES][EACH];
		for (int lane = 0; lane < lanes; lane++) {
			struct optim_spec spec = defaults;
			spec.optimizer = (int)k;
			spec.momentum = spec.beta1 = 0.5 + 0.03 * lane;
			spec.rho = spec.beta2 = 0.9 + 0.005 * lane;
			spec.weight_decay = 0.01 * lane;
			const struct optim_step step = {0.01 * (lane + 1), 1 + lane, &spec};
			real own_g[EACH];
			for (int i = 0; i < EACH; i++) {
				own_g[i] = g[i * lanes + lane];
				alone_w[lane][i] = w[i * lanes + lane];
				for (int s = 0; s < OPTIM_STATES; s++)
					alone_memory[lane][s][i] = memory[s][i * lanes + lane];
			}
			update(&spec, EACH, alone_w[lane], own_g,
			       (real *const[]){alone_memory[lane][0], alone_memory[lane][1]}, step.t, step.lr);
			FN(optim_coefs)(&coefs, &step, lane, lanes);
		}
		FN(optim_updater)((int)k)((size_t)(EACH * lanes), w, g, (real *const[]){memory[0], memory[1]}, &coefs);
		for (int lane = 0; lane < lanes; lane++)
			for (int i = 0; i < EACH; i++) {
				assert_true(w[i * lanes + lane] == alone_w[lane][i]);
				for (int s = 0; s < OPTIM_STATES; s++)
					assert_true(memory[s][i * lanes + lane] == alone_memory[lane][s][i]);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_updates_are_pytorchs),
		cmocka_unit_test(sign_sgd_goes_one_step_in_every_direction),
		cmocka_unit_test(first_steps_have_closed_forms),
		cmocka_unit_test(blocks_may_be_cut_anywhere),
		cmocka_unit_test(each_reaches_the_optimum),
		cmocka_unit_test(sign_sgd_stays_within_its_step),
		cmocka_unit_test(sgd_diverges_beyond_two_over_the_curvature),
		cmocka_unit_test(decoupled_decay),
		cmocka_unit_test(lanes_are_runs_of_their_own),
	};
	return cmocka_run_group_tests_name("optim/optim", tests, NULL, NULL);
}
