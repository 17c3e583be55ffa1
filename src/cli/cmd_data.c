/* cmd_data.c: fathom data: the exact inputs of a study as HDF5, for use elsewhere. */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/print.h"

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "The file to write", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct study_args *args = state->input;
	const error_t result = study_args_parse(key, arg, state, args);
	if (key == ARGP_KEY_INIT)
		args->dir = NULL; /* the file here */
	if (key == ARGP_KEY_END && !args->dir)
		usage_fault(state, "no file to write: give -o FILE");
	return result;
}

/* The study must name one data set: which of several is the user's choice. */
static int check_single(const struct plan *plan, struct err *err)
{
	for (size_t k = 0; k < key_table.n; k++) {
		const bool data = keys[k].section[0] == 'd' || &keys[k] == &keys[table_find(&key_table, "precision")];
		if (data && plan_varies(plan, &keys[k]))
			err_add(err, "'%s' varies in this study: say which is wanted, as %s=VALUE", keys[k].name,
				keys[k].name);
	}
	return err->kind == ERR_NONE ? 0 : -1;
}

static void print_shape(const char *what, const struct dataset *data, const struct examples *examples)
{
	say("%s: %lld examples of %d inputs, ", what, (long long)examples->n, data->I);
	if (data->classes > 0)
		say("%d classes\n", data->classes);
	else
		say("%d target%s\n", data->targets, data->targets == 1 ? "" : "s");
}

int cmd_data(int argc, char **argv, struct err *err)
{
	static const struct argp argp = {options,
					 parse,
					 STUDY_ARGS,
					 "Writes the inputs and answers of a study as its networks see them, shifted "
					 "and scaled, in the precision of its runs: "
					 "/train/X, /train/y, /test/X, /test/y.",
					 NULL,
					 NULL,
					 NULL};
	struct study_args args = {0};
	struct subject subject;
	struct settings settings;
	struct dataset data;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (subject_load(&subject, &args, err) != 0)
		return -1;
	plan_settings(&subject.plan, 0, &settings);
	int failed = check_single(&subject.plan, err);
	if (!failed && (failed = dataset_load(&settings.data, &data, err)) == 0) {
		failed = store_write_data(args.dir, &data, settings.precision == FLOAT64 ? 64 : 32, err);
		if (!failed) {
			print_shape("train", &data, &data.train);
			print_shape("test", &data, &data.test);
			say("%s\n", args.dir);
		}
		dataset_release(&data);
	}
	subject_release(&subject);
	return failed;
}
