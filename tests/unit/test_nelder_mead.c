/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "nelder_mead.h"

struct counted {
    unsigned evaluations;
};

static double rosenbrock(const double *x, void *context)
{
    struct counted *c = context;
    c->evaluations++;
    double bend = x[1] - x[0] * x[0];
    return 100 * bend * bend + (1 - x[0]) * (1 - x[0]);
}

static double bowl(const double *x, void *context)
{
    (void)context;
    double sum = 3;
    for (int i = 0; i < 4; i++)
        sum += (i + 1) * (x[i] - i) * (x[i] - i);
    return sum;
}

static void it_finds_the_bottom_of_the_curved_valley(void **state)
{
    (void)state;
    struct counted c = {0};
    double x[2] = {-1.2, 1};
    double value = nelder_mead(rosenbrock, &c, 2, .5, 1000, 1e-14, x);
    assert_true(value < 1e-10);
    assert_true(fabs(x[0] - 1) < 1e-4 && fabs(x[1] - 1) < 1e-4);
    assert_true(c.evaluations < 400);
}

static void it_finds_the_bottom_in_four_dimensions(void **state)
{
    (void)state;
    double x[4] = {5, 5, 5, 5};
    double value = nelder_mead(bowl, NULL, 4, 1, 2000, 1e-14, x);
    assert_true(fabs(value - 3) < 1e-8);
    for (int i = 0; i < 4; i++)
        assert_true(fabs(x[i] - i) < 1e-3);
}

static void it_ends_when_its_evaluations_are_spent(void **state)
{
    (void)state;
    struct counted c = {0};
    double x[2] = {-1.2, 1};
    nelder_mead(rosenbrock, &c, 2, .5, 20, 0, x);
    assert_true(c.evaluations >= 20 && c.evaluations <= 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_the_bottom_of_the_curved_valley),
        cmocka_unit_test(it_finds_the_bottom_in_four_dimensions),
        cmocka_unit_test(it_ends_when_its_evaluations_are_spent),
    };
    return cmocka_run_group_tests_name("nelder_mead", tests, NULL, NULL);
}
