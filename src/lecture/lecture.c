/* lecture.c: the table of the lecture's claims, see lecture.h. */
#include "lecture/lecture.h"

#include <stdlib.h>
#include <string.h>

#include "spec/study.h"

const struct lecture_claim lecture_claims[] = {
	{"1", "along a path, derivatives are multiplied (the chain rule)", claim_chain_product},
	{"2", "one more layer is one more factor, w g'(z), at most w/4 with sigmoid", claim_one_factor_a_layer},
	{"3", "the matrix form is the sum over all paths", claim_sum_over_paths},
	{"4", "the gradients are right: every activation and loss against differences", claim_gradients_right},
	{"5", "forward, then the loss, then backward from layer L to 1", claim_right_to_left},
	{"6", "a layer updated as soon as its gradient is there: the same weights", claim_update_at_once},
	{"7", "the cache of the forward pass saves work, not a bit of the gradient", claim_cache},
	{"8", "repeat with the updated weights: an old cache gives wrong gradients", claim_updated_weights},
	{"9", "repeat until the loss is good enough, or the run ends otherwise", claim_endings},
	{"10", "the exercise 5-3-1, every value worked by hand", claim_exercise},
	{"11", "dZ = dA ∘ g'(Z), dW = dZ Aᵀ/m, db = mean of dZ, dA = Wᵀ dZ", claim_blocks},
	{"12", "sigmoid and log-loss: finite for every logit, taken from the logit", claim_log_loss},
	{"13", "common slips are caught by the gradient check", claim_slips_caught},
	{"14", "starting values decide whether a deep network learns", NULL},
	{"15", "from zeros all units of a layer hear the same", NULL},
	{"16", "symmetry, not zero, is the trouble: a constant is no better", NULL},
	{"17", "from zeros only the classes' shares are learnt", NULL},
	{"18", "from zeros, layer l first moves at update L − l + 1", NULL},
	{"19", "small weights give small outputs, but not with sigmoid", NULL},
	{"20", "small factors multiply: the gradient falls by the layer's gain", NULL},
	{"21", "sigmoid: a layer back, at most ‖W‖/4 of the gradient is left", NULL},
	{"22", "a gradient near zero is no update", NULL},
	{"23", "updates shrink with the distance from the output", NULL},
	{"24", "layers far from the output learn more slowly", NULL},
	{"25", "deeper is worse", NULL},
	{"26", "not too small: normal × 0.01 never learns", NULL},
	{"27", "not too big: normal × 1 explodes", NULL},
	{"28", "uniform × 0.1 suits one width alone", NULL},
	{"29", "LeCun, Xavier, He, orthogonal and LSUV keep deep networks alive", NULL},
};

const struct table lecture_table = TABLE("claim of the lecture", lecture_claims);

int lecture_demonstrate(const struct lecture_claim *claim, enum slip slip, struct doc *doc,
			struct demonstration *demonstration, struct err *err)
{
	struct expect expect;
	*demonstration = (struct demonstration){.slip = slip, .doc = doc, .pass = true};
	if (claim->demonstrate(demonstration, err) != 0)
		return -1;
	if (!expect_parse(demonstration->expected, &expect))
		BUG("claim %s expects '%s'", claim->name, demonstration->expected);
	demonstration->pass &= expect_holds(&expect, demonstration->number);
	return 0;
}

int lecture_cited(const char *source)
{
	static const char word[] = "lecture ";
	char *end;
	if (!source || strncmp(source, word, sizeof word - 1) != 0)
		return 0;
	const char *digits = source + sizeof word - 1;
	const long n = *digits >= '1' && *digits <= '9' ? strtol(digits, &end, 10) : 0;
	return n >= 1 && n <= (long)lecture_table.n && (*end == '\0' || *end == ',' || *end == ' ') ? (int)n : 0;
}
