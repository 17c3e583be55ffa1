/* shelf.c: see shelf.h */
#include "sched/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "net/loss.h"

/* How many examples a set has that does not say (train: 0, all of a file): known only once it is loaded, so estimates of cost
 * take those of MNIST and Fashion-MNIST. */
enum { ASSUMED_EXAMPLES = 60000 };

/* Sets that nobody reads are kept for later runs up to this much memory; then they are loaded again when needed. */
static const size_t KEPT_BYTES = (size_t)2 << 30;

void shelf_init(struct shelf *shelf)
{
	*shelf = (struct shelf){.limit = KEPT_BYTES};
	pthread_mutex_init(&shelf->lock, NULL);
}

void shelf_release(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->n; i++) {
		if (shelf->item[i].loaded)
			dataset_release(&shelf->item[i].data);
		pthread_mutex_destroy(&shelf->item[i].loading);
	}
	free(shelf->item);
	pthread_mutex_destroy(&shelf->lock);
	*shelf = (struct shelf){0};
}

static bool same_data(const struct data_spec *a, const struct data_spec *b)
{
	const struct settings x = {.data = *a}, y = {.data = *b};
	for (size_t k = 0; k < key_table.n; k++)
		if (strcmp(keys[k].section, "data") == 0 &&
		    !value_equal(&keys[k], key_get(&keys[k], &x), key_get(&keys[k], &y)))
			return false;
	return true;
}

static int add(struct shelf *shelf, const struct data_spec *spec, struct err *err)
{
	if (shelf->n == shelf->capacity) {
		const size_t capacity = shelf->capacity ? 2 * shelf->capacity : 8;
		struct shelved *item = realloc(shelf->item, capacity * sizeof *item);
		if (!item)
			return err_set(err, ERR_SYSTEM, "out of memory for a list of %zu data sets", capacity);
		shelf->item = item;
		shelf->capacity = capacity;
	}
	struct shelved *item = &shelf->item[shelf->n];
	*item = (struct shelved){.spec = *spec};
	if (dataset_shape(spec, &item->inputs, &item->classes, &item->targets, err) != 0)
		return -1;
	pthread_mutex_init(&item->loading, NULL);
	shelf->n++;
	return 0;
}

int shelf_enlist(struct shelf *shelf, const struct settings *settings, size_t *place, struct err *err)
{
	size_t i = shelf->last;
	if (i >= shelf->n || !same_data(&shelf->item[i].spec, &settings->data))
		for (i = 0; i < shelf->n; i++)
			if (same_data(&shelf->item[i].spec, &settings->data))
				break;
	if (i == shelf->n && add(shelf, &settings->data, err) != 0)
		return -1;
	shelf->item[i].left++;
	shelf->last = *place = i;
	return 0;
}

static size_t examples_bytes(const struct examples *examples, int inputs)
{
	return (size_t)examples->n * (size_t)inputs * (examples->bytes ? 1 : sizeof(double));
}

static size_t loaded_bytes(const struct dataset *data)
{
	return examples_bytes(&data->train, data->I) + examples_bytes(&data->test, data->I);
}

/* With shelf->lock held. */
static void let_go(struct shelf *shelf, struct shelved *item)
{
	shelf->bytes -= loaded_bytes(&item->data);
	dataset_release(&item->data);
	item->loaded = false;
}

const struct dataset *shelf_borrow(struct shelf *shelf, size_t place, struct err *err)
{
	struct shelved *item = &shelf->item[place];
	int failed = 0;
	pthread_mutex_lock(&item->loading);
	pthread_mutex_lock(&shelf->lock);
	item->readers++;
	const bool missing = !item->loaded;
	pthread_mutex_unlock(&shelf->lock);
	if (missing)
		failed = dataset_load(&item->spec, &item->data, err);
	pthread_mutex_lock(&shelf->lock);
	if (failed)
		item->readers--;
	else if (missing) {
		item->loaded = true;
		shelf->bytes += loaded_bytes(&item->data);
	}
	pthread_mutex_unlock(&shelf->lock);
	pthread_mutex_unlock(&item->loading);
	return failed ? NULL : &item->data;
}

void shelf_hand_back(struct shelf *shelf, size_t place)
{
	struct shelved *item = &shelf->item[place];
	pthread_mutex_lock(&shelf->lock);
	if (item->readers == 0)
		BUG("data handed back that nobody borrowed");
	item->readers--;
	item->left--;
	if (item->readers == 0 && (item->left == 0 || shelf->bytes > shelf->limit))
		let_go(shelf, item);
	pthread_mutex_unlock(&shelf->lock);
}

int64_t shelf_examples(const struct shelf *shelf, size_t place)
{
	const int64_t train = shelf->item[place].spec.train;
	return train > 0 ? train : ASSUMED_EXAMPLES;
}

void shelf_count(const struct shelf *shelf, size_t place, const struct settings *settings, double count[COST_KINDS])
{
	const struct shelved *item = &shelf->item[place];
	const int outputs = loss_outputs(losses[settings->loss].kind, item->classes, item->targets);
	cost_count(settings, item->inputs, outputs, shelf_examples(shelf, place), count);
}
