/* exercise.c: see exercise.h. The learning rate is ours: the lecture's exercise ends with the gradient. */
#include "lecture/exercise.h"

#include "net/act.h"

struct problem exercise(void)
{
	static const int n[] = {5, 3, 1};
	static const double weights[] = {
		0.1,  0.2,  -0.1, 0.1,  0.3,  /* W[1] */
		-0.2, 0.1,  0.3,  -0.1, 0.2,  /**/
		0.2,  -0.1, 0.1,  0.2,  -0.3, /**/
		0,    0,    0,                /* b[1] */
		0.5,  -0.4, 0.3,              /* W[2] */
		0.1,                          /* b[2] */
	};
	static const double x[] = {1, -1, 0.5, 2, 0};
	static const int32_t y[] = {1};
	return (struct problem){
		.L = 2,
		.m = 1,
		.n = n,
		.activation = table_find(&act_table, "sigmoid"),
		.loss = LOSS_BCE,
		.bias = true,
		.weights = weights,
		.X = x,
		.answers = {.labels = y},
		.lr = 0.1,
	};
}
