/* first_batch.c: see first_batch.h; the work is first_batch_real.c's. */
#include "train/first_batch.h"

#include "train/train_from.h"

int train_first_batch(const struct settings *settings, const struct dataset *data, int m, struct pool *pool,
		      struct first_batch *first, struct err *err)
{
	const struct train_input input = {.settings = settings, .data = data};
	const int outputs = loss_outputs(losses[settings->loss].kind, data->classes, data->targets);
	struct arena arena = ARENA_INIT;
	if (outputs < 1)
		return err_set(err, ERR_INPUT, "loss '%s' cannot learn this data set (%d classes, %d targets)",
			       losses[settings->loss].name, data->classes, data->targets);
	*first = (struct first_batch){.L = settings_layers(settings), .m = m};
	first->n = POOL_TAKE(pool, int, first->L + 1);
	settings_shape(settings, data->I, outputs, first->n);
	const int failed =
		(settings->precision == FLOAT32 ? first_batch_f32 : first_batch_f64)(&input, &arena, pool, first, err);
	arena_release(&arena);
	return failed;
}
