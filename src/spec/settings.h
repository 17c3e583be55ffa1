/* settings.h: all there is to know before one run is trained. Each room defines the struct of its own parameters; the keys
 * by which a study file sets them are the rows of key_table (spec/key.h). */
#ifndef FATHOM_SETTINGS_H
#define FATHOM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "data/dataset.h"
#include "net/init.h"
#include "optim/optim.h"
#include "trace/metric.h"

/* Raised whenever the same settings would give other numbers. Part of every run's identity. */
enum { NUMERICS_VERSION = 3 };

enum precision { FLOAT32, FLOAT64 };
extern const struct table precision_table;

struct settings {
	struct data_spec data;

	/* model */
	int64_t depth;        /* hidden layers, ≥ 0 */
	struct numbers width; /* one number for all hidden layers, or one for each */
	int activation;       /* row of act_table */
	bool bias;
	struct init_spec init;

	/* train */
	int loss; /* row of loss_table */
	struct optim_spec optim;
	int64_t batch;  /* examples; 0: full */
	int64_t steps;  /* budget in updates; 0: given by epochs */
	int64_t epochs; /* budget in epochs; 0: given by steps */
	double target;  /* training loss to reach; 0: none. Full batch: seen at every update; else at logged steps */
	bool stop_at_target;
	int64_t patience;    /* stop when train_loss did not fall for so many updates; 0: never */
	double diverge_loss; /* a batch loss above this counts as diverged; 0: only a non-finite one does */
	int precision;
	int64_t seed; /* 0 … 2^32 − 1 */

	/* log; steps 0 and the last are always logged */
	int64_t every;  /* every n updates; 0: not so */
	int64_t points; /* n log-spaced steps; 0: not so */
	bool every_epoch;
	int64_t eval; /* first n examples of each set; 0: all */
	metric_set metrics;
	unsigned weights; /* bit w: WEIGHTS_w */
};

#endif
