/* lecture.h: the claims of the lecture, one row each. Claims 1 to 13, on backpropagation itself, are demonstrated on the spot:
 * the network that trains studies (net/mlp_real.h, in float64) and its loop (train/train.h) are the thing examined, the plain
 * program (plain.h) and differences of the loss the independent readings. Claims 14 to 29, on initial weights, are decided by
 * studies whose claims cite them: source: lecture 15.
 */
#ifndef FATHOM_LECTURE_H
#define FATHOM_LECTURE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/table.h"
#include "doc/doc.h"
#include "lecture/slips.h"

struct demonstration {
	/* given, by lecture_demonstrate */
	enum slip slip;  /* of the plain program; SLIP_NONE, but where a demonstration is to be seen failing */
	struct doc *doc; /* where to tell what was done and what came out */
	bool pass; /* true; cleared where something beside the number is not as it should be, at the end also by the number */
	/* filled */
	double number;        /* the one that decides, from 0: 2.2e-16 */
	const char *what;     /* it is: "largest relative difference" */
	const char *expected; /* of it, as in a study: "<= 1e-12" */
};

struct lecture_claim {
	const char *name, *about; /* its number; what it says */
	/* NULL: a study decides. Returns −1 only where the system fails. Called by lecture_demonstrate. */
	int (*demonstrate)(struct demonstration *demonstration, struct err *err);
};

extern const struct lecture_claim lecture_claims[];
extern const struct table lecture_table; /* "1" … "29" */

/* Demonstrates a claim and judges it. */
int lecture_demonstrate(const struct lecture_claim *claim, enum slip slip, struct doc *doc,
			struct demonstration *demonstration, struct err *err);

/* The number N of a source that cites the lecture, "lecture 15" or "lecture 15, uniform weights"; 0: it cites something else,
 * or no claim that there is. */
int lecture_cited(const char *source);

int claim_chain_product(struct demonstration *demonstration, struct err *err);
int claim_one_factor_a_layer(struct demonstration *demonstration, struct err *err);
int claim_sum_over_paths(struct demonstration *demonstration, struct err *err);
int claim_gradients_right(struct demonstration *demonstration, struct err *err);
int claim_right_to_left(struct demonstration *demonstration, struct err *err);
int claim_update_at_once(struct demonstration *demonstration, struct err *err);
int claim_cache(struct demonstration *demonstration, struct err *err);
int claim_updated_weights(struct demonstration *demonstration, struct err *err);
int claim_endings(struct demonstration *demonstration, struct err *err);
int claim_exercise(struct demonstration *demonstration, struct err *err);
int claim_blocks(struct demonstration *demonstration, struct err *err);
int claim_log_loss(struct demonstration *demonstration, struct err *err);
int claim_slips_caught(struct demonstration *demonstration, struct err *err);

#endif
