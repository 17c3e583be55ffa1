/* test_table.c: names are found exactly; a misspelt one, or one of another spelling habit, has its nearest. */
#include "cm.h"

#include "base/table.h"

static const struct {
	const char *name, *about;
} rows[] = {
	{"relu", ""},      {"leaky-relu", ""}, {"tanh", ""},      {"train_loss", ""},
	{"he-normal", ""}, {"zeros", ""},      {"a-b-c-d-e", ""},
};
static const struct table table = TABLE("thing", rows);

static void names_are_found_as_they_are_written(void **state)
{
	assert_int_equal(table_find(&table, "tanh"), 2);
	assert_int_equal(table_find(&table, "Tanh"), -1);
	assert_int_equal(table_find(&table, "train-loss"), -1);
	assert_int_equal(table_find(&table, ""), -1);
}

static void the_nearest_is_by_letters_not_by_habit(void **state)
{
	assert_string_equal(table_nearest(&table, "rleu"), "relu");
	assert_string_equal(table_nearest(&table, "RELU"), "relu");
	assert_string_equal(table_nearest(&table, "Leaky_ReLU"), "leaky-relu");
	assert_string_equal(table_nearest(&table, "TRAIN-LOSS"), "train_loss");
	assert_string_equal(table_nearest(&table, "leaky"), "leaky-relu");
	assert_string_equal(table_nearest(&table, "He"), "he-normal");
	assert_string_equal(table_nearest(&table, "A_B_C_D_E"), "a-b-c-d-e");
	assert_null(table_nearest(&table, "qqqq"));
	assert_null(table_nearest(&table, ""));
	assert_null(table_nearest(&table, "tanhtanhtanhtanhtanhtanhtanhtanhtanhtanhtanhtanhtanhtanh"));
	static const char *const names[] = {"depth", "width"};
	assert_string_equal(nearest_name(names, 2, "Widht"), "width");
	assert_null(nearest_name(names, 0, "width"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_as_they_are_written),
		cmocka_unit_test(the_nearest_is_by_letters_not_by_habit),
	};
	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
