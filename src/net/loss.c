/* loss.c: the loss table, see loss.h; the formulas are in loss_real.c. */
#include "net/loss.h"

const struct loss losses[] = {
	{"bce", "binary log-loss from the logit, two classes", LOSS_BCE},
	{"cross-entropy", "softmax cross-entropy from the logits, one output a class", LOSS_SOFTMAX},
	{"mse", "mean squared error over outputs; classes as one-hot rows", LOSS_MSE},
};

const struct table loss_table = TABLE("loss", losses);

int loss_outputs(enum loss_kind kind, int classes, int targets)
{
	switch (kind) {
	case LOSS_BCE:
		return classes == 2 ? 1 : -1;
	case LOSS_SOFTMAX:
		return classes >= 2 ? classes : -1;
	case LOSS_MSE:
		if (classes > 0)
			return classes == 2 ? 1 : classes;
		return targets > 0 ? targets : -1;
	}
	return -1;
}
