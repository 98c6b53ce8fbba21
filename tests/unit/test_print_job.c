/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "print_job.h"

/* What happens, one letter each: S sent, N nothing left, T stopped half-way, E link broke;
 * r ready, p paper out, s silent; c confirmed, m missing. */
struct row {
    const char *name;
    const char *steps;
    const char *want;
    int last_err; /* of the last step */
};

static struct row rows[] = {
    {"a new job is queued", "", "queued", 0},
    {"handed over", "S", "sent", 0},
    {"handed over to a ready printer", "Sr", "sent", 0},
    {"nothing left the box", "N", "queued", 0},
    {"the printer stopped half-way", "T", "unknown", 0},
    {"the link broke", "E", "unknown", 0},
    {"paper ran out behind it", "Sp", "unknown", 0},
    {"the printer fell silent", "Ss", "unknown", 0},
    {"ready again says nothing of the label", "Spr", "unknown", 0},
    {"it came out after all", "Spc", "confirmed", 0},
    {"it did not come out and is sent again", "TmS", "sent", 0},
    {"it was seen at once", "Sc", "confirmed", 0},
    {"a sent label is not sent again", "SS", "sent", -EINVAL},
    {"an unknown label is not sent again", "TS", "unknown", -EINVAL},
    {"a confirmed label is not sent again", "ScS", "confirmed", -EINVAL},
    {"a confirmed label is not missing", "Scm", "confirmed", -EINVAL},
    {"a queued label cannot be seen", "c", "queued", -EINVAL},
    {"a queued label is not missing", "m", "queued", -EINVAL},
    {"a late status does not undo a confirmation", "Scs", "confirmed", 0},
};

static int step(struct print_job *job, char what)
{
    static const struct {
        char what;
        int send_err;
    } sends[] = {{'S', 0}, {'N', -ENOTCONN}, {'T', -ETIMEDOUT}, {'E', -EIO}};
    static const struct {
        char what;
        enum printer_state state;
    } states[] = {{'r', PRINTER_READY}, {'p', PRINTER_PAPER_OUT}, {'s', PRINTER_SILENT}};
    for (size_t i = 0; i < ARRAY_LEN(sends); i++)
        if (sends[i].what == what)
            return print_job_sent(job, sends[i].send_err);
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        if (states[i].what == what) {
            print_job_status(job, &(struct printer_status){.state = states[i].state});
            return 0;
        }
    }
    return what == 'c' ? print_job_confirmed(job) : print_job_missing(job);
}

static void job_row(void **state)
{
    const struct row *r = *state;
    struct print_counter counter = {16};
    struct print_job job = print_job_new(&counter);
    int err = 0;
    for (const char *s = r->steps; *s; s++) {
        assert_int_equal(err, 0); /* only the last step may be refused */
        err = step(&job, *s);
    }
    assert_int_equal(err, r->last_err);
    assert_string_equal(print_state_name(job.state), r->want);
    assert_int_equal(job.number, 17);
}

static void printing_again_asks_for_a_reason_and_takes_a_new_number(void **state)
{
    (void)state;
    struct print_counter counter = {0};
    struct print_job first = print_job_new(&counter);
    struct print_job again = {.number = 47};
    char long_reason[PRINT_REASON_SIZE + 1];
    memset(long_reason, 'x', sizeof(long_reason) - 1);
    long_reason[sizeof(long_reason) - 1] = '\0';
    assert_int_equal(print_job_again(&counter, &first, "torn", &again), -EBUSY);
    assert_int_equal(print_job_sent(&first, 0), 0);
    assert_int_equal(print_job_again(&counter, &first, "", &again), -EINVAL);
    assert_int_equal(print_job_again(&counter, &first, long_reason, &again), -EINVAL);
    assert_int_equal(again.number, 47);
    assert_int_equal(print_job_again(&counter, &first, "torn", &again), 0);
    assert_int_equal(again.number, 2);
    assert_int_equal(again.copy_of, 1);
    assert_string_equal(again.reason, "torn");
    assert_int_equal(again.state, PRINT_QUEUED);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, job_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(
        printing_again_asks_for_a_reason_and_takes_a_new_number);
    return cmocka_run_group_tests_name("print_job", tests, NULL, NULL);
}
