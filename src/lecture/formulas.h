/* formulas.h: the activations as the lecture writes them: g and g', where they have no derivative, how steep they get. An
 * activation without a row here is told in the words of its own table (net/act.h). */
#ifndef FATHOM_FORMULAS_H
#define FATHOM_FORMULAS_H

#include "net/act.h"

struct act_formula {
	enum vec_function function;
	const char *g, *g_tex;         /* of z */
	const char *slope, *slope_tex; /* g', of z, or of a = g(z) where that is shorter */
	double steepest;               /* the largest |g'(z)|; 0: not known here */
	int kinks;                     /* places without a derivative */
	double kink[2];
};

/* NULL: there is none. */
const struct act_formula *act_formula_find(int activation);

#endif
