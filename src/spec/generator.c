/* generator.c: lists of numbers by rule. Values are rounded to 12 significant digits: 0.3 and not 0.30000000000000004, 0.01
 * and not 0.010000000000000002, so that they can be named in filters and are the same whatever the C library's pow(). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec/read.h"

static double tidy(double x)
{
	char digits[40];
	snprintf(digits, sizeof digits, "%.12g", x);
	return strtod(digits, NULL);
}

static int64_t checked_count(double n, const char **fault)
{
	if (n >= 1 && n <= VALUES_MAX && n == nearbyint(n))
		return (int64_t)n;
	*fault = n > VALUES_MAX ? "more than a million values" : n < 1 ? "no values" : "not a whole number of values";
	return -1;
}

/* range: n is 0 … n − 1; a, b, step is a, a + step, … before b */
static int64_t range_count(const double *a, int n, const char **fault)
{
	const double step = n > 2 ? a[2] : 1;
	if (n == 1)
		return checked_count(a[0], fault);
	if (step == 0 || (a[1] - a[0]) / step <= 0) {
		*fault = "no values: the step leads away from the end";
		return -1;
	}
	return checked_count(ceil((a[1] - a[0]) / step - 1e-9), fault);
}

static double range_value(const double *a, int n, int64_t i)
{
	const double x = n == 1 ? (double)i : a[0] + (double)i * (n > 2 ? a[2] : 1);
	return x == nearbyint(x) ? x : tidy(x);
}

static int64_t spaced_count(const double *a, int n, const char **fault)
{
	if (a[2] < 2) {
		*fault = "both ends are at least 2 values";
		return -1;
	}
	return checked_count(a[2], fault);
}

static double linear_value(const double *a, int n, int64_t i)
{
	const double share = (double)i / (a[2] - 1);
	return i == 0 ? a[0] : share == 1 ? a[1] : tidy(a[0] * (1 - share) + a[1] * share);
}

static int64_t log_count(const double *a, int n, const char **fault)
{
	if (a[0] <= 0 || a[1] <= 0) {
		*fault = "a logarithmic scale has numbers above 0 only";
		return -1;
	}
	return spaced_count(a, n, fault);
}

static double log_value(const double *a, int n, int64_t i)
{
	const double share = (double)i / (a[2] - 1);
	return i == 0 ? a[0] : share == 1 ? a[1] : tidy(pow(a[0], 1 - share) * pow(a[1], share));
}

/* factor: from a to b in equal ratios of at most q; six digits tell the values apart */
static int64_t factor_count(const double *a, int n, const char **fault)
{
	if (a[0] <= 0 || a[1] <= a[0] || !(a[2] >= 1.0001)) {
		*fault = "from a number above 0 to a larger one, by a factor of at least 1.0001: {factor: [0.01, 10, "
			 "1.05]}";
		return -1;
	}
	return checked_count(ceil(log(a[1] / a[0]) / log(a[2]) - 1e-9) + 1, fault);
}

static double factor_value(const double *a, int n, int64_t i)
{
	char digits[32];
	const double steps = ceil(log(a[1] / a[0]) / log(a[2]) - 1e-9);
	snprintf(digits, sizeof digits, "%.6g", a[0] * pow(a[1] / a[0], (double)i / steps));
	return i == 0 ? a[0] : i == (int64_t)steps ? a[1] : strtod(digits, NULL);
}

static int64_t pow2_count(const double *a, int n, const char **fault)
{
	if (a[0] != nearbyint(a[0]) || a[1] != nearbyint(a[1]) || fabs(a[0]) > 62 || fabs(a[1]) > 62) {
		*fault = "the ends are whole exponents of 2: {pow2: [4, 9]} is 16, 32, … 512";
		return -1;
	}
	return checked_count(a[1] - a[0] + 1, fault);
}

static double pow2_value(const double *a, int n, int64_t i)
{
	return ldexp(1, (int)(a[0] + (double)i));
}

const struct generator generators[] = {
	{"range", "{range: n}: 0 … n − 1; {range: [a, b]} or [a, b, step]: a, a + step, … before b", 1, 3, range_count,
	 range_value, false},
	{"linear", "{linear: [a, b, n]}: n values from a to b, evenly spaced", 3, 3, spaced_count, linear_value, true},
	{"log", "{log: [a, b, n]}: n values from a to b, evenly spaced on a logarithmic scale", 3, 3, log_count,
	 log_value, true},
	{"pow2", "{pow2: [a, b]}: 2^a, 2^(a+1), … 2^b", 2, 2, pow2_count, pow2_value, false},
	{"factor", "{factor: [a, b, q]}: from a to b in equal ratios of at most q, rounded to 6 digits", 3, 3,
	 factor_count, factor_value, true},
};

const struct table generator_table = TABLE("generator", generators);

bool is_generator(const struct node *map)
{
	return map->n == 1 && table_find(&generator_table, map->first->key->text) >= 0;
}
