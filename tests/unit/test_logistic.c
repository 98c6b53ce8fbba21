/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "attr.h"
#include "logistic.h"
#include "rng.h"

static const struct logistic nothing_known = {.features = 2};

static void a_chance_and_its_logit_are_inverse(void **state)
{
    (void)state;
    const struct logistic one = {.weight = {1}, .features = 1};
    static const double p[] = {.001, .2, .5, .9, .9999};
    for (size_t i = 0; i < ARRAY_LEN(p); i++) {
        double x = logistic_logit(p[i]);
        assert_true(fabs(logistic_chance(&one, &x) - p[i]) < 1e-12);
    }
}

static void certainty_stays_finite(void **state)
{
    (void)state;
    assert_true(fabs(logistic_logit(1) - log(1e6 - 1)) < 1e-6);
    assert_true(fabs(logistic_logit(0) + log(1e6 - 1)) < 1e-6);
    const struct logistic steep = {.weight = {1e300}, .features = 1};
    double x = 1;
    assert_true(logistic_chance(&steep, &x) < 1);
}

static void without_examples_the_prior_stays(void **state)
{
    (void)state;
    const struct logistic prior = {.weight = {.3, -2}, .features = 2};
    struct logistic l = logistic_fit(NULL, 0, &prior, 1);
    assert_true(l.weight[0] == .3 && l.weight[1] == -2);
}

static void one_in_four_is_a_logit_of_minus_ln_3(void **state)
{
    (void)state;
    static struct logistic_example e[4000];
    for (size_t i = 0; i < ARRAY_LEN(e); i++)
        e[i] = (struct logistic_example){.x = {1}, .happened = i % 4 == 0};
    struct logistic l = logistic_fit(e, ARRAY_LEN(e), &nothing_known, 1e-6);
    assert_true(fabs(l.weight[0] + log(3)) < 1e-6);
    assert_true(fabs(l.weight[1]) < 1e-6); /* a feature that is never there */
}

static void it_finds_the_weights_that_outcomes_were_drawn_with(void **state)
{
    (void)state;
    struct rng rng = rng_seed(9);
    const struct logistic truth = {.weight = {-1, 2}, .features = 2};
    static struct logistic_example e[40000];
    for (size_t i = 0; i < ARRAY_LEN(e); i++) {
        e[i].x[0] = 1;
        e[i].x[1] = rng_unit(&rng) * 4 - 2;
        e[i].happened = rng_unit(&rng) < logistic_chance(&truth, e[i].x);
    }
    struct logistic l = logistic_fit(e, ARRAY_LEN(e), &nothing_known, 1);
    assert_true(fabs(l.weight[0] + 1) < .1);
    assert_true(fabs(l.weight[1] - 2) < .1);
}

static void outcomes_that_a_feature_separates_do_not_run_away(void **state)
{
    (void)state;
    struct logistic_example e[50];
    for (size_t i = 0; i < ARRAY_LEN(e); i++)
        e[i] = (struct logistic_example){.x = {1, i < 25 ? -50 : 50}, .happened = i >= 25};
    struct logistic l = logistic_fit(e, ARRAY_LEN(e), &nothing_known, 1);
    assert_true(l.weight[1] > 0 && l.weight[1] < 10);
    assert_true(logistic_chance(&l, e[49].x) > .9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chance_and_its_logit_are_inverse),
        cmocka_unit_test(certainty_stays_finite),
        cmocka_unit_test(without_examples_the_prior_stays),
        cmocka_unit_test(one_in_four_is_a_logit_of_minus_ln_3),
        cmocka_unit_test(it_finds_the_weights_that_outcomes_were_drawn_with),
        cmocka_unit_test(outcomes_that_a_feature_separates_do_not_run_away),
    };
    return cmocka_run_group_tests_name("logistic", tests, NULL, NULL);
}
