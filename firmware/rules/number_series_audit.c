/* SPDX-License-Identifier: Apache-2.0 */
#include "number_series_audit.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

/* Neighbouring numbers with which the leases dealt alike. */
struct stretch {
    bool missed; /* a number that is not there leaves a gap, of this kind */
    enum number_series_finding_kind kind;
    const struct number_series_lease *lease;
    uint64_t last;
};

static int check_leases(const struct number_series_books *books, struct diag *reterr)
{
    for (size_t i = 0; i < books->leases_count; i++) {
        const struct number_series_lease *lease = &books->leases[i];
        int err = number_series_admit(lease, books->leases, i, reterr);
        if (err < 0)
            return err;
        if (!number_series_same(&lease->series, &books->series)) {
            diag_set(reterr, 0, "the lease of %s is of another series or year", lease->device);
            return -EINVAL;
        }
        if (lease->first < books->first) {
            diag_set(reterr, 0, "the lease of %s begins with %" PRIu64 ", the series with %" PRIu64,
                     lease->device, lease->first, books->first);
            return -EINVAL;
        }
    }
    return 0;
}

static int check_order(uint64_t number, uint64_t before, struct diag *reterr)
{
    if (number >= before && number <= NUMBER_SERIES_NUMBER_MAX)
        return 0;
    diag_set(reterr, 0, "%" PRIu64 " after %" PRIu64 ": numbers ascend and have at most %d digits",
             number, before, NUMBER_SERIES_DIGITS_MAX);
    return -EINVAL;
}

static int check_used(const struct number_series_books *books, struct diag *reterr)
{
    int err = 0;
    for (size_t i = 0; i < books->used_count && err == 0; i++)
        err = check_order(books->used[i], i > 0 ? books->used[i - 1] : 0, reterr);
    return err;
}

static int check_voided(const struct number_series_books *books, struct diag *reterr)
{
    int err = 0;
    for (size_t i = 0; i < books->voided_count && err == 0; i++) {
        const struct number_series_voided *v = &books->voided[i];
        err = check_order(v->number, i > 0 ? books->voided[i - 1].number : 0, reterr);
        if (err == 0 && (unsigned)v->reason >= NUMBER_SERIES_VOID_REASON_COUNT) {
            diag_set(reterr, 0, "%" PRIu64 " is voided for a reason that is not known", v->number);
            err = -EINVAL;
        }
    }
    return err;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t greater(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

int number_series_audit(const struct number_series_books *books, struct diag *reterr,
                        struct number_series_audit *ret)
{
    assert(books && ret && (books->leases || books->leases_count == 0));
    assert((books->used || books->used_count == 0) && (books->voided || books->voided_count == 0));
    if (books->first == 0) {
        diag_set(reterr, 0, "a series begins with 1 or more");
        return -EINVAL;
    }
    int err = check_leases(books, reterr);
    if (err == 0)
        err = check_used(books, reterr);
    if (err == 0)
        err = check_voided(books, reterr);
    if (err < 0)
        return err;

    struct number_series_audit audit = {.books = books, .at = books->first};
    for (size_t i = 0; i < books->leases_count; i++)
        audit.leased_last = greater(audit.leased_last, books->leases[i].last);
    audit.end = audit.leased_last;
    if (books->used_count > 0) {
        audit.at = lesser(audit.at, books->used[0]);
        audit.end = greater(audit.end, books->used[books->used_count - 1]);
    }
    if (books->voided_count > 0) {
        audit.at = lesser(audit.at, books->voided[0].number);
        audit.end = greater(audit.end, books->voided[books->voided_count - 1].number);
    }
    *ret = audit;
    return 0;
}

/* A returned tail may have been leased again: who holds the number now goes before who returned it,
 * and among those the lease that begins last, because its range lies within the other's tail. */
static bool tells_more(const struct number_series_lease *lease,
                       const struct number_series_lease *than, uint64_t number)
{
    if (!than)
        return true;
    bool holds = lease->returned == NUMBER_SERIES_NOT_RETURNED || number < lease->next;
    bool other_holds = than->returned == NUMBER_SERIES_NOT_RETURNED || number < than->next;
    return holds != other_holds ? holds : lease->first > than->first;
}

static struct stretch stretch_from(const struct number_series_audit *audit, uint64_t number)
{
    const struct number_series_books *books = audit->books;
    struct stretch s = {.last = audit->end};
    for (size_t i = 0; i < books->leases_count; i++) {
        const struct number_series_lease *lease = &books->leases[i];
        const uint64_t edges[] = {lease->first, lease->next, lease->last + 1};
        for (size_t k = 0; k < ARRAY_LEN(edges); k++)
            if (edges[k] > number)
                s.last = lesser(s.last, edges[k] - 1);
        if (number >= lease->first && number <= lease->last && tells_more(lease, s.lease, number))
            s.lease = lease;
    }
    if (number < books->first)
        s.last = lesser(s.last, books->first - 1);
    s.missed = number >= books->first && number <= audit->leased_last;
    if (!s.lease)
        s.kind = NUMBER_SERIES_NOT_LEASED;
    else if (number < s.lease->next)
        s.kind = NUMBER_SERIES_LOST;
    else if (s.lease->returned == NUMBER_SERIES_NOT_RETURNED)
        s.kind = NUMBER_SERIES_TAIL_OPEN;
    else
        s.kind = NUMBER_SERIES_TAIL_RETURNED;
    return s;
}

/* The lowest number not yet passed that is used or voided; UINT64_MAX: none. */
static uint64_t next_present(const struct number_series_audit *audit)
{
    const struct number_series_books *books = audit->books;
    uint64_t next = UINT64_MAX;
    if (audit->used_at < books->used_count)
        next = books->used[audit->used_at];
    if (audit->voided_at < books->voided_count)
        next = lesser(next, books->voided[audit->voided_at].number);
    return next;
}

/* Passes what is there of the number at which the audit stands. */
static bool pass_present(struct number_series_audit *audit, const struct stretch *s,
                         struct number_series_finding *ret)
{
    const struct number_series_books *books = audit->books;
    struct number_series_finding f = {.first = audit->at, .last = audit->at, .lease = s->lease};
    size_t uses = audit->used_at;
    size_t voids = audit->voided_at;
    while (audit->used_at < books->used_count && books->used[audit->used_at] == audit->at)
        audit->used_at++;
    while (audit->voided_at < books->voided_count &&
           books->voided[audit->voided_at].number == audit->at)
        f.reason = books->voided[audit->voided_at++].reason;
    uses = audit->used_at - uses;
    voids = audit->voided_at - voids;
    audit->at++;

    if (uses + voids > 1)
        f.kind = NUMBER_SERIES_DOUBLE;
    else if (s->kind != NUMBER_SERIES_LOST) /* where a missing number is lost, one was given out */
        f.kind = NUMBER_SERIES_STRAY;
    else if (voids > 0)
        f.kind = NUMBER_SERIES_VOIDED;
    else
        return false;
    *ret = f;
    return true;
}

/* Passes the numbers up to the next that is there, as far as the same is to be said of them: leases
 * that came back unused may lie within the range, and are no reason to tell it in pieces. */
static bool pass_missing(struct number_series_audit *audit, const struct stretch *s, uint64_t next,
                         struct number_series_finding *ret)
{
    uint64_t first = audit->at;
    uint64_t end = lesser(audit->end, next - 1);
    struct stretch more = *s;
    do {
        audit->at = lesser(more.last, end) + 1;
        if (audit->at > end)
            break;
        more = stretch_from(audit, audit->at);
    } while (more.kind == s->kind && more.lease == s->lease && more.missed == s->missed);
    if (!s->missed)
        return false;
    *ret = (struct number_series_finding){
        .kind = s->kind, .first = first, .last = audit->at - 1, .lease = s->lease};
    return true;
}

int number_series_audit_next(struct number_series_audit *audit, struct number_series_finding *ret)
{
    assert(audit && audit->books && ret);
    while (audit->at <= audit->end) {
        struct stretch s = stretch_from(audit, audit->at); /* once for all that is in order */
        while (audit->at <= s.last) {
            uint64_t next = next_present(audit);
            if (next == audit->at ? pass_present(audit, &s, ret)
                                  : pass_missing(audit, &s, next, ret))
                return 1;
        }
    }
    return 0;
}

static const struct {
    const char *name;
    bool explained;
} kinds[NUMBER_SERIES_FINDING_KIND_COUNT] = {
    [NUMBER_SERIES_VOIDED] = {"voided", true},
    [NUMBER_SERIES_TAIL_OPEN] = {"tail_open", true},
    [NUMBER_SERIES_TAIL_RETURNED] = {"tail_returned", true},
    [NUMBER_SERIES_LOST] = {"lost", false},
    [NUMBER_SERIES_NOT_LEASED] = {"not_leased", false},
    [NUMBER_SERIES_DOUBLE] = {"double", false},
    [NUMBER_SERIES_STRAY] = {"stray", false},
};

bool number_series_finding_explained(enum number_series_finding_kind kind)
{
    assert((unsigned)kind < NUMBER_SERIES_FINDING_KIND_COUNT);
    return kinds[kind].explained;
}

const char *number_series_finding_name(enum number_series_finding_kind kind)
{
    assert((unsigned)kind < NUMBER_SERIES_FINDING_KIND_COUNT);
    return kinds[kind].name;
}
