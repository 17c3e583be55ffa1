/* init.h: the table of initial weights. Draws are in double by counter (base/rng.h): the same seed gives the same
 * standard normals to every scheme that uses normals, and the same uniforms to every scheme that uses uniforms. */
#ifndef FATHOM_INIT_H
#define FATHOM_INIT_H

#include <stdint.h>

#include "base/table.h"

extern const struct table init_table;

/* gain: which factor multiplies the scheme's standard deviation. */
enum gain_rule {
	GAIN_SCHEME,     /* the scheme's own: 1; He √2 (PyTorch's defaults) */
	GAIN_ACTIVATION, /* the activation's (act.h) instead of it */
};
extern const struct table gain_table;

struct init_spec {
	int scheme;        /* row of init_table */
	int gain;          /* enum gain_rule */
	double init_scale; /* a further factor on every initial weight: σ_w of mean-field theory with lecun-normal */
	double init_value; /* of `constant` */
	double init_std; /* of `normal` and `truncated-normal` and `sparse`; `uniform` is U(−init_std, init_std)·√3 */
	double sparsity; /* of `sparse`: share of zeros in each column */
	double bias_std; /* biases ~ N(0, bias_std²); 0: zeros (pytorch-default draws its own) */
};

/* W[o·in + i] of layer l (O = out rows, I = in columns), b[o]; overwritten. activation: row of act_table.
 * scratch: init_scratch(in, out) doubles. */
void init_layer(const struct init_spec *spec, int activation, uint32_t seed, int layer, int in, int out, double *W,
		double *b, double *scratch);
size_t init_scratch(int in, int out);

/* True for LSUV: after init_layer each layer is rescaled on the first batch until its pre-activations have unit
 * variance; train calls mlp_lsuv (mlp_real.h) for it, as it needs a batch. */
int init_needs_data(int scheme);

/* What making weights takes, for estimates: nothing, numbers drawn, or also min(in, out) in out operations. */
enum init_work { INIT_FILLS, INIT_DRAWS, INIT_ORTHOGONAL };
enum init_work init_work(int scheme);

#endif
