/* act.h: the activation table. To add one: its formula in math/vec_kernel.c, its row in act.c. */
#ifndef FATHOM_ACT_H
#define FATHOM_ACT_H

#include <stdbool.h>

#include "base/table.h"
#include "math/kernels.h"

struct act {
	const char *name, *about;
	enum vec_function function;
	double gain;      /* PyTorch's nn.init.calculate_gain, 1 where it has none; used by `gain: activation` */
	double steepest;  /* sup |g'(z)|: what no layer can exceed in passing an error back */
	double low, high; /* saturation: the share of a outside (low, high) is logged; NaN: cannot saturate */
	bool can_die;     /* relu: a unit that is 0 on the whole batch is dead */
};

extern const struct act acts[];
extern const struct table act_table;

#endif
