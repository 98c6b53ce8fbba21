/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever devices lease, take, void and return: a range is admitted exactly when nobody holds a
 * number of it, no number comes twice, and the audit explains all that is not used. One number
 * dropped from the books makes exactly one unexplained gap; one written twice, exactly one
 * double. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "financial_year.h"
#include "number_series.h"
#include "number_series_audit.h"

#define YEAR 2026
#define NUMBERS 200 /* few, so that ranges meet */
#define LEASES_MAX 24
#define STEP_BYTES 3

enum fate {
    FATE_NOT_TAKEN,
    FATE_USED,
    FATE_VOIDED,
};

struct world {
    struct number_series_lease leases[LEASES_MAX];
    size_t leases_count;
    bool held[NUMBERS + 1];
    enum fate fates[NUMBERS + 1];
    enum number_series_void_reason reasons[NUMBERS + 1];
};

/* One place more than there are numbers, for the double. */
struct papers {
    uint64_t used[NUMBERS + 1];
    struct number_series_voided voided[NUMBERS + 1];
    struct number_series_books books;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct number_series series_of(bool upper)
{
    return (struct number_series){
        .prefix = {upper ? 'K' : 'k', '/', '\0'}, .financial_year = YEAR, .digits = 4};
}

static void admit(struct world *w, uint64_t first, uint64_t last)
{
    struct number_series_lease lease = {
        .series = series_of(first & 1), .first = first, .last = last, .next = first, .device = "D"};
    bool is_free = true;
    for (uint64_t n = first; n <= last; n++)
        is_free &= !w->held[n];
    int err = number_series_admit(&lease, w->leases, w->leases_count, NULL);
    require((err == 0) == is_free);
    if (err < 0)
        return;
    for (uint64_t n = first; n <= last; n++)
        w->held[n] = true;
    w->leases[w->leases_count++] = lease;
}

static void admit_free(struct world *w, uint64_t from, uint64_t wanted)
{
    struct number_series series = series_of(false);
    struct number_series_range range =
        number_series_free_range(&series, from, wanted, w->leases, w->leases_count);
    for (uint64_t n = from; n < range.first && n <= NUMBERS; n++)
        require(w->held[n]); /* nothing free was passed over */
    require(range.first >= from && range.last >= range.first && range.last - range.first < wanted);
    if (range.last > NUMBERS)
        return;
    require(range.last - range.first + 1 == wanted || w->held[range.last + 1]);
    size_t before = w->leases_count;
    admit(w, range.first, range.last);
    require(w->leases_count == before + 1);
}

static void take(struct world *w, struct number_series_lease *lease, uint8_t choice)
{
    int32_t day = financial_year_first_day(YEAR) + choice; /* all within the year */
    uint64_t left = number_series_left(lease);
    uint64_t number = 0;
    require(number_series_take(lease, financial_year_last_day(YEAR) + 1 + choice, &number) < 0);
    int err = number_series_take(lease, day, &number);
    require((err == 0) == (left > 0));
    if (err < 0)
        return;
    require(w->fates[number] == FATE_NOT_TAKEN && w->held[number]);
    w->fates[number] = FATE_USED;
    struct number_series_voided voided;
    if (choice % 4 != 0)
        return;
    w->reasons[number] =
        (enum number_series_void_reason)(choice / 4 % NUMBER_SERIES_VOID_REASON_COUNT);
    require(number_series_void(lease, number, w->reasons[number], &voided) == 0);
    require(voided.number == number && voided.reason == w->reasons[number]);
    w->fates[number] = FATE_VOIDED;
}

static void give_back(struct world *w, struct number_series_lease *lease, uint8_t choice)
{
    bool returned = lease->returned != NUMBER_SERIES_NOT_RETURNED;
    int reason = 1 + choice % (NUMBER_SERIES_RETURN_REASON_COUNT - 1);
    struct number_series_range tail;
    int err = number_series_return(lease, (enum number_series_return_reason)reason, &tail);
    require((err == 0) == !returned);
    if (err < 0)
        return;
    for (uint64_t n = tail.first; n <= tail.last; n++) {
        require(w->held[n] && w->fates[n] == FATE_NOT_TAKEN);
        w->held[n] = false;
    }
}

static void step(struct world *w, const uint8_t b[STEP_BYTES])
{
    struct number_series_lease *lease =
        w->leases_count > 0 ? &w->leases[b[1] % w->leases_count] : NULL;
    uint64_t first = 1 + b[1] % NUMBERS;
    uint64_t wanted = 1 + b[2] % 32;
    bool room = w->leases_count < LEASES_MAX;
    switch (b[0] % 8) {
    case 0:
        if (room && first + wanted - 1 <= NUMBERS)
            admit(w, first, first + wanted - 1);
        return;
    case 1:
        if (room)
            admit_free(w, 1, wanted);
        return;
    case 2:
        if (lease)
            give_back(w, lease, b[2]);
        return;
    default:
        if (lease)
            take(w, lease, b[2]);
        return;
    }
}

/* Without `dropped`, and with `doubled` once more; 0 is no number. */
static void write_papers(const struct world *w, uint64_t dropped, uint64_t doubled,
                         struct papers *p)
{
    *p = (struct papers){.books = {.series = series_of(true),
                                   .first = 1,
                                   .leases = w->leases,
                                   .leases_count = w->leases_count,
                                   .used = p->used,
                                   .voided = p->voided}};
    for (uint64_t n = 1; n <= NUMBERS; n++) {
        if (w->fates[n] == FATE_USED && n != dropped)
            p->used[p->books.used_count++] = n;
        if (w->fates[n] == FATE_VOIDED && n != dropped)
            p->voided[p->books.voided_count++] =
                (struct number_series_voided){.number = n, .reason = w->reasons[n]};
        if (n == doubled)
            p->used[p->books.used_count++] = n;
    }
}

static void check_finding(const struct world *w, const struct number_series_finding *f,
                          uint64_t wrong, enum number_series_finding_kind wrong_kind)
{
    for (uint64_t n = f->first; n <= f->last; n++) {
        if (n == wrong)
            require(f->kind == wrong_kind && f->first == f->last);
        else if (w->fates[n] == FATE_VOIDED)
            require(f->kind == NUMBER_SERIES_VOIDED && f->reason == w->reasons[n]);
        else if (w->held[n])
            require(f->kind == NUMBER_SERIES_TAIL_OPEN);
        else
            require(f->kind == NUMBER_SERIES_TAIL_RETURNED || f->kind == NUMBER_SERIES_NOT_LEASED);
        require(n == wrong || w->fates[n] != FATE_USED);
        require((f->kind == NUMBER_SERIES_NOT_LEASED) == !f->lease);
        require(!f->lease || (n >= f->lease->first && n <= f->lease->last));
    }
}

/* Whether two findings should have been one. */
static bool one_gap(const struct number_series_finding *a, const struct number_series_finding *b)
{
    return a->last + 1 == b->first && a->kind == b->kind && a->lease == b->lease &&
           a->kind != NUMBER_SERIES_VOIDED;
}

/* Each number that is not in order stands in one finding, and they ascend. `wrong`, if any, stands
 * in one of its own. */
static void check_audit(const struct world *w, uint64_t dropped, uint64_t doubled)
{
    struct papers p;
    write_papers(w, dropped, doubled, &p);
    struct number_series_audit audit;
    require(number_series_audit(&p.books, NULL, &audit) == 0);
    uint64_t wrong = dropped + doubled; /* one of them is 0 */
    uint64_t at = 1;
    struct number_series_finding f;
    struct number_series_finding before = {0};
    bool seen = false;
    while (number_series_audit_next(&audit, &f) == 1) {
        require(f.first >= at && f.last >= f.first && f.last <= NUMBERS);
        for (; at < f.first; at++)
            require(w->fates[at] == FATE_USED && at != wrong);
        check_finding(w, &f, wrong, dropped ? NUMBER_SERIES_LOST : NUMBER_SERIES_DOUBLE);
        require(!one_gap(&before, &f));
        before = f;
        seen |= f.first == wrong;
        at = f.last + 1;
    }
    for (; at <= NUMBERS; at++)
        require(!w->held[at] || (w->fates[at] == FATE_USED && at != wrong));
    require(seen == (wrong != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world w = {0};
    for (size_t at = 1; at + STEP_BYTES <= size; at += STEP_BYTES)
        step(&w, data + at);
    check_audit(&w, 0, 0);
    for (uint64_t i = 0; i < NUMBERS && size > 0; i++) {
        uint64_t n = 1 + (data[0] + i) % NUMBERS;
        if (w.fates[n] == FATE_NOT_TAKEN)
            continue;
        check_audit(&w, n, 0);
        check_audit(&w, 0, n);
        break;
    }
    return 0;
}
