/* train.c: one run of either precision. The loop itself: train_real.c. */
#include "train/train.h"

#include <math.h>

#include "net/loss.h"
#include "train/train_from.h"

int train_from(const struct train_input *input, struct arena *arena, struct trace **trace, struct err *err)
{
	const struct settings *settings = input->settings;
	const struct dataset *data = input->data;
	*trace = NULL;
	if (loss_outputs(losses[settings->loss].kind, data->classes, data->targets) < 1)
		return err_set(err, ERR_INPUT, "loss '%s' cannot learn this data set (%d classes, %d targets)",
			       losses[settings->loss].name, data->classes, data->targets);
	return settings->precision == FLOAT32 ? train_loop_f32(input, arena, trace, err)
					      : train_loop_f64(input, arena, trace, err);
}

int train_run(const struct settings *settings, const struct dataset *data, struct arena *arena, const atomic_int *stop,
	      struct trace **trace, struct err *err)
{
	return train_in_team(settings, data, NULL, arena, stop, trace, err);
}

int train_in_team(const struct settings *settings, const struct dataset *data, struct team *team, struct arena *arena,
		  const atomic_int *stop, struct trace **trace, struct err *err)
{
	const struct train_input input = {.settings = settings, .data = data, .stop = stop, .team = team};
	return train_from(&input, arena, trace, err);
}

int train_hands(const struct settings *settings, const struct dataset *data)
{
	const double bytes = settings->precision == FLOAT32 ? sizeof(float) : sizeof(double);
	const int64_t B = settings_batch(settings, data->train.n);
	double widest = 0;
	for (int l = 0; l < settings->width.n; l++)
		widest = fmax(widest, settings->width.v[l]);
	/* the largest pair of products of a step, at most */
	return team_worth(2 * (double)B * widest * fmax(widest, data->I) * bytes / 64, TEAM_PART_WORK);
}
