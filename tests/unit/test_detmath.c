/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <string.h>

#include "attr.h"
#include "detmath.h"
#include "rng.h"

#define DRAWS 200000

/* How many doubles lie between a and b; both are finite and of one sign. */
static int64_t ulps(double a, double b)
{
    int64_t ia;
    int64_t ib;
    memcpy(&ia, &a, sizeof(ia));
    memcpy(&ib, &b, sizeof(ib));
    return ia > ib ? ia - ib : ib - ia;
}

static void exp_is_within_4_ulp_of_libm(void **state)
{
    (void)state;
    struct rng rng = rng_seed(1);
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_unit(&rng) * 1417 - 708;
        assert_true(ulps(detmath_exp(x), exp(x)) <= 4);
        x /= 700; /* around zero too */
        assert_true(ulps(detmath_exp(x), exp(x)) <= 4);
    }
}

static void exp_of_zero_is_one_and_far_below_it_is_zero(void **state)
{
    (void)state;
    assert_true(detmath_exp(0) == 1);
    assert_true(detmath_exp(-708.5) == 0);
    assert_true(detmath_exp(-1e300) == 0);
}

static void log_is_within_4_ulp_of_libm(void **state)
{
    (void)state;
    struct rng rng = rng_seed(2);
    for (int i = 0; i < DRAWS; i++) {
        double x = exp(rng_unit(&rng) * 1400 - 700);
        assert_true(ulps(detmath_log(x), log(x)) <= 4);
        x = 0.5 + rng_unit(&rng); /* around one, where it passes zero */
        assert_true(ulps(detmath_log(x), log(x)) <= 4);
    }
    assert_true(detmath_log(1) == 0);
}

static void log_gamma_is_within_1e_14_of_libm(void **state)
{
    (void)state;
    struct rng rng = rng_seed(3);
    for (int i = 0; i < DRAWS; i++) {
        double x = exp(rng_unit(&rng) * 40 - 15);
        double want = lgamma(x);
        double bound = 1e-14 * fmax(1, fabs(want));
        assert_true(fabs(detmath_lgamma(x) - want) <= bound);
    }
}

static void log_beta_of_whole_numbers_is_that_of_factorials(void **state)
{
    (void)state;
    /* B(3, 4) = 2! 3! / 6! = 1 / 60 */
    assert_true(fabs(detmath_lbeta(3, 4) + log(60)) < 1e-14);
    assert_true(fabs(detmath_lbeta(1, 1)) < 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_4_ulp_of_libm),
        cmocka_unit_test(exp_of_zero_is_one_and_far_below_it_is_zero),
        cmocka_unit_test(log_is_within_4_ulp_of_libm),
        cmocka_unit_test(log_gamma_is_within_1e_14_of_libm),
        cmocka_unit_test(log_beta_of_whole_numbers_is_that_of_factorials),
    };
    return cmocka_run_group_tests_name("detmath", tests, NULL, NULL);
}
