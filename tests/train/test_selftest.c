/* test_selftest.c: the golden hash, for every instruction set; and what makes the self-test fail. */
#include <fenv.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"

#include "math/kernels.h"
#include "train/selftest.h"

static void every_instruction_set_gives_the_golden_hash(void **state)
{
	static const char *const sets[] = {"avx512", "avx2", "generic"};
	struct err err = {0};
	char hash[17];
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		setenv("FATHOM_ISA", sets[i], 1);
		const int done = selftest(hash, &err);
		if (done != 0)
			fail_msg("%s: %s", kernels_isa(), err.text);
		assert_string_equal(hash, SELFTEST_GOLDEN);
	}
	unsetenv("FATHOM_ISA");
}

static void other_rounding_is_noticed(void **state)
{
	struct err err = {0};
	char hash[17];
	fesetround(FE_UPWARD);
	const int done = selftest(hash, &err);
	fesetround(FE_TONEAREST);
	assert_int_equal(done, -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "rounding"));
	assert_string_equal(hash, "");
	assert_int_equal(selftest(hash, &err), 0);
}

#if defined __x86_64__
static void flushing_to_zero_is_noticed(void **state)
{
	struct err err = {0};
	char hash[17];
	const unsigned before = __builtin_ia32_stmxcsr();
	__builtin_ia32_ldmxcsr(before | 0x8040); /* what -ffast-math links in */
	const int done = selftest(hash, &err);
	__builtin_ia32_ldmxcsr(before);
	assert_int_equal(done, -1);
	assert_non_null(strstr(err.text, "-ffast-math"));
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_instruction_set_gives_the_golden_hash),
		cmocka_unit_test(other_rounding_is_noticed),
#if defined __x86_64__
		cmocka_unit_test(flushing_to_zero_is_noticed),
#endif
	};
	return cmocka_run_group_tests_name("self-test", tests, NULL, NULL);
}
