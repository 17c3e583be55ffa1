/* claims.h: evaluates the claims of a study on its results. What a claim measures is told in spec/study.h. */
#ifndef FATHOM_CLAIMS_H
#define FATHOM_CLAIMS_H

#include "math/stats.h"
#include "spec/study.h"
#include "store/store.h"

struct verdict {
	struct estimate measured; /* n: runs (or pairs, or fits) behind the number */
	bool pass;
	bool evaluated;           /* false: nothing to evaluate (why in note); counts as failed */
	char note[200];
};

/* One verdict per claim of the study stored in the result. verdict: study->claims of them. */
int claims_evaluate(struct result *result, const struct study *study, struct verdict *verdict, struct err *err);

#endif
