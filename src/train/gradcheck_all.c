/* gradcheck_all.c: the gradient check of everything that has a row in a table. */
#include "net/act.h"
#include "net/loss.h"
#include "train/train.h"

static const int depths[] = {0, 1, 3, 8};

/* A small network of an awkward shape; the data are generated, so that no file is needed. */
static void small_net(struct settings *settings, int activation, int loss, int precision, int depth)
{
	static const double width[] = {7};
	settings_default(settings);
	settings->data.set = table_find(&dataset_table, losses[loss].kind == LOSS_MSE ? "teacher" : "gaussians");
	settings->data.features = 5;
	settings->data.train = settings->data.test = 12;
	settings->data.noise = 0.1;
	settings->depth = depth;
	settings->width = (struct numbers){1, width};
	settings->activation = activation;
	settings->init.scheme = table_find(&init_table, "xavier-normal");
	settings->init.bias_std = 0.3;
	settings->loss = loss;
	settings->precision = precision;
	settings->batch = 12;
	settings->steps = 1;
	settings->seed = 1;
}

/* All activations, precisions and depths of one loss, on the same data. */
static int check_loss(int loss, unsigned precisions, const struct dataset *data, struct arena *arena,
		      struct gradcheck_each each, struct err *err)
{
	for (int p = 0; p < (int)precision_table.n; p++)
		for (int a = 0; a < (int)act_table.n && precisions & 1u << p; a++)
			for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
				struct settings settings;
				struct gradcheck check;
				small_net(&settings, a, loss, p, depths[d]);
				if (train_gradcheck(&settings, data, arena, &check, err) != 0)
					return -1;
				each.take(each.self, &settings, &check, d + 1 == sizeof depths / sizeof *depths);
			}
	return 0;
}

int train_gradcheck_all(unsigned precisions, struct arena *arena, struct gradcheck_each each, struct err *err)
{
	int failed = 0;
	for (int loss = 0; loss < (int)loss_table.n && !failed; loss++) {
		struct settings settings;
		struct dataset data;
		small_net(&settings, 0, loss, FLOAT64, 0);
		if (dataset_load(&settings.data, &data, err) != 0)
			return -1;
		failed = check_loss(loss, precisions, &data, arena, each, err);
		dataset_release(&data);
	}
	return failed;
}
