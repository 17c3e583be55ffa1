/* test_csv.c: the grammar of csv.h, its faults with their lines, and the division into training and test examples. */
#include "fixture.h"

#include "data/csv.h"

static struct csv parsed(const char *text)
{
	struct csv csv;
	struct err err = {0};
	char *copy = strdup(text);
	if (csv_parse(&csv, copy, strlen(copy), "t.csv", &err) != 0)
		fail_msg("%s", err.text);
	free(copy);
	return csv;
}

static void refused(const char *text, const char *words)
{
	struct csv csv;
	struct err err = {0};
	char *copy = strdup(text);
	assert_int_equal(csv_parse(&csv, copy, strlen(copy), "t.csv", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_null(csv.values);
	if (!strstr(err.text, words))
		fail_msg("'%s' is not in:\n%s", words, err.text);
	free(copy);
}

static void grammar(void **state)
{
	static const char *const same[] = {
		"1,2,0\n-3.5,4e2,1\n",
		"1,2,0\r\n-3.5,4e2,1\r\n",
		"a,b,label\n1,2,0\n-3.5,4e2,1",
		"\xef\xbb\xbf# data\n\nx one,x two,y\n1,2,0\n# between\n \t \n -3.5 ,\t400, 1 \n\n",
	};
	for (size_t t = 0; t < sizeof same / sizeof *same; t++) {
		struct csv csv = parsed(same[t]);
		const double want[] = {1, 2, 0, -3.5, 400, 1};
		assert_int_equal(csv.rows, 2);
		assert_int_equal(csv.columns, 3);
		assert_true(csv.labelled);
		assert_memory_equal(csv.values, want, sizeof want);
		csv_release(&csv);
	}
}

static void labels_are_digits_alone(void **state)
{
	static const struct {
		const char *text;
		bool labelled;
	} cases[] = {
		{"1,0\n2,7\n", true},    {"1,0\n2,7.0\n", false}, {"1,0\n2,-7\n", false},
		{"1,0\n2,7e0\n", false}, {"1,+1\n2,7\n", false},  {"1,0\n2,3000000000\n", false},
	};
	for (size_t t = 0; t < sizeof cases / sizeof *cases; t++) {
		struct csv csv = parsed(cases[t].text);
		assert_int_equal(csv.labelled, cases[t].labelled);
		csv_release(&csv);
	}
}

static void faults(void **state)
{
	refused("", "'t.csv' has no rows of numbers");
	refused("a,b\n# none\n", "has no rows of numbers");
	refused("1\n2\n", "one column only at t.csv:1");
	refused("1,2,0\n1,x,0\n", "'x' is not a number at t.csv:2, column 2");
	refused("# c\n\n1,b,0\n", "'b' is not a number at t.csv:3, column 2"); /* no header: it has numbers */
	refused("1,2,0\n1,,0\n", "'' is not a number at t.csv:2, column 2");
	refused("1,2,0\n1,0x10,0\n", "'0x10' is not a number");
	refused("1,2,0\n1,nan,0\n", "'nan' is not a finite number at t.csv:2, column 2");
	refused("1,2,0\n1,-inf,0\n", "'-inf' is not a finite number");
	refused("1,2,0\n1,2\n", "has 2 columns, the rows before have 3, at t.csv:2");
	refused("a,b\n1;2;3\n", "one column only at t.csv:2");
	refused("1,2\nx,1\n2,y\n", "'y' is not a number at t.csv:3, column 2"); /* all faults, not the first */
	refused("1,2\nx,x\nx,x\nx,x\nx,x\nx,x\nx,x\nx,x\n", "and 4 more faults in 't.csv'");
	char zero[] = "1,2\0,3";
	struct csv csv;
	struct err err = {0};
	assert_int_equal(csv_parse(&csv, zero, sizeof zero - 1, "t.csv", &err), -1);
	assert_non_null(strstr(err.text, "not a text file"));
}

enum { ROWS = 100 };

/* Row i: i, −i and the label i % 3 + 4, or the target i / 2. */
static struct folder folder_of_rows(bool labelled, char path[PATH_MAX])
{
	const struct folder folder = folder_new();
	char text[ROWS * 40], *at = text;
	for (int i = 0; i < ROWS; i++)
		at += labelled ? sprintf(at, "%d,%d,%d\n", i, -i, i % 3 + 4)
			       : sprintf(at, "%d,%d,%.1f\n", i, -i, i / 2.);
	write_file(&folder, "rows.csv", text, (size_t)(at - text));
	folder_file(&folder, "rows.csv", path);
	return folder;
}

static void count_rows(const struct examples *part, int seen[ROWS])
{
	for (int64_t k = 0; k < part->n; k++) {
		const int i = (int)part->values[2 * k];
		assert_true(part->values[2 * k + 1] == -i);
		seen[i]++;
		if (part->labels)
			assert_int_equal(part->labels[k], i % 3);
		else
			assert_true(part->targets[k] == i / 2.);
	}
}

static void every_row_once(void **state)
{
	static const int64_t sizes[][4] = {{70, 30, 70, 30}, {70, 0, 70, 30}, {0, 30, 70, 30}, {10, 20, 10, 20}};
	for (int labelled = 0; labelled <= 1; labelled++) {
		char path[PATH_MAX];
		const struct folder folder = folder_of_rows(labelled, path);
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct data_spec spec = spec_of("csv", sizes[s][0], sizes[s][1]);
			int seen[ROWS] = {0}, total = 0;
			spec.path = path;
			struct dataset data = must_load(&spec);
			assert_int_equal(data.I, 2);
			assert_int_equal(data.classes, labelled ? 3 : 0);
			assert_int_equal(data.targets, labelled ? 0 : 1);
			assert_int_equal(data.train.n, sizes[s][2]);
			assert_int_equal(data.test.n, sizes[s][3]);
			count_rows(&data.train, seen);
			count_rows(&data.test, seen);
			for (int i = 0; i < ROWS; i++) {
				assert_true(seen[i] <= 1);
				total += seen[i];
			}
			assert_int_equal(total, sizes[s][2] + sizes[s][3]);
			dataset_release(&data);
		}
		folder_remove(&folder);
	}
}

static void classes_and_ratio(void **state)
{
	char path[PATH_MAX];
	const struct folder folder = folder_of_rows(true, path);
	struct data_spec spec = spec_of("csv", 20, 0);
	struct err err = {0};
	int count[2] = {0}, inputs, classes, targets;
	spec.path = path;
	spec.classes = NUMBERS(6, 4);
	spec.class_ratio = NUMBERS(1, 3);
	assert_int_equal(dataset_shape(&spec, &inputs, &classes, &targets, &err), 0);
	assert_int_equal(inputs, 2);
	assert_int_equal(classes, 2);
	struct dataset data = must_load(&spec);
	for (int k = 0; k < 20; k++) {
		count[data.train.labels[k]]++;
		assert_int_equal((int)data.train.values[2 * k] % 3, data.train.labels[k] == 0 ? 2 : 0);
	}
	assert_int_equal(count[0], 5);
	assert_int_equal(count[1], 15);
	/* what is left: 28 of label 6 and 19 of label 4, as many as 1 : 3 allows: 7 and 19 */
	assert_int_equal(data.test.n, 26);
	dataset_release(&data);
	spec.classes = NUMBERS(4, 9);
	must_fail(&spec, "the label 9 of 'classes'\nits labels: 4, 5, 6");
	folder_remove(&folder);
}

static void spec_faults(void **state)
{
	char path[PATH_MAX];
	struct folder folder = folder_of_rows(false, path);
	struct data_spec spec = spec_of("csv", 10, 10);
	must_fail(&spec, "needs 'path'");
	spec.path = "/nonexistent/x.csv";
	must_fail(&spec, "cannot open '/nonexistent/x.csv'");
	spec.path = path;
	spec.classes = NUMBERS(0, 1);
	must_fail(&spec, "has no classes to choose");
	spec.classes.n = 0;
	spec.train = 95;
	must_fail(&spec, "10 examples asked for, but there are 5 rows for testing in");
	spec.train = spec.test = 0;
	must_fail(&spec, "a CSV file has no test examples of its own");
	spec.train = 100;
	must_fail(&spec, "there are no rows for testing in");
	folder_remove(&folder);

	folder = folder_new();
	struct text text = TEXT_INIT;
	for (int i = 0; i < 1100; i++)
		text_add(&text, "1,%d\n", i);
	write_file(&folder, "many.csv", text.at, text.length);
	write_file(&folder, "one.csv", "1,5\n2,5\n", 8);
	text_release(&text);
	spec.train = spec.test = 1;
	folder_file(&folder, "many.csv", path);
	must_fail(&spec, "has more than 1024 different labels");
	folder_file(&folder, "one.csv", path);
	must_fail(&spec, "one class only");
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar),
		cmocka_unit_test(labels_are_digits_alone),
		cmocka_unit_test(faults),
		cmocka_unit_test(every_row_once),
		cmocka_unit_test(classes_and_ratio),
		cmocka_unit_test(spec_faults),
	};
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
