/* SPDX-License-Identifier: Apache-2.0 */
#include "number_series.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "financial_year.h"

#define CENTURY_CHARS 2 /* "2026-27" is written "26-27" */

/* Longer than any prefix and year, so that document_no_write() judges the length. */
#define STEM_SIZE (NUMBER_SERIES_PREFIX_SIZE + FINANCIAL_YEAR_SIZE + 1)

int number_series_write(const struct number_series *series, uint64_t number,
                        char buf[DOCUMENT_NO_SIZE])
{
    assert(series && buf && memchr(series->prefix, '\0', sizeof(series->prefix)));
    if (series->financial_year < CIVIL_YEAR_MIN || series->financial_year >= CIVIL_YEAR_MAX ||
        series->digits > NUMBER_SERIES_DIGITS_MAX)
        return -EINVAL;
    char year[FINANCIAL_YEAR_SIZE];
    char stem[STEM_SIZE];
    snprintf(stem, sizeof(stem), "%s%s/", series->prefix,
             financial_year_format(series->financial_year, year) + CENTURY_CHARS);
    return document_no_write(stem, number, series->digits, buf);
}

bool number_series_same(const struct number_series *a, const struct number_series *b)
{
    assert(a && b);
    char key_a[NUMBER_SERIES_PREFIX_SIZE];
    char key_b[NUMBER_SERIES_PREFIX_SIZE];
    int err_a = document_no_key(a->prefix, key_a, sizeof(key_a));
    int err_b = document_no_key(b->prefix, key_b, sizeof(key_b));
    assert(err_a == 0 && err_b == 0);
    (void)err_a;
    (void)err_b;
    return a->financial_year == b->financial_year && strcmp(key_a, key_b) == 0;
}

static struct number_series_range held(const struct number_series_lease *lease)
{
    bool whole = lease->returned == NUMBER_SERIES_NOT_RETURNED;
    return (struct number_series_range){lease->first, whole ? lease->last : lease->next - 1};
}

static bool overlap(struct number_series_range a, struct number_series_range b)
{
    bool empty = a.last < a.first || b.last < b.first;
    return !empty && a.first <= b.last && b.first <= a.last;
}

/* The first of the leases that holds a number of the range, or NULL. */
static const struct number_series_lease *find_holder(const struct number_series *series,
                                                     struct number_series_range range,
                                                     const struct number_series_lease *leases,
                                                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (number_series_same(series, &leases[i].series) && overlap(range, held(&leases[i])))
            return &leases[i];
    return NULL;
}

struct number_series_range number_series_free_range(const struct number_series *series,
                                                    uint64_t from, uint64_t wanted,
                                                    const struct number_series_lease *leases,
                                                    size_t count)
{
    assert(series && from > 0 && wanted > 0 && (leases || count == 0));
    const struct number_series_lease *holder;
    while ((holder = find_holder(series, (struct number_series_range){from, from}, leases, count)))
        from = held(holder).last + 1;
    struct number_series_range range = {from, UINT64_MAX};
    if (wanted - 1 <= UINT64_MAX - from)
        range.last = from + (wanted - 1);
    while ((holder = find_holder(series, range, leases, count)))
        range.last = held(holder).first - 1;
    return range;
}

static int refuse_unwritable(const struct number_series_lease *lease, int err, struct diag *reterr)
{
    if (err == -ENAMETOOLONG)
        diag_set(reterr, 0, "%" PRIu64 " of series \"%s\" passes %d characters (rule 46)",
                 lease->last, lease->series.prefix, DOCUMENT_NO_LEN_MAX);
    else
        diag_set(reterr, 0,
                 "series \"%s\": its year, its %u digits (at most %d) or a character of its "
                 "prefix is not allowed",
                 lease->series.prefix, lease->series.digits, NUMBER_SERIES_DIGITS_MAX);
    return -EINVAL;
}

static int check_form(const struct number_series_lease *lease, struct diag *reterr)
{
    char no[DOCUMENT_NO_SIZE];
    int err = number_series_write(&lease->series, lease->last, no);
    if (err < 0)
        return refuse_unwritable(lease, err, reterr);
    if (lease->first == 0 || lease->last < lease->first || lease->next < lease->first ||
        lease->next > lease->last + 1 ||
        (unsigned)lease->returned >= NUMBER_SERIES_RETURN_REASON_COUNT) {
        diag_set(reterr, 0,
                 "a lease goes from 1 or more up to its last number, and its next lies between: "
                 "%" PRIu64 " to %" PRIu64 ", next %" PRIu64,
                 lease->first, lease->last, lease->next);
        return -EINVAL;
    }
    if (lease->device[0] == '\0') {
        diag_set(reterr, 0, "a lease names the device that holds it");
        return -EINVAL;
    }
    return 0;
}

int number_series_admit(const struct number_series_lease *lease,
                        const struct number_series_lease *leases, size_t count, struct diag *reterr)
{
    assert(lease && (leases || count == 0));
    assert(memchr(lease->device, '\0', sizeof(lease->device)));
    if (count >= NUMBER_SERIES_LEASES_MAX) {
        diag_set(reterr, 0, "at most %d leases", NUMBER_SERIES_LEASES_MAX);
        return -E2BIG;
    }
    int err = check_form(lease, reterr);
    if (err < 0)
        return err;
    const struct number_series_lease *other =
        find_holder(&lease->series, held(lease), leases, count);
    if (!other)
        return 0;
    diag_set(reterr, 0,
             "%" PRIu64 " to %" PRIu64 " overlaps %" PRIu64 " to %" PRIu64 " leased to %s",
             lease->first, lease->last, other->first, held(other).last, other->device);
    return -EEXIST;
}

uint64_t number_series_left(const struct number_series_lease *lease)
{
    assert(lease && lease->next >= lease->first && lease->next <= lease->last + 1);
    return lease->returned == NUMBER_SERIES_NOT_RETURNED ? lease->last + 1 - lease->next : 0;
}

bool number_series_is_low(const struct number_series_lease *lease, uint64_t low_water)
{
    return number_series_left(lease) <= low_water;
}

int number_series_take(struct number_series_lease *lease, int32_t document_day,
                       uint64_t *ret_number)
{
    assert(lease && ret_number);
    if (financial_year_of(document_day) != lease->series.financial_year)
        return -ERANGE;
    if (number_series_left(lease) == 0)
        return -ENOSPC;
    *ret_number = lease->next++;
    return 0;
}

int number_series_void(const struct number_series_lease *lease, uint64_t number,
                       enum number_series_void_reason reason, struct number_series_voided *ret)
{
    assert(lease && ret && (unsigned)reason < NUMBER_SERIES_VOID_REASON_COUNT);
    if (number < lease->first || number >= lease->next)
        return -ENOENT;
    *ret = (struct number_series_voided){.number = number, .reason = reason};
    return 0;
}

int number_series_return(struct number_series_lease *lease, enum number_series_return_reason reason,
                         struct number_series_range *ret_tail)
{
    assert(lease && ret_tail && reason != NUMBER_SERIES_NOT_RETURNED &&
           (unsigned)reason < NUMBER_SERIES_RETURN_REASON_COUNT);
    if (lease->returned != NUMBER_SERIES_NOT_RETURNED)
        return -EALREADY;
    lease->returned = reason;
    *ret_tail = (struct number_series_range){lease->next, lease->last};
    return 0;
}

const char *number_series_void_reason_name(enum number_series_void_reason reason)
{
    static const char *const names[NUMBER_SERIES_VOID_REASON_COUNT] = {
        [NUMBER_SERIES_CANCELLED] = "cancelled",
        [NUMBER_SERIES_PRINT_FAILED] = "print_failed",
        [NUMBER_SERIES_WRONG_DETAILS] = "wrong_details",
        [NUMBER_SERIES_DEVICE_STOPPED] = "device_stopped",
    };
    assert((unsigned)reason < NUMBER_SERIES_VOID_REASON_COUNT);
    return names[reason];
}

const char *number_series_return_reason_name(enum number_series_return_reason reason)
{
    static const char *const names[NUMBER_SERIES_RETURN_REASON_COUNT] = {
        [NUMBER_SERIES_NOT_RETURNED] = "not_returned",
        [NUMBER_SERIES_DEVICE_REPLACED] = "device_replaced",
        [NUMBER_SERIES_YEAR_ENDED] = "year_ended",
        [NUMBER_SERIES_CLOSED] = "closed",
    };
    assert((unsigned)reason < NUMBER_SERIES_RETURN_REASON_COUNT);
    return names[reason];
}
