/* Which build is chosen: the best one, or a lower one on request, never one that the processor lacks. */
#include "cm.h"

#include <stdlib.h>

#include "math/kernels_table.h"

static void test_choice(void **state)
{
	unsetenv("FATHOM_ISA");
	const char *best = kernels_isa();
	assert_true(kernels_supported());
	assert_string_equal(kernels_f32()->isa, best);
	assert_string_equal(kernels_f64()->isa, best);

	setenv("FATHOM_ISA", "generic", 1);
	assert_string_equal(kernels_isa(), "generic");
	assert_ptr_equal(kernels_f32(), &kernels_f32_generic);
	assert_ptr_equal(kernels_f64(), &kernels_f64_generic);

	setenv("FATHOM_ISA", "avx512", 1);
	assert_string_equal(kernels_isa(), best); /* has it: it is the best; has not: refused */
	setenv("FATHOM_ISA", "sparc", 1);
	assert_string_equal(kernels_isa(), best);
#if defined __x86_64__
	setenv("FATHOM_ISA", "avx2", 1);
	assert_string_equal(kernels_isa(), "avx2");
	assert_ptr_equal(kernels_f32(), &kernels_f32_avx2);
#endif
	unsetenv("FATHOM_ISA");
}

/* A build that the processor lacks would end in an illegal instruction. */
static void test_the_choice_runs(void **state)
{
	float x[40] = {0}, zeros[16] __attribute__((aligned(64))) = {0}, product[16] __attribute__((aligned(64)));
	kernels_f32()->exp(40, x, x);
	for (int i = 0; i < 40; i++)
		assert_true(x[i] == 1);
	kernels_f32()->gemm(1, 1, 40, x, 0, 1, zeros, 0, product, 16, 1);
	assert_true(product[0] == 0);
#if defined __x86_64__
	assert_true(!__builtin_cpu_supports("avx512vl") == (strcmp(kernels_isa(), "avx512") != 0));
#endif
}

static void test_tables_are_complete(void **state)
{
	for (int f = 0; f < VEC_FUNCTIONS; f++) {
		assert_non_null(kernels_f32()->vec[f].value);
		assert_non_null(kernels_f32()->vec[f].value_slope);
		assert_non_null(kernels_f64()->vec[f].value);
		assert_non_null(kernels_f64()->vec[f].value_slope);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_choice), cmocka_unit_test(test_the_choice_runs),
					   cmocka_unit_test(test_tables_are_complete)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
